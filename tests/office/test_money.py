"""The counter's pages for money: taking it, receipts, refunds, suspense, settlement, and who may see them."""

from typing import Any

import pytest
from django.test import Client

from dossiers.permits import Permit, everything, set_watch
from fees.counter import FEE, arrived, with_account
from motcua.dossiers.handle import Done, lodge_and_accept
from motcua.fees.incoming import take_in
from motcua.fees.models import Closing, Receipt, Refund
from motcua.law import commands as c
from office.counter_city import clerk

pytestmark = pytest.mark.usefixtures("fresh_city", "watch")

COMMUNE, NEIGHBOUR, DISTRICT = "00001", "00004", "001"


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The city's clock, standing still."""
    return set_watch(monkeypatch)


@pytest.fixture
def minh() -> Client:
    """The clerk who also heads the counter."""
    return clerk("minhtv", COMMUNE, "reception", "results", "one_stop_head")


def owing() -> Permit:
    """A permit received at the commune that owes its fee."""
    permit = Permit(COMMUNE)
    accept = c.Accept(money={"permit": FEE})
    done = lodge_and_accept(permit.version, permit.lodging(), accept, permit.people.clerk, "x")
    assert isinstance(done, Done)
    permit.id = done.dossier_id
    return permit


def said(client: Client, path: str, **query: str) -> str:
    answer = client.get(f"/can-bo/tien/{path}", query)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def test_cash_is_taken_with_one_press_and_a_receipt_that_prints(minh: Client) -> None:
    with_account()
    permit = owing()
    page = said(minh, f"thu/{permit.id}/")
    for each in ("75.000 đồng", "Mức thu cố định", "data:image/svg+xml", "Thu tiền mặt"):
        assert each in page, each
    form = {"key": "k", "seen": str(permit.state.seq), "next": "/can-bo/tra-ket-qua/"}
    answers = [minh.post(f"/can-bo/tien/thu/{permit.id}/", form) for _ in range(3)]
    assert {answer["Location"] for answer in answers} == {"/can-bo/tra-ket-qua/"}
    receipt = Receipt.objects.get()
    assert (receipt.name, permit.state.owed) == ("MC00001-18E-0000001", 0)
    assert minh.get(f"/can-bo/tien/bien-lai/{receipt.pk}/in/").content.startswith(b"%PDF")
    assert "Đã thu đủ" in said(minh, f"thu/{permit.id}/")
    again = minh.post(f"/can-bo/tien/thu/{permit.id}/", {"key": "other"})
    assert again.status_code == 422
    assert "Không còn khoản nào phải nộp" in again.content.decode()


def test_the_old_way_to_type_a_receipts_number_leads_here(minh: Client) -> None:
    permit = owing()
    old = f"/can-bo/ho-so/{permit.id}/record_payment/0/"
    before = everything()
    assert minh.get(old)["Location"] == f"/can-bo/tien/thu/{permit.id}/"
    assert minh.post(old, {"amount-permit": str(FEE), "receipt": "1"})["Location"] == f"/can-bo/tien/thu/{permit.id}/"
    assert everything() == before


def test_an_address_elsewhere_is_not_followed(minh: Client) -> None:
    permit = owing()
    form = {"key": "k", "next": "//elsewhere.example/"}
    assert minh.post(f"/can-bo/tien/thu/{permit.id}/", form)["Location"] == f"/can-bo/tien/thu/{permit.id}/"


def test_a_day_shows_its_takings_and_closes(minh: Client) -> None:
    permit = owing()
    minh.post(f"/can-bo/tien/thu/{permit.id}/", {"key": "k"})
    page = said(minh, "")
    for each in ("MC00001-18E-0000001", "75.000 đồng", "Két của tôi"):
        assert each in page, each
    csv = minh.get("/can-bo/tien/bien-lai.csv")
    assert "MC00001-18E,0000001" in csv.content.decode()
    wrong = minh.post("/can-bo/tien/ket/", {"counted": "70.000"})
    assert wrong.status_code == 422
    assert "-5000" in wrong.content.decode()
    assert Closing.objects.count() == 0
    minh.post("/can-bo/tien/ket/", {"counted": "75.000"})
    assert Closing.objects.get().difference == 0
    assert "đã khóa hôm nay" in said(minh, "")


