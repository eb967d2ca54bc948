"""Work as the control office sees it: every stage of every dossier, who held it, and whether it was late.

A row is one piece of work of one agency on one dossier. Open work is measured against now, finished work belongs to
the period in which it was finished. Whose work somebody may see is decided before and handed in as `scope`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, get_args

import msgspec

from motcua.dossiers import store
from motcua.law.working_time import city_day
from motcua.reports.periods import midnight
from motcua.tables import page_keys

State = Literal["open", "late", "today", "in_time", "waiting", "done_in_time", "done_late"]
STATES: tuple[State, ...] = get_args(State)
PAGE = 50

_CONDITIONS: dict[str, str] = {
    "open": "closed IS NULL",
    "late": "closed IS NULL AND NOT waiting AND due < %(now)s",
    "today": "closed IS NULL AND NOT waiting AND due >= %(now)s AND due < %(tomorrow)s",
    "in_time": "closed IS NULL AND NOT waiting AND due >= %(tomorrow)s",
    "waiting": "closed IS NULL AND waiting",
    "done_in_time": "closed IS NOT NULL AND NOT late",
    "done_late": "closed IS NOT NULL AND late",
}

_PART = """
    (%(scope)s::int[] IS NULL OR s.agency = ANY (%(scope)s::int[]) OR s.receiving = ANY (%(scope)s::int[]))
    AND (%(agency)s::int = 0 OR s.agency = %(agency)s::int)
    AND (%(officer)s::bigint = 0 OR s.officer = %(officer)s::bigint)
    AND (%(field)s = '' OR s.field = %(field)s) AND (%(procedure)s = '' OR s.procedure = %(procedure)s)
    AND (%(step)s = '' OR s.step = %(step)s) AND (%(kind)s = '' OR s.kind = %(kind)s)
"""
_COLUMNS = """
    s.dossier_id, s.no, s.procedure, s.step, s.stage, s.agency, s.kind, s.officer, s.opened, s.received, s.closed,
    s.due, s.worked, s.waited, s.late, s.field, s.receiving
"""
# Two halves, so that each has its own index; whether a dossier waits matters to open work only.
_WORK = f"""(
    SELECT {_COLUMNS}, f.waiting
      FROM reports_stagefact s JOIN reports_dossierfact f ON f.dossier_id = s.dossier_id
     WHERE s.closed IS NULL AND {_PART}
    UNION ALL
    SELECT {_COLUMNS}, false FROM reports_stagefact s
     WHERE s.closed >= %(begin)s AND s.closed < %(end)s AND {_PART}
) AS work"""


class Part(msgspec.Struct, frozen=True):
    """Which work: of the agencies in `scope` (None: all), and narrowed to what is named; a period and an instant."""

    scope: tuple[int, ...] | None
    begin: datetime
    end: datetime
    now: datetime
    tomorrow: datetime
    agency: int = 0
    officer: int = 0
    field: str = ""
    procedure: str = ""
    step: str = ""
    kind: str = ""

    def parameters(self) -> dict[str, Any]:
        """For the queries of this module."""
        scope = None if self.scope is None else list(self.scope)
        return {**msgspec.structs.asdict(self), "scope": scope}


class Counts(msgspec.Struct, frozen=True):
    """How much work is in each state; `late`, `today`, `in_time` and `waiting` part what is open."""

    open: int = 0
    late: int = 0
    today: int = 0
    in_time: int = 0
    waiting: int = 0
    done_in_time: int = 0
    done_late: int = 0

    @property
    def done(self) -> int:
        """Finished in the period."""
        return self.done_in_time + self.done_late

    @property
    def share_late(self) -> float | None:
        """The late share of what was finished; None when nothing was."""
        return self.done_late / self.done if self.done else None


class Groups(msgspec.Struct, frozen=True):
    """The same work counted in all, by agency, field, procedure and officer."""

    total: Counts
    agencies: dict[int, Counts]
    fields: dict[str, Counts]
    procedures: dict[str, Counts]
    officers: dict[int, Counts]


# The work of a whole city, finished within whole days, is added up already; only what is open is looked at.
_OPEN = """
    SELECT s.agency, s.field, s.procedure, s.officer, s.closed, s.due, s.late, f.waiting, 1 AS n
      FROM reports_stagefact s JOIN reports_dossierfact f ON f.dossier_id = s.dossier_id WHERE s.closed IS NULL
