"""The city's page: every figure opens a list of exactly what it counts, and none is a rate on nothing."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client

from motcua.dossiers import clock
from motcua.law import commands as c
from motcua.reports import facts
from reports.town import EAST, FERRY, HILL, MARKET, OLD_HILL, SHOP, WEST, Town, hour

NOW = hour("2019-01-15 10:00")
FIGURE = re.compile(r'<a class="[^"]*(?:figures|big__link)[^"]*" href="([^"]+)">([\d.]+)</a>')
TOTAL = re.compile(r'<h1>[^<]*<span class="figures">([\d.]+)</span>')


@pytest.fixture(autouse=True)
def at_ten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pages are looked at on a Tuesday morning."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return


def a_busy_city(town: Town) -> None:
    """Some of everything, in two districts, two fields and three months."""
    states = [
        town.answered(MARKET, "2018-11-05 09:00", "2018-11-20 10:00"),
        town.answered(FERRY, "2018-12-03 09:00", "2018-12-24 16:00", code=SHOP),
        town.answered(EAST, "2018-12-03 09:00", "2018-12-28 10:00"),
        town.answered(WEST, "2018-12-10 09:00", "2019-01-14 10:00"),
        town.answered(HILL, "2019-01-10 09:00", "2019-01-15 09:00", code=SHOP),
        town.accepted(MARKET, "2019-01-14 09:00"),
        town.accepted(MARKET, "2018-12-03 09:00", code=SHOP),
        town.accepted(OLD_HILL, "2018-12-20 09:00"),
        town.lodged(HILL, "2019-01-14 09:00", channel="post"),
        town.do(town.accepted(WEST, "2018-12-03 09:00"), "clerk", c.Withdraw(reason="Đổi ý"), "2018-12-04 09:00"),
        town.do(town.lodged(WEST, "2018-12-03 09:00"), "clerk", c.Decline(reason="x", words="Sai"), "2018-12-03 10:00"),
    ]  # fmt: skip
    waiting = town.at_officer(town.accepted(EAST, "2019-01-03 09:00"), "2019-01-03 10:00")
    wait = c.Suspend(task=waiting.tasks[0].no, ground="verification", document="1/CV")
    states.append(town.do(waiting, "officer", wait, "2019-01-04 09:00"))
    facts.follow([state.id for state in states])


def figures_of(page: str) -> list[tuple[str, int]]:
    """Every figure on a page with the address it opens."""
    return [(unescape(href), int(value.replace(".", ""))) for href, value in FIGURE.findall(page)]


def total_of(client: Client, href: str) -> tuple[int, int]:
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


def test_every_figure_opens_a_list_of_exactly_what_it_counts(town: Town, client: Client) -> None:
    a_busy_city(town)
    seen = 0
    for address in ("/so-lieu/", "/so-lieu/?thang=2018-12", "/so-lieu/?ngay=2019-01-15", "/so-lieu/?co-quan=T1",
                    "/so-lieu/?cap=xa-phuong", "/so-lieu/?ky=2018-Q4r", "/so-lieu/?ky=2018"):  # fmt: skip
        page = client.get(address)
        assert page.status_code == 200
        found = figures_of(page.content.decode())
        assert len(found) > 20
        for href, value in dict(found).items():
            assert total_of(client, href) == (value, value), (address, href)
            seen += value > 0
    assert seen > 40


def test_a_place_and_a_procedure_are_never_shown_together(town: Town, client: Client) -> None:
    """What open data hides must not stand on the live pages: neither the figure, nor a list to count it by."""
    a_busy_city(town)
    for address in ("/so-lieu/?linh-vuc=T-CT&thang=2019-01", f"/so-lieu/?thu-tuc={SHOP}"):
        page = client.get(address).content.decode()
        assert "danh-sach" not in page
        assert 'id="don-vi"' not in page
        assert 'class="tile ' not in page
        assert "ho-so-co-quan-va-thu-tuc" in page
    assert 'id="linh-vuc"' not in client.get("/so-lieu/?co-quan=T1").content.decode()
    for address in ("?co-quan=T11&linh-vuc=T-CT", f"?cap=xa-phuong&thu-tuc={SHOP}",
                    "danh-sach/?loai=tiep-nhan&linh-vuc=T-CT", f"danh-sach/?loai=tre-han&thu-tuc={SHOP}"):  # fmt: skip
        page = client.get(f"/so-lieu/{address}").content.decode()
        assert "có thể chỉ ra một người" in page
        assert "<table" not in page
    for kind in ("tiep-nhan", "tre-han", "dang-giai-quyet"):
        page = client.get(f"/so-lieu/danh-sach/?loai={kind}").content.decode()
        assert "Mở cửa hàng" not in page
        assert "nhà ở" not in page


def test_a_period_is_chosen_and_compared(town: Town, client: Client) -> None:
    a_busy_city(town)
    page = client.get("/so-lieu/?ky=2018-Q4").content.decode()
    assert '<option value="2018-Q4" selected>' in page
    assert "quý iv năm 2018" in page.casefold()
    assert "Cùng kỳ năm trước" in page
    assert "quá ít để so sánh" in page
    report = client.get("/so-lieu/?ky=2019-01r").content.decode()
    assert '<option value="2019-01r" selected>' in report
    # From the 15th of December to the 14th of January: on 20/12, 3/1, 10/1 and 14/1.
    assert total_of(client, "/so-lieu/danh-sach/?loai=tiep-nhan&ky=2019-01r") == (4, 4)


def test_pages_go_by_key_and_miss_nobody(town: Town, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Incident 12: counts that stop at the page size."""
    from motcua.reports.lists import Listing

    facts.follow([town.accepted(MARKET, "2019-01-14 09:00").id for _ in range(7)])
    whole = Listing.page
    monkeypatch.setattr(Listing, "page", lambda self, after="": whole(self, after, 3))
    assert total_of(client, "/so-lieu/danh-sach/?loai=tiep-nhan") == (7, 7)


