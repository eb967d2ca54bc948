"""The register's pages in a real browser: accessible and no wider than the screen, on a desk and on a phone."""

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client, override_settings
from playwright.sync_api import expect

from motcua.registry import twins
from motcua.registry.models import Household, Member
from motcua.site.home import django_secret
from registry.people import MOTHER, person
from residents import resident, signed_in
from staffing import hire

pytestmark = pytest.mark.slow

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WIDTHS = (1280, 390)


def is_accessible(page: Any, name: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in found] == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        if os.environ.get("MOTCUA_SHOTS"):
            page.screenshot(path=Path(os.environ["MOTCUA_SHOTS"]) / f"register-{name}-{width}.png", full_page=True)


def enter(page: Any, address: str, client: Any) -> None:
    """The session of a signed-in client, in the browser."""
    page.context.clear_cookies()
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


def test_the_registers_pages(live_city: Any, page: Any) -> None:
    one, other = person(), person("000187000019")
    twins.look_for_twins(one.pk)
    home = Household.objects.create(code="TT1", address="Số 5 Nghĩa Dũng", commune="00001")
    Member.objects.create(household=home, resident=one, relation="head", valid_from="2010-01-01")
    keeper = Client()
    account, who = hire("kiemtra", ("001", "control")), resident(number=MOTHER)
    with override_settings(SECRET_KEY=django_secret(live_city.home)):
        keeper.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        herself = signed_in(who)
    enter(page, live_city, keeper)
    page.goto(f"{live_city}/can-bo/dan-cu/")
    is_accessible(page, "ask")
    page.select_option("[name=purpose]", "inspection")
    page.fill("[name=number]", MOTHER)
    with page.expect_navigation():
        page.click("main button:has-text('Tra cứu')")
    is_accessible(page, "no-reason")
    expect(page.locator("[name=number]")).to_have_value(MOTHER)
    page.fill("[name=reason]", "Kiểm tra theo kế hoạch năm")
    page.click("main button:has-text('Tra cứu')")
    page.wait_for_selector("text=Nghĩa Dũng")
    is_accessible(page, "told")
    page.goto(f"{live_city}/can-bo/dan-cu/du-lieu/")
    is_accessible(page, "keep")
    page.goto(f"{live_city}/can-bo/dan-cu/trung/{one.pk}/{other.pk}/")
    is_accessible(page, "twins")
    with page.expect_navigation():
        page.click("main button:has-text('Ghi quyết định')")
    is_accessible(page, "undecided")
    enter(page, live_city, herself)
    page.goto(f"{live_city}/cua-toi/du-lieu/")
    is_accessible(page, "mine")
    expect(page.locator("main")).to_contain_text("Kiểm tra theo kế hoạch năm", use_inner_text=True)
    with page.expect_navigation():
        page.click("a:has-text('Sai?') >> nth=0")
    is_accessible(page, "contest")
