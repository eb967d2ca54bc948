"""For what the register may be asked, by whom, and how much is told: the purposes are data, in `purposes.yaml`.

Whether whoever asks may see the dossier that is named is left to the page: this room knows no dossiers.
"""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from motcua.law.actor import Actor
from motcua.law.texts import Text
from motcua.organisation.content_files import read_yaml
from motcua.registry.facts import FACTS

LEAST_WORDS = 8


class Purpose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One lawful purpose: who may have it, what must be said, and which facts are told."""

    code: str
    name: Text
    who: tuple[Literal["resident", "partner", "official", "system"], ...]
    ground: str = ""
    roles: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    in_words: bool = False
    dossier: bool = False

    def tells(self, what: str) -> bool:
        """True when this fact is told for this purpose."""
        return not self.about or what in self.about

    def is_open_to(self, who: Actor) -> bool:
        """True when this actor may ask for this purpose at all."""
        if who.kind not in self.who:
            return False
        if who.kind != "official":
            return True
        return any(not self.roles or grant.role in self.roles for grant in who.grants)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    purposes: tuple[Purpose, ...]


class NoPurposeError(ValueError):
    """A look-up without a reason that the law knows; nothing is answered."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@cache
def purposes() -> dict[str, Purpose]:
    """Every purpose by its code. Raises ValueError when the file is not as it should be."""
    found, problems = read_yaml(Path(__file__).with_name("purposes.yaml"), _File)
    if found is None:
        raise ValueError(str(problems[0]))
    unknown = [what for each in found.purposes for what in each.about if what not in FACTS]
    if unknown:
        raise ValueError(f"purposes.yaml: no fact is called {unknown[0]}")
    return {each.code: each for each in found.purposes}


def open_to(who: Actor) -> list[Purpose]:
    """The purposes for which this actor may ask, in the order of the file."""
    return [each for each in purposes().values() if each.is_open_to(who)]


def purposed(code: str, who: Actor, reason: str, dossier: int) -> Purpose:
    """The purpose, when this actor may ask for it and has said what it needs; otherwise NoPurposeError."""
    purpose = purposes().get(code)
    if purpose is None:
        raise NoPurposeError(Text("Tra cứu phải có mục đích theo quy định.", "A look-up needs a lawful purpose."))
    if not purpose.is_open_to(who):
        raise NoPurposeError(
            Text("Vị trí của bạn không được tra cứu cho mục đích này.", "Your post may not ask for this.")
        )
    if purpose.dossier and not dossier:
        raise NoPurposeError(Text("Mục đích này phải gắn với một hồ sơ.", "This purpose needs a dossier."))
    if purpose.in_words and not dossier and len(reason.strip()) < LEAST_WORDS:
        raise NoPurposeError(Text("Hãy ghi rõ lý do tra cứu, hoặc hồ sơ liên quan.", "Say why, or for which dossier."))
    return purpose
