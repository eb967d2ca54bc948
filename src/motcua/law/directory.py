"""The organisation as the law sees it: numbered agencies in a tree, each with its dates.

A snapshot is handed to `decide` so that it can resolve "the agency above" or "the urban management
division here" without asking a database. Storing and changing the organisation is left to `organisation/`.
"""

from collections.abc import Iterable
from datetime import date

import msgspec

from motcua.law.texts import Text

TIERS = ("city", "department", "district", "division", "commune", "branch")


class Agency(msgspec.Struct, frozen=True):
    """One agency (`cơ quan, đơn vị`) for one period of validity.

    `number` is ours, for ever, at most 65,535 (it is packed into dossier ids). `unit` names a division
    within its parent (`XD`), `code` is unique in the city (GSO code of a district or commune, or `002/XD`).
    `serves` is the district a branch of a vertical sector works for (its tax office, its land registry).
    """

    number: int
    code: str
    name: Text
    tier: str
    parent: int | None
    valid_from: date
    valid_to: date | None = None
    unit: str = ""
    identifier: str = ""
    identifier_is_demo: bool = False
    successor: int | None = None
    serves: int | None = None

    def is_valid(self, day: date) -> bool:
        """True when the agency exists on `day` (both ends included)."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Directory:
    """All agencies, findable by number, code, and place in the tree."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self.by_number: dict[int, Agency] = {}
        self.by_code: dict[str, Agency] = {}
        self.children: dict[int, list[int]] = {}
        self._unit: dict[tuple[int, str], int] = {}
        for agency in agencies:
            self.by_number[agency.number] = agency
            self.by_code[agency.code] = agency
            if agency.parent is not None:
                self.children.setdefault(agency.parent, []).append(agency.number)
            home = agency.parent if agency.serves is None else agency.serves
            if agency.unit and home is not None:
                self._unit[home, agency.unit] = agency.number

    def __getitem__(self, number: int) -> Agency:
        return self.by_number[number]

    def at_tier(self, number: int, tier: str) -> Agency | None:
        """The agency itself or its nearest ancestor at `tier`, or None."""
        agency: Agency | None = self.by_number.get(number)
        while agency is not None and agency.tier != tier:
            agency = None if agency.parent is None else self.by_number.get(agency.parent)
        return agency

    def above(self, number: int) -> Agency | None:
        """The parent agency, or None at the top."""
        parent = self.by_number[number].parent
        return None if parent is None else self.by_number.get(parent)

    def unit(self, number: int, unit: str) -> Agency | None:
        """The division or branch called `unit` of agency `number`, or None."""
        child = self._unit.get((number, unit))
        return None if child is None else self.by_number[child]

    def below(self, number: int) -> list[int]:
        """The agency's number and those of every agency beneath it, the nearer first."""
        found = [number]
        for each in found:
            found.extend(self.children.get(each, ()))
        return found

    def house(self, number: int) -> int:
        """The agency people deal with: a division's parent, otherwise the agency itself."""
        agency = self.by_number[number]
        return agency.parent if agency.tier == "division" and agency.parent is not None else number
