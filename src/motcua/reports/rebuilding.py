"""Makes all facts anew from the journal, in several processes, beside the old ones, and changes them over at the end.

Readers see the old facts until then. The follower stands still meanwhile and goes on from where it was; what was done
in between is still in the outbox and brings the new facts on. Only the tables' owner may do this.
"""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any, NamedTuple

import msgspec
from django.db import connection, transaction

from motcua.dossiers import store
from motcua.dossiers.journal import between, history
from motcua.law.events import Rated
from motcua.reports import facts
from motcua.reports.counting import TABLES, rows
from motcua.reports.ratings import follow as follow_ratings
from motcua.reports.reading import Fact, SpanRow, Stage

CHUNK = 2000
Progress = Callable[[int], None]

_ROWS = {
    "reports_dossierfact": Fact._fields,
    "reports_stagefact": Stage._fields,
    "reports_span": SpanRow._fields,
}
_SUMS = [each.table for each in TABLES]
# Each old table with what takes its place, and the sums of single chunks before they are added up.
_NEW = [(table, f"{table}_new") for table in (*_ROWS, *_SUMS)] + [(table, f"{table}_parts") for table in _SUMS]


class Rebuilt(NamedTuple):
    """What was read and made."""

    dossiers: int
    events: int


class _Part(NamedTuple):
    """What one chunk of dossiers came to: counts, and which of them were rated."""

    dossiers: int
    events: int
    stages: int
    spans: int
    rated: list[int]


