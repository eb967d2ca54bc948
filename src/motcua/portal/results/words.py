"""What is said about a checked result: one plain answer, and what it rests on. Judging is left to `checking`."""

from typing import Any

from django.utils.translation import gettext as _

from motcua.papers.results.checking import Verdict
from motcua.papers.results.examine import Finding, Signature


def answer(verdict: Verdict) -> dict[str, str]:
    """The answer in one line, what to make of it, and how it looks (a kind of notice)."""
    if verdict.successor is not None and verdict.kind in ("genuine", "on_record", "other_file"):
        return _said(
            "warning",
            _("Đã được thay bằng bản khác"),
            _("Cơ quan đã ban hành văn bản này rồi đính chính. Bản này không còn dùng được; hãy dùng bản thay thế."),
        )
    return _ANSWERS[verdict.kind]()


def _said(kind: str, title: str, text: str) -> dict[str, str]:
    return {"kind": kind, "title": title, "text": text}


_ANSWERS = {
    "genuine": lambda: _said("success", _("Tệp này là thật"),
        _("Từng byte của tệp đúng như bản cơ quan đã ký và ban hành. Không có gì bị thêm, bớt hay sửa.")),
    "on_record": lambda: _said("info", _("Mã này là của một văn bản đã ban hành"),
        _("Hãy so từng dòng dưới đây với bản bạn đang cầm. Chắc chắn nhất là kiểm tra chính tệp PDF.")),
    "altered": lambda: _said("danger", _("Tệp này không phải bản đã ban hành"),
        _("Tệp tự nhận là văn bản mang mã dưới đây nhưng nội dung đã bị sửa, hoặc là tệp khác mượn mã. Đừng dùng.")),
    "other_file": lambda: _said("warning", _("Tệp thật, nhưng không phải văn bản của mã này"),
        _("Tệp là một kết quả đã ban hành, song mang mã khác với mã bạn so.")),
    "elsewhere": lambda: _said("warning", _("Không phải văn bản do hệ thống này ban hành"),
        _("Tệp có chữ ký số nhưng thành phố không ban hành tệp này. Hãy hỏi nơi có tên trong chữ ký.")),
    "unknown": lambda: _said("warning", _("Không tìm thấy"),
        _("Tệp không có chữ ký số và không phải kết quả do hệ thống này ban hành.")),
    "unreadable": lambda: _said("danger", _("Không đọc được tệp"),
        _("Đây không phải tệp PDF, hoặc tệp bị hỏng. Hãy tải lại tệp từ nơi đã nhận rồi thử lại.")),
    "damaged": lambda: _said("danger", _("Chưa trả lời được"),
        _("Bản ghi của chúng tôi về văn bản này không khớp nhau. Đừng tin tệp cho tới khi cơ quan trả lời; "
          "chúng tôi đã được báo.")),
}  # fmt: skip


def signatures(finding: Finding | None) -> list[dict[str, Any]]:
    """Each signature in the file, and what is wrong with it in words."""
    return [
        {
            "signer": each.signer,
            "organisation": each.organisation if each.organisation != each.signer else "",
            "at": each.stamped_at,
            "holds": each.holds,
            "faults": _faults(each),
            "revoked_at": each.revoked_at,
        }
        for each in (finding.signatures if finding else ())
    ]


def _faults(each: Signature) -> list[str]:
    found = []
    if not each.intact:
        found.append(_("Nội dung đã bị sửa sau khi ký."))
    if not each.whole:
        found.append(_("Chữ ký không bao trọn tệp: có phần được thêm vào sau khi ký."))
    if each.intact and not each.trusted:
        found.append(
            _("Chứng thư đã bị thu hồi trước khi ký.") if each.revoked_at else _("Không rõ ai đứng sau chứng thư này.")
        )
    if each.stamped_at is None:
        found.append(_("Không có dấu thời gian tin được: không rõ ký lúc nào."))
    return found


def masked(name: str) -> str:
    """`Nguyễn Thị Ánh Tuyết` as `N… T… Á… Tuyết`: enough to recognise, too little to find somebody by."""
    parts = name.split()
    return " ".join([*(f"{part[0]}…" for part in parts[:-1]), *parts[-1:]])


def too_large(limit: int) -> str:
    """The sentence for a file that is empty or larger than `limit` bytes."""
    return _("Tệp phải có nội dung và không quá %(limit)d MB.") % {"limit": limit // (1024 * 1024)}
