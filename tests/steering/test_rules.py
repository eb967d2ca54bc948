"""The pure rules: an alert does not flap, a traffic light is monotone, a digest speaks of days that are over."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.working_time import CITY_ZONE
from motcua.steering.hysteresis import Rule, step
from motcua.steering.schedule import before, due
from motcua.steering.traffic import Path, light

NUMBERS = st.decimals(min_value=0, max_value=1000, places=2)
BETTER = {"red": 0, "amber": 1, "grey": 2, "green": 3}


def rules() -> st.SearchStrategy[Rule]:
    def made(comparison: str, one: Decimal, other: Decimal, smallest: int) -> Rule:
        low, high = sorted((one, other))
        if comparison == "above":
            return Rule("above", high, low, smallest)
        return Rule("below", low, high, smallest)

    return st.builds(made, st.sampled_from(["above", "below"]), NUMBERS, NUMBERS, st.integers(0, 20))


@given(rules(), st.lists(st.tuples(NUMBERS, st.integers(0, 40)), max_size=40))
def test_an_alert_begins_beyond_its_limit_and_ends_only_on_the_good_side(
    rule: Rule, figures: list[tuple[Decimal, int]]
) -> None:
    firing = False
    for number, sample in figures:
        did = step(rule, firing, number, sample)
        good = number <= rule.release if rule.comparison == "above" else number >= rule.release
        bad = number > rule.threshold if rule.comparison == "above" else number < rule.threshold
        if did == "fire":
            assert (not firing, bad, sample >= rule.smallest) == (True, True, True)
        if did == "end":
            assert (firing, good) == (True, True)
        if did == "stay" and sample >= rule.smallest:
            assert firing or not bad
        firing = did == "fire" or (firing and did != "end")


@given(rules(), st.lists(NUMBERS, max_size=40))
def test_a_figure_between_the_two_limits_never_changes_anything(rule: Rule, figures: list[Decimal]) -> None:
    low, high = sorted((rule.threshold, rule.release))
    for number in (each for each in figures if low < each < high):
        assert step(rule, True, number, 10**6) == step(rule, False, number, 10**6) == "stay"


def test_nothing_and_too_few_neither_begin_nor_end() -> None:
    rule = Rule("below", Decimal(90), Decimal(95), 10)
    for firing in (True, False):
        assert step(rule, firing, None, 100) == "stay"
        assert step(rule, firing, Decimal(0), 9) == "stay"
        assert step(rule, firing, Decimal(100), 9) == "stay"


DAYS = st.dates(date(2018, 1, 1), date(2035, 12, 31))


def paths() -> st.SearchStrategy[Path]:
    return st.builds(
        lambda since, length, baseline, goal, more: Path(
            since, baseline, since + timedelta(days=length), goal, more_is_better=more
        ),
        st.dates(date(2018, 1, 1), date(2020, 1, 1)), st.integers(1, 5000), NUMBERS, NUMBERS, st.booleans(),
    )  # fmt: skip


@given(paths(), DAYS, DAYS, NUMBERS, NUMBERS)
def test_a_better_value_never_gives_a_worse_light(
    path: Path, day: date, today: date, one: Decimal, two: Decimal
) -> None:
    worse, better = sorted((one, two), reverse=not path.more_is_better)
    first, second = light(path, (day, worse), today), light(path, (day, better), today)
    assert BETTER[first.colour] <= BETTER[second.colour]


@given(paths(), DAYS, NUMBERS)
def test_a_light_without_trouble_is_a_value_on_the_path(path: Path, day: date, number: Decimal) -> None:
    if path.since < day < path.due:
        seen = light(path, (day, path.expected(day)), day)
        assert seen.colour in ("green", "grey")
    assert light(path, None, day).reason == "no_data"


STRAIGHT = Path(date(2018, 1, 1), Decimal(0), date(2020, 1, 1), Decimal(100))


@pytest.mark.parametrize(
    ("day", "value", "today", "colour", "reason"),
    [
        ("2018-01-10", 0, "2018-01-10", "grey", "too_early"),
        ("2019-01-01", 50, "2019-01-01", "green", "on_path"),
        ("2019-01-01", 45, "2019-01-01", "amber", "behind"),
        ("2019-01-01", 30, "2019-01-01", "red", "far_behind"),
        ("2018-01-10", 100, "2018-01-10", "green", "reached"),
        ("2020-01-01", 99, "2020-01-02", "red", "missed"),
        ("2018-06-01", 20, "2019-12-01", "grey", "too_old"),
    ],
)
def test_the_colours_of_a_straight_path(day: str, value: int, today: str, colour: str, reason: str) -> None:
    seen = light(STRAIGHT, (date.fromisoformat(day), Decimal(value)), date.fromisoformat(today))
    assert (seen.colour, seen.reason) == (colour, reason)


def test_milestones_bend_the_path() -> None:
    path = Path(date(2018, 1, 1), Decimal(0), date(2020, 1, 1), Decimal(100), ((date(2019, 1, 1), Decimal(10)),))
    assert path.expected(date(2019, 1, 1)) == 10
    assert path.expected(date(2019, 7, 2)) == Decimal(10) + 90 * (Decimal(182) / Decimal(365))


@given(
    st.sampled_from(["day", "week", "month"]), st.integers(0, 23), st.integers(0, 6), st.integers(1, 28),
    st.datetimes(datetime(2018, 1, 1), datetime(2030, 1, 1)), st.integers(0, 60 * 24 * 40),
)  # fmt: skip
def test_a_digest_speaks_of_days_that_are_over_and_never_goes_back(
    kind: str, hour: int, weekday: int, monthday: int, at: datetime, later: int
) -> None:
    now = at.replace(tzinfo=CITY_ZONE)
    days = due(kind, hour, weekday, monthday, now)  # type: ignore[arg-type]
    assert days.first <= days.last < now.date()
    after = due(kind, hour, weekday, monthday, now + timedelta(minutes=later))  # type: ignore[arg-type]
    assert after.first >= days.first
    assert before(kind, days).last < days.first  # type: ignore[arg-type]


def test_the_hour_of_a_digest() -> None:
    monday = datetime(2018, 12, 24, 6, 59, tzinfo=CITY_ZONE)
    assert due("week", 7, 0, 1, monday).first == date(2018, 12, 10)
    assert due("week", 7, 0, 1, monday + timedelta(minutes=1)).first == date(2018, 12, 17)
    assert due("day", 7, 0, 1, monday).first == date(2018, 12, 22)
    assert due("month", 7, 0, 1, monday).first == date(2018, 11, 1)
    assert due("month", 23, 6, 24, monday).first == date(2018, 10, 1)
    assert due("month", 7, 0, 28, monday).first == date(2018, 10, 1)
