"""Why an upload is not taken, by code, as a sentence that says what to do; checks name codes, pages show sentences.

The codes come from `inspecting` (which runs apart and knows no languages), from `uploads` and from `scanning`.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from motcua.files.kinds import MEDIA_TYPES
from motcua.files.store import NotStoredError


class UploadRefusedError(NotStoredError):
    """An upload that is not taken: its code, and the sentence for the person who sent it."""

    def __init__(self, code: str, told: Mapping[str, Any] | None = None) -> None:
        self.code, self.told = code, dict(told or {})
        super().__init__(sentence(code, self.told))


class StillCheckingError(NotStoredError):
    """An upload that is whole but not yet checked; it is kept and may be asked for again."""

    def __init__(self) -> None:
        super().__init__(_("Tệp đã đến nơi và đang được kiểm tra. Hãy đợi một lát rồi thử lại; không cần gửi lại tệp."))


def sentence(code: str, told: Mapping[str, Any]) -> str:
    """The sentence for `code` in the reader's language; an unknown code is said plainly, too."""
    said = _sentences().get(code) or _("Không nhận được tệp này. Hãy thử một tệp khác.")
    values = {key: _spoken(key, value) for key, value in told.items()}
    try:
        return said % values
    except (KeyError, ValueError):
        return said


def _spoken(key: str, value: Any) -> Any:
    return MEDIA_TYPES[value][1] if key in ("is", "says") and value in MEDIA_TYPES else value


def _sentences() -> dict[str, str]:
    return _sizes() | _pictures() | _documents()


def _sizes() -> dict[str, str]:
    return {
        "empty": _("Tệp rỗng (0 byte). Hãy mở tệp trên máy xem có nội dung không, rồi chọn lại."),
        "too_large": _("Tệp lớn hơn %(limit)s MB. Hãy chụp hoặc quét lại với cỡ nhỏ hơn."),
        "bundle_full": _("Hồ sơ này đã có quá nhiều tệp hoặc quá nặng. Hãy bỏ bớt tệp không cần."),
        "person_full": _("Bạn đang có quá nhiều tệp chưa nộp. Hãy nộp hoặc bỏ bớt hồ sơ nháp rồi gửi tiếp."),
        "too_many_today": _("Hôm nay bạn đã gửi quá nhiều tệp. Ngày mai bạn gửi tiếp được."),
        "disk_full": _("Máy chủ hết chỗ chứa. Tệp của bạn chưa mất; hãy thử lại sau ít phút."),
        "lost": _("Phần đã gửi không còn trên máy chủ. Hãy gửi lại tệp này."),
        "not_whole": _("Tệp chưa gửi xong."),
        "too_hard": _("Tệp quá phức tạp nên không xử lý được. Hãy chụp hoặc quét lại với cỡ nhỏ hơn."),
        "virus": _("Tệp có mã độc (%(name)s) nên không nhận. Hãy quét máy của bạn rồi gửi tệp khác."),
        "too_large_to_scan": _("Tệp quá lớn để quét mã độc. Hãy gửi một tệp nhỏ hơn."),
    }


def _pictures() -> dict[str, str]:
    return {
        "not_accepted": _("Chỉ nhận tệp PDF hoặc ảnh (JPEG, PNG, WebP, TIFF, HEIC). Tệp này không phải loại đó."),
        "lies": _("Tệp nói là %(says)s nhưng bên trong không phải. Hãy chọn đúng tệp PDF hoặc ảnh."),
        "lies_known": _("Tệp nói là %(says)s nhưng bên trong là %(is)s. Hãy đổi tên cho đúng hoặc chọn tệp khác."),
        "picture_broken": _("Không mở được ảnh: tệp bị hỏng hoặc chưa tải hết. Hãy chụp hoặc chọn lại."),
        "too_many_pixels": _("Ảnh quá lớn (%(pixels)s triệu điểm ảnh, nhiều nhất %(limit)s). Hãy chụp với cỡ nhỏ hơn."),
        "too_many_pages": _("Tệp có %(pages)s trang, nhiều nhất %(limit)s. Hãy chia thành nhiều tệp."),
    }


def _documents() -> dict[str, str]:
    return {
        "pdf_encrypted": _("Tệp PDF có mật khẩu. Hãy lưu lại không mật khẩu rồi gửi."),
        "pdf_broken": _("Tệp PDF bị hỏng. Hãy mở trên máy của bạn, in ra PDF mới rồi gửi lại."),
        "pdf_no_pages": _("Tệp PDF không có trang nào."),
        "pdf_bomb": _("Tệp PDF phình quá lớn khi mở. Hãy in ra PDF mới hoặc quét lại giấy."),
        "pdf_xfa": _("Tệp PDF là biểu mẫu động (XFA), mỗi máy hiện một khác. Hãy in ra PDF mới rồi gửi lại."),
        "pdf_tail": _("Tệp PDF có thứ khác gắn ở cuối. Hãy in ra PDF mới rồi gửi lại."),
        "pdf_signed_active": _(
            "Tệp PDF đã ký số nhưng có phần tự chạy hoặc tệp đính kèm; bỏ đi thì hỏng chữ ký. Hãy xin bản khác."
        ),
    }
