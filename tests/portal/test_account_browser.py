"""A resident's account in a real browser: a passkey added and used, the pages readable by everybody, on a phone."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.hashers import make_password
from playwright.sync_api import expect

from cities import LiveCity
from conftest import CHROMIUM
from motcua.accounts import authorising
from motcua.accounts.models import AccountEvent, ResidentAccount
from motcua.accounts.opening import Proof, open_account
from motcua.organisation.directory import actor_for, city_day
from residents import CHILD, MOTHER
from staffing import hire

PASSWORD = "mot cau de nho lam"
PAGES = ("", "dinh-danh/", "noi-dang-nhap/", "lich-su/", "uy-quyen/", "lien-he/dien-thoai/", "lien-he/thu/", "xoa/")
VIRTUAL = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def phone_page() -> Iterator[Any]:
    """A phone's page that reaches this machine by name: a passkey belongs to a name, never to a number."""
    from playwright.sync_api import sync_playwright

    if not os.path.exists(CHROMIUM):
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium")
    rules = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", rules],
            chromium_sandbox=os.geteuid() != 0,
        )
        context = running.new_context(locale="vi-VN", viewport={"width": 390, "height": 844})
        context.set_default_timeout(20_000)
        opened = context.new_page()
        faults: list[str] = []
        opened.on("pageerror", lambda error: faults.append(str(error)))
        opened.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        yield opened
        running.close()
    assert faults == []


def mother() -> ResidentAccount:
    """A proven resident whose password the real server knows."""
    return open_account(
        "Nguyễn Thị Mẫu", phone="0912345678", email="mau@example.com", number=MOTHER, proof=Proof(how="counter"),
        password_hash=make_password(PASSWORD, hasher="argon2"),
    )  # fmt: skip


def come_in(page: Any, home: str) -> None:
    page.goto(f"{home}/cong-dan/dang-nhap/?next=/cua-toi/tai-khoan/")
    page.fill("#id_identifier", "0912 345 678")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url("**/cua-toi/tai-khoan/")


@pytest.mark.slow
def test_a_passkey_is_added_and_signs_in_without_a_password(live_city: LiveCity, phone_page: Any) -> None:
    who, page = mother(), phone_page
    home = live_city.replace("127.0.0.1", "localhost")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL})
    come_in(page, home)
    with page.expect_navigation():
        page.get_by_role("link", name="Thêm khóa").click()
    if page.locator("input[type=password]").count():
        # Adding a key asks for the password again.
        page.fill("input[type=password]", PASSWORD)
        page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Tạo khóa trên máy này").click()
    page.wait_for_url("**/recovery-codes/**")
    expect(page.locator("ul.panel li")).to_have_count(10)
    page.goto(f"{home}/cua-toi/tai-khoan/")
    page.locator("details.menu summary").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Thoát").click()
    page.goto(f"{home}/cong-dan/dang-nhap/?next=/cua-toi/tai-khoan/lich-su/")
    page.get_by_role("button", name="Dùng khóa truy cập").click()
    page.wait_for_url(f"{home}/cua-toi/tai-khoan/lich-su/")
    expect(page.locator("body")).to_contain_text("Đăng nhập bằng khóa truy cập")
    assert AccountEvent.objects.filter(account=who.account, verb="factor_added").exists()


@pytest.mark.slow
def test_every_page_of_an_account_is_readable_by_everybody(live_city: LiveCity, page: Any) -> None:
    mother()
    clerk = actor_for(hire("quay", ("00001", "reception")))
    wish = authorising.Grantee("child", MOTHER, CHILD, "Nguyễn Văn Con", city_day(), None, (), "GKS 12/2018")
    authorising.record_at_counter(clerk, wish)
    page.set_viewport_size({"width": 320, "height": 800})
    axe = Axe()
    found: dict[str, list[str]] = {}

    def look(path: str) -> None:
        page.goto(f"{live_city}{path}")
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        faults = [each["id"] for each in axe.run(page).response["violations"]]
        if faults or wide:
            found[path] = [*faults, *(["wider than the screen"] if wide else [])]

    for path in ("dang-nhap/", "dang-ky/", "quen-mat-khau/"):
        look(f"/cong-dan/{path}")
    come_in(page, live_city)
    for path in PAGES:
        look(f"/cua-toi/tai-khoan/{path}")
    for path in ("/tai-khoan/2fa/", "/tai-khoan/2fa/webauthn/", "/tai-khoan/password/change/"):
        look(path)
    assert found == {}


@pytest.mark.slow
def test_an_account_is_used_without_scripts(live_city: LiveCity, browser: Any) -> None:
    mother()
    context = browser.new_context(locale="vi-VN", java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    come_in(page, live_city)
    page.goto(f"{live_city}/cua-toi/tai-khoan/dinh-danh/")
    expect(page.locator("body")).to_contain_text("Mức 2")
    page.locator("details.menu summary").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Thoát").click()
    page.goto(f"{live_city}/cua-toi/tai-khoan/")
    page.wait_for_url("**/cong-dan/dang-nhap/**")
    assert "Khóa truy cập cần JavaScript" in page.content()
    context.close()
