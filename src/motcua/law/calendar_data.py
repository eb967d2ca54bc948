"""A working calendar as dated legal data: weekly hours, days off, Saturdays worked, and who ordered each.

Says what a calendar may contain and what is wrong with one. Reading files and keeping versions is left to
`calendars/`, reckoning with a calendar to `working_time`.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Literal

import msgspec

from motcua.law.texts import Text

Hours = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")]
Day = date  # for structs that have a field called `date`
Minutes = tuple[tuple[int, int], ...]
"""Half-open intervals in minutes after midnight of the city's day, in order, apart from each other."""

LONGEST_RUN = timedelta(days=31)


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The document behind a rule. `number` is empty where it is not known, and `note` then says so."""

    name: Text
    number: str = ""
    issued: date | None = None
    effective: date | None = None
    note: Text | None = None
    demonstration: bool = False


class Week(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hours for each day of the week, such as `08:00-12:00`. A day not stated is None."""

    mon: tuple[Hours, ...] | None = None
    tue: tuple[Hours, ...] | None = None
    wed: tuple[Hours, ...] | None = None
    thu: tuple[Hours, ...] | None = None
    fri: tuple[Hours, ...] | None = None
    sat: tuple[Hours, ...] | None = None
    sun: tuple[Hours, ...] | None = None

    def on(self, iso_weekday: int) -> tuple[str, ...] | None:
        """The hours of a weekday, 1 for Monday to 7 for Sunday."""
        return (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)[iso_weekday - 1]


