"""The embedded PostgreSQL: it answers or it is not ready, and it comes back from whatever ended it."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from cities import until
from motcua.site import embedded
from motcua.site.embedded_place import SHARED_STATE, EmbeddedError, find_place, is_short_enough, programs
from motcua.site.home import Home, create

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give up its rights")


def make_home(parent: Path) -> Home:
    home = Home(parent / "home")
    create(home)
    return home


@pytest.fixture
def parent() -> Iterator[Path]:
    """A short folder that other accounts may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="mc-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(parent: Path) -> Iterator[Home]:
    made = make_home(parent)
    yield made
    remove_database(made)


def remove_database(home: Home) -> None:
    embedded.stop(home)
    place = find_place(home)
    if place.sockets != home.run:
        shutil.rmtree(place.sockets, ignore_errors=True)
    if place.data != home.data:
        shutil.rmtree(place.data.parent)


def ask(home: Home, statement: str) -> object:
    with psycopg.connect(embedded.dsn(home, embedded.OWNER), autocommit=True) as link:
        found = link.execute(statement)
        return found.fetchone()[0] if found.description else None


def first_process(home: Home) -> psutil.Process:
    process = embedded._postmaster(find_place(home))
    assert process is not None
    return process


def test_a_home_gets_a_database_that_is_durable_and_reached_by_socket_only(home: Home) -> None:
    embedded.ensure_running(home)
    settings = {
        name: ask(home, f"SHOW {name}")
        for name in ("data_checksums", "fsync", "synchronous_commit", "listen_addresses", "jit", "server_encoding")
    }
    assert settings == {
        "data_checksums": "on",
        "fsync": "on",
        "synchronous_commit": "on",
        "listen_addresses": "",
        "jit": "off",
        "server_encoding": "UTF8",
    }
    assert ask(home, "SELECT lower('ĐẶNG THỊ Ữ')") == "đặng thị ữ"
    assert find_place(home).sockets.stat().st_mode & 0o077 == 0


