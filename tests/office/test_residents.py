"""The counter's pages for residents: proving who somebody is, and recording for whom they may act."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from motcua.accounts import codes
from motcua.accounts.models import AccountEvent, Authority
from motcua.organisation.directory import city_day
from residents import CHILD, MOTHER, resident
from staffing import hire

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def at_work(name: str, *posts: tuple[str, str]) -> Client:
    client = Client()
    client.force_login(hire(name, *posts), backend=BACKEND)
    return client


def card(code: str, **changes: str) -> dict[str, str]:
    return {
        "code": code, "number": MOTHER, "name": "Nguyễn Thị Mẫu", "birth": "04/05/1987",
        "document": "căn cước cấp 12/3/2024", "checked": "on",
    } | changes  # fmt: skip


def test_a_clerk_proves_who_shows_a_code() -> None:
    who = resident("Ng Mau")
    shown = codes.show_at_counter(who.account_id)[1]
    client, path = at_work("quay", ("00001", "reception")), reverse("office:prove_resident")
    assert "Mã trên màn hình" in client.get(path).content.decode()
    asked = client.post(path, {"code": shown})
    assert asked.status_code == 200
    assert "Ng Mau" in asked.content.decode()
    assert client.post(path, card(shown)).status_code == 302
    who.refresh_from_db()
    assert (who.number, who.assurance, who.birth) == (MOTHER, 2, "1987-05-04")
    told = AccountEvent.objects.get(account=who.account, verb="proven")
    assert told.by is not None
    assert told.by.username == "quay"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"checked": ""}, "id_checked"), ({"number": "123"}, "id_number"), ({"birth": "hôm qua"}, "id_birth"),
     ({"document": ""}, "id_document")],
)  # fmt: skip
def test_what_is_missing_is_said_at_its_field_and_proves_nothing(changes: dict[str, str], field: str) -> None:
    who = resident()
    shown = codes.show_at_counter(who.account_id)[1]
    client = at_work("quay", ("00001", "reception"))
    answer = client.post(reverse("office:prove_resident"), card(shown, **changes))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.content.decode()
    who.refresh_from_db()
    assert who.assurance == 1


def test_no_account_is_found_without_its_code() -> None:
    who = resident(phone="0912345678")
    client = at_work("quay", ("00001", "reception"))
    for typed in ("0912345678", "ABCD-2345", who.account.username):
        answer = client.post(reverse("office:prove_resident"), {"code": typed[:20]})
        assert answer.status_code == 422, typed


def test_a_business_shows_its_certificate() -> None:
    who = resident("Cong ty", kind="business")
    shown = codes.show_at_counter(who.account_id)[1]
    client, path = at_work("quay", ("00001", "reception")), reverse("office:prove_resident")
    assert "Mã số thuế trên giấy đăng ký" in client.post(path, {"code": shown}).content.decode()
    given = card(shown, number="0100109106", name="Công ty Mẫu")
    assert client.post(path, given).status_code == 302
    who.refresh_from_db()
    assert (who.tax_code, who.number, who.assurance) == ("0100109106", "", 2)


def authority(**changes: Any) -> dict[str, Any]:
    today = city_day().strftime("%d/%m/%Y")
    return {
        "kind": "child", "holder": MOTHER, "principal": CHILD, "principal_name": "Nguyễn Văn Con",
        "document": "GKS 12/2018", "valid_from": today, "valid_to": "", "procedures": "",
    } | changes  # fmt: skip


def test_a_clerk_records_and_ends_an_authority() -> None:
    resident(number=MOTHER)
    client, path = at_work("quay", ("00001", "reception")), reverse("office:resident_authorities")
    assert client.post(path, authority()).status_code == 302
    made = Authority.objects.get()
    page = client.get(path, {"number": MOTHER}).content.decode()
    assert "Nguyễn Văn Con" in page
    assert "GKS 12/2018" in page
    client.post(reverse("office:revoke_resident_authority", args=[made.pk]))
    made.refresh_from_db()
    assert made.revoked_at is not None


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"document": ""}, "id_document"), ({"holder": "12"}, "id_holder"), ({"procedures": "9.999999"}, "9.999999"),
     ({"kind": "company"}, "id_principal"), ({"valid_to": "01/01/2020"}, "id_valid_to"), ({"kind": "king"}, "id_kind")],
)  # fmt: skip
def test_an_authority_that_cannot_be_is_not_recorded(changes: dict[str, str], said: str) -> None:
    client = at_work("quay", ("00001", "reception"))
    answer = client.post(reverse("office:resident_authorities"), authority(**changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Authority.objects.exists()


def test_only_a_counter_comes_here() -> None:
    officer = at_work("officer", ("001/XD", "officer"))
    for name in ("prove_resident", "resident_authorities"):
        assert officer.get(reverse(f"office:{name}")).status_code == 403
    assert officer.post(reverse("office:revoke_resident_authority", args=[1])).status_code == 403
    assert officer.post(reverse("office:prove_resident"), card("ABCD-2345")).status_code == 403
