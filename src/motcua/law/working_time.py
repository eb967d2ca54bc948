"""Working time: from an instant to worked minutes and back, each by one bisection.

A calendar is compiled to a sorted table of open intervals with running sums, lengthened as far ahead as
anybody asks. What limits mean is left to `limits`, which calendar holds for whom to `calendars/`.
"""

from array import array
from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta, timezone
from threading import Lock
from typing import NamedTuple, NoReturn

from motcua.law.calendar_data import (
    CalendarData,
    CalendarDataError,
    Minutes,
    Order,
    Period,
    calendar_faults,
    minutes_of,
)
from motcua.law.texts import Text

__all__ = ["CITY_ZONE", "CalendarData", "OutsideCalendarError", "WorkingCalendar", "city_day", "day_in_words"]

# Vietnam has kept +07:00 without summer time since 1975, and no dossier is older.
CITY_ZONE = timezone(timedelta(hours=7), "+07")

# Inside, an instant is the count of microseconds of the city's clock since this one.
_ORIGIN = datetime(1, 1, 1, tzinfo=CITY_ZONE)
_SECOND = 1_000_000
_MINUTE = 60 * _SECOND
_DAY = 86_400 * _SECOND
_DAYS_AT_ONCE = 731
# A calendar without an end stops short of year 9999, so that a century after any of its days is still a date.
_HORIZON = date(8999, 12, 31)

_WEEKDAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class OutsideCalendarError(LookupError):
    """A day for which the calendar has no weekly hours. Never answered with a guess."""

    def __init__(self, calendar: str, day: date) -> None:
        self.calendar, self.day = calendar, day
        self.text = Text(
            f"Lịch làm việc {calendar} không có giờ làm việc cho ngày {day.day}/{day.month}/{day.year}.",
            f"Calendar {calendar} has no working hours for {day.isoformat()}.",
        )
        super().__init__(self.text.en)


def city_day(instant: datetime) -> date:
    """The city's day at an aware instant. ValueError for one without a zone."""
    if instant.tzinfo is CITY_ZONE:
        return instant.date()
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(CITY_ZONE).date()


def day_in_words(day: date) -> Text:
    """`thứ Hai 31/12/2018`, `Monday 31/12/2018`."""
    figures = f"{day.day}/{day.month}/{day.year}"
    return Text(f"{_WEEKDAYS_VI[day.weekday()]} {figures}", f"{_WEEKDAYS_EN[day.weekday()]} {figures}")


class _Table(NamedTuple):
    """Open intervals up to the day `end` (not included). Replaced, never changed, when it grows."""

    end: int
    opens: "array[int]"
    closes: "array[int]"
    before: "array[int]"
    days: "array[int]"
    day_closes: "array[int]"

    @property
    def total(self) -> int:
        """Worked microseconds in the whole table."""
        return self.before[-1] + self.closes[-1] - self.opens[-1] if self.opens else 0


