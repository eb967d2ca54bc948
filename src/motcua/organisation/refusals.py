"""Why an appointment or a delegation is refused, in both languages, with the ground in law where there is one."""

from typing import Any

from motcua.law.refusal import Refusal
from motcua.law.texts import Text

_RULES: dict[str, tuple[str, str, str]] = {
    "not_your_agency": (
        "Bạn không quản trị {agency}; việc này thuộc quản trị tổ chức ở đó hoặc cấp trên.",
        "You do not administer {agency}; this belongs to its organisation administrator or the one above.",
        "",
    ),
    "account_unknown": ("Không có tài khoản số {account}.", "There is no account number {account}.", ""),
    "account_closed": (
        "Tài khoản của {account} đã đóng; hãy mở lại trước.",
        "The account of {account} is closed; open it first.",
        "",
    ),
    "account_residents": (
        "Đây là tài khoản người dân; cán bộ làm việc bằng tài khoản do đơn vị cấp.",
        "This is a resident's account; officials work with an account given by their agency.",
        "",
    ),
    "agency_unknown": ("Không có cơ quan số {agency}.", "There is no agency number {agency}.", ""),
    "agency_not_valid": (
        "{agency} không tồn tại trong toàn bộ thời gian từ {from} đến {to}.",
        "{agency} does not exist on all days from {from} to {to}.",
        "",
    ),
    "role_unknown": ("Không có vai trò “{role}”.", "There is no role “{role}”.", ""),
    "role_not_here": (
        "{agency} không có vai trò “{role}”; vai trò này chỉ có ở cấp khác.",
        "{agency} has no role “{role}”; it exists at other tiers.",
        "",
    ),
    "dates_reversed": (
        "Ngày kết thúc {to} trước ngày bắt đầu {from}.",
        "The last day {to} is before the first day {from}.",
        "",
    ),
    "own_post": (
        "Không ai được tự bổ nhiệm mình; hãy nhờ quản trị cấp trên.",
        "Nobody appoints themselves; ask the administrator above.",
        "",
    ),
    "held_already": (
        "{account} đã giữ vai trò “{role}” ở {agency} trong thời gian này.",
        "{account} already holds the role “{role}” at {agency} during these days.",
        "",
    ),
    "not_found": ("Không có mục số {number}.", "There is no entry number {number}.", ""),
    "ended_already": ("Đã kết thúc ngày {to}.", "It already ended on {to}.", ""),
    "backdated": (
        "Không thể ghi lùi về {day}: việc đã làm khi còn hiệu lực vẫn có giá trị.",
        "{day} is in the past: what was done while it held stands.",
        "Decree 61/2018, art. 5",
    ),
    "giver_not_appointed": (
        "{account} không giữ vai trò “{role}” ở {agency} theo bổ nhiệm trong suốt thời gian này.",
        "{account} is not appointed to the role “{role}” at {agency} for all of these days.",
        "Law on organisation of local government 2015, art. 14",
    ),
    "not_delegated_further": (
        "{account} giữ vai trò này do được ủy quyền; người được ủy quyền không được ủy quyền tiếp.",
        "{account} holds this role by delegation; what is delegated is not delegated further.",
        "Law on organisation of local government 2015, art. 14",
    ),
    "receiver_outside": (
        "{account} không công tác tại {agency} hoặc đơn vị thuộc cơ quan này trong thời gian đó.",
        "{account} does not work at {agency} or a unit below it during these days.",
        "Law on organisation of local government 2015, art. 14",
    ),
    "to_oneself": ("Không thể ủy quyền cho chính mình.", "Nobody delegates to themselves.", ""),
    "reason_missing": ("Hãy ghi lý do ủy quyền.", "State the reason for the delegation.", ""),
    "delegated_already": (
        "Đã có ủy quyền này trong thời gian trùng nhau.",
        "The same delegation already stands for some of these days.",
        "",
    ),
}


def refusal(code: str, **details: Any) -> Refusal:
    """The refusal `code` with its words filled in. Raises KeyError for a code that has no words."""
    vi, en, ground = _RULES[code]
    shown = {name: "…" if value is None else value for name, value in details.items()}
    return Refusal(code, Text(vi.format_map(shown), en.format_map(shown)), ground, details)
