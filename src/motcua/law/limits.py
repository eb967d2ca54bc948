"""Time limits and the deadlines they lead to, each deadline able to say how it was reached.

Which limit holds is left to `procedure`, when an office works to `working_time`. The one definition of
before the date, on time and late is here.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from typing import Literal

import msgspec

from motcua.law.texts import Text
from motcua.law.working_time import CITY_ZONE, WorkingCalendar, city_day, day_in_words

Unit = Literal["working_hours", "working_days", "calendar_days", "months", "same_day"]

# A hundred years of each: longer than any limit in law, short enough for every calendar to reach.
LONGEST = {"working_hours": 200_000, "working_days": 26_000, "calendar_days": 36_525, "months": 1_200}
CUT_OFF = "15:00"
NIGHT_HOUR_UTC = 17  # the hour of UTC at which the city's next day begins

_UNITS: dict[str, tuple[Unit, str]] = {
    "working_hour": ("working_hours", "giờ làm việc"),
    "working_day": ("working_days", "ngày làm việc"),
    "calendar_day": ("calendar_days", "ngày"),
    "month": ("months", "tháng"),
}
_VIETNAMESE: dict[str, str] = dict(_UNITS.values())
_COUNT = re.compile(r"(\d{1,6}) +(working[ _]hour|working[ _]day|calendar[ _]day|month)s?", re.ASCII)
_SAME_DAY = re.compile(r"same[ _]day(?: +(\S+))?", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_NO_TIME = timedelta(0)


class LimitError(ValueError):
    """Words or figures that are not a time limit."""

    def __init__(self, vi: str, en: str) -> None:
        self.text = Text(vi, en)
        super().__init__(en)


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many of a unit. `same_day` counts nothing (n = 0); it has a cut-off, after which the next working
    day holds. The other units have none.
    """

    n: int
    unit: Unit
    cut_off: str = ""

    def __post_init__(self) -> None:
        if self.unit == "same_day":
            if self.n != 0 or not _CLOCK.fullmatch(self.cut_off):
                raise LimitError(
                    f"trong ngày: giờ chốt {self.cut_off!r} không đúng dạng 15:00",
                    f"same_day: n must be 0 and the cut-off like 15:00, not {self.n} and {self.cut_off!r}",
                )
        elif self.cut_off:
            raise LimitError(f"{self.unit}: không có giờ chốt", f"{self.unit} has no cut-off")
        elif not 1 <= self.n <= LONGEST[self.unit]:
            raise LimitError(
                f"{self.n} {_VIETNAMESE[self.unit]}: phải từ 1 đến {LONGEST[self.unit]}",
                f"{self.n} {self.unit}: must be from 1 to {LONGEST[self.unit]}",
            )


SAME_DAY = Limit(0, "same_day", CUT_OFF)


class Deadline(msgspec.Struct, frozen=True):
    """A due instant and how it was reached.

    `counted` holds the days that count, with the worked minutes of each where hours are counted; `skipped`
    the days passed over and why; `rule` how the limit is read. `provisional` means that the deadline
    reaches days whose days off are not decreed yet.
    """

    due: datetime
    counted: tuple[tuple[date, int | None], ...]
    skipped: tuple[tuple[date, Text], ...]
    rule: Text
    provisional: bool


class Timeliness(Enum):
    """How a piece of work ended, measured against its due instant."""

    BEFORE_DATE = "before_date"
    ON_TIME = "on_time"
    LATE = "late"


class Remaining(msgspec.Struct, frozen=True):
    """The working time between now and a due instant, never negative; `late` alone says on which side.

    `working_days` counts the working days after the earlier of the two days: 0 is the same day.
    """

    working_minutes: int
    working_days: int
    late: bool


@lru_cache(maxsize=4096)
def parse_limit(words: str) -> Limit:
    """Reads `5 working_days`, `8 working_hours`, `30 calendar_days`, `3 months`, `same_day 16:00`.

    Raises LimitError, which says what would have been read, for anything else.
    """
    plain = " ".join(words.lower().split())
    if same := _SAME_DAY.fullmatch(plain):
        return Limit(0, "same_day", same[1] or CUT_OFF)
    if found := _COUNT.fullmatch(plain):
        return Limit(int(found[1]), _UNITS[found[2].replace(" ", "_")][0])
    raise LimitError(
        f"{words!r} không phải thời hạn; ghi như '5 working_days', '8 working_hours', '30 calendar_days', "
        "'3 months' hoặc 'same_day 15:00'",
        f"{words!r} is not a time limit; write for example '5 working_days', '8 working_hours', "
        "'30 calendar_days', '3 months' or 'same_day 15:00'",
    )


def format_limit(limit: Limit) -> str:
    """The words that `parse_limit` reads back as the same limit."""
    if limit.unit == "same_day":
        return "same_day" if limit.cut_off == CUT_OFF else f"same_day {limit.cut_off}"
    return f"{limit.n} {limit.unit}"


