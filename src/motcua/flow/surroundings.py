"""What the features know besides the dossier: calendars, processes, Tết, and the record of agencies and procedures."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from motcua.calendars.lookup import NoCalendarError, calendar_for
from motcua.dossiers import store
from motcua.dossiers.clock_face import calendar_of
from motcua.flow.features import Around
from motcua.flow.processes import process_of
from motcua.flow.record import WINDOW, Day, Record
from motcua.law.process import Process
from motcua.law.working_time import CITY_ZONE

_ZONE = "AT TIME ZONE 'Asia/Ho_Chi_Minh'"
_BEGINNING = date(1990, 1, 1)

_AGENCIES = f"""
    SELECT agency, day, sum(opened)::int, sum(closed)::int, sum(late)::int FROM (
        SELECT agency, (opened {_ZONE})::date AS day, count(*) AS opened, 0 AS closed, 0 AS late
          FROM reports_stagefact WHERE kind = 'step' AND NOT replayed GROUP BY 1, 2
        UNION ALL
        SELECT agency, (closed {_ZONE})::date, 0, count(*), count(*) FILTER (WHERE late)
          FROM reports_stagefact WHERE kind = 'step' AND NOT replayed AND closed IS NOT NULL GROUP BY 1, 2) AS days
     GROUP BY 1, 2
"""
_PROCEDURES = f"""
    SELECT procedure, (finished_at {_ZONE})::date, count(*)::int, count(*) FILTER (WHERE timeliness = 'late')::int
      FROM reports_dossierfact WHERE timeliness <> '' AND NOT replayed AND finished_at >= %(since)s GROUP BY 1, 2
"""
_CLOSED_SINCE = f"""
    SELECT agency, (closed {_ZONE})::date, count(*)::int, count(*) FILTER (WHERE late)::int FROM reports_stagefact
     WHERE kind = 'step' AND NOT replayed AND closed >= %(since)s AND closed < %(today)s GROUP BY 1, 2
"""
_OPEN_AT = """
    SELECT agency, count(*)::int FROM (
        SELECT agency FROM reports_stagefact
         WHERE kind = 'step' AND NOT replayed AND closed IS NULL AND opened < %(today)s
        UNION ALL
        SELECT agency FROM reports_stagefact
         WHERE kind = 'step' AND NOT replayed AND closed >= %(today)s AND opened < %(today)s) AS held
     GROUP BY 1
"""


def around(record: Record) -> Around:
    """The surroundings with this record; calendars and processes are looked up once."""
    return Around(calendar=cache(calendar_of), process=cache(_process), tet=tet_days(), record=record)


def _process(version: int) -> Process:
    return process_of(version) or Process((), ())


def tet_days() -> tuple[date, ...]:
    """The first days of Tết that the city's calendar knows."""
    try:
        calendar = calendar_for(0, "city")
    except NoCalendarError:
        return ()
    return tuple(sorted(off.date for off in calendar.data.days_off if "Tết Nguyên đán" in off.name.vi
                        and off.kind == "holiday"))  # fmt: skip


def whole_record() -> Record:
    """The record of all days there are, to learn from."""
    return Record([*_agency_days(_rows(_AGENCIES)), *_procedure_days(_BEGINNING)])


def record_before(today: date) -> Record:
    """The record as far as a question of today needs it: the same answers as the whole one gives for that day."""
    at = datetime(today.year, today.month, today.day, tzinfo=CITY_ZONE)
    since = at - timedelta(days=WINDOW["agency"])
    rows = _rows(_CLOSED_SINCE, since=since, today=at)
    closed: dict[int, int] = {}
    days = [Day("agency", agency, day, 0, done, late) for agency, day, done, late in rows]
    for agency, _day, done, _late in rows:
        closed[agency] = closed.get(agency, 0) + done
    open_now = dict(_rows(_OPEN_AT, today=at))
    # What is open now and what was closed since then had been opened: that is all that matters of the time before.
    days += [
        Day("agency", agency, _BEGINNING, open_now.get(agency, 0) + closed.get(agency, 0), 0, 0)
        for agency in sorted(open_now.keys() | closed.keys())
    ]
    return Record([*days, *_procedure_days(today - timedelta(days=WINDOW["procedure"]))])


def _agency_days(rows: list[tuple[Any, ...]]) -> Iterator[Day]:
    for agency, day, opened, closed, late in rows:
        yield Day("agency", agency, day, opened, closed, late)


def _procedure_days(since: date) -> Iterator[Day]:
    at = datetime(since.year, since.month, since.day, tzinfo=CITY_ZONE)
    for procedure, day, closed, late in _rows(_PROCEDURES, since=at):
        yield Day("procedure", procedure, day, 0, closed, late)


def _rows(query: str, **parameters: object) -> list[tuple[Any, ...]]:
    with store.cursor() as run:
        return run.execute(query, parameters).fetchall()
