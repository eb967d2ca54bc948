"""Tables and lists at the door: short ones at once, long ones ordered, each with what its reader may see."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.http import HttpResponse
from django.test import Client

from motcua.dossiers import clock
from motcua.exports import answers, making
from motcua.exports.models import FAILED, GONE, READY, WAITING, Export
from motcua.organisation.models import Account, Appointment
from motcua.reports import exporting, facts
from motcua.reports.models import Cube, DossierFact, StageFact
from office.test_control import (
    as_post,  # noqa: F401
    busy,
)
from reports.conftest import nothing_remembered, town  # noqa: F401
from reports.town import CITY, EAST, EAST_XD, HILL, MARKET, SHOP, WEST, Town, hour

NOW = hour("2019-01-15 10:00")
PAGE = "/can-bo/so-lieu/tai-xuong/"
ORDER = f"{PAGE}dat/"
CONTROL = "/can-bo/kiem-soat/"
SignIn = Callable[..., Client]
WANTED = {"what": "dossiers:received", "first": "2018-12", "last": "2019-01", "format": "csv"}


@pytest.fixture(autouse=True)
def at_ten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pages are looked at on a Tuesday morning."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return


def content(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content)


def lines(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(answer).decode("utf-8-sig"), newline="")))


def ordered(client: Client, **wanted: str) -> Export:
    """An order from the form, made."""
    answer = client.post(ORDER, WANTED | wanted)
    assert answer.status_code == 302, answer.content.decode()
    making.work()
    export = Export.objects.order_by("-id").first()
    assert export is not None
    return export


def fetched(client: Client, export: Export) -> list[dict[str, str]]:
    assert export.state == READY, export.reason
    return lines(client.get(f"{PAGE}{export.pk}/"))


def test_a_list_is_ordered_watched_told_about_and_fetched(town: Town, as_post: SignIn) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    assert PAGE in client.get("/can-bo/so-lieu/").content.decode()
    assert client.post(ORDER, WANTED).headers["Location"] == f"{PAGE}?tu-cap-nhat=1"
    page = client.get(f"{PAGE}?tu-cap-nhat=1").content.decode()
    assert '<meta http-equiv="refresh" content="3">' in page
    assert "đang chờ" in page
    making.work()
    page = client.get(f"{PAGE}?tu-cap-nhat=1").content.decode()
    assert "http-equiv" not in page
    assert "Tiếp nhận, 1/12/2018 – 31/1/2019" in page
    export = Export.objects.get()
    found = fetched(client, export)
    assert sorted(row["Mã hồ sơ"] for row in found) == sorted(
        DossierFact.objects.filter(accepted_at__gte=hour("2018-12-01 00:00")).values_list("code", flat=True)
    )
    assert "Danh sách bạn đặt đã xong" in client.get("/can-bo/thong-bao/").content.decode()
    answer = client.get(f"{PAGE}{export.pk}/")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("attachment")
    answer.close()


def test_anothers_list_does_not_exist(town: Town, as_post: SignIn) -> None:  # noqa: F811
    busy(town)
    export = ordered(as_post("control", CITY))
    client = as_post("leader", EAST)
    assert client.get(f"{PAGE}{export.pk}/").status_code == 404
    assert client.post(f"{PAGE}{export.pk}/bo/").status_code == 404
    assert export.title not in client.get(PAGE).content.decode()
    assert Export.objects.get() == export
    assert Client().get(f"{PAGE}{export.pk}/").status_code == 302


@pytest.mark.parametrize(
    ("role", "agency", "sees"),
    [("control", CITY, {EAST, MARKET, WEST, HILL}), ("leader", WEST, {WEST, HILL}), ("head", EAST_XD, {EAST, MARKET})],
)
def test_a_list_has_what_its_orderer_oversees_and_nothing_else(
    town: Town,  # noqa: F811
    as_post: SignIn,  # noqa: F811
    role: str,
    agency: int,
    sees: set[int],
) -> None:
    codes = {}
    for receiving in (EAST, MARKET, WEST, HILL):
        state = town.at_officer(town.accepted(receiving, "2019-01-14 09:00"), "2019-01-14 10:00")
        codes[receiving] = state.code
        facts.follow([state.id])
    client = as_post(role, agency)
    expected = {codes[each] for each in sees}
    assert {row["Mã hồ sơ"] for row in fetched(client, ordered(client))} == expected
    assert {row["Mã hồ sơ"] for row in fetched(client, ordered(client, what="stages:open"))} == expected
    assert {row["Mã hồ sơ"] for row in lines(client.get(f"{CONTROL}ho-so/?loai=dang-giu&dinh-dang=csv"))} == expected
    sums = fetched(client, ordered(client, what="cube:"))
    if role != "head":
        assert {row["Nơi nhận"] for row in sums} == {exporting.agency_name(each) for each in sees}
    assert sum(int(row["Tiếp nhận"]) for row in sums) == (len(sees) if role != "head" else 0)


def test_an_official_who_oversees_nothing_orders_nothing(town: Town, as_post: SignIn) -> None:  # noqa: F811
    client = as_post("officer", EAST_XD)
    assert client.get(ORDER).status_code == 403
    assert client.post(ORDER, WANTED).status_code == 403
    assert client.get(PAGE).status_code == 200
    assert not Export.objects.exists()


def test_a_post_that_ended_in_between_ends_the_list(town: Town, as_post: SignIn) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    client.post(ORDER, WANTED)
    Appointment.objects.all().delete()
    making.work()
    export = Export.objects.get()
    assert (export.state, export.reason, export.file) == (FAILED, "no_right", "")


def test_the_post_that_was_chosen_narrows_the_list(town: Town, as_post: SignIn) -> None:  # noqa: F811
    busy(town)
    client = as_post("leader", EAST)
    account = Account.objects.get(username=f"leader{EAST}")
    role = Appointment.objects.get(account=account).role
    Appointment.objects.create(account=account, agency_id=WEST, role=role, valid_from=hour("2018-01-01 00:00").date())
    both = {row["Nơi nhận"] for row in fetched(client, ordered(client))}
    client.post("/can-bo/vi-tri/", {"post": str(WEST)})
    one = {row["Nơi nhận"] for row in fetched(client, ordered(client))}
    assert one < both
    assert one == {"Huyện Tây", "Xã Đồi"}


def test_a_mistake_in_the_form_is_told_and_orders_nothing(town: Town, as_post: SignIn) -> None:  # noqa: F811
    client = as_post("control", CITY)
    for wrong in ({"first": "12/2018"}, {"first": "2019-02"}, {"what": "people:all"}, {"agency": "nowhere"},
                  {"format": "pdf"}, {"first": "0001-01"}):  # fmt: skip
        answer = client.post(ORDER, WANTED | wrong)
        assert answer.status_code == 422, wrong
    assert not Export.objects.exists()


def test_what_is_thrown_away_is_gone(town: Town, as_post: SignIn) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    export = ordered(client)
    assert client.get(f"{PAGE}{export.pk}/bo/").status_code == 405
    assert client.post(f"{PAGE}{export.pk}/bo/").status_code == 302
    assert Export.objects.get().state == GONE
    assert client.get(f"{PAGE}{export.pk}/").status_code == 404


def test_every_list_of_the_control_office_is_the_file_it_offers(town: Town, as_post: SignIn) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    seen = 0
    for slug in ("dang-giu", "tre-han", "han-hom-nay", "con-han", "tam-dung", "xong-dung-han", "xong-tre"):
        page = client.get(f"{CONTROL}ho-so/?loai={slug}")
        rows = page.content.decode().count("<tr data-row")
        found = lines(client.get(f"{CONTROL}ho-so/?loai={slug}&dinh-dang=csv"))
        assert len(found) == rows, slug
        seen += rows
        assert all(row["Trễ"] == "có" for row in found) or slug not in ("tre-han", "xong-tre")
    assert seen > 10


def test_the_tables_of_the_first_page_are_sheets_and_nothing_is_folded_away(
    town: Town,  # noqa: F811
    as_post: SignIn,  # noqa: F811
) -> None:
    busy(town)
    client = as_post("control", CITY)
    page = client.get(CONTROL).content.decode()
    hrefs = [unescape(each) for each in re.findall(r'href="(\?[^"]*dinh-dang=[^"]*)"', page)]
    assert len(hrefs) == 12
    for href in hrefs:
        assert content(client.get(CONTROL + href))
    book = openpyxl.load_workbook(io.BytesIO(content(client.get(f"{CONTROL}?dinh-dang=xlsx"))))
    assert len(book.sheetnames) == 4
    for sheet in book:
        total = next(line for line in sheet.iter_rows() if line[0].value == "Tổng cộng")
        # Whoever holds nothing by name (work not yet assigned) is in no row of the table of people.
        if sheet.title != "Theo người giữ":
            assert total[1].value == StageFact.objects.filter(closed=None).count()
    assert client.get(f"{CONTROL}?dinh-dang=csv").status_code == 404
    assert client.get(f"{CONTROL}?dinh-dang=xlsx&bang=khong-co").status_code == 404
    assert client.get(f"{CONTROL}?dinh-dang=exe").status_code == 404


def test_the_steps_of_a_procedure_are_a_file_too(town: Town, as_post: SignIn) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    found = lines(client.get(f"{CONTROL}quy-trinh/?thu-tuc={SHOP}&dinh-dang=csv"))
    assert {row["Cơ quan"] for row in found} >= {"Tất cả cơ quan"}
    assert sum(int(row["Đã xong"]) for row in found) > 0


def test_a_list_too_long_to_be_answered_at_once_is_ordered_from_its_page(
    town: Town,  # noqa: F811
    as_post: SignIn,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    busy(town)
    monkeypatch.setattr(answers, "LONGEST", 2)
    client = as_post("control", CITY)
    here = f"{CONTROL}ho-so/?loai=dang-giu"
    page = client.get(here).content.decode()
    assert "dinh-dang=csv" not in page
    assert 'name="dinh-dang" value="csv"' in page
    answer = client.get(f"{here}&dinh-dang=csv", follow=True)
    assert "Danh sách dài quá" in answer.content.decode()
    rows = page.count("<tr data-row")
    assert client.post(here, {"dinh-dang": "csv"}).headers["Location"].startswith(PAGE)
    assert Export.objects.get().state == WAITING
    making.work()
    assert len(fetched(client, Export.objects.get())) == rows


def test_the_citys_list_is_a_file_for_anybody_without_a_name(town: Town, client: Client) -> None:  # noqa: F811
    busy(town)
    here = "/so-lieu/danh-sach/?loai=tiep-nhan&thang=2018-12"
    page = client.get(here).content.decode()
    found = lines(client.get(f"{here}&dinh-dang=csv"))
    assert len(found) == page.count("<tr data-row") == 2
    # No procedure beside the place: together they could point at a person.
    assert set(found[0]) == {"Mã hồ sơ", "Thời hạn", "Nơi nhận", "Đang ở", "Tiếp nhận", "Hẹn trả", "Xong"}
    assert content(client.get(f"{here}&dinh-dang=pdf")).startswith(b"%PDF")
    assert content(client.get(f"{here}&dinh-dang=xlsx")).startswith(b"PK")
    assert client.get(f"{here}&dinh-dang=doc").status_code == 404


def test_a_long_list_of_the_city_says_how_to_make_it_shorter(
    town: Town,  # noqa: F811
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    busy(town)
    monkeypatch.setattr(answers, "LONGEST", 1)
    here = "/so-lieu/danh-sach/?loai=tiep-nhan"
    page = client.get(here).content.decode()
    assert "dinh-dang" not in page
    assert "chọn một tháng, một cơ quan" in page
    answer: HttpResponse = client.get(f"{here}&dinh-dang=csv")
    assert answer.status_code == 302


def test_the_sums_say_up_to_when_they_are_complete(town: Town, as_post: SignIn) -> None:  # noqa: F811
    busy(town)
    account = Account.objects.get(pk=int(as_post("control", CITY).session["_auth_user_id"]))
    whole = exporting.cube({}, account)
    assert "chưa đầy đủ" in whole.notes[0]
    assert Cube.objects.exists()
    assert whole.count() == len(list(whole.rows)) > 0


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "nothing"}, {"agency": "nowhere"}, {"first": "2018-12-02", "last": "2018-12-15"},
     {"first": "x", "last": "y"}, {"first": "2019-01-01", "last": "2018-12-15"}, {"day": "0001-01-01"}],
)  # fmt: skip
def test_parameters_that_mean_nothing_are_refused(
    town: Town,  # noqa: F811
    as_post: SignIn,  # noqa: F811
    wrong: dict[str, str],
) -> None:
    account = Account.objects.get(pk=int(as_post("control", CITY).session["_auth_user_id"]))
    with pytest.raises(ValueError, match=r".+"):
        exporting.dossiers(wrong, account)
