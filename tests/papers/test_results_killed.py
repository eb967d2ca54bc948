"""Killed anywhere between signing and recording, slow beyond its lease, or twice at once: one file for one number."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cities import City
from dossiers.permits import Permit, set_watch
from motcua.files.models import StoredFile
from motcua.jobs import leasing
from motcua.papers.results import issuing
from motcua.papers.results.keys import KeyRing
from motcua.papers.results.tables import IssuedResult, ResultWork
from motcua.site.home import Home, create
from signing_city import content, made_authority, numbered, ring

__all__ = ["made_authority", "ring"]
POINTS = ("_keep", "record", "_enter", "finish")
SCRIPT = """
import os, signal, sys
import django
django.setup()
from motcua.papers.results import issuing, reuse
from motcua.jobs import leasing
def die(*_given, **_more):
    os.kill(os.getpid(), signal.SIGKILL)
place = sys.argv[1]
if place == "finish":
    leasing.finish = die
else:
    setattr(issuing, place, die)
issuing.issue_due()
"""


@pytest.mark.parametrize("place", POINTS)
def test_killed_before_any_step_one_result_comes_of_it(
    place: str, fresh_city: City, ring: KeyRing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    set_watch(monkeypatch)
    home = Home(tmp_path / "home")
    create(home)
    shutil.copytree(ring.folder, home.keys / "signing")
    settings.MOTCUA_FILES = home.files
    permit = numbered(Permit())
    environment = os.environ | {
        "MOTCUA_HOME": str(home.path), "DATABASE_URL": fresh_city.dsn, "MOTCUA_BASE_URL": "http://127.0.0.1:8107",
        "PYTHONPATH": str(Path(issuing.__file__).parents[3]), "PYTHONWARNINGS": "",
    }  # fmt: skip
    ended = subprocess.run([sys.executable, "-c", SCRIPT, place], env=environment, capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    kept = ResultWork.objects.get().digest
    assert bool(kept) == (place != "_keep")
    assert len(permit.state.issued) == (place in ("_enter", "finish"))
    assert issuing.issue_due() == 0, "its lease still runs"
    ResultWork.objects.update(leased_until="2018-01-01T00:00Z")
    assert issuing.issue_due() == 1
    issued = IssuedResult.objects.get()
    assert [each.file for each in permit.state.issued] == [issued.digest]
    assert not kept or issued.digest == kept
    assert ResultWork.objects.get().next_at is None
    assert content(issued).startswith(b"%PDF-")


@pytest.mark.django_db
def test_a_worker_that_slept_beyond_its_lease_changes_nothing(ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    set_watch(monkeypatch)
    permit = numbered(Permit())
    slow = leasing.claim(ResultWork, 1, issuing.LEASE)[0]
    made = issuing.make(slow)
    ResultWork.objects.update(leased_until="2018-01-01T00:00Z")
    assert issuing.issue_due() == 1
    issued = IssuedResult.objects.get()
    assert not issuing._keep(slow, made)
    assert IssuedResult.objects.get().digest == issued.digest
    assert len(permit.state.issued) == 1


@pytest.mark.parametrize("within", [True, False])
def test_a_connection_is_given_back_unless_it_is_in_somebodys_transaction(
    within: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[bool] = []
    stand_in = SimpleNamespace(in_atomic_block=within, close=lambda: closed.append(True))
    monkeypatch.setattr(issuing, "connection", stand_in)
    issuing._let_go()
    assert closed == ([] if within else [True])


@pytest.mark.django_db
def test_doing_it_again_gives_the_stored_file(ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    set_watch(monkeypatch)
    numbered(Permit())
    issuing.issue_due()
    first = IssuedResult.objects.get()
    files = StoredFile.objects.count()
    ResultWork.objects.update(next_at="2018-01-01T00:00Z")
    assert issuing.issue_due() == 1
    assert IssuedResult.objects.get().digest == first.digest
    assert StoredFile.objects.count() == files


@pytest.fixture
def stamping(ring: KeyRing, tmp_path: Path) -> Any:
    """The local time-stamp authority, a process of its own; its address."""
    home = Home(tmp_path / "stamps")
    create(home)
    home.note(ready=True)
    shutil.copytree(ring.folder, home.keys / "signing")
    environment = os.environ | {
        "MOTCUA_HOME": str(home.path), "DATABASE_URL": "postgresql://127.0.0.1:1/none",
        "PYTHONPATH": str(Path(issuing.__file__).parents[3]), "PYTHONWARNINGS": "",
    }  # fmt: skip
    command = [sys.executable, "-m", "motcua.site.cli", "signing", "tsa", "--port", "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), address
        yield address
        process.terminate()
        process.wait(20)


@pytest.mark.django_db
def test_a_time_stamp_is_asked_of_a_real_authority_over_http(
    ring: KeyRing, stamping: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_watch(monkeypatch)
    (ring.folder / "signing.toml").write_text(
        f'since = 2018-01-01T00:00:00Z\n[timestamp]\nurl = "{stamping}"\n', encoding="utf-8"
    )
    numbered(Permit())
    issuing.issue_due()
    assert ResultWork.objects.get().last_error == ""
    issued = IssuedResult.objects.get()
    assert abs(issued.signed_at.timestamp() - time.time()) < 120


@pytest.mark.django_db
def test_an_authority_that_never_answers_is_given_up_and_the_work_waits(
    ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    set_watch(monkeypatch)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        (ring.folder / "signing.toml").write_text(
            f'since = 2018-01-01T00:00:00Z\n[timestamp]\nurl = "http://127.0.0.1:{silent.getsockname()[1]}/"\n'
            "seconds = 0.5\n",
            encoding="utf-8",
        )
        numbered(Permit())
        issuing.issue_due()
    work = ResultWork.objects.get()
    assert work.next_at is not None
    assert "dấu thời gian" in work.last_error
    assert not IssuedResult.objects.exists()