def test_the_application_signs_in_without_rights_over_others(home: Home) -> None:
    with psycopg.connect(embedded.ensure_running(home)) as link:
        rights = link.execute(
            "SELECT current_user, rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert rights == (embedded.APP, False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            link.execute("CREATE TABLE public.mine (id int)")


def test_a_killed_server_comes_back_with_everything_it_acknowledged(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "ORPHANS_LEAVE_WITHIN", 0.2)
    embedded.ensure_running(home)
    ask(home, "CREATE TABLE kept (id int)")
    for number in range(2):
        ask(home, f"INSERT INTO kept VALUES ({number})")
        busy = threading.Thread(target=_burn, args=(home,))
        busy.start()
        until(lambda: ask(home, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series%'") == 2)
        first_process(home).kill()
        embedded.ensure_running(home)
        assert ask(home, "SELECT count(*) FROM kept") == number + 1
        busy.join()


def _burn(home: Home) -> None:
    # Such a process does not look whether its server still lives: it is the orphan that keeps the memory.
    with suppress(psycopg.Error):
        ask(home, "SELECT count(*) FROM generate_series(1, 3000000000)")


def test_a_dead_server_that_nobody_reaped_is_not_taken_for_a_live_one(home: Home) -> None:
    embedded.ensure_running(home)
    embedded.stop(home)
    place = find_place(home)
    child = subprocess.Popen(
        [programs(place) / "postgres", "-D", place.data, "-k", place.sockets, "-h", ""],
        cwd="/",
        stderr=subprocess.DEVNULL,
        **place.as_account(),
    )
    until(lambda: embedded.is_ready(home), child)
    child.kill()
    until(lambda: psutil.Process(child.pid).status() == psutil.STATUS_ZOMBIE)
    assert (place.data / "postmaster.pid").read_text().startswith(f"{child.pid}\n")
    embedded.ensure_running(home)
    assert embedded.is_ready(home)
    assert first_process(home).pid != child.pid
    child.wait()


def test_a_pid_file_that_names_somebody_else_is_not_believed(home: Home) -> None:
    embedded.ensure_running(home)
    place = find_place(home)
    pid_file = place.data / "postmaster.pid"
    left_behind = pid_file.read_text().split("\n", 1)[1]
    embedded.stop(home)
    sleeper = subprocess.Popen(["sleep", "600"], cwd="/", **place.as_account())
    try:
        pid_file.write_text(f"{sleeper.pid}\n{left_behind}")
        if place.account is not None:
            os.chown(pid_file, place.account.pw_uid, place.account.pw_gid)
        embedded.ensure_running(home)
        assert embedded.is_ready(home)
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_server_whose_socket_was_swept_away_is_started_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "DEAF_AFTER", 0.5)
    embedded.ensure_running(home)
    deaf = first_process(home).pid
    for leftover in find_place(home).sockets.iterdir():
        leftover.unlink()
    embedded.ensure_running(home)
    assert first_process(home).pid != deaf


def test_many_callers_at_once_start_one_server(home: Home) -> None:
    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(lambda _: embedded.ensure_running(home), range(6)))
    assert len(found) == 1
    servers = [each for each in embedded.processes_of(find_place(home).data) if "-D" in each.cmdline()]
    assert len(servers) == 1


def test_a_cluster_cut_off_while_it_was_made_is_made_again(home: Home) -> None:
    place = find_place(home)
    draft = place.data.with_name(place.data.name + ".draft")
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    embedded.ensure_running(home)
    assert embedded.is_ready(home)
    assert not draft.exists()


def test_a_watched_server_is_started_again_unless_it_was_stopped_on_purpose(home: Home) -> None:
    embedded.ensure_running(home)
    ended = threading.Event()
    watcher = threading.Thread(target=embedded.watch, args=(home, ended))
    watcher.start()
    try:
        killed = first_process(home)
        killed.kill()
        until(lambda: embedded._postmaster(find_place(home)) not in (None, killed) and embedded.is_ready(home))
        embedded.stop(home)
        watcher.join()
        assert not embedded.is_ready(home)
        with pytest.raises(embedded.StoppedError):
            embedded.ensure_running(home, only_if_not_stopped=True)
        embedded.ensure_running(home)
        assert embedded.is_ready(home)
    finally:
        ended.set()
        watcher.join()


def test_stopping_what_does_not_run_is_no_failure(home: Home) -> None:
    assert embedded.stop(home) is False
    assert embedded.is_ready(home) is False


def test_a_home_too_deep_for_a_socket_keeps_it_in_a_short_folder(parent: Path) -> None:
    deep = parent / ("thư-mục-rất-dài-" * 6)
    deep.mkdir()
    home = make_home(deep)
    try:
        assert not is_short_enough(home.run)
        embedded.ensure_running(home)
        place = find_place(home)
        assert is_short_enough(place.sockets)
        assert home.record()["sockets"] == str(place.sockets)
        assert embedded.is_ready(home)
    finally:
        remove_database(home)


def test_a_copy_of_a_home_does_not_speak_to_the_original(parent: Path) -> None:
    deep = parent / ("d" * 100)
    deep.mkdir()
    original = make_home(deep)
    try:
        embedded.ensure_running(original)
        ask(original, "CREATE TABLE original_only (id int)")
        copy = Home(deep / "copy")
        create(copy)
        copy.note(sockets=original.record()["sockets"])
        try:
            embedded.ensure_running(copy)
            assert find_place(copy).sockets != find_place(original).sockets
            assert ask(copy, "SELECT to_regclass('original_only')") is None
        finally:
            remove_database(copy)
    finally:
        remove_database(original)


@needs_root
def test_a_home_closed_to_the_databases_account_keeps_its_data_in_an_open_place(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    home = make_home(tmp_path)
    try:
        embedded.ensure_running(home)
        data = find_place(home).data
        assert home.record()["data"] == str(data)
        assert data.is_relative_to(SHARED_STATE)
        assert not home.data.exists()
        assert embedded.is_ready(home)
    finally:
        remove_database(home)


@needs_root
def test_programs_closed_to_the_databases_account_are_copied_to_an_open_place(
    parent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from motcua.site import embedded_place

    installed = embedded_place.wheel_installation()
    closed = tmp_path / embedded_place.WHEEL / embedded_place.INSTALLATION
    shutil.copytree(installed, closed, symlinks=True)
    libraries = f"{embedded_place.WHEEL}.libs"
    shutil.copytree(installed.parent.with_name(libraries), tmp_path / libraries)
    tmp_path.chmod(0o700)
    state = parent / "state"
    monkeypatch.setattr(embedded_place, "wheel_installation", lambda: closed)
    monkeypatch.setattr(embedded_place, "SHARED_STATE", state)
    home = make_home(parent)
    try:
        embedded.ensure_running(home)
        assert programs(find_place(home)).is_relative_to(state)
    finally:
        remove_database(home)


def test_damaged_data_is_named_with_its_log(home: Home) -> None:
    embedded.ensure_running(home)
    embedded.stop(home)
    place = find_place(home)
    control = place.data / "global" / "pg_control"
    control.write_bytes(b"\0" * 8192)
    with pytest.raises(EmbeddedError) as failure:
        embedded.ensure_running(home)
    assert str(place.log) in str(failure.value)
