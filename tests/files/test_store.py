"""Files by their content: once, whole or absent, told by their bytes, and nothing left behind when the disk is full."""

import errno
import hashlib
import io
import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.files import store
from motcua.files.kinds import MEDIA_TYPES, media_type
from motcua.files.models import StoredFile
from motcua.files.store import NotStoredError, is_whole, path_of, put, read

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF"
HEADS = {
    "application/pdf": PDF,
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"x" * 40,
    "image/png": b"\x89PNG\r\n\x1a\n" + b"x" * 40,
    "image/webp": b"RIFF\x00\x00\x00\x00WEBPVP8 " + b"x" * 40,
    "image/tiff": b"II*\x00" + b"x" * 40,
    "image/heic": b"\x00\x00\x00\x18ftypheic" + b"x" * 40,
}


def left(folder: Path) -> list[Path]:
    """Every file there is."""
    return [path for path in folder.rglob("*") if path.is_file()]


class Slowly(io.RawIOBase):
    """A stream that gives a few bytes at a time and counts how much is asked of it at once."""

    def __init__(self, content: bytes, step: int, fails_after: int = -1) -> None:
        self.inner, self.step, self.fails_after, self.largest = io.BytesIO(content), step, fails_after, 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0, "the whole stream was asked for"
        self.largest = max(self.largest, size)
        if 0 <= self.fails_after <= self.inner.tell():
            raise OSError(errno.EPIPE, "the sender has left")
        return self.inner.read(min(size, self.step))


def test_a_content_is_kept_once_under_its_hash(own_files: Path) -> None:
    one, two = put(PDF, name="đơn.pdf"), put(io.BytesIO(PDF), name="khác.pdf")
    assert one.digest == two.digest == hashlib.sha256(PDF).hexdigest()
    assert (one.size, one.media_type, two.name) == (len(PDF), "application/pdf", "đơn.pdf")
    assert left(own_files) == [path_of(one.digest)]
    assert StoredFile.objects.count() == 1
    assert b"".join(read(one.digest)) == PDF
    assert is_whole(one.digest)


@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_the_type_is_told_by_the_bytes_whatever_the_name(kind: str) -> None:
    assert put(HEADS[kind], name="chuong-trinh.exe").media_type == kind


@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_a_stream_that_trickles_is_told_as_well(kind: str) -> None:
    trickle = Slowly(HEADS[kind], 1)
    assert put(trickle, name="x").media_type == kind  # type: ignore[arg-type]
    assert trickle.largest <= store.CHUNK


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_anything_else_is_refused_and_leaves_nothing(own_files: Path, content: bytes) -> None:
    if media_type(content[:32]) is None:
        with pytest.raises(NotStoredError):
            put(content, name="scan.pdf")
        assert left(own_files) == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<svg/>", b"MZ", b" %PDF-1.4", b"\x00\x00\x00\x18ftypavif"])
def test_what_is_not_taken_leaves_neither_file_nor_record(content: bytes, own_files: Path) -> None:
    with pytest.raises(NotStoredError):
        put(content, name="scan.pdf")
    assert left(own_files) == []
    assert StoredFile.objects.count() == 0


def test_a_file_too_large_is_not_read_to_its_end(own_files: Path) -> None:
    endless = Slowly(PDF + b"x" * 5_000_000, store.CHUNK)
    with pytest.raises(NotStoredError, match="1 MB"):
        put(endless, name="scan.pdf", largest=100_000)  # type: ignore[arg-type]
    assert endless.inner.tell() < 300_000
    assert left(own_files) == []


def test_fifty_megabytes_are_taken_in_parts(own_files: Path) -> None:
    size = store.LARGEST - len(PDF)
    large = Slowly(PDF + b"x" * size, store.CHUNK)
    stored = put(large, name="scan.pdf")  # type: ignore[arg-type]
    assert (stored.size, large.largest) == (store.LARGEST, store.CHUNK)
    assert max(len(part) for part in read(stored.digest)) <= store.CHUNK
    with pytest.raises(NotStoredError, match="50 MB"):
        put(io.BytesIO(PDF + b"x" * (size + 1)), name="scan.pdf")


