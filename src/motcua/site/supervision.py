"""Child processes looked after: started, started again when they fall, ended in order.

The database has its own watch in `embedded`; what each child does is left to its verb.
"""

import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from motcua.site.home import Home

STOP_WITHIN = 20.0
STEP = 0.2
# A child that falls at once is started again ever more slowly.
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0
STEADY_AFTER = 30.0


class Child:
    """One `motcua` verb kept running as a process of its own, its output in the home's logs."""

    def __init__(self, home: Home, verb: str, *arguments: str) -> None:
        self.verb = verb
        self.log: Path = home.logs / f"{verb}.log"
        self._command = [sys.executable, "-m", "motcua.site.cli", verb, *arguments, "--with-parent"]
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause = FIRST_PAUSE
        self._not_before = 0.0

    def tend(self, told: Callable[[str], None]) -> None:
        """Start the child if it is not running and its pause is over."""
        now = time.monotonic()
        if self._process is not None:
            status = self._process.poll()
            if status is None:
                return
            steady = now - self._started > STEADY_AFTER
            self._pause = FIRST_PAUSE if steady else min(self._pause * 2, LONGEST_PAUSE)
            self._not_before = now + self._pause
            self._process = None
            told(f"{self.verb} đã ngừng ({status}), sẽ chạy lại / has ended, will be started again: {self.log}")
        if now >= self._not_before:
            with self.log.open("ab") as log:
                # A session of its own: an interrupt at the keyboard reaches us alone, and we end them in
                # order.
                self._process = subprocess.Popen(
                    self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )
            self._started = now

    def ask_to_end(self) -> None:
        """Send the signal; `wait` sees it through."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, seconds: float) -> None:
        """Wait for the end, and insist when `seconds` are over."""
        if self._process is None:
            return
        try:
            self._process.wait(max(seconds, 0.1))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def ended_by_signal() -> threading.Event:
    """An event set by SIGTERM, SIGINT or SIGHUP. Main thread only."""
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for which in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(which, end)
    return ended


def tend_until(ended: threading.Event, children: Sequence[Child], told: Callable[[str], None]) -> None:
    """Keep the children running until `ended`, then end them all."""
    try:
        while not ended.is_set():
            for child in children:
                child.tend(told)
            ended.wait(STEP)
    finally:
        for child in children:
            child.ask_to_end()
        deadline = time.monotonic() + STOP_WITHIN
        for child in children:
            child.wait(deadline - time.monotonic())


def free_port(wanted: int, host: str = "127.0.0.1", tries: int = 50) -> int:
    """`wanted`, or the next port above it that nobody listens on. Raises OSError when none is free."""
    for port in range(wanted, wanted + tries):
        with socket.socket() as probe:
            # As servers do, so that connections of an ended server that still linger do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port from {wanted} on")


def answers(address: str) -> bool:
    """True when the web server at `address` says that it can serve."""
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
