"""The tus protocol 1.0.0: uploads in parts that go on where they were cut off, for any tus client.

Core, creation, creation-with-upload, termination, checksum and expiration. `view(authenticate=...)` makes a view
for any way of signing in; the address it is mounted at is the one it hands out. The site's own mount signs in by
session, which a foreign page cannot use: every request needs the header `Tus-Resumable`, which no form can send,
and a browser that names another origin is refused. What becomes of the bytes is left to `uploads` and `intake`.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from motcua.files import parts, uploads
from motcua.files.body import Body, BusyError, turns
from motcua.files.models import CHECKING, GONE, READY, RECEIVING, Upload
from motcua.files.refusals import UploadRefusedError

Authenticate = Callable[[HttpRequest], int | HttpResponse | None]
View = Callable[..., HttpResponse]

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,checksum,expiration"
ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "md5": hashlib.md5}
CONTENT = "application/offset+octet-stream"
CHECKSUM_MISMATCH = 460
LONGEST_METADATA = 4096
# The line that was just cut may still hold the part for a moment.
WAIT_FOR_LOCK = 1.5
STATUS_OF = {
    "too_large": 413, "bundle_full": 413, "person_full": 413, "too_many_today": 429, "disk_full": 507,
}  # fmt: skip


class _Answered(Exception):  # noqa: N818 - an answer on its way out, no fault
    """The answer to a request that is not as the protocol wants it."""

    def __init__(self, status: int, words: str = "", **headers: str) -> None:
        super().__init__(words)
        self.status, self.words, self.headers = status, words, headers


def by_session(request: HttpRequest) -> int | HttpResponse | None:
    """The signed-in account, for requests of our own pages only."""
    if request.method not in ("HEAD", "OPTIONS") and _is_foreign(request):
        return HttpResponse(_("Yêu cầu này đến từ trang khác."), status=403, content_type="text/plain; charset=utf-8")
    return request.user.pk if request.user.is_authenticated else None


def _is_foreign(request: HttpRequest) -> bool:
    """True when the browser says so, or another method would be used under a disguise that forms can wear."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    ours = {f"{request.scheme}://{request.get_host()}", settings.MOTCUA_BASE_URL}
    return site not in ("same-origin", "none") or (origin is not None and origin not in ours)


def view(authenticate: Authenticate = by_session, needs: tuple[str, ...] = ("signed_in",)) -> View:
    """A view for the collection and, with `upload`, for one upload below it.

    `authenticate` answers with the account's number, None (401), or an answer of its own. A way of signing in by
    a header of its own (bearer) needs no further defence; one by cookie must refuse other origins, as ours does.
    """

    @csrf_exempt
    def tus(request: HttpRequest, upload: UUID | None = None) -> HttpResponse:
        try:
            answer = _answer(request, upload, authenticate)
        except _Answered as said:
            answer = HttpResponse(said.words, status=said.status, content_type="text/plain; charset=utf-8")
            for name, value in said.headers.items():
                answer[name.replace("_", "-")] = value
        answer["Tus-Resumable"] = VERSION
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "no-store"
        return answer

    tus.needs = needs  # type: ignore[attr-defined]
    return tus


def _answer(request: HttpRequest, upload: UUID | None, authenticate: Authenticate) -> HttpResponse:
    method = request.method or ""
    if method == "POST":
        method = request.headers.get("X-HTTP-Method-Override", method).upper()
    if method == "OPTIONS":
        return _options()
    if request.headers.get("Tus-Resumable") != VERSION:
        raise _Answered(412, "Tus-Resumable: 1.0.0", Tus_Version=VERSION)
    who = authenticate(request)
    if isinstance(who, HttpResponse):
        return who
    if who is None:
        raise _Answered(401, _("Hãy đăng nhập lại rồi gửi tiếp; phần đã gửi vẫn còn."))
    if upload is None:
        if method != "POST":
            raise _Answered(405, Allow="POST, OPTIONS")
        return _create(request, who)
    acts = {"HEAD": _head, "PATCH": _patch, "DELETE": _delete}
    if method not in acts:
        raise _Answered(405, Allow="HEAD, PATCH, DELETE, OPTIONS")
    found = uploads.find(upload, who)
    if found is None:
        raise _Answered(404)
    if found.state == GONE:
        raise _Answered(410)
    return acts[method](request, found)


def _options() -> HttpResponse:
    answer = HttpResponse(status=204)
    answer["Tus-Version"] = VERSION
    answer["Tus-Extension"] = EXTENSIONS
    answer["Tus-Max-Size"] = str(settings.MOTCUA_UPLOAD_LARGEST)
    answer["Tus-Checksum-Algorithm"] = ",".join(ALGORITHMS)
    return answer