def rebuild(processes: int = 1, progress: Progress = lambda _count: None) -> Rebuilt:
    """Makes all facts and sums anew. Raises psycopg.errors.InsufficientPrivilege for anybody but the tables' owner.

    Killed in the middle it leaves the old facts standing, and what it began is swept away by the next.
    """
    with _follower_held():
        for table, name in _NEW:
            _run(f"DROP TABLE IF EXISTS {name}")
            _run(f"CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
        made = [0, 0, 0, 0]
        rated: list[int] = []
        for part in _parts(processes, list(_chunks())):
            made = [one + more for one, more in zip(made, part[:4], strict=True)]
            rated.extend(part.rated)
            progress(made[0])
        _add_up()
        for table in (*_ROWS, *_SUMS):
            _index(table)
        with transaction.atomic():
            for table in (*_ROWS, *_SUMS):
                _change_over(table)
            ratings_anew(rated)
            _run("DELETE FROM reports_carriedhalf")
            _run("DELETE FROM reports_standing")
            _run(
                "INSERT INTO reports_standing (id, scheme, dossiers, stages, spans, trouble)"
                " VALUES (1, %s, %s, %s, %s, '')",
                (facts.SCHEME, made[0], made[2], made[3]),
            )
    _run(f"ANALYZE {', '.join((*_ROWS, *_SUMS))}")
    return Rebuilt(made[0], made[1])


@contextmanager
def _follower_held() -> Iterator[None]:
    """Within, no process moves the follower of the reports: a connection of its own holds its place."""
    connection.ensure_connection()
    holder = connection.get_new_connection(connection.get_connection_params())
    try:
        with holder.cursor() as run:
            run.execute("SET idle_in_transaction_session_timeout = 0")
            run.execute("SET lock_timeout = '60s'")
            names = [facts.NAME, "ratings"]
            for name in names:
                run.execute(
                    "INSERT INTO dossiers_follower (name, xid, pos) VALUES (%s, 0, 0) ON CONFLICT DO NOTHING", (name,)
                )
            run.execute("SELECT 1 FROM dossiers_follower WHERE name = ANY (%s) ORDER BY name FOR UPDATE", (names,))
        yield
        holder.commit()
    finally:
        holder.close()


def _chunks() -> Iterator[tuple[int, int]]:
    """Ranges of dossier ids that hold about as many dossiers each, and all of them together every one."""
    with store.cursor() as run:
        ends = run.execute(
            "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS at FROM dossiers_dossier) AS numbered"
            " WHERE at %% %s = 0 ORDER BY id",
            (CHUNK,),
        ).fetchall()
    begin = -(2**63)
    for (end,) in ends:
        yield begin, end
        begin = end
    yield begin, 2**63 - 1


def _parts(processes: int, chunks: Sequence[tuple[int, int]]) -> Iterator[_Part]:
    if processes == 1:
        yield from map(_make, chunks)
        return
    connection.close()
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        yield from pool.imap_unordered(_make, chunks)


def _make(ends: tuple[int, int]) -> _Part:
    """The facts of the dossiers after the first id up to the second, written to the new tables."""
    batch = facts.Batch(facts.surroundings())
    events, rated = 0, []
    for dossier_id, entries in _grouped(*ends):
        events += len(entries)
        try:
            batch.take(dossier_id, entries)
        except facts.UNREADABLE:
            facts.log.exception("the journal of dossier %d cannot be read: left out of the figures", dossier_id)
            continue
        if any(isinstance(entry.event, Rated) for entry in entries):
            rated.append(dossier_id)
    with transaction.atomic():
        _copy("reports_dossierfact_new", Fact._fields, batch.facts)
        _copy("reports_stagefact_new", Stage._fields, batch.stages)
        _copy("reports_span_new", SpanRow._fields, batch.spans)
        for each, summed in zip(TABLES, batch.sums, strict=True):
            _copy(f"{each.table}_parts", (*each.key, *each.measures), rows(summed, each.measures))
    return _Part(len(batch.facts), events, len(batch.stages), len(batch.spans), rated)


def _grouped(after: int, last: int) -> Iterator[tuple[int, list[Any]]]:
    try:
        told = [
            (number, [entry for _, entry in lines])
            for number, lines in groupby(between(after, last), lambda row: row[0])
        ]
    except (msgspec.ValidationError, msgspec.DecodeError):
        # One by one, so that an event that cannot be decoded leaves out only its own dossier.
        told = list(_readable(after, last))
    yield from told


def _readable(after: int, last: int) -> Iterator[tuple[int, list[Any]]]:
    with store.cursor() as run:
        ids = run.execute("SELECT id FROM dossiers_dossier WHERE id > %s AND id <= %s", (after, last)).fetchall()
    for (number,) in ids:
        try:
            yield number, history(number)
        except (msgspec.ValidationError, msgspec.DecodeError):
            facts.log.exception("an event of dossier %d cannot be decoded: left out of the figures", number)


def _copy(table: str, columns: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    with store.cursor() as run, run.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for line in lines:
            copy.write_row(line)


def _add_up() -> None:
    """Every chunk left its own sums: they become one row a key."""
    for table, key, measures in TABLES:
        keys, sums = ", ".join(key), ", ".join(f"sum({each})::int" for each in measures)
        any_left = " OR ".join(f"sum({each}) <> 0" for each in measures)
        _run(
            f"INSERT INTO {table}_new ({keys}, {', '.join(measures)}) SELECT {keys}, {sums} FROM {table}_parts"
            f" GROUP BY {keys} HAVING {any_left}"
        )
        _run(f"DROP TABLE {table}_parts")


def _index(table: str) -> None:
    """The same indexes and key as the old table has, under names that wait for the change-over."""
    _run("SET maintenance_work_mem = '256MB'")
    for name, definition, primary in _indexes(table):
        statement = definition.replace(f"INDEX {name} ON", f"INDEX {name}_new ON", 1)
        statement = statement.replace(f" public.{table} ", f" public.{table}_new ", 1)
        _run(statement)
        if primary:
            _run(f"ALTER TABLE {table}_new ADD CONSTRAINT {name}_new PRIMARY KEY USING INDEX {name}_new")


def _indexes(table: str) -> list[tuple[str, str, bool]]:
    with store.cursor() as run:
        return run.execute(
            "SELECT quote_ident(c.relname), pg_get_indexdef(i.indexrelid), i.indisprimary FROM pg_index i"
            " JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = %s::regclass ORDER BY c.relname",
            (table,),
        ).fetchall()


def _change_over(table: str) -> None:
    names = [name for name, _definition, _primary in _indexes(table)]
    _run(f"DROP TABLE {table}")
    _run(f"ALTER TABLE {table}_new RENAME TO {table}")
    for name in names:
        _run(f"ALTER INDEX {name}_new RENAME TO {name}")


def ratings_anew(rated: Sequence[int]) -> None:
    """Makes the ratings of these dossiers anew; those of all others are gone."""
    _run("DELETE FROM reports_ratingfact")
    for at in range(0, len(rated), CHUNK):
        follow_ratings(rated[at : at + CHUNK])


def _run(statement: str, parameters: Sequence[Any] = ()) -> None:
    with store.cursor() as run:
        run.execute(statement, parameters or None)
