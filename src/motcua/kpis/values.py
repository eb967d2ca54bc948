"""One value of a KPI with everything that must stand beside it, made from a row of its statement. Pure.

Nothing divided by nothing is no value, and a value of too few cases is there but not shown.
"""

from typing import Any

import msgspec

from motcua.kpis.shapes import Kpi
from motcua.law import margins


class Reading(msgspec.Struct, frozen=True):
    """A value: what it was made of, its margin, and whether it rests on enough cases.

    `denominator` is None for a count; for a percentile both parts are the number of cases.
    """

    numerator: float
    denominator: float | None
    value: float | None
    low: float | None
    high: float | None
    cases: int
    enough: bool

    @property
    def shown(self) -> float | None:
        """The value, when it rests on enough cases."""
        return self.value if self.enough else None


def nothing(kpi: Kpi, days: int = 0) -> Reading:
    """The value over no cases: nought for a count, otherwise none."""
    if kpi.amount is not None:
        return reading_of(kpi, 0, [0.0, 0.0], days)
    return reading_of(kpi, 0, [0] if kpi.measure in ("count", "share") else [None, None], days)


def reading_of(kpi: Kpi, cases: int, rest: list[Any], days: int = 0) -> Reading:
    """The value of a row of `Compiler.values`: how many cases, and what was reckoned of them."""
    if kpi.amount is not None:
        return _of_amounts(kpi, cases, float(rest[0]), days if kpi.amount.denominator == "days" else float(rest[1]))
    enough = cases >= kpi.smallest_sample
    if kpi.measure == "count":
        return Reading(cases, None, cases, None, None, cases, True)
    if kpi.measure == "share":
        margin = margins.of_share(rest[0], cases)
        return Reading(rest[0], cases, rest[0] / cases if cases else None, *_ends(margin), cases, enough)
    if kpi.measure == "mean":
        mean = rest[0] / cases if cases else None
        margin = margins.of_mean(mean, rest[1], cases) if mean is not None else None
        return Reading(rest[0] or 0.0, cases, mean, *_ends(margin), cases, enough)
    grid, share = rest[0], kpi.share or 0.5
    if not cases or grid is None:
        return Reading(0, 0, None, None, None, 0, False)
    value = grid[round(share * (len(grid) - 1))]
    return Reading(cases, cases, value, *_ends(margins.of_percentile(grid, share, cases)), cases, enough)


def _of_amounts(kpi: Kpi, cases: int, above: float, below: float) -> Reading:
    assert kpi.amount is not None
    if not kpi.amount.denominator:
        return Reading(above, None, above, None, None, int(above), True)
    counted = kpi.grain == "open_day" and kpi.amount.denominator != "days"
    resting = cases if kpi.grain != "open_day" else int(below)
    margin = margins.of_share(above, below) if counted and 0 <= above <= below else None
    value = above / below if below > 0 else None
    return Reading(above, below, value, *_ends(margin), resting, resting >= kpi.smallest_sample)


def _ends(margin: margins.Margin | None) -> tuple[float | None, float | None]:
    return (None, None) if margin is None else (margin.low, margin.high)
