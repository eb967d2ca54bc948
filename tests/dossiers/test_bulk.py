"""The bulk loader writes what `handle()` would have written, with numbers that neither collide nor leave gaps."""

import random
import threading
import uuid
from collections.abc import Generator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from benchmarks import five_steps
from django.db import connection, transaction

from motcua.dossiers import handle as door
from motcua.dossiers.bulk import Act, Life, RefusedError, load
from motcua.dossiers.verify import verify
from motcua.law import commands as c
from motcua.law.dossier import Dossier
from motcua.law.refusal import Refusal

MORNING = datetime(2018, 12, 3, 2, tzinfo=UTC)
TABLES = {
    "dossiers_dossier": "id",
    "dossiers_event": "dossier_id, seq",
    "dossiers_name": "dossier_id",
    "dossiers_task": "dossier_id, no",
    "dossiers_counter": "kind, agency, period",
    "dossiers_lookup": "key",
}


def rows() -> dict[str, list[Any]]:
    found = {}
    with connection.cursor() as cursor:
        for table, order in TABLES.items():
            cursor.execute(f"SELECT * FROM {table} ORDER BY {order}")
            found[table] = cursor.fetchall()
    return found


def lives(count: int, acts: int = 99, at: datetime = MORNING, name: str = "life") -> list[Life]:
    version, place = five_steps.version_today(), five_steps.communes()[0]
    return [
        Life(version, f"{name}/{number}", five_steps.script(random.Random(number), place, at, acts))
        for number in range(count)
    ]


def codes() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM dossiers_dossier WHERE code <> '' ORDER BY code")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize("acts", [0, 1, 2, 4, 99])
def test_the_rows_are_those_of_handle(db: None, monkeypatch: pytest.MonkeyPatch, acts: int) -> None:
    monkeypatch.setattr("secrets.token_urlsafe", lambda _: "a-token")
    version, place = five_steps.version_today(), five_steps.communes()[0]
    before = transaction.savepoint()
    script = five_steps.script(random.Random(0), place, MORNING, acts)
    first = next(script)
    done = door.lodge(version, first.command, first.actor, "life/0", first.at)
    with suppress(StopIteration):
        for number in range(1, 99):
            assert isinstance(done, door.Done)
            act = script.send(done.state)
            done = door.handle(done.dossier_id, act.command, act.actor, f"life/0/{number}", at=act.at)
    by_handle = rows()
    transaction.savepoint_rollback(before)
    assert not rows()["dossiers_dossier"]

    loaded = load(lives(1, acts))

    assert (loaded.dossiers, loaded.events) == (1, len(by_handle["dossiers_event"]))
    assert rows() == by_handle


