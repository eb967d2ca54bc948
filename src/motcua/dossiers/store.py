"""Writing a transition: journal rows, state, tasks and outbox row in one statement, under the dossier's lock.

The only place that writes these tables. One statement reads and locks, one writes; both name one dossier, so
both go to one shard. What to write is decided in `law/` and shaped in `rows`.
"""

from datetime import datetime
from functools import lru_cache
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

_CHANGING = (
    "state", "code", "version", "phase", "outcome", "status", "waiting", "applicant_name", "applicant_key",
    "applicant_number", "accepted_at", "due_at", "finished_at", "handed_at", "wake_at",
)  # fmt: skip

_FIRST = (
    *_CHANGING[:2], "token", "procedure", "version", "channel", "receiving", *_CHANGING[3:10], "lodged_at",
    *_CHANGING[10:], "account", "filer",
)  # fmt: skip


def _values(rows: int, prefix: str, names: tuple[str, ...], before: str = "") -> str:
    """`(...), (...)` with parameters called `prefix`, the row's index and the column's name."""
    return ", ".join("(" + before + ", ".join(f"%({prefix}{at}_{name})s" for name in names) + ")" for at in range(rows))


@lru_cache(maxsize=256)
def _statement(first: bool, events: int, tasks: int, gone: int, renamed: bool) -> str:
    """One transition in one statement: as many events, tasks to write and tasks that are gone, perhaps a new name.

    Plain VALUES, each row's in its own parameters: arrays would be put together here and taken apart there.
    """
    parts = [
        f"""journal AS (INSERT INTO dossiers_event (dossier_id, at, actor, agency, seq, type, key, payload, hash)
            VALUES {_values(events, "e", EventRow._fields, "%(id)s, %(at)s, %(actor)s, %(agency)s, ")})""",
        "outbox AS (INSERT INTO dossiers_outbox (dossier_id, seq, at) VALUES (%(id)s, %(seq)s, %(at)s))",
    ]
    if gone:
        numbers = ", ".join(f"%(gone{at})s" for at in range(gone))
        parts.append(f"gone AS (DELETE FROM dossiers_task WHERE dossier_id = %(id)s AND no IN ({numbers}))")
    if tasks:
        parts.append(
            f"""tasks AS (INSERT INTO dossiers_task (dossier_id, {", ".join(TASK_COLUMNS)})
                VALUES {_values(tasks, "t", TASK_COLUMNS, "%(id)s, ")}
                ON CONFLICT (dossier_id, no) DO UPDATE SET assignee = excluded.assignee, due_at = excluded.due_at,
                    received = excluded.received, waiting = excluded.waiting)"""
        )
    if renamed:
        parts.append("name AS (UPDATE dossiers_name SET key = %(applicant_key)s WHERE dossier_id = %(id)s)")
    if not first:
        columns = ", ".join(f"{name} = %({name})s" for name in _CHANGING)
        return f"""WITH {", ".join(parts)}
            UPDATE dossiers_dossier SET seq = %(seq)s, head = %(head)s, last_at = %(at)s, {columns}
             WHERE id = %(id)s AND seq = %(before)s"""
    parts += [
        "once AS (INSERT INTO dossiers_lookup (key, dossier_id, at) VALUES (%(once)s, %(id)s, %(at)s))",
        "name AS (INSERT INTO dossiers_name (dossier_id, receiving, key)"
        " VALUES (%(id)s, %(receiving)s, %(applicant_key)s))",
    ]
    return f"""WITH {", ".join(parts)}
        INSERT INTO dossiers_dossier (id, seq, head, last_at, {", ".join(_FIRST)})
        VALUES (%(id)s, %(seq)s, %(head)s, %(at)s, {", ".join(f"%({name})s" for name in _FIRST)})"""


def _plain(value: Any) -> Any:
    """Numbers and times as text, whose type the column then says: one prepared statement for all sizes."""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if type(value) is int else value


@lru_cache(maxsize=16)
def _drawing(kinds: int) -> str:
    values = ", ".join(f"(%(kind{at})s, %(agency)s, %(period{at})s, 1)" for at in range(kinds))
    return f"""INSERT INTO dossiers_counter (kind, agency, period, last) VALUES {values}
        ON CONFLICT (kind, agency, period) DO UPDATE SET last = dossiers_counter.last + 1
        RETURNING kind, last"""


class Stored(NamedTuple):
    """A dossier as read under its lock; `repeated` is the seq at which this command was already stored."""

    seq: int
    head: bytes
    state: Dossier
    last_at: datetime
    repeated: int | None


class _Cursor(psycopg.Cursor[Any]):
    """A cursor of the driver's own whose statements are counted with Django's where Django counts."""

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> "_Cursor":
        if connection.queries_logged:
            connection.queries_log.append({"sql": str(query), "time": "0"})
        super().execute(query, *args, **kwargs)
        return self


def cursor() -> psycopg.Cursor[Any]:
    """A cursor that binds on the server and keeps its statements prepared, on Django's connection."""
    connection.ensure_connection()
    return _Cursor(connection.connection, row_factory=tuple_row)


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
    parameters = {"agency": str(agency)}
    for at, (kind, period) in enumerate(periods.items()):
        parameters |= {f"kind{at}": kind, f"period{at}": str(period)}
    with cursor() as run:
        return dict(run.execute(_drawing(len(periods)), parameters, prepare=True).fetchall())


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
    }
    for index, row in enumerate(rows):
        parameters.update(zip([f"e{index}_{name}" for name in EventRow._fields], row, strict=True))
    for index, task in enumerate(tasks):
        parameters.update(zip([f"t{index}_{name}" for name in TASK_COLUMNS], task, strict=True))
    parameters.update((f"gone{index}", number) for index, number in enumerate(gone))
    renamed = before is not None and before.applicant.name != after.applicant.name
    statement = _statement(before is None, len(rows), len(tasks), len(gone), renamed)
    with cursor() as run:
        run.execute(statement, {name: _plain(value) for name, value in parameters.items()}, prepare=True)
        if run.rowcount != 1:
            raise RuntimeError("a dossier changed under its own lock")


def lodged_as(once: str) -> int | None:
    """The dossier that was lodged under this idempotency key, or None."""
    with cursor() as run:
        row = run.execute("SELECT dossier_id FROM dossiers_lookup WHERE key = %s", (once,), prepare=True).fetchone()
    return None if row is None else int(row[0])
