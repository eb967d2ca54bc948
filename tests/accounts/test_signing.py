"""Signing up, signing in, and a forgotten password: by code, once, and telling strangers nothing."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from motcua.accounts import codes, guarding, signing_in, timers
from motcua.accounts.models import AccountEvent, OneTimeCode, ResidentAccount, Tally
from motcua.accounts.ways import COOKIE
from motcua.organisation.models import Account
from residents import MOTHER, resident, signed_in
from staffing import hire

pytestmark = pytest.mark.django_db
PASSWORD = "mot cau de nho lam"
WISH = {"kind": "person", "name": "Nguyễn  Thị Mẫu", "contact": "0912 345 678", "password": PASSWORD}


def sign_up(client: Client, **changes: str) -> Any:
    return client.post(reverse("portal:sign_up"), WISH | changes)


def come_in(identifier: str, password: str, client: Client | None = None, address: str = "203.0.113.7") -> Any:
    given = {"identifier": identifier, "password": password}
    return (client or Client()).post(reverse("portal:sign_in"), given, REMOTE_ADDR=address)


def test_a_code_opens_an_account_of_level_one(posted: list[Any]) -> None:
    client = Client()
    asked = sign_up(client)
    assert asked.status_code == 302
    assert not ResidentAccount.objects.exists()
    assert (posted[0].channel, posted[0].address) == ("sms", "0912345678")
    answer = client.post(asked["Location"], {"code": posted[0].code})
    assert (answer.status_code, answer["Location"]) == (302, "/cua-toi/")
    made = ResidentAccount.objects.get()
    assert (made.assurance, made.phone, made.account.full_name) == (1, "0912345678", "Nguyễn Thị Mẫu")
    assert "_auth_user_id" in client.session
    assert OneTimeCode.objects.get().payload == {}
    assert come_in("+84 912 345 678", PASSWORD).status_code == 302


def test_a_code_is_good_once_and_not_for_ever(posted: list[Any]) -> None:
    client = Client()
    asked = sign_up(client)
    client.post(asked["Location"], {"code": posted[0].code})
    assert Client().post(asked["Location"], {"code": posted[0].code}).status_code == 410
    later = sign_up(Client(), contact="mau@example.com")
    OneTimeCode.objects.filter(address="mau@example.com").update(expires_at=timezone.now())
    assert Client().post(later["Location"], {"code": posted[1].code}).status_code == 410
    assert ResidentAccount.objects.count() == 1


def test_a_code_cannot_be_guessed(posted: list[Any]) -> None:
    asked = sign_up(Client())
    wrong = f"{(int(posted[0].code) + 1) % 10**6:06d}"
    for _ in range(codes.MOST_TRIES):
        assert Client().post(asked["Location"], {"code": wrong}).status_code == 422
    assert Client().post(asked["Location"], {"code": posted[0].code}).status_code == 410
    assert not ResidentAccount.objects.exists()


def test_a_taken_contact_looks_like_a_free_one_and_its_owner_is_told(posted: list[Any]) -> None:
    resident(phone="0912345678")
    taken, free = Client(), Client()
    pages = [
        re.sub(
            r'name="csrfmiddlewaretoken" value="\w+"|cong-dan/dang-ky/[0-9a-f-]+|09\d+•+\d+', "", page.content.decode()
        )
        for page in (
            taken.get(sign_up(taken)["Location"]),
            free.get(sign_up(free, contact="0912345000")["Location"]),
        )
    ]
    assert pages[0].replace("678", "") == pages[1].replace("000", "")
    assert [bool(each.code) for each in posted] == [False, True]
    assert "đã có tài khoản" in posted[0].text
    waiting = OneTimeCode.objects.get(address="0912345678")
    assert taken.post(reverse("portal:sign_up_code", args=[waiting.pk]), {"code": "000000"}).status_code == 422


def test_two_who_confirm_one_contact_become_one_account(posted: list[Any]) -> None:
    first, second = sign_up(Client()), sign_up(Client())
    assert Client().post(first["Location"], {"code": posted[0].code}).status_code == 302
    answer = Client().post(second["Location"], {"code": posted[1].code})
    assert answer.status_code == 422
    assert ResidentAccount.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"contact": "12345"}, "id_contact"),
        ({"contact": "0243 825 3536"}, "id_contact"),
        ({"password": "short"}, "id_password"),
        ({"password": "1234567890123"}, "id_password"),
        ({"name": ""}, "id_name"),
        ({"kind": "king"}, "id_kind"),
        ({"contact": "a\x00b@example.com"}, "id_contact"),
        ({"contact": "x" * 300}, "id_contact"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(posted: list[Any], changes: dict[str, str], field: str) -> None:
    answer = sign_up(Client(), **changes)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.content.decode()
    assert posted == []
    assert not OneTimeCode.objects.exists()


def test_a_business_signs_up_too(posted: list[Any]) -> None:
    client = Client()
    asked = sign_up(client, kind="business", name="Công ty Mẫu")
    client.post(asked["Location"], {"code": posted[0].code})
    made = ResidentAccount.objects.get()
    # The tax code becomes the account's when a certificate was seen.
    assert (made.kind, made.tax_code, made.assurance) == ("business", "", 1)


def test_codes_to_one_address_are_bounded(posted: list[Any]) -> None:
    answers = [sign_up(Client()).status_code for _ in range(guarding.LIMITS["code_to"].most + 2)]
    assert answers[-2:] == [422, 422]
    assert len(posted) == guarding.LIMITS["code_to"].most
    assert sign_up(Client(), contact="0912345000").status_code == 302


def test_a_city_that_cannot_send_says_so(settings: Any) -> None:
    settings.MOTCUA_SEND_CODE, settings.MOTCUA_SHOWS_CODES = "", False
    assert "chưa gửi được mã" in Client().get(reverse("portal:sign_up")).content.decode()
    assert sign_up(Client()).status_code == 422
    assert not OneTimeCode.objects.exists()


def test_a_code_that_cannot_leave_is_said_so_and_not_kept(settings: Any) -> None:
    settings.MOTCUA_SEND_CODE = "residents.post_nothing"
    assert sign_up(Client()).status_code == 422
    assert not OneTimeCode.objects.exists()


def test_codes_are_shown_in_a_demonstration_only(settings: Any, posted: list[Any]) -> None:
    settings.MOTCUA_SHOWS_CODES = True
    asked = sign_up(Client())
    assert posted[0].code in Client().get(asked["Location"]).content.decode()
    settings.MOTCUA_SHOWS_CODES = False
    assert posted[0].code not in Client().get(asked["Location"]).content.decode()
    sign_up(Client(), contact="0912345000")
    assert "shown" not in OneTimeCode.objects.get(address="0912345000").payload
    assert not django_settings.MOTCUA_SHOWS_CODES


def test_wrong_name_and_wrong_password_read_the_same() -> None:
    resident(phone="0912345678", password=PASSWORD)
    pages = [come_in(who, "wrong").content.decode() for who in ("0912345678", "0999999999")]
    pages = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"|09\d{8}', "", page) for page in pages]
    assert pages[0] == pages[1]


def test_one_comes_back_to_where_one_wanted_and_never_elsewhere() -> None:
    resident(phone="0912345678", password=PASSWORD)
    for wanted, gone in (("/cua-toi/du-lieu/", "/cua-toi/du-lieu/"), ("https://elsewhere.example/", "/cua-toi/")):
        given = {"identifier": "0912345678", "password": PASSWORD, "next": wanted}
        assert Client().post(reverse("portal:sign_in"), given)["Location"] == gone


def test_a_resident_does_not_come_in_by_the_officials_page_nor_the_reverse(secret: str) -> None:
    who = resident(phone="0912345678", password=secret)
    hire("clerk", ("00001", "reception"))
    Account.objects.get(username="clerk").set_password(secret)
    clerk = Account.objects.get(username="clerk")
    clerk.set_password(secret)
    clerk.save()
    for name in ("0912345678", who.account.username):
        client = Client()
        client.post("/tai-khoan/login/", {"login": name, "password": secret})
        assert "_auth_user_id" not in client.session, name
    client = Client()
    assert come_in("clerk", secret, client).status_code == 422
    assert "_auth_user_id" not in client.session


def test_sixty_behind_one_address_all_sign_in() -> None:
    """Incident 9: a commune's computer room, everybody mistyping once."""
    people = [resident(phone=f"09000000{n:02d}", password=PASSWORD) for n in range(60)]
    for each in people:
        assert come_in(each.phone, "mistyped").status_code == 422
        assert come_in(each.phone, PASSWORD).status_code == 302, each.phone


