"""Somebody who rules the database but not the signing key alters records: `verify` names where and what."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg
import pytest

from cities import City
from dossiers.permits import Permit, rows_of, set_watch
from motcua.dossiers import checkpoints
from motcua.dossiers.checkpoints import kept_hashes, raw_public_key
from motcua.dossiers.handle import handle
from motcua.dossiers.journal import history
from motcua.dossiers.rows import TASK_COLUMNS, decode_state, dossier_columns, task_row
from motcua.dossiers.verify import verify
from motcua.dossiers.worker import signing_key
from motcua.law import commands as c
from motcua.law.evolve import fold
from motcua.law.merkle import key_id


class Scene(NamedTuple):
    """A sealed city: three permits, the middle one attacked; sealed twice, then acted on once more."""

    city: City
    kept: Path
    first: int
    victim: int
    last: int

    def broken(self) -> set[tuple[int, int, str]]:
        """What verify names."""
        public = raw_public_key(signing_key())
        verdict = verify({key_id(public): public}, kept_hashes(self.kept))
        assert all(each.text.vi and each.text.en for each in verdict.broken)
        return {(each.dossier, each.seq, each.what) for each in verdict.broken}

    def attack(self, *statements: Any) -> None:
        """As superuser, with every trigger off; `%(v)s` is the victim."""
        with psycopg.connect(self.city.owner_dsn) as link:
            link.execute("SET session_replication_role = replica")
            for statement in statements:
                done = link.execute(statement, {"v": self.victim, "first": self.first, "last": self.last})
                assert done.rowcount != 0, statement


BACKED_UP = ("event", "dossier", "name", "task", "checkpoint", "checkpointleaf")


@contextmanager
def undone(scene: Scene) -> Iterator[None]:
    """What is attacked within is put back afterwards."""
    with psycopg.connect(scene.city.owner_dsn) as link:
        for table in BACKED_UP:
            link.execute(f"CREATE TABLE backup_{table} AS TABLE dossiers_{table}")  # type: ignore[arg-type]
    yield
    with psycopg.connect(scene.city.owner_dsn) as link:
        link.execute("SET session_replication_role = replica")
        for table in BACKED_UP:
            link.execute(f"DELETE FROM dossiers_{table}")  # type: ignore[arg-type]
            link.execute(f"INSERT INTO dossiers_{table} TABLE backup_{table}")  # type: ignore[arg-type]
            link.execute(f"DROP TABLE backup_{table}")  # type: ignore[arg-type]
    assert scene.broken() == set()


@pytest.fixture
def scene(fresh_city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Sealed and whole before the test."""
    set_watch(monkeypatch)
    kept = tmp_path / "seals.jsonl"
    permits = [Permit().accept() for _ in range(3)]
    _seal(kept, 3)
    for permit in permits:
        permit.to("appraise")
    _seal(kept, 6)
    victim = permits[1]
    handle(victim.id, c.Note(words="Chưa niêm phong"), victim.people.officer, uuid4().hex)
    scene = Scene(fresh_city, kept, permits[0].id, victim.id, permits[2].id)
    assert scene.broken() == set()
    return scene


def _seal(kept: Path, leaves: int) -> None:
    """Until everything is sealed; other databases of the server hold the outbox back for a moment."""
    while rows_of("SELECT count(*) FROM dossiers_checkpointleaf")[0][0] < leaves:
        checkpoints.seal(signing_key(), kept)


