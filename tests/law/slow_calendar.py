"""The obvious calendar: one flag a minute, one look a day. Slow, and too simple to be wrong in the same way.

Shares nothing with the code under test but the data it reads.
"""

import calendar as months
import random
from datetime import date, datetime, time, timedelta
from functools import cache

from law.office_hours import off, office_data, swap
from motcua.law.calendar_data import CalendarData, DayOff, Period, Week, WorkedDay
from motcua.law.working_time import CITY_ZONE

FIRST = date(2018, 1, 1)
DAYS = 500
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL_DAYS = (
    ("08:00-12:00", "13:00-17:00"),
    ("08:00-12:00", "13:30-17:00"),
    ("07:30-11:30", "13:00-16:30"),
    ("08:00-10:00", "10:00-12:00", "14:00-18:07"),
    ("09:00-17:00",),
)


@cache
def flags_of(hours: tuple[str, ...]) -> bytes:
    """One byte a minute of a day with these hours: 1 where it is worked."""
    flags = bytearray(24 * 60)
    for interval in hours:
        first, last = (time.fromisoformat(part) for part in interval.split("-"))
        for minute in range(24 * 60):
            if first <= time(minute // 60, minute % 60) < last:
                flags[minute] = 1
    return bytes(flags)


class SlowCalendar:
    """Answers by walking from `FIRST`, minute by minute and day by day."""

    def __init__(self, data: CalendarData) -> None:
        self.days = [flags_of(self._hours(data, FIRST + timedelta(days=ahead))) for ahead in range(DAYS)]
        self.flags = b"".join(self.days)

    def _hours(self, data: CalendarData, day: date) -> tuple[str, ...]:
        for run in data.days_off:
            if run.date <= day <= (run.until or run.date):
                return ()
        like = day
        for worked in data.worked_days:
            if worked.date == day:
                if worked.hours:
                    return worked.hours
                like = worked.in_place_of
        for period in data.periods:
            if period.valid_from <= day and (period.valid_to is None or day <= period.valid_to):
                return getattr(period.work, NAMES[like.weekday()]) or ()
        raise AssertionError(f"no period for {day}")

    def is_open(self, minute: int) -> bool:
        return bool(self.flags[minute])

    def worked(self, start: int, end: int) -> int:
        return sum(self.flags[start:end])

    def after(self, start: int, minutes: int) -> int:
        minute = start
        while minutes:
            minutes -= self.flags[minute]
            minute += 1
        return minute

    def next_open(self, start: int) -> int:
        while not self.flags[start]:
            start += 1
        return start

    def is_working_day(self, day: int) -> bool:
        return 1 in self.days[day]

    def close(self, day: int) -> int:
        return day * 1440 + max(minute for minute in range(1440) if self.days[day][minute]) + 1

    def nth_working_day_after(self, day: int, n: int) -> int:
        while n:
            day += 1
            n -= self.is_working_day(day)
        return day

    def due(self, start: int, n: int, unit: str, cut_off: str = "") -> int:
        day, minute = divmod(start, 1440)
        if unit == "working_hours":
            return self.after(start, n * 60)
        if unit == "working_days":
            return self.close(self.nth_working_day_after(day, n))
        if unit == "same_day":
            hour, past = cut_off.split(":")
            in_time = minute <= int(hour) * 60 + int(past)
            if self.is_working_day(day) and in_time and start < self.close(day):
                return self.close(day)
            return self.close(self.nth_working_day_after(day, 1))
        if unit == "calendar_days":
            last = day + n
        else:
            year, month, number = (FIRST + timedelta(days=day)).timetuple()[:3]
            for _ in range(n):
                year, month = (year + 1, 1) if month == 12 else (year, month + 1)
            last = (date(year, month, min(number, months.monthrange(year, month)[1])) - FIRST).days
        while not self.is_working_day(last):
            last += 1
        return self.close(last)


def instant(minute: int) -> datetime:
    """The instant at a minute counted from the first midnight."""
    return datetime.combine(FIRST, time(), CITY_ZONE) + timedelta(minutes=minute)


def some_calendar(seed: int) -> CalendarData:
    """An office with hours that change, half days, runs of days off and swaps both ways, drawn from `seed`."""
    drawn = random.Random(seed)
    ends = sorted(drawn.sample(range(20, 300), drawn.choice([0, 1, 1, 2])))
    starts = [date(2016, 1, 1)] + [FIRST + timedelta(days=end + 1) for end in ends]
    lasts = [FIRST + timedelta(days=end) for end in ends] + [None]
    weeks = [_some_week(drawn) for _ in starts]
    periods = tuple(Period(first, week, "test", last) for first, week, last in zip(starts, weeks, lasts, strict=True))
    return office_data(*_some_days(drawn, periods), periods=periods)


def _some_week(drawn: random.Random) -> Week:
    full = drawn.choice(FULL_DAYS)
    days = [full if drawn.random() < 0.9 else drawn.choice([(), ("08:00-11:30",), *FULL_DAYS]) for _ in range(5)]
    days[drawn.randrange(5)] = full
    saturday = drawn.choice([(), (), ("08:00-12:00",), full])
    return Week(*days, saturday, drawn.choice([(), (), (), ("08:00-10:00",)]))


def _some_days(drawn: random.Random, periods: tuple[Period, ...]) -> list[DayOff | WorkedDay]:
    free = [FIRST + timedelta(days=ahead) for ahead in range(350)]
    days: list[DayOff | WorkedDay] = []
    for _ in range(drawn.randrange(25)):
        first = drawn.choice(free)
        run = [day for day in free if 0 <= (day - first).days < drawn.choice([1, 1, 2, 7])]
        run = [day for index, day in enumerate(run) if (day - first).days == index]
        days.append(off(first, "holiday", run[-1] if len(run) > 1 else None))
        free = [day for day in free if day not in run]
    for _ in range(drawn.randrange(6)):
        rest = drawn.choice(free)
        worked = drawn.choice([day for day in free if day != rest and abs((day - rest).days) <= 30] or [rest])
        if worked == rest:
            continue
        free = [day for day in free if day not in (rest, worked)]
        days.extend(swap(rest, worked, hours=drawn.choice([("07:00-11:00",), ("08:00-12:00", "13:00-17:00")])))
        like = next(period for period in reversed(periods) if period.valid_from <= worked).work
        if like.on(rest.isoweekday()) and drawn.random() < 0.7:
            days[-2:] = swap(rest, worked)
    return days
