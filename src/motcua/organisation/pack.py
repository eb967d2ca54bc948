"""The head of a content pack (`pack.yaml`): what it describes, for which days, from which sources.

Every room that loads content starts here to learn what the pack is; the content itself is left to the rooms.
"""

from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from motcua.law.texts import Text
from motcua.organisation.content_files import Problem, line_of, read_yaml


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a kind of fact in the pack comes from, and how sure it is."""

    what: str
    source: str
    confidence: Literal["high", "medium", "low"]


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A content pack. Changes decided after `as_of` are stated in its files but not in force."""

    name: str
    title: Text
    languages: tuple[str, ...]
    valid_from: date
    as_of: date
    valid_to: date | None = None
    regimes: str = ""
    identifiers_are_demo: bool = False
    sources: tuple[Source, ...] = ()


def read_pack(pack_dir: Path) -> tuple[Pack | None, list[Problem]]:
    """The pack's head, and what is wrong with it."""
    path = pack_dir / "pack.yaml"
    pack, problems = read_yaml(path, Pack)
    if pack is None:
        return None, problems

    def wrong(where: str, reason: str) -> None:
        problems.append(Problem(str(path), line_of(path, where), reason))

    if pack.valid_to is not None and pack.valid_to < pack.valid_from:
        wrong("valid_to", "ends before it begins")
    if pack.as_of < pack.valid_from or (pack.valid_to is not None and pack.as_of > pack.valid_to):
        wrong("as_of", "lies outside the days for which the pack is valid")
    if "vi" not in pack.languages:
        wrong("languages", "lacks vi, the language of the law")
    if pack.regimes and not (pack_dir / pack.regimes).is_file():
        wrong("regimes", f"names a file that does not exist: {pack.regimes}")
    return (None if problems else pack), problems
