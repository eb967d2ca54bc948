"""A resident's own pages in a real browser: a phone 390 pixels wide, and every act of theirs without any script."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client, override_settings
from playwright.sync_api import expect

from files.paperwork import document
from motcua.dossiers import rating_links
from motcua.dossiers.asked_items import form_item
from motcua.law import commands as c
from motcua.site.home import django_secret
from office.counter_city import clerk
from portal.own_permits import OwnPermit
from residents import signed_in

pytestmark = pytest.mark.slow
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


class Browser:
    """One person's browser, signed in."""

    def __init__(
        self, browser: Any, address: str, client: Client | None, script: bool = True, width: int = 390
    ) -> None:
        self.context = browser.new_context(
            locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": width, "height": 844},
            java_script_enabled=script,
        )  # fmt: skip
        self.context.set_default_timeout(20_000)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": str(address)}])
        self.page, self.address, self.width = self.context.new_page(), address, width

    def go(self, path: str) -> Any:
        """Opens a page."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status < 400, (path, answer.status)
        return self.page

    def looks_right(self, path: str) -> None:
        """Nothing hangs over the edge, and nothing that axe can see keeps anybody out."""
        self.go(path)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width, path
        found = Axe().run(self.page, options=RULES).response["violations"]
        assert [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in found] == [], path

    def press(self, words: str) -> None:
        """The button that says so, and the page it leads to."""
        with self.page.expect_navigation():
            self.page.click(f"main button:has-text('{words}')")


def own(permit: OwnPermit, more: str = "") -> str:
    return f"/cua-toi/ho-so/{permit.id}/{more}"


def test_every_page_fits_a_phone_and_keeps_nobody_out(live_city: Any, browser: Any) -> None:
    shown = OwnPermit().filed().accepted().drafted().shown()
    asked = OwnPermit(shown.owner).filed()
    items = ("drawings", form_item("storeys"), form_item("owner"), "*Ghi rõ màu mái")
    asked.act(c.RequestSupplement(items=items, reason="Bản vẽ mờ"), asked.people.clerk)
    ended = OwnPermit(shown.owner).filed().accepted().drafted().shown().ended()
    rated = OwnPermit(shown.owner).filed().accepted().drafted().shown().ended()
    rated.act(c.Rate(scores={"1": 2, "7": 0}, words="Phải gọi hai lần."), rated.actor)
    rated.act(c.ContestRating(reason="Gọi ngoài giờ"), rated.people.leader)
    fresh = OwnPermit(shown.owner).filed()
    with override_settings(SECRET_KEY=django_secret(live_city.home)):
        resident, link = signed_in(shown.owner), rating_links.make(ended.id)
        counter, head = clerk("quay", "00001"), clerk("truong", "001", "leader")
    phone = Browser(browser, live_city, resident)
    for path in (
        "/cua-toi/", own(shown), own(shown, "du-thao/"), own(asked), own(asked, "bo-sung/"), own(ended, "danh-gia/"),
        own(rated), own(rated, "danh-gia/"), own(fresh), own(fresh, "rut/"), own(fresh, "nhan-ket-qua/"),
        f"/danh-gia/{link}/", "/thu-tuc/1.001193/",
    ):  # fmt: skip
        phone.looks_right(path)
    desk = Browser(browser, live_city, counter, width=1280)
    for path in ("/can-bo/tiep-nhan/truc-tuyen/", f"/can-bo/tiep-nhan/cho/{fresh.id}/",
                 f"/can-bo/danh-gia/tai-quay/{ended.id}/", "/so-lieu/truc-tuyen/"):  # fmt: skip
        desk.looks_right(path)
    heads = Browser(browser, live_city, head, width=1280)
    for path in ("/can-bo/danh-gia/", f"/can-bo/ho-so/{rated.id}/"):
        heads.looks_right(path)


@pytest.mark.parametrize("script", [True, False], ids=["phone", "without scripts"])
def test_an_owner_answers_everything_that_is_asked(live_city: Any, browser: Any, script: bool, tmp_path: Path) -> None:
    shown = OwnPermit().filed().accepted().drafted().shown()
    asked = OwnPermit(shown.owner).filed()
    wanted = c.RequestSupplement(items=("drawings", form_item("height")), reason="Bản vẽ mờ")
    asked.act(wanted, asked.people.clerk)
    ended = OwnPermit(shown.owner).filed().accepted().drafted().shown().ended()
    with override_settings(SECRET_KEY=django_secret(live_city.home)):
        resident = signed_in(shown.owner)
    phone = Browser(browser, live_city, resident, script)
    page = phone.go("/cua-toi/")
    with page.expect_navigation():
        page.click("main a.button:has-text('Xem và trả lời')")
    page.check("[name=agrees][value=no]", force=True)
    page.fill("[name=words]", "Sai tên đường")
    phone.press("Gửi trả lời")
    expect(page.locator("body")).to_contain_text("Đã báo cơ quan sửa lại dự thảo")
    phone.go(own(asked, "bo-sung/"))
    paper = tmp_path / "ban-ve.pdf"
    paper.write_bytes(document(2))
    page.set_input_files("#f-paper-drawings", paper)
    if script:
        page.wait_for_selector(".upload__item--ready", timeout=60_000)
    page.fill("[name=form-height]", "12")
    phone.press("Gửi phần bổ sung")
    expect(page.locator("body")).to_contain_text("Đã gửi phần bổ sung")
    phone.go(own(ended, "danh-gia/"))
    page.check("[name=c1][value='2']", force=True)
    page.fill("[name=words]", "Nhanh")
    phone.press("Gửi đánh giá")
    expect(page.locator("body")).to_contain_text("Cảm ơn bạn đã đánh giá")
    assert shown.state.shown is not None
    assert shown.state.shown.words == "Sai tên đường"
    assert asked.state.form["height"] == 12
    assert len(next(each for each in asked.state.papers if each.id == "drawings").files) == 1
    assert ended.state.rating is not None
    assert ended.state.rating.scores == {"1": 2}
