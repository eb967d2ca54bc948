"""Why a list could not be made, in words for who ordered it; and what its formats are called."""

from motcua.law.texts import Text

REASONS: dict[str, Text] = {
    "no_right": Text(
        "Vị trí công tác của bạn không còn xem được số liệu này.", "Your post no longer lets you see these figures."
    ),
    "bad_parameters": Text(
        "Điều kiện lọc không còn đúng, ví dụ cơ quan đã đổi mã. Hãy đặt lại từ trang số liệu.",
        "What it was narrowed to no longer exists, such as an agency's code. Order it again from its page.",
    ),
    "unknown_kind": Text("Hệ thống không còn lập danh sách này.", "This list is no longer made here."),
    "too_long": Text(
        "Danh sách quá dài cho bản PDF. Hãy chọn Excel hoặc CSV.", "The list is too long for PDF. Choose Excel or CSV."
    ),
    "no_space": Text(
        "Ổ đĩa của máy chủ không ghi được. Hãy báo người vận hành.",
        "The server's disk could not be written. Tell the operator.",
    ),
    "source": Text(
        "Số liệu đọc giữa chừng thì lỗi, nên không có tệp nào. Hãy báo người vận hành.",
        "Reading the figures failed half-way, so there is no file. Tell the operator.",
    ),
    "given_up": Text(
        "Máy chủ đã dừng nhiều lần khi đang lập danh sách. Hãy thu hẹp điều kiện lọc rồi đặt lại.",
        "The server stopped several times while making it. Narrow the list and order it again.",
    ),
}
FORMAT_NAMES = {"xlsx": "Excel", "csv": "CSV", "pdf": "PDF"}
