"""Calendars for tests: a plain office week, changed as each story needs."""

from datetime import date, datetime

from motcua.law.calendar_data import CalendarData, DayOff, Order, Period, Week, WorkedDay
from motcua.law.texts import Text
from motcua.law.working_time import CITY_ZONE, WorkingCalendar

FULL = ("08:00-12:00", "13:00-17:00")
MONDAY_TO_FRIDAY = Week(FULL, FULL, FULL, FULL, FULL)
START = date(2016, 1, 1)


def off(day: date, kind: str = "holiday", until: date | None = None) -> DayOff:
    """A day off called by its kind."""
    return DayOff(day, Text(f"Nghỉ ({kind})", f"Off ({kind})"), kind, "test", until)


def swap(rest: date, worked: date, hours: tuple[str, ...] = ()) -> tuple[DayOff, WorkedDay]:
    """A working day given up against a day of rest."""
    return off(rest, "swapped_off"), WorkedDay(worked, rest, "test", hours)


def office_data(
    *days: DayOff | WorkedDay,
    work: Week = MONDAY_TO_FRIDAY,
    reception: Week = Week(),
    periods: tuple[Period, ...] = (),
    known_to: date = date(2030, 12, 31),
) -> CalendarData:
    """A calendar of one period without end, or of `periods`."""
    return CalendarData(
        id="test",
        name=Text("Lịch thử", "Test calendar"),
        orders={"test": Order(Text("Quyết định thử", "Test order"))},
        periods=periods or (Period(START, work, "test", reception=reception),),
        known_from=START,
        known_to=known_to,
        days_off=tuple(day for day in days if isinstance(day, DayOff)),
        worked_days=tuple(day for day in days if isinstance(day, WorkedDay)),
    )


def office(*days: DayOff | WorkedDay, work: Week = MONDAY_TO_FRIDAY, **others: object) -> WorkingCalendar:
    """The same, compiled."""
    return WorkingCalendar(office_data(*days, work=work, **others))  # type: ignore[arg-type]


def at(words: str) -> datetime:
    """`2018-12-28 15:30` on the city's clock."""
    return datetime.fromisoformat(words).replace(tzinfo=CITY_ZONE)
