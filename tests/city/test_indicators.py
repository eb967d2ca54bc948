"""The public pages of the indicators: what was published and nothing else, with denominators, corrections, no names."""

from collections.abc import Iterator

import pytest
from django.test import Client
from msgspec import structs

from motcua.dossiers import clock
from motcua.kpis import definitions, openness, publishing
from motcua.kpis.models import Value
from motcua.kpis.reading import value
from motcua.kpis.shapes import Condition
from motcua.reports import facts
from motcua.reports.figures import of_period
from motcua.reports.periods import month
from reports.town import EAST, HILL, MARKET, Town, hour

NOW = hour("2019-01-20 10:00")
DECEMBER = month(2018, 12)


@pytest.fixture
def published(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """December with twelve answers in the east and one on the hill, published."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(publishing, "complete", lambda _kpi: NOW)
    lives = [town.answered(EAST, "2018-12-03 09:00", "2018-12-12 10:00") for _ in range(12)]
    lives.append(town.answered(HILL, "2018-12-03 09:00", "2018-12-28 10:00"))
    facts.follow([each.id for each in lives])
    for kpi in definitions.all():
        publishing.publish(kpi, DECEMBER, NOW)
    return


def text(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, address
    return page.content.decode()


def test_the_list_shows_each_public_indicator_with_its_denominator_and_no_other(
    published: None, client: Client
) -> None:
    page = text(client, "/so-lieu/chi-so/")
    for kpi in definitions.all():
        assert (f'href="/so-lieu/chi-so/{kpi.code}/"' in page) == (kpi.visibility == "public")
    whole = value("on_time_share", of_period(DECEMBER), now=NOW)
    assert f"{whole.numerator:.0f} trên {whole.denominator:.0f}" in page
    assert client.get("/so-lieu/").content.decode().count("/so-lieu/chi-so/") == 1


def test_what_is_for_officials_does_not_exist_in_public(published: None, client: Client) -> None:
    for kpi in definitions.all():
        wanted = 200 if kpi.visibility == "public" else 404
        assert client.get(f"/so-lieu/chi-so/{kpi.code}/").status_code == wanted, kpi.code
    assert client.get("/so-lieu/chi-so/none/").status_code == 404


def test_a_district_of_few_cases_is_named_without_a_value_or_a_place(published: None, client: Client) -> None:
    page = text(client, "/so-lieu/chi-so/on_time_share/")
    assert "quá ít để nói" in page
    assert "không xếp" in page


def test_a_correction_stands_beside_what_it_corrects(published: None, client: Client, town: Town) -> None:
    first = Value.objects.get(code="received", period="2018-12", unit_kind="city")
    facts.follow([town.answered(MARKET, "2018-12-04 09:00", "2018-12-13 10:00").id])
    publishing.publish(definitions.get("received"), DECEMBER, NOW)
    page = text(client, "/so-lieu/chi-so/received/")
    assert "đính chính lần 1" in page
    assert f'<span class="figures">{first.value:.0f}</span>' in page


def test_before_anything_is_published_the_pages_say_so(town: Town, client: Client) -> None:
    assert "chưa được công bố" in text(client, "/so-lieu/chi-so/")
    assert "Chưa có tháng nào" in text(client, "/so-lieu/chi-so/on_time_share/")


def test_place_and_procedure_never_stand_together_and_ratings_are_of_the_city() -> None:
    kpi = definitions.get("on_time_share")
    assert openness.by_district(kpi)
    narrowed = structs.replace(kpi, numerator=(*(kpi.numerator or ()), Condition("procedure", is_="T.000001")))
    assert not openness.by_district(narrowed)
    assert not openness.by_district(definitions.get("rating_mean"))
    assert not openness.counts_told(definitions.get("rating_mean"))
