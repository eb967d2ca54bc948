"""Writing a transition: journal rows, state, tasks and outbox row in one statement, under the dossier's lock.

The only place that writes these tables. One statement reads and locks, one writes; both name one dossier, so
both go to one shard. What to write is decided in `law/` and shaped in `rows`.
"""

from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from django.db import connection
from psycopg.rows import tuple_row

from motcua.dossiers.rows import TASK_COLUMNS, EventRow, changed_tasks, decode_state, dossier_columns
from motcua.law.dossier import Dossier

_READ = """
    SELECT d.seq, d.head, d.state, d.last_at,
           (SELECT e.seq FROM dossiers_event e WHERE e.dossier_id = d.id AND e.key = %(key)s AND e.key <> '')
      FROM dossiers_dossier d WHERE d.id = %(id)s FOR NO KEY UPDATE OF d
"""

_JOURNAL = """
    journal AS (
        INSERT INTO dossiers_event (dossier_id, seq, at, type, actor, agency, key, payload, hash)
        SELECT %(id)s, u.seq, %(at)s, u.type, %(actor)s, %(agency)s, u.key, u.payload, u.hash
          FROM unnest(%(seqs)s::int[], %(types)s::text[], %(keys)s::text[], %(payloads)s::text[],
                      %(hashes)s::bytea[]) AS u (seq, type, key, payload, hash)),
    outbox AS (INSERT INTO dossiers_outbox (dossier_id, seq, at) VALUES (%(id)s, %(seq)s, %(at)s))
"""

_TASKS = f"""
    gone AS (DELETE FROM dossiers_task WHERE dossier_id = %(id)s AND no = ANY (%(gone)s::int[])),
    tasks AS (
        INSERT INTO dossiers_task (dossier_id, {", ".join(TASK_COLUMNS)})
        SELECT %(id)s, u.* FROM unnest(%(t_no)s::int[], %(t_agency)s::int[], %(t_role)s::text[],
            %(t_assignee)s::bigint[], %(t_procedure)s::text[], %(t_step)s::text[], %(t_stage)s::text[],
            %(t_kind)s::text[], %(t_sent_by)s::int[], %(t_opened_at)s::timestamptz[],
            %(t_due_at)s::timestamptz[], %(t_received)s::bool[], %(t_waiting)s::bool[]) AS u
        ON CONFLICT (dossier_id, no) DO UPDATE SET assignee = excluded.assignee, due_at = excluded.due_at,
            received = excluded.received, waiting = excluded.waiting)
"""

_CHANGING = (
    "state", "code", "version", "phase", "outcome", "status", "waiting", "applicant_name", "applicant_key",
    "applicant_number", "accepted_at", "due_at", "finished_at", "handed_at",
)  # fmt: skip

_UPDATE = f"""
    WITH {_JOURNAL}, {_TASKS}
    UPDATE dossiers_dossier SET seq = %(seq)s, head = %(head)s, last_at = %(at)s,
        {", ".join(f"{name} = %({name})s" for name in _CHANGING)}
     WHERE id = %(id)s AND seq = %(before)s
"""

_FIRST = (
    *_CHANGING[:2], "token", "procedure", "version", "channel", "receiving", *_CHANGING[3:10], "lodged_at",
    *_CHANGING[10:],
)  # fmt: skip

_INSERT = f"""
    WITH {_JOURNAL}, once AS (
        INSERT INTO dossiers_lookup (key, dossier_id, at) SELECT %(once)s, %(id)s, %(at)s WHERE %(once)s <> '')
    INSERT INTO dossiers_dossier (id, seq, head, last_at, {", ".join(_FIRST)})
    VALUES (%(id)s, %(seq)s, %(head)s, %(at)s, {", ".join(f"%({name})s" for name in _FIRST)})
"""

_DRAW = """
    INSERT INTO dossiers_counter (kind, agency, period, last)
    SELECT u.kind, %(agency)s, u.period, 1
      FROM unnest(%(kinds)s::text[], %(periods)s::int[]) AS u (kind, period)
    ON CONFLICT (kind, agency, period) DO UPDATE SET last = dossiers_counter.last + 1
    RETURNING kind, last
"""


class Stored(NamedTuple):
    """A dossier as read under its lock; `repeated` is the seq at which this command was already stored."""

    seq: int
    head: bytes
    state: Dossier
    last_at: datetime
    repeated: int | None


def cursor() -> psycopg.Cursor[Any]:
    """A cursor that binds on the server and keeps its statements prepared, on Django's connection."""
    connection.ensure_connection()
    return psycopg.Cursor(connection.connection, row_factory=tuple_row)


def read_locked(dossier_id: int, key: str) -> Stored | None:
    """The dossier with its row locked until the transaction ends, or None."""
    with cursor() as run:
        row = run.execute(_READ, {"id": dossier_id, "key": key}, prepare=True).fetchone()
    return None if row is None else Stored(row[0], bytes(row[1]), decode_state(row[2]), row[3], row[4])


def read(dossier_id: int) -> tuple[Dossier, bytes] | None:
    """The dossier's state and head without a lock, or None."""
    with cursor() as run:
        row = run.execute(
            "SELECT state, head FROM dossiers_dossier WHERE id = %s", (dossier_id,), prepare=True
        ).fetchone()
    return None if row is None else (decode_state(row[0]), bytes(row[1]))


def draw(agency: int, **periods: int) -> dict[str, int]:
    """The next number of each kind for `agency` in its period; the row stays locked until the commit."""
    parameters = {"agency": agency, "kinds": list(periods), "periods": list(periods.values())}
    with cursor() as run:
        return dict(run.execute(_DRAW, parameters, prepare=True).fetchall())


def write(
    before: Dossier | None,
    after: Dossier,
    rows: list[EventRow],
    at: datetime,
    actor: str,
    agency: int,
    once: str = "",
) -> None:
    """Stores one transition whole. `once` is the idempotency key of a lodging.

    Raises psycopg.errors.UniqueViolation when the same command was stored meanwhile.
    """
    tasks, gone = changed_tasks(before, after)
    parameters: dict[str, Any] = {
        **dossier_columns(after),
        "id": after.id,
        "seq": after.seq,
        "before": before.seq if before else 0,
        "head": rows[-1].hash,
        "at": at,
        "actor": actor,
        "agency": agency,
        "once": once,
        "gone": gone,
        "seqs": [row.seq for row in rows],
        "types": [row.type for row in rows],
        "keys": [row.key for row in rows],
        "payloads": [row.payload for row in rows],
        "hashes": [row.hash for row in rows],
    }
    for index, name in enumerate(TASK_COLUMNS):
        parameters[f"t_{name}"] = [task[index] for task in tasks]
    with cursor() as run:
        run.execute(_INSERT if before is None else _UPDATE, parameters, prepare=True)
        if run.rowcount != 1:
            raise RuntimeError("a dossier changed under its own lock")


def lodged_as(once: str) -> int | None:
    """The dossier that was lodged under this idempotency key, or None."""
    with cursor() as run:
        row = run.execute("SELECT dossier_id FROM dossiers_lookup WHERE key = %s", (once,), prepare=True).fetchone()
    return None if row is None else int(row[0])
