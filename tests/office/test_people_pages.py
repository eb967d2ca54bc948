"""The pages about people in a real browser: accessible at both widths, and walked from end to end."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from motcua.organisation.directory import actor_for, directory
from motcua.organisation.models import Account, Delegation
from permit_office import DISTRICT, DIVISION, Office
from staffing import hire

pytestmark = pytest.mark.slow

PASSWORD = "Mot-Cua-thu-2018"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = (1280, 390)


class Visit:
    """One person's browser."""

    def __init__(self, browser: Any, address: str, username: str, password: str = PASSWORD) -> None:
        context = browser.new_context(locale="vi-VN", viewport={"width": WIDTHS[0], "height": 900})
        context.set_default_timeout(20_000)
        self.page = context.new_page()
        self.address = address
        self.page.goto(address + "/can-bo/viec/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", password)
        with self.page.expect_navigation():
            self.page.click("main form button.button")

    def go(self, path: str) -> None:
        """Opens a page; fails on anything but an ordinary answer."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)

    def is_accessible(self, name: str) -> None:
        """No violation that axe can see, and nothing wider than the screen, at both widths."""
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            found = Axe().run(self.page, options=RULES).response["violations"]
            assert [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in found] == [], name
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, name
            if os.environ.get("MOTCUA_SHOTS"):
                folder = Path(os.environ["MOTCUA_SHOTS"])
                self.page.screenshot(path=folder / f"people-{name}-{width}.png", full_page=True)
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})

    def press(self, words: str) -> None:
        """Presses a button by what it says."""
        with self.page.expect_navigation():
            self.page.locator("main button", has_text=words).last.click()


def test_a_leader_lends_the_signature_and_takes_it_back(live_city: Any, browser: Any) -> None:
    office = Office(password=PASSWORD)
    leader = Visit(browser, live_city, "long")
    page = leader.page
    leader.go("/can-bo/viec/")
    page.click("details.menu > summary")
    page.click("details.menu a:has-text('Ủy quyền')")
    page.wait_for_url("**/uy-quyen/")
    leader.is_accessible("empty")
    page.fill("#tim-nguoi", "BINH")
    leader.press("Tìm người")
    leader.is_accessible("found")
    page.locator("main .queue__item").first.click()
    page.wait_for_url("**nguoi=**")
    page.fill("[name=valid_from]", "1/2/2019")
    page.fill("[name=valid_to]", "x")
    leader.press("Xem hiệu lực")
    leader.is_accessible("mistake")
    expect(page.locator("[name=valid_from]")).to_have_value("1/2/2019")
    today = page.evaluate("new Date().toLocaleDateString('en-GB', {timeZone: 'Asia/Ho_Chi_Minh'})")
    page.fill("[name=valid_from]", today)
    page.fill("[name=valid_to]", today)
    page.fill("[name=reason]", "Nghỉ phép")
    leader.press("Xem hiệu lực")
    leader.is_accessible("ask")
    expect(page.locator("main")).to_contain_text("nhật ký ghi cả hai tên", use_inner_text=True)
    leader.press("Ủy quyền")
    leader.is_accessible("given")
    house = directory().by_code[DISTRICT].number
    assert actor_for(office.head).holds(house, "leader")
    head = Visit(browser, live_city, "binh")
    head.go("/can-bo/tai-khoan/")
    head.is_accessible("account")
    assert f"ủy quyền của {office.leader.full_name}" in head.page.inner_text("main")
    page.click("main a:has-text('Thu hồi')")
    page.wait_for_url("**/thu-hoi/")
    leader.is_accessible("revoke")
    leader.press("Thu hồi")
    assert not actor_for(office.head).holds(house, "leader")
    assert Delegation.objects.get().cancelled_at is not None


def test_an_administrator_makes_an_account_and_its_owner_signs_in(live_city: Any, browser: Any) -> None:
    Office(password=PASSWORD)
    hire("quantri", (DISTRICT, "admin"), password=PASSWORD)
    admin = Visit(browser, live_city, "quantri")
    page = admin.page
    admin.go("/can-bo/con-nguoi/")
    admin.is_accessible("people")
    admin.go(f"/can-bo/con-nguoi/?co-quan={DIVISION}&tim=hang")
    admin.is_accessible("places")
    page.click("main a:has-text('Tạo tài khoản mới')")
    page.wait_for_url("**/tai-khoan-moi/**")
    page.fill("[name=full_name]", "Hồ Thị Thử")
    page.fill("[name=username]", "long")
    admin.press("Tạo tài khoản")
    admin.is_accessible("new")
    page.fill("[name=username]", "thu.ho")
    admin.press("Tạo tài khoản")
    admin.is_accessible("made")
    said = re.search(r"\b(\w{4}-\w{4}-\w{4}-\w{4})\b", page.inner_text("main"))
    assert said
    page.click("main a:has-text('Bổ nhiệm vào vị trí')")
    page.wait_for_url("**/bo-nhiem/**")
    admin.is_accessible("appoint")
    page.check("[name=role][value=officer]", force=True)
    admin.press("Bổ nhiệm")
    admin.is_accessible("division")
    page.click("main td a:has-text('Hồ Thị Thử')")
    page.wait_for_url("**/con-nguoi/tai-khoan/**")
    admin.is_accessible("person")
    page.click("main a:has-text('Kết thúc')")
    page.wait_for_url("**/ket-thuc/")
    admin.is_accessible("end")
    made = Visit(browser, live_city, "thu.ho", said.group(1))
    made.go("/can-bo/tai-khoan/")
    assert "Hồ Thị Thử" in made.page.inner_text("main")
    assert actor_for(Account.objects.get(username="thu.ho")).holds(directory().by_code[DIVISION].number, "officer")
