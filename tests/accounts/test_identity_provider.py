"""Signing in by OpenID Connect against a real provider process: whose account it is, and everything that goes wrong."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from motcua.accounts.models import AccountEvent, ResidentAccount
from motcua.organisation.models import Account
from motcua.site.identity_providers import providers
from residents import MOTHER, resident, signed_in

pytestmark = pytest.mark.django_db
OTHER = "000187000009"


def go(client: Client, **data: str) -> Any:
    """The page that sends the browser to the provider, as our form asks for it."""
    return client.post(reverse("portal:provider", args=["thu"]), data, HTTP_HOST="127.0.0.1")


def target_of(page: Any) -> str:
    return str(page.headers["Refresh"].removeprefix("0; url="))


def come_in(client: Client, through: str | None = None, **data: str) -> Any:
    """The whole way: our form, the provider's page, and back with its answer."""
    page = go(client, **data)
    assert page.status_code == 200, page.content
    target = target_of(page)
    if through == "mock":
        answer = httpx.post(target, data={"sub": "person-1"}, follow_redirects=False)
    else:
        answer = httpx.get(target, follow_redirects=False)
    assert answer.status_code in (302, 303), answer.text
    back = urlsplit(answer.headers["Location"])
    return client.get(f"{back.path}?{back.query}", HTTP_HOST="127.0.0.1")


def test_the_whole_code_flow_opens_a_proven_account(provider: Callable[..., str]) -> None:
    address = provider(acr="2", personal_number=MOTHER, birthdate="1987-05-04", phone_number="+84912345678",
                       phone_number_verified=True, email="mau@example.com", email_verified=False)  # fmt: skip
    client = Client()
    target = target_of(go(client))
    asked = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
    assert target.startswith(f"{address}/authorize?")
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["state"]
    assert len(asked["nonce"]) >= 20
    answer = come_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/cua-toi/")
    made = ResidentAccount.objects.get(number=MOTHER)
    assert (made.assurance, made.proven_how, made.birth) == (2, "provider", "1987-05-04")
    assert made.account.full_name == "Nguyễn Thị Mẫu"
    # The mail address was not verified by the provider, so it is nobody's.
    assert (made.phone, made.email) == ("0912345678", "")
    assert client.session["_auth_user_id"] == str(made.account_id)
    assert httpx.get(f"{address}/asked").json()[-1]["code_verifier"]
    assert SocialAccount.objects.get(user=made.account).extra_data == {}


def test_the_librarys_provider_too(provider: Callable[..., str]) -> None:
    provider("mock", acr="2", personal_number=MOTHER)
    client = Client()
    assert come_in(client, "mock").status_code == 302
    assert ResidentAccount.objects.get(number=MOTHER).assurance == 2


def test_signing_in_again_is_the_same_account(provider: Callable[..., str]) -> None:
    provider(acr="2", personal_number=MOTHER)
    for _ in range(2):
        assert come_in(Client())["Location"] == "/cua-toi/"
    assert ResidentAccount.objects.count() == 1
    assert SocialAccount.objects.count() == 1


def test_a_level_that_was_not_configured_proves_nothing(provider: Callable[..., str]) -> None:
    provider(acr="1", personal_number=MOTHER)
    client = Client()
    come_in(client)
    made = ResidentAccount.objects.get()
    assert (made.assurance, made.number) == (1, "")


def test_the_same_proven_number_comes_in_to_the_same_account(provider: Callable[..., str]) -> None:
    who = resident("Nguyễn Thị Mẫu", number=MOTHER)
    provider(acr="2", personal_number=MOTHER)
    client = Client()
    come_in(client)
    assert client.session["_auth_user_id"] == str(who.account_id)
    assert AccountEvent.objects.filter(account=who.account, verb="identity_added").exists()


@pytest.mark.parametrize("proven", ["1", "2"])
def test_a_mail_address_or_phone_never_links(provider: Callable[..., str], proven: str) -> None:
    who = resident(email="mau@example.com", phone="0912345678")
    provider(acr=proven, personal_number=OTHER, email="mau@example.com", email_verified=True,
             phone_number="0912345678", phone_number_verified=True)  # fmt: skip
    client = Client()
    come_in(client)
    assert client.session["_auth_user_id"] != str(who.account_id)
    who.refresh_from_db()
    assert (who.email, who.phone) == ("mau@example.com", "0912345678")


def test_an_unproven_number_does_not_link_to_the_account_that_has_it(provider: Callable[..., str]) -> None:
    who = resident(number=MOTHER)
    provider(acr="1", personal_number=MOTHER)
    client = Client()
    come_in(client)
    assert client.session["_auth_user_id"] != str(who.account_id)


def test_a_resident_who_is_in_adds_an_identity_and_is_proven_by_it(provider: Callable[..., str]) -> None:
    who = resident("Tên Tự Khai")
    provider(acr="2", personal_number=MOTHER, name="Nguyễn Thị Mẫu")
    answer = come_in(signed_in(who), add="1")
    assert answer["Location"] == reverse("portal:identity")
    who.refresh_from_db()
    assert (who.number, who.assurance) == (MOTHER, 2)
    assert Account.objects.get(pk=who.account_id).full_name == "Nguyễn Thị Mẫu"


