"""The design system in a real browser: narrow, enlarged, dark, by keyboard alone, and without JavaScript.

The pages are served with the content policy of the real site, so an inline style or script would fail here.
"""

import mimetypes
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override
from playwright.sync_api import expect

from motcua.site.security import CONTENT_POLICY

DESK = """{% extends "motcua/office_base.html" %}{% load motcua style_samples %}
{% block title %}Việc của tôi{% endblock %}
{% block content %}{% samples as s %}<h1>Việc của tôi</h1>
<form id="desk" method="post" action="/sent" data-once></form>{% data_table s.table %}
{% action_bar s.actions "desk" %}{% confirm_dialog "dlg-sign" "Ký?" "Ký {n} hồ sơ." "Ký" %}{% endblock %}"""
FORM = """{% extends "motcua/portal_base.html" %}{% load motcua style_samples %}
{% block title %}Nộp hồ sơ{% endblock %}
{% block content %}{% samples as s %}{% error_summary s.errors %}<form method="post" action="/slow" data-once>
{% for each in s.fields %}{% field each %}{% endfor %}<button class="button">Gửi</button></form>{% endblock %}"""
OFFICE = {"person": "Vũ Thị Hòa", "links": [{"href": "/a", "label": "Tài khoản"}], "search_url": "/tim"}
OVERFLOWING = """() => [...document.querySelectorAll("body *")].filter(each => {
    const box = each.getBoundingClientRect();
    return box.width > 0 && box.right > innerWidth + 1 && !each.closest(".table-region, .tabs, .visually-hidden");
}).map(each => each.outerHTML.slice(0, 120))"""


