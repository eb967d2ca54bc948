"""The embedded PostgreSQL of a home: made, started, watched, started again after a fall, and stopped.

Ready means that a query was answered; the server's pid file is never believed, because a killed server that
its parent has not reaped looks alive and its orphans linger a while. Where it stands is left to
`embedded_place`.
"""

import logging
import os
import shlex
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from motcua.site.embedded_place import PORT, EmbeddedError, Place, find_place, programs, settle
from motcua.site.home import Home

OWNER = "motcua_owner"
APP = "motcua_app"
DATABASE = "motcua"

# Seconds.
ANSWER_WITHIN = 5
RECOVER_WITHIN = 600
ORPHANS_LEAVE_WITHIN = 2.0
DEAF_AFTER = 15.0
STOP_WITHIN = 60.0
STEP = 0.1
WATCH_EVERY = 0.5
LOG_BYTES_KEPT = 20 * 1024 * 1024

LEAST_BUFFERS, MOST_BUFFERS = 128, 2048  # MB


def _buffers(memory: int) -> int:
    """MB of the machine's memory (bytes) for pages of the database: an eighth, taken only as it is used.

    With little, every follower's write to the tables of a large city first has to make room.
    """
    return min(max(memory // 2**20 // 8, LEAST_BUFFERS), MOST_BUFFERS)


SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": f"{_buffers(psutil.virtual_memory().total)}MB",
    "max_connections": "60",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": f"{_buffers(psutil.virtual_memory().total) * 4}MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_compression": "pglz",
    "max_wal_size": "1GB",
    "min_wal_size": "80MB",
    "checkpoint_timeout": "10min",
    "checkpoint_completion_target": "0.9",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "io_method": "sync",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # Statements and their parameters carry names and personal numbers: they stay out of the log.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    "lc_messages": "C",
}

logger = logging.getLogger(__name__)


class StoppedError(EmbeddedError):
    """The database was stopped on purpose; whoever merely watches must not start it again."""


def dsn(home: Home, role: str = APP, database: str = DATABASE) -> str:
    """The connection string of the home's database for `role`; starts nothing."""
    return psycopg.conninfo.make_conninfo(host=str(find_place(home).sockets), port=PORT, user=role, dbname=database)


def is_ready(home: Home) -> bool:
    """True when the home's own server answers a query now and its roles and database stand."""
    return _ask(find_place(home)) == "ready"


def ensure_running(home: Home, *, settings: dict[str, str] | None = None, only_if_not_stopped: bool = False) -> str:
    """Start the home's database unless it answers already; return the application's connection string.

    Safe to call from many processes. `settings` overrides server settings at the start. With
    `only_if_not_stopped` a database stopped by `stop` is left so. Raises EmbeddedError, or StoppedError.
    """
    place = find_place(home)
    if _ask(place) != "ready":
        with home.locked("database"):
            if only_if_not_stopped and _stop_mark(home).exists():
                raise StoppedError("Cơ sở dữ liệu đã được dừng / the database was stopped")
            place = settle(home)
            if _ask(place) == "foreign":
                # This home is a copy, its record too: the socket it names belongs to the one it was copied from.
                home.note(sockets=None)
                place = settle(home)
            _bring_up(place, SETTINGS | (settings or {}))
            _stop_mark(home).unlink(missing_ok=True)
    return dsn(home)


def stop(home: Home) -> bool:
    """End the home's database in order and keep watchers from starting it. False if it was not running."""
    place = find_place(home)
    with home.locked("database"):
        _stop_mark(home).touch()
        running = processes_of(place.data)
        if not running:
            return False
        _pg_ctl(place, "stop", "-m", "fast", "-t", str(int(STOP_WITHIN)))
        for signal_them in (psutil.Process.terminate, psutil.Process.kill):
            if _wait_until_gone(place.data, ORPHANS_LEAVE_WITHIN):
                break
            _each(processes_of(place.data), signal_them)
        return True


def watch(home: Home, ended: threading.Event, told: Callable[[str], None] = logger.warning) -> None:
    """Until `ended`: ask every half second, and when no answer comes start the server again.

    Returns early when the database was stopped on purpose.
    """
    link: psycopg.Connection | None = None
    while not ended.wait(WATCH_EVERY):
        try:
            if link is None:
                link = psycopg.connect(
                    dsn(home), autocommit=True, connect_timeout=ANSWER_WITHIN, application_name="motcua watch"
                )
            link.execute("SELECT 1")
        except psycopg.Error:
            if link is not None:
                link.close()
            link = None
            try:
                ensure_running(home, only_if_not_stopped=True)
            except StoppedError:
                return
            except EmbeddedError as error:
                told(str(error))
    if link is not None:
        link.close()


def processes_of(data: Path) -> list[psutil.Process]:
    """Every living process of the cluster in `data`: all work within that folder. Zombies do not count."""
    found = []
    for process in psutil.process_iter():
        try:
            if not process.name().startswith("postgres") or process.status() == psutil.STATUS_ZOMBIE:
                continue
            if os.path.realpath(process.cwd()) == os.path.realpath(data):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def _stop_mark(home: Home) -> Path:
    return home.path / ".stopped"


def _ask(place: Place) -> str:
    """One of ready, unready (answers, but is not set up), busy, foreign, absent."""
    try:
        with psycopg.connect(
            host=str(place.sockets), port=PORT, user=OWNER, dbname="postgres",
            connect_timeout=ANSWER_WITHIN, application_name="motcua ask",
        ) as link:  # fmt: skip
            row = link.execute(
                "SELECT current_setting('data_directory'),"
                " EXISTS (SELECT FROM pg_roles WHERE rolname = %s)"
                " AND EXISTS (SELECT FROM pg_database WHERE datname = %s)",
                (APP, DATABASE),
            ).fetchone()
    except psycopg.OperationalError as error:
        # Whoever refuses us in words is alive: starting up, recovering, going down, or full.
        return "busy" if "FATAL" in str(error) else "absent"
    if row is None or os.path.realpath(row[0]) != os.path.realpath(place.data):
        return "foreign"
    return "ready" if row[1] else "unready"


def _bring_up(place: Place, settings: dict[str, str]) -> None:
    deadline = time.monotonic() + RECOVER_WITHIN
    silent_since = time.monotonic()
    while time.monotonic() < deadline:
        answer = _ask(place)
        if answer == "ready":
            return
        if answer == "unready":
            _set_up(place)
        elif answer == "foreign":
            raise EmbeddedError(
                f"{place.sockets} thuộc về một cơ sở dữ liệu khác / "
                f"{place.sockets} is in use by the database of another home"
            )
        elif answer == "busy":
            silent_since = time.monotonic()
        elif not processes_of(place.data):
            _initialise(place)
            _start(place, settings)
        elif _postmaster(place) is None:
            _dismiss_orphans(place)
        elif time.monotonic() - silent_since > DEAF_AFTER:
            # It lives but cannot be spoken to, as when its socket was swept away with the temporary files.
            _pg_ctl(place, "stop", "-m", "fast", "-t", str(int(STOP_WITHIN)))
        time.sleep(STEP)
    raise EmbeddedError(f"Cơ sở dữ liệu không trả lời, xem {place.log} / the database does not answer, see {place.log}")


def _initialise(place: Place) -> None:
    if (place.data / "PG_VERSION").exists():
        return
    # Made beside and moved in whole: a cluster cut off halfway must not be taken for one.
    draft = place.data.with_name(place.data.name + ".draft")
    if draft.exists():
        shutil.rmtree(draft)
    place.give(draft)
    command = [
        str(programs(place) / "initdb"), "--pgdata", str(draft), "--username", OWNER, "--auth", "trust",
        "--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8",
        "--data-checksums", "--no-instructions",
    ]  # fmt: skip
    done = subprocess.run(
        command,
        cwd="/",
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
        **place.as_account(),
    )
    if done.returncode != 0:
        raise EmbeddedError(
            f"Không tạo được cơ sở dữ liệu tại {place.data} / cannot make a database in {place.data}: "
            + _last_line(done.stderr)
        )
    draft.rename(place.data)


def _start(place: Place, settings: dict[str, str]) -> None:
    # Nothing of this cluster is alive (see processes_of), so a pid file is a dead server's, whoever now has
    # its number. PostgreSQL would believe it if the number had passed to another process of the same account.
    for leftover in (place.data / "postmaster.pid", *place.sockets.glob(".s.PGSQL.*")):
        leftover.unlink(missing_ok=True)
    place.log.parent.mkdir(parents=True, exist_ok=True)
    if place.log.exists() and place.log.stat().st_size > LOG_BYTES_KEPT:
        place.log.replace(place.log.with_suffix(".log.1"))
    options = {"unix_socket_directories": str(place.sockets), "port": str(PORT)} | settings
    arguments = shlex.join(part for name, value in options.items() for part in ("-c", f"{name}={value}"))
    begun_at = place.log.stat().st_size if place.log.exists() else 0
    done = _pg_ctl(place, "start", "-t", str(RECOVER_WITHIN), "-o", arguments)
    if done != 0 and not processes_of(place.data):
        with place.log.open("rb") as log:
            log.seek(begun_at)
            said = log.read().decode("utf-8", "replace")
        if "still in use" in said or "already exists" in said:
            return
        raise EmbeddedError(
            f"Cơ sở dữ liệu không khởi động được / the database did not start: {_last_line(said)} ({place.log})"
        )


def _pg_ctl(place: Place, verb: str, *arguments: str) -> int:
    # pg_ctl puts the server into a session of its own and leaves it to the system, so that it outlives us;
    # the server inherits the log we opened, which its account need not be able to reach.
    command = [str(programs(place) / "pg_ctl"), verb, "-w", "-s", "-D", str(place.data), *arguments]
    with place.log.open("ab") as log:
        return subprocess.run(
            command, cwd="/", env=_environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            check=False, **place.as_account(),
        ).returncode  # fmt: skip


def _set_up(place: Place) -> None:
    with psycopg.connect(host=str(place.sockets), port=PORT, user=OWNER, dbname="postgres", autocommit=True) as link:
        if link.execute("SELECT FROM pg_roles WHERE rolname = %s", (APP,)).rowcount == 0:
            link.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(APP)))
        if link.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,)).rowcount == 0:
            link.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def _postmaster(place: Place) -> psutil.Process | None:
    """The server's first process, which all others descend from; None when only orphans are left."""
    for process in processes_of(place.data):
        try:
            if "-D" in process.cmdline():
                return process
        except psutil.Error:
            continue
    return None


def _dismiss_orphans(place: Place) -> None:
    """Wait for the processes a killed server left behind, which still hold its shared memory, to be gone."""
    logger.warning("the database was killed; waiting for what it left behind")
    for insist in (psutil.Process.terminate, psutil.Process.kill):
        if _wait_until_gone(place.data, ORPHANS_LEAVE_WITHIN):
            return
        if _postmaster(place) is not None:
            return
        _each(processes_of(place.data), insist)


def _wait_until_gone(data: Path, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while processes_of(data):
        if time.monotonic() > deadline:
            return False
        time.sleep(STEP)
    return True


def _each(processes: list[psutil.Process], act: Callable[[psutil.Process], None]) -> None:
    for process in processes:
        try:
            act(process)
        except psutil.Error:
            continue


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _last_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error:" in line or "PANIC" in line]
    return (telling or lines or ["?"])[-1]