def test_an_attacked_account_is_locked_for_the_attackers_way_only() -> None:
    """Incident 9: who guesses is stopped; the owner comes in from elsewhere, and from the browser used before."""
    resident(phone="0912345678", password=PASSWORD)
    owner = Client()
    assert come_in("0912345678", PASSWORD, owner, "198.51.100.1").status_code == 302
    owner.post(reverse("account_logout"))
    tries = [come_in("0912345678", f"guess {n}").status_code for n in range(12)]
    assert tries == [422] * 8 + [429] * 4
    stopped = come_in("0912345678", PASSWORD)
    assert stopped.status_code == 429
    assert int(stopped["Retry-After"]) > 0
    assert come_in("0912345678", PASSWORD, address="198.51.100.2").status_code == 302
    # From every address in turn: then strangers are stopped everywhere, and still not the owner's browser.
    for n in range(60):
        come_in("0912345678", "guess", address=f"192.0.2.{n}")
    assert come_in("0912345678", PASSWORD, address="198.51.100.3").status_code == 429
    assert come_in("0912345678", PASSWORD, owner, "198.51.100.1").status_code == 302


def test_a_forged_cookie_is_no_known_browser() -> None:
    resident(phone="0912345678", password=PASSWORD)
    forger = Client()
    forger.cookies[COOKIE] = "WyJhIl0:1abc:forged"
    tries = [come_in("0912345678", "guess", forger).status_code for _ in range(9)]
    assert tries[-1] == 429


