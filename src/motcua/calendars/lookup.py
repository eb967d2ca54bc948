"""Finds the calendar an agency keeps to, from a copy in this process that knows when it is out of date.

Loading and assigning calendars is left to `store`; what a calendar can be asked is in `law/working_time`.
"""

import time
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

import msgspec
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone

from motcua.calendars.models import AgencyCalendar, Calendar, Revision
from motcua.law.calendar_data import CalendarData
from motcua.law.texts import Text
from motcua.law.working_time import WorkingCalendar, city_day

EVERYBODY = "all"
SECONDS_BETWEEN_LOOKS = 2.0

_compiled: dict[int, WorkingCalendar] = {}
_compiling = Lock()


class NoCalendarError(LookupError):
    """An agency for which no calendar holds on a day. Never answered with a default."""

    def __init__(self, agency_number: int, tier: str, day: date) -> None:
        self.text = Text(
            f"Chưa có lịch làm việc cho cơ quan số {agency_number} ({tier}) vào ngày {day.day}/{day.month}/{day.year}.",
            f"No working calendar holds for agency {agency_number} ({tier}) on {day.isoformat()}.",
        )
        super().__init__(self.text.en)


@dataclass(frozen=True, slots=True)
class _Span:
    code: str
    valid_from: date
    valid_to: date | None


@dataclass(slots=True)
class _Known:
    """What this process knows: the state of one revision, and when it last looked for a newer one."""

    revision: int = -1
    looked: float = float("-inf")
    latest: dict[str, WorkingCalendar] = field(default_factory=dict)
    spans: dict[int | str, list[_Span]] = field(default_factory=dict)


_known = _Known()


def revision() -> int:
    """The present revision of all calendars: one row by its primary key. 0 before the first change."""
    return Revision.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def calendar_for(
    agency_number: int,
    tier: str,
    day: date | None = None,
    *,
    house: int | None = None,
    at_revision: int | None = None,
) -> WorkingCalendar:
    """The newest version of the calendar that an agency keeps to on `day` (today when not given).

    The agency's own calendar goes before that of its `house` (the agency a division belongs to), then its
    tier's, then everybody's. A caller that has read `revision()` within its transaction hands it in and
    never gets an older state; otherwise another process's change is seen within two seconds.
    Raises NoCalendarError.
    """
    known = _current(at_revision)
    on = day or city_day(timezone.now())
    for who in (agency_number, house, tier, EVERYBODY):
        for span in known.spans.get(who, ()) if who is not None else ():
            if span.valid_from <= on and (span.valid_to is None or on <= span.valid_to):
                return known.latest[span.code]
    raise NoCalendarError(agency_number, tier, on)


def calendar_version(code: str, version: int) -> WorkingCalendar:
    """One stored version, to explain a deadline of the past. Raises Calendar.DoesNotExist."""
    row = Calendar.objects.only("pk", "code", "version", "data").get(code=code, version=version)
    return _compile(row)


def forget() -> None:
    """Drops what this process knows, so that the next question reads the database."""
    global _known
    _known = _Known()


def _current(at_revision: int | None) -> _Known:
    global _known
    known = _known
    if at_revision is None:
        now = time.monotonic()
        if now - known.looked < SECONDS_BETWEEN_LOOKS:
            return known
        at_revision = revision()
        if at_revision == known.revision:
            # Only what has been read may be used for two seconds more: another thread is reading the rest.
            known.looked = now
    if at_revision != known.revision:
        known = _known = _read(at_revision)
    return known


def _read(at_revision: int) -> _Known:
    newest = Calendar.objects.filter(code=OuterRef("code")).values("code").annotate(last=Max("version"))
    rows = Calendar.objects.filter(version=Subquery(newest.values("last")))
    known = _Known(at_revision, time.monotonic())
    for row in rows.only("pk", "code", "version", "data"):
        known.latest[row.code] = _compile(row)
    for each in AgencyCalendar.objects.order_by("-valid_from"):
        who: int | str = each.tier if each.agency_number is None else each.agency_number
        known.spans.setdefault(who, []).append(_Span(each.calendar_code, each.valid_from, each.valid_to))
    return known


def _compile(row: Calendar) -> WorkingCalendar:
    with _compiling:
        calendar = _compiled.get(row.pk)
        if calendar is None:
            data = msgspec.json.decode(row.data, type=CalendarData)
            calendar = _compiled[row.pk] = WorkingCalendar(data, row.version)
        return calendar
