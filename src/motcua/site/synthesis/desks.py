"""How long work lies: desks with a capacity a day, slow houses, absences, stamps in batches, couriers twice a week.

Backlogs are not drawn, they arise: when more arrives than a desk can do, work moves to the next day that has room.
So what is late clusters in time and place. How long a touch takes has the shape of a real log.
"""

import math
import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from motcua.law.working_time import CITY_ZONE, WorkingCalendar, city_day
from motcua.site.synthesis.seasons import waves

# Fitted to the public log "Receipt phase of an environmental permit application process (WABO), CoSeLoG" (1,434
# cases, 8,577 events; nothing of it is copied): 60 % of the steps follow the one before within a minute; of the
# others, these are the quantiles of ln(waiting / the case's whole limit). Tried with one lognormal (mean -6.55,
# deviation 3.44) it fits badly: the shape has two humps.
AT_ONCE = 0.60
WAIT_PLACES = (0.0, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 1.0)
WAIT_LOGS = (-11.2, -10.9, -10.6, -9.8, -7.2, -3.35, -1.7, -1.0, -0.4)

# Our own estimates.
DAY = 480  # worked minutes
SLOW_HOUSES, SLOW_PACE = 0.08, 1.75
ABSENCES_A_YEAR, ABSENT_DAYS, ABSENT_PACE = 1.2, (4, 16), 2.4  # somebody is away and the others stand in
LOAD, FULL_LOAD, FULL_DESKS = (0.5, 0.74), 0.87, 0.07  # expected use of a desk's capacity
SMALLEST_DESK = 4.0
OVERFULL = 1.6  # how far same-day work may push a desk beyond its capacity
COURIERS = 0.12  # communes that send papers on to the district on two days of the week only
COURIER_DAYS = (1, 4)
QUEUED = ("officer", "head", "leader")
STAMP_TIMES = (time(10, 30), time(15, 30))


def touch(rng: random.Random, limit: int) -> float:
    """Worked minutes until a step that is no work in itself is done, in a case whose whole limit is `limit` minutes."""
    if rng.random() < AT_ONCE:
        return rng.uniform(1, 9)
    place = rng.random()
    at = min(bisect_right(WAIT_PLACES, place), len(WAIT_PLACES) - 1)
    low, high = WAIT_PLACES[at - 1], WAIT_PLACES[at]
    log = WAIT_LOGS[at - 1] + (WAIT_LOGS[at] - WAIT_LOGS[at - 1]) * (place - low) / (high - low)
    return 2 + limit * math.exp(log)


class WorkingDays:
    """The working days of a calendar in order, to step along without asking it each time.

    `rush` is how much slower work goes on the days around Tết, when everybody wants it done.
    """

    def __init__(self, calendar: WorkingCalendar, first: date, last: date) -> None:
        self.calendar, self.first, self.last = calendar, first, last
        self.rush = {day: wave for day, wave in waves(calendar, first, last).items() if wave > 1}
        self._ordinals = [
            number
            for number in range(first.toordinal(), last.toordinal() + 1)
            if calendar.is_working_day(date.fromordinal(number))
        ]
        self._opens = [
            calendar.next_open(datetime.combine(date.fromordinal(number), time(), CITY_ZONE))
            for number in self._ordinals
        ]

    def place(self, day: date) -> int:
        """The place of the day, or of the next working day."""
        return bisect_left(self._ordinals, day.toordinal())

    def opening(self, place: int) -> datetime | None:
        """When that day opens; None beyond the days there are."""
        return self._opens[place] if place < len(self._opens) else None


