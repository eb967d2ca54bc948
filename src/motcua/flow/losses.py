"""Where time is lost: per step and agency, on the way between agencies, and at the stamp where work is let pile up.

Reads the stage facts of finished work. `lost` is what a piece took beyond its limit; stamping in batches is
defined in `STAMPING`, a hand-over too late in `ways`.
"""

from datetime import datetime
from typing import Any

import msgspec

from motcua.dossiers import store
from motcua.flow.processes import process_of
from motcua.flow.slices import ANY_WORK, WORK, Slice
from motcua.flow.ways import LATE_CROSSING
from motcua.tables import page_keys

# A batch: at least so many signatures or numbers of one person on dossiers of the procedure, each within so many
# minutes of the one before, and each having lain for so many worked minutes first.
BATCH, WITHIN_MINUTES, LAIN_MINUTES = 3, 10, 240


class Loss(msgspec.Struct, frozen=True):
    """Finished work of a step at one agency (0: at all): how much, how long, how long it waited, what was lost."""

    step: str
    agency: int
    done: int
    late: int
    worked_median: float | None
    worked_p90: float | None
    waited_median: float | None
    waited_p90: float | None
    transit_median: float | None
    transit_p90: float | None
    lost: int


def losses(part: Slice) -> list[Loss]:
    """The steps of the slice's procedure, in all and at each agency."""
    query = f"""
        SELECT s.step, coalesce(s.agency, 0), count(*), count(*) FILTER (WHERE s.late),
               percentile_cont(0.5) WITHIN GROUP (ORDER BY s.worked),
               percentile_cont(0.9) WITHIN GROUP (ORDER BY s.worked),
               percentile_cont(0.5) WITHIN GROUP (ORDER BY s.waited),
               percentile_cont(0.9) WITHIN GROUP (ORDER BY s.waited),
               percentile_cont(0.5) WITHIN GROUP (ORDER BY s.in_transit) FILTER (WHERE s.sent_by <> 0),
               percentile_cont(0.9) WITHIN GROUP (ORDER BY s.in_transit) FILTER (WHERE s.sent_by <> 0),
               coalesce(sum(greatest(s.worked - s.allowed, 0)) FILTER (WHERE s.late), 0)
          FROM reports_stagefact s WHERE {WORK} GROUP BY GROUPING SETS ((s.step), (s.step, s.agency))
    """
    with store.cursor() as run:
        return [Loss(*row) for row in run.execute(query, part.parameters()).fetchall()]


def lost_by_procedure(part: Slice) -> dict[str, int]:
    """Worked minutes beyond the limits of steps in the slice's period, by procedure (its own is not asked)."""
    query = f"""
        SELECT s.procedure, sum(greatest(s.worked - s.allowed, 0))::bigint
          FROM reports_stagefact s WHERE s.late AND {ANY_WORK} GROUP BY s.procedure
    """
    with store.cursor() as run:
        return dict(run.execute(query, part.parameters()).fetchall())


class Crossing(msgspec.Struct, frozen=True):
    """Hand-overs from one agency to another: how many, how many too late, their median and ninetieth per cent."""

    sender: int
    receiver: int
    n: int
    late: int
    median: float
    p90: float


def crossings(part: Slice, limit: int = 30) -> list[Crossing]:
    """The ways between agencies, those with most late hand-overs first."""
    query = f"""
        SELECT s.sent_by, s.agency, count(*), count(*) FILTER (WHERE {LATE_CROSSING}) AS late,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY s.in_transit),
               percentile_cont(0.9) WITHIN GROUP (ORDER BY s.in_transit)
          FROM reports_stagefact s WHERE {WORK} AND s.sent_by <> 0 AND s.in_transit IS NOT NULL
         GROUP BY 1, 2 ORDER BY late DESC, 3 DESC, 1, 2 LIMIT %(limit)s
    """
    with store.cursor() as run:
        return [Crossing(*row) for row in run.execute(query, {**part.parameters(), "limit": limit}).fetchall()]


class Stamping(msgspec.Struct, frozen=True):
    """How much of the signing and numbering came in batches, and how long those pieces had lain (worked minutes)."""

    n: int
    batched: int
    batches: int
    lain_median: float | None
    largest: int

    @property
    def index(self) -> float | None:
        """The share of pieces stamped in batches after lying; None of nothing."""
        return self.batched / self.n if self.n else None


