"""The dossiers behind a value: exactly the cases of its numerator or its denominator, a page at a time by key.

Names nobody. The cases of a day's open work are the pieces of work that were open when it ended.
"""

from datetime import datetime
from typing import Any, Literal

import msgspec

from motcua.dossiers import clock, store
from motcua.kpis import definitions
from motcua.kpis.asking import Asked, Key, check
from motcua.kpis.compiling import Compiler
from motcua.kpis.open_work import Work
from motcua.kpis.shapes import Dimension, Kpi
from motcua.reports.figures import Filter
from motcua.tables import page_keys

Part = Literal["numerator", "denominator"]
PAGE = 50
_DETAILS = """
    SELECT f.dossier_id, f.code, f.procedure, f.version, f.receiving, f.lodged_at, f.accepted_at, f.due_at,
           f.finished_at, f.outcome, f.timeliness
      FROM reports_dossierfact f WHERE f.dossier_id = ANY (%(ids)s)
"""


class Case(msgspec.Struct, frozen=True):
    """One case of a list, without a name: its dossier, the piece of work where it is one, and its instant."""

    dossier_id: int
    no: int
    at: datetime
    code: str
    procedure: str
    version: int
    receiving: int
    lodged_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    outcome: str
    timeliness: str


def opens(kpi: Kpi, part: Part) -> bool:
    """True when the cases of a part can be listed; amounts of minutes are of every case of the denominator."""
    if kpi.amount is None:
        return part == "denominator" or kpi.measure == "share"
    name = kpi.amount.numerator if part == "numerator" else kpi.amount.denominator
    return name in ("d_open", "closed", "closed_late") if kpi.grain == "open_day" else part == "denominator"


def page(
    code: str,
    which: Filter,
    *,
    part: Part = "denominator",
    after: str = "",
    limit: int = PAGE,
    now: datetime | None = None,
    channel: str = "",
    within: tuple[int, ...] | None = None,
    only: tuple[Dimension, Key] | None = None,
) -> tuple[list[Case], str]:
    """One page of the cases of a part, the oldest first, and the key of the next ('' when this is the last).

    `only` is one unit of a breakdown. Raises ValueError on a key that is none, NotOfferedError as `value` does.
    """
    asked = Asked(which, now or clock.now(), None, channel, within, only)
    kpi = definitions.get(code)
    source = _source(kpi, asked, part)
    statement = source.rows_of(part, _begins(after), limit + 1)
    with store.cursor() as run:
        rows: list[Any] = run.execute(statement.sql, statement.parameters).fetchall()
        ids = list({row[1] for row in rows})
        details = {row[0]: row[1:] for row in run.execute(_DETAILS, {"ids": ids}).fetchall()}
    cases = [Case(dossier_id, no, at, *details[dossier_id]) for at, dossier_id, no in rows]
    return page_keys.cut(cases, limit, lambda case: page_keys.write(case.at, case.dossier_id, case.no))


def total(
    code: str,
    which: Filter,
    *,
    part: Part = "denominator",
    now: datetime | None = None,
    channel: str = "",
    within: tuple[int, ...] | None = None,
    only: tuple[Dimension, Key] | None = None,
) -> int:
    """How many cases the list has, counted one by one."""
    statement = _source(
        definitions.get(code), Asked(which, now or clock.now(), None, channel, within, only), part
    ).counted(part)
    with store.cursor() as run:
        row = run.execute(statement.sql, statement.parameters).fetchone()
    return 0 if row is None else int(row[0])


def _source(kpi: Kpi, asked: Asked, part: Part) -> Compiler | Work:
    check(kpi, asked)
    if not opens(kpi, part):
        raise ValueError(f"{kpi.code} has no list of its {part}")
    return Work(kpi, asked) if kpi.grain == "open_day" else Compiler(kpi, asked)


def _begins(after: str) -> dict[str, Any] | None:
    if not after:
        return None
    at, dossier_id, no = page_keys.read(after, page_keys.instant, page_keys.number, page_keys.small)
    return {"a_at": at, "a_id": dossier_id, "a_no": no}
