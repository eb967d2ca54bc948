"""What was true when and known when, against a slow oracle that remembers everything ever said."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.registry.two_times import Statement, believed, say, true_on

DAY = date(2000, 1, 1)
HOUR = datetime(2020, 1, 1, tzinfo=UTC)

sayings = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 20), st.one_of(st.none(), st.integers(1, 10))), max_size=12
)


def played(said: list[tuple[str, int, int | None]]) -> list[Statement]:
    statements: list[Statement] = []
    for number, (value, first, days) in enumerate(said):
        begin = DAY + timedelta(days=first)
        end = None if days is None else begin + timedelta(days=days)
        change = say(statements, value, begin, end, HOUR + timedelta(hours=number))
        ended = {(each.valid_from, each.known_from) for each in change.ended}
        statements = [
            *(each for each in statements if each.known_to or (each.valid_from, each.known_from) not in ended),
            *change.ended,
            *change.said,
        ]
    return statements


def oracle(said: list[tuple[str, int, int | None]], day: int, known: int) -> str | None:
    """The last thing said up to then of that day."""
    found = None
    for value, first, days in said[: known + 1]:
        if first <= day and (days is None or day < first + days):
            found = value
    return found


@given(sayings)
def test_every_day_as_known_at_every_hour(said: list[tuple[str, int, int | None]]) -> None:
    statements = played(said)
    for known in range(-1, len(said)):
        at = HOUR + timedelta(hours=known)
        for day in range(-1, 33):
            assert true_on(statements, DAY + timedelta(days=day), at) == oracle(said, day, known)


@given(sayings)
def test_what_is_believed_says_one_thing_of_a_day_and_the_past_never_changes(
    said: list[tuple[str, int, int | None]],
) -> None:
    for known in range(len(said)):
        at = HOUR + timedelta(hours=known)
        story = believed(played(said), at)
        assert [(s.value, s.valid_from, s.valid_to) for s in story] == [
            (s.value, s.valid_from, s.valid_to) for s in believed(played(said[: known + 1]), at)
        ]
        for one, after in itertools.pairwise(story):
            assert one.valid_to is not None
            assert one.valid_to <= after.valid_from


def test_nothing_is_said_of_no_day_nor_before_what_was_said_last() -> None:
    with pytest.raises(ValueError, match="day"):
        say([], "a", DAY, DAY, HOUR)
    with pytest.raises(ValueError, match="last"):
        say([Statement("a", DAY, None, HOUR)], "b", DAY, None, HOUR - timedelta(seconds=1))
