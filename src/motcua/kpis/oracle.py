"""Each KPI once more in plain SQL over the bare journal, and where the two ways of reckoning come to something else.

The oracles are the `.sql` files beside the KPI files, on the rows of `journal.sql`; they share nothing with the
engine but the journal and the calendars. For tests, and for `motcua kpis verify`.
"""

from datetime import date, datetime, timedelta
from functools import cache
from math import isclose
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from motcua.calendars.lookup import calendar_for
from motcua.catalogue.models import ProcedureVersion
from motcua.dossiers import store
from motcua.kpis import definitions, reading
from motcua.kpis.asking import Asked, points
from motcua.kpis.columns import SOURCES
from motcua.kpis.shapes import Dimension, Kpi
from motcua.kpis.values import Reading
from motcua.law.online_level import Facilities, online_level
from motcua.law.procedure import Procedure
from motcua.law.working_time import WorkingCalendar, city_day
from motcua.organisation.directory import directory
from motcua.reports.figures import Filter
from motcua.reports.periods import midnight

JOURNAL = Path(__file__).parent / "journal.sql"
# Nothing that a period counts began longer before it or is promised for longer after it.
AROUND = timedelta(days=400)
_ACTING = """
    SELECT (payload::jsonb ->> 'agency')::int FROM dossiers_event WHERE type = 'lodged'
    UNION SELECT (t ->> 'agency')::int
      FROM dossiers_event e CROSS JOIN LATERAL jsonb_array_elements(coalesce(e.payload::jsonb -> 'opened', '[]')) t
"""


class Difference(NamedTuple):
    """A unit for which engine and oracle say something else; None where one of them has no such unit."""

    code: str
    unit: int
    engine: tuple[float, float] | None
    oracle: tuple[float, float] | None


def question(kpi: Kpi) -> str | None:
    """The oracle of a KPI, or None where its author wrote none."""
    path = definitions.SHIPPED / f"{kpi.code}.sql"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def place_of(kpi: Kpi) -> Dimension:
    """By what the oracles answer: the agency a case belongs to."""
    return "agency" if SOURCES[kpi.grain].place.endswith(".agency") else "receiving"


def answers(kpi: Kpi, which: Filter, now: datetime) -> dict[int, tuple[float, float]]:
    """What the journal says of a KPI for each agency: its numerator (or its value) and its denominator.

    Raises LookupError where there is no oracle.
    """
    asked = question(kpi)
    if asked is None:
        raise LookupError(f"{kpi.code} has no oracle")
    begin, end = which.span()
    at = points(kpi, Asked(which, now))[0][1] if kpi.is_stock else end
    parameters = {"begin": begin, "end": end, "at": at, **_hours(begin, max(end, now)), **_levels()}
    journal = JOURNAL.read_text(encoding="utf-8")
    with store.cursor() as run:
        rows: list[Any] = run.execute(f"{journal}\n{asked}", parameters).fetchall()
    return {row[0]: (float(row[1] or 0), float(row[2] if row[2] is not None else row[1] or 0)) for row in rows}


def size() -> int:
    """How many dossiers the journal has."""
    with store.cursor() as run:
        row = run.execute("SELECT count(*) FROM dossiers_dossier").fetchone()
    return 0 if row is None else int(row[0])


def differences(kpi: Kpi, which: Filter, now: datetime) -> list[Difference]:
    """Every agency for which the engine comes to something else than the journal."""
    said = {int(str(key)): _parts(kpi, each) for key, each in reading.value(
        kpi.code, which, by=place_of(kpi), now=now).items()}  # fmt: skip
    told = {unit: parts for unit, parts in answers(kpi, which, now).items() if any(parts)}
    said = {unit: parts for unit, parts in said.items() if any(parts)}
    return [
        Difference(kpi.code, unit, said.get(unit), told.get(unit))
        for unit in sorted(said.keys() | told.keys())
        if not _same(said.get(unit), told.get(unit))
    ]


def _parts(kpi: Kpi, each: Reading) -> tuple[float, float]:
    if kpi.measure == "percentile":
        return each.value or 0.0, float(each.cases)
    return each.numerator, each.numerator if each.denominator is None else each.denominator


def _same(one: tuple[float, float] | None, other: tuple[float, float] | None) -> bool:
    if one is None or other is None:
        return one is other
    return all(isclose(a, b, rel_tol=1e-9, abs_tol=1e-6) for a, b in zip(one, other, strict=True))


def _hours(begin: datetime, end: datetime) -> dict[str, Any]:
    """When every office is open, day by day from its calendar: none of the engine's tables."""
    known = directory()
    with store.cursor() as run:
        acting: set[int] = {row[0] for row in run.execute(_ACTING).fetchall()}
    keeps: dict[int, WorkingCalendar] = {
        number: calendar_for(number, agency.tier, house=known.house(number))
        for number, agency in known.by_number.items()
        if number in acting
    }
    calendars = list({id(each): each for each in keeps.values()}.values())
    first, last = city_day(begin - AROUND), city_day(end + AROUND)
    open_times = [
        (index, *each) for index, calendar in enumerate(calendars) for each in _open_times(calendar, first, last)
    ]
    index_of = {id(calendar): index for index, calendar in enumerate(calendars)}
    return {
        "k_agencies": list(keeps),
        "k_calendars": [index_of[id(each)] for each in keeps.values()],
        "calendars": [each[0] for each in open_times],
        "opens": [each[1] for each in open_times],
        "closes": [each[2] for each in open_times],
    }


def _levels() -> dict[str, Any]:
    """How far each version of a procedure can be done online: the law's word on its file, not the fact's."""
    versions = dict(ProcedureVersion.objects.values_list("pk", "content"))
    found = {}
    for number, content in versions.items():
        procedure = msgspec.json.decode(content, type=Procedure)
        found[number] = online_level(procedure, Facilities(takes=True, pays=True), procedure.valid_from).level
    return {"versions": list(found), "levels": list(found.values())}


@cache
def _open_times(calendar: WorkingCalendar, first: date, last: date) -> list[tuple[datetime, datetime]]:
    day, end = max(first, calendar.covered_from), min(last, calendar.covered_to or last)
    found = []
    while day <= end:
        found += [
            (midnight(day) + timedelta(minutes=opens), midnight(day) + timedelta(minutes=closes))
            for opens, closes in calendar.work_hours(day)
        ]
        day += timedelta(days=1)
    return found
