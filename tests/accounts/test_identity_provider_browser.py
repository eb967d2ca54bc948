"""An identity provider in a real browser: the content policy lets one go there and come back."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from playwright.sync_api import expect

from cities import City
from motcua.accounts.models import ResidentAccount
from residents import MOTHER


@pytest.mark.slow
def test_the_browser_goes_there_and_comes_back_signed_in(
    provider: Callable[..., str], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, page: Any
) -> None:
    address = provider(acr="2", personal_number=MOTHER)
    described = {
        "MOTCUA_OIDC_PROVIDERS": "thu", "MOTCUA_OIDC_THU_ISSUER": address, "MOTCUA_OIDC_THU_CLIENT_ID": "motcua",
        "MOTCUA_OIDC_THU_CLIENT_SECRET": "bi-mat", "MOTCUA_OIDC_THU_NAME": "Định danh thử",
        "MOTCUA_OIDC_THU_PROVEN": "2",
    }  # fmt: skip
    for name, value in described.items():
        monkeypatch.setenv(name, value)
    city = request.getfixturevalue("live_city")
    page.goto(f"{city}/cong-dan/dang-nhap/?next=/cua-toi/tai-khoan/dinh-danh/")
    page.get_by_role("button", name="Đăng nhập bằng Định danh thử").click()
    page.wait_for_url(f"{city}/cua-toi/tai-khoan/dinh-danh/")
    expect(page.locator("body")).to_contain_text("Mức 2: biết chắc bạn là ai")
    expect(page.locator("body")).to_contain_text("Định danh thử: ")
    assert ResidentAccount.objects.get().number == MOTHER


def test_no_connection_is_held_while_a_provider_is_spoken_to(fresh_city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Incident 19: a provider that takes its time must not use up the database's connections."""
    from django.db import connection

    from motcua.portal.account.provider_login import ProviderAdapter

    held: list[bool] = []

    def answer(*_: Any, **options: Any) -> None:
        held.append(connection.connection is not None)
        assert options["timeout"] > 0

    monkeypatch.setattr(requests.Session, "request", answer)
    connection.ensure_connection()
    ProviderAdapter().get_requests_session().get("http://127.0.0.1:9/")
    assert held == [False]
