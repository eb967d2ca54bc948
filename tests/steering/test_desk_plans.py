"""What the desk asks of a large city is answered from an index, never by reading a large table from end to end."""

from datetime import timedelta

import msgspec
import pytest

from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.reports.figures import between, months_to
from motcua.steering import desk, spending
from motcua.steering.lists import FLOWING, Stretched
from motcua.steering.measures import MEASURES, filter_of, value_now
from reports.test_report_plans import NOW, large_city, read_whole  # noqa: F401


@pytest.mark.parametrize("code", ["", "001"])
def test_no_statement_of_the_desk_reads_a_large_table_whole(read_whole: list[str], code: str) -> None:  # noqa: F811
    agency = directory().by_code[code].number if code else 0
    which = msgspec.structs.replace(months_to(city_day(NOW), 1), agency=agency)
    now = NOW - timedelta(days=20)
    assert len(desk.same_days(which, now)) == 3
    desk.longest_waits(which, NOW)
    desk.rated(which, NOW)
    for kind in FLOWING:
        Stretched(which, kind, NOW, now - timedelta(days=12), now).page()
    between(which, now - timedelta(days=7), now)
    for measure in MEASURES.values():
        value_now(measure, filter_of("now" if measure.of_now else "month", NOW, agency), NOW)
    assert read_whole == []
    if not code:
        assert sum(each.figures.received for each in desk.same_days(which, now)) > 100


def test_where_the_time_goes_reads_the_days_it_speaks_of(read_whole: list[str]) -> None:  # noqa: F811
    which, then = months_to(city_day(NOW), 1), NOW - timedelta(days=30)
    found = spending.by_post(which, then)
    assert found
    assert spending.longest(which, then, found[0].role)[0]
    assert read_whole == []
