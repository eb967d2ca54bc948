"""The flow's pages in a browser under the content policy: bpmn-js shows the process with its loads, watermark whole."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from playwright.sync_api import expect

from flow.past import FIRST, written
from flow.test_ways import sent_back
from motcua.dossiers import clock
from motcua.flow import risk, training, ways
from motcua.organisation.models import Account, Appointment, Role
from motcua.reports import facts
from motcua.reports.models import DossierFact
from motcua.site.home import django_secret
from reports.town import CITY, EAST, HOUSE, MARKET, WEST, Town

SHOTS = os.environ.get("MOTCUA_SHOTS", "")
QUERY = f"?thu-tuc={HOUSE}&ky=2020"


@pytest.fixture
def signed_in(live_city: Any, page: Any) -> Any:
    """A controller of the city, in a town with two years of history."""
    town = Town()
    ids = [town.answered((MARKET, EAST, WEST)[at % 3], "2018-12-03 09:00", "2018-12-10 10:00").id for at in range(3)]
    ids.append(sent_back(town, EAST, "2018-12-03 09:00", "2018-12-28 10:00"))
    facts.follow(ids)
    written(town, 1600)
    now = clock.now()
    for place in (EAST, WEST, MARKET):
        begun = now - timedelta(days=9)
        state = town.at_officer(town.accepted(place, begun), begun + timedelta(hours=1))
        facts.follow([state.id])
    ways.rebuild()
    # As if a few weeks after the last of the history.
    training.train(FIRST + timedelta(days=740))
    assert risk.refresh() == 3
    role = Role.objects.get(code="control")
    account = Account.objects.create_user("kiemsoat", full_name="Kiểm soát")
    Appointment.objects.create(account=account, agency_id=CITY, role=role, valid_from="2018-01-01")
    with override_settings(SECRET_KEY=django_secret(live_city.home)):
        client = Client()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": str(live_city)}])
    return page


def shot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def test_bpmn_js_shows_the_process_with_its_loads_under_our_policy(signed_in: Any, live_city: Any) -> None:
    page = signed_in
    page.goto(f"{live_city}/can-bo/kiem-soat/quy-trinh/{QUERY}")
    page.wait_for_selector(".flow-drawn .djs-element[data-element-id='step_approve']")
    assert page.locator(".djs-element.djs-shape[data-element-id^='step_']").count() >= 6
    expect(page.locator(".flow-tag")).to_have_count(6)
    assert page.locator(".flow-lost-3").count() >= 1
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    ground = page.locator("[data-element-id='step_appraise'] .djs-visual > rect").evaluate(
        "r => getComputedStyle(r).fill"
    )
    assert ground == "rgb(244, 182, 177)"
    shot(page, "process-1280")
    page.click("[data-zoom='in']")
    # The watermark's own box opens under the policy too.
    page.locator(".bjs-powered-by").click()
    page.wait_for_selector(".bjs-powered-by-lightbox", state="attached")


def test_a_procedure_with_branches_at_once_is_drawn(signed_in: Any, live_city: Any) -> None:
    from motcua.catalogue import versions

    page = signed_in
    snapshot = versions.snapshot()
    codes = [
        code for code, cards in snapshot.cards.items()
        if any(step.parallel for step in versions.procedure_version(cards[-1].version_id).process.steps)
    ]  # fmt: skip
    page.goto(f"{live_city}/can-bo/kiem-soat/quy-trinh/?thu-tuc={codes[0]}")
    page.wait_for_selector(".flow-drawn .djs-element[data-element-id^='fork_']")
    shot(page, "parallel-1280")


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_is_wider_than_its_screen(signed_in: Any, live_city: Any, width: int) -> None:
    page = signed_in
    page.set_viewport_size({"width": width, "height": 900})
    for name, path in {
        "process": f"kiem-soat/quy-trinh/{QUERY}",
        "ways": f"thoi-gian/duong-di/{QUERY}",
        "list": f"thoi-gian/duong-di/ho-so/{QUERY}&loai=tre-han",
        "whatif": f"thoi-gian/thu-doi/{QUERY}&g-1=5&c-3=gop",
        "model": "thoi-gian/du-bao/",
        "risk": "thoi-gian/nguy-co/",
        "read": f"thoi-gian/doc-bpmn/{QUERY}",
        "hub": "so-lieu/",
    }.items():
        page.goto(f"{live_city}/can-bo/{path}")
        page.wait_for_load_state("networkidle")
        wide = page.evaluate("document.documentElement.scrollWidth")
        shot(page, f"{name}-{width}")
        assert wide <= width, (name, wide)
    assert DossierFact.objects.count() > 1600
    assert risk.newest() is not None


def test_without_a_script_the_drawing_and_the_table_say_the_same(signed_in: Any, live_city: Any, browser: Any) -> None:
    cookies = signed_in.context.cookies()
    context = browser.new_context(java_script_enabled=False, locale="vi-VN", viewport={"width": 1280, "height": 900})
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(f"{live_city}/can-bo/kiem-soat/quy-trinh/{QUERY}")
    expect(page.locator(".flow-drawing .flow-step")).to_have_count(6)
    expect(page.locator(".flow-drawing")).to_be_visible()
    shot(page, "process-no-script-1280")
    page.goto(f"{live_city}/can-bo/thoi-gian/thu-doi/{QUERY}")
    page.fill("#g-1", "5")
    page.get_by_role("button", name="Thử").click()
    expect(page.get_by_role("heading", name="Nếu quy trình như thế này")).to_be_visible()
    context.close()
