"""Parts of uploads on the disk: how much is really there, appended under a lock, gone without a trace.

A part is one file in the city's home. Its size is the offset that clients are told, so a process that was killed
in the middle of a write loses nothing that reached the disk and promises nothing that did not. Writers hold the
system's lock on the file, which other processes see and which a killed process gives back. Who may write is left
to `uploads`.
"""

import errno
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

STEP = 0.05


class LockedError(Exception):
    """Somebody else is writing into this part."""


class FullError(OSError):
    """The disk has no room."""


def folder() -> Path:
    """Where the parts lie: beside the stored files, so that moving one is a rename."""
    return Path(settings.MOTCUA_FILES) / "parts"


def path_of(upload: UUID) -> Path:
    """The part's file. Its name is the upload's id and nothing that a sender could choose."""
    return folder() / upload.hex


def make(upload: UUID, length: int) -> None:
    """An empty part, there after a power cut. Raises FullError when `length` more bytes would leave no room."""
    place = folder()
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(place).free < length + settings.MOTCUA_UPLOAD_SPARE:
            raise FullError(errno.ENOSPC, "no room for this part")
        os.close(os.open(path_of(upload), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _sync(place)
    except OSError as error:
        if isinstance(error, FullError) or error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise FullError(error.errno, error.strerror) from error


def offset(upload: UUID) -> int | None:
    """How many bytes are on the disk, now and after a power cut; None when there is no part."""
    try:
        handle = os.open(path_of(upload), os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        os.fsync(handle)
        return os.fstat(handle).st_size
    finally:
        os.close(handle)


def size_of(handle: int) -> int:
    """How large the open part is."""
    return os.fstat(handle).st_size


@contextmanager
def writing(upload: UUID, wait: float = 0.0) -> Iterator[int]:
    """Within, the part is ours alone; gives its open handle. Raises LockedError, FileNotFoundError."""
    handle = os.open(path_of(upload), os.O_RDWR)
    try:
        until = time.monotonic() + wait
        while True:
            try:
                flock(handle, LOCK_EX | LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise LockedError from None
                time.sleep(STEP)
        if not os.fstat(handle).st_nlink:
            # Removed while we waited.
            raise FileNotFoundError(path_of(upload).name)
        yield handle
    finally:
        os.close(handle)


def append(handle: int, at: int, chunks: Iterable[bytes], most: int) -> int:
    """Writes `chunks` from offset `at` on, at most `most` bytes; returns the new offset, safe on the disk.

    Raises FullError with what fitted kept.
    """
    os.lseek(handle, at, os.SEEK_SET)
    written = 0
    try:
        for chunk in chunks:
            rest = memoryview(chunk)[: most - written]
            while rest:
                done = os.write(handle, rest)
                written += done
                rest = rest[done:]
            if written >= most:
                break
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise FullError(error.errno, error.strerror) from error
        raise
    finally:
        os.fsync(handle)
    return at + written


def append_checked(handle: int, upload: UUID, at: int, chunks: Iterable[bytes], most: int, seal: Any) -> int | None:
    """As `append`, but only when `seal` (an object with update and matches) agrees; None and nothing kept otherwise.

    What is not yet proven waits in a file of its own: a process killed meanwhile leaves the part as it was.
    """
    aside = path_of(upload).with_suffix(".aside")
    with open(os.open(aside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b", buffering=0) as side:
        try:
            size = append(side.fileno(), 0, _sealing(chunks, seal, most), most)
            if not seal.matches():
                return None
            side.seek(0)
            return append(handle, at, iter(lambda: side.read(1 << 16), b""), size)
        finally:
            aside.unlink(missing_ok=True)


def _sealing(chunks: Iterable[bytes], seal: Any, most: int) -> Iterator[bytes]:
    seen = 0
    for chunk in chunks:
        kept = chunk[: most - seen]
        seen += len(kept)
        seal.update(kept)
        yield kept


def digest_of(upload: UUID) -> str:
    """The SHA-256 of the part as it lies there. Raises FileNotFoundError."""
    seal = sha256()
    with path_of(upload).open("rb") as stream:
        while chunk := stream.read(1 << 16):
            seal.update(chunk)
    return seal.hexdigest()


def remove(upload: UUID) -> None:
    """The part, and what was aside, are gone; a writer that still holds it writes into nothing."""
    for path in (path_of(upload), path_of(upload).with_suffix(".aside")):
        path.unlink(missing_ok=True)


def older_than(moment: float) -> list[UUID]:
    """Parts not written to since `moment` (seconds of the epoch), by their ids."""
    found = []
    for path in folder().glob("*"):
        try:
            if path.suffix == "" and path.stat().st_mtime < moment:
                found.append(UUID(hex=path.name))
        except (OSError, ValueError):
            continue
    return found


def _sync(place: Path) -> None:
    opened = os.open(place, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
