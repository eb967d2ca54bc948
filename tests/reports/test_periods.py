"""Periods: from the 15th to the 14th for reports, the calendar's for all else, both of whole half months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.limits import add_months
from motcua.reports import periods
from motcua.reports.periods import MONTHS, Kind, Period, containing, each_half, half_of_day, next_half, parse

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
KINDS = st.sampled_from(sorted(MONTHS))


def test_the_third_quarter_of_reports_runs_from_june_to_september() -> None:
    """Decree 09/2019, article 12."""
    third = periods.quarter(2018, 3, report=True)
    assert (third.first, third.last_day) == (date(2018, 6, 15), date(2018, 9, 14))
    assert third.code == "2018-Q3r"
    assert third.name.vi == "Quý III năm 2018 (15/6/2018 đến 14/9/2018)"
    year = periods.year(2018, report=True)
    assert (year.first, year.last_day) == (date(2017, 12, 15), date(2018, 12, 14))
    first = periods.half_year(2018, 1, report=True)
    assert (first.first, first.last_day) == (date(2017, 12, 15), date(2018, 6, 14))


@given(DAYS, KINDS, st.booleans())
def test_every_day_lies_in_one_period_and_its_code_leads_back(day: date, kind: Kind, report: bool) -> None:
    found = containing(day, kind, report=report)
    assert found.first <= day < found.end
    assert parse(found.code) == found
    assert found.before().end == found.first
    assert found.year_before().end == found.before(12 // MONTHS[kind]).end
    assert found.first.day == found.end.day == (15 if report else 1)


@given(DAYS, KINDS, st.booleans())
def test_its_half_months_are_exactly_its_days(day: date, kind: Kind, report: bool) -> None:
    found: Period = containing(day, kind, report=report)
    halves = list(each_half(*found.halves))
    days = [found.first + timedelta(days=n) for n in range((found.end - found.first).days)]
    assert {half_of_day(each) for each in days} == set(halves)
    assert half_of_day(found.last_day) == halves[-1]
    assert next_half(halves[-1]) == found.end
    assert len(halves) == 2 * MONTHS[kind]


@given(DAYS)
def test_a_report_month_ends_on_the_fourteenth_whenever_it_is_asked(day: date) -> None:
    """Peers, fault 6: a report job run on the 31st let February end in March."""
    found = containing(day, "month", report=True)
    assert found.last_day.day == 14
    assert add_months(found.first, 1) == found.end


@pytest.mark.parametrize("written", ["", "2018-13", "2018-Q5", "18-01", "2018-1", "2018-Q3x", "2018-H3r", "nay"])
def test_what_is_no_period_is_refused(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the words are the parser's own
        parse(written)
