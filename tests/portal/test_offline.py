"""The portal without a line, in a real browser: what was seen stays readable, and only where its owner wants it."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse


@pytest.mark.django_db
def test_the_worker_names_the_files_it_keeps_and_is_never_kept_itself() -> None:
    answer = Client().get(reverse("portal:worker"))
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert "no-store" in answer.headers["Cache-Control"]
    first = answer.content.decode().splitlines()[0]
    told = json.loads(first.removeprefix("self.motcua = ").removesuffix(";"))
    assert told["page"] == "/ngoai-tuyen/"
    assert any("page.js" in each for each in told["files"])


@pytest.mark.django_db
def test_the_portal_can_be_put_on_the_first_screen() -> None:
    manifest = Client().get(reverse("portal:manifest"))
    assert manifest.headers["Content-Type"] == "application/manifest+json"
    told = manifest.json()
    assert told["display"] == "standalone"
    assert {each["sizes"] for each in told["icons"]} >= {"192x192", "512x512"}
    assert reverse("portal:manifest") in Client().get("/").content.decode()


@pytest.fixture
def phone(browser: Any, live_city: Any) -> Any:
    """A phone on the city's portal, whose worker is at work."""
    context = browser.new_context(locale="vi-VN", viewport={"width": 390, "height": 844}, base_url=str(live_city))
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto("/")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    yield page
    context.close()


def test_what_was_seen_is_read_without_a_line_and_says_since_when(phone: Any) -> None:
    phone.goto("/")
    phone.goto("/thu-tuc/1.001193/")
    title = phone.inner_text("h1")
    phone.context.set_offline(True)
    phone.goto("/thu-tuc/1.001193/")
    assert phone.inner_text("h1") == title
    assert "Không có mạng" in phone.inner_text(".line-bar--kept")
    phone.goto("/tim/?q=ket+hon")
    assert "Không có mạng" in phone.inner_text("h1")
    phone.context.set_offline(False)
    phone.goto("/thu-tuc/1.001193/")
    assert phone.locator(".line-bar").count() == 0


KEPT = "caches.open('own-pages').then(c => c.keys()).then(k => k.map(e => new URL(e.url).pathname))"


def test_a_page_about_somebody_is_kept_only_where_its_owner_asked_for_it(phone: Any) -> None:
    phone.goto("/theo-doi/")
    assert phone.evaluate(KEPT) == []
    phone.goto("/may-nay/")
    phone.click("[data-device-keep]")
    phone.wait_for_selector("[data-device-forget]:visible")
    phone.goto("/theo-doi/")
    phone.wait_for_function(f"{KEPT}.then(k => k.length === 1)")
    phone.context.set_offline(True)
    phone.goto("/theo-doi/")
    assert "Không có mạng" in phone.inner_text(".line-bar--kept")
    phone.context.set_offline(False)
    phone.goto("/may-nay/")
    phone.click("[data-device-forget]")
    phone.wait_for_selector("[data-device-keep]:visible")
    assert phone.evaluate(KEPT) == []