class Desk:
    """One role at one agency. `capacity` is in pieces a day; None never fills."""

    def __init__(
        self, days: WorkingDays, capacity: float | None, pace: float, absences: list[tuple[date, date]], stamps: bool
    ) -> None:
        self.days, self.capacity, self.pace, self.stamps = days, capacity, pace, stamps
        self._absences = absences
        self._used: dict[int, float] = {}
        self._next: dict[int, int] = {}

    def done(self, arrived: datetime, minutes: float, *, urgent: bool = False) -> datetime:
        """When a piece of work that arrived then and needs so long is done, and takes its room on that day."""
        calendar, day = self.days.calendar, city_day(arrived)
        pace = self.pace * self.days.rush.get(day, 1.0)
        if any(begin <= day <= end for begin, end in self._absences):
            pace *= ABSENT_PACE
        at = calendar.instant_after(arrived, max(1, int(minutes * pace)))
        if self.capacity is not None:
            at = self._in_turn(at, self.capacity * (OVERFULL if urgent else 1.0))
        return next_stamp(calendar, at) if self.stamps and not urgent else at

    def _in_turn(self, at: datetime, capacity: float) -> datetime:
        wanted = self.days.place(city_day(at))
        place = self._free_from(wanted, capacity)
        used = self._used[place] = self._used.get(place, 0.0) + 1
        if place == wanted:
            return at
        opened = self.days.opening(place)
        if opened is None:
            return at + timedelta(days=400)
        return self.days.calendar.instant_after(opened, 5 + int(min(1.0, used / capacity) * (DAY - 30)))

    def _free_from(self, place: int, capacity: float) -> int:
        passed = []
        while self._used.get(place, 0.0) >= capacity:
            passed.append(place)
            place = self._next.get(place, place + 1)
        # Full days stay full: whoever comes later need not look at each of them again.
        if capacity == self.capacity:
            self._next.update(dict.fromkeys(passed, place))
        return place


class Desks:
    """All desks of a city as they come to be needed; `loads` are the expected pieces a working day."""

    def __init__(
        self,
        seed: int,
        days_of: Callable[[int], WorkingDays],
        house: Callable[[int], int],
        loads: dict[tuple[int, str], float],
    ) -> None:
        self._seed, self._days_of, self._house, self._loads = seed, days_of, house, loads
        self._desks: dict[tuple[int, str], Desk] = {}
        self._couriers: dict[int, bool] = {}

    def at(self, agency: int, role: str) -> Desk:
        """The desk of a role at an agency."""
        desk = self._desks.get((agency, role))
        if desk is None:
            desk = self._desks[agency, role] = self._made(agency, role)
        return desk

    def has_courier(self, agency: int) -> bool:
        """True where papers go on to another house on two days of the week only."""
        if agency not in self._couriers:
            self._couriers[agency] = self._rng("courier", agency).random() < COURIERS
        return self._couriers[agency]

    def _made(self, agency: int, role: str) -> Desk:
        rng = self._rng("house", self._house(agency))
        pace = rng.lognormvariate(-0.03, 0.15) * (SLOW_PACE if rng.random() < SLOW_HOUSES else 1.0)
        rng = self._rng(role, agency)
        use = FULL_LOAD if rng.random() < FULL_DESKS else rng.uniform(*LOAD)
        load = self._loads.get((agency, role))
        counted = load is not None and role in QUEUED
        capacity = max(SMALLEST_DESK, (load or 0.0) / use) if counted else None
        days = self._days_of(agency)
        absences = _absences(rng, days) if role in QUEUED else []
        return Desk(days, capacity, pace, absences, stamps=role == "registrar")

    def _rng(self, what: str, agency: int) -> random.Random:
        return random.Random(f"{self._seed}/{what}/{agency}")  # noqa: S311 - plausible, not secret


def _absences(rng: random.Random, days: WorkingDays) -> list[tuple[date, date]]:
    found, span = [], (days.last - days.first).days
    for _ in range(int(span / 365 * ABSENCES_A_YEAR + rng.random())):
        begin = days.first + timedelta(days=rng.randrange(span))
        found.append((begin, begin + timedelta(days=rng.randint(*ABSENT_DAYS))))
    return found


def next_stamp(calendar: WorkingCalendar, at: datetime) -> datetime:
    """The next time of the day at which documents are numbered and stamped together."""
    local = at.astimezone(CITY_ZONE)
    for hour in STAMP_TIMES:
        if local.time() <= hour:
            return _later(datetime.combine(local.date(), hour, CITY_ZONE), at)
    opened = calendar.opening_of_next_working_day(local.date())
    return datetime.combine(city_day(opened), STAMP_TIMES[0], CITY_ZONE)


def next_courier(calendar: WorkingCalendar, at: datetime) -> datetime:
    """The next time the courier goes."""
    day = city_day(at)
    while day.weekday() not in COURIER_DAYS or not calendar.is_working_day(day) or _courier(day) < at:
        day += timedelta(days=1)
    return _courier(day)


def _courier(day: date) -> datetime:
    return datetime.combine(day, time(14, 0), CITY_ZONE)


def _later(one: datetime, other: datetime) -> datetime:
    return one if one.astimezone(UTC) >= other.astimezone(UTC) else other
