"""The points of Circular 01/2018 as its articles 13 to 15 give them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law import scoring
from motcua.law.scoring import INDICES, OF_OFFICERS, Index, Score, added, agency_grade, officer_completion, scored
from motcua.law.texts import Text

ANY = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300)), min_size=9, max_size=9)


def test_the_points_of_each_index() -> None:
    assert [scoring.total_time(each) for each in ("before_date", "on_time", "late")] == [2, 1, 0]
    assert [scoring.contacts(each) for each in (0, 1, 2, 9)] == [2, 1, 0, 0]
    assert [scoring.agencies_contacted(each, several=False) for each in ("online", "post", "counter")] == [2, 2, 1]
    assert scoring.agencies_contacted("online", several=True) == 0
    assert scoring.attitude("before_date", complaint=False) == 2
    assert scoring.attitude("before_date", complaint=True) == 0
    assert scoring.attitude("late", complaint=False) == 0
    assert [scoring.at_the_counter(tier, Decimal(share), Decimal(1)) for tier, share in (
        ("commune", "1"), ("commune", "0.99"), ("district", "0.5"), ("district", "0.49"), ("department", "0.2"),
    )] == [2, 1, 2, 1, 2]  # fmt: skip
    assert scoring.at_the_counter("commune", Decimal("0.5"), Decimal("0.99")) == 0
    assert [scoring.publication(posted=a, electronic=b, correct=c) for a, b, c in (
        (True, True, True), (True, False, True), (False, True, True), (False, False, True), (True, True, False),
    )] == [2, 1, 1, 0, 0]  # fmt: skip
    assert [scoring.feedback(each) for each in (None, Decimal(1), Decimal("0.9"), Decimal("0.89"))] == [2, 2, 1, 0]
    assert scoring.feedback(Decimal(1), prolonged=True) == 0


@pytest.mark.parametrize(
    ("procedures", "dossiers", "late", "points"),
    [("0.2", "0.3", 0, 2), ("0.2", "0.3", 1, 0), ("0.2", "0.29", 0, 1), ("0.2", "0.15", 0, 1), ("0.2", "0.149", 0, 0),
     ("0.19", "0.3", 0, 1), ("0", "0.3", 0, 0)],
)  # fmt: skip
def test_online_services(procedures: str, dossiers: str, late: int, points: int) -> None:
    assert scoring.online_services(Decimal(procedures), Decimal(dossiers), late) == points


@given(ANY)
def test_a_score_is_between_nought_and_two_and_to_one_decimal(given_points: list[tuple[int, int, int]]) -> None:
    indices = [added(number, dict(enumerate(each))) for number, each in zip(INDICES, given_points, strict=True)]  # type: ignore[arg-type]
    score = scored(indices, INDICES)
    for each in score.indices:
        assert (each.score is None) == (each.of == 0)
        if each.score is not None:
            assert 0 <= each.score <= 2
            assert each.score == each.score.quantize(Decimal("0.1"))
            assert abs(each.score * each.of - each.points) <= Decimal("0.05") * each.of
    assert 0 <= score.total <= score.most <= 18
    assert (agency_grade(score) is None) == (not score.is_whole)


@given(ANY, st.sampled_from(INDICES))
def test_what_is_not_known_adds_nothing_and_is_not_asked_for(points: list[tuple[int, int, int]], gone: str) -> None:
    indices = [added(number, {0: a, 1: b, 2: c + 1}) for number, (a, b, c) in zip(INDICES, points, strict=True)]
    whole = scored(indices, INDICES)
    without = Score(tuple(
        Index(each.number, why_not=Text("chưa có dữ liệu")) if each.number == gone else each for each in whole.indices
    ))  # fmt: skip
    lost = next(each.score for each in whole.indices if each.number == gone)
    assert lost is not None
    assert without.total == whole.total - lost
    assert (without.most, whole.most) == (16, 18)
    assert agency_grade(without) is None


def test_rounding_is_up_from_the_half() -> None:
    assert added("1", {2: 1, 0: 39}).score == Decimal("0.1")  # 0.05
    assert added("1", {2: 1, 0: 40}).score == Decimal("0.0")


@pytest.mark.parametrize(
    ("total", "grade"),
    [("18", "excellent"), ("15", "excellent"), ("14.9", "good"), ("12", "good"), ("11.9", "fair"), ("9", "fair"),
     ("8.9", "average"), ("6", "average"), ("5.9", "weak"), ("0", "weak")],
)  # fmt: skip
def test_the_grades_of_agencies(total: str, grade: str) -> None:
    assert agency_grade(_summing(Decimal(total), INDICES)) == grade


@pytest.mark.parametrize(
    ("total", "completion"),
    [("10", "whole"), ("5", "whole"), ("4.9", "most"), ("3.5", "most"), ("3.4", "less"), ("0", "less")],
)
def test_the_thresholds_of_officials(total: str, completion: str) -> None:
    assert officer_completion(_summing(Decimal(total), OF_OFFICERS)) == completion


def _summing(total: Decimal, wanted: tuple[str, ...]) -> Score:
    """A score of exactly so much, out of ten dossiers an index."""
    left, indices = int(total * 10), []
    for number in wanted:
        points = min(left, 20)
        left -= points
        indices.append(Index(number, points, 10))
    assert left == 0
    return Score(tuple(indices))
