"""Databases for the tests: one real PostgreSQL, one migrated and loaded template, quick copies of it.

The server and its templates live in a folder under the temporary directory, shared by parallel workers and by
runs at the same time, and are used again as long as the migrations and the content are the same. Which test
gets what is left to `conftest`.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN, flock
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import psycopg
from django.db import connection
from psycopg import sql

from motcua.site import embedded
from motcua.site.home import Home, create

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "motcua"
PACK = ROOT / "content" / "hanoi-2018"
TEMPLATES_KEPT = 6
GIVE_UP_AFTER = 300.0
# Nothing here need survive a power cut.
SERVER = {
    "fsync": "off", "full_page_writes": "off", "max_connections": "200", "max_wal_size": "4GB",
    "shared_buffers": "128MB", "effective_cache_size": "512MB",
}  # fmt: skip
# What the loaded content depends on besides the pack itself.
LOADER_ROOMS = ("law", "organisation", "calendars", "catalogue", "notices/wording", "steering")


@dataclass(frozen=True)
class City:
    """One database of its own, and how to reach it."""

    database: str
    home: Home

    @property
    def dsn(self) -> str:
        """For psycopg, as the application."""
        return embedded.dsn(self.home, database=self.database)

    @property
    def owner_dsn(self) -> str:
        """For psycopg, as the owner, who may do what the application may not."""
        return embedded.dsn(self.home, embedded.OWNER, self.database)


class LiveCity(str):
    """The address of a running city, without a slash at its end; and what stands behind it."""

    city: City
    home: Home
    environment: dict[str, str]
    process: "subprocess.Popen[bytes]"


def tests_home() -> Home:
    """The folder of the tests' server; refused when somebody else made it first."""
    folder = Path(tempfile.gettempdir()) / f"motcua-tests-{os.geteuid()}"
    folder.mkdir(mode=0o755, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise RuntimeError(f"{folder} belongs to somebody else: set TMPDIR to a folder of your own")
    return Home(folder)


@contextmanager
def server(home: Home) -> Iterator[None]:
    """Within, the server runs. Whoever leaves last stops it; whoever comes first sweeps what others left."""
    create(home)
    with (home.path / ".users.lock").open("a") as users:
        if _alone(users):
            embedded.ensure_running(home, settings=SERVER)
            _sweep(home)
        flock(users, LOCK_SH)
        embedded.ensure_running(home, settings=SERVER)
        yield
        if _alone(users):
            embedded.stop(home)
        flock(users, LOCK_UN)


def new_city(home: Home) -> City:
    """A copy of the template under a name of its own, made within a second."""
    name = f"city_{os.getpid()}_{uuid.uuid4().hex[:12]}"
    with home.locked("templates"):
        template = _template(home)
        _run(home, "CREATE DATABASE {} TEMPLATE {}", name, template)
    return City(name, home)


def drop_city(city: City) -> None:
    """Remove the copy, ending whoever is still connected to it."""
    _run(city.home, "DROP DATABASE IF EXISTS {} WITH (FORCE)", city.database)


def until(condition: Callable[[], bool], unless_ended: "subprocess.Popen[Any] | None" = None) -> None:
    """Wait for the condition. A process that has ended will never meet it, nor one that hangs for five minutes."""
    deadline = time.monotonic() + GIVE_UP_AFTER
    while not condition():
        if unless_ended is not None and unless_ended.poll() is not None:
            raise RuntimeError(f"ended with {unless_ended.returncode}")
        if time.monotonic() > deadline:
            raise RuntimeError("nothing came of waiting")
        time.sleep(0.01)


@contextmanager
def connected_to(database: str) -> Iterator[None]:
    """Within, Django's default connection, in every thread, is to `database`."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _template(home: Home) -> str:
    """The name of the template for the tree as it is now; built when it is missing. Hold the lock."""
    places = ("*/migrations/*.py", "*/models*.py", "*/apps.py", "site/databases.py")
    schema = _fingerprint(path for place in places for path in SOURCE.glob(place))
    wanted = f"template_{schema}"
    if not _exists(home, wanted):
        _build(home, wanted, "template0", _migrate)
    if os.environ.get("MOTCUA_TESTS_WITHOUT_CONTENT") == "1" or not _has_loader():
        return wanted
    loader = [path for room in LOADER_ROOMS for path in (SOURCE / room).rglob("*.py")]
    content = _fingerprint([*loader, *PACK.rglob("*")], schema)
    loaded = f"template_{schema}_{content}"
    if not _exists(home, loaded):
        _build(home, loaded, wanted, _load)
    return loaded


def _build(home: Home, name: str, base: str, fill: Callable[[], None]) -> None:
    from django.db import connection

    draft = f"draft_{uuid.uuid4().hex[:12]}"
    _run(home, "CREATE DATABASE {} TEMPLATE {}", draft, base)
    try:
        with connected_to(draft):
            fill()
            connection.close()
        _run(home, "ALTER DATABASE {} RENAME TO {}", draft, name)
    finally:
        _run(home, "DROP DATABASE IF EXISTS {} WITH (FORCE)", draft)
    _run(home, "ALTER DATABASE {} WITH ALLOW_CONNECTIONS false", name)
    for old in _names(home, "template\\_%")[:-TEMPLATES_KEPT]:
        _run(home, "DROP DATABASE IF EXISTS {} WITH (FORCE)", old)


def _migrate() -> None:
    from django.core.management import call_command

    from motcua.site.databases import as_owner

    with as_owner():
        call_command("migrate", verbosity=0, interactive=False)


def _has_loader() -> bool:
    from django.core.management import get_commands

    return "content" in get_commands() and PACK.is_dir()


def _load() -> None:
    from django.core.management import call_command

    with Path(os.devnull).open("w") as nowhere:
        call_command("content", "load", str(PACK), stdout=nowhere)


def _fingerprint(paths: Iterable[Path], *more: str) -> str:
    digest = sha256("\0".join([sys.version, *more]).encode())
    for path in sorted(path for path in paths if path.is_file()):
        if "__pycache__" in path.parts:
            continue
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _alone(users: IO[str]) -> bool:
    try:
        flock(users, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sweep(home: Home) -> None:
    for name in [*_names(home, "city\\_%"), *_names(home, "draft\\_%")]:
        _run(home, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _names(home: Home, pattern: str) -> list[str]:
    """Databases whose name is like `pattern`, the oldest first."""
    with psycopg.connect(embedded.dsn(home, embedded.OWNER, "postgres"), autocommit=True) as link:
        rows = link.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid", [pattern])
        return [name for (name,) in rows]


def _exists(home: Home, name: str) -> bool:
    return name in _names(home, name.replace("_", "\\_"))


def _run(home: Home, statement: str, *names: str) -> None:
    with psycopg.connect(embedded.dsn(home, embedded.OWNER, "postgres"), autocommit=True) as link:
        link.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Does all of them, each in a thread and on a connection of its own; raises what one of them raised."""
    barrier = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)

    def run(index: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(60)
            answers[index] = acts[index]()
        except BaseException as error:
            answers[index] = error
            barrier.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers
