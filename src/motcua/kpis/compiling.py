"""From a KPI and a question to one statement over the facts. Pure but for what the city's organisation says.

Names in a file were checked against `columns` when it was read; values only ever travel as parameters. A statement
answers for the whole and for every unit of a breakdown alike.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from motcua.kpis.asking import Asked, hours, mapped, points
from motcua.kpis.columns import DOSSIER, HOURS, SOURCES, Column, Need, Source
from motcua.kpis.shapes import Amount, Cohort, Condition, Dimension, Grain, Kpi, When
from motcua.reports.stock import AT

# Quantiles at every hundredth: enough for the margin of any of them.
GRID = [each / 100 for each in range(101)]
ZONE = "AT TIME ZONE 'Asia/Ho_Chi_Minh'"
_SIGNS = {"is": "=", "not": "<>", "at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<"}
_HOURS = """
    JOIN unnest(%(h_agencies)s::int[], %(h_keeps)s::int[]) AS keeps (agency, calendar) ON keeps.agency = {place}
    JOIN hours ON hours.calendar = keeps.calendar
"""
_HOURS_TABLE = """
    WITH hours AS MATERIALIZED (
        SELECT u.calendar, u.opens::float8[] AS opens, u.closes::float8[] AS closes, u.before::float8[] AS before
          FROM unnest(%(h_ids)s::int[], %(h_opens)s::text[], %(h_closes)s::text[], %(h_before)s::text[])
            AS u (calendar, opens, closes, before))
