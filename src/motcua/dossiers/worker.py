"""The worker: moves the followers, seals the journal each minute, and does what the law does by the clock.

A few small jobs, each safe to be killed in and to run twice: those that follow the journal in one loop, those done
by the clock in another. A room names its followers, its work by the clock and its work with other machines in its
`apps.py` (`followers`, `timers`, `errands`), so that the heart need not know the rooms built on it. Errands may wait
for somebody else's server: each has a thread of its own.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.utils.module_loading import import_string

from motcua.dossiers import checkpoints, timers
from motcua.dossiers.followers import Apply, follow, sweep

log = logging.getLogger("motcua.worker")

SECONDS_BETWEEN_LOOKS = 0.3
SECONDS_BETWEEN_SEALS = 60.0
SECONDS_BETWEEN_TIMERS = 60.0
SECONDS_BETWEEN_ERRANDS = 1.0
SECONDS_APART = 2.0
# An errand that waits for another machine is left behind: its lease runs out and it is taken again.
SECONDS_TO_LEAVE = 5.0


def followers() -> dict[str, Apply]:
    """The followers of this installation by name: each takes dossier ids in its own transaction."""
    return _named("followers")


def errands() -> dict[str, Callable[[], int]]:
    """Work with other machines by name: each does a batch and returns how much it did."""
    return _named("errands")


def _named(kind: str) -> dict[str, Any]:
    found: dict[str, str] = {}
    for room in apps.get_app_configs():
        declared: dict[str, str] = getattr(room, kind, {})
        if twice := found.keys() & declared.keys():
            raise ValueError(f"{kind} of two rooms have one name: {', '.join(sorted(twice))}")
        found |= declared
    return {name: import_string(path) for name, path in found.items()}


def signing_key() -> Ed25519PrivateKey:
    """The key that signs checkpoints. Raises TypeError when the file holds another kind."""
    key = load_pem_private_key(Path(settings.MOTCUA_SIGNING_KEY).read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("the signing key is not an Ed25519 key")
    return key


def kept_seals() -> Path:
    """The file of checkpoint hashes outside the database."""
    return Path(settings.MOTCUA_HOME) / "seals.jsonl"


def catch_up() -> int:
    """Moves every follower to the end of the outbox; returns how many rows were taken."""
    return sum(_move(name, apply) for name, apply in followers().items())


def _move(name: str, apply: Apply) -> int:
    taken = 0
    while (step := follow(name, apply)).taken:
        taken += step.taken
        if step.complete_until is not None:
            break
    return taken


def seal_now() -> int:
    """Seals what changed; returns the number of new checkpoints."""
    return len(checkpoints.seal(signing_key(), kept_seals()))


def _sweep() -> None:
    sweep([*followers(), checkpoints.FOLLOWER])


class _Job:
    """One periodic job and when it is due next, by the monotonic clock: a wall clock that jumps moves nothing."""

    def __init__(self, name: str, every: float, act: Callable[[], object], first: float = 0.0) -> None:
        self.name, self.every, self.act = name, every, act
        self.due = time.monotonic() + first

    def run_if_due(self) -> None:
        if time.monotonic() < self.due:
            return
        self.due = time.monotonic() + self.every
        try:
            self.act()
        except DatabaseError:
            log.warning("%s: the database did not answer; trying again", self.name)
            connection.close()
        except Exception:
            log.exception("%s failed", self.name)


def _by_the_clock() -> list[_Job]:
    """What is done by the clock: the heart's own at once, the rooms' timers after it and one after the other.

    What has been left lying is followed first.
    """
    return [
        _Job("seal", SECONDS_BETWEEN_SEALS, seal_now),
        _Job("timers", SECONDS_BETWEEN_TIMERS, timers.run_due),
        _Job("sweep", SECONDS_BETWEEN_SEALS, _sweep),
        *(
            _Job(name, SECONDS_BETWEEN_TIMERS, act, first=SECONDS_APART * at)
            for at, (name, act) in enumerate(_named("timers").items(), start=1)
        ),
    ]


def run(ended: threading.Event | None = None) -> None:
    """Works until `ended` is set or the process is told to end."""
    ended = ended or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
    # One each: a follower that stands still holds up no other.
    moving = [_Job(name, SECONDS_BETWEEN_LOOKS, partial(_move, name, apply)) for name, apply in followers().items()]
    # What is done by the clock may take seconds; what follows the journal does not wait for it.
    runners = [
        threading.Thread(target=_loop, args=(_by_the_clock(), ended), name="clock", daemon=True),
        *(
            threading.Thread(target=_run_errand, args=(name, act, ended), name=name, daemon=True)
            for name, act in errands().items()
        ),
    ]
    for runner in runners:
        runner.start()
    _loop(moving, ended)
    for runner in runners:
        runner.join(SECONDS_TO_LEAVE)


def _loop(jobs: list[_Job], ended: threading.Event) -> None:
    """Runs what is due, one after the other, until the end."""
    while not ended.is_set():
        for job in jobs:
            job.run_if_due()
        close_old_connections()
        ended.wait(SECONDS_BETWEEN_LOOKS)
    if threading.current_thread() is not threading.main_thread():
        connection.close()


def _run_errand(name: str, act: Callable[[], int], ended: threading.Event) -> None:
    """Runs batches of one errand until the end; at once again while there is more to do."""
    while not ended.is_set():
        did = 0
        try:
            did = act()
        except DatabaseError:
            log.warning("%s: the database did not answer; trying again", name)
            connection.close()
        except Exception:
            log.exception("%s failed", name)
        close_old_connections()
        if not did:
            ended.wait(SECONDS_BETWEEN_ERRANDS)
    connection.close()
