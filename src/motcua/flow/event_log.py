"""Reads ended dossiers as an event log, a batch at a time, without a name in it: officials are pseudonyms.

How a log is written is left to `xes_out` and `ocel_out`.
"""

import hmac
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from django.conf import settings

from motcua.dossiers import store
from motcua.dossiers.rows import decode_state
from motcua.organisation.directory import directory

BATCH = 500


class Selection(msgspec.Struct, frozen=True):
    """The dossiers of a log: those that ended within a period, of one procedure or ('') of all, within a scope."""

    begin: datetime
    end: datetime
    procedure: str = ""
    scope: tuple[int, ...] | None = None


class Work(msgspec.Struct, frozen=True):
    """One piece of work: by whom (a pseudonym, '' when nobody), where, from when to when."""

    no: int
    step: str
    agency: str
    role: str
    who: str
    opened: datetime
    closed: datetime | None
    late: bool
    ended_by: str


class Trace(msgspec.Struct, frozen=True):
    """One dossier: what is public of it, its work, and the kinds of its papers."""

    code: str
    procedure: str
    version: int
    receiving: str
    channel: str
    accepted_at: datetime
    due_at: datetime | None
    finished_at: datetime
    outcome: str
    late: bool
    work: tuple[Work, ...]
    papers: tuple[str, ...]


_SELECTED = """
    w.finished_at >= %(begin)s AND w.finished_at < %(end)s AND (%(procedure)s = '' OR w.procedure = %(procedure)s)
    AND (%(scope)s::int[] IS NULL OR w.receiving = ANY (%(scope)s::int[]) OR w.agencies && %(scope)s::int[])
"""
_NEXT = f"""
    SELECT w.dossier_id, f.code, f.procedure, f.version, f.receiving, f.channel, f.accepted_at, f.due_at,
           w.finished_at, w.outcome, w.late
      FROM flow_way w JOIN reports_dossierfact f ON f.dossier_id = w.dossier_id
     WHERE {_SELECTED} AND (w.finished_at, w.dossier_id) > (%(at)s, %(id)s)
     ORDER BY w.finished_at, w.dossier_id LIMIT %(limit)s
"""


def how_many(selection: Selection) -> int:
    """How many dossiers the log will have."""
    with store.cursor() as run:
        row: Any = run.execute(f"SELECT count(*) FROM flow_way w WHERE {_SELECTED}", _asked(selection)).fetchone()
    return int(row[0])


def _asked(selection: Selection) -> dict[str, Any]:
    scope = None if selection.scope is None else list(selection.scope)
    return {"begin": selection.begin, "end": selection.end, "procedure": selection.procedure, "scope": scope}


def traces(selection: Selection, *, papers: bool = False) -> Iterator[Trace]:
    """The dossiers of the log, by the time they ended; memory holds one batch."""
    place: dict[str, Any] = {"at": selection.begin, "id": -(2**63)}
    while True:
        with store.cursor() as run:
            rows = run.execute(_NEXT, {**_asked(selection), **place, "limit": BATCH}).fetchall()
        ids = [row[0] for row in rows]
        work, given = _work(ids), _papers(ids) if papers else {}
        for row in rows:
            dossier_id, code, procedure, version, receiving, *rest = row
            yield Trace(*(code or f"{dossier_id}", procedure, version, agency_code(receiving), *rest,
                          tuple(work[dossier_id]), given.get(dossier_id, ())))  # fmt: skip
        if len(rows) < BATCH:
            return
        place = {"at": rows[-1][8], "id": ids[-1]}


def _work(ids: list[int]) -> dict[int, list[Work]]:
    found: dict[int, list[Work]] = defaultdict(list)
    query = """
        SELECT dossier_id, no, step, agency, role, CASE WHEN closed_by <> 0 THEN closed_by ELSE officer END, opened,
               closed, coalesce(late, false), ended_by
          FROM reports_stagefact WHERE dossier_id = ANY (%s) AND kind = 'step' ORDER BY dossier_id, no
    """
    with store.cursor() as run:
        for dossier_id, no, step, agency, role, account, *rest in run.execute(query, (ids,)):
            found[dossier_id].append(Work(*(no, step, agency_code(agency), role, pseudonym(account), *rest)))
    return found


def _papers(ids: list[int]) -> dict[int, tuple[str, ...]]:
    with store.cursor() as run:
        rows = run.execute("SELECT id, state FROM dossiers_dossier WHERE id = ANY (%s)", (ids,)).fetchall()
    return {row[0]: tuple(dict.fromkeys(paper.id for paper in decode_state(row[1]).papers if paper.is_given))
            for row in rows}  # fmt: skip


def agency_code(number: int) -> str:
    """An agency's code; its number when it is not known any more."""
    known = directory().by_number.get(number)
    return known.code if known else str(number)


def pseudonym(account: int) -> str:
    """Always the same for an account in this city, and no way back without its secret."""
    if not account:
        return ""
    key = f"{settings.SECRET_KEY} flow log".encode()
    return f"cb-{hmac.new(key, str(account).encode(), sha256).hexdigest()[:12]}"
