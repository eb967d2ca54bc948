"""The demonstration, from nothing: founded, seeded, served; killed, it comes back; again, it is the same city."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from cities import until
from motcua.site import embedded
from motcua.site.embedded_place import find_place
from motcua.site.home import Home
from motcua.site.running import running
from motcua.site.supervision import answers


@pytest.fixture
def home() -> Iterator[Home]:
    """A folder that the database's account may enter; whatever still runs in it is ended."""
    folder = Path(tempfile.mkdtemp(prefix="mc-demo-"))
    folder.chmod(0o755)
    city = Home(folder / "city")
    yield city
    motcua(city, "stop")
    shutil.rmtree(folder)


def environment(home: Home) -> dict[str, str]:
    return os.environ | {"MOTCUA_HOME": str(home.path), "PYTHONWARNINGS": ""}


def motcua(home: Home, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "motcua.site.cli", *arguments]
    return subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False)


@contextmanager
def demo(home: Home) -> Iterator[tuple["subprocess.Popen[str]", list[str], str]]:
    """The demonstration once it serves: its process, what it has said, and the portal's address."""
    command = [
        sys.executable,
        "-m",
        "motcua.site.cli",
        "demo",
        "--port",
        "18000",
        "--workers",
        "1",
        "--dossiers",
        "200",
    ]
    with subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said: list[str] = []
        try:
            for line in process.stdout:
                said.append(line.rstrip())
                if "ready after" in line or "does not answer" in line:
                    break
            found = re.search(r"public portal\s+(http://\S+)/", "\n".join(said))
            assert found, "\n".join(said)
            yield process, said, found[1]
        finally:
            process.terminate()
            process.stdout.read()


def dossiers(home: Home) -> int:
    with psycopg.connect(embedded.dsn(home)) as link:
        row = link.execute("SELECT count(*) FROM dossiers_dossier").fetchone()
    assert row is not None
    return int(row[0])


def test_a_demonstration_is_founded_once_survives_kills_and_is_removed_whole(home: Home) -> None:
    with demo(home) as (process, said, address):
        assert any("seeding" in line for line in said)
        for account in home.record()["demo_accounts"]:
            assert any(account["username"] in line and account["password"] in line for line in said)
        kinds = {each.verb for each in running(home)}
        assert kinds == {"demo", "serve", "work"}
        seeded = dossiers(home)
        assert seeded > 0

        server = embedded._postmaster(find_place(home))
        assert server is not None
        server.kill()
        until(lambda: embedded.is_ready(home) and answers(address), process)
        assert dossiers(home) == seeded

        children = {each.pid for each in running(home) if each.verb != "demo"}
        for child in children:
            psutil.Process(child).kill()
        until(lambda: not children & {each.pid for each in running(home)}, process)
        until(lambda: answers(address) and {each.verb for each in running(home)} == kinds, process)

        again = motcua(home, "demo")
        assert again.returncode == 0
        assert "already running" in again.stdout
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0
    assert running(home) == []
    assert embedded.processes_of(find_place(home).data) == []

    with demo(home) as (_, said, _):
        assert not any("seeding" in line or "loading content" in line for line in said)
        assert dossiers(home) == seeded

    gone = motcua(home, "demo", "--remove")
    assert gone.returncode == 0, gone.stderr
    assert not home.path.exists()