@pytest.mark.parametrize("after", [0, 40, 100_000])
def test_a_sender_who_leaves_leaves_nothing_behind(after: int, own_files: Path) -> None:
    with pytest.raises(NotStoredError):
        put(Slowly(PDF + b"x" * 200_000, 20_000, fails_after=after), name="scan.pdf")  # type: ignore[arg-type]
    assert left(own_files) == []


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_fails_keeps_nothing_half(call: str, own_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store.os, call, full)
    with pytest.raises(NotStoredError) as said:
        put(PDF, name="scan.pdf")
    assert "ổ đĩa" in str(said.value)
    assert StoredFile.objects.count() == 0
    monkeypatch.undo()
    assert left(own_files) == []


@pytest.fixture
def tiny_disk(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A disk of one megabyte for the files."""
    place = tmp_path / "tiny"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("only root may mount a disk of one megabyte")
    settings.MOTCUA_FILES = place / "files"
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_really_full_disk_is_said_and_works_again_once_there_is_room(tiny_disk: Path) -> None:
    with pytest.raises(NotStoredError, match="ổ đĩa"):
        put(PDF + b"x" * 3_000_000, name="scan.pdf")
    assert left(tiny_disk) == []
    small = put(PDF + b"x" * 300_000, name="scan.pdf")
    assert is_whole(small.digest)
    with pytest.raises(NotStoredError, match="ổ đĩa"):
        put(PDF + b"y" * 900_000, name="scan.pdf")
    assert left(tiny_disk) == [path_of(small.digest)]


def test_what_is_half_written_is_never_seen(own_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = hashlib.sha256(PDF).hexdigest()
    seen: list[bool] = []
    original = os.fsync

    def look(descriptor: int) -> None:
        if not seen:
            seen.append(path_of(digest).exists())
        original(descriptor)

    monkeypatch.setattr(store.os, "fsync", look)
    put(PDF, name="scan.pdf")
    assert seen == [False]
    assert is_whole(digest)


def test_many_at_once_store_one_content_once(own_files: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        parts = list(pool.map(lambda _: _put_quietly(), range(16)))
    assert set(parts) == {hashlib.sha256(PDF).hexdigest()}
    assert len(left(own_files)) == 1


def _put_quietly() -> str:
    digest, _size, _head = store._copy(io.BytesIO(PDF), io.BytesIO(), store.LARGEST)
    part = Path(store.settings.MOTCUA_FILES) / f"in-{os.urandom(4).hex()}"
    part.write_bytes(PDF)
    store._move(part, path_of(digest))
    connection.close()
    return digest


def test_a_spoiled_content_is_not_whole(own_files: Path) -> None:
    stored = put(PDF, name="scan.pdf")
    path_of(stored.digest).write_bytes(PDF + b"!")
    assert not is_whole(stored.digest)
    path_of(stored.digest).unlink()
    assert not is_whole(stored.digest)
    with pytest.raises(FileNotFoundError):
        list(read(stored.digest))


@pytest.mark.parametrize("digest", ["", "..", "../" * 20 + "etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 63 + "\n"])
def test_nothing_but_a_digest_names_a_place(digest: str) -> None:
    with pytest.raises(ValueError, match="not a digest"):
        path_of(digest)
    assert not is_whole(digest)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\hồ sơ\\đơn.pdf", "đơn.pdf"),
        ("a\x00b\n.pdf", "a_b_.pdf"),
        ("", "tệp"),
        ("x" * 500, "x" * 120),
    ],
)
def test_a_name_is_only_a_name(given_name: str, kept: str) -> None:
    assert put(PDF + given_name.encode(), name=given_name).name == kept
