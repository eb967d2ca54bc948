"""Followers take every transition once, whatever dies or commits out of order; the sweep keeps what is needed."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from cities import ROOT, City
from dossiers.permits import Permit, rows_of
from motcua.dossiers import worker
from motcua.dossiers.followers import complete_until, follow, sweep
from motcua.dossiers.handle import handle
from motcua.law import commands as c

pytestmark = pytest.mark.usefixtures("fresh_city")


@pytest.fixture(autouse=True)
def ledger(fresh_city: City) -> None:
    """Where the tests' follower adds up what it was given."""
    with psycopg.connect(fresh_city.owner_dsn) as link:
        link.execute("CREATE TABLE taken (dossier_id bigint, times int)")
        link.execute("GRANT ALL ON taken TO motcua_app")


def add_up(ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO taken SELECT u, 1 FROM unnest(%s::bigint[]) u", [list(ids)])


def until(found: Callable[[], Any], seconds: float = 60) -> Any:
    """The first true answer. Other databases of the server hold a follower back for a moment."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := found():
            return answer
        time.sleep(0.02)
    raise AssertionError("it never came true")


def take_all(name: str, apply: Callable[[Sequence[int]], None] = add_up, limit: int = 500) -> None:
    """Moves the follower until nothing waits."""
    waiting = """SELECT count(*) FROM dossiers_outbox o WHERE (o.xid, o.pos) > (
        SELECT coalesce(max(xid), 0), coalesce(max(pos), 0) FROM dossiers_follower WHERE name = %s)"""
    until(lambda: (follow(name, apply, limit), rows_of(waiting, name) == [(0,)])[1])


def taken() -> list[tuple[int, int]]:
    return rows_of("SELECT dossier_id, sum(times)::int FROM taken GROUP BY 1 ORDER BY 1")


def test_a_follower_that_dies_in_the_middle_neither_loses_nor_doubles() -> None:
    permits = sorted(Permit().accept().id for _ in range(6))

    def dies(ids: Sequence[int]) -> None:
        add_up(ids)
        raise RuntimeError("in the middle")

    until(
        lambda: rows_of("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > max(xid) FROM dossiers_outbox")[
            0
        ][0]
    )
    with pytest.raises(RuntimeError, match="in the middle"):
        follow("sum", dies, limit=3)
    assert taken() == []
    take_all("sum", limit=3)
    # Lodging and accepting are two transitions of one transaction, which a batch may part.
    assert [dossier for dossier, _times in taken()] == permits
    assert all(1 <= times <= 2 for _dossier, times in taken())
    before = taken()
    take_all("sum")
    assert taken() == before


def test_a_follower_killed_with_its_process_neither_loses_nor_doubles(fresh_city: City) -> None:
    ids = sorted(Permit().accept().id for _ in range(30))
    script = textwrap.dedent("""
        import django, sys, time
        django.setup()
        from django.db import connection
        from motcua.dossiers.followers import follow
        def apply(ids):
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO taken SELECT u, 1 FROM unnest(%s::bigint[]) u", [list(ids)])
            print("took", flush=True)
            time.sleep(0.05)
        while True:
            follow("sum", apply, limit=4)
    """)
    environment = os.environ | {"DATABASE_URL": fresh_city.dsn, "PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": ""}
    for _ in range(4):
        with subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            child.send_signal(signal.SIGKILL)
    until(lambda: rows_of("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()") == [(1,)])
    take_all("sum", limit=4)
    assert [dossier for dossier, _times in taken()] == ids
    rows = rows_of("SELECT count(*) FROM dossiers_outbox")[0][0]
    assert sum(times for _dossier, times in taken()) <= rows


def test_what_commits_out_of_order_is_never_passed_over(fresh_city: City) -> None:
    early, late = Permit().accept(), Permit().accept()
    take_all("sum")
    begun_at = datetime.now(UTC)
    with psycopg.connect(fresh_city.dsn) as slow:
        slow.execute("UPDATE dossiers_lookup SET at = at WHERE dossier_id = %s", (early.id,))
        slow.execute("INSERT INTO dossiers_outbox (dossier_id, seq, at) VALUES (%s, 99, %s)", (early.id, begun_at))
        handle(late.id, c.Note(words="sau"), late.people.clerk, uuid4().hex)
        for _ in range(5):
            step = follow("sum", add_up)
            assert step.taken == 0
            assert step.complete_until is not None
            promised = complete_until("sum")
            assert promised is not None
            assert (
                promised
                <= rows_of("SELECT min(at) FROM dossiers_outbox WHERE dossier_id = %s AND seq = 3", late.id)[0][0]
            )
        slow.commit()
    before = dict(taken())
    take_all("sum")
    after = dict(taken())
    assert {dossier for dossier in after if after[dossier] > before[dossier]} == {early.id, late.id}


def test_figures_are_not_promised_complete_beyond_a_transition_still_under_way(fresh_city: City) -> None:
    """The younger transaction draws its number first, so that neither order nor numbers tell of the older one."""
    permit = Permit().accept()
    take_all("sum")
    with psycopg.connect(fresh_city.dsn) as older, psycopg.connect(fresh_city.dsn) as younger:
        begun = older.execute("SELECT now()").fetchone()
        younger.execute(
            "INSERT INTO dossiers_outbox (dossier_id, seq, at) VALUES (%s, 98, clock_timestamp())", (permit.id,)
        )
        older.execute("INSERT INTO dossiers_outbox (dossier_id, seq, at) VALUES (%s, 97, now())", (permit.id,))
        older.commit()
        step = follow("sum", add_up)
        assert begun is not None
        assert step.complete_until is not None
        assert step.taken == 0
        assert step.complete_until <= begun[0]
        younger.commit()


def test_a_transaction_that_has_not_written_yet_holds_the_promise_back(fresh_city: City) -> None:
    permit = Permit().accept()
    take_all("sum")
    with psycopg.connect(fresh_city.dsn) as reader:
        begun = reader.execute("SELECT now()").fetchone()
        step = follow("sum", add_up)
        assert begun is not None
        assert step.complete_until is not None
        assert step.complete_until <= begun[0]
        reader.execute("INSERT INTO dossiers_outbox (dossier_id, seq, at) VALUES (%s, 97, now())", (permit.id,))


def test_only_one_process_moves_a_follower_at_a_time(fresh_city: City) -> None:
    Permit().accept()
    follow("sum", add_up, limit=1)
    with psycopg.connect(fresh_city.dsn) as other:
        other.execute("SELECT FROM dossiers_follower WHERE name = 'sum' FOR UPDATE")
        assert follow("sum", add_up) == (0, None)


@pytest.mark.parametrize(("lasting", "waits"), [(False, "off"), (True, "on")])
def test_only_a_follower_that_tells_somebody_outside_waits_for_the_disk(*, lasting: bool, waits: str) -> None:
    Permit().accept()
    seen: list[Any] = []
    until(lambda: follow("one", lambda _ids: seen.extend(rows_of("SHOW synchronous_commit")), lasting=lasting).taken)
    assert seen[0] == (waits,)
    assert rows_of("SHOW synchronous_commit") == [("on",)]


def test_the_sweep_keeps_what_somebody_still_needs() -> None:
    for _ in range(5):
        Permit().accept()
    rows = rows_of("SELECT count(*) FROM dossiers_outbox")[0][0]
    take_all("fast")
    assert sweep(["fast", "slow"]) == 0
    until(lambda: follow("slow", add_up, limit=4).taken)
    assert sweep(["fast", "slow"]) == 4
    assert rows_of("SELECT count(*) FROM dossiers_outbox") == [(rows - 4,)]
    take_all("slow", limit=3)
    assert sweep(["fast", "slow"], limit=2) == 2
    assert sweep(["fast", "slow"]) == rows - 6
    Permit().accept()
    assert sweep(["fast", "slow"]) == 0


def test_the_worker_moves_every_follower_of_the_installation() -> None:
    Permit().accept()
    names = list(worker.followers())
    assert names
    until(
        lambda: worker.catch_up() or rows_of("SELECT count(*) FROM dossiers_follower WHERE xid > 0") == [(len(names),)]
    )


def test_two_rooms_with_one_name_for_their_work_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Room:
        timers = {"fees": "motcua.fees.working.by_the_clock"}

    monkeypatch.setattr(worker.apps, "get_app_configs", lambda: [Room(), Room()])
    with pytest.raises(ValueError, match="fees"):
        worker._named("timers")