# The victim's journal: 1 lodged, 2 accepted, 3 forwarded, 4 received, 5 forwarded, ... sealed; the last is not.
EVENTS: dict[str, tuple[tuple[str, ...], set[tuple[int, str]]]] = {
    "content": (
        ("UPDATE dossiers_event SET payload = replace(payload, 'Hoà', 'Hoa') WHERE dossier_id = %(v)s AND seq = 1",),
        {(1, "altered")},
    ),
    "type": (("UPDATE dossiers_event SET type = 'noted' WHERE dossier_id = %(v)s AND seq = 3",), {(3, "altered")}),
    "actor": (
        ("UPDATE dossiers_event SET actor = '99 Ai đó' WHERE dossier_id = %(v)s AND seq = 2",),
        {(2, "altered")},
    ),
    "time": (
        ("UPDATE dossiers_event SET at = at - interval '1 day' WHERE dossier_id = %(v)s AND seq = 2",),
        {(2, "altered")},
    ),
    "agency": (("UPDATE dossiers_event SET agency = 1 WHERE dossier_id = %(v)s AND seq = 2",), {(2, "altered")}),
    "key": (("UPDATE dossiers_event SET key = 'other' WHERE dossier_id = %(v)s AND seq = 1",), {(1, "altered")}),
    "unsealed content": (
        ("UPDATE dossiers_event SET payload = replace(payload, 'Chưa', 'Đã') WHERE dossier_id = %(v)s"
         " AND seq = (SELECT max(seq) FROM dossiers_event WHERE dossier_id = %(v)s)",),
        {(-1, "altered")},
    ),
    "removed from the middle": (
        ("DELETE FROM dossiers_event WHERE dossier_id = %(v)s AND seq = 3",),
        {(3, "missing")},
    ),
    "removed and renumbered": (
        (
            "DELETE FROM dossiers_event WHERE dossier_id = %(v)s AND seq = 3",
            "UPDATE dossiers_event SET seq = seq + 1000 WHERE dossier_id = %(v)s AND seq > 3",
            "UPDATE dossiers_event SET seq = seq - 1001 WHERE dossier_id = %(v)s AND seq > 1000",
        ),
        {(3, "missing")},
    ),
    "inserted": (
        (
            "UPDATE dossiers_event SET seq = seq + 1000 WHERE dossier_id = %(v)s AND seq > 2",
            "UPDATE dossiers_event SET seq = seq - 999 WHERE dossier_id = %(v)s AND seq > 1000",
            "INSERT INTO dossiers_event SELECT dossier_id, 3, at, type, actor, agency, 'extra', payload,"
            " sha256(hash) FROM dossiers_event WHERE dossier_id = %(v)s AND seq = 2",
        ),
        {(3, "inserted")},
    ),
    "swapped": (
        (
            "UPDATE dossiers_event SET seq = 1003 WHERE dossier_id = %(v)s AND seq = 3",
            "UPDATE dossiers_event SET seq = 3 WHERE dossier_id = %(v)s AND seq = 4",
            "UPDATE dossiers_event SET seq = 4 WHERE dossier_id = %(v)s AND seq = 1003",
        ),
        {(3, "reordered"), (4, "reordered")},
    ),
}  # fmt: skip


def test_an_altered_journal_is_named_with_dossier_and_step(scene: Scene) -> None:
    last = rows_of("SELECT max(seq) FROM dossiers_event WHERE dossier_id = %s", scene.victim)[0][0]
    for name, (statements, expected) in EVENTS.items():
        with undone(scene):
            scene.attack(*statements)
            found = scene.broken()
        assert {(scene.victim, last if seq < 0 else seq, what) for seq, what in expected} <= found, name
        assert {dossier for dossier, _seq, _what in found} == {scene.victim}, name


def test_a_cut_tail_is_named_even_when_the_head_was_set_back(scene: Scene) -> None:
    scene.attack(
        "DELETE FROM dossiers_event WHERE dossier_id = %(v)s AND seq > 4",
        "UPDATE dossiers_dossier SET seq = 4, head = (SELECT hash FROM dossiers_event WHERE dossier_id = %(v)s"
        " AND seq = 4) WHERE id = %(v)s",
    )
    found = scene.broken()
    assert {dossier for dossier, _seq, _what in found} == {scene.victim}
    assert (scene.victim, 5, "tail_cut") in found


def test_an_unsealed_tail_cut_off_is_named_by_the_dossiers_own_row(scene: Scene) -> None:
    last = rows_of("SELECT max(seq) FROM dossiers_event WHERE dossier_id = %s", scene.victim)[0][0]
    scene.attack(f"DELETE FROM dossiers_event WHERE dossier_id = %(v)s AND seq = {last}")
    assert any(dossier == scene.victim and seq == last for dossier, seq, _what in scene.broken())


def rolled_back(scene: Scene, seq: int) -> None:
    """The whole dossier as it really was after `seq`: journal, row, tasks."""
    entries = history(scene.victim)[:seq]
    state = fold(scene.victim, [(entry.event, entry.at) for entry in entries])
    columns = dossier_columns(state)
    with psycopg.connect(scene.city.owner_dsn) as link:
        link.execute("SET session_replication_role = replica")
        link.execute("DELETE FROM dossiers_event WHERE dossier_id = %s AND seq > %s", (scene.victim, seq))
        link.execute("DELETE FROM dossiers_task WHERE dossier_id = %s", (scene.victim,))
        names = ", ".join(("dossier_id", *TASK_COLUMNS))
        marks = ", ".join(["%s"] * (len(TASK_COLUMNS) + 1))
        for task in state.tasks:
            link.execute(
                f"INSERT INTO dossiers_task ({names}) VALUES ({marks})",  # type: ignore[arg-type]
                (scene.victim, *task_row(task, state)),
            )
        sets = ", ".join(f"{name} = %({name})s" for name in columns)
        link.execute(
            f"UPDATE dossiers_dossier SET seq = %(seq)s, head = %(head)s, last_at = %(at)s, {sets} WHERE id = %(id)s",  # type: ignore[arg-type]
            {**columns, "seq": seq, "head": entries[-1].hash, "at": entries[-1].at, "id": scene.victim},
        )


