"""Many at once: repeated commands, officers racing for one dossier, counters, and reading what was just written."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction

from cities import City, at_once
from dossiers.permits import Permit, everything, rows_of, set_watch, stored_state
from motcua.dossiers import clock, search
from motcua.dossiers.handle import Done, handle, lodge, lodge_and_accept
from motcua.law import commands as c
from motcua.law.actor import SYSTEM
from motcua.law.refusal import Refusal

pytestmark = pytest.mark.usefixtures("fresh_city", "watch")


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The city's clock, standing still."""
    return set_watch(monkeypatch)


def wait_until_somebody_waits(city: City) -> None:
    """Until a statement in the city waits for a lock."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
    with psycopg.connect(city.owner_dsn, autocommit=True) as link:
        for _ in range(500):
            row = link.execute(query, (city.database,)).fetchone()
            if row == (1,):
                return
            threading.Event().wait(0.02)
    raise AssertionError("nobody came to wait for the lock")


def test_the_same_key_twice_is_one_act() -> None:
    permit = Permit().accept()
    command = c.Forward(task=permit.task())
    first = handle(permit.id, command, permit.people.clerk, "k1")
    assert isinstance(first, Done)
    before = everything()
    second = handle(permit.id, command, permit.people.clerk, "k1", seen=2)
    assert isinstance(second, Done)
    assert (second.repeated, second.seq, second.events) == (True, first.seq, ())
    assert everything() == before


def test_the_same_key_lodges_one_dossier_and_draws_nothing_more() -> None:
    permit = Permit().accept(key="form-1")
    before = everything()
    again = lodge_and_accept(permit.version, permit.lodging(), c.Accept(), permit.people.clerk, "form-1")
    assert isinstance(again, Done)
    assert (again.dossier_id, again.repeated) == (permit.id, True)
    assert everything() == before


@pytest.mark.parametrize("what", ["forward", "note", "lodge", "lodge_and_accept"])
def test_fifty_at_once_with_one_key_are_one_act(what: str) -> None:
    permit = Permit().accept()
    clerk, key = permit.people.clerk, uuid4().hex
    task, lodging = permit.task(), permit.lodging(name="Phạm Văn Ổn")
    acts: dict[str, Callable[[], Done | Refusal]] = {
        "forward": lambda: handle(permit.id, c.Forward(task=task), clerk, key, seen=2),
        "note": lambda: handle(permit.id, c.Note(words="Đã gọi điện"), clerk, key),
        "lodge": lambda: lodge(permit.version, lodging, clerk, key),
        "lodge_and_accept": lambda: lodge_and_accept(permit.version, lodging, c.Accept(), clerk, key),
    }
    answers = at_once([acts[what]] * 50)
    assert all(isinstance(answer, Done) for answer in answers), Counter(type(each).__name__ for each in answers)
    assert sum(not answer.repeated for answer in answers) == 1
    assert len({answer.dossier_id for answer in answers}) == 1
    assert rows_of("SELECT count(*) FROM dossiers_event WHERE key = %s", key) == [(1,)]
    dossiers = 2 if what.startswith("lodge") else 1
    assert rows_of("SELECT count(*) FROM dossiers_dossier") == [(dossiers,)]
    assert rows_of("SELECT last FROM dossiers_counter WHERE kind = 'lodged'") == [(dossiers,)]


def test_of_two_officers_racing_one_acts_and_the_other_is_told() -> None:
    for _ in range(10):
        permit = Permit().accept().at_officer()
        people, task, seen = permit.people, permit.task(), permit.state.seq
        draft = c.DraftResult(task=task, result="permit", text="Đồng ý")
        moved = c.Assign(task=task, to=15, to_name="Huy", reason="Nghỉ ốm")
        answers = at_once(
            [
                lambda p=permit, a=draft, s=seen: handle(p.id, a, p.people.officer, uuid4().hex, seen=s),  # type: ignore[misc]
                lambda p=permit, a=moved, s=seen: handle(p.id, a, p.people.head, uuid4().hex, seen=s),  # type: ignore[misc]
            ]
        )
        done = [answer for answer in answers if isinstance(answer, Done)]
        told = [answer for answer in answers if isinstance(answer, Refusal)]
        assert (len(done), [each.code for each in told]) == (1, ["changed_meanwhile"])
        actor = (people.officer if answers.index(done[0]) == 0 else people.head).name
        assert told[0].details["since"][-1]["actor"] == actor
        assert permit.state.seq == done[0].seq == seen + 1


def test_a_page_seen_before_somebody_else_acted_changes_nothing() -> None:
    permit = Permit().accept()
    assert permit.refused(c.Forward(task=permit.task()), permit.people.clerk, seen=1) == "changed_meanwhile"
    assert isinstance(handle(permit.id, c.Forward(task=permit.task()), permit.people.clerk, "now", seen=2), Done)


def test_a_proof_that_somebody_was_told_overtakes_no_reader_but_does_not_hide_what_came_before() -> None:
    permit = Permit().accept()
    seen, at = permit.state.seq, clock.now()
    told = c.RecordNotice(
        kind="accepted", channel="sms", address="0" * 64, provider="a", reference="m1", outcome="delivered",
        sent_at=at, done_at=at,
    )  # fmt: skip
    permit.act(told, SYSTEM)
    assert permit.state.seq == seen + 1
    forward = c.Forward(task=permit.task())
    assert permit.refused(forward, permit.people.clerk, seen=1) == "changed_meanwhile"
    assert isinstance(handle(permit.id, forward, permit.people.clerk, "now", seen=seen), Done)
    assert permit.refused(forward, permit.people.clerk, seen=seen) == "changed_meanwhile"


def test_counters_have_no_gap_and_no_collision_when_acts_are_refused_or_undone() -> None:
    permit = Permit()
    clerk, version, tried = permit.people.clerk, permit.version, 40
    stamped: list[str] = []

    def undone() -> None:
        with transaction.atomic():
            lodge_and_accept(version, permit.lodging(), c.Accept(), clerk, uuid4().hex)
            transaction.set_rollback(True)

    def serve(seed: int) -> int:
        rng, accepted = random.Random(seed), 0
        for _ in range(tried):
            match rng.randrange(4):
                case 0:
                    undone()
                case 1:
                    lodged = lodge_and_accept(version, permit.lodging(papers=()), c.Accept(), clerk, uuid4().hex)
                    assert isinstance(lodged, Refusal)
                    assert lodged.code == "papers_missing"
                case _:
                    done = lodge_and_accept(version, permit.lodging(), c.Accept(), clerk, uuid4().hex)
                    assert isinstance(done, Done)
                    stamped.append(done.state.code)
                    accepted += 1
        return accepted

    accepted = sum(at_once([lambda seed=seed: serve(seed) for seed in range(8)]))  # type: ignore[misc]
    serials = sorted(int(code.rpartition("-")[2]) for code in stamped)
    assert serials == list(range(1, accepted + 1))
    assert rows_of("SELECT kind, last FROM dossiers_counter ORDER BY kind") == [
        ("book", accepted),
        ("code", accepted),
        ("lodged", accepted),
    ]
    assert rows_of("SELECT count(DISTINCT code), count(DISTINCT id), count(DISTINCT token) FROM dossiers_dossier") == [
        (accepted, accepted, accepted)
    ]


def test_results_are_numbered_without_a_gap_by_eight_registrars_at_once() -> None:
    permits = [Permit().accept().to("number") for _ in range(8)]

    def number(permit: Permit) -> Any:
        registrar = permit.people.registrar
        with transaction.atomic():
            handle(permit.id, c.NumberResult(task=permit.task()), registrar, uuid4().hex)
            transaction.set_rollback(True)
        return handle(permit.id, c.NumberResult(task=permit.task()), registrar, uuid4().hex)

    at_once([lambda permit=permit: number(permit) for permit in permits])  # type: ignore[misc]
    numbers = sorted(permit.state.number for permit in permits)
    assert numbers == [f"{serial}/2018/GPXD" for serial in range(1, 9)]


def test_days_and_agencies_never_share_a_code(watch: Any) -> None:
    codes, numbers = [], []
    for day in ("2019-11-01", "2019-01-11", "2019-11-11", "2019-01-01", "2019-12-01"):
        watch.to(f"{day} 09:00")
        for commune in ("00001", "00004"):
            for _ in range(11 if day.endswith("-11") else 2):
                permit = Permit(commune).accept()
                codes.append(permit.state.code)
                numbers.append(permit.id)
    assert len(set(codes)) == len(set(numbers)) == len(codes)


def test_what_was_written_is_read_two_thousand_times_without_a_miss() -> None:
    permit = Permit().accept()
    clerk, misses = permit.people.clerk, 0

    def write_and_look(turns: int) -> int:
        missed = 0
        for turn in range(turns):
            key = uuid4().hex
            done = handle(permit.id, c.Note(words=f"lần {turn}"), clerk, key)
            assert isinstance(done, Done)
            state = stored_state(permit.id)
            found = search.by_code(permit_code)
            missed += state is None or state.seq < done.seq or found is None or found.seq < done.seq
        return missed

    permit_code = permit.state.code
    misses = sum(at_once([lambda: write_and_look(500)] * 4))
    assert misses == 0
    assert permit.state.seq == 2 + 2000


def test_a_clock_far_behind_the_journal_records_nothing(watch: Any) -> None:
    permit = Permit().accept()
    watch.later(minutes=-3)
    assert permit.refused(c.Forward(task=permit.task()), permit.people.clerk) == "clock_behind"


def test_a_clock_a_little_behind_is_held_at_the_last_step(watch: Any) -> None:
    permit = Permit().accept()
    last = watch()
    watch.later(seconds=-90)
    permit.act(c.Forward(task=permit.task()), permit.people.clerk)
    assert rows_of("SELECT DISTINCT at FROM dossiers_event WHERE dossier_id = %s", permit.id) == [(last,)]
    assert permit.state.tasks[0].opened_at == last


def test_a_lock_that_is_waited_for_gives_the_time_after_the_wait(watch: Any, fresh_city: City) -> None:
    permit = Permit().accept()
    task, begun = permit.task(), threading.Event()

    def forward() -> Any:
        begun.set()
        return handle(permit.id, c.Forward(task=task), permit.people.clerk, uuid4().hex)

    answers: list[Any] = []

    def run() -> None:
        try:
            answers.append(forward())
        finally:
            connection.close()

    with transaction.atomic():
        handle(permit.id, c.Note(words="trước"), permit.people.clerk, uuid4().hex)
        thread = threading.Thread(target=run)
        thread.start()
        begun.wait(10)
        wait_until_somebody_waits(fresh_city)
        watch.later(hours=1)
    thread.join(30)
    assert isinstance(answers[0], Done)
    assert permit.state.tasks[0].opened_at == watch()


def test_whatever_is_refused_changes_nothing() -> None:
    permit = Permit().accept()
    people, task = permit.people, permit.task()
    wrong = {
        "not_yours": (c.Forward(task=task), people.stranger),
        "task_done": (c.Forward(task=99), people.clerk),
        "not_an_action": (c.Sign(task=task), people.clerk),
        "no_next": (c.Forward(task=task, to="nowhere"), people.clerk),
        "wrong_phase": (c.Accept(), people.clerk),
        "reason_needed": (c.Withdraw(reason="  "), people.clerk),
        "overpaid": (c.RecordPayment(amounts={"permit": 1}, method="cash", receipt="1"), people.clerk),
        "already_received": (c.Receive(tasks=(task,)), people.clerk),
        "not_replayed": (c.RecordStep(activity="x", resource="", agency=1), SYSTEM),
        "late_needs_reason": (c.Forward(task=task, occurred_at=permit.state.lodged_at), people.clerk),
        "not_correctable": (c.Correct(changes={"id": "1"}, reason="x"), people.clerk),
    }
    assert {code: permit.refused(command, actor) for code, (command, actor) in wrong.items()} == {
        code: code for code in wrong
    }
    before = everything()
    assert isinstance(handle(1, c.Note(words="x"), people.clerk, "k"), Refusal)
    for lodging, code in (
        (permit.lodging(case="none"), "unknown_case"),
        (permit.lodging(agency=permit.place.planning), "not_offered_here"),
        (permit.lodging(agency=987654), "not_offered_here"),
    ):
        answer = lodge(permit.version, lodging, people.clerk, uuid4().hex)
        assert isinstance(answer, Refusal)
        assert answer.code == code
    stranger = lodge(permit.version, permit.lodging(), people.stranger, uuid4().hex)
    assert isinstance(stranger, Refusal)
    assert everything() == before


def test_a_key_or_a_name_no_text_can_hold_is_stored_readably() -> None:
    permit = Permit().accept(key="k\x00ey", name="Nguyễn\x00 An")
    again = lodge_and_accept(permit.version, permit.lodging(), c.Accept(), permit.people.clerk, "k\x00ey")
    assert isinstance(again, Done)
    assert again.repeated
    assert rows_of("SELECT applicant_name FROM dossiers_dossier") == [("Nguyễn\ufffd An",)]
    fixed = c.Correct(changes={"applicant.name": "Trần\x00Bình"}, reason="Gõ sai")
    permit.act(fixed, permit.people.clerk, key="a\x00b")
    assert permit.state.applicant.name == "TrầnBình"
    assert rows_of("SELECT applicant_name FROM dossiers_dossier") == [("TrầnBình",)]