class Served:
    """Where the pages are, and what was sent to them."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.sent: list[dict[str, list[str]]] = []
        self.address = ""
        self.answer = threading.Event()


@pytest.fixture
def served(settings: Any) -> Iterator[Served]:
    """Our pages and static files behind a plain server on this machine."""
    here = Served()
    request = RequestFactory().get("/")
    with override("vi"):
        here.pages["/style"] = render_to_string("motcua/style.html", request=request).encode()
        here.pages["/missing"] = render_to_string("404.html", request=request).encode()
        for path, text in (("/desk", DESK), ("/form", FORM)):
            page = engines["django"].from_string(text).render({"office": OFFICE}, request)
            here.pages[path] = page.encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """A page, or a static file."""
            path = self.path.partition("?")[0]
            kept = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
            body = Path(kept).read_bytes() if kept else b""
            self.say(here.pages.get(path, body), mimetypes.guess_type(path)[0] or "text/html; charset=utf-8")

        def do_POST(self) -> None:
            """Remember what was sent; the slow address answers when it is told to."""
            here.sent.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            if self.path == "/slow":
                here.answer.wait(20)
            self.say("<!doctype html><title>Đã nhận</title><p id=done>Đã nhận".encode(), "text/html; charset=utf-8")

        def say(self, body: bytes, kind: str) -> None:
            # A reader who has left does not matter.
            with suppress(ConnectionError):
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Security-Policy", CONTENT_POLICY)
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here.address = f"http://127.0.0.1:{server.server_port}"
    yield here
    here.answer.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("width", [320, 390, 640, 1280])
def test_nothing_overflows_at_any_width(page: Any, served: Served, width: int) -> None:
    # 640 is what a screen of 1280 has left at 200 %.
    page.set_viewport_size({"width": width, "height": 800})
    for path in served.pages:
        page.goto(served.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate(OVERFLOWING) == [], path


def test_the_letters_of_the_house_are_there(page: Any, served: Served) -> None:
    page.goto(served.address + "/form")
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('400 16px \"Be Vietnam Pro\"', 'ếự'))")


def test_the_keyboard_walks_the_rows_and_chooses_them(page: Any, served: Served) -> None:
    page.goto(served.address + "/desk")
    chosen = page.locator("[data-row-tick]:checked")
    for key in ("j", "j", "x"):
        page.keyboard.press(key)
    expect(chosen).to_have_count(1)
    for key in ("j", "j", "Shift+X"):
        page.keyboard.press(key)
    expect(chosen).to_have_count(3)
    expect(page.locator("[data-chosen-count]")).to_have_text("3", use_inner_text=True)
    expect(page.locator("[data-action-bar]")).to_contain_text("Ký 3 hồ sơ", use_inner_text=True)
    page.keyboard.press("k")
    page.keyboard.press(" ")
    expect(chosen).to_have_count(2)
    page.keyboard.press("Enter")
    page.wait_for_url("**#001.002-190102-0003")
    page.keyboard.press("Escape")
    expect(chosen).to_have_count(0)
    page.keyboard.press("/")
    page.keyboard.type("x/j?")
    expect(page.locator("#office-search")).to_have_value("x/j?")
    expect(chosen).to_have_count(0)


def test_keys_of_one_letter_can_be_switched_off(page: Any, served: Served) -> None:
    page.goto(served.address + "/desk")
    page.keyboard.press("?")
    page.locator("[data-keys-switch]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-row-tick]:checked")).to_have_count(0)
    page.reload()
    page.keyboard.press("?")
    expect(page.locator("#keys-dialog")).to_be_hidden()


def test_an_act_is_asked_about_and_sent_with_the_answer(page: Any, served: Served) -> None:
    page.goto(served.address + "/desk")
    sign = page.locator("button[value=sign]")
    sign.click(force=True)
    expect(page.locator("#dlg-sign")).to_be_hidden()
    page.locator("[data-row-tick]").first.check()
    sign.click()
    expect(page.locator("#dlg-sign")).to_contain_text("Ký 1 hồ sơ.", use_inner_text=True)
    page.keyboard.press("Enter")
    expect(page.locator("#dlg-sign")).to_be_hidden()
    assert served.sent == []
    sign.click()
    page.locator("#dlg-sign button[value=yes]").click()
    page.wait_for_selector("#done")
    assert served.sent == [{"action": ["sign"], "dossier": ["1"], "confirmed": ["yes"]}]


def test_a_form_pressed_twice_is_sent_once(page: Any, served: Served) -> None:
    page.goto(served.address + "/form")
    page.evaluate("for (let n = 0; n < 3; n += 1) document.querySelector('form[data-once] button').click()")
    served.answer.set()
    page.wait_for_selector("#done")
    assert len(served.sent) == 1


def test_mistakes_are_read_first_and_lead_to_their_place(page: Any, served: Served) -> None:
    page.goto(served.address + "/form")
    assert page.evaluate("document.activeElement.matches('[data-error-summary]')")
    page.locator("[data-error-summary] a").first.click()
    assert page.evaluate("document.activeElement.id") == "f-name"


def test_one_clock_is_open_at_a_time(page: Any, served: Served) -> None:
    page.goto(served.address + "/desk")
    faces = page.locator("details.chip > summary")
    faces.nth(0).click()
    faces.nth(2).click()
    page.wait_for_function("document.querySelectorAll('details.chip[open]').length === 1")
    expect(page.locator("details.chip[open]")).to_contain_text("Đã tính 5 ngày", use_inner_text=True)
    page.keyboard.press("Escape")
    expect(page.locator("details.chip[open]")).to_have_count(0)


def test_the_ground_is_switched_and_remembered(page: Any, served: Served) -> None:
    page.goto(served.address + "/style")
    page.locator("#theme-choice").select_option("dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 26)"
    assert [each["value"] for each in page.context.cookies() if each["name"] == "theme"] == ["dark"]


def test_without_javascript_everything_is_still_there(browser: Any, served: Served) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(served.address + "/desk")
    page.locator("details.chip > summary").nth(2).click()
    expect(page.get_by_text("Đã tính 5 ngày")).to_be_visible()
    page.locator("details.chip > summary").nth(2).click()
    page.locator("[data-row-tick]").nth(1).check()
    page.locator("button[value=sign]").click()
    page.wait_for_selector("#done")
    context.close()
    assert served.sent == [{"action": ["sign"], "dossier": ["2"]}]


def test_paper_has_no_bands_and_no_buttons(page: Any, served: Served) -> None:
    page.goto(served.address + "/desk")
    page.emulate_media(media="print")
    expect(page.locator(".band")).to_be_hidden()
    expect(page.locator("[data-action-bar]")).to_be_hidden()
    expect(page.locator("table")).to_be_visible()


def test_motion_stops_when_the_reader_asks(page: Any, served: Served) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(served.address + "/form")
    assert page.evaluate("getComputedStyle(document.querySelector('.button')).transitionDuration") in ("0s", "")