def test_a_dossier_rolled_back_whole_is_named_by_the_seal(scene: Scene) -> None:
    rolled_back(scene, 2)
    found = scene.broken()
    assert found == {(scene.victim, 3, "tail_cut")}


def test_a_removed_dossier_is_named(scene: Scene) -> None:
    scene.attack(
        "DELETE FROM dossiers_event WHERE dossier_id = %(v)s",
        "DELETE FROM dossiers_dossier WHERE id = %(v)s",
        "DELETE FROM dossiers_task WHERE dossier_id = %(v)s",
        "DELETE FROM dossiers_outbox WHERE dossier_id = %(v)s",
    )
    assert {dossier for dossier, _seq, _what in scene.broken()} == {scene.victim}


def test_a_dossier_removed_before_its_first_seal_is_named_by_its_number(scene: Scene) -> None:
    unsealed = Permit().accept().id
    assert scene.broken() == set()
    scene._replace(victim=unsealed).attack(
        "DELETE FROM dossiers_event WHERE dossier_id = %(v)s",
        "DELETE FROM dossiers_dossier WHERE id = %(v)s",
        "DELETE FROM dossiers_task WHERE dossier_id = %(v)s",
        "DELETE FROM dossiers_outbox WHERE dossier_id = %(v)s",
        "DELETE FROM dossiers_lookup WHERE dossier_id = %(v)s",
    )
    assert scene.broken() == {(unsealed, 0, "vanished")}


ROWS: dict[str, tuple[str, str]] = {
    "state": (
        "UPDATE dossiers_dossier SET state = replace(state, 'Hoà', 'Hoa') WHERE id = %(v)s",
        "state_differs",
    ),
    "unreadable state": ("UPDATE dossiers_dossier SET state = '{{}}' WHERE id = %(v)s", "state_differs"),
    "due date": ("UPDATE dossiers_dossier SET due_at = due_at + interval '1 day' WHERE id = %(v)s", "columns_differ"),
    "status": ("UPDATE dossiers_dossier SET status = 10 WHERE id = %(v)s", "columns_differ"),
    "name": ("UPDATE dossiers_dossier SET applicant_name = 'Ai' WHERE id = %(v)s", "columns_differ"),
    "name it is found by": ("UPDATE dossiers_name SET key = 'ai' WHERE dossier_id = %(v)s", "columns_differ"),
    "who finds it": ("UPDATE dossiers_name SET receiving = 1 WHERE dossier_id = %(v)s", "columns_differ"),
    "found by nobody": ("DELETE FROM dossiers_name WHERE dossier_id = %(v)s", "columns_differ"),
    "last act": ("UPDATE dossiers_dossier SET last_at = last_at - interval '1 day' WHERE id = %(v)s", "columns_differ"),
    "row": ("DELETE FROM dossiers_dossier WHERE id = %(v)s", "no_state"),
    "task's date": (
        "UPDATE dossiers_task SET due_at = due_at + interval '1 day' WHERE dossier_id = %(v)s",
        "tasks_differ",
    ),
    "task's assignee": ("UPDATE dossiers_task SET assignee = 99 WHERE dossier_id = %(v)s", "tasks_differ"),
    "task": ("DELETE FROM dossiers_task WHERE dossier_id = %(v)s", "tasks_differ"),
    "task made up": (
        "INSERT INTO dossiers_task SELECT dossier_id, 77, agency, role, assignee, procedure, step, stage, kind,"
        " sent_by, opened_at, due_at, received, waiting FROM dossiers_task WHERE dossier_id = %(v)s",
        "tasks_differ",
    ),
}


def test_what_stands_beside_the_journal_is_compared_with_it(scene: Scene) -> None:
    for name, (statement, what) in ROWS.items():
        with undone(scene):
            scene.attack(statement)
            found = scene.broken()
        assert {dossier for dossier, _seq, _what in found} == {scene.victim}, name
        assert what in {each for _dossier, _seq, each in found}, name


