"""Examining a file from outside in a process of its own, with little memory, little time and no network.

What kills the process is a finding about the file. How a file is examined is left to `examine`.
"""

import os
import resource
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import msgspec

from motcua.papers.results.examine import Finding, examine

__all__ = ["Finding", "examine", "examine_stranger", "limit_myself"]

MEMORY = 1024 * 1024 * 1024
SECONDS_OF_WORK = 10
SECONDS_TO_WAIT = 20
MOST_SAID = 1 << 20
# Where this very package was read from: the examiner is the same release as who asks it.
SOURCES = Path(__file__).resolve().parents[3]
# More than two would take the machine from those who came for something else.
_turns = threading.BoundedSemaphore(2)


class BusyError(Exception):
    """Too many files are being examined; ask again."""


def limit_myself() -> None:
    """Bounds this very process: memory, seconds of work, no files written, no more processes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_OF_WORK, SECONDS_OF_WORK))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(600)


def examine_stranger(pdf: bytes, roots: list[bytes], lists: list[bytes], patience: float = 10.0) -> Finding:
    """What the file says; a process that had to be stopped makes it an unreadable one.

    Raises BusyError when others are being examined for longer than `patience` seconds.
    """
    if not _turns.acquire(timeout=patience):
        raise BusyError
    try:
        with tempfile.TemporaryDirectory(prefix="xac-minh-") as folder:
            return _examine_in(Path(folder), pdf, roots, lists)
    finally:
        _turns.release()


def _examine_in(folder: Path, pdf: bytes, roots: list[bytes], lists: list[bytes]) -> Finding:
    place = folder / "file"
    place.write_bytes(pdf)
    arguments = [str(place)]
    for mark, contents in (("r", roots), ("c", lists)):
        for at, content in enumerate(contents):
            named = folder / f"{mark}{at}"
            named.write_bytes(content)
            arguments.append(f"{mark}:{named}")
    command = [sys.executable, "-m", "motcua.papers.results.examine", *arguments]
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    try:
        done = subprocess.run(
            command, env=kept | {"PYTHONPATH": str(SOURCES), "PYTHONDONTWRITEBYTECODE": "1"}, cwd=folder,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS_TO_WAIT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Finding(readable=False, problem="time")
    if done.returncode or len(done.stdout) > MOST_SAID:
        return Finding(readable=False, problem=f"stopped {done.returncode}")
    try:
        return msgspec.json.decode(done.stdout, type=Finding)
    except msgspec.MsgspecError:
        return Finding(readable=False, problem="garbled")
