"""Replaying event logs: the real one of a town hall, and made-up ones with everything that logs get wrong."""

import gzip
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from motcua.catalogue.versions import current_version, offering_agencies, procedure_version
from motcua.dossiers.journal import history
from motcua.dossiers.store import read
from motcua.dossiers.verify import verify
from motcua.law.process_check import check_procedure
from motcua.legacy.replay import receiving_agency, replay
from motcua.organisation.directory import directory

ROOT = Path(__file__).resolve().parents[2]
REAL = Path(os.environ.get("MOTCUA_SHARED", ROOT.parent / "shared")) / "data/07_event_logs/receipt_wabo_coselog.xes.gz"
KEYS = ["cases", "events", "dossiers", "journal_events", "skipped", "on_time", "late", "seconds"]

needs_real_log = pytest.mark.skipif(not REAL.exists(), reason=f"{REAL} is not here: set MOTCUA_SHARED")


def event(activity: str | None, at: str | None, resource: str = "", group: str = "") -> str:
    parts = [f'<string key="concept:name" value="{activity}"/>'] if activity else []
    parts += [f'<date key="time:timestamp" value="{at}"/>'] if at else []
    parts += [f'<string key="org:resource" value="{resource}"/>'] if resource else []
    parts += [f'<string key="org:group" value="{group}"/>'] if group else []
    return f"<event>{''.join(parts)}</event>"


def case(name: str, *events: str, deadline: str = "") -> str:
    due = f'<date key="deadline" value="{deadline}"/>' if deadline else ""
    return f'<trace><string key="concept:name" value="{name}"/>{due}{"".join(events)}</trace>'


def log(folder: Path, *cases: str, name: str = "town.xes") -> Path:
    path = folder / name
    path.write_text(f"<log>{''.join(cases)}</log>", encoding="utf-8")
    return path


