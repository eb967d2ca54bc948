"""Control: all work of the agencies overseen and of no others; every count opens the list of what it counts."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from motcua.law import commands as c
from motcua.organisation.models import Account, Appointment, Role
from motcua.reports import facts
from motcua.reports.models import StageFact
from office.town_posts import NOW, as_post, at_ten  # noqa: F401
from reports.conftest import nothing_remembered, town  # noqa: F401
from reports.town import CITY, EAST, EAST_XD, HILL, HOUSE, MARKET, SHOP, WEST, WEST_XD, Town

FIGURE = re.compile(r'<a class="figures[^"]*" href="([^"]+)">([\d.]+)</a>')
CHIP = re.compile(
    r'<a class="filters__chip[^"]*" href="([^"]+)"[^>]*>.*?<span class="filters__count">([\d.]+)</span>', re.S
)
TOTAL = re.compile(r'<h1>[^<]*<span class="figures">([\d.]+)</span>')


def busy(town: Town) -> list[int]:  # noqa: F811
    """Work in two districts: done on time, done late, late now, due today, waiting."""
    states = [
        town.answered(MARKET, "2018-12-18 09:00", "2018-12-24 10:00"),
        town.answered(WEST, "2019-01-02 09:00", "2019-01-02 11:00", code=SHOP),
        town.at_officer(town.accepted(EAST, "2018-12-20 09:00"), "2018-12-20 10:00"),
        town.at_officer(town.accepted(HILL, "2019-01-14 15:00", code=SHOP), "2019-01-15 09:00"),
        town.accepted(HILL, "2019-01-14 16:00"),
    ]
    waiting = town.at_officer(town.accepted(EAST, "2019-01-10 09:00"), "2019-01-10 10:00")
    wait = c.Suspend(task=waiting.tasks[0].no, ground="verification", document="1/CV")
    states.append(town.do(waiting, "officer", wait, "2019-01-11 09:00"))
    facts.follow([state.id for state in states])
    return [state.id for state in states]


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


def test_every_count_opens_a_list_of_exactly_the_work_it_counts(town: Town, as_post: Any) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    seen = 0
    for part in ("", "?co-quan=T1/XD", "?thang=2018-12", f"quy-trinh/?thu-tuc={HOUSE}", "ho-so/?linh-vuc=T-CT"):
        address = f"/can-bo/kiem-soat/{part}"
        page = client.get(address)
        assert page.status_code == 200
        text = page.content.decode()
        for href, value in {**dict(FIGURE.findall(text)), **dict(CHIP.findall(text))}.items():
            number = int(value.replace(".", ""))
            assert listed(client, unescape(href)) == (number, number), (address, href)
            seen += number > 0
    assert seen > 60


def test_the_states_part_the_open_work(town: Town, as_post: Any) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    words = {slug: listed(client, f"/can-bo/kiem-soat/ho-so/?loai={slug}")[0]
             for slug in ("dang-giu", "tre-han", "han-hom-nay", "con-han", "tam-dung")}  # fmt: skip
    assert words["dang-giu"] == sum(words.values()) - words["dang-giu"]
    assert words["dang-giu"] == StageFact.objects.filter(closed=None).count()
    assert words["tam-dung"] == 1
    assert words["tre-han"] >= 1


def test_a_row_says_which_step_was_late_where_and_who_held_it(town: Town, as_post: Any) -> None:  # noqa: F811
    """opencps-v2 #1068 to #1070: late dossiers with the officer who held them."""
    busy(town)
    page = as_post("control", CITY).get("/can-bo/kiem-soat/ho-so/?loai=xong-tre").content.decode()
    assert f"leader {EAST}" in page
    assert re.search(r"approve trễ \d+ ngày làm việc \(leader 60002, Quận Đông\)", page)


@pytest.mark.parametrize(
    ("role", "agency", "sees", "not_sees"),
    [
        ("control", EAST, {EAST, MARKET}, {WEST, HILL}),
        ("leader", WEST, {WEST, HILL}, {EAST, MARKET}),
        ("head", EAST_XD, {EAST, MARKET}, {WEST, HILL}),
        ("one_stop_head", HILL, {HILL}, {EAST, MARKET, WEST}),
    ],
)
def test_each_post_sees_its_own_scope_and_nothing_else(
    town: Town,  # noqa: F811
    as_post: Any,  # noqa: F811
    role: str,
    agency: int,
    sees: set[int],
    not_sees: set[int],
) -> None:
    codes: dict[int, str] = {}
    for receiving in sorted(sees | not_sees):
        state = town.at_officer(town.accepted(receiving, "2019-01-14 09:00"), "2019-01-14 10:00")
        codes[receiving] = state.code
        facts.follow([state.id])
    client = as_post(role, agency)
    page = client.get("/can-bo/kiem-soat/ho-so/?loai=dang-giu").content.decode()
    assert {each for each, code in codes.items() if code in page} == sees
    others = "/can-bo/kiem-soat/ho-so/?loai=dang-giu&co-quan=" + ("T2/XD" if EAST in sees else "T1/XD")
    assert listed(client, others) == (0, 0)
    overview = client.get("/can-bo/kiem-soat/").content.decode()
    assert ("Huyện Tây" in overview) is (WEST in sees or HILL in sees)


