"""The figures of a synthesized city: reports, pages and lists, made anew, followed, and what following costs.

`--dossiers` says how many (300,000 unless told); with 0 a city that is there is asked as it is, and neither made nor
rebuilt. What they are measured against is plain SQL over the journal, a
bare INSERT ... SELECT of the same rows, and the same acts while nobody follows.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from benchmarks import five_steps, history
from benchmarks.history import tell
from benchmarks.life import Office, for_seconds
from benchmarks.plans import read_whole
from benchmarks.timing import milliseconds, percentiles
from django.db import connection

from motcua.dossiers import worker
from motcua.dossiers.handle import Done, handle, lodge_and_accept
from motcua.law import commands as c
from motcua.reports.facts import NAME

SIZE = 300_000
TIMES = 40
TRANSITIONS = 50  # a second, while the follower's lag is measured
TURN = 3.0
LOOK = 0.01  # seconds between two looks at what has arrived
TO_HOLD = {
    "month_report": 200.0, "month_form": 200.0, "month_form_by_agency": 200.0, "quarter_form": 200.0,
    "dashboard_page": 1000.0, "control_page": 1000.0,
    "drill_down_late": 200.0, "drill_down_agency": 200.0, "drill_down_open": 200.0,
}  # fmt: skip

# The month's answers by agency, as somebody would write it who knows the journal well: the answers of the month
# first, and of each only its own rows, by the key.
PLAIN = """
WITH answered AS MATERIALIZED (
    SELECT e.dossier_id, e.seq, e.at FROM dossiers_event e
     WHERE e.type = 'result_ready' AND e.at >= %(begin)s AND e.at < %(end)s
       AND NOT EXISTS (SELECT FROM dossiers_event x
                        WHERE x.dossier_id = e.dossier_id AND x.seq < e.seq AND x.type = 'result_ready')),
told AS (
    SELECT a.at, (SELECT x.agency FROM dossiers_event x WHERE x.dossier_id = a.dossier_id AND x.seq = 1) AS receiving,
           (SELECT (x.payload::json->>'due')::timestamptz FROM dossiers_event x
             WHERE x.dossier_id = a.dossier_id AND x.seq < a.seq AND x.payload::json->>'due' IS NOT NULL
               AND x.type IN ('accepted', 'supplemented', 'resumed', 'payment_recorded', 'extended', 'due_moved',
                              'draft_answered')
             ORDER BY x.seq DESC LIMIT 1) AS due
      FROM answered a)
SELECT receiving, sum(received)::int, sum(late)::int, sum(in_time)::int FROM (
    SELECT receiving, 0 AS received, (at > due)::int AS late, (at <= due)::int AS in_time FROM told
    UNION ALL
    SELECT agency, 1, 0, 0 FROM dossiers_event WHERE type = 'accepted' AND at >= %(begin)s AND at < %(end)s) AS every
 GROUP BY receiving
"""


def run(options: Namespace) -> dict[str, Any]:
    """Makes the city, then asks."""
    size = SIZE if options.dossiers is None else options.dossiers
    grown = _grown(size) if size else {}
    asked = {name: percentiles(milliseconds(TIMES, ask)) for name, ask in history.questions().items()}
    plain = _against_plain_sql()
    whole = {name: plans for name, ask in history.questions().items() if (plans := read_whole(ask))}
    with _worker() as process:
        lag = _lag(options.seconds)
        followed = _followed_in_turns(options.seconds, process)
    held = {name: asked[name][1] <= most for name, most in TO_HOLD.items()}
    if grown:
        held["rebuild"] = grown["rebuild"]["events_a_second"] >= 20_000
    held |= {
        "lag": lag["max"] <= 2.0,
        "followers": followed["ratio"] >= 0.9,
    }
    return {
        "rate": asked["month_report"][1],
        "unit": "ms p95, a month's report over all agencies",
        "ratio": plain["ratio"],
        "against": "the same numbers as plain SQL over the journal",
        **history.counted(),
        **grown,
        "questions": {name: {"p50": p50, "p95": p95, "to_hold": TO_HOLD[name]} for name, (p50, p95) in asked.items()},
        "plain_sql": plain,
        "lag": lag,
        "followers": followed,
        "read_whole": whole,
        "held": held,
    }


def _grown(size: int) -> dict[str, Any]:
    """The city made, sealed, and its facts made anew."""
    made = history.grow(size, seed=1)
    tell(f"made at {made.dossiers / made.seconds:,.0f} dossiers/s")
    return {
        "synthesized": {"dossiers": made.dossiers, "events": made.events, "rate": round(made.dossiers / made.seconds)},
        "sealing": _sealing(),
        "rebuild": _rebuilding(),
    }


def _sealing() -> dict[str, float]:
    """The whole history under checkpoints, as the worker's seal job does it."""
    begun = time.perf_counter()
    checkpoints = worker.seal_now()
    return {"checkpoints": checkpoints, "seconds": round(time.perf_counter() - begun, 1)}


def _rebuilding() -> dict[str, Any]:
    """All facts anew, and the same rows copied as they are into tables with the same indexes."""
    made, seconds = history.figures_anew()
    bare = history.bare_copy()
    return {
        "seconds": round(seconds, 1),
        "events_a_second": round(made.events / seconds),
        "dossiers_a_second": round(made.dossiers / seconds),
        "bare_seconds": round(bare, 1),
        "times_bare": round(seconds / bare, 1),
        "to_hold": 20_000,
    }


