"""Open data as anybody gets it: pages within their weight, files that stay, ranges, other sites, few queries."""

import gzip
import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from motcua.city import services
from motcua.city.ranking import Standing, placed
from motcua.dossiers import clock
from motcua.law.margins import of_share
from motcua.opendata import publishing
from motcua.opendata.definitions import datasets
from motcua.opendata.sources import opinions
from motcua.reports import facts
from motcua.reports.figures import Figures
from motcua.reports.models import Cube
from reports.town import EAST, HILL, MARKET, SHOP, Town, hour

NOW = hour("2019-02-20 10:00")
FILE = "/du-lieu-mo/ho-so-tre-han/2018-12/v1/ho-so-tre-han-2018-12.csv"


@pytest.fixture
def published(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A city whose past is published."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(publishing, "complete_until", lambda: NOW)
    monkeypatch.setattr(opinions, "is_complete", lambda _period: True)
    facts.follow([
        town.answered(MARKET, "2018-12-03 09:00", "2018-12-12 10:00").id,
        town.answered(HILL, "2018-12-03 09:00", "2018-12-12 10:00", code=SHOP).id,
        town.answered(EAST, "2018-11-05 09:00", "2018-12-28 10:00").id,
    ])  # fmt: skip
    publishing.publish_due(at_once=200)
    return


def test_every_page_is_open_light_and_there_in_both_languages(published: None, client: Client) -> None:
    for address in ("/du-lieu-mo/", *(f"/du-lieu-mo/{code}/" for code in datasets()), "/so-lieu/xep-hang/?ky=2018",
                    "/so-lieu/xep-hang/?ky=2018&theo=thu-tuc", "/so-lieu/hai-long-va-thoi-gian/"):  # fmt: skip
        for language in ("vi", "en"):
            page = client.get(address, HTTP_ACCEPT_LANGUAGE=language)
            assert page.status_code == 200, address
            assert len(gzip.compress(page.content)) < 40_000
            assert f'lang="{language}"' in page.content.decode()[:300]
    assert "Chưa có" in client.get("/du-lieu-mo/").content.decode()


def test_a_file_is_for_ever_for_anybody_and_in_parts(published: None, client: Client) -> None:
    whole = client.get(FILE)
    data = b"".join(whole.streaming_content)
    assert whole.status_code == 200
    assert whole["Cache-Control"] == "public, max-age=31536000, immutable"
    assert whole["Access-Control-Allow-Origin"] == "*"
    assert whole["ETag"] == f'"{sha256(data).hexdigest()}"'
    assert not whole.cookies
    assert data.startswith(b"period,code,agency,")
    part = client.get(FILE, HTTP_RANGE="bytes=0-5")
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"period")
    assert client.get(FILE, HTTP_RANGE="bytes=999999-").status_code == 416
    assert client.get(FILE, HTTP_IF_NONE_MATCH=whole["ETag"]).status_code == 304
    head = client.head(FILE)
    assert (head.status_code, head["Content-Length"]) == (200, str(len(data)))
    for method in ("post", "put", "delete", "options"):
        assert getattr(client, method)(FILE).status_code == 405
    for form, media in (("json", "application/json"), ("parquet", "application/vnd.apache.parquet")):
        assert client.get(FILE.replace(".csv", f".{form}"))["Content-Type"] == media


def test_latest_leads_to_the_newest_version(published: None, client: Client) -> None:
    for address, wanted in (("moi-nhat.csv", "2019-01/v1"), ("2018-12/moi-nhat.csv", "2018-12/v1")):
        answer = client.get(f"/du-lieu-mo/ho-so-theo-co-quan/{address}")
        assert answer.status_code == 302
        assert f"/ho-so-theo-co-quan/{wanted}/" in answer["Location"]
        assert client.get(answer["Location"]).status_code == 200