def test_a_task_of_no_dossier_is_named(scene: Scene) -> None:
    scene.attack("UPDATE dossiers_task SET dossier_id = dossier_id + 500 WHERE dossier_id = %(last)s")
    seq = rows_of("SELECT seq FROM dossiers_dossier WHERE id = %s", scene.last)[0][0]
    assert scene.broken() == {(scene.last, seq, "tasks_differ"), (scene.last + 500, 0, "tasks_differ")}


SEALS: dict[str, tuple[tuple[str, ...], int, str]] = {
    "time": (("UPDATE dossiers_checkpoint SET at = at - interval '1 day' WHERE number = 1",), 1, "checkpoint_unsigned"),
    "root": (("UPDATE dossiers_checkpoint SET root = sha256(root) WHERE number = 2",), 2, "batch_altered"),
    "signature": (
        ("UPDATE dossiers_checkpoint SET signature = sha512(root) WHERE number = 2",),
        2,
        "checkpoint_unsigned",
    ),
    "key": (("UPDATE dossiers_checkpoint SET key_id = '00' WHERE number = 1",), 1, "checkpoint_other_key"),
    "removed": (("DELETE FROM dossiers_checkpoint WHERE number = 1",), 1, "checkpoint_missing"),
    "leaf": (
        ("UPDATE dossiers_checkpointleaf SET head = sha256(head) WHERE checkpoint = 1 AND dossier_id = %(v)s",),
        1,
        "batch_altered",
    ),
    "leaf removed": (
        ("DELETE FROM dossiers_checkpointleaf WHERE checkpoint = 1 AND dossier_id = %(v)s",),
        1,
        "batch_altered",
    ),
    "cut": (
        (
            "DELETE FROM dossiers_checkpoint WHERE number = 2",
            "DELETE FROM dossiers_checkpointleaf WHERE checkpoint = 2",
        ),
        2,
        "checkpoints_cut",
    ),
}


def test_altered_seals_are_named_with_their_number(scene: Scene) -> None:
    assert rows_of("SELECT max(number) FROM dossiers_checkpoint") == [(2,)]
    for name, (statements, number, what) in SEALS.items():
        with undone(scene):
            scene.attack(*statements)
            found = scene.broken()
        assert (0, number, what) in found, name


def test_a_database_set_back_and_lived_on_in_is_found_out_by_the_kept_list(scene: Scene) -> None:
    scene.attack(
        "DELETE FROM dossiers_checkpoint WHERE number = 2",
        "DELETE FROM dossiers_checkpointleaf WHERE checkpoint = 2",
        "UPDATE dossiers_follower SET xid = 0, pos = 0 WHERE name = 'seal'",
    )
    while not checkpoints.seal(signing_key(), scene.kept):
        continue
    assert (0, 2, "checkpoint_replaced") in scene.broken()


def test_a_seal_whose_copy_was_lost_in_a_fall_is_copied_the_next_time(scene: Scene) -> None:
    lines = scene.kept.read_bytes().splitlines(keepends=True)
    assert len(lines) == 2
    scene.kept.write_bytes(lines[0] + lines[1][: len(lines[1]) // 2])
    assert set(kept_hashes(scene.kept)) == {1}
    while not checkpoints.seal(signing_key(), scene.kept):
        continue
    assert set(kept_hashes(scene.kept)) == {1, 2, 3}
    assert scene.broken() == set()


@pytest.fixture
def command(scene: Scene) -> Callable[[], tuple[int, dict[str, Any]]]:
    """`motcua verify --json` on the scene's city: its exit code and what it printed."""

    def run() -> tuple[int, dict[str, Any]]:
        arguments = [sys.executable, "-m", "motcua.site.cli", "verify", "--json", "--kept", str(scene.kept)]
        environment = os.environ | {"DATABASE_URL": scene.city.dsn, "PYTHONWARNINGS": ""}
        scene.city.home.note(ready=True)
        done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        return done.returncode, json.loads(done.stdout)

    return run


def test_the_command_line_names_what_is_broken_and_fails(
    scene: Scene, command: Callable[[], tuple[int, dict[str, Any]]]
) -> None:
    events = rows_of("SELECT count(*) FROM dossiers_event")[0][0]
    whole = {"dossiers": 3, "events": events, "checkpoints": 2, "broken": []}
    assert command() == (0, whole)
    scene.attack("UPDATE dossiers_event SET actor = '99 Ai đó' WHERE dossier_id = %(v)s AND seq = 2")
    status, said = command()
    assert status == 1
    assert {"dossier": scene.victim, "seq": 2, "what": "altered"} in said["broken"]
    assert (
        decode_state(rows_of("SELECT state FROM dossiers_dossier WHERE id = %s", scene.victim)[0][0]).id == scene.victim
    )