def limit_in_words(limit: Limit) -> Text:
    """The limit as people say it: `5 ngày làm việc`, `5 working days`."""
    if limit.unit == "same_day":
        return Text(
            f"trong ngày (sau {limit.cut_off}: ngày làm việc tiếp theo)",
            f"the same day (after {limit.cut_off}: the next working day)",
        )
    english = limit.unit.replace("_", " ")
    return Text(f"{limit.n} {_VIETNAMESE[limit.unit]}", f"{limit.n} {english[:-1] if limit.n == 1 else english}")


def due(calendar: WorkingCalendar, start: datetime, limit: Limit) -> datetime:
    """When a limit that runs from `start` ends, in the city's zone.

    Day limits end with office hours on the n-th working day, the day of `start` not counted; calendar days
    and months ending on a day off move to the next working day (Civil Code 2015, art. 147 and 148). Hours
    run by the clock. Raises OutsideCalendarError beyond the calendar.
    """
    if limit.unit == "working_hours":
        return calendar.instant_after(start, limit.n * 60)
    if limit.unit == "same_day":
        return _same_day_due(calendar, start, limit.cut_off)
    return _day_limit_due(calendar, city_day(start), limit)


def due_many(calendar: WorkingCalendar, starts: Iterable[datetime], limits: Iterable[Limit]) -> list[datetime]:
    """`due` of each start with its limit, for recomputing and reporting in bulk.

    A day limit depends on the day alone, so each (day, limit) is reckoned once. ValueError when the two
    differ in length.
    """
    known: dict[Limit, dict[int, datetime]] = {}
    found: list[datetime] = []
    limit_before: Limit | None = None
    by_day: dict[int, datetime] | None = None
    for start, limit in zip(starts, limits, strict=True):
        if limit is not limit_before:
            limit_before = limit
            by_day = None if limit.unit in ("working_hours", "same_day") else known.setdefault(limit, {})
        if by_day is None:
            found.append(due(calendar, start, limit))
            continue
        day = _city_ordinal(start)
        instant = by_day.get(day)
        if instant is None:
            instant = by_day[day] = _day_limit_due(calendar, date.fromordinal(day), limit)
        found.append(instant)
    return found


def deadline(calendar: WorkingCalendar, start: datetime, limit: Limit) -> Deadline:
    """`due` with its explanation: the days counted, the days skipped and why."""
    ends = due(calendar, start, limit)
    first, last = city_day(start), city_day(ends)
    counted: list[tuple[date, int | None]] = []
    skipped: list[tuple[date, Text]] = []
    if limit.unit == "working_hours":
        counted.extend(_minutes_by_day(calendar, start, ends))
        between = _days(first, last)
    else:
        between = _days(first + timedelta(days=1), last)
        if limit.unit == "same_day":
            counted.append((last, None))
            if first != last:
                skipped.append((first, _why_not_same_day(calendar, start, limit)))
        else:
            counted.extend((day, None) for day in between if _counts(calendar, first, day, limit))
    taken = {day for day, _ in counted}
    for day in between:
        if day not in taken and not calendar.is_working_day(day):
            skipped.append((day, calendar.day_notes(day) or day_in_words(day)))
    return Deadline(
        ends,
        tuple(counted),
        tuple(skipped),
        _rule(limit),
        not (calendar.is_known(first) and calendar.is_known(last)),
    )


def timeliness(finished: datetime, due: datetime) -> Timeliness:
    """Late after the due instant; before the date on an earlier day of the city; on time otherwise.

    The one definition of the three, for dossiers, stages and steps, on pages and in every report.
    """
    if finished > due:
        return Timeliness.LATE
    return Timeliness.BEFORE_DATE if city_day(finished) < city_day(due) else Timeliness.ON_TIME


def remaining(calendar: WorkingCalendar, now: datetime, due: datetime) -> Remaining:
    """The working time left until `due`, or worked since it when `late`."""
    late = now > due
    earlier, later = (due, now) if late else (now, due)
    return Remaining(
        calendar.worked_minutes_between(earlier, later),
        calendar.working_days_between(city_day(earlier), city_day(later)),
        late,
    )


def handover_due(calendar: WorkingCalendar, received: datetime) -> datetime:
    """By when a dossier received at a counter goes to the agency that settles it.

    The same working day; received after 15:00, at the opening of the next working day (Decree 61/2018,
    art. 18; Decree 118/2025, art. 18). Received outside working hours, likewise.
    """
    if _within_day(calendar, received, CUT_OFF):
        return calendar.close(city_day(received))
    return calendar.opening_of_next_working_day(city_day(received))