def _against_plain_sql() -> dict[str, Any]:
    """Both must come to the same, or there is no figure."""
    period = history.last_month()
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET work_mem = '256MB'")
        cursor.execute(PLAIN, {"begin": period.begins, "end": period.ends})
        plain = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute("RESET work_mem")
    spent = (time.perf_counter() - begun) * 1000
    board = history.report(period)
    ours = {
        number: (each.received, each.late, each.not_late)
        for number, each in board.by_agency.items()
        if each.received or each.answered
    }
    if ours != plain:
        different = {number for number in {*ours, *plain} if ours.get(number) != plain.get(number)}
        raise AssertionError(f"the report and the journal differ at {len(different)} agencies")
    p50, _p95 = percentiles(milliseconds(TIMES, lambda: history.report(period)))
    return {"milliseconds": round(spent), "report_p50": p50, "ratio": round(spent / p50), "period": period.code}


@contextmanager
def _worker() -> Iterator["subprocess.Popen[bytes]"]:
    """Within, the worker runs in a process of its own, with all its followers."""
    command = [sys.executable, "-m", "motcua.site.cli", "work", "--with-parent"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _until_followed(process)
            yield process
        finally:
            process.send_signal(signal.SIGCONT)
            process.terminate()


def _until_followed(process: "subprocess.Popen[bytes]") -> None:
    """Waits until every follower has passed all there is."""
    deadline = time.monotonic() + 300
    while process.poll() is None and time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM dossiers_follower f WHERE f.name = ANY (%s) AND NOT EXISTS"
                " (SELECT FROM dossiers_outbox o WHERE (o.xid, o.pos) > (f.xid, f.pos))",
                [list(worker.followers())],
            )
            if cursor.fetchone()[0] == len(worker.followers()):
                return
        time.sleep(0.05)
    raise AssertionError("the worker does not come to the end of the journal")


def _transitions(office: Office) -> Iterator[Done]:
    """One act after the other, each stored when it is given back."""
    while True:
        commune = office.rng.choice(office.communes)
        lodging = five_steps.lodging(office.rng, commune)
        done = lodge_and_accept(office.version, lodging, c.Accept(), commune.clerk, uuid.uuid4().hex)
        while True:
            if not isinstance(done, Done):
                raise AssertionError(done)
            yield done
            following = five_steps.step(done.state, commune)
            if following is None:
                break
            done = handle(done.dossier_id, *following, uuid.uuid4().hex, seen=done.seq)


class _Watching(threading.Thread):
    """Looks for facts that have reached what was stored, and notes how long each took."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.stored: dict[int, list[tuple[int, float]]] = {}
        self.spent: list[float] = []
        self.ended = threading.Event()
        self._lock = threading.Lock()
        self._dsn = connection.connection.info.dsn

    def note(self, done: Done) -> None:
        """Stored just now."""
        with self._lock:
            self.stored.setdefault(done.dossier_id, []).append((done.seq, time.perf_counter()))

    def run(self) -> None:
        with psycopg.connect(self._dsn, autocommit=True) as link:
            while not (self.ended.is_set() and not self.stored):
                with self._lock:
                    wanted = list(self.stored)
                rows = link.execute(
                    "SELECT dossier_id, seq FROM reports_dossierfact WHERE dossier_id = ANY (%s)", (wanted,)
                ).fetchall()
                self._arrived(dict(rows), time.perf_counter())
                time.sleep(LOOK)

    def _arrived(self, reached: dict[int, int], now: float) -> None:
        with self._lock:
            for dossier_id, seq in reached.items():
                left = []
                for each in self.stored.get(dossier_id, ()):
                    if each[0] <= seq:
                        self.spent.append(now - each[1])
                    else:
                        left.append(each)
                if left:
                    self.stored[dossier_id] = left
                else:
                    self.stored.pop(dossier_id, None)


def _lag(seconds: float) -> dict[str, Any]:
    """From commit to fact, at 50 transitions a second."""
    office = Office(random.randrange(1 << 30))
    watching = _Watching()
    watching.start()
    begun, count = time.perf_counter(), 0
    for done in _transitions(office):
        watching.note(done)
        count += 1
        due = begun + count / TRANSITIONS
        if due - begun > seconds:
            break
        time.sleep(max(0.0, due - time.perf_counter()))
    rate = count / (time.perf_counter() - begun)
    watching.ended.set()
    watching.join(60)
    if watching.stored:
        raise AssertionError("not all facts have come")
    p50, p95 = percentiles(watching.spent)
    most = max(watching.spent)
    told = {"median": p50, "p95": p95, "max": round(most, 2), "transitions": count, "a_second": round(rate, 1)}
    return told | {"follower": NAME, "to_hold": 2.0}


def _followed_in_turns(seconds: float, process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    """Lives a second while the worker follows and while it stands still, in turns."""
    office = Office(random.randrange(1 << 30))
    counts, spent = [0, 0], [0.0, 0.0]
    for_seconds(1.0, office.live)
    while sum(spent) < max(seconds, 2 * TURN):
        for still in (0, 1):
            os.kill(process.pid, signal.SIGSTOP if still else signal.SIGCONT)
            if not still:
                # What was done meanwhile is not to be charged to this turn.
                _until_followed(process)
            done, took = for_seconds(TURN, office.live)
            counts[still] += done
            spent[still] += took
    os.kill(process.pid, signal.SIGCONT)
    on, off = counts[0] / spent[0], counts[1] / spent[1]
    return {"lives_on": round(on, 1), "lives_off": round(off, 1), "ratio": round(on / off, 2), "to_hold": 0.9}
