"""What is asked of a KPI: which part of the city, which instants, and broken down by what; with the parameters for it.

Months and days are the city's. A stock is asked at the end of a period, or now while the period goes on; the open
work of a day at the end of the last day that is over.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec

from motcua.calendars.lookup import calendar_for
from motcua.kpis.columns import SOURCES
from motcua.kpis.shapes import Dimension, Kpi
from motcua.law.working_time import WorkingCalendar, city_day
from motcua.organisation.directory import directory
from motcua.reports.figures import Filter
from motcua.reports.periods import each_half, midnight, next_half

# A dossier that took longer than this before its period is measured from here.
HOURS_BEFORE = timedelta(days=731)
Key = str | int | date


class Asked(msgspec.Struct, frozen=True):
    """One question. `within` are the agencies a reader may see (None: all); `only` one unit of a breakdown."""

    which: Filter
    now: datetime
    by: Dimension | None = None
    channel: str = ""
    within: tuple[int, ...] | None = None
    only: tuple[Dimension, Key] | None = None

    def places(self) -> list[int] | None:
        """The agencies that are asked about, None for all of the city."""
        covered = self.which.places()
        if self.within is None:
            return covered
        return sorted(set(self.within) if covered is None else set(self.within) & set(covered))

    def span(self) -> tuple[datetime, datetime]:
        """The period's first instant, and the first that is no longer in it."""
        return self.which.span()


class NotOfferedError(LookupError):
    """A KPI is asked for a breakdown or a part of the city that its facts do not know."""


def check(kpi: Kpi, asked: Asked) -> None:
    """Raises NotOfferedError for what the KPI cannot be asked."""
    known = SOURCES[kpi.grain].dimensions
    for dimension in (asked.by, asked.only[0] if asked.only else None):
        if dimension is not None and dimension not in (*kpi.by, "month", "half"):
            raise NotOfferedError(f"{kpi.code} is not broken down by {dimension}")
    wanted = {"field": asked.which.field, "procedure": asked.which.procedure, "channel": asked.channel}
    for name, said in wanted.items():
        if said and name not in known:
            raise NotOfferedError(f"{kpi.code} knows no {name}")


def points(kpi: Kpi, asked: Asked) -> list[tuple[date | None, datetime]]:
    """The instants at which a stock is asked: one, or the end of each month or half month of the period."""
    begin, end = asked.span()
    # What belongs to a day is told when the day is over.
    latest = midnight(city_day(asked.now)) if kpi.grain == "open_day" else asked.now
    steps = asked.only[0] if asked.only and asked.only[0] in ("month", "half") else asked.by
    if steps not in ("month", "half"):
        return [(None, min(end, latest))]
    found: dict[date, datetime] = {}
    for half in each_half(asked.which.first, asked.which.last):
        label = half.replace(day=1) if steps == "month" else half
        starts = max(midnight(half), begin)
        if starts < latest:
            found[label] = min(midnight(next_half(half)), end, latest)
    if asked.only and asked.only[0] == steps:
        return [(label, at) for label, at in found.items() if label == asked.only[1]]
    return list(found.items())


def mapped(dimension: Dimension) -> dict[str, Any]:
    """For each agency its district or the tier of its house, as arrays for a join."""
    known = directory()
    numbers = list(known.by_number)
    values: list[Any] = []
    for number in numbers:
        if dimension == "tier":
            values.append(known[known.house(number)].tier)
        else:
            district = known.at_tier(number, "district")
            values.append(district.number if district else 0)
    return {"m_numbers": numbers, "m_values": values}


def hours(begin: datetime, end: datetime) -> dict[str, Any]:
    """The working hours of every agency around a period, as arrays for a join: by calendar, and who keeps to which."""
    known = directory()
    calendars: dict[tuple[str, int], WorkingCalendar] = {}
    keeps: dict[int, tuple[str, int]] = {}
    for number, agency in known.by_number.items():
        calendar = calendar_for(number, agency.tier, house=known.house(number))
        keeps[number] = (calendar.id, calendar.version)
        calendars[keeps[number]] = calendar
    names = list(calendars)
    first, last = city_day(begin - HOURS_BEFORE), city_day(end + timedelta(days=1))
    tables = [_table(calendars[name], first, last) for name in names]
    return {
        "h_agencies": list(keeps),
        "h_keeps": [names.index(each) for each in keeps.values()],
        "h_ids": list(range(len(names))),
        **{
            f"h_{part}": [_array(table[at]) for table in tables]
            for at, part in enumerate(("opens", "closes", "before"))
        },
    }


@lru_cache(maxsize=64)
def _table(calendar: WorkingCalendar, first: date, last: date) -> tuple[list[int], list[int], list[int]]:
    """Seconds since the epoch at which the office opens and closes, and how many were worked before each opening."""
    opens, closes, before, worked = [], [], [], 0
    day = max(first, calendar.covered_from)
    last = min(last, calendar.covered_to or last)
    while day <= last:
        starts = int(midnight(day).timestamp())
        for begin, end in calendar.work_hours(day):
            opens.append(starts + begin * 60)
            closes.append(starts + end * 60)
            before.append(worked)
            worked += (end - begin) * 60
        day += timedelta(days=1)
    return opens, closes, before


def _array(numbers: Iterable[int]) -> str:
    # Arrays of arrays must be as long as each other; these go as text and are read by the database.
    return "{" + ",".join(map(str, numbers)) + "}"