class WorkingCalendar:
    """When an office works. Instants in and out are aware; those out are in the city's zone.

    A day is a working day when it has working hours. Every function raises OutsideCalendarError for a day
    before the first period of weekly hours or after the last.
    """

    def __init__(self, data: CalendarData, version: int = 0) -> None:
        faults = calendar_faults(data)
        if faults:
            raise CalendarDataError(data.id, faults)
        self.id = data.id
        self.version = version
        self.data = data
        self.covered_from = data.periods[0].valid_from
        self.covered_to = data.periods[-1].valid_to
        self._first = self.covered_from.toordinal()
        self._last = min(self.covered_to or _HORIZON, _HORIZON).toordinal()
        self._weeks = [_Weekly(period) for period in data.periods]
        self._week_starts = [period.valid_from.toordinal() for period in data.periods]
        self._off = {day.toordinal(): off for off in data.days_off for day in off.days()}
        self._worked = {worked.date.toordinal(): worked for worked in data.worked_days}
        self._worked_for = {worked.in_place_of.toordinal(): worked for worked in data.worked_days}
        self._growing = Lock()
        empty = [array("q") for _ in range(5)]
        self._table = _Table(self._first, *empty)

    def __repr__(self) -> str:
        return f"<WorkingCalendar {self.id} version {self.version}>"

    # -- days ---------------------------------------------------------------------------------------

    def require(self, day: date) -> None:
        """Raises OutsideCalendarError unless the calendar has weekly hours for the day."""
        self._check_covered(day.toordinal())

    def work_hours(self, day: date) -> Minutes:
        """The working hours of a day in minutes after midnight; empty on a day off."""
        ordinal = day.toordinal()
        self._check_covered(ordinal)
        return self._hours(ordinal)

    def reception_hours(self, day: date) -> Minutes:
        """When the counters receive that day, which may be outside working hours."""
        ordinal = day.toordinal()
        self._check_covered(ordinal)
        worked = self._worked.get(ordinal)
        if ordinal in self._off:
            return ()
        if worked is not None and worked.hours:
            return minutes_of(worked.hours)
        weekday = worked.in_place_of.isoweekday() if worked else day.isoweekday()
        return self._week(ordinal).reception[weekday - 1]

    def is_working_day(self, day: date) -> bool:
        """True when the day has working hours."""
        return bool(self.work_hours(day))

    def nth_working_day_after(self, day: date, n: int) -> date:
        """The n-th working day after `day`, which itself is not counted (n >= 1)."""
        return date.fromordinal(self._nth(day, n)[0])

    def close_of_nth_working_day_after(self, day: date, n: int) -> datetime:
        """When the office closes on the n-th working day after `day` (Civil Code 2015, art. 147 and 148)."""
        return _instant(self._nth(day, n)[1])

    def close_of_working_day_from(self, day: date) -> datetime:
        """When the office closes on `day`, or on the next working day where it is a day off."""
        self.require(day)
        if day.toordinal() == self._first:
            return self.close(day) if self.is_working_day(day) else self.close_of_nth_working_day_after(day, 1)
        return self.close_of_nth_working_day_after(day - timedelta(days=1), 1)

    def close(self, day: date) -> datetime:
        """When the office closes on a working day. ValueError on a day off."""
        hours = self.work_hours(day)
        if not hours:
            raise ValueError(f"{day} is not a working day of {self.id}")
        return _instant(day.toordinal() * _DAY - _DAY + hours[-1][1] * _MINUTE)

    def opening_of_next_working_day(self, day: date) -> datetime:
        """When the office opens on the first working day after `day`."""
        following = self.nth_working_day_after(day, 1)
        return _instant(following.toordinal() * _DAY - _DAY + self.work_hours(following)[0][0] * _MINUTE)

    def working_days_between(self, earlier: date, later: date) -> int:
        """How many working days there are after `earlier` up to and including `later`; 0 if there is none."""
        if later <= earlier:
            return 0
        self.require(earlier)
        table = self._reach(later.toordinal())
        return bisect_right(table.days, later.toordinal()) - bisect_right(table.days, earlier.toordinal())

    def day_notes(self, day: date) -> Text | None:
        """Why a day is not worked, or why a day of rest is; None for an ordinary working day."""
        ordinal = day.toordinal()
        self._check_covered(ordinal)
        off, worked = self._off.get(ordinal), self._worked.get(ordinal)
        if worked is not None:
            replaced = day_in_words(worked.in_place_of)
            return Text(f"Làm bù cho {replaced.vi}", f"Worked in place of {replaced.en}")
        if off is not None and off.kind == "swapped_off":
            instead = day_in_words(self._worked_for[ordinal].date)
            return Text(f"{off.name.vi}, làm bù {instead.vi}", f"{off.name.en}, worked on {instead.en} instead")
        if off is not None:
            return off.name
        if self._hours(ordinal):
            return None
        return Text(
            f"{_WEEKDAYS_VI[day.weekday()][0].upper()}{_WEEKDAYS_VI[day.weekday()][1:]}, ngày nghỉ hằng tuần",
            f"{_WEEKDAYS_EN[day.weekday()]}, weekly day of rest",
        )

    def ordered_by(self, day: date) -> Order:
        """The document that makes the day what it is."""
        ordinal = day.toordinal()
        self._check_covered(ordinal)
        rule = self._off.get(ordinal) or self._worked.get(ordinal) or self._week(ordinal).period
        return self.data.orders[rule.by]

    def is_known(self, day: date) -> bool:
        """True when the days off of that time are decreed, so that a deadline there is not provisional."""
        return self.data.known_from <= day <= self.data.known_to

    # -- instants -----------------------------------------------------------------------------------

    def is_open(self, instant: datetime) -> bool:
        """True during working hours: from the opening on, up to but not including the close."""
        ticks = self._ticks(instant)
        table = self._reach(ticks // _DAY + 1)
        index = bisect_right(table.opens, ticks) - 1
        return index >= 0 and ticks < table.closes[index]

    def reception_open(self, instant: datetime) -> bool:
        """True while the counters receive."""
        ticks = self._ticks(instant)
        hours = self.reception_hours(date.fromordinal(ticks // _DAY + 1))
        return any(opens * _MINUTE <= ticks % _DAY < closes * _MINUTE for opens, closes in hours)

    def next_open(self, instant: datetime) -> datetime:
        """The instant itself during working hours, otherwise the next opening."""
        ticks = self._ticks(instant)
        table = self._reach(ticks // _DAY + 1)
        index = bisect_right(table.closes, ticks)
        while index >= len(table.opens):
            table = self._grow(table)
            index = bisect_right(table.closes, ticks)
        return _instant(max(ticks, table.opens[index]))

    def worked_between(self, earlier: datetime, later: datetime) -> timedelta:
        """Working time from one instant to another, exact; negative when they are the other way round."""
        start, end = self._ticks(earlier), self._ticks(later)
        table = self._reach(max(start, end) // _DAY + 1)
        return timedelta(microseconds=_worked_before(table, end) - _worked_before(table, start))

    def worked_minutes_between(self, earlier: datetime, later: datetime) -> int:
        """Whole worked minutes from `earlier` to `later`; negative when they are the other way round."""
        worked = self.worked_between(earlier, later)
        minute = timedelta(minutes=1)
        return worked // minute if worked >= timedelta(0) else -(-worked // minute)

    def instant_after(self, start: datetime, minutes: int) -> datetime:
        """The first instant by which `minutes` have been worked since `start` (minutes >= 0)."""
        if minutes < 0:
            raise ValueError(f"worked minutes cannot be negative: {minutes}")
        ticks = self._ticks(start)
        table = self._reach(ticks // _DAY + 1)
        if minutes == 0:
            return _instant(ticks)
        target = _worked_before(table, ticks) + minutes * _MINUTE
        while table.total < target:
            table = self._grow(table)
        index = bisect_left(table.before, target) - 1
        return _instant(table.opens[index] + target - table.before[index])

    # -- the table ----------------------------------------------------------------------------------

    def _ticks(self, instant: datetime) -> int:
        if instant.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        gap = instant - _ORIGIN
        ticks = gap.days * _DAY + gap.seconds * _SECOND + gap.microseconds
        self._check_covered(ticks // _DAY + 1)
        return ticks

    def _check_covered(self, ordinal: int) -> None:
        if not self._first <= ordinal <= self._last:
            self._outside(ordinal)

    def _outside(self, ordinal: int) -> NoReturn:
        raise OutsideCalendarError(self.id, date.fromordinal(min(max(ordinal, 1), date.max.toordinal())))

    def _week(self, ordinal: int) -> "_Weekly":
        return self._weeks[bisect_right(self._week_starts, ordinal) - 1]

    def _hours(self, ordinal: int) -> Minutes:
        if ordinal in self._off:
            return ()
        worked = self._worked.get(ordinal)
        if worked is None:
            return self._week(ordinal).work[(ordinal - 1) % 7]
        return minutes_of(worked.hours) or self._week(ordinal).work[worked.in_place_of.weekday()]

    def _nth(self, day: date, n: int) -> tuple[int, int]:
        if n < 1:
            raise ValueError(f"a working day is counted from 1: {n}")
        ordinal = day.toordinal()
        self._check_covered(ordinal)
        table = self._reach(ordinal)
        index = bisect_right(table.days, ordinal) + n - 1
        while index >= len(table.days):
            table = self._grow(table)
        return table.days[index], table.day_closes[index]

    def _reach(self, ordinal: int) -> _Table:
        """The table, holding at least the day `ordinal`."""
        table = self._table
        self._check_covered(ordinal)
        while table.end <= ordinal:
            table = self._grow(table)
        return table

    def _grow(self, known: _Table) -> _Table:
        with self._growing:
            if self._table is not known:
                return self._table
            if known.end > self._last:
                self._outside(known.end)
            # Growing by at least a quarter keeps a long reach from copying the table over and over.
            step = max(_DAYS_AT_ONCE, (known.end - self._first) // 4)
            end = min(known.end + step, self._last + 1)
            self._table = self._lengthened(known, end)
            return self._table

    def _lengthened(self, known: _Table, end: int) -> _Table:
        opens, closes, before, days, day_closes = (column[:] for column in known[1:])
        total = known.total
        for ordinal in range(known.end, end):
            hours = self._hours(ordinal)
            if not hours:
                continue
            midnight = (ordinal - 1) * _DAY
            for first, last in hours:
                opens.append(midnight + first * _MINUTE)
                closes.append(midnight + last * _MINUTE)
                before.append(total)
                total += (last - first) * _MINUTE
            days.append(ordinal)
            day_closes.append(closes[-1])
        return _Table(end, opens, closes, before, days, day_closes)


class _Weekly:
    """One period with its hours as minutes, Monday first."""

    def __init__(self, period: Period) -> None:
        self.period = period
        self.work = [minutes_of(period.work.on(weekday) or ()) for weekday in range(1, 8)]
        stated = [period.reception.on(weekday) for weekday in range(1, 8)]
        self.reception = [
            work if hours is None else minutes_of(hours) for work, hours in zip(self.work, stated, strict=True)
        ]


def _worked_before(table: _Table, ticks: int) -> int:
    index = bisect_right(table.opens, ticks) - 1
    if index < 0:
        return 0
    return table.before[index] + min(ticks, table.closes[index]) - table.opens[index]


def _instant(ticks: int) -> datetime:
    return _ORIGIN + timedelta(microseconds=ticks)