"""
_SUMMED = """(
    {open}
    UNION ALL
    SELECT {keys}, %(begin)s, NULL, v.late, false, v.n
      FROM {table} d CROSS JOIN LATERAL (VALUES (false, d.done - d.late), (true, d.late)) AS v (late, n)
     WHERE d.day >= %(first)s AND d.day < %(after)s
) AS work"""
_BY_WORK = _SUMMED.format(open=_OPEN, keys="d.agency, d.field, d.procedure, 0", table="reports_workday")
_BY_OFFICER = _SUMMED.format(open=_OPEN, keys="0, '', '', d.officer", table="reports_officerday")
_WAYS = {
    "agency": ("agencies", "int"),
    "field": ("fields", "text"),
    "procedure": ("procedures", "text"),
    "officer": ("officers", "bigint"),
}


def groups(part: Part) -> Groups:
    """Counts the work every way at once, in one statement, so that no way counts what another does not."""
    parts = [(f"(SELECT work.*, 1 AS n FROM {_WORK}) AS work", tuple(_WAYS))]
    if _added_up(part):
        parts = [(_BY_WORK, ("agency", "field", "procedure")), (_BY_OFFICER, ("officer",))]
    days = {"first": city_day(part.begin), "after": city_day(part.end)}
    found = Groups(Counts(), {}, {}, {}, {})
    total = Counts()
    with store.cursor() as run:
        query = " UNION ALL ".join(_grouped(*each) for each in parts)
        for row in run.execute(query, part.parameters() | days).fetchall():
            numbers = Counts(*row[len(_WAYS) :])
            # No piece of work is without any of these, so that NULL stands only for "all".
            named = [(name, key) for name, key in zip(_WAYS, row, strict=False) if key is not None]
            if named:
                ((name, key),) = named
                getattr(found, _WAYS[name][0])[key] = numbers
            else:
                total = numbers
    return msgspec.structs.replace(found, total=total)


def _grouped(source: str, by: Sequence[str]) -> str:
    keys = ", ".join(name if name in by else f"NULL::{kind}" for name, (_, kind) in _WAYS.items())
    sums = ", ".join(f"coalesce(sum(n) FILTER (WHERE {_CONDITIONS[state]}), 0)::bigint" for state in STATES)
    return f"SELECT {keys}, {sums} FROM {source} GROUP BY GROUPING SETS ({', '.join(f'({each})' for each in by)}, ())"


def _added_up(part: Part) -> bool:
    """True for everything in the city, over whole days."""
    narrowed = part.agency or part.officer or part.field or part.procedure or part.step or part.kind
    whole_days = all(each == midnight(city_day(each)) for each in (part.begin, part.end))
    return part.scope is None and not narrowed and whole_days


def counts(part: Part) -> Counts:
    """How much work is in each state."""
    sums = ", ".join(f"count(*) FILTER (WHERE {_CONDITIONS[state]})" for state in STATES)
    with store.cursor() as run:
        row = run.execute(f"SELECT {sums} FROM {_WORK}", part.parameters()).fetchone()
    return Counts(*(row or ()))


class Piece(msgspec.Struct, frozen=True):
    """One piece of work in a list."""

    dossier_id: int
    no: int
    procedure: str
    step: str
    stage: str
    agency: int
    kind: str
    officer: int
    opened: datetime
    received: datetime | None
    closed: datetime | None
    due: datetime
    worked: int | None
    waited: int | None
    late: bool | None
    field: str
    receiving: int
    waiting: bool
    code: str
    version: int
    dossier_due: datetime | None
    finished_at: datetime | None
    timeliness: str


def page(part: Part, state: State, after: str = "", limit: int = PAGE) -> tuple[list[Piece], str]:
    """One page of the work in a state, the earliest date first, and the key of the next ('' when it is the last).

    Raises ValueError on a key that is none.
    """
    parameters = {**part.parameters(), "limit": limit + 1}
    beyond = "true"
    if after:
        due, dossier_id, no = page_keys.read(after, page_keys.instant, page_keys.number, page_keys.small)
        parameters |= {"a_due": due, "a_id": dossier_id, "a_no": no}
        beyond = "(due, dossier_id, no) > (%(a_due)s, %(a_id)s, %(a_no)s)"
    # Every part of the statement is one of our own constants.
    query = (
        "SELECT page.*, d.code, d.version, d.due_at, d.finished_at, d.timeliness FROM ("
        f" SELECT * FROM {_WORK} WHERE {_CONDITIONS[state]} AND {beyond}"
        " ORDER BY due, dossier_id, no LIMIT %(limit)s) AS page"
        " JOIN reports_dossierfact d ON d.dossier_id = page.dossier_id ORDER BY page.due, page.dossier_id, page.no"
    )
    with store.cursor() as run:
        rows = [Piece(*row) for row in run.execute(query, parameters).fetchall()]
    return page_keys.cut(rows, limit, lambda row: page_keys.write(row.due, row.dossier_id, row.no))


def whole(part: Part, state: State) -> tuple[str, dict[str, Any]]:
    """The query of all the work in a state, as `page` orders it, and its parameters: for a list that is written out.

    Its rows are those of `Piece`.
    """
    query = (
        "SELECT piece.*, d.code, d.version, d.due_at, d.finished_at, d.timeliness FROM ("
        f" SELECT * FROM {_WORK} WHERE {_CONDITIONS[state]}) AS piece"
        " JOIN reports_dossierfact d ON d.dossier_id = piece.dossier_id"
        " ORDER BY piece.due, piece.dossier_id, piece.no"
    )
    return query, part.parameters()


class LateStage(msgspec.Struct, frozen=True):
    """A stage in which a dossier was late: where, and who held it."""

    dossier_id: int
    no: int
    step: str
    agency: int
    officer: int
    closed: datetime | None
    due: datetime


def late_stages(dossier_ids: Sequence[int], now: datetime) -> dict[int, list[LateStage]]:
    """For each dossier the stages in which it was, or is now, late; in their order."""
    query = """
        SELECT s.dossier_id, s.no, s.step, s.agency, s.officer, s.closed, s.due
          FROM reports_stagefact s JOIN reports_dossierfact f ON f.dossier_id = s.dossier_id
         WHERE s.dossier_id = ANY (%(ids)s) AND (s.late OR (s.closed IS NULL AND s.due < %(now)s AND NOT f.waiting))
         ORDER BY s.dossier_id, s.no
    """
    found: dict[int, list[LateStage]] = {}
    with store.cursor() as run:
        for row in run.execute(query, {"ids": list(dossier_ids), "now": now}).fetchall():
            found.setdefault(row[0], []).append(LateStage(*row))
    return found


class Pace(msgspec.Struct, frozen=True):
    """How fast a step goes at one agency (0: at all of them): finished work in minutes, and what is open now."""

    step: str
    agency: int
    done: int
    late: int
    worked_median: float | None
    worked_p90: float | None
    waited_median: float | None
    waited_p90: float | None
    open: int
    open_late: int

    @property
    def share_late(self) -> float | None:
        """The late share of what was finished; None when nothing was."""
        return self.late / self.done if self.done else None


def paces(part: Part) -> list[Pace]:
    """The pace of each step of the part's procedure, in all and at each agency."""
    query = f"""
        SELECT step, coalesce(agency, 0), count(*) FILTER (WHERE closed IS NOT NULL), count(*) FILTER (WHERE late),
               percentile_cont(0.5) WITHIN GROUP (ORDER BY worked), percentile_cont(0.9) WITHIN GROUP (ORDER BY worked),
               percentile_cont(0.5) WITHIN GROUP (ORDER BY waited), percentile_cont(0.9) WITHIN GROUP (ORDER BY waited),
               count(*) FILTER (WHERE {_CONDITIONS["open"]}), count(*) FILTER (WHERE {_CONDITIONS["late"]})
          FROM {_WORK} GROUP BY GROUPING SETS ((step), (step, agency))
    """
    with store.cursor() as run:
        return [Pace(*row) for row in run.execute(query, part.parameters()).fetchall()]