def test_working_time_is_said_in_days_of_eight_hours(
    published: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty-six hours of work are more than eight days of it; "2 days 18 hours" would hide two thirds."""
    row = {
        "procedure": "T1", "procedure_name": "Một", "step": "a", "step_name": "Bước", "done": 20, "late": 2,
        "worked_median": 3960, "worked_90": 485, "waited_median": 0,
    }  # fmt: skip
    monkeypatch.setattr(services, "rows_of", lambda release: [row] if release.dataset == services.STEPS else [])
    page = client.get("/so-lieu/hai-long-va-thoi-gian/").content.decode()
    for words in ("8 ngày làm việc 2 giờ", "1 ngày làm việc", "0 phút"):
        assert f">{words}</td>" in page
    assert "2 ngày 18 giờ" not in page


@pytest.mark.parametrize(
    "address",
    ["none/", "none/tu-dien.csv", "ho-so-tre-han/moi-nhat.exe", "none/moi-nhat.csv",
     "ho-so-tre-han/2018-12/v2/ho-so-tre-han-2018-12.csv", "ho-so-tre-han/2018-12/v0/ho-so-tre-han-2018-12.csv",
     "ho-so-tre-han/2018-12/1/ho-so-tre-han-2018-12.csv", "ho-so-tre-han/2018-12/v1/..%2f..%2fkeys",
     "ho-so-tre-han/2018-12/v999999999/x", "ho-so-tre-han/x%00/v1/x"],
)  # fmt: skip
def test_what_was_not_published_is_not_there(published: None, client: Client, address: str) -> None:
    assert client.get(f"/du-lieu-mo/{address}").status_code == 404


@pytest.mark.parametrize(
    ("address", "most"),
    [("/du-lieu-mo/", 4), ("/du-lieu-mo/ho-so-theo-co-quan/", 4), ("/du-lieu-mo/danh-muc.jsonld", 3),
     ("/du-lieu-mo/danh-muc.ttl", 3), (FILE, 1), ("/du-lieu-mo/ho-so-tre-han/moi-nhat.csv", 1),
     ("/du-lieu-mo/ho-so-tre-han/tu-dien.csv", 0), ("/so-lieu/hai-long-va-thoi-gian/", 6)],
)  # fmt: skip
def test_as_many_queries_as_said_however_much_there_is(
    published: None, client: Client, django_assert_max_num_queries: Any, address: str, most: int
) -> None:
    """Incident 32: an open-data portal that asked the database once a row."""
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code in (200, 302)


def test_the_catalogue_is_served_in_both_forms(published: None, client: Client) -> None:
    found = client.get("/du-lieu-mo/danh-muc.jsonld")
    assert found["Content-Type"].startswith("application/ld+json")
    assert found["Access-Control-Allow-Origin"] == "*"
    graph = json.loads(found.content)["@graph"]
    file = next(each for each in graph if each["@id"].endswith(FILE))
    assert file["spdx:checksum"][0]["spdx:checksumValue"][0]["@value"] == client.get(FILE)["ETag"].strip('"')
    assert client.get("/du-lieu-mo/danh-muc.ttl").content.decode().startswith("@prefix dcat:")


def test_the_page_of_a_dataset_defines_every_column_and_says_how_cells_are_hidden(
    published: None, client: Client
) -> None:
    page = client.get("/du-lieu-mo/ho-so-co-quan-va-thu-tuc/").content.decode()
    for column in datasets()["ho-so-co-quan-va-thu-tuc"].columns:
        assert f"<code>{column.key}</code>" in page
    assert "từ 1 đến 4" in page
    assert "{most}" not in page


def test_nobody_is_ranked_on_too_few_and_places_are_as_sure_as_their_margins(town: Town, client: Client) -> None:
    facts.follow([town.answered(each, "2018-12-03 09:00", "2018-12-12 10:00").id for each in (MARKET, HILL)])
    Cube.objects.filter(receiving=MARKET, before_date=1).update(before_date=29)
    page = client.get("/so-lieu/xep-hang/?ky=2018&cap=xa-phuong").content.decode()
    assert "Quá ít hồ sơ để xếp hạng" in page
    assert "%" not in page.split("<main")[1].split("</details>")[1]
    Cube.objects.filter(receiving=MARKET, before_date=29).update(before_date=30)
    page = client.get("/so-lieu/xep-hang/?ky=2018&cap=xa-phuong").content.decode()
    assert "100%" in page.split("</details>")[1]

    def unit(name: str, hits: int, of: int) -> Standing:
        low, high = of_share(hits, of) or (0.0, 1.0)
        return Standing(name, "", "", Figures(on_time=hits, late=of - hits), hits / of, low, high)

    places = {each.name: each.place for each in placed([unit("a", 990, 1000), unit("b", 45, 50), unit("c", 46, 50),
                                                        unit("d", 100, 1000)])}  # fmt: skip
    assert places == {"a": "1", "c": "2–3", "b": "2–3", "d": "4"}
