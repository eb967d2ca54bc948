"""A campaign in a real browser: a commune answers by Excel, mends one cell, its leader signs, the district accepts,
and the city opens the rolled-up cell down to who wrote it and how, moves the date and closes the campaign."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client, override_settings
from playwright.sync_api import expect

from campaigns.reporting import City, edited
from journeys.visiting import RULES
from motcua.dossiers import clock
from motcua.law.actor import Actor
from motcua.site.home import django_secret

pytestmark = pytest.mark.slow
WIDTHS = (1280, 320)


class Desk:
    """Somebody's browser, at pages of the campaign."""

    def __init__(self, browser: Any, address: Any, city: City, who: Actor, script: bool = True) -> None:
        self.address = address
        self.context = browser.new_context(locale="vi-VN", viewport={"width": 1280, "height": 900},
                                           java_script_enabled=script)  # fmt: skip
        self.context.set_default_timeout(20_000)
        with override_settings(SECRET_KEY=django_secret(address.home)):
            client = Client()
            account = next(each for each in city.accounts.values() if each.pk == who.account)
            client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": str(address)}])
        self.page = self.context.new_page()
        self.script = script

    def go(self, path: str) -> Any:
        """Opens a page."""
        answer = self.page.goto(f"{self.address}{path}")
        assert answer is not None
        assert answer.status == 200, path
        return self.page

    def is_good(self, name: str) -> None:
        """Accessible, and no wider than the screen."""
        for width in WIDTHS if self.script else ():
            self.page.set_viewport_size({"width": width, "height": 900})
            found = Axe().run(self.page, options=RULES).response["violations"]
            assert [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in found] == [], name
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, name
            if os.environ.get("MOTCUA_SHOTS"):
                path = Path(os.environ["MOTCUA_SHOTS"]) / f"campaign-{name}-{width}.png"
                self.page.screenshot(path=path, full_page=True)
        self.page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_from_a_communes_spreadsheet_to_the_citys_figure(
    live_city: Any, browser: Any, tmp_path: Path, script: bool
) -> None:
    city = City(now=clock.now() - timedelta(days=2), due=clock.now() + timedelta(days=9))
    number = city.answer().pk

    clerk = Desk(browser, live_city, city, city.clerk(), script)
    page = clerk.go("/can-bo/thu-thap/")
    clerk.is_good("list")
    page.click("section[aria-labelledby=cua-toi] tbody a")
    page.wait_for_url(f"**/phieu/{number}/")
    clerk.is_good("answer")
    with page.expect_download() as coming:
        page.click("text=Tải mẫu Excel")
    given = tmp_path / "mau.xlsx"
    coming.value.save_as(given)

    def change(sheet: Any, _book: Any) -> None:
        for row in (6, 7):
            sheet.cell(row, 3).value, sheet.cell(row, 4).value, sheet.cell(row, 5).value = 12, 10, 2
        sheet["C7"] = "12 máy"

    filled = tmp_path / "phieu.xlsx"
    filled.write_bytes(edited(given.read_bytes(), change))
    page.set_input_files("input[name=file]", filled)
    page.click("text=Nộp tệp, xem kết quả đọc")
    page.wait_for_url("**/excel/*/")
    expect(page.locator("main")).to_contain_text("12 máy", use_inner_text=True)
    clerk.is_good("verdict")
    page.click("text=Xem phiếu, sửa và trình ký")
    page.wait_for_url("**soat=1")
    expect(page.locator("[name='c.xach.tong']")).to_have_value("12 máy")
    clerk.is_good("errors")
    page.fill("[name='c.xach.tong']", "12")
    page.click("button[value=submit]")
    page.wait_for_url(f"**/phieu/{number}/")
    expect(page.locator("main")).to_contain_text("Đã trình lãnh đạo ký", use_inner_text=True)

    leader = Desk(browser, live_city, city, city.leader(), script)
    page = leader.go("/can-bo/thu-thap/duyet/")
    leader.is_good("signing")
    with page.expect_navigation():
        page.click("text=Ký, duyệt các phiếu đã chọn")
    expect(page.locator("main")).to_contain_text("Đã ký, duyệt 1 phiếu", use_inner_text=True)

    district = Desk(browser, live_city, city, city.district(), script)
    page = district.go(f"/can-bo/thu-thap/phieu/{number}/")
    district.is_good("read")
    with page.expect_navigation():
        page.click("button[value=accept_district]")

    control = Desk(browser, live_city, city, city.control, script)
    page = control.go(f"/can-bo/thu-thap/{city.campaign.pk}/?muc=huyen-duyet")
    expect(page.locator("main")).to_contain_text("Chưa đầy đủ: mới 1/3", use_inner_text=True)
    control.is_good("rollup")
    page.click("section[aria-labelledby=tong] tbody tr:first-child td:nth-of-type(1) a")
    page.wait_for_url("**/o/?*")
    control.is_good("cell")
    page.click("tbody th a >> nth=0")
    page.wait_for_url("**huyen=001**")
    said = page.inner_text("main")
    assert "Excel" in said
    assert city.clerk().name in said
    control.is_good("source")
    control.go(f"/can-bo/thu-thap/{city.campaign.pk}/tre/")
    control.is_good("late")
    here = f"/can-bo/thu-thap/{city.campaign.pk}/"
    page = control.go(f"{here}doi-han/")
    with page.expect_navigation():
        page.click("text=Xem trước")
    control.is_good("move-errors")
    page.fill("[name=due]", f"{clock.now() + timedelta(days=20):%d/%m/%Y}")
    page.fill("[name=reason]", "Chờ kiểm kê")
    page.click("text=Xem trước")
    page.wait_for_selector("button[name=confirmed]")
    control.is_good("move")
    page.click("button[name=confirmed]")
    page.wait_for_url(f"**{here}")
    expect(page.locator("main")).to_contain_text("Hạn đã dời 1 lần", use_inner_text=True)
    page.click("text=Đóng đợt")
    page.fill("[name=reason]", "Đủ số liệu")
    page.click("text=Xem trước")
    page.click("button[name=confirmed]")
    page.wait_for_url(f"**{here}")
    expect(page.locator("main")).to_contain_text("2 cơ quan không trả lời", use_inner_text=True)
    control.is_good("closed")
    control.go(f"{here}tre/")
    control.is_good("late-closed")
    control.go(f"{here}mo-lai/")
    control.is_good("reopen")
    control.go("/can-bo/thu-thap/mo/")
    control.is_good("open")
    control.go("/can-bo/thu-thap/bieu/may-tinh/")
    control.is_good("form")
