"""The traffic light of a target: how far its last value lies behind the path from the baseline to the due date.

Pure. The path is straight, or runs through the target's own milestones. A better value never gives a worse colour.
Grey is said with its reason: nothing reported, too early to tell, or the last value is too old.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

import msgspec

Colour = Literal["green", "amber", "red", "grey"]
Reason = Literal["on_path", "reached", "behind", "far_behind", "missed", "no_data", "too_early", "too_old"]

# How far behind the path, as a share of the whole way, is still green, and still amber: demonstration values.
GREEN_WITHIN, AMBER_WITHIN = Decimal("0.02"), Decimal("0.10")
# Before so much of the time has passed a value says nothing about the end.
TOO_EARLY = Decimal("0.05")
# A target that is to be kept, not moved, is measured against this share of itself.
SMALLEST_WAY = Decimal("0.05")


class Path(msgspec.Struct, frozen=True):
    """From where to where, by when. `stops` are own milestones between the two, in the order of their days."""

    since: date
    baseline: Decimal
    due: date
    goal: Decimal
    stops: tuple[tuple[date, Decimal], ...] = ()
    more_is_better: bool = True
    value_lasts: timedelta = timedelta(days=400)

    def expected(self, day: date) -> Decimal:
        """What the path asks for on a day; before it begins the baseline, after its end the goal."""
        points = [(self.since, self.baseline), *self.stops, (self.due, self.goal)]
        if day <= self.since:
            return self.baseline
        if day >= self.due:
            return self.goal
        at = bisect_right([each[0] for each in points], day)
        (begin, low), (end, high) = points[at - 1], points[at]
        share = Decimal((day - begin).days) / Decimal(max((end - begin).days, 1))
        return low + (high - low) * share

    def elapsed(self, day: date) -> Decimal:
        """The share of the time that has passed, 0 to 1."""
        whole = max((self.due - self.since).days, 1)
        return min(max(Decimal((day - self.since).days) / Decimal(whole), Decimal(0)), Decimal(1))


class Light(msgspec.Struct, frozen=True):
    """The colour and why; what was expected on the day of the value, and how far behind as a share of the way."""

    colour: Colour
    reason: Reason
    expected: Decimal | None = None
    behind: Decimal | None = None


def light(path: Path, value: tuple[date, Decimal] | None, today: date) -> Light:
    """The light of a target whose last value is of a day, looked at `today`."""
    if value is None:
        return Light("grey", "no_data")
    day, number = value
    expected = path.expected(day)
    way = max(abs(path.goal - path.baseline), abs(path.goal) * SMALLEST_WAY, Decimal("0.000001"))
    short = expected - number if path.more_is_better else number - expected
    behind = max(short, Decimal(0)) / way
    reached = number >= path.goal if path.more_is_better else number <= path.goal
    if reached:
        return Light("green", "reached", expected, behind)
    if today > path.due and day >= path.due:
        return Light("red", "missed", expected, behind)
    if today > day + path.value_lasts:
        return Light("grey", "too_old", expected, behind)
    if path.elapsed(day) < TOO_EARLY:
        return Light("grey", "too_early", expected, behind)
    if behind <= GREEN_WITHIN:
        return Light("green", "on_path", expected, behind)
    if behind <= AMBER_WITHIN:
        return Light("amber", "behind", expected, behind)
    return Light("red", "far_behind", expected, behind)


def last_of(values: Sequence[tuple[date, Decimal]], today: date) -> tuple[date, Decimal] | None:
    """The newest value that is not of the future."""
    known = [each for each in values if each[0] <= today]
    return max(known, key=lambda each: each[0]) if known else None
