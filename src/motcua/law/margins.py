"""How sure a figure is: the margin of a share, a mean and a percentile, and who may be ranked before whom.

Pure. The margins are those at 95 %: Wilson's interval for a share, the normal one for a mean, order statistics for a
percentile. Units whose margins overlap cannot be told apart, so a rank is a best and a worst place.
"""

from collections.abc import Hashable, Mapping, Sequence
from math import ceil, floor, sqrt
from typing import NamedTuple, TypeVar

Z = 1.959964
Unit = TypeVar("Unit", bound=Hashable)


class Margin(NamedTuple):
    """The lowest and the highest value that what was seen does not speak against."""

    low: float
    high: float


def of_share(hits: float, cases: float) -> Margin | None:
    """Wilson's interval of a share; None on no cases. Raises ValueError when there are more hits than cases."""
    if cases <= 0:
        return None
    if not 0 <= hits <= cases:
        raise ValueError(f"{hits} of {cases} is no share")
    share, square = hits / cases, Z * Z
    middle = (share + square / (2 * cases)) / (1 + square / cases)
    half = Z * sqrt(share * (1 - share) / cases + square / (4 * cases * cases)) / (1 + square / cases)
    # The ends are exact where nothing, or everything, was a hit; rounding must not push the share outside.
    return Margin(min(max(middle - half, 0.0), share), max(min(middle + half, 1.0), share))


def of_mean(mean: float, deviation: float, cases: int) -> Margin | None:
    """The normal interval of a mean; None where one case, or none, says nothing of how they differ."""
    if cases < 2:
        return None
    half = Z * deviation / sqrt(cases)
    return Margin(mean - half, mean + half)


def of_percentile(grid: Sequence[float], share: float, cases: int) -> Margin | None:
    """The interval of a percentile between order statistics, from quantiles at even steps, rounded outwards."""
    if cases < 2 or not grid:
        return None
    steps = len(grid) - 1
    half = Z * sqrt(share * (1 - share) / cases)
    low, high = floor(max(share - half, 0) * steps), ceil(min(share + half, 1) * steps)
    return Margin(grid[low], grid[high])


class Place(NamedTuple):
    """The best and the worst place a unit may have among those ranked."""

    best: int
    worst: int

    @property
    def is_certain(self) -> bool:
        """True when no other unit may stand in its place."""
        return self.best == self.worst


def places(units: Mapping[Unit, Margin], *, up: bool) -> dict[Unit, Place]:
    """The places of units by their margins; `up`: more is better."""
    found = {}
    for unit, (low, high) in units.items():
        better = sum(other.low > high if up else other.high < low for other in units.values())
        worse = sum(other.high < low if up else other.low > high for other in units.values())
        found[unit] = Place(1 + better, len(units) - worse)
    return found
