"""Who is late, what a cell is made of and an answer as files: the numbers of their pages, for whoever may see them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.reporting import City, whole
from motcua.dossiers import clock
from office.files_taken import cells, lines, offered, refuses_nonsense
from office.test_campaigns import client

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    """A campaign that runs now; one of three agencies has signed."""
    found = City(now=clock.now() - timedelta(days=2), due=clock.now() + timedelta(days=9))
    found.now = clock.now()
    found.signed(0, whole(4))
    return found


@pytest.fixture
def control(city: City) -> Client:
    """Who oversees all of it."""
    return client(city, city.control)


def test_who_is_late(city: City, control: Client) -> None:
    here = reverse("office:campaign_late", args=[city.campaign.pk])
    page = control.get(here).context
    assert offered(control, here) == {"theo-huyen", "con-no"}
    districts = lines(control, here, "theo-huyen")
    assert [(each["Nơi"], int(each["Phải trả lời"]), int(each["Đã ký"])) for each in districts] == [
        (row["title"], row["standing"].asked, row["standing"].signed) for row in page["rows"]
    ]
    assert sum(int(each["Đã ký"]) for each in districts) == page["signed"] == 1
    assert [each["Cơ quan"] for each in lines(control, here, "con-no")] == [each["agency"] for each in page["owing"]]
    assert any(1 in row for row in cells(control, here))
    refuses_nonsense(control, here)
    other = client(city, city.district(2))
    assert len(lines(other, here, "con-no")) == len(other.get(here).context["owing"]) < len(page["owing"])


def test_what_a_cell_is_made_of(city: City, control: Client) -> None:
    cell = reverse("office:campaign_cell", args=[city.campaign.pk]) + "?dong=ban&cot=tong"
    groups = control.get(cell).context["groups"]
    assert [int(each["Số phiếu"]) for each in lines(control, cell)] == [each["answered"] for each in groups]
    inside = f"{cell}&huyen=001"
    shown = control.get(inside).context["cells"]
    told = lines(control, inside)
    assert [each["Cơ quan"] for each in told] == [each["agency"] for each in shown]
    values = [list(each.values())[1] for each in told]
    assert [bool(value) for value in values] == [not each["missing"] for each in shown]
    assert any(row[1] == shown[0]["number"] and isinstance(row[1], int) for row in cells(control, inside))
    assert any("CHƯA ĐẦY ĐỦ" in str(each) for row in cells(control, inside) for each in row)
    refuses_nonsense(control, inside)
    assert client(city, city.district(2)).get(f"{inside}&dinh-dang=csv").status_code == 404


def test_an_answer_is_taken_along_as_it_is_read(city: City, control: Client) -> None:
    here = reverse("office:campaign_answer", args=[city.answer().pk])
    rows = control.get(here).context["rows"]
    told = lines(control, here)
    assert [each["Nội dung"] for each in told] == [row["title"] for row in rows]
    assert len(lines(client(city, city.clerk()), here)) == len(rows)
    refuses_nonsense(control, here)
    # Nobody has begun the next one: there is nothing to take along.
    nothing = reverse("office:campaign_answer", args=[city.answer(1).pk])
    assert control.get(f"{nothing}?dinh-dang=csv").status_code == 404
    for stranger in (city.clerk(1), city.district(2)):
        assert client(city, stranger).get(f"{here}?dinh-dang=csv").status_code == 404
    assert client(city, city.clerk()).get(
        reverse("office:campaign_late", args=[city.campaign.pk]) + "?dinh-dang=xlsx"
    ).status_code == 403  # fmt: skip
