"""Which KPIs the sums per half month answer by themselves: a statement over `reports_cube` instead of the facts.

Only what the sums hold: whole half months, flows and stocks by receiving agency, procedure and field. Everything
else is asked of the facts, with the same answer.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from motcua.kpis.asking import Asked, mapped, points
from motcua.kpis.columns import OUTCOMES, STANDS, TIMELINESS
from motcua.kpis.compiling import Statement
from motcua.kpis.shapes import Cohort, Condition, Kpi
from motcua.law.working_time import city_day
from motcua.reports.periods import half_of_day, midnight

_DIMENSIONS = {None, "month", "half", "receiving", "district", "tier", "field", "procedure"}
_ALL: dict[str, tuple[str, ...]] = {"timeliness": TIMELINESS, "outcome": OUTCOMES, "stand": tuple(STANDS)}


Parts = tuple[list[str], list[str]]


def statement(kpi: Kpi, asked: Asked) -> Statement | None:
    """The statement over the sums, with the columns of `Compiler.values`; None where they do not answer."""
    parts = _parts(kpi, asked)
    return None if parts is None else _asking(kpi, asked, [parts])


def together(kpis: Sequence[Kpi], asked: Asked) -> list[tuple[list[Kpi], Statement]]:
    """Those of the KPIs that the sums answer, in one statement for the flows and one for the stocks.

    Its row has the key and then for each KPI its cases and its hits.
    """
    answered = [(kpi, parts) for kpi in kpis if (parts := _parts(kpi, asked)) is not None]
    found = []
    for stock in (False, True):
        group = [(kpi, parts) for kpi, parts in answered if kpi.is_stock is stock]
        if group:
            found.append(([kpi for kpi, _ in group], _asking(group[0][0], asked, [parts for _, parts in group])))
    return found


def _parts(kpi: Kpi, asked: Asked) -> Parts | None:
    """The columns that hold the cases and the hits of a KPI; None where the sums do not answer."""
    if kpi.grain not in ("dossier", "span") or kpi.measure not in ("count", "share"):
        return None
    if asked.by not in _DIMENSIONS or asked.channel or asked.only or asked.which.day is not None:
        return None
    if kpi.is_stock and not all(_begins_a_half(at) for _label, at in points(kpi, asked)):
        return None
    cases: list[str] = []
    hits: list[str] = []
    for cohort in kpi.cohorts:
        of_all, of_hits = _columns(cohort, ()), _columns(cohort, kpi.numerator or ())
        if of_all is None or of_hits is None:
            return None
        cases += of_all
        hits += of_hits
    return cases, hits


def _asking(kpi: Kpi, asked: Asked, parts: Sequence[Parts]) -> Statement:
    return _stock(kpi, asked, parts) if kpi.is_stock else _flow(asked, parts)


def _columns(cohort: Cohort, further: tuple[Condition, ...]) -> list[str] | None:
    """The sums that hold a cohort narrowed further; None where there are none."""
    conditions = (*cohort.where, *further)
    if not conditions:
        return {"accepted_at": ["received"], "handed_at": ["handed"]}.get(cohort.when)
    if cohort.when == "accepted_at":
        plain = [(each.column, each.said()) for each in conditions]
        return ["received_online"] if plain == [("channel", [("is", "online")])] else None
    names = {each.column for each in conditions}
    if cohort.when not in ("finished_at", "as_of") or len(names) != 1 or not names <= set(_ALL):
        return None
    wanted = [set(_words(each, _ALL[each.column])) for each in conditions]
    left = set.intersection(*wanted)
    prefix = "d_" if cohort.when == "as_of" else ""
    return [f"{prefix}{each}" for each in _ALL[names.pop()] if each in left]


def _words(condition: Condition, every: tuple[str, ...]) -> list[str]:
    ((operator, value),) = condition.said()
    listed = value if isinstance(value, tuple) else (str(value),)
    return [each for each in every if (each in listed) == (operator != "not")]


def _flow(asked: Asked, parts: Sequence[Parts]) -> Statement:
    where, parameters = _in_place(asked)
    parameters |= {"first": asked.which.first, "last": asked.which.last}
    label = {"month": "date_trunc('month', c.half)::date", "half": "c.half"}.get(asked.by or "")
    where.insert(0, "c.half BETWEEN %(first)s AND %(last)s")
    return _select(asked, label, f"{_table(asked)} c", where, parameters, parts)


def _stock(kpi: Kpi, asked: Asked, parts: Sequence[Parts]) -> Statement:
    told = points(kpi, asked)
    where, parameters = _in_place(asked)
    parameters |= {"labels": [each[0] for each in told], "days": [city_day(each[1]) for each in told]}
    tables = "unnest(%(labels)s::date[], %(days)s::date[]) AS pt (label, day)"
    tables += f" JOIN {_table(asked)} c ON c.half < pt.day"
    return _select(asked, "pt.label", tables, where, parameters, parts)


def _table(asked: Asked) -> str:
    """The whole city's own sums are far fewer."""
    whole = asked.by in (None, "month", "half") and asked.which.is_whole_city and asked.within is None
    return "reports_cityhalf" if whole else "reports_cube"


def _begins_a_half(at: datetime) -> bool:
    day = city_day(at)
    return at == midnight(day) and half_of_day(day) == day


def _select(
    asked: Asked, label: str | None, tables: str, where: list[str], parameters: dict[str, Any], parts: Sequence[Parts]
) -> Statement:
    key = "NULL"
    if asked.by in ("month", "half"):
        key = str(label)
    elif asked.by in ("district", "tier"):
        kind, nothing = ("text", "''") if asked.by == "tier" else ("int", "0")
        parameters |= mapped(asked.by)
        tables += f" LEFT JOIN unnest(%(m_numbers)s::int[], %(m_values)s::{kind}[]) AS m (number, value)"
        tables += " ON m.number = c.receiving"
        key = f"coalesce(m.value, {nothing})"
    elif asked.by:
        key = f"c.{asked.by}"
    sums = ", ".join(f"coalesce(sum({_added(each)}), 0)::bigint" for pair in parts for each in pair)
    return Statement(
        f"SELECT {key}, {sums} FROM {tables} WHERE {' AND '.join(where) or 'true'} GROUP BY 1",
        parameters,
    )


def _added(columns: list[str]) -> str:
    return " + ".join(f"c.{each}" for each in columns) or "0"


def _in_place(asked: Asked) -> tuple[list[str], dict[str, Any]]:
    where, parameters = [], dict[str, Any]()
    if (places := asked.places()) is not None:
        parameters["places"] = places
        where.append("c.receiving = ANY (%(places)s::int[])")
    for name in ("field", "procedure"):
        if value := getattr(asked.which, name):
            parameters[name] = value
            where.append(f"c.{name} = %({name})s")
    return where, parameters
