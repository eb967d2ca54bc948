"""The state's forms on the page: every figure a door, nobody beyond their posts, issued by control for ever."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from motcua.dossiers import store
from motcua.law import commands as c
from motcua.organisation.models import Account, Appointment, Role
from motcua.reports import facts
from motcua.statutory.models import IssuedReport
from office.town_posts import NOW, as_post, at_ten  # noqa: F401
from reports.conftest import nothing_remembered, town  # noqa: F401
from reports.town import CITY, DEPARTMENT, EAST, EAST_XD, HILL, MARKET, SHOP, WEST, Town

TOWN = "below:T"
FIGURE = re.compile(r'<a class="figures[^"]*" href="([^"]+)">([\d.]+)</a>')
TOTAL = re.compile(r'<h1>[^<]*<span class="figures">([\d.]+)</span>')
REPORT = "/can-bo/bao-cao/?bieu=II.06a&pham-vi=below:T&ky=2018-12r"


def busy(town: Town) -> None:  # noqa: F811
    """December in two districts: answered in time, late, withdrawn, open, overdue, waiting, declined."""
    states = [
        town.answered(MARKET, "2018-12-03 09:00", "2018-12-05 10:00"),
        town.answered(MARKET, "2018-11-16 09:00", "2018-12-13 10:00"),
        town.answered(WEST, "2018-12-04 09:00", "2018-12-04 11:00", code=SHOP),
        town.at_officer(town.accepted(EAST, "2018-11-20 09:00"), "2018-11-20 10:00"),
        town.at_officer(town.accepted(HILL, "2018-12-14 15:00", code=SHOP), "2018-12-14 16:00"),
        town.do(town.accepted(EAST, "2018-12-06 09:00"), "clerk", c.Withdraw(reason="Đổi ý"), "2018-12-07 09:00"),
    ]
    declined = town.lodged(EAST, "2018-12-06 09:00")
    no = c.Decline(reason="not_ours", words="Không thuộc thẩm quyền")
    states.append(town.do(declined, "clerk", no, "2018-12-07 09:00"))
    waiting = town.at_officer(town.accepted(EAST, "2018-12-10 09:00"), "2018-12-10 10:00")
    wait = c.Suspend(task=waiting.tasks[0].no, ground="verification", document="1/CV")
    states.append(town.do(waiting, "officer", wait, "2018-12-11 09:00"))
    facts.follow([state.id for state in states])
    with store.cursor() as run:
        run.execute(
            "INSERT INTO dossiers_follower (name, xid, pos, complete_until) VALUES ('reports', 1, 1, %s)"
            " ON CONFLICT (name) DO UPDATE SET complete_until = excluded.complete_until",
            (NOW,),
        )


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


@pytest.mark.parametrize("form", ["II.06a", "II.06b", "II.06c"])
@pytest.mark.parametrize("period", ["2018-12r", "2019-01r", "2018-Q4r", "2019-02r", "2018"])
def test_every_figure_of_a_form_opens_exactly_its_dossiers(town: Town, as_post: Any, form: str, period: str) -> None:  # noqa: F811
    """The third journey: it clicks "late" and sees the dossiers it counts."""
    busy(town)
    client = as_post("control", CITY)
    page = client.get(REPORT.replace("II.06a", form).replace("2018-12r", period))
    assert page.status_code == 200
    found = FIGURE.findall(page.content.decode())
    assert len(found) > 5
    for href, value in found:
        number = int(value.replace(".", ""))
        assert listed(client, unescape(href)) == (number, number), href


def test_a_late_one_shows_the_stage_and_the_office_and_leads_to_its_timeline(town: Town, as_post: Any) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    page = client.get("/can-bo/bao-cao/ho-so/?bieu=II.06a&pham-vi=below:T&ky=2018-12r&cot=qua-han").content.decode()
    assert re.search(r"approve trễ \d+ ngày làm việc \(Quận Đông\)", page), page
    href = re.search(r'href="(/can-bo/ho-so/\d+/)"', page)
    assert href
    assert client.get(href[1]).status_code == 200


@pytest.mark.parametrize("column", ["nhan", "qua-han"])
def test_the_dossiers_behind_a_figure_are_taken_along(town: Town, as_post: Any, column: str) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    href = f"/can-bo/bao-cao/ho-so/?bieu=II.06a&pham-vi=below:T&ky=2018-12r&cot={column}"
    page = client.get(href).content.decode()
    assert "dinh-dang=xlsx" in page
    file = b"".join(client.get(f"{href}&dinh-dang=csv")).decode("utf-8-sig")  # type: ignore[arg-type]
    _, *lines = file.strip().splitlines()
    assert len(lines) == listed(client, href)[0] > 0


def test_it_is_issued_asked_for_again_and_corrected_beside(town: Town, as_post: Any) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    assert "Phát hành báo cáo" in client.get(REPORT).content.decode()
    asked = {"bieu": "II.06a", "pham-vi": TOWN, "ky": "2018-12r"}
    answer = client.post("/can-bo/bao-cao/phat-hanh/", asked, follow=True)
    assert "Đã phát hành bản 1." in answer.content.decode()
    row = IssuedReport.objects.get()
    assert row.issued_by_name == f"control {CITY}"
    page = client.get(REPORT).content.decode()
    assert "giữ nguyên đến từng con số" in page
    assert "Phát hành báo cáo</span>" not in page
    one = f"/can-bo/bao-cao/da-phat-hanh/{row.pk}/"
    assert "giống hệt" in client.get(one).content.decode()
    assert "ô nay khác" not in page
    facts.follow([town.answered(EAST, "2018-12-10 09:00", "2018-12-12 09:00").id])
    assert "ô khác bản đã phát hành" in client.get(one).content.decode()
    assert "ô nay khác" in client.get(REPORT).content.decode()
    client.post("/can-bo/bao-cao/phat-hanh/", asked)
    assert IssuedReport.objects.count() == 1
    client.post("/can-bo/bao-cao/phat-hanh/", {**asked, "ly-do": "Sổ giấy nộp muộn"})
    assert list(IssuedReport.objects.order_by("version").values_list("version", "reason")) == [
        (1, ""), (2, "Sổ giấy nộp muộn"),
    ]  # fmt: skip
    assert "ô nay khác" not in client.get(REPORT).content.decode()
    assert "nguyên văn như khi phát hành" in client.get(one).content.decode()
    assert client.get("/can-bo/bao-cao/da-phat-hanh/").content.decode().count("II.06a</a>") == 2
    for kind, magic in (("xlsx", b"PK"), ("pdf", b"%PDF")):
        assert client.get(f"{one}?tep={kind}").content.startswith(magic)
        assert (
            client.get(f"/can-bo/bao-cao/tep/{kind}/?bieu=II.06a&pham-vi=below:T&ky=2018-12r")
            .content[:4]
            .startswith(magic)
        )


def test_figures_that_are_wrong_are_not_shown_exported_or_issued(town: Town, as_post: Any) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    with store.cursor() as run:
        run.execute("UPDATE reports_cube SET received = received + 1 WHERE receiving = %s", (WEST,))
    page = client.get(REPORT).content.decode()
    assert "Có dòng không cân đối" in page
    assert "3 = 7 + 11" in page
    assert "Tải Excel" not in page
    assert client.get("/can-bo/bao-cao/tep/xlsx/?bieu=II.06a&pham-vi=below:T&ky=2018-12r").status_code == 409
    client.post("/can-bo/bao-cao/phat-hanh/", {"bieu": "II.06a", "pham-vi": TOWN, "ky": "2018-12r"})
    assert not IssuedReport.objects.exists()
    with store.cursor() as run:
        run.execute("UPDATE reports_standing SET trouble = 'rows_lost'")
    page = client.get(REPORT).content.decode()
    assert "statutory-form" not in re.sub(r"<link[^>]+>", "", page)
    assert "reports rebuild" in page


def test_a_running_period_says_so_and_an_empty_one_too(town: Town, as_post: Any) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    assert "Kỳ báo cáo chưa kết thúc" in client.get(REPORT.replace("2018-12r", "2019-02r")).content.decode()
    empty = client.get(REPORT.replace("2018-12r", "2016-Q1r")).content.decode()
    assert "Không có hồ sơ trong kỳ" in empty
    assert "100%" not in empty
    assert client.get(REPORT.replace("2018-12r", "2019-03r")).status_code == 404


@pytest.mark.parametrize(
    ("role", "agency", "scope", "status"),
    [
        ("control", CITY, "below:T", 200), ("leader", EAST, "below:T1", 200), ("leader", EAST, "own:T11", 200),
        ("leader", EAST, "below:T2", 404), ("leader", EAST, "city", 404), ("leader", EAST, "tier:commune", 404),
        ("leader", EAST, "below:T", 404), ("control", DEPARTMENT, "own:TQH", 200), ("control", DEPARTMENT, "T1", 404),
        ("officer", EAST_XD, "own:T1", 403), ("reception", MARKET, "own:T11", 403),
        ("one_stop_head", MARKET, "T11", 200), ("one_stop_head", MARKET, "T12", 404),
    ],
)  # fmt: skip
def test_nobody_looks_beyond_their_posts(
    town: Town,  # noqa: F811
    as_post: Any,  # noqa: F811
    role: str,
    agency: int,
    scope: str,
    status: int,
) -> None:
    busy(town)
    client = as_post(role, agency)
    parts = f"pham-vi={scope}&ky=2018-12r"
    for page in (
        "bao-cao/?",
        "bao-cao/ho-so/?cot=nhan&",
        "bao-cao/tep/pdf/?",
        "chi-so-766/?",
        "chi-so-766/khac-nhau/?",
    ):
        assert client.get(f"/can-bo/{page}{parts}").status_code == status, page


def test_only_control_issues_and_only_its_own(town: Town, as_post: Any) -> None:  # noqa: F811
    busy(town)
    asked = {"bieu": "II.06a", "pham-vi": "below:T1", "ky": "2018-12r"}
    assert as_post("leader", EAST).post("/can-bo/bao-cao/phat-hanh/", asked).status_code == 403
    assert as_post("control", WEST).post("/can-bo/bao-cao/phat-hanh/", asked).status_code == 404
    assert not IssuedReport.objects.exists()
    assert as_post("control", EAST).post("/can-bo/bao-cao/phat-hanh/", asked).status_code == 302
    number = IssuedReport.objects.get().pk
    assert as_post("leader", WEST).get(f"/can-bo/bao-cao/da-phat-hanh/{number}/").status_code == 404
    assert "II.06a</a>" not in as_post("leader", HILL).get("/can-bo/bao-cao/da-phat-hanh/").content.decode()


@pytest.mark.parametrize(
    "query",
    ["bieu=II.99", "pham-vi=below:nowhere", "pham-vi=tier:moon", "ky=2018-13r", "ky=0001", "ky=9999", "bieu=%00",
     "cot=x", "cot=nhan&sau=x", "cot=nhan&sau=late~~1", "cot=nhan&noi-nhan=zz", "cot=nhan&cap=zz",
     "cot=qua-han&sau=late~2018-01-01T00:00:00%2B00:00~" + "9" * 30],
)  # fmt: skip
def test_what_we_do_not_know_does_not_exist(town: Town, as_post: Any, query: str) -> None:  # noqa: F811
    client = as_post("control", CITY)
    assert client.get(f"/can-bo/bao-cao/ho-so/?{query}").status_code == 404


def test_the_pages_of_scores_index_and_processes_open(town: Town, as_post: Any) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    for page in (
        "bao-cao/", "bao-cao/thu-tuc/?ky=2018-12r", "bao-cao/thu-tuc/?ky=2018-12r&tep=pdf",
        "diem/?pham-vi=own:T1&ky=2018-Q4r",
        "chi-so-766/?pham-vi=below:T&ky=2018-Q4r", "chi-so-766/khac-nhau/?pham-vi=below:T&ky=2018-Q4r",
        "diem/", "chi-so-766/", "so-lieu/",
    ):  # fmt: skip
        assert client.get(f"/can-bo/{page}").status_code == 200, page
    assert "chưa có dữ liệu" in client.get("/can-bo/diem/?pham-vi=own:T1&ky=2018-Q4r").content.decode()


def test_what_the_index_measures_and_the_decree_sets_apart_is_listed(town: Town, as_post: Any) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    page = client.get("/can-bo/chi-so-766/?ky=2018-12r").content.decode()
    found = re.search(r'href="([^"]*cot=[^"]*)">(\d+) hồ sơ kết thúc không có kết quả', page)
    assert found
    number = int(found[2])
    assert number > 0
    assert listed(client, unescape(found[1])) == (number, number)


def test_every_form_is_among_the_choices_and_ii_07b_leads_to_its_page(town: Town, as_post: Any) -> None:  # noqa: F811
    client = as_post("control", CITY)
    page = client.get("/can-bo/bao-cao/?ky=2018-12r").content.decode()
    assert re.findall(r'<option value="(II[^"]+)"', page) == ["II.06a", "II.06b", "II.06c", "II.07b"]
    answer = client.get("/can-bo/bao-cao/?bieu=II.07b&pham-vi=below:T&ky=2018-12r")
    assert answer.status_code == 302
    assert answer["Location"] == "/can-bo/bao-cao/thu-tuc/?ky=2018-12r"
    assert client.get("/can-bo/bao-cao/?bieu=II.07b&ky=x").status_code == 404


def test_every_point_opens_the_dossiers_it_was_given_to(town: Town, as_post: Any) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    officer = town.east["officer"].account
    seen = 0
    for page in (
        "diem/?pham-vi=own:T1&ky=2018-Q4r",
        "diem/?pham-vi=T11&ky=2018",
        f"diem/can-bo/{officer}/?ky=2018-Q4r",
    ):
        found = FIGURE.findall(client.get(f"/can-bo/{page}").content.decode())
        for href, value in found:
            assert listed(client, unescape(href)) == (int(value), int(value)), href
            seen += 1
    assert seen > 12


def test_an_official_sees_their_own_score_and_nobody_elses(town: Town, client: Client) -> None:  # noqa: F811
    busy(town)
    officer, other = town.east["officer"], town.west["officer"]
    role = Role.objects.get_or_create(code="officer", defaults={"number": 4, "name_vi": "o", "name_en": "o", "at": []})
    account = Account.objects.get(pk=officer.account)
    Appointment.objects.create(account=account, agency_id=EAST_XD, role=role[0], valid_from=date(2018, 1, 1))
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "điểm của tôi" in client.get("/can-bo/diem/?ky=2018-Q4r").content.decode()
    assert client.get(f"/can-bo/diem/can-bo/{other.account}/").status_code == 404
    assert client.get(f"/can-bo/diem/ho-so/?can-bo={other.account}&tieu-chi=1&diem=2").status_code == 404
    assert client.get("/can-bo/diem/ho-so/?pham-vi=T11&tieu-chi=1&diem=2").status_code == 404
    assert client.get(f"/can-bo/diem/ho-so/?can-bo={officer.account}&tieu-chi=1&diem=2").status_code == 200
