"""One dossier's life through `handle()`, one process, against the same rows written by bare psycopg.

Every act is authorised, journalled, sealed and durable when it returns. The bare writer gets the statements
that write (nothing is read, locked, decided or sealed) with their values ready, commits as often, and takes
turns with `handle()` in the same run.
"""

import random
import time
import uuid
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from benchmarks import five_steps
from django.db import connection

from motcua.dossiers import store
from motcua.dossiers.handle import Done, handle, lodge_and_accept
from motcua.law import commands as c
from motcua.site.databases import as_owner
from motcua.site.embedded import APP

TURN = 0.5  # seconds each of the two works before the other's turn
BARE = "bare"
TABLES = (
    "dossiers_dossier", "dossiers_event", "dossiers_task", "dossiers_outbox", "dossiers_lookup", "dossiers_name",
    "dossiers_counter",
)  # fmt: skip
Statement = tuple[str, dict[str, Any]]


class Office:
    """Plays whole lives through `handle()` at the communes, one after the other."""

    def __init__(self, seed: int = 7) -> None:
        self.version = five_steps.version_today()
        self.communes = five_steps.communes()
        self.rng = random.Random(seed)
        self.acts: Callable[[], None] = lambda: None

    def live(self) -> int:
        """One life; the dossier's id."""
        commune = self.rng.choice(self.communes)
        lodging = five_steps.lodging(self.rng, commune)
        done = lodge_and_accept(self.version, lodging, c.Accept(), commune.clerk, uuid.uuid4().hex)
        while True:
            self.acts()
            if not isinstance(done, Done):
                raise AssertionError(done)
            following = five_steps.step(done.state, commune)
            if following is None:
                return done.dossier_id
            done = handle(done.dossier_id, *following, uuid.uuid4().hex, seen=done.seq)


class _Tape:
    """The statements of each act of one life, as `store` sent them."""

    def __init__(self) -> None:
        self.acts: list[list[Statement]] = [[]]

    @contextmanager
    def listening(self, office: Office) -> Iterator[None]:
        tape, original, before = self, store.cursor, office.acts

        class Listening(psycopg.Cursor[Any]):
            def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
                tape.acts[-1].append((query, params))
                return super().execute(query, params, **more)

        def cursor() -> Any:
            connection.ensure_connection()
            return Listening(connection.connection)

        store.cursor, office.acts = cursor, lambda: self.acts.append([])
        try:
            yield
        finally:
            store.cursor, office.acts = original, before
            self.acts.pop()

    def writing(self) -> list[list[Statement]]:
        """Without what only reads."""
        return [[each for each in act if "INSERT" in each[0] or "UPDATE dossiers" in each[0]] for act in self.acts]


class _Bare:
    """Writes the taped life again and again under other ids."""

    def __init__(self, acts: list[list[Statement]]) -> None:
        self.link = psycopg.connect(connection.connection.info.dsn, options=f"-c jit=off -c search_path={BARE}")
        self.acts = acts
        self.serial = 0

    def live(self) -> None:
        self.serial += 1
        fresh = {"once": uuid.uuid4().hex}
        for act in self.acts:
            for query, parameters in act:
                values = dict(parameters)
                if "id" in values:
                    values["id"] = str(int(values["id"]) + self.serial)
                if "once" in values:
                    values |= fresh
                self.link.execute(query, values, prepare=True)
            self.link.commit()


def for_seconds(seconds: float, live: Callable[[], object]) -> tuple[int, float]:
    """How many lives, and in how many seconds."""
    begun, count = time.perf_counter(), 0
    while (spent := time.perf_counter() - begun) < seconds:
        live()
        count += 1
    return count, spent


def rate(seconds: float) -> float:
    """Lives a second through `handle()` now."""
    office = Office(random.randrange(1 << 30))
    for_seconds(min(1.0, seconds), office.live)
    count, spent = for_seconds(seconds, office.live)
    return count / spent


@contextmanager
def _own_tables() -> Iterator[None]:
    """Tables like ours, indexes included, in a schema of their own: rows that nobody sealed stay out of ours."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {BARE} CASCADE; CREATE SCHEMA {BARE}")
        for table in TABLES:
            cursor.execute(f"CREATE TABLE {BARE}.{table} (LIKE {table} INCLUDING ALL)")
        cursor.execute(f"GRANT USAGE ON SCHEMA {BARE} TO {APP}; GRANT ALL ON ALL TABLES IN SCHEMA {BARE} TO {APP}")
    connection.ensure_connection()
    try:
        yield
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {BARE} CASCADE")


def _in_turns(seconds: float, office: Office, bare: _Bare) -> tuple[float, float, float]:
    """Lives a second of each, and the milliseconds of processor that one of ours costs this process."""
    for_seconds(0.5, bare.live)
    for_seconds(0.5, office.live)
    counts, spent, worked = [0, 0], [0.0, 0.0], [0.0, 0.0]
    while sum(spent) < seconds:
        for which, live in enumerate((office.live, bare.live)):
            begun = time.process_time()
            done, took = for_seconds(TURN, live)
            worked[which] += time.process_time() - begun
            counts[which] += done
            spent[which] += took
    bare.link.close()
    return counts[0] / spent[0], counts[1] / spent[1], worked[0] / counts[0] * 1000


def run(options: Namespace) -> dict[str, Any]:
    """Both in turns for `--seconds`."""
    office = Office()
    for_seconds(1.0, office.live)
    tape = _Tape()
    with tape.listening(office):
        office.live()
    with _own_tables():
        ours, theirs, worked = _in_turns(options.seconds, office, _Bare(tape.writing()))
    # BEGIN and COMMIT are counted: they go to the server too.
    statements = [len(act) + 2 for act in tape.acts]
    return {
        "rate": round(ours, 1),
        "unit": "lives/s",
        "ratio": round(ours / theirs, 2),
        "against": "the same rows by bare psycopg, in turns",
        "bare": round(theirs, 1),
        "cpu_ms_a_life": round(worked, 2),
        "acts": len(statements) + 1,
        "transactions": len(statements),
        "statements_a_life": sum(statements),
        "statements_an_act": max((statements[0] + 1) // 2, *statements[1:]),
    }