class Period(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The weekly hours of one period, both ends included; `valid_to` None means until further notice.

    `reception` says when the counters receive. A weekday not stated there receives during its working
    hours; reception outside working hours (a Saturday morning) is not working time and no deadline counts it.
    """

    valid_from: date
    work: Week
    by: str
    valid_to: date | None = None
    reception: Week = Week()


class DayOff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day off, or every day of a run of them up to `until` (included)."""

    date: Day
    name: Text
    kind: Literal["holiday", "in_lieu", "swapped_off"]
    by: str
    until: Day | None = None

    def days(self) -> Iterator[Day]:
        """Each day of the run."""
        last = self.until or self.date
        for ahead in range((last - self.date).days + 1):
            yield self.date + timedelta(days=ahead)


class WorkedDay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day of rest that is worked instead of another. Hours not stated are those of the day it replaces."""

    date: Day
    in_place_of: Day
    by: str
    hours: tuple[Hours, ...] = ()


class AppliesTo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who keeps to a calendar: one agency by its code, every agency of a tier, or (`tier: all`) everybody."""

    valid_from: date
    agency: str = ""
    tier: str = ""
    valid_to: date | None = None


class CalendarData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One calendar, complete. Days off are known from `known_from` to `known_to`; a deadline that reaches
    beyond is reckoned with what is known and marked provisional."""

    id: str
    name: Text
    orders: dict[str, Order]
    periods: tuple[Period, ...]
    known_from: date
    known_to: date
    days_off: tuple[DayOff, ...] = ()
    worked_days: tuple[WorkedDay, ...] = ()
    applies_to: tuple[AppliesTo, ...] = ()


class Decree(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A later order that changes single days, usually a swap made known a week ahead.

    `withdraws` takes back days off and worked days ordered before, for a decree that changes its mind.
    """

    key: str
    order: Order
    days_off: tuple[DayOff, ...] = ()
    worked_days: tuple[WorkedDay, ...] = ()
    withdraws: tuple[date, ...] = ()


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a calendar and where (`periods[0].work.mon`)."""

    where: str
    text: Text


class CalendarDataError(ValueError):
    """A calendar that contradicts itself. `faults` names everything found, not only the first."""

    def __init__(self, calendar: str, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(f"{calendar}: " + "; ".join(f"{fault.where}: {fault.text.en}" for fault in faults))


def minutes_of(hours: tuple[str, ...]) -> Minutes:
    """`("08:00-12:00", "12:00-17:30")` as minutes after midnight, touching intervals joined into one."""
    joined: list[tuple[int, int]] = []
    for interval in hours:
        opens, closes = (int(part[:2]) * 60 + int(part[3:]) for part in interval.split("-"))
        if joined and joined[-1][1] == opens:
            joined[-1] = (joined[-1][0], closes)
        else:
            joined.append((opens, closes))
    return tuple(joined)


def with_decrees(data: CalendarData, *decrees: Decree) -> CalendarData:
    """The calendar after each decree in turn. Days that already stand as decreed are not stated twice.

    Raises CalendarDataError when the outcome contradicts itself.
    """
    for decree in decrees:
        data = _decreed(data, decree)
    faults = calendar_faults(data)
    if faults:
        raise CalendarDataError(data.id, faults)
    return data


def _decreed(data: CalendarData, decree: Decree) -> CalendarData:
    days_off = tuple(left for run in data.days_off for left in _without(run, decree.withdraws))
    worked_days = tuple(each for each in data.worked_days if each.date not in decree.withdraws)
    off = {(day, run.kind) for run in days_off for day in run.days()}
    worked = {(each.date, each.in_place_of, each.hours) for each in worked_days}
    days_off += tuple(run for run in decree.days_off if not {(day, run.kind) for day in run.days()} <= off)
    worked_days += tuple(each for each in decree.worked_days if (each.date, each.in_place_of, each.hours) not in worked)
    if days_off == data.days_off and worked_days == data.worked_days:
        return data
    orders = {**data.orders, decree.key: decree.order}
    return msgspec.structs.replace(data, orders=orders, days_off=days_off, worked_days=worked_days)


def _without(run: DayOff, withdrawn: tuple[date, ...]) -> Iterator[DayOff]:
    if not any(day in withdrawn for day in run.days()):
        yield run
        return
    for day in run.days():
        if day not in withdrawn:
            yield msgspec.structs.replace(run, date=day, until=None)


def calendar_faults(data: CalendarData) -> list[Fault]:
    """Everything in `data` that contradicts itself; an empty list when it can be reckoned with."""
    return [
        *_period_faults(data),
        *_day_faults(data),
        *_swap_faults(data),
        *_order_faults(data),
        *_application_faults(data),
    ]


def _fault(where: str, vi: str, en: str) -> Fault:
    return Fault(where, Text(vi, en))


def _period_faults(data: CalendarData) -> Iterator[Fault]:
    if not data.periods:
        yield _fault("periods", "chưa có giờ làm việc nào", "no weekly hours are given")
    expected: date | None = None
    for index, period in enumerate(data.periods):
        where = f"periods[{index}]"
        if index and expected is None:
            yield _fault(where, "giai đoạn trước chưa có ngày kết thúc", "the period before it has no end")
        elif expected is not None and period.valid_from != expected:
            yield _fault(
                f"{where}.valid_from",
                f"phải nối tiếp giai đoạn trước, từ {expected}",
                f"must follow the period before it, on {expected}",
            )
        if period.valid_to is not None and period.valid_to < period.valid_from:
            yield _fault(f"{where}.valid_to", "trước ngày bắt đầu", "is before the first day")
        expected = None
        if period.valid_to is not None and period.valid_to < date.max:
            expected = period.valid_to + timedelta(days=1)
        if period.valid_to is None and not any(period.work.on(weekday) for weekday in range(1, 8)):
            yield _fault(
                f"{where}.work",
                "không có giờ làm việc nào mãi về sau",
                "no working hours, and without an end",
            )
        for name, week in (("work", period.work), ("reception", period.reception)):
            for weekday, day in enumerate(Week.__struct_fields__, start=1):
                yield from _hours_faults(f"{where}.{name}.{day}", week.on(weekday) or ())


def _hours_faults(where: str, hours: tuple[str, ...]) -> Iterator[Fault]:
    before = 0
    for interval in hours:
        ((opens, closes),) = minutes_of((interval,))
        if closes <= opens:
            yield _fault(where, f"{interval}: kết thúc trước khi bắt đầu", f"{interval} ends before it begins")
        if opens < before:
            yield _fault(where, f"{interval}: chồng lên khoảng trước", f"{interval} overlaps the interval before")
        before = closes


def _day_faults(data: CalendarData) -> Iterator[Fault]:
    seen: dict[date, str] = {}
    first = data.periods[0].valid_from if data.periods else date.min
    last = (data.periods[-1].valid_to if data.periods else None) or date.max

    def check(where: str, day: date) -> Iterator[Fault]:
        if day in seen:
            yield _fault(where, f"{day} đã có ở {seen[day]}", f"{day} is already at {seen[day]}")
        elif not first <= day <= last:
            yield _fault(where, f"{day} nằm ngoài các giai đoạn", f"{day} is outside the periods of weekly hours")
        seen[day] = where

    for index, off in enumerate(data.days_off):
        where = f"days_off[{index}]"
        if off.until is not None and not off.date <= off.until <= off.date + LONGEST_RUN:
            yield _fault(
                f"{where}.until",
                "phải từ 0 đến 31 ngày sau ngày đầu",
                "must be 0 to 31 days after the first day",
            )
            continue
        for day in off.days():
            yield from check(where, day)
    for index, worked in enumerate(data.worked_days):
        yield from check(f"worked_days[{index}]", worked.date)
        yield from _hours_faults(f"worked_days[{index}].hours", worked.hours)


def _swap_faults(data: CalendarData) -> Iterator[Fault]:
    worked_for: dict[date, date] = {}
    swapped = {day for run in data.days_off if run.kind == "swapped_off" for day in run.days()}
    for index, worked in enumerate(data.worked_days):
        if worked.in_place_of in worked_for:
            yield _fault(
                f"worked_days[{index}].in_place_of",
                f"{worked.in_place_of} đã làm bù ngày {worked_for[worked.in_place_of]}",
                f"{worked.in_place_of} is already made up for on {worked_for[worked.in_place_of]}",
            )
        worked_for[worked.in_place_of] = worked.date
    for index, off in enumerate(data.days_off):
        if off.kind == "swapped_off" and not set(off.days()) <= worked_for.keys():
            yield _fault(
                f"days_off[{index}]",
                f"{off.date}: nghỉ hoán đổi mà không có ngày làm bù",
                f"{off.date} is swapped, but no day is worked in its place",
            )
    for index, worked in enumerate(data.worked_days):
        where = f"worked_days[{index}].in_place_of"
        if worked.in_place_of not in swapped:
            yield _fault(where, f"{worked.in_place_of} không nghỉ hoán đổi", f"{worked.in_place_of} is not swapped off")
        period = next((p for p in reversed(data.periods) if p.valid_from <= worked.date), None)
        if period and not worked.hours and not period.work.on(worked.in_place_of.isoweekday()):
            yield _fault(
                where,
                "ngày được thay không có giờ làm việc, cần ghi rõ giờ làm bù",
                "the day it replaces has no working hours; state the hours worked",
            )


def _order_faults(data: CalendarData) -> Iterator[Fault]:
    rules = [(f"periods[{index}].by", rule.by) for index, rule in enumerate(data.periods)]
    rules += [(f"days_off[{index}].by", off.by) for index, off in enumerate(data.days_off)]
    rules += [(f"worked_days[{index}].by", worked.by) for index, worked in enumerate(data.worked_days)]
    for where, by in rules:
        if by not in data.orders:
            yield _fault(where, f"chưa khai văn bản {by!r}", f"no order is called {by!r}")
    if data.known_to < data.known_from:
        yield _fault("known_to", "trước known_from", "is before known_from")


def _application_faults(data: CalendarData) -> Iterator[Fault]:
    for index, each in enumerate(data.applies_to):
        where = f"applies_to[{index}]"
        if bool(each.agency) == bool(each.tier):
            yield _fault(where, "ghi một trong hai: agency hoặc tier", "state either an agency or a tier")
        if each.valid_to is not None and each.valid_to < each.valid_from:
            yield _fault(f"{where}.valid_to", "trước ngày bắt đầu", "is before the first day")
