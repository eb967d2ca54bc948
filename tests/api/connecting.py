"""Programs that connect, for the tests: a partner or an app with a token, and requests as they send them."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client as Browser
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from motcua.api.clients import register_app, register_partner
from motcua.api.scopes import FOR_RESIDENTS, SCOPES
from motcua.organisation.models import Account

BIRTH_FORM: dict[str, Any] = {
    "child_name": "Nguyễn Văn Bé",
    "birth_date": "2026-11-01",
    "sex": "male",
    "ethnicity": "Kinh",
    "birthplace": {"text": "Bệnh viện thử", "commune": "00037"},
    "birth_evidence": "witness",
    "parents_married": "no",
    "mother": {"name": "Nguyễn Thị Mẫu"},
    "relation": "parent",
    "filed_by": "self",
    "copies": "1",
}
STATUS: dict[str, Any] = {"procedure": "1.004873", "case": "", "agency": "00037", "form": {}}


class Program:
    """A program with a token, speaking JSON."""

    def __init__(self, token: str) -> None:
        self.browser = Browser()
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> Any:
        """Reads."""
        return self.browser.get(f"/api/v1{path}", headers=self.headers)

    def post(self, path: str, told: Any, key: str = "") -> Any:
        """Changes something, under a key."""
        headers = self.headers | {"Idempotency-Key": key or uuid4().hex}
        return self.browser.post(
            f"/api/v1{path}", json.dumps(told, ensure_ascii=False), content_type="application/json", headers=headers
        )

    def delete(self, path: str) -> Any:
        """Removes."""
        return self.browser.delete(f"/api/v1{path}", headers=self.headers)


def partner(*scopes: str, name: str = "Bệnh viện thử") -> tuple[Program, Account]:
    """A partner's program, its token drawn as it would draw it."""
    made = register_partner(name, list(scopes or SCOPES))
    answer = Browser().post(
        "/api/oauth/token/",
        {"grant_type": "client_credentials", "client_id": made.client.client_id, "client_secret": made.secret},
    )
    assert answer.status_code == 200, answer.content
    account = made.client.user
    assert account is not None
    return Program(answer.json()["access_token"]), account


def app_of(account: Account, *scopes: str) -> Program:
    """An app that a resident let in (the way there is tested by itself)."""
    made = register_app("Ứng dụng thử", list(FOR_RESIDENTS), ["https://app.example/back"])
    token = get_access_token_model().objects.create(
        user=account,
        application=made.client,
        token=uuid4().hex,
        scope=" ".join(scopes or FOR_RESIDENTS),
        expires=timezone.now() + timedelta(hours=1),
    )
    return Program(token.token)
