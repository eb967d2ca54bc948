"""Indices 5, 6 and 8 of Circular 01/2018 from what was recorded: their points, and what cannot be true."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.recorded_scores import RECORDED, AtTheCounter, Feedback, Publication, Recorded, wrong
from motcua.law.scoring import OF_AGENCIES

FIRST, LAST = date(2018, 9, 15), date(2018, 12, 14)
AFTER = date(2019, 1, 15)
SMALL = st.integers(-2, 12)


def fault(value: Recorded, today: date = AFTER) -> str:
    """The field that cannot be; '' when all can."""
    found = wrong(value, FIRST, LAST, today)
    return found.details["field"] if found else ""


@pytest.mark.parametrize(
    ("tier", "whole", "points"),
    [("commune", 40, 2), ("commune", 39, 1), ("commune", 0, 1), ("district", 20, 2), ("district", 19, 1),
     ("department", 8, 2), ("department", 7, 1), ("city", 8, 2), ("branch", 8, 2)],
)  # fmt: skip
def test_the_counter_has_the_share_its_tier_asks_for(tier: str, whole: int, points: int) -> None:
    assert AtTheCounter(whole, 40).points(tier) == points


def test_published_on_the_portal_it_is_one_posted_up_too_it_is_two_and_wrong_it_is_none() -> None:
    day = date(2018, 12, 3)
    assert [
        Publication(posted=posted, correct=correct, inspected_on=day).points()
        for posted, correct in ((True, True), (False, True), (True, False), (False, False))
    ] == [2, 1, 0, 0]


@pytest.mark.parametrize(
    ("received", "on_time", "prolonged", "points"),
    [(0, 0, 0, 2), (7, 7, 0, 2), (10, 9, 0, 1), (10, 8, 0, 0), (10, 9, 1, 0), (1, 0, 0, 0)],
)
def test_feedback_is_full_when_all_or_none_and_nothing_when_dragged_out(
    received: int, on_time: int, prolonged: int, points: int
) -> None:
    assert Feedback(received, on_time, prolonged).points() == points


@given(SMALL, SMALL)
def test_no_more_is_done_at_the_counter_than_is_offered(whole: int, offered: int) -> None:
    can_be = offered >= 1 and 0 <= whole <= offered
    assert (fault(AtTheCounter(whole, offered)) == "") == can_be
    if can_be:
        assert AtTheCounter(whole, offered).points("commune") == (2 if whole == offered else 1)


@given(SMALL, SMALL, SMALL)
def test_answers_add_up_to_what_was_received(received: int, on_time: int, prolonged: int) -> None:
    value = Feedback(received, on_time, prolonged)
    can_be = min(received, on_time, prolonged) >= 0 and on_time + prolonged <= received
    assert (fault(value) == "") == can_be
    if can_be and received:
        assert (value.points() == 2) == (on_time == received)
        assert not prolonged or value.points() == 0


@given(st.integers(-40, 140), st.integers(0, 140))
def test_an_inspection_lies_in_the_period_and_not_ahead(day: int, today: int) -> None:
    inspected, now = FIRST + timedelta(days=day), FIRST + timedelta(days=today)
    value = Publication(posted=True, correct=True, inspected_on=inspected)
    assert (fault(value, now) == "") == (FIRST <= inspected <= LAST and inspected <= now)


def test_what_is_recorded_are_indices_of_agencies() -> None:
    assert set(RECORDED) == set(OF_AGENCIES) - {"9"}
    assert tuple(each.index for each in (AtTheCounter, Publication, Feedback)) == RECORDED