def test_whoever_oversees_nothing_is_not_let_in(town: Town, as_post: Any) -> None:  # noqa: F811
    client = as_post("officer", WEST_XD)
    for page in ("", "ho-so/", "quy-trinh/"):
        assert client.get(f"/can-bo/kiem-soat/{page}").status_code == 403
    assert Client().get("/can-bo/kiem-soat/").status_code == 302


def test_a_post_that_oversees_nothing_widens_nothing(town: Town, as_post: Any) -> None:  # noqa: F811
    """A head in one district who is an officer in another controls the first alone."""
    state = town.at_officer(town.accepted(WEST, "2019-01-14 09:00"), "2019-01-14 10:00")
    facts.follow([state.id])
    client = as_post("head", EAST_XD)
    account = Account.objects.get(username=f"head{EAST_XD}")
    officer = Role.objects.get_or_create(code="officer", defaults={"number": 4, "name_vi": "x", "name_en": "x"})[0]
    Appointment.objects.create(account=account, agency_id=WEST_XD, role=officer, valid_from=date(2018, 1, 1))
    assert state.code not in client.get("/can-bo/kiem-soat/ho-so/?loai=dang-giu").content.decode()


def test_the_step_chart_tells_median_and_ninetieth_against_the_budget(town: Town, as_post: Any) -> None:  # noqa: F811
    states = [town.answered(EAST, "2019-01-07 08:00", f"2019-01-07 {hours}:00") for hours in ("09", "10", "11")]
    states += [town.answered(EAST, "2019-01-07 08:00", "2019-01-09 08:00") for _ in range(7)]
    facts.follow([state.id for state in states])
    page = as_post("control", EAST).get(f"/can-bo/kiem-soat/quy-trinh/?thu-tuc={HOUSE}").content.decode()
    step = page[page.index("<h3>approve</h3>") : page.index("<h3>register</h3>")]
    assert "được giao 4 giờ" in step
    assert re.search(r"giữa <strong>2 ngày làm việc</strong>", step)
    assert re.search(r"90% <strong>2 ngày làm việc</strong>", step)
    assert "(70%)" in step
    assert "pace__median--over" in step
    assert "<script" not in step


def test_a_period_without_work_says_so(town: Town, as_post: Any) -> None:  # noqa: F811
    client = as_post("control", CITY)
    assert "Không có việc nào ở đây" in client.get("/can-bo/kiem-soat/").content.decode()
    page = client.get(f"/can-bo/kiem-soat/quy-trinh/?thu-tuc={HOUSE}").content.decode()
    assert "Chưa có việc nào trong kỳ này" in page
    assert "%</" not in re.sub(r"<svg.*?</svg>", "", page)


@pytest.mark.parametrize(
    "address",
    ["?thang=x", "?co-quan=nowhere", "?nguoi=x", "?nguoi=99999999999999999999999", "?linh-vuc=%00", "ho-so/?loai=x",
     "ho-so/?sau=x", "ho-so/?sau=2019-01-01~1~1", "quy-trinh/?thu-tuc=none"],
)  # fmt: skip
def test_what_names_nothing_is_not_found(town: Town, as_post: Any, address: str) -> None:  # noqa: F811
    assert as_post("control", CITY).get(f"/can-bo/kiem-soat/{address}").status_code == 404


@pytest.mark.parametrize("page", ["", "ho-so/?loai=dang-giu", f"quy-trinh/?thu-tuc={HOUSE}", "quy-trinh/"])
def test_few_queries(
    town: Town,  # noqa: F811
    as_post: Any,  # noqa: F811
    django_assert_max_num_queries: Any,
    page: str,
) -> None:
    busy(town)
    client = as_post("control", CITY)
    with django_assert_max_num_queries(25):
        assert client.get(f"/can-bo/kiem-soat/{page}").status_code == 200


def test_every_card_of_the_figures_hub_opens_for_whom_it_is_shown_to() -> None:
    from django.urls import resolve, reverse

    from motcua.office.figures_hub import CARDS

    for card in CARDS:
        view = resolve(reverse(card.name)).func
        assert hasattr(view, "needs"), f"{card.name} stands behind no door of the office"
