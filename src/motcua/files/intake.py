"""From a whole upload to a PDF that may be shown: told by its content, scanned, examined apart, stored, pictured.

An upload that is whole stays in quarantine (a part that nothing serves) until the scanner said clean and the
examination made a PDF of it. Whoever asks first does the work, under a lease; what the page does not finish, the
worker does. The same steps serve a form without scripts (`take`, `from_form`). Rules about single kinds of files
are left to `images` and `pdfs`.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePath
from threading import BoundedSemaphore
from typing import Any, TypeAlias
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from motcua.files import apart, parts, scanning, store, uploads
from motcua.files.kinds import MEDIA_TYPES, media_type
from motcua.files.models import CHECKING, READY, StoredFile, Upload
from motcua.files.refusals import StillCheckingError, UploadRefusedError
from motcua.files.store import NotStoredError
from motcua.files.uploads import Prepared
from motcua.jobs import leasing

# As Django's forms bring them.
Incoming: TypeAlias = "UploadedFile[Any]"

LEASE = timedelta(minutes=4)
# A person waits at the page, the worker need not hurry.
PAGE_WAITS, WORKER_WAITS = 4.0, 90.0
BATCH = 2
LONGEST_PAUSE = timedelta(seconds=30)
# One examination at a time in each process of the web server: the other threads go on serving.
_at_once = BoundedSemaphore(1)
TURN_WITHIN = 10.0


class _Scanner:
    """Until when (by the monotonic clock) pages do not ask a scanner that was away; the worker goes on asking."""

    away_until = 0.0


_scanner = _Scanner()
_BY_ENDING = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png",
              ".webp": "image/webp", ".tif": "image/tiff", ".tiff": "image/tiff", ".heic": "image/heic",
              ".heif": "image/heic"}  # fmt: skip


def go_on(upload: Upload) -> None:
    """Does what is left to do with a whole upload, if nobody else is at it; the row says how it went."""
    if upload.state != CHECKING or not _at_once.acquire(blocking=False):
        return
    try:
        for row in leasing.claim(Upload, 1, LEASE, pk=upload.pk, state=CHECKING):
            _check(row, PAGE_WAITS)
    finally:
        _at_once.release()


def work() -> int:
    """The worker's errand: uploads that were left lying, a few at a time; returns how many it looked at."""
    rows = leasing.claim(Upload, BATCH, LEASE, state=CHECKING)
    for row in rows:
        _check(row, WORKER_WAITS)
    return len(rows)


def _check(row: Upload, patience: float) -> None:
    page_waits = patience == PAGE_WAITS
    if page_waits and time.monotonic() < _scanner.away_until:
        leasing.try_again(row, "scanner away", LONGEST_PAUSE)
        return
    if not connection.in_atomic_block:
        # The scanner may take its time, and so may the examination: no connection is held meanwhile.
        connection.close()
    try:
        _prepare(row, patience)
    except scanning.ScannerAwayError as error:
        if page_waits:
            _scanner.away_until = time.monotonic() + LONGEST_PAUSE.total_seconds()
        leasing.try_again(row, f"scanner: {error}", min(leasing.pause_after(row.attempts), LONGEST_PAUSE))
    except UploadRefusedError as error:
        if _is_ours(row):
            uploads.refuse(row, error)
    except (NotStoredError, OSError) as error:
        # The disk is full or failing: the part is still there, and so is the person's patience.
        leasing.try_again(row, type(error).__name__, timedelta(seconds=30))


def _is_ours(row: Upload) -> bool:
    return Upload.objects.filter(pk=row.pk, fence=row.fence, leased_until__isnull=False).exists()


def _prepare(row: Upload, patience: float) -> None:
    path = parts.path_of(row.pk)
    try:
        with path.open("rb") as stream:
            head = stream.read(store.HEAD)
        size = path.stat().st_size
    except FileNotFoundError:
        raise UploadRefusedError("lost") from None
    media = _told(head, size, row)
    scanned = scanning.scan(path, patience)
    with apart.examined("prepare", [path], media) as made:
        until = row.expires_at
        with (made.pdf or path).open("rb") as stream:
            pdf = store.put(stream, name=_pdf_name(row.name), media="application/pdf", passing_until=until)
        pictures = [
            store.put(each.read_bytes(), name=each.name, media="image/webp", passing_until=until).digest
            for each in made.previews
        ]
        values: dict[str, Any] = {
            "state": READY, "digest": pdf.digest, "size": pdf.size, "pages": made.pages, "previews": pictures,
            "original_media": media, "original_digest": parts.digest_of(row.pk), "scanned": scanned,
            "told": {"removed": list(made.removed), "signed": made.is_signed},
        }  # fmt: skip
    if leasing.finish(row, **values):
        parts.remove(row.pk)


def _told(head: bytes, size: int, row: Upload) -> str:
    """The type by the content. What is none we take, or of another family than it says, is refused."""
    if size == 0:
        raise UploadRefusedError("empty")
    said = row.says if row.says in MEDIA_TYPES else _BY_ENDING.get(PurePath(row.name).suffix.lower(), "")
    found = media_type(head)
    if found is None:
        raise UploadRefusedError("lies" if said else "not_accepted", {"says": said} if said else {})
    # Telephones call every picture a JPEG; that hurts nobody, since a picture is made anew.
    if said and (said == "application/pdf") != (found == "application/pdf"):
        raise UploadRefusedError("lies_known", {"says": said, "is": found})
    return found


def _pdf_name(name: str) -> str:
    return f"{PurePath(name).stem or 'tep'}.pdf"


# Forms without scripts


