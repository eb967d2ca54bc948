"""KPIs as measures of the desk: alerts and targets name them by code, with the value and the scope of the KPI."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from motcua.kpis import definitions, reading
from motcua.reports import facts
from motcua.reports.figures import Filter, of_period
from motcua.reports.periods import month
from motcua.steering import alerts, targets
from motcua.steering.measures import MEASURES, find, offered, value_of_period
from motcua.steering.models import Alert, Firing, Target
from reports.town import EAST, FERRY, MARKET, WEST, Town
from steering.people import client_of, official

DECEMBER = month(2018, 12)
PAGE = "/can-bo/ban-dieu-hanh/canh-bao/"


def answered_late(town: Town, place: int, count: int, on: str = "2018-12") -> None:
    lives = [town.answered(place, f"{on}-03 09:00", f"{on}-28 10:00") for _ in range(count)]
    facts.follow([each.id for each in lives])


def test_every_kpi_of_heads_may_be_named_and_no_other() -> None:
    codes = {each.code for each in offered()}
    assert codes == set(MEASURES) | {f"kpi:{each.code}" for each in definitions.all("head")}
    assert all(len(each) <= Alert._meta.get_field("measure").max_length for each in codes)
    assert find("kpi:none") is None
    assert find("on_time_share") is None
    assert find("late") is MEASURES["late"]


def test_the_value_is_that_of_the_kpi_in_its_part_of_the_city(town: Town) -> None:
    answered_late(town, MARKET, 11)
    answered_late(town, FERRY, 3)
    for code in ("on_time_share", "late", "agency_median", "overdue_share"):
        measure = find(f"kpi:{code}")
        assert measure is not None
        for agency in (0, MARKET, FERRY):
            first, last = DECEMBER.halves
            which = of_period(DECEMBER, Filter(first, last, agency=agency))
            found, kept = reading.value(code, which, now=DECEMBER.ends), value_of_period(measure, DECEMBER, agency)
            assert kept.sample == found.cases
            if found.shown is None:
                assert kept.number is None
            else:
                scale = 100 if measure.unit == "percent" else 1
                assert abs(float(kept.number or 0) - found.shown * scale) <= 0.005
    share = find("kpi:on_time_share")
    assert share is not None
    assert value_of_period(share, DECEMBER, MARKET).number is not None
    assert value_of_period(share, DECEMBER, FERRY).number is None


def test_an_alert_on_a_kpi_fires_in_its_place_and_leads_to_the_kpi(town: Town, at_ten: datetime) -> None:
    leader = official("leader", EAST)
    values = {"name": "Trễ nhiều", "measure": "kpi:late", "window": "month", "comparison": "above",
              "threshold": Decimal(1), "release": Decimal(0), "smallest": 0, "roles": []}  # fmt: skip
    for agency in (EAST, WEST):
        assert isinstance(alerts.make(leader.pk, at_ten, agency=agency, **values), Alert)
    lives = [town.answered(MARKET, "2018-11-05 09:00", "2019-01-08 10:00") for _ in range(3)]
    facts.follow([each.id for each in lives])
    assert alerts.evaluate(at_ten) == 1
    firing = Firing.objects.select_related("alert").get()
    assert (firing.value, firing.alert.agency) == (3, EAST)
    page = client_of(leader).get(f"{PAGE}{firing.pk}/").content.decode()
    assert "/can-bo/chi-so/late/?ky=2019-01&amp;co-quan=" in page


def test_the_form_offers_them(town: Town) -> None:
    client: Client = client_of(official("leader", EAST))
    assert 'value="kpi:on_time_share"' in client.get(PAGE).content.decode()


@pytest.mark.usefixtures("complete")
def test_a_target_is_reckoned_from_a_kpi(town: Town, at_ten: datetime) -> None:
    answered_late(town, MARKET, 12)
    target = Target.objects.create(
        code="dung-han", name_vi="Đúng hạn", unit_vi="%", owner=EAST, every="month", since=date(2018, 11, 30),
        baseline=50, due=date(2019, 12, 31), goal=90, measure="kpi:on_time_share",
    )  # fmt: skip
    assert targets.reckon(at_ten) >= 1
    kept = target.values.get(day=date(2018, 12, 31))
    assert (kept.value, kept.sample) == (0, 12)
