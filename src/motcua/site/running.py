"""Which of the city's processes run, known by a lock each holds for its life, which no crash can leave behind.

Also how a process notices that the one which started it is gone. Starting and restarting is left to
`supervision`.
"""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from typing import Any

from motcua.site.home import PRIVATE, Home

STOP_WITHIN = 30.0
STEP = 0.1
PARENT_EVERY = 0.5


@dataclass(frozen=True)
class Running:
    """One running process: its verb (`serve`, `work`, `demo`), its number, and where it can be reached."""

    verb: str
    pid: int
    address: str


@contextmanager
def marked(home: Home, verb: str, address: str = "") -> Iterator[None]:
    """Within, `running` lists this process."""
    folder = home.path / ".running"
    folder.mkdir(mode=PRIVATE, exist_ok=True)
    path = folder / f"{verb}-{os.getpid()}"
    # Locked and written before it has its name: without its lock, it would be swept away as a dead one's.
    draft = home.path / f".mark-{verb}-{os.getpid()}"
    with draft.open("w", encoding="utf-8") as mark:
        flock(mark, LOCK_EX)
        json.dump({"verb": verb, "pid": os.getpid(), "address": address}, mark)
        mark.flush()
        draft.rename(path)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def running(home: Home) -> list[Running]:
    """The processes of this home that are alive now; marks of dead ones are swept away."""
    found = []
    for path in sorted((home.path / ".running").glob("*-*")):
        try:
            with path.open("r+", encoding="utf-8") as mark:
                try:
                    flock(mark, LOCK_EX | LOCK_NB)
                except BlockingIOError:
                    said: dict[str, Any] = json.load(mark)
                    found.append(Running(said["verb"], said["pid"], said["address"]))
                else:
                    path.unlink(missing_ok=True)
        except (OSError, ValueError, KeyError):
            # Just gone.
            continue
    return found


def end_all(home: Home, but: int = 0) -> list[Running]:
    """Ask every process of the home, except number `but`, to end, the demo first; wait until they have."""
    asked = sorted((each for each in running(home) if each.pid != but), key=lambda each: each.verb != "demo")
    for each in asked:
        _signal(each.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_WITHIN
    while any(each.pid != but for each in running(home)):
        if time.monotonic() > deadline:
            for each in running(home):
                if each.pid != but:
                    _signal(each.pid, signal.SIGKILL)
        time.sleep(STEP)
    return asked


def leave_with_parent() -> None:
    """End this process, in order, soon after the one that started it is gone: nobody would look after it."""
    parent = os.getppid()

    def wait() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_EVERY)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="leave with parent", daemon=True).start()


def _signal(pid: int, which: signal.Signals) -> None:
    try:
        os.kill(pid, which)
    except ProcessLookupError:
        return
