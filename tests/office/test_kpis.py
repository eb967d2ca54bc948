"""The pages of the indicators: who sees which, every value opens what it counts, and nothing is shown of too few."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client

from kpis.conftest import taken_online, town  # noqa: F401
from kpis.lively import Lively
from motcua.dossiers import clock
from motcua.kpis import definitions, publishing
from motcua.reports.periods import parse
from office.test_control import as_post  # noqa: F401
from reports.conftest import nothing_remembered  # noqa: F401
from reports.town import CITY, EAST, EAST_XD, HILL, MARKET, WEST, hour

NOW = hour("2019-01-15 10:00")
LIST = "/can-bo/chi-so/"
PART = re.compile(r'<a class="figures" href="([^"]+)">([\d.]+)</a>')
TOTAL = re.compile(r'<h1>[^<]*<span class="figures">([\d.]+)</span>')
AsPost = Callable[..., Client]


@pytest.fixture(autouse=True)
def in_january(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pages are looked at in the middle of January: the last month that is over is December."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(publishing, "complete", lambda _: NOW)
    return


def listed(client: Client, href: str) -> tuple[int, int]:
    """The total a list states, and how many rows its pages really have."""
    rows, first = 0, None
    while href:
        page = client.get(href).content.decode()
        stated = TOTAL.search(page)
        assert stated, page
        first = first if first is not None else int(stated[1].replace(".", ""))
        rows += page.count("<tr data-row")
        following = re.search(r'href="([^"]+)" rel="next"', page)
        href = unescape(following[1]) if following else ""
    assert first is not None
    return first, rows


def test_every_kpi_has_its_page_and_every_value_opens_what_it_counts(town: Lively, as_post: AsPost) -> None:  # noqa: F811
    town.at_random(77, dossiers=25)
    client, seen = as_post("control", CITY), 0
    page = client.get(LIST).content.decode()
    for kpi in definitions.all():
        assert f"{LIST}{kpi.code}/" in page
        text = client.get(f"{LIST}{kpi.code}/")
        assert text.status_code == 200
        for href, value in dict(PART.findall(text.content.decode())).items():
            number = int(value.replace(".", ""))
            if kpi.group in ("timeliness", "load", "satisfaction"):
                assert listed(client, unescape(href)) == (number, number), (kpi.code, href)
                seen += number > 0
    assert seen > 40


@pytest.mark.parametrize("role", ["control", "leader", "head", "reception"])
def test_who_may_see_which(town: Lively, as_post: AsPost, role: str) -> None:  # noqa: F811
    agency = {"control": CITY, "leader": EAST, "head": EAST_XD, "reception": MARKET}[role]
    client = as_post(role, agency)
    viewer = {"control": "control", "leader": "head", "head": "head", "reception": "officials"}[role]
    page = client.get(LIST).content.decode()
    for kpi in definitions.all():
        may = definitions.may_see(viewer, kpi)  # type: ignore[arg-type]
        assert (f"{LIST}{kpi.code}/" in page) == may
        assert client.get(f"{LIST}{kpi.code}/").status_code == (200 if may else 404)
        assert client.get(f"{LIST}{kpi.code}/ho-so/").status_code in ((200, 404) if may else (404,))


def test_each_post_sees_the_figures_of_its_own_scope(town: Lively, as_post: AsPost) -> None:  # noqa: F811
    from motcua.reports import facts

    facts.follow([town.accepted(each, "2018-12-03 09:00").id for each in (MARKET, EAST, EAST, HILL)])
    for role, agency, number in (
        ("control", CITY, 4),
        ("leader", EAST, 3),
        ("leader", WEST, 1),
        ("reception", MARKET, 1),
    ):
        client = as_post(role, agency)
        assert listed(client, f"{LIST}received/ho-so/") == (number, number)
    assert as_post("head", EAST_XD).get(f"{LIST}received/?co-quan=T21").status_code == 404
    assert as_post("one_stop_head", HILL).get(f"{LIST}?co-quan=T2").status_code == 404


def test_a_resident_and_nobody_come_to_none_of_it(client: Client, town: Lively) -> None:  # noqa: F811
    for path in (LIST, f"{LIST}received/", f"{LIST}received/ho-so/"):
        assert client.get(path).status_code == 302


@pytest.mark.parametrize(
    "path",
    ["?ky=x", "?ky=0001", "?co-quan=nothing", "nothing/", "received/?theo=nguoi", "received/?theo=x",
     "received/ho-so/?phan=x", "received/ho-so/?phan=tu", "received/ho-so/?sau=x", "received/ho-so/?theo=noi-nhan",
     "received/ho-so/?theo=noi-nhan&don-vi=x", "received/ho-so/?theo=thang&don-vi=2018-13-01",
     "received/ho-so/?theo=noi-nhan&don-vi=99999999999999"],
)  # fmt: skip
def test_what_nobody_knows_is_no_page(town: Lively, as_post: AsPost, path: str) -> None:  # noqa: F811
    assert as_post("control", CITY).get(f"{LIST}{path}").status_code == 404


def test_officials_are_named_to_their_heads_only(town: Lively, as_post: AsPost) -> None:  # noqa: F811
    town.at_random(5, dossiers=12)
    path = f"{LIST}step_late_share/?theo=nguoi"
    page = as_post("leader", EAST).get(path).content.decode()
    assert f"officer {EAST}" in page
    assert f"officer {WEST}" not in page
    assert as_post("reception", MARKET).get(path).status_code == 404


def test_too_few_cases_show_no_share_and_no_rank(town: Lively, as_post: AsPost) -> None:  # noqa: F811
    from motcua.reports import facts

    facts.follow([town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00").id for _ in range(3)])
    page = as_post("control", CITY).get(f"{LIST}on_time_share/").content.decode()
    assert "quá ít để nói" in page
    assert "100%" not in page
    assert "Hạng</th>" not in page


def test_a_correction_is_shown_as_one(town: Lively, as_post: AsPost) -> None:  # noqa: F811
    from motcua.reports import facts
    from motcua.reports.models import DossierFact

    facts.follow([town.answered(EAST, "2018-12-03 09:00", "2018-12-10 10:00").id for _ in range(12)])
    kpi = definitions.get("corrected_share")
    publishing.publish(kpi, parse("2018-12"), NOW)
    DossierFact.objects.update(corrected_at=NOW)
    publishing.publish(kpi, parse("2018-12"), NOW)
    client: Any = as_post("control", CITY)
    assert "đính chính lần 1" in client.get(f"{LIST}corrected_share/").content.decode()
    assert "đã đính chính" in client.get(LIST).content.decode()


def test_a_broken_file_is_told_and_the_others_stand(
    town: Lively,  # noqa: F811
    as_post: AsPost,  # noqa: F811
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "bad.yaml").write_text("code: bad\n")
    monkeypatch.setattr(definitions, "folders", lambda: (definitions.SHIPPED, tmp_path))
    page = as_post("control", CITY).get(LIST).content.decode()
    assert "1 tệp chỉ số bị lỗi" in page
    assert f"{LIST}received/" in page
