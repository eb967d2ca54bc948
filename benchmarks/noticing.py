"""A hundred thousand text messages over SMPP to a message centre on this machine, while the worker is killed.

Told in batches as the follower tells, sent by workers of which one after the other is killed with -9, counted at the
centre's own log: what was lost, what was doubled.
"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from motcua.notices.people import Person
from motcua.notices.telling import Telling, tell

MESSAGES = 100_000
BATCH = 1000
KILLS = 10
GIVE_UP_AFTER = 1800.0
TARGET = 200.0  # messages a second: 100,000 within nine minutes
TESTS = Path(__file__).resolve().parents[1] / "tests"
VALUES = {"agency": {"vi": "Phường Hàng Mẫu", "en": "Sample ward"}}


def run(options: Namespace) -> dict[str, Any]:
    """Tells, sends through kills, counts; clears away what it wrote."""
    messages = options.dossiers or MESSAGES
    name = f"bench/{os.getpid()}"
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "centre.log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = os.environ | {
            "MOTCUA_SMS": f"smpp://x:y@127.0.0.1:{port}?name=bench&promises=1&window=20",
            "MOTCUA_NOTICES_SANDBOX": "0",
            "MOTCUA_NOTICES_LEASE": "5",
            "MOTCUA_HOME": str(settings.MOTCUA_HOME),
        }
        settings.MOTCUA_NOTICES_SANDBOX, settings.MOTCUA_SMS = False, environment["MOTCUA_SMS"]
        control = Path(folder) / "control.json"
        control.write_text('{"quick": true}')
        centre = _process(environment, "smpp_server.py", str(port), str(log), str(control))
        try:
            told = _told(name, messages)
            seconds, kills = _sent(name, environment)
        finally:
            centre.kill()
            centre.wait()
            _clear(name)
        counts = Counter(json.loads(line)["to"] for line in log.read_text().splitlines())
    rate = messages / seconds
    return {
        "rate": round(rate, 1),
        "unit": "messages/s",
        "ratio": round(rate / TARGET, 2),
        "against": f"{TARGET:.0f} messages/s",
        "messages": messages,
        "told_per_s": round(messages / told, 1),
        "kills": kills,
        "lost": messages - len(counts),
        "doubled": sum(count - 1 for count in counts.values()),
    }


def _told(name: str, messages: int) -> float:
    begun = time.perf_counter()
    for first in range(0, messages, BATCH):
        now = timezone.now()
        people = range(first, min(first + BATCH, messages))
        tell(
            [
                Telling(f"{name}/{each}", Person(phone=f"+8490{each:07d}"), "test", VALUES, now, in_inbox=False)
                for each in people
            ],
            now,
        )
    spent = time.perf_counter() - begun
    # Worth sending for longer than a test is: what is measured is that none is lost.
    with connection.cursor() as run:
        run.execute(
            "UPDATE notices_notice SET expires_at = now() + interval '1 day' WHERE event LIKE %s", [f"{name}/%"]
        )
    return spent


def _sent(name: str, environment: dict[str, str]) -> tuple[float, int]:
    rng = random.Random(1)
    begun, kills = time.perf_counter(), 0
    while (left := _left(name)) and time.perf_counter() - begun < GIVE_UP_AFTER:
        worker = _process(environment, "sender.py", "sms")
        end = time.monotonic() + (rng.uniform(1.0, 6.0) if kills < KILLS else GIVE_UP_AFTER)
        while time.monotonic() < end and left:
            time.sleep(0.2)
            left = _left(name)
        kills += bool(left)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    return time.perf_counter() - begun, kills


def _left(name: str) -> bool:
    with connection.cursor() as run:
        run.execute(
            "SELECT EXISTS (SELECT FROM notices_delivery d JOIN notices_notice n ON n.id = d.notice_id"
            " WHERE d.next_at IS NOT NULL AND n.event LIKE %s)",
            [f"{name}/%"],
        )
        return bool(run.fetchone()[0])


def _clear(name: str) -> None:
    with connection.cursor() as run:
        run.execute(
            "DELETE FROM notices_delivery WHERE notice_id IN (SELECT id FROM notices_notice WHERE event LIKE %s)",
            [f"{name}/%"],
        )
        run.execute("DELETE FROM notices_notice WHERE event LIKE %s", [f"{name}/%"])


def _process(environment: dict[str, str], script: str, *arguments: str) -> "subprocess.Popen[str]":
    made = subprocess.Popen(
        [sys.executable, str(TESTS / "notices" / script), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert made.stdout is not None
    made.stdout.readline()
    return made
