"""Published values read back: the newest version of each period, or every version with what was said before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from motcua.dossiers import store
from motcua.kpis.values import Reading

UnitKind = Literal["city", "district", "tier", "agency"]
# How a period's code looks: months and report quarters are published.
_KINDS = {"month": r"^\d{4}-\d{2}$", "quarter": r"^\d{4}-Q[1-4]r$"}


class Published(msgspec.Struct, frozen=True):
    """One published value. `corrected`: an earlier version said otherwise."""

    code: str
    period: str
    version: int
    reading: Reading
    published_at: datetime
    complete_until: datetime

    @property
    def corrected(self) -> bool:
        """True when it takes the place of another version."""
        return self.version > 1


_COLUMNS = """
    code, period, version, numerator, denominator, value, low, high, cases, enough, published_at, complete_until
"""


def history(
    code: str, unit_kind: UnitKind = "city", unit: str = "", kind: Literal["month", "quarter"] = "month",
    versions: bool = False,
) -> list[Published]:  # fmt: skip
    """What was published of one unit, the oldest period first: the newest version of each, or all `versions`."""
    once = "" if versions else "DISTINCT ON (ends, period)"
    query = (
        f"SELECT {once} {_COLUMNS} FROM kpis_value WHERE unit_kind = %s AND unit = %s AND code = %s AND period ~ %s"
        f" ORDER BY ends, period, version {'' if versions else 'DESC'}"
    )
    return _rows(query, (unit_kind, unit, code, _KINDS[kind]))


def of_period(period: str, unit_kind: UnitKind = "city", unit: str = "") -> dict[str, Published]:
    """Everything that was published of one unit and period, by the KPI's code."""
    query = (
        f"SELECT DISTINCT ON (code) {_COLUMNS} FROM kpis_value WHERE unit_kind = %s AND unit = %s AND period = %s"
        " ORDER BY code, version DESC"
    )
    return {each.code: each for each in _rows(query, (unit_kind, unit, period))}


def lines(unit_kind: UnitKind, unit: str, since: datetime) -> dict[str, list[Published]]:
    """The published months since an instant of every KPI of one unit, in one query; the oldest first."""
    query = (
        f"SELECT DISTINCT ON (code, ends) {_COLUMNS} FROM kpis_value WHERE unit_kind = %s AND unit = %s"
        " AND ends >= %s AND period ~ %s ORDER BY code, ends, version DESC"
    )
    found: dict[str, list[Published]] = {}
    for each in _rows(query, (unit_kind, unit, since, _KINDS["month"])):
        found.setdefault(each.code, []).append(each)
    return found


def latest_month(code: str, before: datetime) -> str:
    """The last month of a KPI of the whole city that was published and over by an instant; empty where none was."""
    query = (
        "SELECT period FROM kpis_value WHERE unit_kind = 'city' AND unit = '' AND code = %s AND ends <= %s"
        " AND period ~ %s ORDER BY ends DESC LIMIT 1"
    )
    with store.cursor() as run:
        row: Any = run.execute(query, (code, before, _KINDS["month"])).fetchone()
    return row[0] if row else ""


def units_of(code: str, period: str, unit_kind: UnitKind) -> dict[str, Published]:
    """The newest value of each unit of a kind in one period, by the unit."""
    query = (
        f"SELECT DISTINCT ON (unit) unit, {_COLUMNS} FROM kpis_value WHERE unit_kind = %s AND code = %s"
        " AND period = %s ORDER BY unit, version DESC"
    )
    with store.cursor() as run:
        rows: list[Any] = run.execute(query, (unit_kind, code, period)).fetchall()
    return {row[0]: _published(row[1:]) for row in rows}


def _published(row: Sequence[Any]) -> Published:
    return Published(row[0], row[1], row[2], Reading(*row[3:10]), row[10], row[11])


def _rows(query: str, parameters: tuple[Any, ...]) -> list[Published]:
    with store.cursor() as run:
        rows: list[Any] = run.execute(query, parameters).fetchall()
    return [_published(row) for row in rows]
