"""The shapes of `steering/targets.yaml` and `steering/reform_index.yaml` in a content pack."""

from datetime import date
from typing import Literal

import msgspec

from motcua.law.texts import Text

Tier = Literal["city", "department", "district", "commune"]


class SeedValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value of demonstration for the end of a period."""

    day: date
    value: float


class SeedTarget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One target. With `measure` the system reckons it; otherwise its owner reports. `stops` are own milestones."""

    code: str
    name: Text
    unit: Text
    owner: str
    since: date
    baseline: float
    due: date
    goal: float
    group: Literal["city", "programme"] = "city"
    measure: str = ""
    every: Literal["month", "quarter", "year"] = "year"
    more_is_better: bool = True
    stops: tuple[SeedValue, ...] = ()
    values: tuple[SeedValue, ...] = ()
    is_demo: bool = True
    source: str = ""


class TargetsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`steering/targets.yaml`."""

    targets: tuple[SeedTarget, ...]


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One criterion: its most points; computed from a figure of the year between `zero_at` and `full_at`, or judged.

    `at` are the tiers it is asked of.
    """

    code: str
    name: Text
    points: float
    measure: str = ""
    zero_at: float | None = None
    full_at: float | None = None
    hint: Text = Text("")
    at: tuple[Tier, ...] = ("city", "department", "district", "commune")


class Area(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the eight areas; its points are the sum of its criteria's."""

    code: str
    name: Text
    points: float
    criteria: tuple[Criterion, ...]


class ReformIndex(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`steering/reform_index.yaml`: all areas. `is_demo`: the points are demonstration values."""

    areas: tuple[Area, ...]
    source: str
    is_demo: bool = True

    def asked_of(self, tier: str) -> list[Criterion]:
        """The criteria asked of agencies of a tier, in order."""
        return [each for area in self.areas for each in area.criteria if tier in each.at]

    def area_of(self, criterion: Criterion) -> str:
        """The code of the area a criterion stands in."""
        return next(area.code for area in self.areas if any(each.code == criterion.code for each in area.criteria))
