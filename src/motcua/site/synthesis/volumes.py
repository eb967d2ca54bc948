"""Who files what where: procedures, agencies and their very uneven volumes, grouped so that numbers never meet.

A group's dossiers draw numbers only at its own agencies (codes and books where they are received, results where
they are signed), so groups can be made side by side. What is signed in another group's house stands apart.
"""

import random
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from motcua.catalogue import versions
from motcua.law.directory import Directory
from motcua.law.procedure import Procedure
from motcua.law.process import resolve_step
from motcua.organisation.directory import directory

# How often each procedure is asked for, beside 1 for what is not named here: our estimate, for demonstration.
ASKED_FOR = {
    "2.000815": 34, "2.000884": 14, "2.000635": 9, "1.004873": 9, "1.001193": 8, "2.001035": 6, "1.000656": 3,
    "1.000894": 3, "1.012765": 5, "2.000488": 4, "1.001612": 3, "2.002288": 3, "2.000720": 2, "1.009994": 2,
    "2.000986": 2, "2.000205": 2, "1.001776": 1.5, "1.011607": 1, "2.000748": 1, "1.004884": 1, "1.001731": 1,
    "1.001022": 0.4, "1.012814": 0.8, "1.010824": 0.15, "1.002693": 0.4, "1.012943": 0.05, "1.009794": 0.2,
    "HN18.001": 0.2, "1.004837": 0.2,
}  # fmt: skip
CENTRE_SHARE = 3  # one district in so many is of the centre: the first, by code
CENTRE, DISTRICT_SIZE, SPREAD = 3.0, 8.0, 0.7


class Place(NamedTuple):
    """A procedure at an agency that receives it, with its share of what the city is asked for."""

    code: str
    agency: int
    share: float


class Group(NamedTuple):
    """Places whose numbers meet nobody else's. `apart` ones share houses with others and are made afterwards."""

    name: str
    places: tuple[Place, ...]
    apart: bool

    @property
    def share(self) -> float:
        """Its part of the whole."""
        return sum(place.share for place in self.places)


def sizes(seed: int, agencies: Directory) -> dict[int, float]:
    """How many people go to each agency, against the others of its tier: many in the centre, few at the rim."""
    districts = sorted((each for each in agencies.by_number.values() if each.tier == "district"), key=lambda d: d.code)
    centre = {each.number for each in districts[: max(1, len(districts) // CENTRE_SHARE)]}
    found = {}
    for number in sorted(agencies.by_number):
        district = agencies.at_tier(number, "district")
        rng = random.Random(f"{seed}/size/{number}")  # noqa: S311 - plausible, not secret
        size = rng.lognormvariate(0, SPREAD) * (CENTRE if district is not None and district.number in centre else 1)
        found[number] = size * (DISTRICT_SIZE if agencies[number].tier == "district" else 1)
    return found


def groups(first: date, last: date, seed: int) -> list[Group]:
    """Every procedure of the pack at every agency that receives it in the period; the largest group first."""
    agencies, size = directory(), sizes(seed, directory())
    together: dict[str, list[Place]] = {}
    alone: list[Place] = []
    asked = dict(_procedures(first, last))
    whole = sum(ASKED_FOR.get(code, 1.0) for code in asked)
    for code, procedure in sorted(asked.items()):
        receiving = versions.offering_agencies(code, last) or versions.offering_agencies(code, first)
        sum_of_sizes = sum(size[number] for number in receiving)
        for number in receiving:
            place = Place(code, number, ASKED_FOR.get(code, 1.0) / whole * size[number] / sum_of_sizes)
            if _numbers_elsewhere(procedure, number, agencies):
                alone.append(place)
            else:
                together.setdefault(_group_of(number, agencies), []).append(place)
    found = [Group(name, tuple(places), False) for name, places in together.items()]
    found.sort(key=lambda group: (-group.share, group.name))
    return [*found, Group("apart", tuple(alone), True)] if alone else found


def _procedures(first: date, last: date) -> Iterator[tuple[str, Procedure]]:
    for day in (first, last):
        for card in versions.cards_on(day):
            if card.origin == "pack":
                yield card.code, versions.procedure_version(card.version_id)


def _group_of(number: int, agencies: Directory) -> str:
    """A district with all below it; departments and the city together."""
    place = agencies[number]
    district = agencies.at_tier(number if place.serves is None else place.serves, "district")
    return f"district {district.code}" if district is not None else "departments"


def _numbers_elsewhere(procedure: Procedure, receiving: int, agencies: Directory) -> bool:
    own = _group_of(receiving, agencies)
    for step in procedure.process.steps:
        if "number" in step.actions:
            agency = resolve_step(procedure.process, step, receiving, agencies)
            if agency is not None and _group_of(agencies.house(agency), agencies) != own:
                return True
    return False