_STAMPED = f"""
    WITH pieces AS (
        SELECT s.dossier_id, s.no, s.closed_by, s.closed, s.worked, s.agency,
               s.closed - lag(s.closed) OVER w > interval '{WITHIN_MINUTES} minutes' AS begins
          FROM reports_stagefact s
         WHERE {WORK} AND s.step = ANY (%(stamps)s) AND s.ended_by = 'forwarded' AND s.closed_by <> 0
        WINDOW w AS (PARTITION BY s.closed_by, (s.worked >= {LAIN_MINUTES}) ORDER BY s.closed, s.dossier_id, s.no)),
    runs AS (
        SELECT pieces.*, count(*) FILTER (WHERE begins IS NOT FALSE)
               OVER (PARTITION BY closed_by, (worked >= {LAIN_MINUTES}) ORDER BY closed, dossier_id, no) AS run
          FROM pieces),
    sized AS (
        SELECT runs.*, CASE WHEN worked >= {LAIN_MINUTES}
               THEN count(*) OVER (PARTITION BY closed_by, (worked >= {LAIN_MINUTES}), run) ELSE 0 END AS size
          FROM runs)
"""


def stamping(part: Slice) -> Stamping:
    """The batches of the slice."""
    query = f"""{_STAMPED}
        SELECT count(*), count(*) FILTER (WHERE size >= {BATCH}),
               count(DISTINCT (closed_by, run)) FILTER (WHERE size >= {BATCH}),
               percentile_cont(0.5) WITHIN GROUP (ORDER BY worked) FILTER (WHERE size >= {BATCH}),
               coalesce(max(size) FILTER (WHERE size >= {BATCH}), 0)
          FROM sized
    """
    with store.cursor() as run:
        row: Any = run.execute(query, {**part.parameters(), "stamps": stamps_of(part.procedure)}).fetchone()
    return Stamping(*row)


def stamps_of(procedure: str) -> list[str]:
    """The steps at which results of the procedure are signed or numbered, in any version that dossiers ran under."""
    with store.cursor() as run:
        rows = run.execute("SELECT DISTINCT version FROM flow_variant WHERE procedure = %s", (procedure,)).fetchall()
    processes = [process for (version,) in rows if (process := process_of(version))]
    return sorted({step.id for process in processes for step in process.steps if {"sign", "number"} & {*step.actions}})


class Lain(msgspec.Struct, frozen=True):
    """A piece of work on the work's lists: what lay before it was stamped, or came too late from another agency."""

    dossier_id: int
    no: int
    code: str
    version: int
    step: str
    agency: int
    sent_by: int
    opened: datetime
    at: datetime
    minutes: int

    @property
    def key(self) -> str:
        """Where the next page begins."""
        return page_keys.write(self.at, self.dossier_id, self.no)


def stamped_list(part: Slice, after: str = "", limit: int = 50) -> tuple[list[Lain], str]:
    """One page of the pieces stamped in batches, by time. Raises ValueError on a key that is none."""
    query = f"""{_STAMPED}
        SELECT z.dossier_id, z.no, f.code, f.version, s.step, s.agency, s.sent_by, s.opened, z.closed, z.worked
          FROM sized z JOIN reports_stagefact s ON s.dossier_id = z.dossier_id AND s.no = z.no
          JOIN reports_dossierfact f ON f.dossier_id = z.dossier_id
         WHERE z.size >= {BATCH} AND {{beyond}} ORDER BY z.closed, z.dossier_id, z.no LIMIT %(limit)s
    """
    stamps = stamps_of(part.procedure)
    return _page(query, "(z.closed, z.dossier_id, z.no)", part, after, limit, stamps=stamps)


def crossing_list(
    part: Slice, sender: int, receiver: int, after: str = "", limit: int = 50, *, late: bool = True
) -> tuple[list[Lain], str]:
    """One page of the hand-overs between two agencies (0: any). Raises ValueError on a key that is none."""
    which = LATE_CROSSING if late else "s.sent_by <> 0 AND s.in_transit IS NOT NULL"
    query = f"""
        SELECT s.dossier_id, s.no, f.code, f.version, s.step, s.agency, s.sent_by, s.opened, s.closed, s.in_transit
          FROM reports_stagefact s JOIN reports_dossierfact f ON f.dossier_id = s.dossier_id
         WHERE {WORK} AND {which} AND (%(sender)s = 0 OR s.sent_by = %(sender)s)
           AND (%(receiver)s = 0 OR s.agency = %(receiver)s) AND {{beyond}}
         ORDER BY s.closed, s.dossier_id, s.no LIMIT %(limit)s
    """
    return _page(query, "(s.closed, s.dossier_id, s.no)", part, after, limit, sender=sender, receiver=receiver)


def _page(query: str, key: str, part: Slice, after: str, limit: int, **more: object) -> tuple[list[Lain], str]:
    parameters: dict[str, Any] = {**part.parameters(), **more, "limit": limit + 1}
    beyond = "true"
    if after:
        at, dossier_id, no = page_keys.read(after, page_keys.instant, page_keys.number, page_keys.small)
        parameters |= {"a_at": at, "a_id": dossier_id, "a_no": no}
        beyond = f"{key} > (%(a_at)s, %(a_id)s, %(a_no)s)"
    with store.cursor() as run:
        rows = [Lain(*row) for row in run.execute(query.replace("{beyond}", beyond), parameters).fetchall()]
    return page_keys.cut(rows, limit, lambda row: row.key)
