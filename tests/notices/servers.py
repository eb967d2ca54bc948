"""Starts the providers of the tests as processes of their own, and reads what they wrote down."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


class Provider:
    """One process that plays a provider. `wish` says how it is to behave from now on."""

    def __init__(self, kind: str, folder: Path, name: str = "") -> None:
        self.kind, self.name = kind, name or kind
        self.log, self.control = folder / f"{self.name}.log", folder / f"{self.name}.json"
        self.port = _free_port()
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> "Provider":
        """Starts it and waits until it listens."""
        script = HERE / f"{self.kind}_server.py"
        command = [sys.executable, str(script), str(self.port), str(self.log), str(self.control)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        return self

    def stop(self) -> None:
        """Kills it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None

    def wish(self, **how: Any) -> None:
        """How it behaves from now on."""
        draft = self.control.with_suffix(".draft")
        draft.write_text(json.dumps(how))
        draft.replace(self.control)

    def kept(self) -> list[dict[str, Any]]:
        """What it wrote down."""
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@contextmanager
def provider(kind: str, folder: Path, name: str = "") -> Iterator[Provider]:
    """A provider within."""
    made = Provider(kind, folder, name).start()
    try:
        yield made
    finally:
        made.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
