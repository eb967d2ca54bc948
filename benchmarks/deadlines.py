"""Deadlines reckoned in bulk, against a loop over the days with a set of days off, as a holiday library is used.

Both reckon the same working-day limits on Hanoi's calendar in the same run, and must agree on every one.
"""

import random
import time
from argparse import Namespace
from datetime import date, datetime, timedelta
from typing import Any

from motcua.calendars.reading import read_calendar
from motcua.law.limits import due_many, parse_limit
from motcua.law.working_time import CITY_ZONE, WorkingCalendar, city_day
from motcua.site.founding import default_pack

NEEDS_CITY = False
COUNT = 400_000
SAMPLE = 20_000
WORDS = ("3 working_days", "5 working_days", "15 working_days", "20 working_days")
MIXED = (*WORDS, "30 calendar_days", "2 months", "same_day", "8 working_hours")


def _calendar() -> WorkingCalendar:
    data, problems = read_calendar(default_pack() / "calendars" / "hanoi.yaml")
    if data is None:
        raise AssertionError(problems)
    return WorkingCalendar(data)


def _naive(working: dict[date, bool], start: date, days: int) -> date:
    day = start
    while days:
        day += timedelta(days=1)
        days -= working[day]
    return day


def _per_second(calendar: WorkingCalendar, words: tuple[str, ...], starts: list[datetime]) -> float:
    """Deadlines a second, each start with its limit in turn: nothing is sorted to suit us."""
    limits = [parse_limit(each) for each in words]
    given = [limits[at % len(limits)] for at in range(len(starts))]
    begun = time.perf_counter()
    due_many(calendar, starts, given)
    return len(starts) / (time.perf_counter() - begun)


def run(_options: Namespace) -> dict[str, Any]:
    """Best of three of each, in turns."""
    rng, calendar = random.Random(11), _calendar()
    first = datetime(2017, 1, 2, tzinfo=CITY_ZONE)
    starts = [first + timedelta(minutes=rng.randrange(2 * 365 * 1440)) for _ in range(COUNT)]
    working = {day: calendar.is_working_day(day) for day in (date(2017, 1, 1) + timedelta(days=n) for n in range(900))}
    limits = [parse_limit(each) for each in WORDS]
    sample = [(start, limits[at % len(limits)]) for at, start in enumerate(starts[:SAMPLE])]
    ours, naive, mixed = 0.0, 0.0, 0.0
    for _ in range(3):
        ours = max(ours, _per_second(calendar, WORDS, starts))
        mixed = max(mixed, _per_second(calendar, MIXED, starts))
        begun = time.perf_counter()
        expected = [_naive(working, city_day(start), limit.n) for start, limit in sample]
        naive = max(naive, SAMPLE / (time.perf_counter() - begun))
    found = due_many(calendar, [start for start, _ in sample], [limit for _, limit in sample])
    if [city_day(each) for each in found] != expected:
        raise AssertionError("the two do not agree")
    return {
        "rate": round(ours),
        "unit": "deadlines/s",
        "ratio": round(ours / naive, 1),
        "against": "a loop over the days with a set of days off",
        "naive": round(naive),
        "all_units": round(mixed),
        "agreed_on": SAMPLE,
    }