def test_a_receipt_is_cancelled_by_the_head_and_the_money_handed_back(minh: Client) -> None:
    permit = owing()
    minh.post(f"/can-bo/tien/thu/{permit.id}/", {"key": "k"})
    number = Receipt.objects.get().pk
    plain = clerk("hoaht", COMMUNE, "reception")
    refused = plain.post(f"/can-bo/tien/bien-lai/{number}/", {"what": "cancel", "reason": "Nhầm", "key": "c"})
    assert refused.status_code == 422
    empty = minh.post(f"/can-bo/tien/bien-lai/{number}/", {"what": "cancel", "reason": " ", "key": "c"})
    assert empty.status_code == 422
    assert Refund.objects.count() == 0
    minh.post(f"/can-bo/tien/bien-lai/{number}/", {"what": "cancel", "reason": "Thu nhầm", "key": "c"})
    assert permit.state.owed == FEE
    assert "đã hủy" in said(minh, f"bien-lai/{number}/")
    assert "biên lai hủy" in said(minh, "hoan/")
    minh.post("/can-bo/tien/hoan/", {"refund": str(Refund.objects.get().pk)})
    assert Refund.objects.get().state == "paid"
    assert "Thu nhầm" in minh.get("/can-bo/tien/bien-lai.csv").content.decode()


def test_money_without_a_reference_is_matched_by_hand(minh: Client) -> None:
    from motcua.fees.following import notices_for

    with_account()
    permit = owing()
    credit = take_in(arrived(FEE, "NGUYEN THI HOA"))
    assert "NGUYEN THI HOA" in said(minh, "cho-doi-chieu/")
    wrong = {"credit": str(credit.pk), "reference": "MC00000000"}
    minh.post("/can-bo/tien/cho-doi-chieu/", wrong)
    assert permit.state.owed == FEE
    minh.post("/can-bo/tien/cho-doi-chieu/", wrong | {"reference": notices_for(permit.id)[0].reference})
    assert permit.state.owed == 0


def test_a_statement_is_brought_in_by_the_head_and_its_differences_shown(minh: Client) -> None:
    from io import BytesIO

    with_account()
    owing()
    upload = BytesIO(b"external,at,amount,purpose,payment,account\nT1,2018-12-03T09:00:00+07:00,5,x,,0011012345678\n")
    upload.name = "mb.csv"
    form = {"what": "import", "channel": "transfer", "first": "3/12/2018", "last": "", "file": upload}
    answer = minh.post("/can-bo/tien/doi-soat/", form)
    assert answer.status_code == 302
    from motcua.fees.models import Statement

    number = Statement.objects.get().pk
    assert "có trong sao kê, sổ chưa có" in said(minh, f"doi-soat/{number}/")
    plain = clerk("hoaht", COMMUNE, "reception")
    upload.seek(0)
    plain.post("/can-bo/tien/doi-soat/", form | {"channel": "sandbox", "file": upload})
    assert Statement.objects.count() == 1
    for broken in (b"\xff", b"", b"a,b"):
        bad = BytesIO(broken)
        bad.name = "x.csv"
        assert minh.post("/can-bo/tien/doi-soat/", form | {"file": bad}).status_code == 302
    assert Statement.objects.count() == 1


def test_others_see_nothing_of_it_and_control_only_looks(minh: Client) -> None:
    permit = owing()
    minh.post(f"/can-bo/tien/thu/{permit.id}/", {"key": "k"})
    number = Receipt.objects.get().pk
    neighbour, control = clerk("nhungvh", NEIGHBOUR), clerk("kiemsoat", DISTRICT, "control")
    for path in (f"thu/{permit.id}/", f"bien-lai/{number}/", f"bien-lai/{number}/in/"):
        assert neighbour.get(f"/can-bo/tien/{path}").status_code == 404, path
    here = str(permit.place.commune)
    for path in ("", "hoan/", "cho-doi-chieu/", "doi-soat/", "bien-lai.csv"):
        assert neighbour.get(f"/can-bo/tien/{path}", {"noi": here}).status_code == 404, path
        assert control.get(f"/can-bo/tien/{path}", {"noi": here}).status_code == 200, path
    assert "MC00001-18E-0000001" not in said(neighbour, "")
    officer = clerk("canbo", COMMUNE, "officer")
    assert officer.get("/can-bo/tien/").status_code == 403
    before = everything()
    forged = {"what": "cancel", "reason": "x", "key": "k"}
    assert control.post(f"/can-bo/tien/bien-lai/{number}/", forged).status_code == 422
    assert control.post("/can-bo/tien/ket/", {"noi": here, "counted": "0"}).status_code == 403
    assert everything() == before


def test_these_pages_ask_the_database_little(minh: Client, django_assert_max_num_queries: Any) -> None:
    permit = owing()
    minh.post(f"/can-bo/tien/thu/{permit.id}/", {"key": "k"})
    for path in ("", "hoan/", "cho-doi-chieu/", "doi-soat/", f"thu/{permit.id}/"):
        with django_assert_max_num_queries(32):
            said(minh, path)
