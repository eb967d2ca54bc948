"""Why something about an account is refused, in both languages, with the ground in law where there is one."""

from typing import Any

from motcua.law.refusal import Refusal
from motcua.law.texts import Text

_RULES: dict[str, tuple[str, str, str]] = {
    "too_often": (
        "Đã thử quá nhiều lần. Hãy chờ {minutes} phút rồi thử lại.",
        "Tried too often. Wait {minutes} minutes and try again.",
        "",
    ),
    "cannot_send": (
        "Thành phố này chưa gửi được mã qua tin nhắn hay thư. Hãy đến quầy Một cửa, hoặc dùng định danh điện tử.",
        "This city cannot send codes yet. Come to a one-stop counter, or use your electronic identity.",
        "",
    ),
    "code_wrong": (
        "Mã không đúng hoặc đã hết hạn. Hãy xem lại mã, hoặc lấy mã mới.",
        "The code is wrong or has expired. Look again, or ask for a new one.",
        "",
    ),
    "contact_invalid": (
        "Hãy ghi một số điện thoại di động Việt Nam hoặc một địa chỉ thư điện tử.",
        "Give a Vietnamese mobile number or an e-mail address.",
        "",
    ),
    "contact_taken": (
        "Vừa có tài khoản khác xác nhận số hoặc địa chỉ này. Hãy dùng số hoặc địa chỉ khác.",
        "Another account has just proven this phone or address. Use another one.",
        "",
    ),
    "contact_last": (
        "Đây là cách liên lạc duy nhất của tài khoản; hãy thêm cách khác trước khi bỏ.",
        "This is the account's only contact; add another before you remove it.",
        "",
    ),
    "password_wrong": ("Mật khẩu hiện nay không đúng.", "The present password is wrong.", ""),
    "number_invalid": (
        "Số định danh cá nhân có 12 chữ số.",
        "A personal number has 12 digits.",
        "Luật Căn cước 26/2023/QH15, Điều 12",
    ),
    "tax_code_invalid": (
        "Mã số thuế không đúng: có 10 chữ số, hoặc 13 chữ số với chi nhánh.",
        "The tax code is wrong: it has 10 digits, or 13 for a branch.",
        "",
    ),
    "number_taken": (
        "Số này đã gắn với một tài khoản khác đã định danh. Mỗi người một tài khoản mức 2.",
        "Another proven account has this number. One person has one account of level 2.",
        "Nghị định 69/2024/NĐ-CP",
    ),
    "proven_already": (
        "Tài khoản này đã ở mức 2 với một số khác.",
        "This account is already proven, with another number.",
        "",
    ),
    "counter_code_wrong": (
        "Không có tài khoản nào đang đưa ra mã này. Người dân lấy mã mới ở trang Tài khoản › Định danh.",
        "No account shows this code. The resident gets a new one under Account › Identity.",
        "",
    ),
    "card_unchecked": (
        "Hãy xác nhận đã đối chiếu thẻ với người đứng trước quầy.",
        "Confirm that you compared the card with the person before you.",
        "Nghị định 69/2024/NĐ-CP",
    ),
    "register_differs": (
        "Cơ sở dữ liệu dân cư ghi số này là của người khác tên hoặc khác ngày sinh. Hãy xem lại từng chữ số; nếu thẻ "
        "đúng, lập hồ sơ đính chính trước.",
        "The population register has this number under another name or birth date. Check each digit; if the card is "
        "right, open a correction dossier first.",
        "Luật Căn cước 26/2023/QH15, Điều 12",
    ),
    "own_identity": (
        "Không ai tự xác nhận danh tính của mình; hãy nhờ đồng nghiệp.",
        "Nobody proves their own identity; ask a colleague.",
        "",
    ),
    "not_at_a_counter": (
        "Việc này thuộc người tiếp nhận ở quầy Một cửa.",
        "This belongs to who receives people at a one-stop counter.",
        "",
    ),
    "level_two_needed": (
        "Cần tài khoản mức 2 để làm thay hoặc để người khác làm thay.",
        "Acting for others, or letting others act, needs an account of level 2.",
        "Nghị định 69/2024/NĐ-CP",
    ),
    "for_oneself": ("Không cần ủy quyền cho chính mình.", "Nobody needs authority for themselves.", ""),
    "dates_reversed": ("Ngày kết thúc trước ngày bắt đầu.", "The last day is before the first.", ""),
    "document_missing": (
        "Hãy ghi số và ngày của giấy tờ làm căn cứ.",
        "Give number and date of the document it rests on.",
        "Bộ luật Dân sự 2015, Điều 135",
    ),
    "held_already": (
        "Đã có thẩm quyền như vậy đang còn hiệu lực.",
        "The same authority already stands.",
        "",
    ),
    "not_yours": ("Bạn không thu hồi được thẩm quyền này.", "You cannot revoke this authority.", ""),
    "ended_already": ("Thẩm quyền này đã hết.", "This authority has already ended.", ""),
    "procedure_unknown": ("Không có thủ tục mã {procedure}.", "There is no procedure {procedure}.", ""),
    "no_register": (
        "Cơ sở dữ liệu dân cư chưa có bạn; hãy mang giấy khai sinh của con đến quầy Một cửa.",
        "The population register does not know you yet; bring the birth certificate to a counter.",
        "",
    ),
    "identity_differs": (
        "Định danh điện tử vừa dùng là của số khác với số đã gắn với tài khoản này.",
        "The identity just used belongs to another number than this account's.",
        "",
    ),
    "identity_elsewhere": (
        "Định danh điện tử này đã gắn với một tài khoản khác. Hãy thoát và đăng nhập bằng chính định danh đó.",
        "This identity belongs to another account. Sign out and sign in with it.",
        "",
    ),
    "identity_closed": (
        "Tài khoản gắn với định danh này đã ngừng dùng.",
        "The account of this identity is closed.",
        "",
    ),
    "identity_unsafe": (
        "Câu trả lời của nơi định danh không khớp với yêu cầu. Hãy bắt đầu lại từ trang đăng nhập.",
        "The identity provider's answer does not belong to your request. Begin again from the sign-in page.",
        "",
    ),
}


def refusal(code: str, **details: Any) -> Refusal:
    """The refusal `code` with its words filled in. Raises KeyError for a code that has no words."""
    vi, en, ground = _RULES[code]
    return Refusal(code, Text(vi.format_map(details), en.format_map(details)), ground, details)


def too_often(wait: int) -> Refusal:
    """Refused because it was tried too often; `wait` in seconds."""
    return refusal("too_often", minutes=max(1, -(-wait // 60)))
