"""Kept answers: found once a day, never while something is missing, never beyond new facts or into the next day."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count

import pytest

from motcua.dossiers import clock
from motcua.reports import kept
from motcua.reports.models import Kept
from reports.town import hour

pytestmark = pytest.mark.django_db
TODAY, TOMORROW = hour("2019-01-15 23:59"), hour("2019-01-16 00:00")


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def numbers(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    at(monkeypatch, TODAY)
    return count(1)


def ask(numbers: Iterator[int], about: object = "a", name: str = "n", *, complete: bool = True) -> int:
    return kept.answer(name, about, int, lambda: next(numbers), lambda: complete)


def test_the_same_question_has_one_answer_a_day(numbers: Iterator[int], monkeypatch: pytest.MonkeyPatch) -> None:
    assert [ask(numbers), ask(numbers), ask(numbers, "b"), ask(numbers, name="m"), ask(numbers)] == [1, 1, 2, 3, 1]
    at(monkeypatch, TOMORROW)
    assert [ask(numbers), ask(numbers)] == [4, 4]
    kept.by_the_clock()
    assert list(Kept.objects.values_list("name", "day")) == [("n", TOMORROW.date())]


def test_what_is_missing_something_is_not_kept(numbers: Iterator[int]) -> None:
    assert [ask(numbers, complete=False), ask(numbers), ask(numbers, complete=False)] == [1, 2, 2]


def test_nothing_is_kept_beyond_facts_made_anew(numbers: Iterator[int], monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(numbers) == 1
    monkeypatch.setattr(kept, "_FACTS", "SELECT 'reports_span'::regclass::oid::bigint")
    assert ask(numbers) == 2


def test_one_name_is_forgotten_and_no_other(numbers: Iterator[int]) -> None:
    assert [ask(numbers), ask(numbers, name="m")] == [1, 2]
    kept.forget("n")
    assert [ask(numbers), ask(numbers, name="m")] == [3, 2]