def test_what_is_loaded_verifies_and_goes_on(fresh_city: Any) -> None:
    heard: list[int] = []

    loaded = load(
        [*lives(5), *lives(4, acts=3, name="open")], batch=2, progress=lambda done: heard.append(done.dossiers)
    )

    assert heard == [2, 4, 6, 8, 9]
    verdict = verify({}, {})
    assert (verdict.broken, verdict.dossiers, verdict.events) == ((), 9, loaded.events)
    place = five_steps.communes()[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM dossiers_dossier WHERE finished_at IS NULL ORDER BY id LIMIT 1")
        (going_on,) = cursor.fetchone()
    state = door.store.read(going_on)
    assert state is not None
    following = five_steps.step(state[0], place)
    assert following is not None
    assert isinstance(door.handle(going_on, *following, "next"), door.Done)
    assert verify({}, {}).broken == ()


def test_numbers_go_on_where_handle_left_them_and_back(db: None) -> None:
    version, place = five_steps.version_today(), five_steps.communes()[0]

    def at_the_counter() -> None:
        lodging = five_steps.lodging(random.Random(1), place)
        key = uuid.uuid4().hex
        assert isinstance(door.lodge_and_accept(version, lodging, c.Accept(), place.clerk, key, MORNING), door.Done)

    at_the_counter()
    load(lives(3), batch=2)
    at_the_counter()

    assert [code[-4:] for code in codes()] == ["0001", "0002", "0003", "0004", "0005"]


def test_a_refused_act_draws_no_number_and_is_named(db: None) -> None:
    version, place = five_steps.version_today(), five_steps.communes()[0]

    def incomplete() -> Generator[Act, Dossier, None]:
        lodging = five_steps.lodging(random.Random(1), place)
        yield Act(c.Lodge(case="first", channel="counter", agency=place.number, applicant=lodging.applicant),
                  place.clerk, MORNING)  # fmt: skip
        yield Act(c.Accept(), place.clerk, MORNING)

    loaded = load([Life(version, "incomplete", incomplete()), *lives(1)])

    assert [(key, refusal.code) for key, refusal in loaded.refused] == [("incomplete", "papers_missing")]
    assert loaded.dossiers == 2
    assert [code[-4:] for code in codes()] == ["0001"]


def test_a_script_may_go_on_after_a_refusal(db: None) -> None:
    version, place = five_steps.version_today(), five_steps.communes()[0]
    refusals: list[Refusal] = []

    def stubborn() -> Generator[Act, Dossier, None]:
        yield Act(five_steps.lodging(random.Random(1), place), place.clerk, MORNING)
        try:
            yield Act(c.Accept(), place.officer, MORNING)
        except RefusedError as refused:
            refusals.append(refused.refusal)
        yield Act(c.Accept(), place.clerk, MORNING)

    loaded = load([Life(version, "stubborn", stubborn())])

    assert [refusal.code for refusal in refusals] == ["not_yours"]
    assert loaded.refused == []
    assert len(codes()) == 1


def test_loading_again_adds_nothing(db: None) -> None:
    load(lives(2))
    before = rows()

    again = load([*lives(2), *lives(1)])

    assert (again.dossiers, again.events, again.repeated) == (0, 0, 3)
    assert rows() == before


def test_nothing_is_back_dated(db: None) -> None:
    version, place = five_steps.version_today(), five_steps.communes()[0]

    def backwards() -> Generator[Act, Dossier, None]:
        yield Act(five_steps.lodging(random.Random(1), place), place.clerk, MORNING)
        yield Act(c.Accept(), place.clerk, MORNING - timedelta(hours=1))

    loaded = load([Life(version, "backwards", backwards())])

    assert [refusal.code for _, refusal in loaded.refused] == ["clock_behind"]


def test_a_failing_script_leaves_its_batch_unwritten(db: None) -> None:
    def failing() -> Generator[Act, Dossier, None]:
        yield from lives(1)[0].script
        raise RuntimeError("the script has a fault")

    scripts = [*lives(2), Life(five_steps.version_today(), "failing", failing()), *lives(1, name="more")]
    with pytest.raises(RuntimeError, match="fault"):
        load(scripts, batch=2)

    assert len(rows()["dossiers_dossier"]) == 2
    with pytest.raises(TypeError):
        load([Life(five_steps.version_today(), "nothing", (act for act in ()))])  # type: ignore[arg-type]


def test_others_lodge_meanwhile_without_collisions(fresh_city: Any) -> None:
    version, place = five_steps.version_today(), five_steps.communes()[0]
    begun, stored = threading.Event(), []

    def counter() -> None:
        begun.wait(30)
        for number in range(12):
            lodging = five_steps.lodging(random.Random(number), place)
            stored.append(door.lodge_and_accept(version, lodging, c.Accept(), place.clerk, f"c{number}", MORNING))
        connection.close()

    clerk = threading.Thread(target=counter)
    clerk.start()
    loaded = load(lives(60), batch=10, progress=lambda _: begun.set())
    clerk.join()

    assert loaded.dossiers == 60
    assert all(isinstance(each, door.Done) for each in stored)
    assert sorted(int(code[-4:]) for code in codes()) == list(range(1, 73))
    assert verify({}, {}).broken == ()


def test_an_hour_of_another_zone_is_kept_as_the_journal_gives_it_back(fresh_city: Any) -> None:
    in_hanoi = MORNING.astimezone(timezone(timedelta(hours=7)))
    version, place = five_steps.version_today(), five_steps.communes()[0]
    lodging = five_steps.lodging(random.Random(1), place)

    load(lives(1, at=in_hanoi))
    done = door.lodge_and_accept(version, lodging, c.Accept(), place.clerk, "hanoi", in_hanoi)

    assert isinstance(done, door.Done)
    assert done.state.accepted_at == MORNING
    assert verify({}, {}).broken == ()


def test_a_batch_holds_up_nobody_who_draws_other_numbers(fresh_city: Any) -> None:
    version, (place, other) = five_steps.version_today(), five_steps.communes()[:2]
    stored: list[Any] = []

    def counter() -> None:
        lodging = five_steps.lodging(random.Random(1), other)
        stored.append(door.lodge_and_accept(version, lodging, c.Accept(), other.clerk, "beside", MORNING))
        connection.close()

    def in_the_middle() -> Generator[Act, Dossier, None]:
        yield Act(five_steps.lodging(random.Random(2), place), place.clerk, MORNING)
        clerk = threading.Thread(target=counter)
        clerk.start()
        clerk.join(30)
        assert not clerk.is_alive()
        yield Act(c.Accept(), place.clerk, MORNING)

    loaded = load([Life(version, "middle", in_the_middle())])

    assert loaded.dossiers == 1
    assert isinstance(stored[0], door.Done)
    assert verify({}, {}).broken == ()


@pytest.mark.parametrize("apart", [True, False])
def test_loaders_apart_run_side_by_side_and_others_take_turns(fresh_city: Any, apart: bool) -> None:
    version, (place, other) = five_steps.version_today(), five_steps.communes()[:2]
    done: list[str] = []

    def loader() -> None:
        load([Life(version, "beside", five_steps.script(random.Random(3), other, MORNING))], apart=apart)
        done.append("beside")
        connection.close()

    beside = threading.Thread(target=loader)

    def in_the_middle() -> Generator[Act, Dossier, None]:
        yield Act(five_steps.lodging(random.Random(2), place), place.clerk, MORNING)
        beside.start()
        beside.join(30 if apart else 2)
        done.append("middle")
        yield Act(c.Accept(), place.clerk, MORNING)

    load([Life(version, "middle", in_the_middle())], apart=apart)
    beside.join(30)

    assert done == (["beside", "middle"] if apart else ["middle", "beside"])
    assert verify({}, {}).broken == ()
