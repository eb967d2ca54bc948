"""The pieces of work behind the sums per day: what was open when a day ended, and what was done in a period.

The sums name nobody; these are the same cases, found among the stages.
"""

from typing import Any

from motcua.kpis.asking import Asked, mapped, points
from motcua.kpis.compiling import ZONE, Statement
from motcua.kpis.shapes import Kpi
from motcua.law.working_time import city_day
from motcua.reports.periods import midnight

# Two halves, so that each has its own index.
_OPEN = (
    "s.closed IS NULL AND s.opened < %(at)s",
    "s.closed >= %(at)s AND s.opened < %(at)s",
)
_DONE = ("s.closed >= %(begin)s AND s.closed < %(end)s",)


class Work:
    """The list of one amount of a KPI of days, for one question; in the shape of `Compiler`."""

    def __init__(self, kpi: Kpi, asked: Asked) -> None:
        self.kpi, self.asked = kpi, asked
        begin, end = asked.span()
        self.parameters: dict[str, Any] = {"begin": begin, "end": min(end, midnight(city_day(asked.now)))}
        if not kpi.is_stock:
            self.parameters["end"] = end
        self.joins = ""

    def rows_of(self, part: str, after: dict[str, Any] | None, limit: int) -> Statement:
        """As `Compiler.rows_of`."""
        beyond = "true"
        if after:
            self.parameters |= after
            beyond = "(at, dossier_id, no) > (%(a_at)s, %(a_id)s, %(a_no)s)"
        self.parameters["limit"] = limit
        return Statement(
            f"SELECT at, dossier_id, no FROM ({self._rows(part)}) AS cases WHERE {beyond}"
            " ORDER BY at, dossier_id, no LIMIT %(limit)s",
            self.parameters,
        )

    def counted(self, part: str) -> Statement:
        """As `Compiler.counted`."""
        return Statement(f"SELECT count(*) FROM ({self._rows(part)}) AS cases", self.parameters)

    def _rows(self, part: str) -> str:
        assert self.kpi.amount is not None
        name = self.kpi.amount.numerator if part == "numerator" else self.kpi.amount.denominator
        done = name.startswith("closed")
        ways: tuple[str, ...] = _DONE if done else _OPEN
        instant = "s.closed" if done else "s.opened"
        if name == "closed_late":
            ways = tuple(f"{each} AND s.late" for each in ways)
        if name == "d_open":
            told = points(self.kpi, self.asked)
            self.parameters["at"] = told[0][1] if told else self.parameters["begin"]
        rest = " AND ".join(["NOT s.replayed", *self._in_place(instant)])
        return " UNION ALL ".join(
            f"SELECT {instant} AS at, s.dossier_id, s.no FROM reports_stagefact s {self.joins} WHERE {way} AND {rest}"
            for way in ways
        )

    def _in_place(self, instant: str) -> list[str]:
        found = []
        if (places := self.asked.places()) is not None:
            self.parameters["places"] = places
            found.append("s.agency = ANY (%(places)s::int[])")
        if self.asked.only is None:
            return found
        dimension, value = self.asked.only
        self.parameters["unit"] = value
        if dimension in ("district", "tier"):
            told = mapped(dimension)
            numbers = [n for n, each in zip(told["m_numbers"], told["m_values"], strict=True) if each == value]
            self.parameters["unit"] = numbers
            found.append("s.agency = ANY (%(unit)s::int[])")
        elif dimension == "agency":
            found.append("s.agency = %(unit)s")
        elif not self.kpi.is_stock:
            local = f"({instant} {ZONE})"
            first = f"date_trunc('month', {local})::date"
            half = f"{first} + CASE WHEN extract(day FROM {local}) >= 15 THEN 14 ELSE 0 END"
            found.append(f"{first if dimension == 'month' else half} = %(unit)s")
        return found