def civil_status_due(calendar: WorkingCalendar, received: datetime, *, can_be_done_at_once: bool = False) -> datetime:
    """When a civil status matter without a limit of its own is answered.

    The same day; received after 15:00 and not to be settled at once, the next working day (Civil Status
    Law 2014, art. 5). Settled at once it is answered before that day's close whatever the hour.
    """
    return _same_day_due(calendar, received, "23:59" if can_be_done_at_once else CUT_OFF)


def certification_due(calendar: WorkingCalendar, received: datetime, *, agreed_days: int = 0) -> datetime:
    """When a certification is returned.

    The same day, or the next working day when received after 15:00 (Decree 23/2015, art. 7). A large
    number of copies, many pages or hard checks add the working days agreed in writing (art. 21).
    """
    ends = _same_day_due(calendar, received, CUT_OFF)
    return calendar.close_of_nth_working_day_after(city_day(ends), agreed_days) if agreed_days else ends


def add_months(day: date, months: int) -> date:
    """The same day of a later (or earlier) month, or that month's last day (Civil Code 2015, art. 148)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, month_of(date(year, month + 1, 1))[1].day))


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the month that holds `day`."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _day_limit_due(calendar: WorkingCalendar, day: date, limit: Limit) -> datetime:
    if limit.unit == "working_days":
        return calendar.close_of_nth_working_day_after(day, limit.n)
    calendar.require(day)
    return calendar.close_of_working_day_from(_last_day(day, limit))


def _last_day(day: date, limit: Limit) -> date:
    return add_months(day, limit.n) if limit.unit == "months" else day + timedelta(days=limit.n)


def _within_day(calendar: WorkingCalendar, received: datetime, cut_off: str) -> bool:
    """True when the day it came on still has to answer: a working day, by the cut-off, before the close."""
    day = city_day(received)
    if not calendar.is_working_day(day) or received >= calendar.close(day):
        return False
    return received.astimezone(CITY_ZONE).time() <= time.fromisoformat(cut_off)


def _same_day_due(calendar: WorkingCalendar, received: datetime, cut_off: str) -> datetime:
    day = city_day(received)
    if _within_day(calendar, received, cut_off):
        return calendar.close(day)
    return calendar.close_of_nth_working_day_after(day, 1)


def _city_ordinal(instant: datetime) -> int:
    if instant.tzinfo is UTC:
        return instant.toordinal() + (instant.hour >= NIGHT_HOUR_UTC)
    return city_day(instant).toordinal()


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def _counts(calendar: WorkingCalendar, first: date, day: date, limit: Limit) -> bool:
    if limit.unit == "working_days":
        return calendar.is_working_day(day)
    return day <= _last_day(first, limit)


def _minutes_by_day(calendar: WorkingCalendar, start: datetime, ends: datetime) -> Iterable[tuple[date, int]]:
    """The worked minutes of each day; a minute begun on one day and ended on the next counts to the next."""
    so_far = 0
    for day in _days(city_day(start), city_day(ends)):
        midnight = datetime.combine(day + timedelta(days=1), time(), CITY_ZONE)
        worked = calendar.worked_minutes_between(start, min(midnight - timedelta(microseconds=1), ends))
        if worked > so_far:
            yield day, worked - so_far
            so_far = worked


def _why_not_same_day(calendar: WorkingCalendar, start: datetime, limit: Limit) -> Text:
    day = city_day(start)
    if not calendar.is_working_day(day):
        return calendar.day_notes(day) or day_in_words(day)
    if start >= calendar.close(day):
        return Text("Tiếp nhận sau giờ làm việc", "Received after working hours")
    return Text(f"Tiếp nhận sau {limit.cut_off}", f"Received after {limit.cut_off}")


def _rule(limit: Limit) -> Text:
    match limit.unit:
        case "working_hours":
            return Text(
                f"{limit.n} giờ làm việc, tính liên tục theo giờ làm việc từ lúc bắt đầu.",
                f"{limit.n} working hours, run by the clock of working time from the start.",
            )
        case "same_day":
            return Text(
                f"Trong ngày; nhận sau {limit.cut_off} thì trong ngày làm việc tiếp theo.",
                f"The same day; received after {limit.cut_off}, the next working day.",
            )
        case "working_days":
            return Text(
                f"Không tính ngày bắt đầu; đến hết giờ làm việc của ngày làm việc thứ {limit.n} "
                "(Bộ luật Dân sự 2015, Điều 147, 148).",
                f"The first day is not counted; to the close of working day {limit.n} "
                "(Civil Code 2015, art. 147 and 148).",
            )
    words = limit_in_words(limit)
    return Text(
        f"{words.vi}, không tính ngày bắt đầu; kết thúc vào ngày nghỉ thì đến hết ngày làm việc "
        "tiếp theo (Bộ luật Dân sự 2015, Điều 147, 148).",
        f"{words.en}, the first day not counted; ending on a day off, to the close of the next working day "
        "(Civil Code 2015, art. 147 and 148).",
    )
