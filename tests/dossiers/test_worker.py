"""What the worker does by the clock, as it is laid out: the heart's own first, the rooms' one after the other."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.apps import apps

from motcua.dossiers import timers, worker

HEART = ["seal", "timers", "sweep"]


class Hands:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """The worker's clock, standing still."""
    found = Hands()
    monkeypatch.setattr(worker, "time", SimpleNamespace(monotonic=found))
    return found


def test_the_rooms_begin_one_after_the_other_and_all_within_the_first_round(hands: Hands) -> None:
    jobs = worker._by_the_clock()
    declared = [name for room in apps.get_app_configs() for name in getattr(room, "timers", {})]
    assert [each.name for each in jobs] == [*HEART, *declared]
    assert len(declared) > 1
    assert [each.due - hands.at for each in jobs[:3]] == [0.0, 0.0, 0.0]
    begins = [each.due - hands.at for each in jobs[3:]]
    assert begins == [worker.SECONDS_APART * at for at in range(1, len(declared) + 1)]
    assert begins[-1] < worker.SECONDS_BETWEEN_TIMERS


def test_they_stay_apart_from_round_to_round(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[float, str]] = []

    def noted(name: str) -> Callable[[], None]:
        return lambda: done.append((hands.at - 1000.0, name))

    monkeypatch.setattr(worker, "seal_now", noted("seal"))
    monkeypatch.setattr(worker, "_sweep", noted("sweep"))
    monkeypatch.setattr(timers, "run_due", noted("timers"))
    monkeypatch.setattr(worker, "_named", lambda _kind: {name: noted(name) for name in ("a", "b", "c")})
    jobs = worker._by_the_clock()
    for second in range(66):
        hands.at = 1000.0 + second
        for job in jobs:
            job.run_if_due()
    first = [(0.0, name) for name in HEART] + [(2.0, "a"), (4.0, "b"), (6.0, "c")]
    assert done == first + [(60.0 + at, name) for at, name in first[:-1]]


def test_one_that_fails_holds_up_no_other(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def fails() -> None:
        raise ValueError("x")

    monkeypatch.setattr(worker, "_named", lambda _kind: {"a": fails, "b": lambda: done.append("b")})
    jobs = worker._by_the_clock()[3:]
    hands.at += 10
    for job in jobs:
        job.run_if_due()
    assert done == ["b"]
    assert [each.due for each in jobs] == [hands.at + worker.SECONDS_BETWEEN_TIMERS] * 2