def _create(request: HttpRequest, account: int) -> HttpResponse:
    if "Upload-Defer-Length" in request.headers:
        raise _Answered(400, "Upload-Defer-Length is not supported")
    length = _number(request, "Upload-Length")
    said = _metadata(request)
    content = request.headers.get("Content-Type", "")
    seal = _seal(request) if content == CONTENT else None
    try:
        upload = uploads.begin(
            account, length, bundle=said.get("bundle", ""), field=said.get("field", ""),
            name=said.get("filename", said.get("name", "")), says=said.get("filetype", said.get("type", "")),
            metadata=request.headers.get("Upload-Metadata", ""),
        )  # fmt: skip
    except UploadRefusedError as error:
        raise _Answered(STATUS_OF.get(error.code, 400), str(error)) from error
    answer = HttpResponse(status=201)
    answer["Location"] = f"{request.path.rstrip('/')}/{upload.pk}"
    offset = 0
    if content == CONTENT:
        try:
            offset = _receive(request, upload, 0, seal)
        except _Answered as error:
            # Where only the bytes have to wait, the upload exists; the client asks with HEAD and goes on.
            if error.status not in (408, 503):
                uploads.remove(upload)
                raise
        answer["Upload-Offset"] = str(offset)
    elif length == 0:
        uploads.touched(upload, 0)
    answer["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return answer


def _head(request: HttpRequest, upload: Upload) -> HttpResponse:
    answer = HttpResponse(status=200)
    answer["Upload-Offset"] = str(_offset(upload))
    answer["Upload-Length"] = str(upload.length)
    if upload.state == RECEIVING:
        answer["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    if upload.metadata:
        answer["Upload-Metadata"] = upload.metadata
    return answer


def _offset(upload: Upload) -> int:
    if upload.state != RECEIVING:
        return upload.length
    found = parts.offset(upload.pk)
    if found is None:
        uploads.remove(upload)
        raise _Answered(410)
    if found >= upload.length:
        # Killed after the last byte and before the row said so.
        uploads.touched(upload, found)
    return min(found, upload.length)


def _patch(request: HttpRequest, upload: Upload) -> HttpResponse:
    if request.headers.get("Content-Type") != CONTENT:
        raise _Answered(415, f"Content-Type: {CONTENT}")
    claimed = _number(request, "Upload-Offset")
    seal = _seal(request)
    if upload.state in (CHECKING, READY):
        if claimed != upload.length:
            raise _Answered(409, Upload_Offset=str(upload.length))
        offset = upload.length
    elif upload.state != RECEIVING:
        raise _Answered(410)
    else:
        offset = _receive(request, upload, claimed, seal)
    answer = HttpResponse(status=204)
    answer["Upload-Offset"] = str(offset)
    if offset < upload.length:
        answer["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return answer


def _receive(request: HttpRequest, upload: Upload, claimed: int, seal: "_Seal | None") -> int:
    """Appends what the request brings; returns the new offset, which is on the disk."""
    body = Body(request)
    try:
        with turns.one(upload.account), parts.writing(upload.pk, WAIT_FOR_LOCK) as handle:
            offset = _append(handle, upload, claimed, body, seal)
    except BusyError:
        raise _Answered(503, _("Đang có nhiều người gửi tệp. Trang sẽ tự thử lại."), Retry_After="3") from None
    except parts.LockedError:
        raise _Answered(423) from None
    except FileNotFoundError:
        raise _Answered(410) from None
    except parts.FullError:
        raise _Answered(507, _("Máy chủ hết chỗ chứa. Phần đã gửi vẫn còn; hãy thử lại sau.")) from None
    uploads.touched(upload, offset)
    if body.is_cut and offset == claimed and upload.length:
        raise _Answered(408)
    return offset


def _append(handle: int, upload: Upload, claimed: int, body: Body, seal: "_Seal | None") -> int:
    present = parts.size_of(handle)
    if claimed != present:
        raise _Answered(409, Upload_Offset=str(present))
    most = upload.length - present
    if body.said is not None and body.said > most:
        raise _Answered(413)
    if seal is None:
        return parts.append(handle, present, body.chunks(), most)
    offset = parts.append_checked(handle, upload.pk, present, body.chunks(), most, seal)
    if offset is None:
        raise _Answered(408 if body.is_cut else CHECKSUM_MISMATCH)
    return offset


def _delete(request: HttpRequest, upload: Upload) -> HttpResponse:
    if not uploads.remove(upload):
        raise _Answered(403, _("Tệp này đã nằm trong hồ sơ nên không bỏ được."))
    return HttpResponse(status=204)


class _Seal:
    """The checksum a client promised for one part."""

    def __init__(self, algorithm: str, promised: bytes) -> None:
        self._hash: Any = ALGORITHMS[algorithm](usedforsecurity=False)
        self._promised = promised

    def update(self, chunk: bytes) -> None:
        """One more piece."""
        self._hash.update(chunk)

    def matches(self) -> bool:
        """True when what came is what was promised."""
        return hmac.compare_digest(self._hash.digest(), self._promised)


def _seal(request: HttpRequest) -> _Seal | None:
    said = request.headers.get("Upload-Checksum")
    if said is None:
        return None
    algorithm, _blank, value = said.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise _Answered(400, "Upload-Checksum: " + ",".join(ALGORITHMS))
    try:
        promised = base64.b64decode(value.strip(), validate=True)
        if len(promised) != ALGORITHMS[algorithm](usedforsecurity=False).digest_size:
            raise ValueError
        return _Seal(algorithm, promised)
    except (binascii.Error, ValueError):
        raise _Answered(400, "Upload-Checksum") from None


def _number(request: HttpRequest, header: str) -> int:
    said = request.headers.get(header, "")
    if not (said.isascii() and said.isdigit() and len(said) < 19):
        raise _Answered(400, header)
    return int(said)


def _metadata(request: HttpRequest) -> dict[str, str]:
    """`name base64,name base64`; a pair that cannot be read is an error of the client."""
    said = request.headers.get("Upload-Metadata", "")
    if len(said) > LONGEST_METADATA or not said.isascii() or not said.isprintable():
        raise _Answered(400, "Upload-Metadata")
    found: dict[str, str] = {}
    for pair in filter(None, (each.strip() for each in said.split(","))):
        key, _blank, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode().replace("\0", "")
        except (binascii.Error, ValueError):
            raise _Answered(400, "Upload-Metadata") from None
    return found
