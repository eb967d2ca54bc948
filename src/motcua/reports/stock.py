"""What was open at an instant, now or in any past: counted and listed from the spans, which no later act changes.

At an instant a dossier stands as it did just before it, so that what is open when a period begins is what it takes
over, and what is open when it ends is what it leaves. Open and past its date is overdue.
"""

from datetime import datetime
from typing import Any, Literal, get_args

import msgspec

from motcua.dossiers import store
from motcua.reports.figures import CONDITION, Filter
from motcua.tables import page_keys

Stand = Literal["in_time", "overdue", "waiting", "lodged", "returned"]
STANDS: tuple[Stand, ...] = get_args(Stand)
PAGE = 50

AT = "tstzrange(since, until, '(]') @> %(at)s::timestamptz AND NOT replayed"
_STANDS: dict[Stand, str] = {
    "in_time": "state = 'open' AND (due IS NULL OR due >= %(at)s)",
    "overdue": "state = 'open' AND due < %(at)s",
    "waiting": "state = 'waiting'",
    "lodged": "state = 'lodged'",
    "returned": "state = 'returned'",
}


class Stock(msgspec.Struct, frozen=True):
    """How many dossiers stood as what. Accepted and unanswered are the first three."""

    in_time: int = 0
    overdue: int = 0
    waiting: int = 0
    lodged: int = 0
    returned: int = 0

    @property
    def open(self) -> int:
        """Accepted and not yet answered."""
        return self.in_time + self.overdue + self.waiting


def as_of(at: datetime, which: Filter) -> Stock:
    """What stood as what at an instant in the filter's part of the city; its period is not asked."""
    wanted = ", ".join(f"count(*) FILTER (WHERE {_STANDS[each]})" for each in STANDS)
    query = f"SELECT {wanted} FROM reports_span WHERE {AT} AND {CONDITION}"
    with store.cursor() as run:
        row = run.execute(query, {**which.parameters(), "at": at}).fetchone()
    return Stock(*(row or ()))


class Open(msgspec.Struct, frozen=True):
    """One dossier that was open: how it stood, since when, and by when it was due."""

    dossier_id: int
    code: str
    procedure: str
    version: int
    receiving: int
    state: str
    ground: str
    since: datetime
    due: datetime | None
    finished_at: datetime | None


def page(
    at: datetime, which: Filter, stands: tuple[Stand, ...], after: str = "", limit: int = PAGE
) -> tuple[list[Open], str]:
    """One page of what stood so, by the dossier's number, and the key of the next ('' when this is the last).

    Raises ValueError on a key that is none.
    """
    begins = page_keys.number(after) if after else -(2**63)
    parameters: dict[str, Any] = {**which.parameters(), "at": at, "limit": limit + 1, "after": begins}
    condition = " OR ".join(f"({_STANDS[each]})" for each in stands)
    query = (
        "SELECT s.dossier_id, f.code, s.procedure, f.version, s.receiving, s.state, s.ground, s.since, s.due,"
        f" f.finished_at FROM (SELECT * FROM reports_span WHERE {AT} AND ({condition}) AND {CONDITION}"
        " AND dossier_id > %(after)s ORDER BY dossier_id LIMIT %(limit)s) s"
        " JOIN reports_dossierfact f ON f.dossier_id = s.dossier_id ORDER BY s.dossier_id"
    )
    with store.cursor() as run:
        rows = [Open(*row) for row in run.execute(query, parameters).fetchall()]
    return page_keys.cut(rows, limit, lambda row: str(row.dossier_id))


_SUMS = """
    SELECT receiving, procedure, field, sum(d_in_time)::int, sum(d_overdue)::int, sum(d_waiting)::int,
           sum(d_lodged)::int, sum(d_returned)::int
      FROM reports_cube WHERE half < %(half)s AND
"""


def from_sums(at: Any, which: Filter) -> dict[tuple[int, str, str], Stock]:
    """The same at the beginning of the half month `at` (a date), from the sums: by agency, procedure, field."""
    query = f"{_SUMS} {CONDITION} GROUP BY receiving, procedure, field"
    with store.cursor() as run:
        rows = run.execute(query, {**which.parameters(), "half": at}).fetchall()
    return {row[:3]: Stock(*row[3:]) for row in rows if any(row[3:])}
