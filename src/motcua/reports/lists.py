"""The dossiers behind a figure: for every figure a list of exactly what it counts, a page at a time.

Names nobody and shows no paper: what stands here may be shown to anyone. Pages go by key; the total is the
figure itself.
"""

from datetime import datetime
from typing import Any, Literal, get_args

import msgspec

from motcua.dossiers import store
from motcua.reports.figures import CONDITION, Filter, in_period, open_now
from motcua.tables import page_keys

Kind = Literal[
    "received", "received_online", "answered", "not_late", "before_date", "on_time", "late", "granted", "refused",
    "open_accepted", "open_in_time", "open_overdue", "open_waiting", "open_lodged", "ended_otherwise", "declined",
    "withdrawn", "stopped", "closed", "dropped", "replayed",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
PAGE = 50

_ACCEPTED = "accepted_at >= %(begin)s AND accepted_at < %(end)s AND NOT replayed"
_FINISHED = "finished_at >= %(begin)s AND finished_at < %(end)s AND NOT replayed"
_OPEN = "finished_at IS NULL AND accepted_at IS NOT NULL AND NOT replayed"
_OTHERWISE = ("declined", "withdrawn", "stopped", "closed")

_SCOPE = """
    (%(scope)s::int[] IS NULL OR receiving = ANY (%(scope)s::int[]) OR EXISTS (
        SELECT FROM reports_stagefact s
         WHERE s.dossier_id = reports_dossierfact.dossier_id AND s.agency = ANY (%(scope)s::int[])))
"""

# For each kind: what is in it, and the column by which it is ordered (from the oldest).
_KINDS: dict[str, tuple[str, str]] = {
    "received": (_ACCEPTED, "accepted_at"),
    "received_online": (f"{_ACCEPTED} AND channel = 'online'", "accepted_at"),
    "answered": (f"{_FINISHED} AND timeliness <> ''", "finished_at"),
    "not_late": (f"{_FINISHED} AND timeliness IN ('before_date', 'on_time')", "finished_at"),
    **{each: (f"{_FINISHED} AND timeliness = '{each}'", "finished_at") for each in ("before_date", "on_time", "late")},
    **{each: (f"{_FINISHED} AND outcome = '{each}'", "finished_at") for each in ("granted", "refused", *_OTHERWISE)},
    "ended_otherwise": (f"{_FINISHED} AND outcome IN {_OTHERWISE}", "finished_at"),
    "dropped": (f"{_FINISHED} AND outcome IN {_OTHERWISE} AND accepted_at IS NOT NULL", "finished_at"),
    "open_accepted": (_OPEN, "due_at"),
    "open_in_time": (f"{_OPEN} AND NOT waiting AND due_at >= %(now)s", "due_at"),
    "open_overdue": (f"{_OPEN} AND NOT waiting AND due_at < %(now)s", "due_at"),
    "open_waiting": (f"{_OPEN} AND waiting", "due_at"),
    "open_lodged": ("finished_at IS NULL AND accepted_at IS NULL AND NOT replayed", "lodged_at"),
    "replayed": ("lodged_at >= %(begin)s AND lodged_at < %(end)s AND replayed", "lodged_at"),
}


class Row(msgspec.Struct, frozen=True):
    """One dossier of a list, without a name."""

    dossier_id: int
    code: str
    procedure: str
    version: int
    receiving: int
    resolving: int
    agency: int
    step: str
    lodged_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    outcome: str
    timeliness: str
    waiting: bool
    status: int


_COLUMNS = ", ".join(Row.__struct_fields__)


class Listing:
    """The list of one kind under one filter at one instant."""

    def __init__(self, which: Filter, kind: Kind, now: datetime) -> None:
        self.filter, self.kind, self.now = which, kind, now
        self._condition, self._order = _KINDS[kind]

    def total(self) -> int:
        """How many dossiers are in it: the figure that the list stands behind."""
        if self.kind == "replayed":
            return self.counted()
        figures = open_now(self.filter, self.now) if self.kind.startswith("open_") else in_period(self.filter)
        return int(getattr(figures, self.kind))

    def counted(self) -> int:
        """The same, counted one by one."""
        with store.cursor() as run:
            found = run.execute(f"SELECT count(*) FROM {self._source()}", self._parameters()).fetchone()
        return 0 if found is None else int(found[0])

    def page(self, after: str = "", limit: int = PAGE) -> tuple[list[Row], str]:
        """One page, the oldest first, and the key of the next ('' when this is the last).

        Raises ValueError on a key that is none.
        """
        parameters = {**self._parameters(), "limit": limit + 1}
        beyond = "true"
        if after:
            parameters["a_at"], parameters["a_id"] = page_keys.read(after, page_keys.instant, page_keys.number)
            beyond = f"({self._order}, dossier_id) > (%(a_at)s, %(a_id)s)"
        query = (
            f"SELECT {_COLUMNS} FROM {self._source()} AND {beyond} ORDER BY {self._order}, dossier_id LIMIT %(limit)s"
        )
        with store.cursor() as run:
            rows = [Row(*row) for row in run.execute(query, parameters).fetchall()]
        return page_keys.cut(rows, limit, lambda row: page_keys.write(getattr(row, self._order), row.dossier_id))

    def whole(self, columns: str, scope: tuple[int, ...] | None = None) -> tuple[str, dict[str, Any]]:
        """The query of all of it, the oldest first, and its parameters: for a list that is written out.

        With `scope` only what these agencies received or worked on.
        """
        query = f"SELECT {columns} FROM {self._source()} AND {_SCOPE} ORDER BY {self._order}, dossier_id"
        return query, {**self._parameters(), "scope": None if scope is None else list(scope)}

    def _source(self) -> str:
        return f"reports_dossierfact WHERE {self._condition} AND {CONDITION}"

    def _parameters(self) -> dict[str, Any]:
        return {**self.filter.parameters(), "now": self.now}


def late_list(which: Filter, now: datetime, after: str = "") -> tuple[list[Row], str]:
    """What was answered late in the period, a page at a time."""
    return Listing(which, "late", now).page(after)
