"""How far procedures can really be done online, at each agency and over the whole city.

Puts together what agencies offer (`OnlineOffering`), the versions that hold, and the reckoning of
`law.online_level`. What the file of a procedure says of itself is kept beside it as a claim and never shown as fact.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import msgspec

from motcua.catalogue import versions
from motcua.catalogue.versions import Claim, UnknownProcedureError
from motcua.law.directory import Directory
from motcua.law.online_level import Facilities, OnlineLevel, cases_online, online_level
from motcua.law.procedure import Procedure
from motcua.law.texts import Text
from motcua.organisation.directory import directory

FROM_LEVEL = 3


class Standing(msgspec.Struct, frozen=True):
    """A procedure over all agencies that receive it on a day: the lowest and the highest level, and how many at each.

    `least` is what everybody can count on; `best` is what is possible somewhere. `claimed` is what the file says.
    """

    code: str
    name: Text
    claimed: int
    least: OnlineLevel
    best: OnlineLevel
    agencies: dict[int, int]


class Tally(msgspec.Struct, frozen=True):
    """Procedures of the city by level: `least` counted by what is possible everywhere, `best` by somewhere."""

    procedures: int
    least: dict[int, int]
    best: dict[int, int]
    claimed: dict[int, int]

    def from_level_three(self, counts: dict[int, int]) -> int:
        """How many at level 3 or 4."""
        return sum(number for level, number in counts.items() if level >= FROM_LEVEL)


def facilities(code: str, agency: int, day: date) -> Facilities:
    """What an agency (its number) offers online on `day` for a procedure, named by any of its codes."""
    found, place = versions.snapshot(), directory().by_number.get(agency)
    if place is None or not place.is_valid(day):
        return Facilities()
    code = found.resolve(code)
    offered = {
        each.what
        for each in found.online
        if each.holds(day)
        and each.procedure in ("", code)
        and (each.agency == agency or (each.tier and each.tier == place.tier))
    }
    return Facilities(takes="takes" in offered, pays="pays" in offered)


def pays_online(agency: int, day: date) -> bool:
    """True when the agency can be paid online on `day`."""
    return facilities("", agency, day).pays


def level_at(code: str, agency: int, day: date, case: str = "") -> OnlineLevel:
    """How far a procedure (or one case of it) can be done online at an agency on `day`.

    Raises UnknownProcedureError when no version holds on the day.
    """
    _, procedure = versions.current_version(code, day)
    return online_level(procedure, facilities(code, agency, day), day, case)


def takes_online(procedure: str | Procedure, agency: int, day: date) -> bool:
    """True when the agency receives the procedure and at least one of its cases can be filed online there."""
    return bool(cases_taken_online(procedure, agency, day))


def cases_taken_online(procedure: str | Procedure, agency: int, day: date) -> tuple[str, ...]:
    """The cases of the procedure that can be filed online at the agency on `day`; none when it does not receive it."""
    code = versions.snapshot().resolve(procedure.code if isinstance(procedure, Procedure) else procedure)
    if versions.snapshot().offer(code, agency, day) is None:
        return ()
    if isinstance(procedure, str):
        try:
            _, procedure = versions.current_version(code, day)
        except UnknownProcedureError:
            return ()
    return cases_online(procedure, facilities(code, agency, day), day)


def standing(code: str, day: date) -> Standing | None:
    """One procedure over all agencies that receive it; None when nobody in the city does."""
    present = versions.snapshot().resolve(code)
    return next((each for each in standings(day) if each.code == present), None)


def standings(day: date) -> tuple[Standing, ...]:
    """Every procedure received in the city on `day`, in order of codes."""
    return _standings(versions.snapshot(), directory(), day)


def tally(day: date) -> Tally:
    """The city's procedures counted by level."""
    found = standings(day)
    return Tally(
        procedures=len(found),
        least=_count(each.least.level for each in found),
        best=_count(each.best.level for each in found),
        claimed=_count(each.claimed for each in found),
    )


def claim_on(day: date) -> Claim | None:
    """The newest thing an authority had said of itself by `day`, or the oldest one when all are later."""
    claims = versions.snapshot().claims
    before = [each for each in claims if each.day <= day]
    return before[-1] if before else (claims[0] if claims else None)


def is_demonstration(day: date) -> bool:
    """True when what agencies offer online on `day` is made up, wholly or in part, for demonstration."""
    return any(each.demonstration for each in versions.snapshot().online if each.holds(day))


def _count(levels: Iterable[int]) -> dict[int, int]:
    counted = Counter(levels)
    return {level: counted.get(level, 0) for level in range(5)}


@lru_cache(maxsize=8)
def _standings(found: versions.Snapshot, agencies: Directory, day: date) -> tuple[Standing, ...]:
    rows, named = [], {each.agency for each in found.online if each.agency is not None}
    cards = list(versions.cards_on(day))
    procedures = versions.procedure_versions(card.version_id for card in cards)
    for card in cards:
        # Agencies of one tier offer the same, but for those that are named.
        alike: Counter[int | str] = Counter()
        for each in versions.offering_agencies(card.code, day):
            alike[each if each in named else agencies[each].tier] += 1
        first = {agencies[each].tier: each for each in versions.offering_agencies(card.code, day) if each not in named}
        offers: Counter[Facilities] = Counter()
        for place, number in alike.items():
            offers[facilities(card.code, place if isinstance(place, int) else first[place], day)] += number
        if not offers:
            continue
        levels = {offered: online_level(procedures[card.version_id], offered, day) for offered in offers}
        counts: Counter[int] = Counter()
        for offered, number in offers.items():
            counts[levels[offered].level] += number
        ordered = sorted(levels.values(), key=lambda level: level.level)
        rows.append(Standing(card.code, card.name, card.online_level, ordered[0], ordered[-1], dict(counts)))
    return tuple(rows)
