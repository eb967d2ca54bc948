"""Gives a stored content to a reader who was let in before: as what it is, never as a page, in ranges if asked.

A resident sees what they sent themselves; nobody gets a file by its hash alone. Officials read the files of a
dossier through the dossier.
"""

import re
from collections.abc import Iterator
from functools import wraps
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.files import intake, store, uploads
from motcua.files.form_field import item_of
from motcua.files.models import CHECKING, GONE, READY, StoredFile, Upload
from motcua.files.store import NotStoredError

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
# Nothing in the file runs, loads, or knows our pages, whatever a reader takes it for.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def answer(request: HttpRequest, digest: str, media: str, name: str, *, inline: bool = False) -> HttpResponseBase:
    """The content as an answer; 304 for who has it, 206 for a part, 416 for one that is not there.

    Raises Http404 when the content is not stored. Whoever calls has asked first who the reader is.
    """
    try:
        path = store.path_of(digest)
        size = path.stat().st_size
    except (ValueError, OSError):
        raise Http404 from None
    tag = f'"{digest}"'
    if tag in request.headers.get("If-None-Match", ""):
        return _headed(HttpResponse(status=304), tag, name, inline)
    span = _span(request.headers.get("Range", ""), size)
    if span is None:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{size}"
        return _headed(refused, tag, name, inline)
    start, end = span
    whole = (start, end) == (0, size - 1)
    found = StreamingHttpResponse(_read(path, start, end + 1 - start), content_type=media, status=200 if whole else 206)
    found["Content-Length"] = str(end + 1 - start)
    if not whole:
        found["Content-Range"] = f"bytes {start}-{end}/{size}"
    return _headed(found, tag, name, inline)


def _headed(found: HttpResponseBase, tag: str, name: str, inline: bool) -> HttpResponseBase:
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name) or "tep"
    found["ETag"] = tag
    found["Accept-Ranges"] = "bytes"
    found["Cache-Control"] = "private, no-cache"
    found["Content-Security-Policy"] = POLICY
    found["Cross-Origin-Resource-Policy"] = "same-origin"
    found["X-Content-Type-Options"] = "nosniff"
    # A compressed answer would have another length than its ranges say.
    found["Content-Encoding"] = "identity"
    kind = "inline" if inline else "attachment"
    found["Content-Disposition"] = f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return found


def _span(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte; everything for no or several ranges; None for one outside."""
    match = _RANGE.fullmatch(asked.strip())
    if match is None or match.groups() == ("", "") or size == 0:
        return 0, size - 1
    first, last = match.groups()
    if first == "":
        return (max(size - int(last), 0), size - 1) if int(last) else None
    start, end = int(first), min(int(last or size), size - 1)
    return (start, end) if start <= end else None


def _read(path: Any, start: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as stream:
        stream.seek(start)
        while length > 0 and (chunk := stream.read(min(store.CHUNK, length))):
            length -= len(chunk)
            yield chunk


def signed_in(view: Any) -> Any:
    """Lets the sender in: the view is given their upload, and for everybody else there is none."""

    @wraps(view)
    def inside(request: HttpRequest, upload: UUID, **more: Any) -> HttpResponseBase:
        found = uploads.find(upload, request.user.pk) if request.user.is_authenticated else None
        if found is None or found.state == GONE:
            raise Http404
        answered: HttpResponseBase = view(request, found, **more)
        return answered

    inside.needs = ("signed_in",)  # type: ignore[attr-defined]
    return inside


@signed_in
@require_GET
def pdf(request: HttpRequest, upload: Upload) -> HttpResponseBase:
    """The prepared PDF, to whoever sent it."""
    if upload.state != READY:
        raise Http404
    return answer(request, upload.digest, "application/pdf", f"{upload.name.rpartition('.')[0] or upload.name}.pdf")


@signed_in
@require_GET
def page(request: HttpRequest, upload: Upload, number: int) -> HttpResponseBase:
    """The picture of one page, to whoever sent it."""
    if upload.state != READY or not 1 <= number <= len(upload.previews):
        raise Http404
    return answer(request, upload.previews[number - 1], "image/webp", f"trang-{number}.webp", inline=True)


@signed_in
@require_GET
def status(request: HttpRequest, upload: Upload) -> HttpResponse:
    """How far the upload is, as the page shows it; a whole one that waits is gone on with."""
    if upload.state == CHECKING:
        intake.go_on(upload)
        upload.refresh_from_db()
    return _as_item(upload)


def _as_item(upload: Upload) -> JsonResponse:
    item = item_of(upload)
    html = render_to_string("files/upload_item.html", {"item": item, "name": upload.field})
    return JsonResponse({"id": str(upload.pk), "state": upload.state, "words": item["words"], "html": html,
                         "digest": upload.digest})  # fmt: skip


@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """Several photographs as the pages of one PDF."""
    if not request.user.is_authenticated:
        raise Http404
    try:
        ids = [UUID(each) for each in request.POST.getlist("upload")][:60]
        whole = intake.join(ids, request.user.pk)
    except NotStoredError as error:
        return JsonResponse({"words": str(error)}, status=409)
    except (LookupError, ValueError):
        return JsonResponse({"words": _("Không ghép được các tệp này. Hãy tải lại trang rồi thử lại.")}, status=409)
    found = uploads.find(whole.upload, request.user.pk)
    if found is None:
        raise Http404
    return _as_item(found)


join.needs = ("signed_in",)  # type: ignore[attr-defined]


def stored(digest: str) -> StoredFile | None:
    """The record of a content, for rooms that let their readers in themselves."""
    return StoredFile.objects.filter(pk=digest).first()
