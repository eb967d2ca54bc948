"""What the KPIs ask of a large city is answered from an index, however many dossiers there are."""

from datetime import timedelta

import pytest

from motcua.kpis import definitions, listing, reading
from motcua.law.working_time import city_day
from motcua.reports.figures import Filter, of_period
from motcua.reports.periods import containing
from reports.test_report_plans import NOW, large_city, read_whole  # noqa: F401


def a_week() -> Filter:
    """Half a month of the whole city: little of what is there."""
    month = of_period(containing(city_day(NOW) - timedelta(days=60), "month"))
    return Filter(first=month.last, last=month.last)


@pytest.mark.slow
def test_every_kpi_its_breakdowns_and_its_lists_are_read_from_an_index(read_whole: list[str]) -> None:  # noqa: F811
    counted = 0
    for kpi in definitions.all():
        found = reading.value(kpi.code, a_week(), now=NOW)
        counted += found.cases > 0
        reading.value(kpi.code, a_week(), by=kpi.by[0], now=NOW)
        for part in ("numerator", "denominator"):
            if listing.opens(kpi, part):  # type: ignore[arg-type]
                reading.page(kpi.code, a_week(), part=part, now=NOW)  # type: ignore[arg-type]
    assert read_whole == []
    assert counted > 30
