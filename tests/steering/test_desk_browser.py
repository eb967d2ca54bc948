"""The desk in a real browser: accessible at three widths, whole without a script, with one drawn and renewed."""

import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from benchmarks import five_steps
from playwright.sync_api import expect

from cities import LiveCity
from dossiers.permits import Permit
from motcua.dossiers import clock
from motcua.dossiers.bulk import load
from motcua.reports.models import DossierFact
from motcua.steering import alerts, digests
from motcua.steering import reform_index as index
from motcua.steering.models import Alert
from reports.town import followed
from staffing import actor, hire

pytestmark = pytest.mark.slow

PASSWORD = "Mot-Cua-thu-2018"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = (360, 1280, 1920)
DESK = "/can-bo/ban-dieu-hanh/"


def _signed_in(browser: Any, address: str, script: bool = True) -> Any:
    context = browser.new_context(
        locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 1280, "height": 900},
        java_script_enabled=script,
    )  # fmt: skip
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda said: page.faults.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(address + "/can-bo/viec/")
    page.fill("input[name=login]", "lanh.dao")
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("main form button.button")
    return page


def _faults(page: Any, name: str, widths: tuple[int, ...] = WIDTHS) -> list[Any]:
    """What axe sees, and what is wider than the screen."""
    wrong: list[Any] = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page, options=RULES).response["violations"]
        wrong += [(name, width, each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in found]
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            wrong.append((name, width, wide))
        if os.environ.get("MOTCUA_SHOTS"):
            page.screenshot(path=Path(os.environ["MOTCUA_SHOTS"]) / f"{name}-{width}.png", full_page=True)
    return wrong


@pytest.fixture
def city_at_work(live_city: LiveCity) -> LiveCity:
    """A city with three hundred dossiers, a leader, an alert that goes on, a digest, an assessment."""
    leader = hire("lanh.dao", ("HN", "leader"), password=PASSWORD)
    load(five_steps.history(300, five_steps.version_today()))
    followed()
    now = clock.now()
    made = alerts.make(
        leader.pk, now, name="Nhiều hồ sơ đang giải quyết", measure="open_accepted", window="now", agency=0,
        comparison="above", threshold=Decimal(2), release=Decimal(1), smallest=0, roles=[],
    )  # fmt: skip
    assert isinstance(made, Alert)
    assert alerts.evaluate(now) == 1
    digests.subscribe(leader.pk, 0, "week", now - timedelta(days=30), hour=7, weekday=0, monthday=1)
    root = next(grant.agency for grant in actor(leader).grants)
    index.begin(actor(leader), root, now.year, now)
    return live_city


def test_every_page_of_the_desk_is_accessible_at_every_width(city_at_work: LiveCity, browser: Any) -> None:
    page = _signed_in(browser, city_at_work)
    pages = {
        "desk": DESK, "district": f"{DESK}?co-quan=001", "list": f"{DESK}ho-so/?loai=dang-giai-quyet",
        "alerts": f"{DESK}canh-bao/", "firing": f"{DESK}canh-bao/1/", "digests": f"{DESK}ban-tin/",
        "targets": "/can-bo/chi-tieu/", "target": "/can-bo/chi-tieu/ho-ngheo/", "set": "/can-bo/chi-tieu/giao/",
        "reform": "/can-bo/cai-cach/", "sheet": "/can-bo/cai-cach/1/", "hub": "/can-bo/so-lieu/",
    }  # fmt: skip
    wrong: list[Any] = []
    for name, path in pages.items():
        answer = page.goto(city_at_work + path)
        assert answer.status == 200, path
        wrong += _faults(page, name, WIDTHS if name in ("desk", "targets") else WIDTHS[:2])
    page.goto(f"{city_at_work}{DESK}?tuong=1")
    wrong += _faults(page, "wall", (1920, 360))
    assert wrong == []
    assert page.faults == []


def test_charts_are_drawn_and_the_wall_renews_itself_without_loading_again(
    city_at_work: LiveCity, browser: Any
) -> None:
    page = _signed_in(browser, city_at_work)
    page.clock.install()
    page.goto(f"{city_at_work}{DESK}?tuong=1")
    page.wait_for_selector("[data-chart=trend] canvas")
    page.evaluate("window.stays = true")
    page.evaluate("document.querySelector('#now + .numbers .big__figure').dataset.old = '1'")
    Permit().accept()
    followed()
    page.clock.fast_forward(61_000)
    page.wait_for_selector("#now + .numbers .big:first-child .big__figure:not([data-old])")
    page.wait_for_selector("[data-chart=trend] canvas")
    expect(page.locator("#now + .numbers")).to_contain_text(
        f"/ {DossierFact.objects.filter(finished_at=None).count()}", use_inner_text=True
    )
    assert page.evaluate("window.stays") is True
    assert page.faults == []


def test_the_page_is_whole_without_a_script(city_at_work: LiveCity, browser: Any) -> None:
    page = _signed_in(browser, city_at_work, script=False)
    page.goto(city_at_work + DESK)
    expect(page.locator("section:has(#trend) details[open] tbody tr")).to_have_count(24)
    assert page.locator("[data-chart]").first.is_hidden()
    page.fill("#view-name", "Toàn thành phố")
    page.click("form:has(#view-name) button")
    expect(page.locator("main")).to_contain_text("Đã lưu khung nhìn", use_inner_text=True)
    with page.expect_navigation():
        page.click("section[aria-labelledby=now] .big--late .big__link")
    page.click("tbody tr a >> nth=0")
    page.wait_for_url("**/can-bo/ho-so/**")
