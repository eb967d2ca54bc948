"""When people come: by month, weekday and hour, with a wave before Tết, almost nothing in it, and a wave after.

Counters receive only in their hours; from home people file at any time. The weights are our own estimates of how
a Vietnamese office year runs, not measured in any city.
"""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate

from motcua.law.working_time import CITY_ZONE, WorkingCalendar

# January to December; July and August bring the papers for schools.
MONTHS = (1.05, 0.9, 1.1, 1.0, 1.0, 1.05, 1.1, 1.25, 1.05, 1.0, 1.0, 1.05)
# Monday to Sunday.
AT_COUNTERS = (1.3, 1.1, 1.0, 0.95, 0.8, 0.25, 0.25)
FROM_HOME = (1.2, 1.1, 1.05, 1.0, 0.9, 0.6, 0.55)
FRIDAY_AFTERNOON = 0.55
NOON = 12 * 60

# Half hours of the day (minutes after midnight) with how many come in them.
COUNTER_HOURS = (
    (450, 0.5), (480, 1.0), (510, 1.35), (540, 1.5), (570, 1.5), (600, 1.3), (630, 1.1), (660, 0.7), (690, 0.3),
    (780, 0.6), (810, 1.1), (840, 1.25), (870, 1.1), (900, 0.9), (930, 0.7), (960, 0.45), (990, 0.2),
)  # fmt: skip
HOME_HOURS = (
    (0, 0.15), (360, 0.3), (420, 0.6), (480, 1.0), (540, 1.2), (600, 1.1), (660, 0.9), (720, 0.8), (780, 0.8),
    (840, 1.0), (900, 1.0), (960, 0.9), (1020, 0.6), (1080, 0.5), (1140, 0.9), (1200, 1.3), (1260, 1.2),
    (1320, 0.7), (1380, 0.3),
)  # fmt: skip


class Seasons:
    """The days of a period with their weights, at the counters and from home."""

    def __init__(self, calendar: WorkingCalendar, first: date, last: date) -> None:
        self.days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        self._calendar = calendar
        around = waves(calendar, first, last)
        both = [MONTHS[day.month - 1] * around.get(day, 1.0) for day in self.days]
        counters = [
            weight * AT_COUNTERS[day.weekday()] if calendar.reception_hours(day) else 0.0
            for day, weight in zip(self.days, both, strict=True)
        ]
        home = [weight * FROM_HOME[day.weekday()] for day, weight in zip(self.days, both, strict=True)]
        self.at_counters, self.from_home = list(accumulate(counters)), list(accumulate(home))
        self._hours: dict[tuple[date, bool], tuple[list[int], list[float]]] = {}

    @property
    def open_days(self) -> int:
        """On how many days the counters receive."""
        return len(set(self.at_counters) - {0.0})

    def instant(self, rng: random.Random, day: date, *, at_counter: bool) -> datetime:
        """When on that day somebody comes, or files from home."""
        minutes, weights = self._hours_of(day, at_counter)
        begun = rng.choices(minutes, cum_weights=weights)[0]
        within = 30 if at_counter else 60
        past = begun + rng.randrange(within)
        return datetime.combine(day, time(past // 60, past % 60, rng.randrange(60)), CITY_ZONE)

    def _hours_of(self, day: date, at_counter: bool) -> tuple[list[int], list[float]]:
        known = self._hours.get((day, at_counter))
        if known is None:
            hours: Sequence[tuple[int, float]] = HOME_HOURS
            if at_counter:
                opened = self._calendar.reception_hours(day)
                hours = [
                    (minute, weight * (FRIDAY_AFTERNOON if day.weekday() == 4 and minute >= NOON else 1.0))
                    for minute, weight in COUNTER_HOURS
                    if any(begin <= minute and minute + 30 <= end for begin, end in opened)
                ] or [(begin, 1.0) for begin, _end in opened]
            known = [minute for minute, _ in hours], list(accumulate(weight for _, weight in hours))
            self._hours[day, at_counter] = known
        return known


def waves(calendar: WorkingCalendar, first: date, last: date) -> dict[date, float]:
    """What each Tết makes of the days around it: everything before it is to be done before it."""
    found: dict[date, float] = {}
    for year in range(first.year, last.year + 1):
        run = tet(calendar, year)
        if not run:
            continue
        begin, end = run[0], run[-1]
        found |= dict.fromkeys(run, 0.04)
        for before in range(1, 29):
            found[begin - timedelta(days=before)] = 0.75 if before <= 3 else 1.0 + 0.6 * (29 - before) / 25
        for after in range(1, 22):
            found[end + timedelta(days=after)] = 0.5 if after <= 3 else 1.0 + 0.4 * (22 - after) / 18
    return found


def tet(calendar: WorkingCalendar, year: int) -> list[date]:
    """The days off of a year's Tết: the longest run of them between 15 January and 28 February; none below five."""
    longest: list[date] = []
    run: list[date] = []
    day = date(year, 1, 15)
    while day <= date(year, 2, 28):
        run = [] if calendar.is_working_day(day) else [*run, day]
        longest = run if len(run) > len(longest) else longest
        day += timedelta(days=1)
    return longest if len(longest) >= 5 else []
