"""Reads every published file again and names what is no longer as it was given out."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Literal, get_args

import msgspec

from motcua.files import store as files
from motcua.law.texts import Text
from motcua.opendata.encoding import CHECKSUMS
from motcua.opendata.models import Release, ReleaseFile

What = Literal["missing", "altered", "wrong_checksums", "wrong_rows", "no_files"]
WHATS: tuple[What, ...] = get_args(What)
WORDS: dict[What, Text] = {
    "missing": Text("tệp không còn", "the file is gone"),
    "altered": Text("nội dung tệp không còn như lúc công bố", "the file is not the one that was published"),
    "wrong_checksums": Text("SHA256SUMS không khớp các tệp", "SHA256SUMS does not fit the files"),
    "wrong_rows": Text("số dòng không khớp", "the number of rows does not fit"),
    "no_files": Text("phiên bản không có tệp", "the version has no files"),
}


class Broken(msgspec.Struct, frozen=True):
    """One thing that is wrong: of which release, which file, and what."""

    dataset: str
    period: str
    version: int
    file: str
    what: What


def check() -> tuple[int, list[Broken]]:
    """How many files were read, and everything that is wrong with them."""
    read, broken = 0, []
    for release in Release.objects.order_by("id").prefetch_related("files").iterator(chunk_size=200):
        kept = list(release.files.all())
        read += len(kept)
        broken += [Broken(release.dataset, release.period, release.version, *each) for each in _faults(release, kept)]
    return read, broken


def _faults(release: Release, kept: list[ReleaseFile]) -> Iterator[tuple[str, What]]:
    if not kept:
        yield "", "no_files"
    contents: dict[str, bytes] = {}
    for each in kept:
        try:
            data = b"".join(files.read(each.digest))
        except (OSError, ValueError):
            yield each.name, "missing"
            continue
        if sha256(data).hexdigest() != each.digest or len(data) != each.size:
            yield each.name, "altered"
            continue
        contents[each.name] = data
    if CHECKSUMS in contents:
        lines = [line.partition("  ") for line in contents[CHECKSUMS].decode().splitlines()]
        stated = {name: digest for digest, _, name in lines}
        if stated != {each.name: each.digest for each in kept if each.name != CHECKSUMS}:
            yield CHECKSUMS, "wrong_checksums"
    for name in (each.name for each in kept if each.format == "json" and each.name in contents):
        if len(json.loads(contents[name])["rows"]) != release.rows:
            yield name, "wrong_rows"