def test_an_official_who_is_attacked_comes_in_by_the_known_browser(secret: str) -> None:
    clerk = hire("attacked", ("00001", "reception"))
    clerk.set_password(secret)
    clerk.save()
    known = Client()
    known.post("/tai-khoan/login/", {"login": "attacked", "password": secret})
    known.post(reverse("account_logout"))
    for n in range(10):
        Client().post("/tai-khoan/login/", {"login": "attacked", "password": f"guess {n}"})
    stranger = Client()
    assert stranger.post("/tai-khoan/login/", {"login": "attacked", "password": secret}).status_code == 429
    assert known.post("/tai-khoan/login/", {"login": "Attacked", "password": secret}).status_code == 302


def test_unknown_names_are_counted_too() -> None:
    tries = [come_in("0999999999", f"guess {n}").status_code for n in range(10)]
    assert tries == [422] * 8 + [429] * 2


def test_a_new_password_by_code_ends_every_session(posted: list[Any]) -> None:
    who = resident(email="mau@example.com", password=PASSWORD)
    elsewhere = Client()
    come_in("mau@example.com", PASSWORD, elsewhere)
    client = Client()
    asked = client.post(reverse("portal:forgotten"), {"contact": "Mau@example.com"})
    answer = client.post(asked["Location"], {"code": posted[-1].code, "password": "another good one"})
    assert answer["Location"] == "/cua-toi/"
    assert elsewhere.get(reverse("portal:account")).status_code == 302
    assert come_in("mau@example.com", PASSWORD).status_code == 422
    assert come_in("mau@example.com", "another good one").status_code == 302
    assert AccountEvent.objects.filter(account=who.account, verb="password_reset").count() == 1


def test_asking_for_a_new_password_tells_nobody_who_has_an_account(posted: list[Any]) -> None:
    asked = Client().post(reverse("portal:forgotten"), {"contact": "nobody@example.com"})
    assert asked.status_code == 302
    assert posted == []
    page = Client().get(asked["Location"])
    assert "Nếu địa chỉ" in page.content.decode()
    tried = Client().post(asked["Location"], {"code": "123456", "password": "another good one"})
    assert tried.status_code == 422


def test_a_too_plain_new_password_uses_up_no_code(posted: list[Any]) -> None:
    resident(email="mau@example.com", password=PASSWORD)
    asked = Client().post(reverse("portal:forgotten"), {"contact": "mau@example.com"})
    assert Client().post(asked["Location"], {"code": posted[-1].code, "password": "short"}).status_code == 422
    assert OneTimeCode.objects.get().used_at is None


def test_a_code_that_never_was_is_past() -> None:
    for name in ("sign_up_code", "new_password"):
        assert Client().get(reverse(f"portal:{name}", args=[uuid.uuid4()])).status_code == 410


def test_what_has_passed_is_swept(posted: list[Any]) -> None:
    sign_up(Client())
    old = timezone.now() - timedelta(days=3)
    OneTimeCode.objects.update(expires_at=old)
    Tally.objects.update(until=old)
    client = signed_in(resident())
    Session.objects.update(expire_date=old)
    timers.sweep()
    assert not OneTimeCode.objects.exists()
    assert not Tally.objects.exists()
    assert not Session.objects.exists()
    assert client.get(reverse("portal:account")).status_code == 302


def test_every_way_to_be_named_is_read_in_one_spelling() -> None:
    assert signing_in.normalise_identifier(" 0912.345.678 ") == "0912345678"
    assert signing_in.normalise_identifier(MOTHER) == MOTHER
    assert signing_in.normalise_identifier("Mau@Example.COM") == "mau@example.com"
    assert signing_in.normalise_identifier("0100109106") == ""
    assert signing_in.normalise_identifier("nd-0123456789abcdef") == ""
    assert signing_in.normalise_identifier("") == ""


def test_one_is_greeted_by_name() -> None:
    who = resident("Nguyễn Thị Mẫu", phone="0912345678", password=PASSWORD)
    client = Client()
    come_in("0912345678", PASSWORD, client)
    page = client.get(reverse("portal:account")).content.decode()
    assert who.account.username not in page
    assert "Nguyễn Thị Mẫu" in page