"""
_POINTS = "unnest(%(labels)s::date[], %(ats)s::timestamptz[]) AS pt (label, at)"


class Statement(NamedTuple):
    """A statement and its parameters."""

    sql: str
    parameters: dict[str, Any]


def aggregates(kpi: Kpi, x: str, y: str) -> list[str]:
    """What is reckoned of a KPI's cases: how many, and what `values.reading_of` takes besides.

    `{only}` stands for a FILTER, `{hit}` for the condition of the numerator.
    """
    if kpi.amount is not None:
        return ["count(*){only}", *(f"coalesce(sum({each}){{only}}, 0)::float8" for each in (x, y))]
    if kpi.measure == "percentile":
        return ["count(*){only}", f"percentile_cont(%(grid)s::float8[]) WITHIN GROUP (ORDER BY {x}::float8){{only}}"]
    if kpi.measure == "mean":
        return ["count(*){only}", f"sum({x}){{only}}::float8", f"coalesce(stddev_samp({x}::float8){{only}}, 0)"]
    return ["count(*){only}", "count(*) FILTER (WHERE {hit})"]


class Compiler:
    """Builds the statements of one KPI for one question, collecting parameters as it goes."""

    def __init__(self, kpi: Kpi, asked: Asked) -> None:
        self.kpi, self.asked = kpi, asked
        self.source: Source = SOURCES[kpi.grain]
        self.parameters: dict[str, Any] = {}
        self._mapping: Dimension | None = None
        self._needs: set[Need] = set()
        begin, end = asked.span()
        self.parameters |= {"begin": begin, "end": end}
        if self._is_pointed:
            told = points(kpi, asked)
            self.parameters |= {"labels": [each[0] for each in told], "ats": [each[1] for each in told]}

    @property
    def _is_pointed(self) -> bool:
        return self.kpi.is_stock

    def values(self) -> Statement:
        """Numerator, denominator and what margins need, for each unit: `key, cases, hits, measure...`."""
        rows = " UNION ALL ".join(self._rows(cohort) for cohort in self.kpi.cohorts)
        return self._done(f"SELECT key, {self._aggregates()} FROM ({rows}) AS cases GROUP BY key")

    def rows_of(self, part: str, after: dict[str, Any] | None, limit: int) -> Statement:
        """The cases of the numerator or the denominator, by instant and dossier; `after` is where a page begins."""
        rows = " UNION ALL ".join(self._rows(cohort, part) for cohort in self.kpi.cohorts)
        beyond = "true"
        if after:
            self.parameters |= after
            beyond = "(at, dossier_id, no) > (%(a_at)s, %(a_id)s, %(a_no)s)"
        self.parameters["limit"] = limit
        return self._done(
            f"SELECT at, dossier_id, no FROM ({rows}) AS cases WHERE {beyond} ORDER BY at, dossier_id, no"
            " LIMIT %(limit)s"
        )

    def counted(self, part: str) -> Statement:
        """How many cases the list of a part has, counted one by one."""
        rows = " UNION ALL ".join(self._rows(cohort, part) for cohort in self.kpi.cohorts)
        return self._done(f"SELECT count(*) FROM ({rows}) AS cases")

    def _done(self, sql: str) -> Statement:
        if "hours" in self._needs:
            begin, end = self.asked.span()
            self.parameters |= hours(begin, end)
            sql = _HOURS_TABLE + sql
        return Statement(sql, self.parameters)

    def _aggregates(self) -> str:
        kpi = self.kpi
        if kpi.measure == "percentile":
            self.parameters["grid"] = GRID
        return ", ".join(aggregate.format(hit="hit", only="") for aggregate in aggregates(kpi, "x", "y"))

    # -- the cases ----------------------------------------------------------------------------------

    def _rows(self, cohort: Cohort, part: str = "") -> str:
        kpi = self.kpi
        instant = self.source.whens[cohort.when]
        wanted = [self._condition(each) for each in cohort.where]
        hit = " AND ".join(self._condition(each) for each in kpi.numerator or ()) or "true"
        if part == "numerator":
            wanted.append(hit)
        measured = self._column(kpi.of).sql if kpi.of else ""
        if measured:
            wanted.append(f"{measured} IS NOT NULL")
        key = self._key(self.asked.by, instant) if self.asked.by and not part else "NULL"
        wanted += [*self._in_time(cohort, instant), *self._in_place(), *self._only(instant)]
        if part:
            number = f"{self.source.alias}.no" if kpi.grain == "stage" else "0"
            shown = f"{self._order(instant)} AS at, {self.source.alias}.dossier_id, {number} AS no"
        else:
            shown = ", ".join([f"{key} AS key", *self._measured(hit, measured)])
        # The joins last: only now is known what is needed.
        return f"SELECT {shown} FROM {self._from()} WHERE {' AND '.join(wanted) or 'true'}"

    def _measured(self, hit: str, measured: str) -> list[str]:
        if self.kpi.amount is not None:
            return [f"{each} AS {name}" for name, each in zip("xy", self._amounts(self.kpi.amount), strict=True)]
        return [f"{measured} AS x"] if measured else [f"({hit}) AS hit"]

    def _amounts(self, amount: Amount) -> tuple[str, str]:
        below = self._amount(amount.denominator) if amount.denominator not in ("", "days") else "0"
        return self._amount(amount.numerator), below

    def _amount(self, name: str) -> str:
        return self._column(name).sql if name in self.source.columns else f"{self.source.alias}.{name}"

    def _order(self, instant: str) -> str:
        return "p.since" if self.kpi.grain == "span" else instant

    def _in_time(self, cohort: Cohort, instant: str) -> list[str]:
        alias = self.source.alias
        if self.kpi.grain == "open_day":
            # The days that are over at an instant: those before the city's day on which it lies.
            return [f"o.day < (pt.at {ZONE})::date"] if self._is_pointed else self._days()
        if self._is_pointed:
            return [AT.replace("since", "p.since").replace("until", "p.until").replace("%(at)s", "pt.at")
                    .replace("replayed", "p.replayed")]  # fmt: skip
        real = "f" if self.kpi.grain == "rating" else alias
        return [f"{instant} >= %(begin)s", f"{instant} < %(end)s", f"NOT {real}.replayed"]

    def _days(self) -> list[str]:
        return [f"o.day >= (%(begin)s {ZONE})::date", f"o.day < (%(end)s {ZONE})::date"]

    def _in_place(self) -> list[str]:
        which, found = self.asked.which, []
        if (places := self.asked.places()) is not None:
            self.parameters["places"] = places
            found.append(f"{self.source.place} = ANY (%(places)s::int[])")
        for name in ("field", "procedure"):
            if value := getattr(which, name):
                self.parameters[name] = value
                found.append(f"{self._key(name, '')} = %({name})s")
        if self.asked.channel:
            self.parameters["channel"] = self.asked.channel
            found.append(f"{self._column('channel').sql} = %(channel)s")
        return found

    def _only(self, instant: str) -> list[str]:
        if self.asked.only is None:
            return []
        dimension, value = self.asked.only
        self.parameters["unit"] = value
        return [f"{self._key(dimension, instant)} = %(unit)s"]

    # -- names --------------------------------------------------------------------------------------

    def _column(self, name: str) -> Column:
        column = self.source.columns[name]
        self._needs |= column.needs
        return column

    def _condition(self, condition: Condition) -> str:
        column = self._column(condition.column)
        ((operator, value),) = condition.said()
        name = f"c{len(self.parameters)}"
        if column.kind == "flag":
            wanted = value == ("true" if operator == "is" else "false")
            return f"({column.sql})" if wanted else f"NOT ({column.sql})"
        self.parameters[name] = list(value) if isinstance(value, tuple) else value
        if operator == "in":
            return f"{column.sql} = ANY (%({name})s::text[])"
        if column.kind == "number":
            self.parameters[name] = float(self.parameters[name])
        return f"{column.sql} {_SIGNS[operator]} %({name})s"

    def _key(self, dimension: Dimension, instant: str) -> str:
        alias, grain = self.source.alias, self.kpi.grain
        if dimension in ("month", "half"):
            return self._time_key(dimension, instant)
        if dimension in ("district", "tier"):
            if grain in ("dossier", "rating"):
                return f"f.{dimension}"
            self._mapping = dimension
            return "coalesce(m.value, '')" if dimension == "tier" else "coalesce(m.value, 0)"
        if dimension == "channel":
            return self._column("channel").sql
        if grain == "rating" and dimension == "field":
            return "f.field"
        return f"{alias}.{dimension}"

    def _time_key(self, dimension: Dimension, instant: str) -> str:
        if self._is_pointed:
            return "pt.label"
        local = instant if self.kpi.grain == "open_day" else f"({instant} {ZONE})"
        first = f"date_trunc('month', {local})::date"
        if dimension == "month":
            return first
        return f"{first} + CASE WHEN extract(day FROM {local}) >= 15 THEN 14 ELSE 0 END"

    def _from(self) -> str:
        source = self.source
        tables: Sequence[str] = [f"{source.table} {source.alias}"]
        if self._is_pointed:
            tables = [_POINTS, f"CROSS JOIN {source.table} {source.alias}"]
        joins = list(tables)
        if self.kpi.grain == "rating" or (self.kpi.grain != "dossier" and self._needs & DOSSIER):
            joins.append(f"JOIN reports_dossierfact f ON f.dossier_id = {source.alias}.dossier_id")
        if self._needs & HOURS:
            joins.append(_HOURS.format(place=source.place))
        if self._mapping is not None:
            kind = "text" if self._mapping == "tier" else "int"
            self.parameters |= mapped(self._mapping)
            joins.append(
                f"LEFT JOIN unnest(%(m_numbers)s::int[], %(m_values)s::{kind}[]) AS m (number, value)"
                f" ON m.number = {source.place}"
            )
        return " ".join(joins)


class Joint(Compiler):
    """One statement for many KPIs of one grain: the cases of an instant are looked through once for all of them.

    Only for a whole, not for a breakdown; the KPIs must need the same of their columns (`needs_of`).
    """

    def __init__(self, members: Sequence[tuple[Kpi, Cohort]], asked: Asked) -> None:
        super().__init__(members[0][0], asked)
        self.members = members

    def values(self) -> Statement:
        """For each KPI in turn the columns of `Compiler.values` but for the key, all in one row."""
        self.parameters["grid"] = GRID
        told = [column for kpi, cohort in self.members for column in self._columns_of(kpi, cohort)]
        first = self.members[0][1]
        where = [*self._in_time(first, self.source.whens[first.when]), *self._in_place()]
        return self._done(f"SELECT {', '.join(told)} FROM {self._from()} WHERE {' AND '.join(where)}")

    def _columns_of(self, kpi: Kpi, cohort: Cohort) -> list[str]:
        wanted = [self._condition(each) for each in cohort.where]
        x, y = self._amounts(kpi.amount) if kpi.amount is not None else (self._column(kpi.of).sql if kpi.of else "", "")
        if kpi.of:
            wanted.append(f"{x} IS NOT NULL")
        hit = " AND ".join([*wanted, *(self._condition(each) for each in kpi.numerator or ())]) or "true"
        only = f" FILTER (WHERE {' AND '.join(wanted)})" if wanted else ""
        return [each.format(hit=hit, only=only) for each in aggregates(kpi, f"({x})", f"({y})")]


def joints(kpis: Sequence[Kpi]) -> list[list[tuple[Kpi, Cohort]]]:
    """The KPIs that can be asked together, by grain, instant and need. One with more than one cohort stands in several
    groups when its parts can simply be added, otherwise in none.
    """
    groups: dict[tuple[Grain, When, frozenset[Need]], list[tuple[Kpi, Cohort]]] = {}
    for kpi in kpis:
        if kpi.also and (kpi.amount is not None or kpi.measure not in ("count", "share")):
            continue
        for cohort in kpi.cohorts:
            groups.setdefault((kpi.grain, cohort.when, needs_of(kpi)), []).append((kpi, cohort))
    return list(groups.values())


def needs_of(kpi: Kpi) -> frozenset[Need]:
    """What the columns of a KPI need besides its own table."""
    columns = SOURCES[kpi.grain].columns
    conditions = [*(kpi.numerator or ()), *(each for cohort in kpi.cohorts for each in cohort.where)]
    names = [*(each.column for each in conditions), *([kpi.of] if kpi.of else [])]
    return frozenset().union(*(columns[name].needs for name in names))
