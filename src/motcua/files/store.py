"""Putting files in and taking them out, addressed by the SHA-256 of their content, streamed both ways.

A file is complete or absent: it is written beside its place, synced, and moved there in one step. Who may
read a file is decided by whoever holds the dossier that names it.
"""

import hashlib
import io
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from motcua.files.kinds import media_type
from motcua.files.models import StoredFile

CHUNK = 1 << 16
LARGEST = 50 * 1024 * 1024
# Bytes that tell a file's type.
HEAD = 32
_DIGEST = re.compile(r"[0-9a-f]{64}")


class NotStoredError(ValueError):
    """Why a file was not taken in, in the reader's language."""


def put(
    data: bytes | BinaryIO,
    *,
    name: str,
    media: str | None = None,
    largest: int = LARGEST,
    passing_until: datetime | None = None,
) -> StoredFile:
    """Stores a content (bytes, or a stream read in parts) and returns its record; twice is once.

    `media` states the type of what we made ourselves; otherwise it is told from the content. A content stored
    until `passing_until` stays for good as soon as it is stored without. Raises NotStoredError when the content
    is empty, too large, of no accepted type, or the disk is full.
    """
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    folder = Path(settings.MOTCUA_FILES)
    part: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name_of_part = tempfile.mkstemp(dir=folder, prefix="in-")
        part = Path(name_of_part)
        with os.fdopen(handle, "wb") as writer:
            digest, size, head = _copy(stream, writer, largest)
            writer.flush()
            os.fsync(writer.fileno())
        kind = media or media_type(head)
        _refuse(size, largest, kind)
        values = {"size": size, "media_type": kind, "name": plain_name(name)}
        # The row is held while the content is moved: whoever removes passing contents holds it, too.
        with transaction.atomic():
            record = _recorded(digest, values, passing_until)
            _move(part, path_of(digest))
    except OSError as error:
        raise NotStoredError(_("Chưa lưu được tệp: ổ đĩa không ghi được. Hãy báo người vận hành.")) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
    return record


def _recorded(digest: str, values: dict[str, Any], passing_until: datetime | None) -> StoredFile:
    """The content's record, locked; made where it is missing, even when it is just being removed."""
    record = None
    while record is None:
        StoredFile.objects.get_or_create(digest=digest, defaults=values | {"passing_until": passing_until})
        record = StoredFile.objects.select_for_update().filter(pk=digest).first()
    if record.passing_until is not None:
        later = None if passing_until is None else max(passing_until, record.passing_until)
        if later != record.passing_until:
            record.passing_until = later
            record.save(update_fields=["passing_until"])
    return record


def _refuse(size: int, largest: int, kind: str | None) -> None:
    if size == 0:
        raise NotStoredError(_("Tệp rỗng."))
    if size > largest:
        raise NotStoredError(_("Tệp lớn hơn %(limit)d MB.") % {"limit": max(1, largest // (1024 * 1024))})
    if kind is None:
        raise NotStoredError(_("Chỉ nhận tệp PDF hoặc ảnh (JPEG, PNG, WebP, TIFF, HEIC)."))


def _move(part: Path, place: Path) -> None:
    """Into its place, which outlives a power cut once this returns."""
    place.parent.mkdir(parents=True, exist_ok=True)
    os.replace(part, place)
    for folder in (place.parent, place.parent.parent, place.parent.parent.parent):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _copy(stream: BinaryIO, part: BinaryIO, largest: int) -> tuple[str, int, bytes]:
    seal, size, head = hashlib.sha256(), 0, b""
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > largest:
            break
        head += chunk[: HEAD - len(head)]
        seal.update(chunk)
        part.write(chunk)
    return seal.hexdigest(), size, head


def path_of(digest: str) -> Path:
    """Where the content lies. Raises ValueError on what is no digest."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError("not a digest")
    return Path(settings.MOTCUA_FILES) / digest[:2] / digest[2:4] / digest


def read(digest: str) -> Iterator[bytes]:
    """The content in parts. Raises FileNotFoundError when it is not there."""
    with path_of(digest).open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def is_whole(digest: str) -> bool:
    """True when the content is there and still has its hash."""
    seal = hashlib.sha256()
    try:
        for chunk in read(digest):
            seal.update(chunk)
    except (OSError, ValueError):
        return False
    return seal.hexdigest() == digest


def plain_name(name: str) -> str:
    """A name to show: without folders, control characters and anything a page or a disk could stumble over."""
    return re.sub(r"[^\w.\- ]", "_", _last_part(name))[:120] or "tệp"


def _last_part(name: str) -> str:
    """The last part of a file's name, whichever system sent it."""
    return os.path.basename(name.replace("\\", "/"))
