"""Kill -9 of the web server, the worker and the database in the middle of load, twenty times.

No acknowledged step is lost, none is doubled, every follower comes to the end, and `verify` finds nothing.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import psycopg
import pytest

from cities import PACK, ROOT
from motcua.site import embedded
from motcua.site.embedded_place import find_place
from motcua.site.home import Home, create
from motcua.site.running import running
from motcua.site.supervision import Child, free_port, tend_until

KILLS = 20
CLIENTS = 2
HERE = Path(__file__).parent


class City:
    """A city of its own with its real processes, tended as `motcua demo` tends them."""

    def __init__(self, home: Home, port: int) -> None:
        self.home, self.port = home, port
        self.ended = threading.Event()
        children = [Child(home, "serve", "--port", str(port), "--workers", "1"), Child(home, "work")]
        self._thread = threading.Thread(target=tend_until, args=(self.ended, children, lambda _said: None))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.ended.set()
        self._thread.join(60)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """As the owner, straight from the database."""
        with psycopg.connect(embedded.dsn(self.home, embedded.OWNER), autocommit=True) as link:
            return link.execute(query).fetchall()  # type: ignore[arg-type]

    def victims(self, which: str, rng: random.Random) -> list[psutil.Process]:
        """Whom to kill."""
        if which == "database":
            everyone = embedded.processes_of(find_place(self.home).data)
            first = [process for process in everyone if "-D" in process.cmdline()]
            return rng.choice((first, everyone))
        verb = "serve" if which == "web" else "work"
        heads = [psutil.Process(each.pid) for each in running(self.home) if each.verb == verb]
        hands = [child for head in heads for child in head.children(recursive=True)]
        return rng.choice((heads, [*heads, *hands], hands or heads))


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, *arguments], env=environment(), capture_output=True, text=True, check=False)


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}", "PYTHONWARNINGS": ""}


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    """Founded in a short folder that the database's own account may enter."""
    folder = Path(tempfile.mkdtemp(prefix="mc-"))
    folder.chmod(0o755)
    home = Home(folder / "home")
    create(home)
    monkeypatch.setenv("MOTCUA_HOME", str(home.path))
    made = run("-m", "motcua.site.cli", "init", "--content", str(PACK))
    assert made.returncode == 0, made.stderr
    city = City(home, free_port(18400))
    try:
        yield city
    finally:
        city.stop()
        embedded.stop(home)
        place = find_place(home)
        if place.sockets != home.run:
            shutil.rmtree(place.sockets, ignore_errors=True)
        shutil.rmtree(place.data, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


class Browser(threading.Thread):
    """Leaves notes over HTTP, one after the other; asks again with the same key until it is answered."""

    def __init__(self, city: City, told: dict[str, Any], end: Path) -> None:
        super().__init__()
        self.told, self.end = told, end
        self.address = f"http://127.0.0.1:{city.port}/can-bo/ho-so/{told['dossier']}/note/0/"
        self.tried: list[str] = []
        self.done: list[str] = []
        self.wrong: list[str] = []

    def run(self) -> None:
        while not self.end.exists() and not self.wrong:
            key = uuid4().hex
            self.tried.append(key)
            while not self._answered(key) and not self.wrong:
                time.sleep(0.1)
            self.done.append(key)

    def _answered(self, key: str) -> bool:
        form = urllib.parse.urlencode({"key": key, "words": f"lời {key}"}).encode()
        cookies = f"motcua_session={self.told['session']}; motcua_csrf={self.told['csrf']}"
        headers = {"Cookie": cookies, "X-CSRFToken": self.told["csrf"]}
        request = urllib.request.Request(self.address, form, headers)
        try:
            with OPENER.open(request, timeout=20) as answer:
                self.wrong.append(f"answered {answer.status}")
        except urllib.error.HTTPError as error:
            if error.code == 302 and "/can-bo/" in error.headers["Location"]:
                return True
            if error.code < 500:
                self.wrong.append(f"{error.code} {error.headers.get('Location')} {error.read()[:2000]!r}")
        except OSError:
            return False
        return False


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


OPENER = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))


