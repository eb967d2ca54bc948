"""The dataset of the indicators: exactly what was published, only what is public, and not before it is published."""

import pytest

from motcua.dossiers import clock
from motcua.kpis import definitions, openness, published
from motcua.kpis import publishing as kpi_publishing
from motcua.opendata import publishing
from motcua.opendata.definitions import datasets
from motcua.reports import facts
from motcua.reports.periods import month
from reports.town import EAST, HILL, Town, hour

NOW = hour("2019-01-20 10:00")
DECEMBER = month(2018, 12)


@pytest.fixture(autouse=True)
def lived(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """December: twelve answers in the east, one on the hill; the figures are complete."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(publishing, "complete_until", lambda: NOW)
    monkeypatch.setattr(kpi_publishing, "complete", lambda _kpi: NOW)
    lives = [town.answered(EAST, "2018-12-03 09:00", "2018-12-12 10:00") for _ in range(12)]
    lives.append(town.answered(HILL, "2018-12-03 09:00", "2018-12-28 10:00"))
    facts.follow([each.id for each in lives])


def publish_kpis(*without: str) -> None:
    for kpi in definitions.all():
        if kpi.code not in without:
            kpi_publishing.publish(kpi, DECEMBER, NOW)


def test_it_waits_until_every_indicator_of_the_month_is_published() -> None:
    publish_kpis("received")
    assert ("chi-so", "2018-12") not in {(each.code, period.code) for each, period in publishing.due(NOW)}
    with pytest.raises(publishing.NotPublishedError, match="waits"):
        publishing.publish(datasets()["chi-so"], DECEMBER)
    kpi_publishing.publish(definitions.get("received"), DECEMBER, NOW)
    assert ("chi-so", "2018-12") in {(each.code, period.code) for each, period in publishing.due(NOW)}


def test_its_rows_are_what_was_published_of_what_is_public() -> None:
    publish_kpis()
    release = publishing.publish(datasets()["chi-so"], DECEMBER)
    assert release is not None
    rows = publishing.rows_of(release)
    assert {row["kpi"] for row in rows} == {each.code for each in definitions.all("public")}
    assert {row["unit_kind"] for row in rows} == {"city", "district"}
    stated = published.of_period("2018-12")
    few = 0
    for row in rows:
        kpi = definitions.get(row["kpi"])
        if kpi.grain == "rating":
            assert (row["unit_kind"], row["numerator"], row["denominator"], row["cases"]) == ("city", None, None, None)
        elif row["unit_kind"] == "city":
            found = stated[kpi.code].reading
            assert (row["numerator"], row["denominator"], row["cases"]) == (
                found.numerator, found.denominator, found.cases)  # fmt: skip
            assert row["value"] == (None if found.shown is None else round(found.shown, 4))
        if kpi.measure == "share" and row["cases"] and row["cases"] < kpi.smallest_sample:
            few += 1
            assert (row["value"], row["low"], row["high"]) == (None, None, None)
    assert few
    districts = [row for row in rows if row["kpi"] == "answered" and row["unit_kind"] == "district"]
    assert sum(row["numerator"] for row in districts) == stated["answered"].reading.numerator == 13
    assert all(openness.by_district(definitions.get(row["kpi"])) for row in rows if row["unit_kind"] == "district")


def test_a_correction_of_the_indicators_needs_its_reason_here_too(town: Town) -> None:
    publish_kpis()
    publishing.publish(datasets()["chi-so"], DECEMBER)
    facts.follow([town.answered(EAST, "2018-12-04 09:00", "2018-12-13 10:00").id])
    assert publishing.publish(datasets()["chi-so"], DECEMBER) is None
    publish_kpis()
    with pytest.raises(publishing.NotPublishedError, match="corrected"):
        publishing.publish(datasets()["chi-so"], DECEMBER)
