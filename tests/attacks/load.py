"""A client that works on permits until it is told to end, and writes down what was acknowledged.

Runs as a process of its own: `python load.py LOG END NUMBER`. When no answer comes it asks again with the same
key, as a browser does. Every line of the log is one act: its key, and the dossier once it was acknowledged.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

django.setup()

from django.db import DatabaseError, InterfaceError, connection  # noqa: E402

from dossiers.permits import WAY, Permit  # noqa: E402
from motcua.dossiers import handle as heart  # noqa: E402
from motcua.law import commands as c  # noqa: E402
from motcua.site.embedded_place import EmbeddedError  # noqa: E402


def main(log: Path, end: Path, number: int) -> None:
    """Life after life."""
    with log.open("a", buffering=1, encoding="utf-8") as lines:
        while not end.exists():
            _live(lines, number)


def _live(lines: Any, number: int) -> None:
    permit = _until_answered(Permit)
    key = uuid4().hex
    lines.write(f"try {key}\n")
    done = _until_answered(
        lambda: heart.lodge_and_accept(
            permit.version, permit.lodging(name=f"Người {number}"), c.Accept(), permit.people.clerk, key
        )
    )
    permit.id = done.dossier_id
    lines.write(f"done {key} {permit.id}\n")
    for act in WAY[:-1]:
        _act(lines, permit, act)


def _act(lines: Any, permit: Permit, act: Callable[[Permit], Any]) -> None:
    key = uuid4().hex
    asked: list[tuple[Any, Any]] = []
    # The command is made from the state once; only the sending is repeated.
    permit.act = lambda command, actor, key="": asked.append((command, actor))  # type: ignore[assignment,misc]
    _until_answered(lambda: (asked.clear(), act(permit)))
    command, actor = asked[0]
    lines.write(f"try {key}\n")
    answer = _until_answered(lambda: heart.handle(permit.id, command, actor, key))
    if not isinstance(answer, heart.Done):
        lines.write(f"refused {key} {answer.code}\n")
        raise SystemExit(1)
    lines.write(f"done {key} {permit.id}\n")


def _until_answered(ask: Callable[[], Any]) -> Any:
    while True:
        try:
            return ask()
        except (DatabaseError, InterfaceError, EmbeddedError, OSError):
            connection.close()
            time.sleep(0.1)
        except Exception as error:
            # Our own cursors raise the driver's errors.
            if not type(error).__module__.startswith("psycopg"):
                raise
            connection.close()
            time.sleep(0.1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