def until(found: Callable[[], Any], what: str, seconds: float = 90) -> None:
    """Until it is true; a database that is down is not true, and of a process that just went nothing is known."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found():
                return
        except (psycopg.Error, OSError, psutil.NoSuchProcess):
            pass
        time.sleep(0.1)
    raise AssertionError(what)


def acknowledged(logs: list[Path]) -> tuple[list[str], list[str]]:
    """The keys that were tried, and those that were answered, in all the clients' logs."""
    lines = [line.split() for log in logs for line in log.read_text().splitlines()]
    assert not [line for line in lines if line[0] == "refused"], lines
    return [line[1] for line in lines if line[0] == "try"], [line[1] for line in lines if line[0] == "done"]


@pytest.mark.slow
def test_twenty_kills_lose_nothing_and_double_nothing(city: City, tmp_path: Path) -> None:
    rng = random.Random(20)
    told = json.loads(run(str(HERE / "founding.py")).stdout)
    city.start()
    end = tmp_path / "end"
    logs = [tmp_path / f"client-{number}.log" for number in range(CLIENTS)]
    for log in logs:
        log.touch()
    with (tmp_path / "errors").open("w") as errors:
        clients = [
            subprocess.Popen(
                [sys.executable, str(HERE / "load.py"), str(log), str(end), str(number)],
                env=environment(),
                stderr=errors,
            )
            for number, log in enumerate(logs)
        ]
        browser = Browser(city, told, end)
        browser.start()
        try:
            _kill_again_and_again(city, rng, logs, browser)
        finally:
            end.touch()
            for client in clients:
                client.wait(120)
            browser.join(120)
    assert browser.wrong == []
    assert [client.returncode for client in clients] == [0] * CLIENTS, (tmp_path / "errors").read_text()[-3000:]
    _nothing_was_lost(city, logs, browser)


def _kill_again_and_again(city: City, rng: random.Random, logs: list[Path], browser: Browser) -> None:
    targets = ["database", "web", "work"] * KILLS
    for target in targets[:KILLS]:
        before = len(acknowledged(logs)[1])
        # In the middle of load: somebody must have been answered since the last kill.
        until(lambda before=before: len(acknowledged(logs)[1]) > before + 3, "nobody was answered any more")  # type: ignore[misc]
        if target == "web":
            answered = len(browser.done)
            until(lambda seen=answered: len(browser.done) > seen, "the web server did not come back")  # type: ignore[misc]
        until(lambda what=target: _kill(city.victims(what, rng)), f"{target} did not come back")  # type: ignore[misc]


def _kill(victims: list[psutil.Process]) -> int:
    """How many of them were still alive to be killed."""
    killed = 0
    for victim in victims:
        try:
            victim.send_signal(signal.SIGKILL)
            killed += 1
        except psutil.NoSuchProcess:
            continue
    return killed


def _nothing_was_lost(city: City, logs: list[Path], browser: Browser) -> None:
    tried, done = acknowledged(logs)
    assert set(done) <= set(tried)
    assert len(done) > 3 * KILLS
    assert len(browser.done) > KILLS // 3
    embedded.ensure_running(city.home)
    stored = dict(city.rows("SELECT key, count(*) FROM dossiers_event WHERE key <> '' GROUP BY key"))
    assert [key for key in (*done, *browser.done) if stored.get(key) != 1] == []
    known = {*tried, *browser.tried, *(f"{key}/accept" for key in tried)}
    founded = 2
    assert len([key for key in stored if key not in known]) == founded
    assert set(stored.values()) == {1}
    facts = "SELECT count(*) FROM dossiers_dossier d WHERE NOT EXISTS (SELECT FROM reports_dossierfact f"
    waiting = (
        "SELECT count(*) FROM dossiers_outbox o WHERE (o.xid, o.pos) > (SELECT xid, pos FROM dossiers_follower"
        " WHERE name = 'reports')"
    )
    until(lambda: city.rows(waiting) == [(0,)], "the follower did not come to the end")
    assert city.rows(f"{facts} WHERE f.dossier_id = d.id AND f.seq = d.seq)") == [(0,)]
    sealed = "SELECT count(*) FROM dossiers_dossier d WHERE NOT EXISTS (SELECT FROM dossiers_checkpointleaf l"
    until(
        lambda: city.rows(f"{sealed} WHERE l.dossier_id = d.id AND l.seq = d.seq)") == [(0,)], "not all was sealed", 150
    )
    verdict = run("-m", "motcua.site.cli", "verify", "--json")
    said = json.loads(verdict.stdout)
    assert said["broken"] == []
    assert verdict.returncode == 0
    assert said["dossiers"] == city.rows("SELECT count(*) FROM dossiers_dossier")[0][0]