def told(path: Path, *options: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("replay", str(path), "--json", *options, stdout=out, stderr=io.StringIO())
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def dossiers() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM dossiers_dossier ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def journal_rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dossiers_event")
        return int(cursor.fetchone()[0])


@needs_real_log
def test_the_real_log_is_played_back_whole_and_once(fresh_city: Any) -> None:
    first = told(REAL)

    assert list(first) == KEYS
    assert (first["cases"], first["events"], first["dossiers"], first["skipped"]) == (1434, 8577, 1434, [])
    assert first["journal_events"] == journal_rows() == 8577 + 2 * 1434
    # What the log's own dates say when they are compared without any of our code.
    assert (first["on_time"], first["late"]) == (1342, 92)
    again = told(REAL)
    assert (again["dossiers"], again["journal_events"]) == (0, 0)
    assert journal_rows() == first["journal_events"]
    verdict = verify({}, {})
    assert (verdict.broken, verdict.dossiers, verdict.events) == ((), 1434, first["journal_events"])


@needs_real_log
def test_each_event_of_the_real_log_stands_in_the_journal_as_it_was(db: None) -> None:
    from motcua.legacy.xes import EventLog

    told(REAL, "--limit-cases", "40")

    known = {read(each)[0].form["concept:name"]: each for each in dossiers()}  # type: ignore[index]
    assert len(known) == 40
    for original, _ in zip(EventLog(REAL), range(40), strict=False):
        recorded = [entry for entry in history(known[original.id]) if entry.type == "step_recorded"]
        assert [(each.event.activity, each.event.resource, each.at) for each in recorded] == [
            (each.activity, each.resource or "", each.at) for each in original.events
        ]
        state, _head = read(known[original.id]) or pytest.fail("the dossier is gone")
        assert (state.replayed, state.due_at) == (True, original.attributes["deadline"])
        assert (state.lodged_at, state.finished_at) == (original.events[0].at, original.events[-1].at)


def test_loops_strangers_equal_times_and_disorder_all_play(tmp_path: Path, db: None) -> None:
    path = log(
        tmp_path,
        case(
            "loop",
            event("check", "2018-12-03T09:00:00+07:00", "Lan"),
            event("check", "2018-12-03T09:00:00+07:00"),
            event("answer", "2018-12-05T09:00:00+07:00", "UNKNOWN"),
            event("check", "2018-12-04T09:00:00+07:00", "Lan"),
        ),
    )

    found = told(path)

    assert (found["cases"], found["events"], found["dossiers"], found["journal_events"]) == (1, 4, 1, 6)
    entries = history(dossiers()[0])
    assert [each.type for each in entries] == ["lodged", *["step_recorded"] * 4, "replay_ended"]
    assert [each.event.activity for each in entries[1:5]] == ["check", "check", "check", "answer"]
    assert [each.actor_name for each in entries[1:5]] == ["Lan", "Hệ thống", "Lan", "Hệ thống"]


def test_what_cannot_be_used_is_listed(tmp_path: Path, db: None) -> None:
    path = log(
        tmp_path,
        case("a", event("check", "2018-12-03T09:00:00Z"), event(None, "2018-12-03T10:00:00Z"), event("end", None)),
        case("empty"),
        case("ancient", event("check", "1931-02-03T09:00:00Z")),
    )

    found = told(path)

    assert (found["cases"], found["dossiers"]) == (3, 1)
    assert sorted((each["case"], each["event"]) for each in found["skipped"] if each["event"] is not None) == [
        ("a", 1),
        ("a", 2),
    ]
    assert {each["case"] for each in found["skipped"] if each["event"] is None} == {"empty", "ancient"}
    assert all(each["reason"] for each in found["skipped"])
    assert found["journal_events"] == 3


def test_the_promise_of_the_log_decides_else_the_usual_limit(tmp_path: Path, db: None) -> None:
    begun, ended = event("in", "2018-12-03T09:00:00Z"), event("out", "2018-12-20T09:00:00Z")
    path = log(
        tmp_path,
        case("kept", begun, ended, deadline="2018-12-21T00:00:00Z"),
        case("broken", begun, ended, deadline="2018-12-10T00:00:00Z"),
        case("nothing promised", begun, ended),
        case("nobody set it", begun, event("out", "2018-12-04T09:00:00Z"), deadline="1970-01-01T00:00:00Z"),
    )

    found = told(path)

    # The usual limit is the median promise: 12 calendar days, so the third is late and the fourth is not.
    assert (found["on_time"], found["late"]) == (2, 2)
    states = [read(each)[0] for each in dossiers()]  # type: ignore[index]
    late = {state.applicant.name for state in states if state.finished_at > state.due_at}  # type: ignore[operator]
    assert late == {"broken", "nothing promised"}


def test_hundreds_of_activities_make_a_procedure_that_could_be_published(tmp_path: Path, db: None) -> None:
    events = [
        event(f"activity {number}", f"2018-12-03T09:{number % 60:02d}:00Z", f"r{number}", f"group {number % 70}")
        for number in range(400)
    ]

    found = told(log(tmp_path, case("long", *events), case("short", *events[:3])))

    assert (found["events"], found["journal_events"], found["skipped"]) == (403, 407, [])
    state, _head = read(dossiers()[0]) or pytest.fail("the dossier is gone")
    procedure = procedure_version(state.version)
    assert check_procedure(procedure, directory(), {"officer"}) == []
    names = {step.name.vi for step in procedure.process.steps}
    assert {"activity 0", "activity 1", "activity 2"} <= names


def test_a_replayed_procedure_is_offered_to_nobody_today(tmp_path: Path, db: None) -> None:
    told(log(tmp_path, case("one", event("in", "2018-12-03T09:00:00Z"), event("out", "2018-12-09T09:00:00Z"))))

    state, _head = read(dossiers()[0]) or pytest.fail("the dossier is gone")
    from datetime import UTC, date, datetime

    assert offering_agencies(state.procedure, datetime.now(UTC).date()) == []
    assert current_version(state.procedure, date(2018, 12, 5))[0] == state.version


def test_a_log_older_than_the_agency_and_the_law_plays_too(tmp_path: Path, db: None) -> None:
    found = told(log(tmp_path, case("old", event("in", "2001-03-05T02:00:00Z"), event("out", "2001-03-06T02:00:00Z"))))

    assert (found["dossiers"], found["skipped"]) == (1, [])
    assert found["on_time"] + found["late"] == 1


def test_the_agency_can_be_chosen_and_the_case_is_still_played_once(tmp_path: Path, db: None) -> None:
    path = log(tmp_path, case("one", event("in", "2018-12-03T09:00:00Z")))

    told(path, "--agency", "002")
    again = told(path, "--agency", "001")

    assert again["dossiers"] == 0
    assert [read(each)[0].receiving for each in dossiers()] == [directory().by_code["002"].number]  # type: ignore[index]
    assert receiving_agency().tier == "district"
    with pytest.raises(CommandError, match="no agency has the code"):
        told(path, "--agency", "nowhere")


def test_limited_to_the_first_cases_only_these_are_told_of(tmp_path: Path, db: None) -> None:
    one = event("in", "2018-12-03T09:00:00Z")
    path = log(tmp_path, case("a", one), case("b", one, one), case("c", one, event(None, None)))

    found = told(path, "--limit-cases", "2")

    assert (found["cases"], found["events"], found["dossiers"], found["skipped"]) == (2, 3, 2, [])
    assert told(path)["dossiers"] == 1


def test_a_broken_log_is_played_up_to_the_fault(tmp_path: Path, db: None) -> None:
    events = [event("in", "2018-12-03T09:00:00Z"), event("out", "2018-12-04T09:00:00Z")]
    whole = log(tmp_path, *(case(f"case {number}", *events) for number in range(50))).read_text(encoding="utf-8")
    broken = tmp_path / "broken.xes"
    broken.write_text(whole[: whole.index('value="case 30"')] + "<oops", encoding="utf-8")
    out = io.StringIO()

    with pytest.raises(CommandError, match=r"broken\.xes: .*nothing after it was read") as raised:
        call_command("replay", str(broken), "--json", stdout=out, stderr=io.StringIO())

    assert raised.value.returncode == 1
    found = json.loads(out.getvalue())
    assert (found["dossiers"], len(dossiers())) == (30, 30)
    assert len(found["skipped"]) == 1


def test_a_case_cut_off_by_the_fault_stays_open(tmp_path: Path, db: None) -> None:
    text = f"<log>{case('cut', event('in', '2018-12-03T09:00:00Z'))}".replace("</trace>", "<event")
    path = tmp_path / "cut.xes"
    path.write_text(text, encoding="utf-8")

    found = replay(path, receiving_agency())

    assert found.broken
    assert (found.dossiers, found.on_time + found.late) == (1, 0)
    state, _head = read(dossiers()[0]) or pytest.fail("the dossier is gone")
    assert (state.phase, state.finished_at) == ("working", None)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("torn.xes.gz", gzip.compress(b"<log><trace></trace></log>", mtime=0)[:-12]),
        ("page.xes", b"<html></html>"),
        ("empty.xes", b""),
        ("noise.xes", bytes(range(256))),
        ("bomb.xes", b'<!DOCTYPE log [<!ENTITY a "b">]><log/>'),
    ],
)
def test_what_is_no_log_is_refused_in_a_sentence(tmp_path: Path, db: None, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(CommandError, match=name):
        call_command("replay", str(path), stdout=io.StringIO(), stderr=io.StringIO())

    assert dossiers() == []


def test_a_file_that_is_not_there_is_named(tmp_path: Path, db: None) -> None:
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("replay", str(tmp_path / "nothing.xes"), stdout=io.StringIO(), stderr=io.StringIO())


def test_people_read_a_summary(tmp_path: Path, db: None) -> None:
    path = log(tmp_path, case("one", event("in", "2018-12-03T09:00:00Z"), *[event(None, None)] * 25))
    first, second = io.StringIO(), io.StringIO()

    call_command("replay", str(path), stdout=first, stderr=io.StringIO())
    call_command("replay", str(path), stdout=second, stderr=io.StringIO())

    assert "1 hồ sơ" in first.getvalue()
    assert "5 nữa" in first.getvalue()
    assert "không thêm gì" in second.getvalue()
