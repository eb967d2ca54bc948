"""The index, scores and issued reports as files: the numbers of their pages, typed, for whoever may see the page."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from motcua.law.recorded_scores import Feedback
from motcua.reports import facts
from office.files_taken import cells, content, lines, offered, refuses_nonsense
from office.test_scores_overview import put
from office.test_statutory import busy, listed
from office.town_posts import as_post, at_ten  # noqa: F401
from reports.conftest import nothing_remembered, town  # noqa: F401
from reports.town import CITY, EAST, WEST, Town

INDEX = "/can-bo/chi-so-766/?pham-vi=below:T&ky=2018-12r"
DIFFERENCES = "/can-bo/chi-so-766/khac-nhau/?pham-vi=below:T&ky=2018-12r"
SCORES = "/can-bo/diem/?pham-vi=own:T1&ky=2018-Q4r"
OVERVIEW = "/can-bo/diem/?ky=2018-Q4r"
ISSUED = "/can-bo/bao-cao/da-phat-hanh/"


@pytest.fixture
def control(town: Town, as_post: Any) -> Client:  # noqa: F811
    """Procedure control of the city, after a busy December."""
    busy(town)
    return as_post("control", CITY)  # type: ignore[no-any-return]


def test_the_index_in_both_ways_and_every_criterion(control: Client) -> None:
    page = control.get(INDEX)
    counted, index = page.context["counted"], page.context["index"]
    assert offered(control, INDEX) == {"hai-cach", "tieu-chi"}
    ways = lines(control, INDEX, "hai-cach")
    assert [(each["Hồ sơ đo"], each["Trễ"]) for each in ways] == [
        (str(counted.whole), str(counted.late)),
        (str(counted.legally_measured), str(counted.legally_late)),
    ]
    criteria = lines(control, INDEX, "tieu-chi")
    assert len(criteria) == sum(len(scores) for _, scores in index.groups)
    assert sum(Decimal(each["Điểm"]) for each in criteria if each["Điểm"]) == index.points
    # What cannot be measured has its reason and no number.
    assert all(bool(each["Điểm"]) == bool(each["Số đo"]) for each in criteria)
    assert all(each["Ghi chú"] for each in criteria if not each["Điểm"])
    both = cells(control, INDEX)
    assert [counted.whole, counted.late] in [row[1:3] for row in both]
    refuses_nonsense(control, INDEX)
    assert control.get(f"{INDEX}&dinh-dang=csv").status_code == 404


def test_the_dossiers_about_which_the_two_differ(control: Client) -> None:
    assert len(lines(control, DIFFERENCES)) == listed(control, DIFFERENCES)[0]
    refuses_nonsense(control, DIFFERENCES)


def test_an_agencys_score_its_records_and_its_officials(control: Client, town: Town) -> None:  # noqa: F811
    page = control.get(SCORES)
    indices, officers = page.context["score"]["indices"], page.context["officers"]
    assert offered(control, SCORES) == {"tieu-chi", "can-bo"}
    told = lines(control, SCORES, "tieu-chi")
    assert [each["Điểm"] for each in told] == [
        "" if each["score"] is None else str(each["score"]) for each in indices
    ]  # fmt: skip
    for each, shown in zip(told, indices, strict=True):
        by_points = {f"{some['points']} điểm": some["count"] for some in shown["by_points"]}
        assert {name: each[name] for name in by_points if shown["score"] is not None} == {
            name: str(count) for name, count in by_points.items() if shown["score"] is not None
        }
        assert shown["score"] is not None or each["Ghi chú"]
    people = lines(control, SCORES, "can-bo")
    assert [(each["Cán bộ"], int(each["Số hồ sơ"])) for each in people] == [
        (each["name"], each["count"]) for each in officers
    ]
    first = next(each for each in indices if each["by_points"] and each["score"] is not None)
    assert any(row[0] == first["number"] and row[4] == first["of"] for row in cells(control, SCORES, "tieu-chi"))
    refuses_nonsense(control, SCORES)


def test_what_people_recorded_is_taken_along(control: Client) -> None:
    put(EAST, Feedback(4, 3, 1))
    assert "ghi-nhan" in offered(control, SCORES)
    (row,) = lines(control, SCORES, "ghi-nhan")
    assert "Nhận 4" in row["Giá trị"]


def test_an_officials_score_and_the_dossiers_behind_a_point(control: Client, town: Town) -> None:  # noqa: F811
    officer = town.east["officer"].account
    here = f"/can-bo/diem/can-bo/{officer}/?ky=2018-Q4r"
    shown = control.get(here).context["score"]["indices"]
    assert offered(control, here) == {"tieu-chi"}
    assert len(lines(control, here, "tieu-chi")) == len(shown)
    points = next(some for each in shown for some in each["by_points"] if some["count"])
    assert len(lines(control, points["href"])) == points["count"] == listed(control, points["href"])[0]
    refuses_nonsense(control, points["href"])


def test_the_overview_has_every_agency_of_its_filter(control: Client) -> None:
    page = control.get(OVERVIEW)
    assert offered(control, OVERVIEW) == {"co-quan"}
    told = lines(control, OVERVIEW)
    assert len(told) == page.context["asked"] > 0
    shown = {row["name"]: row for _group, some in page.context["groups"] for row in some}
    assert len(shown) > 1
    for each in told:
        if (row := shown.get(each["Cơ quan"])) is not None:
            assert each["Tổng điểm"] == ("" if row["total"] is None else str(row["total"]))
            assert each["Tối đa"] == str(row["most"])
    narrowed = f"{OVERVIEW}&pham-vi=below:T1"
    assert len(lines(control, narrowed)) == control.get(narrowed).context["asked"] < page.context["asked"]
    refuses_nonsense(control, OVERVIEW)


def test_issued_reports_and_what_differs_today(control: Client, town: Town, as_post: Any) -> None:  # noqa: F811
    assert lines(control, ISSUED) == []
    asked = {"bieu": "II.06a", "pham-vi": "below:T", "ky": "2018-12r"}
    one = control.post("/can-bo/bao-cao/phat-hanh/", asked)["Location"]
    (row,) = lines(control, ISSUED)
    assert (row["Biểu"], row["Bản"]) == ("II.06a", "1")
    assert len(row["SHA-256"]) == 64
    refuses_nonsense(control, ISSUED)
    assert control.get(f"{one}?dinh-dang=csv&bang=khac-nhau").status_code == 404
    facts.follow([town.answered(EAST, "2018-12-10 09:00", "2018-12-12 09:00").id])
    assert offered(control, one) == {"khac-nhau"}
    assert [(each["Cột"], each["Đã phát hành"], each["Tính lại"]) for each in lines(control, one)] == [
        (each["column"], *("" if value is None else str(value) for value in (each["issued"], each["now"])))
        for each in control.get(one).context["differences"]
    ]  # fmt: skip
    # Who oversees another district does not see it, as on the page.
    assert lines(as_post("leader", WEST), ISSUED) == []


@pytest.mark.parametrize("here", [
    "/can-bo/bao-cao/tep/csv/?bieu=II.06a&pham-vi=below:T&ky=2018-12r",
    "/can-bo/bao-cao/thu-tuc/?ky=2018-12r&tep=csv",
])  # fmt: skip
def test_a_form_is_read_by_a_machine(control: Client, here: str) -> None:
    head, *rows = csv.reader(io.StringIO(control.get(here).content.decode("utf-8-sig")))
    assert head[:2][0] == "STT"
    assert len(set(head)) == len(head)
    assert rows
    if "II.06a" in here:
        page = control.get(here.replace("tep/csv/", ""))
        made = page.context["made"]
        assert [[int(each) for each in row[2:]] for row in rows] == [
            list(row.cells[: len(made.columns)]) for row in made.rows
        ]
        assert "3. Số hồ sơ nhận giải quyết: Tổng số" in head


@pytest.mark.parametrize("here", [INDEX, DIFFERENCES, SCORES, f"{OVERVIEW}&pham-vi=below:T1"])
def test_nobody_takes_along_what_they_may_not_see(town: Town, as_post: Any, here: str) -> None:  # noqa: F811
    stranger = as_post("leader", WEST)
    for query in ("&dinh-dang=csv", "&dinh-dang=xlsx&bang=tieu-chi", ""):
        assert stranger.get(f"{here}{query}").status_code == 404


def test_pdf_is_a_paper(control: Client) -> None:
    assert content(control, SCORES, "dinh-dang=pdf&bang=tieu-chi")[:5] == b"%PDF-"
