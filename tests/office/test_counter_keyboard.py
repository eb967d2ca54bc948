"""A clerk without a mouse, in a real browser: from the search to the receipt, with scripts and without."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import expect

from motcua.dossiers import store
from motcua.dossiers.models import Dossier as Row
from motcua.site.home import django_secret
from office.counter_city import COPIES, HANG_BAC, clerk

pytestmark = pytest.mark.slow

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
ANSWERS = {
    "number": "001190000001",
    "birth": "07/01/1990",
    "phone": "0912345678",
    "address": "Số 12 ngõ Gạch",
    "form-document": "Bằng tốt nghiệp đại học",
    "form-pages": "3",
    "form-copies": "2",
}


class Keys:
    """One clerk's keyboard. Nothing here clicks."""

    def __init__(self, browser: Any, city: Any, cookie: str, script: bool) -> None:
        self.context = browser.new_context(
            locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 1280, "height": 800},
            java_script_enabled=script,
        )  # fmt: skip
        self.context.set_default_timeout(30_000)
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": str(city)}])
        self.page = self.context.new_page()

    def focused(self, what: str = "name") -> str:
        """An attribute of what has the focus."""
        return str(self.page.evaluate(f"document.activeElement.getAttribute('{what}') || ''"))

    def enter(self) -> None:
        """Enter, and the page it leads to."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def tab_to(self, name: str, value: str = "") -> None:
        """Tab forward until the question called `name` has the focus."""
        for _ in range(80):
            if self.focused() == name and (not value or self.focused("value") == value):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard never reaches {name}")


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_a_dossier_is_taken_in_without_a_mouse(live_city: Any, browser: Any, script: bool) -> None:
    with override_settings(SECRET_KEY=django_secret(live_city.home)):
        client = clerk("minhtv", HANG_BAC)
    keys = Keys(browser, live_city, client.cookies[settings.SESSION_COOKIE_NAME].value, script)
    page = keys.page
    page.goto(f"{live_city}/can-bo/tiep-nhan/")
    assert keys.focused() == "tim"
    page.keyboard.type(COPIES)
    keys.enter()
    assert keys.focused() == "find"
    page.keyboard.type("Nguyễn Thị Ánh Tuyết")
    keys.enter()
    assert keys.focused() == "number", "the name is copied, the next question waits"
    for name, said in list(ANSWERS.items())[:4]:
        keys.tab_to(name)
        page.keyboard.type(said)
    keys.tab_to("paper-original")
    page.keyboard.press("Space")
    for name, said in list(ANSWERS.items())[4:]:
        keys.tab_to(name)
        page.keyboard.type(said)
    keys.tab_to("form-foreign")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    keys.tab_to("form-delivery")
    page.keyboard.press("ArrowDown")
    keys.tab_to("do", "preview")
    keys.enter()
    expect(page.locator("body")).to_contain_text("Hồ sơ đã đủ")
    assert (keys.focused(), keys.focused("value")) == ("do", "accept"), "Enter takes it in"
    if script:
        _is_accessible(page)
    keys.enter()
    page.wait_for_url("**/tiep-nhan/xong/**")
    assert "/in/receipt/" in keys.focused("href"), "Enter prints"
    state = store.read(Row.objects.get().id)
    assert state is not None
    assert (state[0].applicant.name, state[0].form["foreign"]) == ("Nguyễn Thị Ánh Tuyết", "no")
    assert state[0].owed == 2 * (2 * 2000 + 1000)
    if script:
        for path in ("tiep-nhan/", "tra-ket-qua/", "so-theo-doi/", f"tiep-nhan/xong/{state[0].id}/"):
            page.goto(f"{live_city}/can-bo/{path}")
            _is_accessible(page)
    keys.context.close()


def _is_accessible(page: Any) -> None:
    """No violation of WCAG 2.2 AA that axe can see."""
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in found] == []


def test_the_receipt_beside_the_form_follows_what_is_typed(live_city: Any, browser: Any) -> None:
    with override_settings(SECRET_KEY=django_secret(live_city.home)):
        client = clerk("minhtv", HANG_BAC)
    keys = Keys(browser, live_city, client.cookies[settings.SESSION_COOKIE_NAME].value, script=True)
    page = keys.page
    page.goto(f"{live_city}/can-bo/tiep-nhan/{COPIES}/")
    page.fill("[name=name]", "Lò Văn Páo")
    page.keyboard.press("Enter")
    assert keys.focused() == "number", "Enter goes on"
    page.locator("#sheet", has_text="Lò Văn Páo").wait_for()
    hidden = page.locator("[id='block-form-delivery_address']")
    expect(hidden).to_be_hidden()
    page.select_option("[name='form-delivery']", "post")
    hidden.wait_for(state="visible")
    assert not Row.objects.exists()
    keys.context.close()
