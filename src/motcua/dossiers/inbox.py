"""The inbox (`việc cần làm`): open tasks of the posts somebody holds, by time left, with exact counts.

Pages go by key, never by offset, so that the last page is as quick as the first. Showing is left to `office/`.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any, Literal, get_args

import msgspec

from motcua.dossiers import store
from motcua.dossiers.rows import as_stored
from motcua.dossiers.search import beginning
from motcua.law.actor import Actor
from motcua.law.rights import COUNTER
from motcua.tables import page_keys

Filter = Literal["all", "mine", "unassigned", "late", "today", "waiting", "arriving", "opinion"]
FILTERS: tuple[Filter, ...] = get_args(Filter)
PAGE = 50


class Row(msgspec.Struct, frozen=True):
    """One line of an inbox."""

    dossier_id: int
    no: int
    agency: int
    role: str
    assignee: int
    step: str
    stage: str
    kind: str
    sent_by: int
    opened_at: datetime
    due_at: datetime
    received: bool
    waiting: bool
    code: str
    token: str
    procedure: str
    version: int
    applicant_name: str
    receiving: int
    accepted_at: datetime | None
    dossier_due_at: datetime | None
    status: int
    seq: int


_CONDITIONS: dict[str, str] = {
    "all": "true",
    "mine": "t.assignee = %(me)s",
    "unassigned": "t.assignee = 0",
    "late": "t.due_at < %(now)s AND NOT t.waiting",
    "today": "t.due_at >= %(now)s AND t.due_at < %(tomorrow)s AND NOT t.waiting",
    "waiting": "t.waiting",
    "arriving": "NOT t.received",
    "opinion": "t.kind = 'opinion'",
}

_ALLOWED = "(t.assignee = 0 OR t.assignee = ANY (%(own)s) OR %(others)s)"
_POSTS = f"""
    (t.agency, t.role) IN (SELECT * FROM unnest(%(agencies)s::int[], %(roles)s::text[]))
    AND t.agency = ANY (%(agencies)s) AND {_ALLOWED}
"""
# Of one agency the index `task_inbox` gives the tasks in the order of the page: a page reads no more than itself.
_ONE_POST = f"t.agency = %(agency)s AND t.role = ANY (%(roles)s) AND {_ALLOWED}"

_SEARCHED = """
    (d.code = %(search)s OR d.applicant_key LIKE %(prefix)s
     OR (d.applicant_number = %(search)s AND d.applicant_number <> ''))
"""
_NARROWED = {"procedure": "t.procedure = %(procedure)s", "step": "t.step = %(step)s", "search": _SEARCHED}
_DOSSIER = "JOIN dossiers_dossier d ON d.id = t.dossier_id"

_COLUMNS = """
    t.dossier_id, t.no, t.agency, t.role, t.assignee, t.step, t.stage, t.kind, t.sent_by, t.opened_at, t.due_at,
    t.received, t.waiting, d.code, d.token, d.procedure, d.version, d.applicant_name, d.receiving, d.accepted_at,
    d.due_at, d.status, d.seq
"""


class Inbox:
    """The inbox of one actor at one instant; `heads` also see what is assigned to their colleagues."""

    def __init__(
        self,
        actor: Actor,
        now: datetime,
        tomorrow: datetime,
        *,
        search: str = "",
        search_key: str = "",
        procedure: str = "",
        step: str = "",
    ) -> None:
        posts = set()
        for grant in actor.grants:
            posts.add((grant.agency, grant.role))
            if grant.role in COUNTER:
                posts |= {(grant.agency, role) for role in COUNTER}
            if grant.role in ("head", "leader"):
                posts.add((grant.agency, "officer"))
        pairs = sorted(posts)
        stands_in = [grant.by_delegation_of for grant in actor.grants if grant.by_delegation_of]
        agencies = {agency for agency, _ in pairs}
        self._parameters: dict[str, Any] = {
            "agency": min(agencies, default=0),
            "agencies": [agency for agency, _ in pairs],
            "roles": [role for _, role in pairs],
            "me": actor.account,
            "own": [actor.account, *stands_in],
            "others": any(grant.role in ("head", "leader", "one_stop_head") for grant in actor.grants),
            "now": now,
            "tomorrow": tomorrow,
            "search": as_stored(search),
            "prefix": beginning(as_stored(search_key) or "\x01"),
            "procedure": as_stored(procedure),
            "step": as_stored(step),
        }
        wanted = [_ONE_POST if len(agencies) == 1 else _POSTS]
        wanted += [condition for name, condition in _NARROWED.items() if self._parameters[name]]
        self._posts, self._wanted = wanted[0], " AND ".join(wanted)

    def counts(self) -> dict[str, int]:
        """How many tasks each filter holds, exactly."""
        sums = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in _CONDITIONS.values())
        # Counting needs the dossiers only when they are searched.
        dossier = _DOSSIER if self._parameters["search"] else ""
        query = f"SELECT {sums} FROM dossiers_task t {dossier} WHERE {self._wanted}"
        with store.cursor() as run:
            row = run.execute(query, self._parameters).fetchone()
        return dict(zip(_CONDITIONS, row or (), strict=True))

    def procedures(self) -> dict[str, int]:
        """How many open tasks of these posts belong to each procedure, whatever the inbox is narrowed to."""
        query = f"SELECT t.procedure, count(*) FROM dossiers_task t WHERE {self._posts} GROUP BY 1 ORDER BY 2 DESC, 1"
        with store.cursor() as run:
            return dict(run.execute(query, self._parameters).fetchall())

    def page(self, which: Filter = "all", after: str = "", limit: int = PAGE) -> tuple[list[Row], str]:
        """One page by time left, and the key of the next one ('' when this is the last).

        A key that is none begins at the beginning.
        """
        parameters = {**self._parameters, "limit": limit + 1}
        beyond = "true"
        with suppress(page_keys.WrongKeyError):
            due, dossier, no = page_keys.read(after, page_keys.instant, page_keys.number, page_keys.small)
            parameters |= {"a_due": due, "a_id": dossier, "a_no": no}
            beyond = "(t.due_at, t.dossier_id, t.no) > (%(a_due)s::timestamptz, %(a_id)s::bigint, %(a_no)s::int)"
        query = f"""SELECT {_COLUMNS} FROM dossiers_task t {_DOSSIER}
                     WHERE {self._wanted} AND {_CONDITIONS[which]} AND {beyond}
                     ORDER BY t.due_at, t.dossier_id, t.no LIMIT %(limit)s"""
        with store.cursor() as run:
            rows = [Row(*row) for row in run.execute(query, parameters).fetchall()]
        return page_keys.cut(rows, limit, lambda row: page_keys.write(row.due_at, row.dossier_id, row.no))
