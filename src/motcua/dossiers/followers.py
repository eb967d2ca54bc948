"""Followers take what the journal gained, in order, exactly once: their place moves in their own transaction.

A follower is a function that is given dossier ids and writes whatever it keeps. It may be killed anywhere: what
was not committed is taken again, what was is not. What each of them keeps is its own business.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from django.db import transaction

from motcua.dossiers import store

Apply = Callable[[Sequence[int]], None]


class Step(NamedTuple):
    """What one step of a follower took, and until when it is complete afterwards (None: more is waiting)."""

    taken: int
    complete_until: datetime | None


_NEXT = """
    SELECT o.dossier_id, o.xid, o.pos FROM dossiers_outbox o
     WHERE (o.xid, o.pos) > (%(xid)s, %(pos)s) AND o.xid < %(horizon)s
     ORDER BY o.xid, o.pos LIMIT %(limit)s
"""

# Whatever a running transaction will commit happened after it began. One that is going to write has its number
# within seconds of its beginning, since a lock is had in ten or given up; until then it counts all the same.
_SINCE = """
    SELECT least(clock_timestamp(), min(xact_start)) FROM pg_stat_activity
     WHERE (backend_xid IS NOT NULL OR xact_start > clock_timestamp() - interval '1 minute')
       AND datname = current_database() AND pid <> pg_backend_pid()
"""

# Transaction ids run through the whole server, outbox rows come from one database. Where every backend of it is
# ours to look at, only its own running transactions are the horizon: the next id is read before them, so whatever
# is below has ended. Otherwise (an operator looks on, roles are assumed) the server's oldest one is. A backend's
# id is the lower half of the whole one.
_HORIZON = """
    WITH next AS MATERIALIZED (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS xid),
         ours AS MATERIALIZED (
             SELECT a.usesysid = (SELECT oid FROM pg_roles WHERE rolname = current_user) AS seen,
                    a.backend_xid::text::bigint AS half
               FROM next, pg_stat_activity a
              WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
                AND a.backend_type = 'client backend')
    SELECT CASE WHEN session_user = current_user AND coalesce(bool_and(seen), true)
                THEN least(min(next.xid), coalesce(min(next.xid - ((next.xid - half) & 4294967295)), min(next.xid)))
                ELSE pg_snapshot_xmin(pg_current_snapshot())::text::bigint END
      FROM next LEFT JOIN ours ON true
"""

# Committed already, but behind an older transaction that still runs: not to be taken yet, nor to be promised.
_HELD_BACK = "SELECT min(at) FROM dossiers_outbox WHERE xid >= %(horizon)s"


def follow(name: str, apply: Apply, limit: int = 500, *, lasting: bool = False) -> Step:
    """Takes up to `limit` outbox rows for the follower `name`, each dossier once.

    Only one process moves a follower at a time; another one that tries takes nothing. What a server that falls loses
    of the last moment is taken again with the place that was lost with it, so nothing waits for the disk; a follower
    that tells somebody outside the database is `lasting` and does.
    """
    with transaction.atomic(), store.cursor() as run:
        if not lasting:
            run.execute("SET LOCAL synchronous_commit = off")
        run.execute("INSERT INTO dossiers_follower (name, xid, pos) VALUES (%s, 0, 0) ON CONFLICT DO NOTHING", (name,))
        place = run.execute(
            "SELECT xid, pos FROM dossiers_follower WHERE name = %s FOR UPDATE SKIP LOCKED", (name,)
        ).fetchone()
        if place is None:
            return Step(0, None)
        # In this order: what commits between two of the questions began before the first or after it.
        since = _one(run, _SINCE)
        # PostgreSQL shows the same activity throughout a transaction unless told to look again.
        run.execute("SELECT pg_stat_clear_snapshot()")
        parameters = {"xid": place[0], "pos": place[1], "horizon": _one(run, _HORIZON), "limit": limit}
        rows = run.execute(_NEXT, parameters).fetchall()
        held_back = _one(run, _HELD_BACK, parameters)
        if rows:
            apply(sorted({row[0] for row in rows}))
        complete = min(since, held_back or since) if len(rows) < limit else None
        run.execute(
            "UPDATE dossiers_follower SET xid = %s, pos = %s, complete_until = coalesce(%s, complete_until),"
            " seen_at = clock_timestamp() WHERE name = %s",
            (rows[-1][1] if rows else place[0], rows[-1][2] if rows else place[1], complete, name),
        )
        return Step(len(rows), complete)


def _one(run: psycopg.Cursor[Any], query: str, parameters: dict[str, Any] | None = None) -> Any:
    row = run.execute(query, parameters).fetchone()
    return None if row is None else row[0]


def complete_until(name: str) -> datetime | None:
    """Until when what the follower keeps is complete; None before it ever came to the end."""
    with store.cursor() as run:
        row = run.execute("SELECT complete_until FROM dossiers_follower WHERE name = %s", (name,)).fetchone()
    return None if row is None else row[0]


def sweep(names: Sequence[str], limit: int = 10_000) -> int:
    """Removes outbox rows that all of `names` have passed; returns how many."""
    with transaction.atomic(), store.cursor() as run:
        places = run.execute("SELECT xid, pos FROM dossiers_follower WHERE name = ANY (%s)", (list(names),)).fetchall()
        if len(places) < len(names):
            return 0
        xid, pos = min(places)
        run.execute(
            "DELETE FROM dossiers_outbox WHERE (dossier_id, seq) IN (SELECT dossier_id, seq FROM dossiers_outbox"
            " WHERE (xid, pos) <= (%s, %s) ORDER BY xid, pos LIMIT %s)",
            (xid, pos, limit),
        )
        return run.rowcount
