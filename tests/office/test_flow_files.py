"""The tables of the flow pages as files: the numbers of the page, whole, typed, for whoever may see the page."""

from collections.abc import Iterator
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client

from flow.past import written
from flow.test_ways import followed
from motcua.dossiers import clock
from motcua.exports import answers
from motcua.flow import risk, training, ways
from motcua.flow.models import RiskModel
from office.files_taken import cells, content, lines, offered, refuses_nonsense
from office.test_flow_pages import FIGURE, busy, share_of
from office.town_posts import NOW, as_post  # noqa: F401
from reports.conftest import nothing_remembered, town  # noqa: F401
from reports.town import CITY, EAST, EAST_XD, HOUSE, MARKET, WEST, Town, hour

WAYS = f"/can-bo/thoi-gian/duong-di/?thu-tuc={HOUSE}"
LIST = f"/can-bo/thoi-gian/duong-di/ho-so/?thu-tuc={HOUSE}&loai=tat-ca"
WHATIF = f"/can-bo/thoi-gian/thu-doi/?thu-tuc={HOUSE}&ky=2019"
RISK = "/can-bo/thoi-gian/nguy-co/"
MODEL = "/can-bo/thoi-gian/du-bao/"
STEPS = "/can-bo/kiem-soat/quy-trinh/"


@pytest.fixture(autouse=True)
def at_ten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    risk.day.forget()
    yield
    risk.day.forget()


def test_the_ways_are_taken_along_as_they_are_counted(town: Town, as_post: Any) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    page = client.get(WAYS)
    assert offered(client, WAYS) == {"tong-quan", "kieu", "roi", "giao-nhan", "ky-don"} & {
        *("tong-quan", "kieu"),
        *(["roi"] if page.context["leavings"] else []),
        *(["giao-nhan"] if page.context["crossings"] else []),
        *(["ky-don"] if page.context["stamping"].n else []),
    }
    tally = lines(client, WAYS, "tong-quan")
    assert [int(each["Số hồ sơ"]) for each in tally] == [each["n"] for each in page.context["figures"]]
    # Of seven dossiers no share is said, on the page or in the file.
    assert not any(each["Tỷ lệ"] for each in tally)
    variants = lines(client, WAYS, "kieu")
    assert sum(int(each["Số hồ sơ"]) for each in variants) == page.context["total"]
    assert not any(each["Tỷ lệ trễ hạn"] for each in variants)
    assert all(float(each["Thời gian ở giữa (phút làm việc)"]) >= 0 for each in variants)
    crossings = lines(client, WAYS, "giao-nhan")
    assert [(int(each["Lượt"]), int(each["Chậm"])) for each in crossings] == [
        (each["n"], each["late"]) for each in page.context["crossings"]
    ]
    refuses_nonsense(client, WAYS)
    assert client.get(f"{WAYS}&dinh-dang=csv").status_code == 404
    assert client.get("/can-bo/thoi-gian/duong-di/?dinh-dang=xlsx").status_code == 404


def test_a_workbook_of_the_ways_says_what_it_is_about_in_numbers(town: Town, as_post: Any) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    here = f"{WAYS}&co-quan=T1/XD&thang=2018-12"
    page = client.get(here)
    rows = cells(client, here)
    said = " ".join(str(value) for row in rows for value in row if isinstance(value, str))
    assert str(page.context["name"]) in said
    assert page.context["removable"][0][0] in said
    assert "tháng 12/2018" in said
    assert "Số liệu" in said
    variant = page.context["variants"][0]
    row = next(row for row in rows if row[0] == " → ".join(each["name"] for each in variant["steps"]))
    assert row[1] == variant["n"]
    assert row[5] == pytest.approx(variant["median"])
    # A month without a dossier has no table to take along.
    assert client.get(f"{WAYS}&thang=2016-01&dinh-dang=xlsx").status_code == 404


def test_every_list_behind_a_figure_is_a_file_of_so_many_lines(town: Town, as_post: Any) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    seen = 0
    for href, value in dict(FIGURE.findall(client.get(WAYS).content.decode())).items():
        assert len(lines(client, unescape(href))) == int(value), href
        seen += int(value) > 0
    assert seen > 5
    whole = cells(client, LIST)
    dossiers = [row for row in whole if isinstance(row[2], datetime)]
    assert len(dossiers) == int(client.get(WAYS).context["total"])
    # Minutes are numbers.
    assert all(isinstance(row[5], int) and row[5] > 0 for row in dossiers)
    refuses_nonsense(client, LIST)


