"""The desk, its lists and the targets as files: the numbers of the pages, typed, for whoever may see them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from motcua.reports import figures
from motcua.steering import targets
from motcua.steering.models import Target, TargetValue
from office.files_taken import cells, content, lines, offered, refuses_nonsense
from reports.town import CITY, DEPARTMENT, EAST, WEST, Town
from steering.people import actor, client_of, official
from steering.test_desk import DESK, busy, listed
from steering.test_targets import goal

TABLES = {"cung-ky", "thang", "tung-noi", "qua-han", "khau", "don-vi", "linh-vuc", "thu-tuc"}


@pytest.mark.usefixtures("at_ten")
@pytest.mark.parametrize(("part", "fewest"), [("", 1), ("?nam=2018", 10), ("?co-quan=T1", 10)])
def test_every_table_of_the_desk_is_taken_along(
    town: Town, monkeypatch: pytest.MonkeyPatch, part: str, fewest: int
) -> None:
    busy(town)
    monkeypatch.setattr(figures, "FEWEST_TO_COMPARE", fewest)
    client = client_of(official("control", CITY))
    here = f"{DESK}{part}"
    page = client.get(here).context
    assert offered(client, here) == TABLES
    for table in page["tables"]:
        rows = [*table["rows"], *table["more"]]
        told = [list(each.values()) for each in lines(client, here, table["id"])]
        assert [row[0] for row in told] == [row["label"] for row in rows]
        assert [[int(each) for each in row[2:]] for row in told] == [
            [cell["value"] for cell in row["cells"]] for row in rows
        ]
        # Too few answers are no share, on the page and in the file.
        assert [row[1] and round(float(row[1]), 3) for row in told] == [
            "" if row["share"] is None else round(row["share"], 3) for row in rows
        ]
        assert any(row[1] for row in told) == (fewest == 1)
    assert len(lines(client, here, "thang")) == len(page["trend"])
    assert len(lines(client, here, "qua-han")) == len(page["waits"])
    spent = lines(client, here, "khau")
    assert [int(each["Đã xong"]) for each in spent] == [row["pieces"] for row in page["spent"]]
    assert [int(each["Tiếp nhận"]) for each in lines(client, here, "cung-ky")] == [
        column["cells"][0]["value"] for column in page["compared"]["columns"]
    ]
    refuses_nonsense(client, here)
    assert client.get(f"{here}{'&' if part else '?'}dinh-dang=csv").status_code == 404


@pytest.mark.usefixtures("at_ten")
def test_the_desk_is_one_workbook_of_typed_cells(town: Town) -> None:
    busy(town)
    rows = cells(client_of(official("leader", CITY)), DESK)
    assert any(isinstance(row[0], datetime) and row[0].date() == date(2018, 12, 1) for row in rows)
    assert any(row[0] == "Quận Đông" and all(isinstance(each, int) for each in row[2:7]) for row in rows)
    assert content(client_of(official("control", CITY)), DESK, "dinh-dang=pdf&bang=don-vi")[:5] == b"%PDF-"


@pytest.mark.usefixtures("at_ten")
def test_the_lists_behind_the_desk_are_taken_along(town: Town) -> None:
    busy(town)
    client = client_of(official("control", CITY))
    page = client.get(DESK).context
    hrefs = [cell["href"] for row in page["compared"]["rows"] for cell in row["cells"] if cell["value"]][:3]
    hrefs += [f"{DESK}ho-so/?loai=qua-han", *(row["href"] for row in page["spent"])]
    for href in hrefs:
        assert len(lines(client, href)) == listed(client, href)[0] > 0, href
        refuses_nonsense(client, href)
    pieces = lines(client, page["spent"][0]["href"])
    assert sum(int(each["Làm (phút làm việc)"]) for each in pieces) == page["spent"][0]["minutes"][0]


@pytest.mark.usefixtures("at_ten")
def test_nobody_takes_along_another_place(town: Town) -> None:
    busy(town)
    stranger = client_of(official("leader", WEST))
    for page in (
        f"{DESK}?co-quan=T1",
        f"{DESK}ho-so/?loai=qua-han&co-quan=T1",
        f"{DESK}thoi-gian/?khau=officer&co-quan=T1",
    ):
        for query in ("", "&dinh-dang=csv", "&dinh-dang=xlsx&bang=don-vi"):
            assert stranger.get(f"{page}{query}").status_code == 404, page
    assert client_of(official("officer", EAST)).get(f"{DESK}?dinh-dang=xlsx").status_code == 403


def test_targets_and_their_history(town: Town, at_ten: datetime) -> None:
    target, other = goal(), goal(code="cay-xanh", is_demo=True)
    told: dict[str, Any] = {"now": at_ten, "file": "", "file_name": ""}
    for value in ("70.5", "69.25"):
        made = targets.report(
            target, actor(official("officer", DEPARTMENT)), date(2018, 12, 31), Decimal(value), "báo cáo", **told
        )
        assert isinstance(made, TargetValue)
    targets.sign(made, actor(official("leader", DEPARTMENT)), at_ten)
    client = client_of(official("officer", EAST))
    board, one = "/can-bo/chi-tieu/", f"/can-bo/chi-tieu/{target.code}/"
    assert (offered(client, board), offered(client, one)) == ({""}, {""})
    found = {each["Mã"]: each for each in lines(client, board)}
    assert {target.code, other.code} <= set(found) == set(Target.objects.values_list("code", flat=True))
    assert Decimal(found[target.code]["Giá trị"]) == Decimal("69.25")
    assert Decimal(found[target.code]["Cần đạt"]) == 90
    assert "minh họa" in found[other.code]["Ghi chú"]
    assert [Decimal(each["Giá trị (%)"]) for each in lines(client, one)] == [Decimal("69.25"), Decimal("70.5")]
    assert any(69.25 in row for row in cells(client, one))
    for here in (board, one):
        refuses_nonsense(client, here)
    red = client.get(f"{board}?mau=red").context["groups"]
    assert len(lines(client, f"{board}?mau=red")) == sum(len(group["rows"]) for group in red) < len(found)
