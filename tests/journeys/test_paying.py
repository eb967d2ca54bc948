"""A resident pays on a phone: by VietQR with a page that changes by itself, and at a gateway without JavaScript."""

import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.hashers import make_password
from django.db import connection
from msgspec import structs
from playwright.sync_api import expect

from cities import LiveCity
from dossiers.permits import Permit
from fees.counter import FEE, with_account
from motcua.accounts.identity import as_actor
from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.dossiers.handle import Done, handle, lodge
from motcua.fees import providers, working
from motcua.fees.accounts import code_for
from motcua.fees.checking import verify
from motcua.fees.following import notices_for
from motcua.fees.models import Notice
from motcua.fees.sandbox_server import SandboxServer
from motcua.law import commands as c
from motcua.law.working_time import city_day
from residents import resident

SECRET = "a-secret-of-this-test-alone"
PASSWORD = "mot-cua-thu-mot-lan"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[SandboxServer]:
    """A sandbox bank that tells nothing by itself; the server to come knows its address."""
    server = SandboxServer(0, "http://127.0.0.1:9", SECRET.encode())
    server.bank.behave(silent=True)
    settings.MOTCUA_SANDBOX_URL, settings.MOTCUA_SANDBOX_SECRET = server.address, SECRET
    settings.MOTCUA_PAYMENT_PROVIDERS = {
        "sandbox": "motcua.fees.sandbox.SandboxGateway",
        "transfer": "motcua.fees.sandbox.SandboxTransfer",
    }
    monkeypatch.setenv("MOTCUA_SANDBOX_URL", server.address)
    monkeypatch.setenv("MOTCUA_SANDBOX_SECRET", SECRET)
    providers.forget_providers()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
    providers.forget_providers()


@pytest.fixture
def city(bank: SandboxServer, settings: Any, request: pytest.FixtureRequest) -> LiveCity:
    """The real server, started after the bank."""
    live: LiveCity = request.getfixturevalue("live_city")
    settings.MOTCUA_BASE_URL = str(live)
    return live


def works() -> None:
    """One round of the worker's errands."""
    with connection.cursor() as run:
        for table in ("payment", "refund", "watch"):
            run.execute(f"UPDATE fees_{table} SET next_at = now() WHERE next_at IS NOT NULL AND leased_until IS NULL")
    working.by_the_clock()
    working.ask_about_payments()
    working.look_for_credits()


def owing(owner: Any) -> Notice:
    """A permit that the resident filed and that was accepted with its fee."""
    permit = Permit()
    permit.version, permit.procedure = versions.current_version("1.009994", city_day(clock.now()))
    lodging = permit.lodging(channel="online")
    lodging = structs.replace(lodging, applicant=structs.replace(lodging.applicant, account=owner.account_id))
    done = lodge(permit.version, lodging, as_actor(owner), uuid4().hex)
    assert isinstance(done, Done), done
    accepted = handle(done.dossier_id, c.Accept(money={"permit": FEE}), permit.people.clerk, uuid4().hex)
    assert isinstance(accepted, Done), accepted
    (notice,) = notices_for(done.dossier_id)
    return notice


def signed_in(browser: Any, city: LiveCity, phone: str, *, script: bool) -> Any:
    """A phone in the resident's hand."""
    context = browser.new_context(
        locale="vi-VN", viewport={"width": 390, "height": 844}, java_script_enabled=script, accept_downloads=True
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(f"{city}/cong-dan/dang-nhap/")
    page.fill("[name=identifier]", phone)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/cua-toi/**")
    return page


def payer() -> Any:
    """A proven resident who can sign in."""
    who = resident("Nguyễn Thị Mẫu", number="000187000012", phone="0912000002")
    who.account.password = make_password(PASSWORD, hasher="argon2")
    who.account.save()
    return who


def pressed(page: Any, what: str) -> None:
    """Presses and waits for the page that follows."""
    with page.expect_navigation():
        page.click(what)


def is_accessible(page: Any) -> None:
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in found] == []


def test_she_scans_and_the_page_changes_by_itself(browser: Any, city: LiveCity, bank: SandboxServer) -> None:
    with_account()
    notice = owing(payer())
    page = signed_in(browser, city, "0912000002", script=True)
    page.goto(f"{city}/cua-toi/thanh-toan/{notice.token}/")
    expect(page.locator("main")).to_contain_text("75.000 đồng", use_inner_text=True)
    assert page.evaluate("document.querySelector('.paying__code img').naturalWidth") > 200
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    is_accessible(page)
    code = code_for(notice, FEE)
    assert code is not None
    httpx.post(f"{bank.address}/transfers", data={"code": code[1]}, trust_env=False).raise_for_status()
    works()
    page.wait_for_selector("h1:has-text('Đã nộp đủ')")
    is_accessible(page)
    receipt = page.request.get(f"{city}{page.get_attribute('a[href*=bien-lai]', 'href')}")
    assert receipt.headers["content-type"] == "application/pdf"
    assert verify() == []


def test_without_javascript_she_pays_at_the_gateway(browser: Any, city: LiveCity, bank: SandboxServer) -> None:
    notice = owing(payer())
    page = signed_in(browser, city, "0912000002", script=False)
    page.goto(f"{city}/cua-toi/thanh-toan/{notice.token}/")
    expect(page.locator("main")).to_contain_text("chưa có tài khoản để chuyển khoản", use_inner_text=True)
    pressed(page, "form[action*=bat-dau] button")
    works()
    pressed(page, "a:has-text('Tải lại trang')")
    pressed(page, "a:has-text('Mở trang thanh toán')")
    pressed(page, "button[value=pay]")
    works()
    pressed(page, "a:has-text('Quay lại')")
    expect(page.locator("main")).to_contain_text("Đã nộp đủ", use_inner_text=True)
    assert verify() == []
