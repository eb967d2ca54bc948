"""For whom a report is made: the whole city, a tier, an agency with what is below it, or one agency alone.

An agency that was dissolved still has its reports: for its days, with a note that names its successor.
"""

from datetime import date
from typing import Literal

import msgspec

from motcua.law.directory import Agency, Directory
from motcua.law.texts import Text
from motcua.organisation.directory import directory
from motcua.statutory.words import TIER_NAMES

Kind = Literal["city", "tier", "below", "own"]
WHOLE_CITY = Text("Toàn thành phố", "The whole city")
RECEIVING_TIERS = ("city", "department", "district", "commune", "branch")


class UnknownScopeError(LookupError):
    """No tier and no agency is called so."""


class Scope(msgspec.Struct, frozen=True):
    """A part of the city. `tier` and `agency` (its number) belong to the kinds that need them."""

    kind: Kind = "city"
    tier: str = ""
    agency: int = 0

    @property
    def code(self) -> str:
        """`city`, `tier:commune`, `below:001`, `own:00001`."""
        if self.kind == "city":
            return "city"
        return f"{self.kind}:{self.tier or directory()[self.agency].code}"

    @property
    def name(self) -> Text:
        """As it stands in the head of the form."""
        if self.kind == "city":
            return WHOLE_CITY
        if self.kind == "tier":
            return TIER_NAMES[self.tier]
        name = directory()[self.agency].name
        return name if self.kind == "own" else Text(f"{name.vi} và cấp dưới", f"{name.en} and below")

    def places(self) -> list[int] | None:
        """The numbers of the receiving agencies it covers; None for all."""
        known = directory()
        if self.kind == "city":
            return None
        if self.kind == "tier":
            return sorted(each for each in known.by_number if known[known.house(each)].tier == self.tier)
        if self.kind == "below":
            return sorted(known.below(self.agency))
        return [self.agency, *(each for each in known.children.get(self.agency, ()) if known.house(each) != each)]

    def houses(self, first: date, end: date) -> list[Agency]:
        """The agencies people deal with that it covers and that existed on some day from `first` to before `end`."""
        known, places = directory(), self.places()
        numbers = known.by_number if places is None else places
        return [
            known[each]
            for each in sorted(numbers)
            if known[each].tier in RECEIVING_TIERS
            and known[each].valid_from < end
            and (known[each].valid_to is None or known[each].valid_to >= first)  # type: ignore[operator]
        ]

    def dissolved(self, end: date, first: date | None = None) -> list[Agency]:
        """Its agencies that ended before `end` (and not before `first`, when given), in order of their numbers."""
        known, places = directory(), self.places()
        numbers = known.by_number if places is None else places
        return [
            known[each]
            for each in sorted(numbers)
            if (ended := known[each].valid_to) is not None and ended < end and (first is None or ended >= first)
        ]


def parse(code: str) -> Scope:
    """The scope of a code as `Scope.code` writes it, or of an agency's bare code. Raises UnknownScopeError."""
    kind, _, name = code.partition(":")
    if code in ("", "city"):
        return Scope()
    if kind == "tier" and name in TIER_NAMES:
        return Scope("tier", tier=name)
    agency = directory().by_code.get(name if kind in ("below", "own") else code)
    if agency is None:
        raise UnknownScopeError(code)
    return Scope("below" if kind == "below" else "own", agency=agency.number)


def successors(agency: Agency, known: Directory) -> list[Agency]:
    """Who took over a dissolved agency, one after the other."""
    found: list[Agency] = []
    while agency.successor is not None and agency.successor in known.by_number:
        agency = known[agency.successor]
        if agency in found:
            break
        found.append(agency)
    return found
