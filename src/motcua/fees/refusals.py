"""What the room of money refuses, in both languages. What a dossier refuses is said by the law."""

from typing import Any

from motcua.law.refusal import Refusal
from motcua.law.texts import Text

_TEXTS: dict[str, tuple[str, str]] = {
    "nothing_owed": ("Không còn khoản nào phải nộp.", "Nothing is left to be paid."),
    "key_mismatch": (
        "Yêu cầu này đã dùng cho một lần thanh toán khác. Hãy mở lại trang và bấm lại.",
        "This request was used for another payment. Open the page again and press once more.",
    ),
    "no_provider": (
        "Cách thanh toán này hiện không dùng được. Hãy chọn cách khác.",
        "This way of paying is not available now. Choose another.",
    ),
    "held_back": (
        "Đã nhận {held} đồng, đang chờ đối chiếu. Chỉ cần nộp phần còn thiếu.",
        "{held} đồng have come in and wait to be matched. Only the rest is to be paid.",
    ),
    "drawer_closed": (
        "Két của bạn hôm nay đã khóa. Khoản thu sau giờ khóa ghi vào ngày mai.",
        "Your drawer is closed for today. What is taken after closing belongs to tomorrow.",
    ),
    "not_cashier": ("Việc này thuộc cán bộ Một cửa của nơi nhận hồ sơ.", "This is the counter's of the agency."),
    "not_head": (
        "Hủy biên lai, hoàn phí do người phụ trách bộ phận Một cửa quyết định.",
        "Cancelling a receipt and refunding is decided by the head of the one-stop unit.",
    ),
    "reason_needed": ("Cần nêu lý do cụ thể.", "A reason is needed."),
    "already_cancelled": ("Biên lai này đã hủy trước đó.", "This receipt was cancelled before."),
    "already_refunded": ("Khoản này đã hoàn.", "This money was given back."),
    "too_much_back": (
        "Không thể hoàn nhiều hơn số đã thu ({most} đồng).",
        "No more can be given back than was paid ({most} đồng).",
    ),
    "already_closed": (
        "Kỳ này đã khóa. Sai sót tìm thấy sau được ghi bằng bút toán mới, không mở lại.",
        "This period is closed. What is found later is recorded anew; it is not opened again.",
    ),
    "not_yet": ("Chưa hết kỳ, chưa khóa được.", "The period has not ended; it cannot be closed yet."),
    "difference_words": (
        "Số đếm lệch {difference} đồng so với sổ: hãy ghi lý do.",
        "The count differs by {difference} đồng from the books: say why.",
    ),
    "not_matching": ("Mã thanh toán không đúng hoặc không thuộc cơ quan này.", "No such reference at this agency."),
    "nothing_held": ("Khoản này không còn chờ đối chiếu.", "This money no longer waits to be matched."),
    "not_enough_cash": ("Két chỉ còn {most} đồng.", "There are only {most} đồng in the drawer."),
}


def refuse(code: str, **details: Any) -> Refusal:
    """The refusal `code` with the figures its text speaks of."""
    vi, en = _TEXTS[code]
    return Refusal(code=code, text=Text(vi=vi.format(**details), en=en.format(**details)), details=details)
