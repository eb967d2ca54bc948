"""Uploads as their senders know them: begun, received part by part, finished as a PDF, removed, kept, expired.

An upload belongs to an account; nobody else can find it. What it is for is a `bundle` (a draft) and a `field` of
it. The room that takes the files into a dossier asks for `finished` or `of_digest` and, once the dossier has
them, calls `keep`, which ends their expiry and gives the person's allowance back. The bytes are left to `parts`,
the checks to `intake`, HTTP to `tus`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from motcua.files import allowance, parts, store
from motcua.files.models import CHECKING, GONE, READY, RECEIVING, REFUSED, StoredFile, Upload
from motcua.files.refusals import StillCheckingError, UploadRefusedError

# A part that nobody adds to; a finished file that nobody hands in lives as long as a draft (settings).
PART_LIVES = timedelta(days=7)
UNTOUCHED_PART_LIVES = timedelta(hours=2)
REFUSED_LIVES = timedelta(days=1)
ROW_LIVES = timedelta(days=30)
A_DAY = timedelta(days=1)
LONGEST_BUNDLE, LONGEST_FIELD, LONGEST_NAME = 64, 100, 200


@dataclass(frozen=True)
class Prepared:
    """A file as its sender confirms it and as the clerk will see it: `digest` is the hash of that PDF.

    `original_digest` is the hash of what was sent; they are the same where nothing had to be changed.
    """

    upload: UUID
    digest: str
    media: str
    name: str
    size: int
    pages: int
    original_digest: str
    original_media: str
    preview_digests: tuple[str, ...]
    removed: tuple[str, ...]
    scanned: str


def begin(
    account: int,
    length: int,
    *,
    bundle: str = "",
    field: str = "",
    name: str = "",
    says: str = "",
    metadata: str = "",
) -> Upload:
    """A new upload of `length` bytes with its empty part. Raises UploadRefusedError: too large, no room, full."""
    if length < 0:
        raise ValueError("a length below nothing")
    upload = Upload(
        id=uuid4(), account=account, length=length, bundle=bundle[:LONGEST_BUNDLE], field=field[:LONGEST_FIELD],
        name=store.plain_name(name)[:LONGEST_NAME], says=says[:100], next_at=None, metadata=metadata,
        expires_at=timezone.now() + UNTOUCHED_PART_LIVES,
    )  # fmt: skip
    with transaction.atomic():
        allowance.reserve(account, upload.bundle, length)
        try:
            # Before the row: a part without a row is swept, a row without a part would promise something.
            parts.make(upload.id, length)
        except parts.FullError as error:
            raise UploadRefusedError("disk_full") from error
        upload.save(force_insert=True)
    return upload


def find(upload: UUID, account: int) -> Upload | None:
    """The upload, if it is theirs."""
    return Upload.objects.filter(pk=upload, account=account).first()


def of_bundle(account: int, bundle: str, field: str | None = None) -> list[Upload]:
    """Everything still there that was sent for `bundle` (and `field`), in the order it was begun."""
    wanted = Upload.objects.filter(account=account, bundle=bundle).exclude(state=GONE)
    if field is not None:
        wanted = wanted.filter(field=field)
    return list(wanted.order_by("created_at", "pk"))


def touched(upload: Upload, offset: int) -> None:
    """Bytes arrived: the part lives on; a whole one waits to be checked."""
    now = timezone.now()
    values: dict[str, Any] = {"expires_at": now + PART_LIVES}
    if offset < upload.length and upload.expires_at > now + PART_LIVES - timedelta(hours=1):
        return
    if offset >= upload.length:
        values |= {"state": CHECKING, "completed_at": now, "next_at": now, "expires_at": now + _draft_lives()}
    Upload.objects.filter(pk=upload.pk, state=RECEIVING).update(**values)
    for key, value in values.items():
        setattr(upload, key, value)


def finished(upload: UUID, account: int) -> Prepared:
    """The upload as it was prepared.

    Raises StillCheckingError while it is looked at, UploadRefusedError with the reason, LookupError when it is not
    theirs or no longer there.
    """
    found = find(upload, account)
    if found is None or found.state == GONE:
        raise LookupError(upload)
    if found.state == RECEIVING:
        raise UploadRefusedError("not_whole")
    if found.state == CHECKING:
        raise StillCheckingError
    if found.state == REFUSED:
        raise UploadRefusedError(found.reason, found.told)
    return prepared_of(found)


def of_digest(digest: str, account: int, bundle: str | None = None) -> Prepared | None:
    """The account's prepared upload with this hash; None when they never sent it. Never trust a digest without."""
    wanted = Upload.objects.filter(digest=digest, account=account, state=READY)
    if bundle is not None:
        wanted = wanted.filter(bundle=bundle)
    found = wanted.order_by("-created_at").first() if digest else None
    return None if found is None else prepared_of(found)


