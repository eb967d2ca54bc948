"""The state's form in a browser: sixteen columns on a desk, a card a row on a phone, no page wider than its screen."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from playwright.sync_api import expect

from motcua.organisation.models import Account, Appointment, Role
from motcua.site.home import django_secret
from reports.conftest import nothing_remembered  # noqa: F401
from reports.town import CITY, EAST, HILL, MARKET, SHOP, WEST, Town, followed

PAGES = (
    "bao-cao/?bieu=II.06a&pham-vi=below:T&ky=2018-12r",
    "bao-cao/?bieu=II.06b&pham-vi=below:T&ky=2018-Q4r",
    "bao-cao/ho-so/?bieu=II.06a&pham-vi=below:T&ky=2018-12r&cot=qua-han",
    "bao-cao/thu-tuc/?ky=2018-12r",
    "diem/?pham-vi=own:T1&ky=2018-Q4r",
    "chi-so-766/?pham-vi=below:T&ky=2018-Q4r",
)


def _busy(town: Town) -> None:
    town.answered(MARKET, "2018-12-03 09:00", "2018-12-05 10:00")
    town.answered(MARKET, "2018-11-16 09:00", "2018-12-13 10:00")
    town.answered(WEST, "2018-12-04 09:00", "2018-12-04 11:00", code=SHOP)
    town.at_officer(town.accepted(EAST, "2018-11-20 09:00"), "2018-11-20 10:00")
    town.accepted(HILL, "2018-12-14 15:00", code=SHOP)
    followed()


def _signed_in() -> str:
    control = Role.objects.get(code="control")
    account = Account.objects.create_user("kiemsoat.thu", full_name="Trần Thị Kiểm Soát")
    Appointment.objects.create(account=account, agency_id=CITY, role=control, valid_from=date(2018, 1, 1))
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.mark.slow
def test_the_form_fits_the_desk_and_the_phone(live_city: Any, page: Any, tmp_path: Path) -> None:
    _busy(Town())
    with override_settings(SECRET_KEY=django_secret(live_city.home)):
        cookie = _signed_in()
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": str(live_city)}])
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for number, path in enumerate(PAGES):
            answer = page.goto(f"{live_city}/can-bo/{path}")
            assert answer.status == 200, path
            assert page.locator("h1").inner_text() != "Đăng nhập của cán bộ", path
            wide = page.evaluate("document.documentElement.scrollWidth")
            page.screenshot(path=str(tmp_path / f"{number}-{width}.png"), full_page=True)
            assert wide <= width, (path, width, wide)
    page.goto(f"{live_city}/can-bo/{PAGES[0]}")
    late = page.locator("a.figure--late").first
    number = late.inner_text()
    with page.expect_navigation():
        late.click()
    expect(page.locator("h1 .figures")).to_have_text(number, use_inner_text=True)
    assert page.locator("tbody tr").count() == int(number)
