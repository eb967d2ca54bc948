"""Margins and places: properties that hold for any numbers."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from motcua.kpis import definitions
from motcua.kpis.values import nothing, reading_of
from motcua.law import margins
from motcua.law.margins import Margin, places

CASES = st.integers(1, 100_000)
MARGINS = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda each: Margin(min(each), max(each)))


@given(cases=CASES, data=st.data())
def test_a_share_lies_within_its_margin_and_the_margin_within_nought_and_one(cases: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, cases))
    found = margins.of_share(hits, cases)
    assert found is not None
    assert 0 <= found.low <= hits / cases <= found.high <= 1


@given(cases=st.integers(1, 1000), times=st.integers(2, 50), data=st.data())
def test_more_cases_of_the_same_share_make_a_narrower_margin(cases: int, times: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, cases))
    few, many = margins.of_share(hits, cases), margins.of_share(hits * times, cases * times)
    assert few is not None
    assert many is not None
    assert many.high - many.low < few.high - few.low


@given(cases=CASES, data=st.data())
def test_more_hits_move_the_margin_up(cases: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, cases - 1))
    one, more = margins.of_share(hits, cases), margins.of_share(hits + 1, cases)
    assert one is not None
    assert more is not None
    assert one.low <= more.low
    assert one.high <= more.high


def test_wilson_as_it_is_printed() -> None:
    """Newcombe 1998, table I: 81 of 263 and 15 of 148, method 3."""
    for hits, cases, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)):
        found = margins.of_share(hits, cases)
        assert found is not None
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_nothing_has_no_margin_and_more_hits_than_cases_are_no_share() -> None:
    assert margins.of_share(0, 0) is None
    assert margins.of_mean(1.0, 0.0, 1) is None
    assert margins.of_percentile([1.0] * 101, 0.5, 1) is None
    with pytest.raises(ValueError, match="no share"):
        margins.of_share(3, 2)


@given(values=st.lists(st.floats(0, 1e6), min_size=101, max_size=101), share=st.sampled_from((0.5, 0.9, 1.0)),
       cases=st.integers(2, 10_000))  # fmt: skip
def test_a_percentile_lies_within_its_margin(values: list[float], share: float, cases: int) -> None:
    grid = sorted(values)
    found = margins.of_percentile(grid, share, cases)
    assert found is not None
    assert found.low <= grid[round(share * 100)] <= found.high


@given(units=st.dictionaries(st.integers(), MARGINS, min_size=1, max_size=12), up=st.booleans())
def test_places_part_what_is_apart_and_join_what_overlaps(units: dict[int, Margin], up: bool) -> None:
    found = places(units, up=up)
    for one, margin in units.items():
        assert 1 <= found[one].best <= found[one].worst <= len(units)
        for other, beside in units.items():
            apart = margin.low > beside.high if up else margin.high < beside.low
            if apart:
                assert found[one].best < found[other].best
                assert found[one].worst < found[other].worst
    overlap_all = max(each.low for each in units.values()) <= min(each.high for each in units.values())
    if overlap_all:
        assert {(each.best, each.worst) for each in found.values()} == {(1, len(units))}


@given(cases=st.integers(0, 40), data=st.data())
def test_a_value_of_nothing_is_none_and_one_of_few_is_not_shown(cases: int, data: st.DataObject) -> None:
    kpi = definitions.get("on_time_share")
    hits = data.draw(st.integers(0, cases))
    found = reading_of(kpi, cases, [hits])
    assert (found.value is None) == (cases == 0)
    assert found.enough == (cases >= kpi.smallest_sample)
    assert (found.shown is None) == (not found.enough)
    assert found.denominator == cases
    assume(cases)
    assert found.value == hits / cases


def test_nothing_of_each_kpi() -> None:
    for kpi in definitions.all():
        found = nothing(kpi)
        plain = kpi.measure == "count" or (kpi.amount is not None and not kpi.amount.denominator)
        assert found.value == (0 if plain else None), kpi.code
        assert found.low is None
