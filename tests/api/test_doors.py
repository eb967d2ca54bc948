"""Who comes in at the machines' face: tokens, scopes, apps let in by residents, programs shut out."""

import base64
import hashlib
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.test import Client as Browser
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from api.connecting import Program, app_of, partner
from motcua.api.clients import WrongScopeError, register_app, register_partner, shut_out
from motcua.api.models import Client
from residents import resident, signed_in

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


@pytest.mark.parametrize("token", ["", "nothing", "Bearer", "ü", "a" * 5000])
def test_without_a_good_token_nobody_comes_in(token: str) -> None:
    answer = Browser().get("/api/v1/dossiers", headers={"Authorization": f"Bearer {token}"} if token else {})
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_partner_comes_in_with_its_secret_and_only_so_far() -> None:
    program, _account = partner("procedures:read")
    assert program.get("/procedures").status_code == 200
    refused = program.get("/dossiers")
    assert refused.status_code == 403
    assert "dossiers:read" in refused.headers["WWW-Authenticate"]


def test_a_program_cannot_ask_for_more_than_it_was_given() -> None:
    made = register_partner("Hẹp", ["procedures:read"])
    told = {"grant_type": "client_credentials", "client_id": made.client.client_id, "client_secret": made.secret}
    answer = Browser().post("/api/oauth/token/", told | {"scope": "dossiers:write"})
    assert answer.status_code == 400
    wrong = Browser().post("/api/oauth/token/", told | {"client_secret": "x"})
    assert wrong.status_code == 401


def test_a_secret_is_kept_nowhere_in_the_clear() -> None:
    made = register_partner("Kín", ["procedures:read"])
    assert made.secret not in Client.objects.get(pk=made.client.pk).client_secret


def test_an_app_never_gets_what_only_houses_may() -> None:
    with pytest.raises(WrongScopeError):
        register_app("App", ["register:import"], ["https://a.example/"])
    with pytest.raises(WrongScopeError):
        register_partner("X", ["everything"])


def test_an_ended_token_is_worth_nothing() -> None:
    program, _account = partner()
    get_access_token_model().objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert program.get("/dossiers").status_code == 401


def test_a_program_shut_out_is_out_at_once() -> None:
    program, account = partner()
    shut_out(Client.objects.get(user=account))
    assert program.get("/dossiers").status_code == 401
    assert not type(account).objects.get(pk=account.pk).is_active


def test_a_resident_who_deleted_the_account_has_no_app_any_more() -> None:
    who = resident()
    program = app_of(who.account)
    assert program.get("/dossiers").status_code == 200
    type(who.account).objects.filter(pk=who.account.pk).update(is_active=False)
    assert program.get("/dossiers").status_code == 401


def test_nobody_signs_in_as_a_partner() -> None:
    _program, account = partner()
    browser = Browser()
    browser.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get("/can-bo/viec/").status_code == 403


VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


def test_a_resident_lets_an_app_in_with_a_code_that_only_the_app_can_use() -> None:
    made = register_app("Ứng dụng thử", ["dossiers:read"], ["https://app.example/back"])
    ask = {
        "response_type": "code", "client_id": made.client.client_id, "redirect_uri": "https://app.example/back",
        "scope": "dossiers:read", "code_challenge": CHALLENGE, "code_challenge_method": "S256", "state": "s1",
    }  # fmt: skip
    assert Browser().get("/api/oauth/authorize/", ask).status_code == 302
    browser = signed_in(resident())
    page = browser.get("/api/oauth/authorize/", ask)
    assert "Ứng dụng thử" in page.content.decode()
    assert "form-action 'self' https://app.example" in page.headers["Content-Security-Policy"]
    allowed = browser.post("/api/oauth/authorize/", ask | {"allow": "yes"})
    told = parse_qs(urlsplit(allowed.headers["Location"]).query)
    assert told["state"] == ["s1"]
    exchange = {
        "grant_type": "authorization_code", "code": told["code"][0], "client_id": made.client.client_id,
        "redirect_uri": "https://app.example/back",
    }  # fmt: skip
    assert Browser().post("/api/oauth/token/", exchange | {"code_verifier": "w" * 64}).status_code == 400
    again = browser.post("/api/oauth/authorize/", ask | {"allow": "yes"})
    code = parse_qs(urlsplit(again.headers["Location"]).query)["code"][0]
    token = Browser().post("/api/oauth/token/", exchange | {"code": code, "code_verifier": VERIFIER})
    assert token.status_code == 200, token.content
    assert Program(token.json()["access_token"]).get("/dossiers").json() == {"items": [], "next": ""}


@pytest.mark.parametrize("wrong", [{"redirect_uri": "https://evil.example/"}, {"client_id": "nobody"}])
def test_a_wrong_app_is_told_so_and_sent_nowhere(wrong: dict[str, str]) -> None:
    made = register_app("Ứng dụng thử", ["dossiers:read"], ["https://app.example/back"])
    ask = {
        "response_type": "code", "client_id": made.client.client_id, "redirect_uri": "https://app.example/back",
        "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    }  # fmt: skip
    answer = signed_in(resident()).get("/api/oauth/authorize/", ask | wrong)
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_a_code_without_its_proof_key_is_not_given() -> None:
    made = register_app("Ứng dụng thử", ["dossiers:read"], ["https://app.example/back"])
    ask = {"response_type": "code", "client_id": made.client.client_id, "redirect_uri": "https://app.example/back"}
    answer = signed_in(resident()).get("/api/oauth/authorize/", ask)
    assert "error=invalid_request" in answer.headers["Location"]


def test_the_command_registers_lists_and_shuts_out(capsys: pytest.CaptureFixture[str]) -> None:
    import json

    call_command("api_client", "partner", "Kho bạc", "--scopes", "payments:read", "--json")
    made = json.loads(capsys.readouterr().out)
    assert made["secret"]
    call_command("api_client", "shut-out", made["id"], "--json")
    capsys.readouterr()
    call_command("api_client", "list", "--json")
    assert [each["scopes"] for each in json.loads(capsys.readouterr().out)] == [""]


def test_what_an_official_s_session_can_do_here_is_nothing() -> None:
    browser = signed_in(resident())
    assert browser.get("/api/v1/dossiers").status_code == 401
