"""The values of KPIs: for any part of the city and any period, in all or by unit, each with its margin.

One statement a KPI and breakdown, over the sums where they answer, otherwise over the facts. Published values are in
`published`, the dossiers behind a value in `listing`; both are reached from here.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, overload

from motcua.dossiers import clock, followers, store
from motcua.kpis import definitions, sums
from motcua.kpis.asking import Asked, Key, NotOfferedError, check
from motcua.kpis.compiling import Compiler, Joint, Statement, aggregates, joints
from motcua.kpis.listing import Case, page, total
from motcua.kpis.published import Published, history
from motcua.kpis.shapes import Dimension, Kpi
from motcua.kpis.values import Reading, nothing, reading_of
from motcua.kpis.wording import say
from motcua.law import margins
from motcua.law.margins import Margin, Place
from motcua.law.working_time import city_day
from motcua.reports import ratings
from motcua.reports.figures import Filter, complete_until
from motcua.reports.periods import half_of_day

__all__ = [
    "Case", "Key", "NotOfferedError", "Place", "Published", "Reading", "complete", "history", "page", "ranking", "say",
    "total", "value", "values",
]  # fmt: skip
Unit = TypeVar("Unit", bound=Key)


@overload
def value(
    code: str, which: Filter, *, now: datetime | None = ..., channel: str = ..., within: tuple[int, ...] | None = ...
) -> Reading: ...
@overload
def value(
    code: str, which: Filter, *, by: Dimension, now: datetime | None = ..., channel: str = ...,
    within: tuple[int, ...] | None = ...,
) -> dict[Key, Reading]: ...  # fmt: skip
def value(
    code: str,
    which: Filter,
    *,
    by: Dimension | None = None,
    now: datetime | None = None,
    channel: str = "",
    within: tuple[int, ...] | None = None,
) -> Reading | dict[Key, Reading]:
    """The value of a KPI in a part of the city and a period, or those of each unit that has any case.

    A stock is that of the period's end, or of `now` while the period goes on. Raises UnknownKpiError for a code that
    is none, NotOfferedError for a breakdown or a filter that the KPI does not know.
    """
    kpi = definitions.get(code)
    asked = Asked(which, now or clock.now(), by, channel, within)
    check(kpi, asked)
    found = _read(kpi, asked)
    if by is None:
        return found.get(None) or nothing(kpi, _days(asked, None))
    return {key: each for key, each in found.items() if key is not None}


def values(
    kpis: Sequence[Kpi], which: Filter, *, now: datetime | None = None, within: tuple[int, ...] | None = None
) -> dict[str, Reading]:
    """The values of many KPIs in one part of the city and one period, by code, as `value` gives each of them.

    Cases that several count are looked through once. A KPI that does not know what `which` asks for is left out.
    """
    asked = Asked(which, now or clock.now(), within=within)
    known = [kpi for kpi in kpis if _knows(kpi, asked)]
    rows: dict[str, list[list[Any]]] = {}
    for answered, statement in sums.together(known, asked):
        row = iter(_row(statement)[1:] or [0] * 2 * len(answered))
        rows |= {kpi.code: [[next(row), next(row)]] for kpi in answered}
    for members in joints([kpi for kpi in known if kpi.code not in rows]):
        row = iter(_row(Joint(members, asked).values()))
        for kpi, _cohort in members:
            rows.setdefault(kpi.code, []).append([next(row) for _ in aggregates(kpi, "", "")])
    found = {}
    for kpi in known:
        if kpi.code not in rows:
            found[kpi.code] = _read(kpi, asked).get(None) or nothing(kpi, _days(asked, None))
            continue
        # Of several cohorts only numbers of cases are asked, which add up.
        parts = rows[kpi.code]
        cases, *rest = parts[0] if len(parts) == 1 else [sum(column) for column in zip(*parts, strict=True)]
        found[kpi.code] = reading_of(kpi, cases, rest, _days(asked, None))
    return found


def _row(statement: Statement) -> tuple[Any, ...]:
    with store.cursor() as run:
        return run.execute(statement.sql, statement.parameters).fetchone() or ()


def _knows(kpi: Kpi, asked: Asked) -> bool:
    try:
        check(kpi, asked)
    except NotOfferedError:
        return False
    return True


def _read(kpi: Kpi, asked: Asked) -> dict[Key | None, Reading]:
    statement = sums.statement(kpi, asked) or Compiler(kpi, asked).values()
    with store.cursor() as run:
        rows: list[Any] = run.execute(statement.sql, statement.parameters).fetchall()
    found = {key: reading_of(kpi, cases, rest, _days(asked, key)) for key, cases, *rest in rows}
    if asked.by in ("month", "half"):
        return _every_stretch(kpi, asked, found)
    # The days of a period are no case of anybody's.
    of_days = kpi.amount is not None and kpi.amount.denominator == "days"
    return {key: each for key, each in found.items() if each.numerator or (each.cases and not of_days)}


def _every_stretch(kpi: Kpi, asked: Asked, found: dict[Key | None, Reading]) -> dict[Key | None, Reading]:
    """Each month that has begun, the empty ones too, the earliest first."""
    begin, end = asked.span()
    keys: list[date] = []
    day, last = city_day(begin), min(city_day(end - timedelta(microseconds=1)), city_day(asked.now))
    while day <= last:
        key = day.replace(day=1) if asked.by == "month" else half_of_day(day)
        if not keys or keys[-1] != key:
            keys.append(key)
        day += timedelta(days=1)
    return {key: found.get(key) or nothing(kpi, _days(asked, key)) for key in keys}


def _days(asked: Asked, key: Key | None) -> int:
    """How many days of the city a period, or a month of it, has had so far; today counts when it is over."""
    begin, end = (city_day(each) for each in asked.span())
    if isinstance(key, date):
        after = (key.replace(day=1) + timedelta(days=32)).replace(day=1)
        if asked.by == "half" and key.day == 1:
            after = key.replace(day=15)
        begin, end = max(begin, key), min(end, after)
    return max((min(end, city_day(asked.now)) - begin).days, 0)


def ranking(kpi: Kpi, readings: Mapping[Unit, Reading]) -> dict[Unit, Place]:
    """The places of the units that have enough cases and a margin; empty where more is neither better nor worse."""
    if kpi.better == "none":
        return {}
    sure = {
        unit: Margin(each.low, each.high)
        for unit, each in readings.items()
        if each.enough and each.low is not None and each.high is not None
    }
    return margins.places(sure, up=kpi.better == "up")


def complete(kpi: Kpi) -> datetime | None:
    """Until when the values of a KPI are complete; None when they cannot be trusted."""
    until = complete_until()
    if kpi.grain != "rating" or until is None:
        return until
    rated = followers.complete_until(ratings.NAME)
    return None if rated is None else min(until, rated)