def take(file: Incoming, account: int, bundle: str = "", name: str = "") -> Prepared:
    """A file as an ordinary form sends it, with the same bounds and checks.

    Raises UploadRefusedError with the reason; StillCheckingError when the scanner is away: the file is kept and becomes
    ready by itself.
    """
    upload = _received(file, account, bundle, name)
    # Somebody waits for this page: the examination waits for its turn, and is left to the worker if it never comes.
    if _at_once.acquire(timeout=TURN_WITHIN):
        try:
            for row in leasing.claim(Upload, 1, LEASE, pk=upload.pk, state=CHECKING):
                _check(row, PAGE_WAITS)
        finally:
            _at_once.release()
    return uploads.finished(upload.pk, account)


def _received(file: Incoming, account: int, bundle: str, name: str) -> Upload:
    said = file.name or ""
    length = file.size or 0
    upload = uploads.begin(account, length, bundle=bundle, field=name, name=said, says=file.content_type or "")
    try:
        with parts.writing(upload.pk) as handle:
            offset = parts.append(handle, 0, file.chunks(), length)
    except parts.FullError as error:
        uploads.remove(upload)
        raise UploadRefusedError("disk_full") from error
    uploads.touched(upload, offset)
    return upload


@dataclass
class Taken:
    """What a form brought under one name: prepared files in order, uploads still being checked, and what went wrong."""

    prepared: list[Prepared] = field(default_factory=list)
    waiting: list[UUID] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def digests(self) -> tuple[str, ...]:
        """The hashes to be recorded, each once."""
        return tuple(dict.fromkeys(each.digest for each in self.prepared))


def from_form(request: HttpRequest, name: str, account: int, bundle: str) -> Taken:
    """Everything the field `name` brought: kept digests that are theirs, files sent along, minus what was dropped.

    Several pictures sent along at once become the pages of one PDF. Never raises for a single bad file.
    """
    taken, dropped = Taken(), set(request.POST.getlist(f"{name}-drop"))
    uploads.prolong(account, bundle)
    sent = [_sent(each, account, bundle, name, taken) for each in request.FILES.getlist(name)]
    fresh = [each for each in sent if each is not None]
    if len(fresh) > 1 and all(each.original_media != "application/pdf" for each in fresh):
        try:
            fresh = [join([each.upload for each in fresh], account)]
        except NotStoredError as error:
            taken.errors.append(str(error))
    asked = {each for each in request.POST.getlist(name) if each} | {each.digest for each in fresh}
    seen: set[str] = set()
    for row in uploads.of_bundle(account, bundle):
        if str(row.pk) in dropped:
            uploads.remove(row)
        elif row.state == READY and row.digest in asked - seen:
            seen.add(row.digest)
            taken.prepared.append(uploads.prepared_of(row))
        elif row.state == CHECKING and row.field == name:
            taken.waiting.append(row.pk)
    return taken


def _sent(file: Incoming, account: int, bundle: str, name: str, taken: Taken) -> Prepared | None:
    try:
        return take(file, account, bundle, name)
    except StillCheckingError:
        # Named by `waiting`.
        return None
    except NotStoredError as error:
        taken.errors.append(f"{store.plain_name(file.name or '')}: {error}")
        return None


def join(ids: Sequence[UUID], account: int, name: str = "") -> Prepared:
    """Several prepared uploads of one bundle as one PDF, in this order; they give way to it.

    Raises LookupError when one is not theirs or not ready, UploadRefusedError when they are too many pages.
    """
    rows = [uploads.find(each, account) for each in ids]
    ready = [row for row in rows if row is not None and row.state == READY and row.kept_at is None]
    if len(ready) != len(ids) or len(set(ids)) < 2 or len({(row.bundle, row.field) for row in ready}) != 1:
        raise LookupError("these uploads cannot be joined")
    if any(row.told.get("signed") for row in ready):
        raise UploadRefusedError("pdf_signed_active")
    return _joined(ready, account, name)


def _joined(ready: Sequence[Upload], account: int, name: str) -> Prepared:
    first = ready[0]
    length = sum(row.size for row in ready)
    whole = uploads.begin(
        account, min(length, settings.MOTCUA_UPLOAD_LARGEST), bundle=first.bundle, field=first.field,
        name=name or first.name, says="application/pdf",
    )  # fmt: skip
    try:
        with apart.examined("join", [store.path_of(row.digest) for row in ready]) as made:
            if made.pdf is None:
                raise UploadRefusedError("too_hard")
            until = timezone.now() + timedelta(days=settings.MOTCUA_UPLOAD_LIVES_DAYS)
            with made.pdf.open("rb") as stream:
                pdf = store.put(stream, name=_pdf_name(whole.name), media="application/pdf", passing_until=until)
            pages = made.pages
    except NotStoredError:
        uploads.remove(whole)
        raise
    Upload.objects.filter(pk=whole.pk).update(
        state=READY, digest=pdf.digest, size=pdf.size, pages=pages, expires_at=until, completed_at=timezone.now(),
        previews=_pictures(ready), original_media="application/pdf", original_digest=pdf.digest,
        scanned=first.scanned, told={"removed": [], "joined": [row.original_digest for row in ready]},
        created_at=first.created_at,
    )  # fmt: skip
    StoredFile.objects.filter(pk__in=_pictures(ready), passing_until__lt=until).update(passing_until=until)
    parts.remove(whole.pk)
    for row in ready:
        uploads.remove(row)
    return uploads.finished(whole.pk, account)


def _pictures(rows: Iterable[Upload]) -> list[str]:
    """The pictures of the pages, in order, up to the first page that has none."""
    found: list[str] = []
    for row in rows:
        found += row.previews
        if len(row.previews) < row.pages:
            break
    return found