def test_whoever_finds_a_session_open_adds_no_identity_of_their_own(provider: Callable[..., str]) -> None:
    who = resident(password="mot cau de nho lam")
    provider(acr="2", personal_number=OTHER)
    client = signed_in(who)
    asked = go(client, add="1")
    assert asked.status_code == 302
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked["Location"], {"password": "mot cau de nho lam"}, HTTP_HOST="127.0.0.1")
    assert come_in(client, add="1")["Location"] == reverse("portal:identity")


def test_another_persons_identity_is_not_added(provider: Callable[..., str]) -> None:
    resident(number=MOTHER)
    who = resident()
    provider(acr="2", personal_number=MOTHER)
    answer = come_in(signed_in(who), add="1")
    assert answer.status_code == 403
    assert "đã gắn với một tài khoản khác" in answer.content.decode()
    who.refresh_from_db()
    assert (who.number, who.assurance) == ("", 1)
    assert not SocialAccount.objects.exists()


def test_an_identity_of_another_number_is_not_added(provider: Callable[..., str]) -> None:
    who = resident(number=MOTHER)
    provider(acr="2", personal_number=OTHER)
    assert come_in(signed_in(who), add="1").status_code == 403
    assert not SocialAccount.objects.exists()


def test_a_closed_account_stays_closed(provider: Callable[..., str]) -> None:
    who = resident(number=MOTHER)
    Account.objects.filter(pk=who.account_id).update(is_active=False)
    provider(acr="2", personal_number=MOTHER)
    client = Client()
    assert come_in(client).status_code == 403
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "mode",
    ["wrong-nonce", "wrong-key", "wrong-issuer", "wrong-audience", "other-subject", "no-id-token", "garbage-token"],
)
def test_an_answer_that_cannot_be_trusted_lets_nobody_in(provider: Callable[..., str], mode: str) -> None:
    provider(mode, acr="2", personal_number=MOTHER)
    client = Client()
    answer = come_in(client)
    assert answer.status_code in (403, 502)
    assert "<h1" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert not ResidentAccount.objects.exists()
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("mode", ["slow", "garbage-discovery", "list-discovery"])
def test_a_provider_that_does_not_answer_is_said_so(provider: Callable[..., str], mode: str) -> None:
    provider(mode)
    answer = go(Client())
    assert answer.status_code == 502
    said = answer.content.decode()
    assert "không trả lời" in said
    assert reverse("portal:sign_in") in said


def test_a_provider_that_is_gone_when_one_comes_back(provider: Callable[..., str], settings: Any) -> None:
    provider(acr="2", personal_number=MOTHER)
    client = Client()
    back = urlsplit(httpx.get(target_of(go(client)), follow_redirects=False).headers["Location"])
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
    answer = client.get(f"{back.path}?{back.query}", HTTP_HOST="127.0.0.1")
    assert answer.status_code == 502
    assert not ResidentAccount.objects.exists()


def test_an_answer_to_somebody_elses_question_is_refused(provider: Callable[..., str]) -> None:
    provider(acr="2", personal_number=MOTHER)
    victim, attacker = Client(), Client()
    back = urlsplit(httpx.get(target_of(go(attacker)), follow_redirects=False).headers["Location"])
    answer = victim.get(f"{back.path}?{back.query}", HTTP_HOST="127.0.0.1")
    assert answer.status_code == 403
    assert "_auth_user_id" not in victim.session


def test_who_changes_their_mind_is_back_at_the_beginning(provider: Callable[..., str]) -> None:
    provider("denied")
    assert come_in(Client())["Location"] == reverse("portal:sign_in")


def test_no_form_leaves_the_house(provider: Callable[..., str]) -> None:
    """The content policy keeps forms to ourselves; the way to the provider is a page with a link."""
    address = provider()
    page = go(Client())
    assert "form-action 'self'" in page["Content-Security-Policy"]
    assert re.search(rf'<a class="button" href="{re.escape(address)}/authorize', page.content.decode())


def test_the_settings_name_what_is_missing() -> None:
    described = {
        "MOTCUA_OIDC_PROVIDERS": "vneid", "MOTCUA_OIDC_VNEID_ISSUER": "https://id.example",
        "MOTCUA_OIDC_VNEID_CLIENT_ID": "a", "MOTCUA_OIDC_VNEID_CLIENT_SECRET": "b",
        "MOTCUA_OIDC_VNEID_PROVEN": "2, urn:loa2",
    }  # fmt: skip
    app = providers(described)["openid_connect"]["APPS"][0]
    assert app["settings"]["claims"]["proven"] == ("2", "urn:loa2")
    assert providers({})["openid_connect"]["APPS"] == []
    with pytest.raises(ImproperlyConfigured, match="MOTCUA_OIDC_VNEID_CLIENT_SECRET"):
        providers({key: value for key, value in described.items() if not key.endswith("SECRET")})
    with pytest.raises(ImproperlyConfigured, match="https"):
        providers(described | {"MOTCUA_OIDC_VNEID_ISSUER": "http://id.example"})