def test_all_pages_of_a_list_are_in_its_file(town: Town, as_post: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    written(town, 120)
    ways.rebuild()
    client = as_post("control", CITY)
    here = f"{LIST}&ky=2019"
    assert 'rel="next"' in client.get(here).content.decode()
    monkeypatch.setattr("motcua.office.list_files.AT_A_TIME", 7)
    rows = lines(client, here)
    total = client.get(f"{WAYS}&ky=2019").context["total"]
    assert len({each["Mã hồ sơ"] for each in rows}) == len(rows) == total > 50
    monkeypatch.setattr(answers, "LONGEST", 20)
    answer = client.get(f"{here}&dinh-dang=csv")
    assert answer.status_code == 302
    assert "dài quá" in client.get(here).content.decode()


def test_a_tried_change_is_taken_along_with_what_was_changed(town: Town, as_post: Any) -> None:  # noqa: F811
    written(town, 200)
    ways.rebuild()
    client = as_post("control", CITY)
    # Nothing changed: there is nothing to take along yet.
    assert client.get(f"{WHATIF}&dinh-dang=xlsx").status_code == 404
    assert offered(client, WHATIF) == set()
    here = f"{WHATIF}&g-1=5&c-3=gop&rut=1"
    held, n = share_of(client.get(here).content.decode())
    assert offered(client, here) == {"ket-qua", "giai-doan", "buoc"}
    was, would = lines(client, here, "ket-qua")
    assert (int(would["Giữ được"]), int(would["Số hồ sơ"])) == (held, n)
    assert float(was["Khoảng tin cậy 95%, từ"]) < float(was["Tỷ lệ"]) <= 1
    steps = lines(client, here, "buoc")
    assert len(steps) == 6
    assert [at for at, each in enumerate(steps) if each["Thay đổi"]] == [3]
    stages = lines(client, here, "giai-doan")
    assert stages[1]["Thời hạn, nếu đổi (phút làm việc)"] == str(5 * 480)
    said = " ".join(str(value) for row in cells(client, here) for value in row)
    assert "Rút ngắn hẹn trả chung: 1 ngày làm việc." in said
    assert "Giữ được: đúng hẹn với người dân" in said
    missed = here.replace("thu-doi/", "thu-doi/ho-so/")
    rows = lines(client, missed)
    assert len(rows) == n - held > 0
    assert all(int(each["Quá thời hạn mới (phút làm việc)"]) >= 0 for each in rows)
    for each in (here, missed):
        refuses_nonsense(client, each)


def test_the_morning_list_and_the_model_are_taken_along(
    town: Town, as_post: Any, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    now = hour("2021-02-01 09:00")
    monkeypatch.setattr(clock, "now", lambda: now)
    client = as_post("control", CITY)
    # Chances that cannot be said are in no file.
    assert client.get(f"{RISK}?dinh-dang=csv").status_code == 404
    assert client.get(f"{MODEL}?dinh-dang=xlsx").status_code == 404
    written(town, 1600)
    training.train()
    states = [town.at_officer(town.accepted(each, "2021-01-13 09:00"), "2021-01-13 10:00") for each in (EAST, WEST)]
    followed([state.id for state in states])
    risk.refresh()
    monkeypatch.setattr("motcua.office.list_files.AT_A_TIME", 1)
    rows = lines(client, RISK)
    page = client.get(RISK)
    assert [each["Mã hồ sơ"] for each in rows] == [each["code"] for each in page.context["rows"]]
    assert len(rows) == page.context["outlook"].n == 2
    for row, shown in zip(rows, page.context["rows"], strict=True):
        assert float(row["Nguy cơ"]) == pytest.approx(shown["chance"])
        assert row["Vì sao"] == "; ".join(shown["reasons"])
    refuses_nonsense(client, RISK)
    assert offered(client, RISK) == {""}
    assert offered(client, MODEL) == {"diem", "tin-cay", "dau-hieu", "lich-su"}
    context = client.get(MODEL).context
    curve = lines(client, MODEL, "tin-cay")
    assert [int(each["Số hồ sơ"]) for each in curve] == [each["bin"].n for each in context["curve"]["bins"]]
    # What came of too few says nothing.
    assert [bool(each["Trễ thật"]) for each in curve] == [each["enough"] for each in context["curve"]["bins"]]
    (score,) = lines(client, MODEL, "diem")
    assert float(score["Brier × 1.000"]) == pytest.approx(context["quality"].brier * 1000)
    assert len(lines(client, MODEL, "lich-su")) == RiskModel.objects.count()
    assert len(lines(client, MODEL, "dau-hieu")) == len(context["weights"])
    refuses_nonsense(client, MODEL)


def test_the_procedures_to_choose_from_and_their_steps(town: Town, as_post: Any) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    here = f"{STEPS}?ky=2018-12"
    choices = client.get(here).context["choices"]
    rows = lines(client, here)
    assert [(int(each["Đang giữ"]), int(each["Đã xong"])) for each in rows] == [
        (each["open"], each["done"]) for each in choices
    ]
    assert [int(each["Thời gian quá hạn của các bước (phút làm việc)"] or 0) for each in rows] == [
        each["lost"] or 0 for each in choices
    ]
    steps = lines(client, f"{here}&thu-tuc={HOUSE}")
    whole = [each for each in steps if each["Cơ quan"] == "Tất cả cơ quan"]
    assert sum(float(each["Phần trong tổng thời gian trễ"] or 0) for each in whole) == pytest.approx(1)
    assert all(int(each["Được giao (phút làm việc)"]) > 0 for each in whole if each["Được giao (phút làm việc)"])
    assert content(client, here, "dinh-dang=pdf").startswith(b"%PDF")
    refuses_nonsense(client, here)
    refuses_nonsense(client, f"{here}&thu-tuc={HOUSE}")


@pytest.mark.parametrize(("role", "agency", "sees"), [("control", EAST, "east"), ("leader", WEST, "west")])
def test_a_file_has_what_its_reader_sees(town: Town, as_post: Any, role: str, agency: int, sees: str) -> None:  # noqa: F811
    east = town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00")
    west = town.answered(WEST, "2018-12-03 09:00", "2018-12-10 10:00")
    followed([east.id, west.id])
    client = as_post(role, agency)
    assert [each["Mã hồ sơ"] for each in lines(client, LIST)] == [(east if sees == "east" else west).code]
    assert lines(client, WAYS, "tong-quan")[0]["Số hồ sơ"] == "1"


def test_whoever_is_not_let_in_gets_no_file(town: Town, as_post: Any) -> None:  # noqa: F811
    pages = (WAYS, LIST, WHATIF, WHATIF.replace("thu-doi/", "thu-doi/ho-so/"), f"{RISK}?a=1", f"{MODEL}?a=1")
    client = as_post("officer", EAST_XD)
    for page in pages:
        assert client.get(f"{page}&dinh-dang=xlsx").status_code == 403
        assert Client().get(f"{page}&dinh-dang=xlsx").status_code == 302
