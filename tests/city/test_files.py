"""The tables of the city's pages as files, for everybody: the numbers of the page, and no rate on too few."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from city.test_city import a_busy_city, at_ten  # noqa: F401
from motcua.city import ranking
from motcua.exports import figures as taken
from motcua.reports import figures
from office.files_taken import cells, lines, offered, refuses_nonsense
from reports.town import Town

CITY = "/so-lieu/"


@pytest.mark.parametrize("fewest", [1, 10])
@pytest.mark.parametrize("part", ["", "?thang=2018-12", "?co-quan=T1", "?linh-vuc=T-CT"])
def test_the_tables_of_the_first_page(
    town: Town, client: Client, monkeypatch: pytest.MonkeyPatch, part: str, fewest: int
) -> None:
    a_busy_city(town)
    monkeypatch.setattr(figures, "FEWEST_TO_COMPARE", fewest)
    here = f"{CITY}{part}"
    tables = client.get(here).context["tables"]
    assert offered(client, here) == {table["id"] for table in tables}
    assert len(tables) > 1
    for table in tables:
        told = [list(each.values()) for each in lines(client, here, table["id"])]
        assert [row[0] for row in told] == [row["label"] for row in table["rows"]]
        assert [[int(each) for each in row[2:]] for row in told] == [
            [cell["value"] for cell in row["cells"]] for row in table["rows"]
        ]
        # Too few answers are no share, on the page and in the file.
        assert [row[1] and round(float(row[1]), 3) for row in told] == [
            "" if row["share"] is None else round(row["share"], 3) for row in table["rows"]
        ]
        assert any(row[1] for row in told) == (fewest == 1)
    assert any(isinstance(each, int) and each for row in cells(client, here) for each in row)
    refuses_nonsense(client, here)


def test_what_would_point_at_people_is_no_file_either(town: Town, client: Client) -> None:
    a_busy_city(town)
    page = client.get(f"{CITY}?co-quan=T1&linh-vuc=T-CT")
    file = client.get(f"{CITY}?co-quan=T1&linh-vuc=T-CT&dinh-dang=csv&bang=don-vi")
    assert file.status_code == page.status_code
    assert "attachment" not in file.get("Content-Disposition", "")


@pytest.mark.parametrize("fewest", [1, 2])
def test_the_ranking_with_its_margins(town: Town, client: Client, monkeypatch: Any, fewest: int) -> None:
    a_busy_city(town)
    monkeypatch.setattr(ranking, "FEWEST", fewest)
    here = f"{CITY}xep-hang/?cap=xa-phuong"
    page = client.get(here).context
    told = lines(client, here)
    assert len(told) == len(page["ranked"]) + len(page["too_few"]) > 0
    for row, each in zip(told, page["ranked"], strict=False):
        assert next(iter(row.values())) == each.name
        assert (int(row["Hạng cao nhất"]), int(row["Hạng thấp nhất"])) == (each.best, each.worst)
        assert abs(Decimal(row["Sai số, từ"]) - Decimal(each.low)) < Decimal("0.001")
    for row in told[len(page["ranked"]) :]:
        assert (row["Hạng cao nhất"], row["Đúng hạn"], row["Trễ hạn"]) == ("", "", "")
    refuses_nonsense(client, here)


def test_how_much_can_be_done_online(town: Town, client: Client) -> None:
    here = f"{CITY}truc-tuyen/"
    rows = client.get(here).context["rows"]
    assert [int(each["Mức độ thật"]) for each in lines(client, here)] == [row["level"] for row in rows]
    assert len(rows) > 0
    level = rows[0]["level"]
    narrowed = f"{here}?muc={level}"
    assert len(lines(client, narrowed)) == sum(row["level"] == level for row in rows)
    refuses_nonsense(client, here)


@pytest.mark.parametrize("path", ["?thang=2018-12", "xep-hang/?thang=2018-12", "danh-sach/?loai=tre-han&thang=2018-12"])
def test_figures_that_are_known_to_be_wrong_leave_in_no_file(
    town: Town, client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    a_busy_city(town)
    monkeypatch.setattr(taken, "trouble", lambda: "lost")
    answer = client.get(f"{CITY}{path}&dinh-dang=xlsx")
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{CITY}{path.partition('?')[0]}?")
    assert "dinh-dang" not in answer["Location"]