def prepared_of(upload: Upload) -> Prepared:
    """What is known of a ready upload."""
    return Prepared(
        upload=upload.pk, digest=upload.digest, media="application/pdf", name=upload.name, size=upload.size,
        pages=upload.pages, original_digest=upload.original_digest, original_media=upload.original_media,
        preview_digests=tuple(upload.previews), removed=tuple(upload.told.get("removed", ())), scanned=upload.scanned,
    )  # fmt: skip


def remove(upload: Upload) -> bool:
    """The sender takes it back: bytes, pictures and name are gone. False when a dossier has it."""
    return drop(upload, GONE)


def prolong(account: int, bundle: str) -> int:
    """The draft was saved: what was sent for it lives on as long as it does; returns how many uploads were meant.

    Writes at most once a day for each upload, so it may be called at every save.
    """
    until = timezone.now() + _draft_lives()
    due = Upload.objects.filter(
        account=account, bundle=bundle, state__in=(CHECKING, READY), kept_at=None, expires_at__lt=until - A_DAY
    )
    with transaction.atomic():
        rows = list(due.select_for_update().order_by("pk"))
        digests = {each for row in rows for each in (row.digest, *row.previews) if each}
        StoredFile.objects.filter(pk__in=digests, passing_until__lt=until).update(passing_until=until)
        return Upload.objects.filter(pk__in=[row.pk for row in rows]).update(expires_at=until)


def remove_bundle(account: int, bundle: str) -> int:
    """A draft is given up: everything sent for it that no dossier has is removed; returns how many."""
    return sum(remove(each) for each in of_bundle(account, bundle) if each.kept_at is None)


def refuse(upload: Upload, error: UploadRefusedError) -> bool:
    """It is not taken: the reason stays a day to be read, the bytes go at once."""
    return drop(upload, REFUSED, reason=error.code, told=error.told, expires_at=timezone.now() + REFUSED_LIVES)


def drop(upload: Upload, state: str, **values: Any) -> bool:
    """Ends an upload that no dossier has: gives its allowance back once, removes what lies on the disk."""
    with transaction.atomic():
        held = Upload.objects.select_for_update().filter(pk=upload.pk, kept_at=None).first()
        if held is None or held.state == GONE:
            return held is not None
        if held.state != REFUSED:
            allowance.release(held.account, held.bundle, held.length)
        if state == GONE:
            values |= {"name": "", "field": "", "metadata": "", "told": {}, "expires_at": timezone.now() + ROW_LIVES}
        Upload.objects.filter(pk=held.pk).update(
            state=state, next_at=None, digest="", previews=[], leased_until=None, **values
        )
        digests = [each for each in (held.digest, *held.previews) if each]
    parts.remove(held.pk)
    discard(digests)
    upload.state = state
    return True


def discard(digests: Sequence[str]) -> None:
    """Removes stored contents that were only passing and that no other upload has."""
    for digest in digests:
        with transaction.atomic():
            row = StoredFile.objects.select_for_update().filter(pk=digest, passing_until__isnull=False).first()
            if row is None or _is_named(digest):
                continue
            row.delete()
            store.path_of(digest).unlink(missing_ok=True)


def _is_named(digest: str) -> bool:
    return Upload.objects.filter(digest=digest).exists() or Upload.objects.filter(previews__contains=[digest]).exists()


def keep(digests: Iterable[str]) -> int:
    """A dossier has these files now: they stay for good, and whoever sent them has room again.

    Safe to repeat and to call with any digests; returns how many uploads were meant.
    """
    wanted = sorted({each for each in digests if each})
    kept = 0
    with transaction.atomic():
        StoredFile.objects.filter(pk__in=wanted, passing_until__isnull=False).update(passing_until=None)
        rows = Upload.objects.select_for_update().filter(digest__in=wanted, kept_at=None, state=READY).order_by("pk")
        for row in rows:
            allowance.release(row.account, row.bundle, row.length)
            # The pictures are drawn again from the PDF when ever they are needed; only the PDF is the record.
            Upload.objects.filter(pk=row.pk).update(kept_at=timezone.now())
            kept += 1
    return kept


def longest_waiting() -> datetime | None:
    """Since when the upload waits that has waited longest to be checked; None when none does."""
    waiting = Upload.objects.filter(next_at__isnull=False, completed_at__isnull=False)
    return waiting.order_by("completed_at").values_list("completed_at", flat=True).first()


def _draft_lives() -> timedelta:
    return timedelta(days=settings.MOTCUA_UPLOAD_LIVES_DAYS)