def test_an_empty_city_states_no_rate(town: Town, client: Client) -> None:
    """Peers, fault 9: 100 % on time when nothing was answered."""
    page = client.get("/so-lieu/?thang=2018-02").content.decode()
    assert "%" not in re.sub(r'<ul class="tiles-key".*?</ul>|width="100%"', "", page)
    assert "chưa trả hồ sơ nào" in page
    assert {value for _, value in figures_of(page)} == {0}


def test_a_unit_with_few_answers_is_not_compared(town: Town, client: Client) -> None:
    """Incident 17: no league table of raw counts."""
    ids = [town.answered(WEST, "2018-12-10 09:00", "2018-12-12 10:00").id for _ in range(10)]
    facts.follow([*ids, town.answered(EAST, "2018-12-10 09:00", "2018-12-12 10:00").id])
    page = client.get("/so-lieu/").content.decode()
    tile = {
        name: page[: page.index(f">{name}<")].rsplit('class="tile ', 1)[1][:7] for name in ("Quận Đông", "Huyện Tây")
    }
    assert tile == {"Quận Đông": "tile--0", "Huyện Tây": "tile--5"}


def test_a_dissolved_commune_is_counted_under_its_district(town: Town, client: Client) -> None:
    facts.follow([town.accepted(OLD_HILL, "2018-12-20 09:00").id])
    page = client.get("/so-lieu/?co-quan=T2").content.decode()
    assert "Xã Đồi Cũ" in page
    assert total_of(client, "/so-lieu/danh-sach/?loai=tiep-nhan&co-quan=T22") == (1, 1)


@pytest.mark.parametrize(("at", "today"), [("2019-01-14 23:59", "2019-01-14"), ("2019-01-15 00:00", "2019-01-15")])
def test_today_is_the_citys_day(
    town: Town, client: Client, monkeypatch: pytest.MonkeyPatch, at: str, today: str
) -> None:
    """Incident 10: the last 24 hours, or UTC's day, taken for today."""
    ended = town.answered(EAST, "2019-01-10 09:00", "2019-01-14 23:59")
    facts.follow([ended.id])
    monkeypatch.setattr(clock, "now", lambda: hour(at))
    page = client.get("/so-lieu/").content.decode()
    chip = re.search(r'href="\?*([^"]+)"[^>]*><span>Hôm nay</span> <span class="filters__count">(\d+)', page)
    assert chip
    assert f"ngay={today}" in chip[1]
    assert chip[2] == ("1" if today == "2019-01-14" else "0")


def test_the_list_names_nobody(town: Town, client: Client) -> None:
    state = town.accepted(MARKET, "2019-01-14 09:00")
    facts.follow([state.id])
    page = client.get("/so-lieu/danh-sach/?loai=dang-giai-quyet").content.decode()
    assert state.code in page
    assert state.applicant.name not in page
    assert state.applicant.number not in page


@pytest.mark.parametrize(
    "address",
    ["?thang=2018-13", "?thang=x", "?ngay=0001-01-01", "?ngay=9999-12-31", "?co-quan=nowhere", "?cap=lang",
     "?linh-vuc=%00", "?ky=2018-Q5", "?ky=0001", "?ky=x",
     "xep-hang/?ky=x", "xep-hang/?cap=lang", "danh-sach/", "danh-sach/?loai=x", "danh-sach/?loai=tiep-nhan&sau=x",
     "danh-sach/?loai=tiep-nhan&sau=2019-01-01~x",
     "danh-sach/?loai=tiep-nhan&sau=2019-01-01T00:00:00%2B00:00~99999999999999999999999"],
)  # fmt: skip
def test_what_names_nothing_is_not_found(db: None, client: Client, address: str) -> None:
    assert client.get(f"/so-lieu/{address}").status_code == 404


def test_odd_filters_find_nothing_and_harm_nothing(town: Town, client: Client) -> None:
    page = client.get("/so-lieu/", {"linh-vuc": "' OR 1=1 --", "thu-tuc": "<script>"}).content.decode()
    assert "<script>" not in page.replace('<script src="', "")
    assert set(re.findall(r'<span class="figures">([\d.]+)</span>', page)) == {"0"}


def test_the_wall_refreshes_itself_without_a_script(db: None, client: Client) -> None:
    assert 'http-equiv="refresh"' not in client.get("/so-lieu/").content.decode()
    assert '<meta http-equiv="refresh" content="60">' in client.get("/so-lieu/?tu-cap-nhat=1").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/so-lieu/",
        "/so-lieu/danh-sach/?loai=tiep-nhan",
        "/so-lieu/xep-hang/?ky=2018",
        "/so-lieu/hai-long-va-thoi-gian/",
    ],
)
def test_few_queries(town: Town, client: Client, django_assert_max_num_queries: Any, address: str) -> None:
    """Incident 32: a query a row."""
    a_busy_city(town)
    with django_assert_max_num_queries(30):
        assert client.get(address).status_code == 200
