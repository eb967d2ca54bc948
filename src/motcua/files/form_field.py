"""What the question "hand in this paper" shows: the files already sent for it, how far each is, and its words.

Markup is in `templates/files/`, the going-on over broken lines in `static/files/upload.js`. Reading what a form
brings is left to `intake.from_form`.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.files import parts, uploads
from motcua.files.models import CHECKING, READY, RECEIVING, REFUSED, Upload
from motcua.files.refusals import sentence

MB = 1024 * 1024
ACCEPT = "application/pdf,image/jpeg,image/png,image/webp,image/tiff,image/heic,image/heif,.pdf,.heic,.heif"
ICONS = {RECEIVING: "upload", CHECKING: "hourglass", READY: "circle-check", REFUSED: "circle-x"}


def field_of(
    account: int, bundle: str, name: str, *, label: Any = "", hint: Any = "", required: bool = False,
    errors: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """The question `name` of the draft `bundle`, as `files/upload_field.html` shows it."""
    items = [item_of(each) for each in uploads.of_bundle(account, bundle, name)]
    element_id = f"f-{name}"
    return {
        "id": element_id, "name": name, "label": label, "bundle": bundle, "required": required,
        "hint": hint or _("Ảnh chụp hoặc tệp PDF, mỗi tệp nhiều nhất %(limit)s MB. Chụp đủ bốn góc, đọc rõ chữ.")
        % {"limit": settings.MOTCUA_UPLOAD_LARGEST // MB},
        "errors": list(errors), "items": items, "accept": ACCEPT, "endpoint": reverse("files:tus"),
        "join": reverse("files:join"), "largest": settings.MOTCUA_UPLOAD_LARGEST, "account": account,
        "words": json.dumps(_script_words(), ensure_ascii=False),
        "described_by": f"{element_id}-hint" + (f" {element_id}-error" if errors else ""),
    }  # fmt: skip


def item_of(upload: Upload) -> dict[str, Any]:
    """One upload as the list shows it."""
    is_ready = upload.state == READY
    pictures = range(1, len(upload.previews) + 1) if is_ready else ()
    return {
        "id": str(upload.pk), "state": upload.state, "icon": ICONS.get(upload.state, "file-text"),
        "name": upload.name or _("Tệp"), "words": _words(upload), "digest": upload.digest if is_ready else "",
        "is_picture": is_ready and upload.original_media != "application/pdf",
        "pdf": reverse("files:pdf", args=[upload.pk]) if is_ready else "",
        "status": reverse("files:status", args=[upload.pk]),
        "address": reverse("files:upload", args=[upload.pk]),
        "pictures": [(number, reverse("files:page", args=[upload.pk, number])) for number in pictures],
        "unseen": max(upload.pages - len(upload.previews), 0) if is_ready else 0,
        "removed": _removed(upload) if is_ready else "",
    }  # fmt: skip


def megabytes(size: int) -> str:
    """A size as people say it: `1,2 MB`, never 0."""
    return f"{number_format(max(size / MB, 0.1), 1)} MB"


def _words(upload: Upload) -> str:
    if upload.state == READY:
        pages = ngettext("%(n)s trang", "%(n)s trang", upload.pages) % {"n": upload.pages}
        return _("Đã nhận: %(pages)s, %(size)s") % {"pages": pages, "size": megabytes(upload.size)}
    if upload.state == REFUSED:
        return sentence(upload.reason, upload.told)
    if upload.state == CHECKING:
        return _("Đã gửi xong, đang kiểm tra. Bạn có thể làm tiếp phần khác.")
    there = parts.offset(upload.pk) or 0
    return _("Mới gửi được %(there)s trong %(whole)s. Hãy chọn lại đúng tệp này để gửi tiếp phần còn lại.") % {
        "there": megabytes(there) if there else "0 MB", "whole": megabytes(upload.length),
    }  # fmt: skip


def _removed(upload: Upload) -> str:
    removed = upload.told.get("removed") or ()
    said = {
        "javascript": _("mã tự chạy"), "action": _("lệnh tự chạy"), "attachment": _("tệp đính kèm"),
        "media": _("phim, âm thanh"),
    }  # fmt: skip
    names = ", ".join(said.get(each, each) for each in removed)
    return _("Đã bỏ khỏi tệp: %(what)s. Các trang giữ nguyên.") % {"what": names} if names else ""


def _script_words() -> dict[str, str]:
    """What the script says; {n} and the like are filled in there."""
    return {
        "waiting": _("Chờ đến lượt"),
        "sending": _("Đã gửi {there} trong {whole}"),
        "lost": _("Mất mạng. Phần đã gửi vẫn còn ({there}); có mạng lại sẽ tự gửi tiếp."),
        "again": _("Đường truyền chậm, đang thử lại. Phần đã gửi vẫn còn ({there})."),
        "checking": _("Đã gửi xong, đang kiểm tra tệp"),
        "checking_long": _("Đã gửi xong, còn chờ kiểm tra. Bạn có thể làm tiếp; tệp vẫn được giữ."),
        "too_large": _("Tệp nặng {size}, nhiều nhất {limit}. Hãy chụp hoặc quét lại với cỡ nhỏ hơn."),
        "empty": _("Tệp rỗng (0 byte). Hãy mở tệp trên máy xem có nội dung không, rồi chọn lại."),
        "failed": _("Chưa gửi được tệp này."),
        "signed_out": _(
            "Bạn đã hết phiên đăng nhập. Hãy mở trang đăng nhập ở cửa sổ khác, rồi bấm Thử lại; phần đã gửi vẫn còn."
        ),
        "retry": _("Thử lại"),
        "remove": _("Bỏ"),
        "removed": _("Đã bỏ {name}"),
        "cannot_remove": _("Chưa bỏ được tệp. Hãy thử lại."),
        "half": _("{name}: đã gửi {percent}%"),
        "done": _("{name}: đã nhận"),
        "wait_first": _("Tệp chưa gửi xong. Hãy đợi một lát, hoặc bỏ tệp đó, rồi tiếp tục."),
        "joining": _("Đang ghép ảnh"),
        "again_same": _("Tệp này đã chọn rồi."),
    }
