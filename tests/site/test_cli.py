"""The command line: what needs a city says so in a sentence, what does not is let through."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cities import City
from motcua import __version__
from motcua.site import running as processes
from motcua.site.cli import needs_city
from motcua.site.home import Home, HomeError, create, current_home, signing_key
from motcua.site.running import end_all, marked, running


def motcua(home: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "motcua.site.cli", *arguments],
        env=os.environ | {"MOTCUA_HOME": str(home)} | environment,
        cwd=home.parent,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", False),
        ("--help", False),
        ("verify --help", False),
        ("content check content/hanoi-2018", False),
        ("content schema", False),
        ("content load content/hanoi-2018", True),
        ("due --calendar hours.yaml --from 2018-12-28T15:30", False),
        ("due --calendar=hours.yaml --from 2018-12-28T15:30", False),
        ("due --agency 002 --from 2018-12-28T15:30", True),
        ("verify", True),
        ("serve --port 80", True),
        ("init", False),
        ("stop", False),
        ("doctor", False),
        ("translations check", False),
        ("makemigrations --check", False),
        ("migrate", True),
    ],
)
def test_which_verbs_need_a_city(line: str, expected: bool) -> None:
    assert needs_city(line.split()) is expected


def test_a_verb_without_its_city_says_so_and_makes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "none"
    done = motcua(home, "serve")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "motcua init" in done.stderr
    assert str(home) in done.stderr
    assert not home.exists()


def test_help_lists_our_verbs_without_a_city(tmp_path: Path) -> None:
    done = motcua(tmp_path / "none", "--help")
    assert done.returncode == 0
    for verb in ("demo", "serve", "work", "doctor", "stop", "init", "bench"):
        assert f"\n  {verb} " in done.stdout
    assert not (tmp_path / "none").exists()


def test_the_version_is_the_products(tmp_path: Path) -> None:
    assert motcua(tmp_path / "none", "--version").stdout == f"motcua {__version__}\n"


def test_an_unknown_verb_is_told_from_a_missing_city(tmp_path: Path) -> None:
    done = motcua(tmp_path / "none", "vrify")
    assert done.returncode == 1
    assert "vrify" in done.stderr


def test_a_database_that_cannot_be_reached_is_one_sentence(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    create(home)
    home.note(ready=True)
    done = motcua(home.path, "showmigrations", DATABASE_URL=f"postgresql://x@/y?host={tmp_path}/nowhere")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "the database could not do it" in done.stderr


def test_an_address_that_is_none_is_refused_without_repeating_its_password(tmp_path: Path) -> None:
    done = motcua(tmp_path / "none", "check", DATABASE_URL="postgresql://u:hunter2@h:5432:99/x y=")
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert "hunter2" not in done.stderr


def test_init_founds_a_city_in_a_database_of_ones_own_and_may_be_repeated(fresh_city: City, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for _ in range(2):
        done = motcua(
            home.path, "init", "--no-content", "--json",
            DATABASE_URL=fresh_city.dsn, DATABASE_OWNER_URL=fresh_city.owner_dsn,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["ready"] is True
    assert home.is_ready()
    assert home.signing_key_file.stat().st_mode & 0o777 == 0o600
    assert home.secret_file.stat().st_mode & 0o777 == 0o600


def test_the_doctor_names_what_is_wrong_and_fails(fresh_city: City, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    create(home)
    home.note(ready=True)
    home.secret_file.chmod(0o644)
    done = motcua(home.path, "doctor", "--json", DATABASE_URL=fresh_city.dsn)
    report = json.loads(done.stdout)
    states = {each["text"]: each["state"] for each in report["findings"] if each["name"] == "keys"}
    assert done.returncode == 1
    assert report["well"] is False
    assert states == {
        str(home.signing_key_file): "good",
        f"{home.secret_file}: người khác đọc được / others can read it: chmod 600": "bad",
    }
    assert {
        "name": "rights",
        "state": "good",
        "text": "motcua_app: chỉ ghi thêm vào nhật ký / may only add to the journal",
    } in report["findings"]


def test_the_doctor_sees_an_application_with_too_many_rights(fresh_city: City, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    create(home)
    home.note(ready=True)
    import psycopg

    with psycopg.connect(fresh_city.owner_dsn, autocommit=True) as owner:
        owner.execute("GRANT UPDATE ON dossiers_event TO motcua_app")
    done = motcua(home.path, "doctor", "--json", DATABASE_URL=fresh_city.dsn)
    found = {each["name"]: each for each in json.loads(done.stdout)["findings"]}
    assert found["rights"]["state"] == "bad"
    assert "UPDATE dossiers_event" in found["rights"]["text"]


def test_the_doctor_sees_a_clock_behind_the_journal(fresh_city: City, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    create(home)
    home.note(ready=True)
    import psycopg

    with psycopg.connect(fresh_city.dsn, autocommit=True) as link:
        link.execute(
            "INSERT INTO dossiers_checkpoint"
            " (number, at, prev, root, leaves, dossiers, events, hash, signature, key_id)"
            " VALUES (1, now() + interval '1 hour', '', '', 0, 0, 0, '', '', '')"
        )
    done = motcua(home.path, "doctor", "--json", DATABASE_URL=fresh_city.dsn)
    found = {each["name"]: each for each in json.loads(done.stdout)["findings"]}
    assert found["clock"]["state"] == "bad"
    assert "behind the newest event" in found["clock"]["text"]


def test_stop_where_nothing_is_makes_nothing(tmp_path: Path) -> None:
    done = motcua(tmp_path / "none", "stop")
    assert done.returncode == 0
    assert not (tmp_path / "none").exists()


def test_a_city_that_is_no_demonstration_is_not_removed(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    create(home)
    done = motcua(home.path, "demo", "--remove")
    assert done.returncode == 1
    assert "demonstration" in done.stderr
    assert home.is_made()


def test_running_processes_are_known_by_what_a_crash_cannot_leave_behind(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    create(home)
    code = (
        "import sys, time\n"
        "from motcua.site.running import marked\n"
        "from motcua.site.home import current_home\n"
        "with marked(current_home(), 'work'):\n"
        "    print('marked', flush=True)\n"
        "    time.sleep(600)\n"
    )
    environment = os.environ | {"MOTCUA_HOME": str(home.path)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"marked\n"
        assert [(each.verb, each.pid) for each in running(home)] == [("work", child.pid)]
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert list((home.path / ".running").iterdir()) != []
        assert running(home) == []
        assert list((home.path / ".running").iterdir()) == []


def test_ending_all_insists_with_a_process_that_will_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_WITHIN", 0.3)
    home = Home(tmp_path / "home")
    create(home)
    code = (
        "import signal, time\n"
        "from motcua.site.running import marked\n"
        "from motcua.site.home import current_home\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "with marked(current_home(), 'serve', 'http://127.0.0.1:1'):\n"
        "    print('marked', flush=True)\n"
        "    time.sleep(600)\n"
    )
    environment = os.environ | {"MOTCUA_HOME": str(home.path)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        with marked(home, "demo"):
            assert [each.verb for each in end_all(home, but=os.getpid())] == ["serve"]
        assert child.wait() == -signal.SIGKILL


def test_a_home_says_which_record_it_cannot_read(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    create(home)
    for damaged in ("{", "[]", '{"layout": 99}'):
        home.record_file.write_text(damaged)
        with pytest.raises(HomeError, match="home"):
            home.record()


def test_keys_are_made_once(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    create(home)
    first = signing_key(home).private_bytes_raw(), home.secret_file.read_text()
    create(home)
    assert (signing_key(home).private_bytes_raw(), home.secret_file.read_text()) == first


def test_the_home_is_beside_the_working_folder_unless_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MOTCUA_HOME")
    assert current_home().path == tmp_path / ".motcua"
    monkeypatch.setenv("MOTCUA_HOME", "elsewhere")
    assert current_home().path == tmp_path / "elsewhere"
