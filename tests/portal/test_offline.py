"""The portal without a line, in a real browser: what was seen stays readable, and only where its owner wants it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from filing.making import started
from motcua.accounts.opening import Proof, open_account
from motcua.filing import drafts
from motcua.filing.models import Draft
from residents import MOTHER


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


def until(page: Any, expression: str, within: Any = None) -> None:
    """Waits for something to be true; asked from outside, for the page's own rules allow no evaluation within."""
    for _turn in range(200):
        if (within or page).evaluate(expression):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"not so within 20 s: {expression}")


@pytest.fixture
def phone(browser: Any, live_city: Any) -> Any:
    """A phone on the city's portal, whose worker is at work."""
    context = browser.new_context(locale="vi-VN", viewport={"width": 390, "height": 844}, base_url=str(live_city))
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto("/")
    until(page, "navigator.serviceWorker.controller !== null")
    yield page
    context.close()


def test_what_was_seen_is_read_without_a_line_and_says_since_when(phone: Any) -> None:
    phone.goto("/")
    phone.goto("/thu-tuc/1.001193/")
    title = phone.inner_text("h1")
    phone.context.set_offline(True)
    phone.goto("/thu-tuc/1.001193/")
    assert phone.inner_text("h1") == title
    expect(phone.locator(".line-bar--kept")).to_contain_text("Không có mạng", use_inner_text=True)
    phone.goto("/tim/?q=ket+hon")
    expect(phone.locator("h1")).to_contain_text("Không có mạng", use_inner_text=True)
    phone.context.set_offline(False)
    phone.goto("/thu-tuc/1.001193/")
    expect(phone.locator(".line-bar")).to_have_count(0)


KEPT = "caches.open('own-pages').then(c => c.keys()).then(k => k.map(e => new URL(e.url).pathname))"


def test_a_page_about_somebody_is_kept_only_where_its_owner_asked_for_it(phone: Any) -> None:
    phone.goto("/theo-doi/")
    assert phone.evaluate(KEPT) == []
    phone.goto("/may-nay/")
    phone.click("[data-device-keep]")
    phone.wait_for_selector("[data-device-forget]:visible")
    phone.goto("/theo-doi/")
    until(phone, f"{KEPT}.then(k => k.length === 1)")
    phone.context.set_offline(True)
    phone.goto("/theo-doi/")
    expect(phone.locator(".line-bar--kept")).to_contain_text("Không có mạng", use_inner_text=True)
    phone.context.set_offline(False)
    phone.goto("/may-nay/")
    phone.click("[data-device-forget]")
    phone.wait_for_selector("[data-device-keep]:visible")
    until(phone, f"{KEPT}.then(k => k.length === 0)")


PASSWORD = "Không-Mạng-Vẫn-Viết-2018"


def sign_in(phone: Any) -> None:
    """By the page, as anybody does."""
    phone.goto("/cong-dan/dang-nhap/")
    phone.fill("[name=identifier]", "0912345678")
    phone.fill("[name=password]", PASSWORD)
    with phone.expect_navigation():
        phone.click("main form button.button--big")


@pytest.fixture
def draft(phone: Any) -> Draft:
    """A begun draft whose owner is signed in on the phone, which keeps."""
    who = open_account(
        "Nguyễn Thị Mẫu", phone="0912345678", number=MOTHER, proof=Proof(how="counter"),
        password_hash=make_password(PASSWORD, hasher="argon2"),
    )  # fmt: skip
    begun = started(who)
    sign_in(phone)
    phone.goto("/may-nay/")
    phone.click("[data-device-keep]")
    phone.wait_for_selector("[data-device-forget]:visible")
    return begun


WAITS = "new Promise(r=>{const o=indexedDB.open('motcua');o.onsuccess=()=>{const q=o.result.transaction('waiting').objectStore('waiting').getAll();q.onsuccess=()=>{o.result.close();r(q.result.map(e=>e.conflict?'conflict':'waits'))}}})"  # noqa: E501


def go_on(phone: Any) -> None:
    """The page's one big button."""
    phone.click("form#filing > .form-actions button.button--big")


def opened(phone: Any, draft: Draft) -> str:
    """The draft's first page, with its other pages kept by the device; its address."""
    phone.goto(f"/nop-ho-so/to/{draft.uuid}/")
    first = phone.url
    until(phone, f"{KEPT}.then(k => k.filter(e => e.startsWith('/nop-ho-so/to/')).length >= 6)")
    return str(first)


@pytest.mark.slow
def test_a_draft_is_written_without_a_line_and_sent_once_when_it_is_back(phone: Any, draft: Draft) -> None:
    first = opened(phone, draft)
    phone.context.set_offline(True)
    phone.fill("[name='form-child_name']", "Trần Thị Bé Mẫu")
    go_on(phone)
    phone.wait_for_selector(".line-bar--written")
    assert phone.url != first
    expect(phone.locator(".line-bar--written")).to_contain_text("đã giữ trên máy này", use_inner_text=True)
    phone.goto(first)
    # The page comes first, and what was written on it out of the device's own store a moment later.
    until(phone, "document.querySelector(\"[name='form-child_name']\").value === 'Trần Thị Bé Mẫu'")
    assert "child_name" not in Draft.objects.get(pk=draft.uuid).answers
    phone.context.set_offline(False)
    phone.wait_for_selector(".line-bar--sent")
    assert phone.evaluate(WAITS) == []
    after = Draft.objects.get(pk=draft.uuid)
    assert after.answers["child_name"] == "Trần Thị Bé Mẫu"
    phone.goto(first)
    assert Draft.objects.get(pk=draft.uuid).revision == after.revision


@pytest.mark.slow
@pytest.mark.parametrize("days", [-1, 1])
def test_a_telephone_whose_clock_is_a_day_off_files_by_the_city_s(phone: Any, draft: Draft, days: int) -> None:
    phone.clock.set_system_time(timezone.now() + timedelta(days=days))
    opened(phone, draft)
    begun = timezone.now()
    phone.fill("[name='form-child_name']", "Trần Thị Bé Mẫu")
    with phone.expect_navigation():
        go_on(phone)
    phone.context.set_offline(True)
    phone.fill("[name='form-child_name']", "Trần Thị Bé Thử")
    go_on(phone)
    phone.wait_for_selector(".line-bar--written")
    phone.context.set_offline(False)
    phone.wait_for_selector(".line-bar--sent")
    saved = Draft.objects.get(pk=draft.uuid)
    assert begun <= saved.updated_at <= timezone.now()
    assert saved.answers["child_name"] == "Trần Thị Bé Thử"
    assert saved.revision == draft.revision + 2


@pytest.mark.slow
def test_a_line_that_is_back_and_carries_nothing_yet_is_tried_again(phone: Any, draft: Draft) -> None:
    opened(phone, draft)
    (worker,) = phone.context.service_workers
    phone.context.set_offline(True)
    phone.fill("[name='form-child_name']", "Trần Thị Bé Mẫu")
    go_on(phone)
    phone.wait_for_selector(".line-bar--written")
    worker.evaluate(
        "() => { self.line = fetch; self.tried = 0; self.fetch = async () => { tried += 1; throw Error() } }"
    )
    phone.context.set_offline(False)
    until(phone, "tried > 0", within=worker)
    assert "child_name" not in Draft.objects.get(pk=draft.uuid).answers
    worker.evaluate("() => { self.fetch = line }")
    phone.wait_for_selector(".line-bar--sent")
    until(phone, f"{WAITS}.then(all => all.length === 0)")
    assert Draft.objects.get(pk=draft.uuid).answers["child_name"] == "Trần Thị Bé Mẫu"


@pytest.mark.slow
def test_what_another_device_wrote_meanwhile_is_not_written_over(phone: Any, draft: Draft) -> None:
    opened(phone, draft)
    step = phone.url.rstrip("/").rpartition("/")[2]
    phone.context.set_offline(True)
    phone.fill("[name='form-child_name']", "Viết trên máy này")
    go_on(phone)
    phone.wait_for_selector(".line-bar--written")
    with transaction.atomic():
        saved = drafts.save(draft.uuid, draft.account, step, {"child_name": "Viết ở nơi khác"}, draft.revision)
    assert isinstance(saved, Draft)
    phone.context.set_offline(False)
    until(phone, f"{WAITS}.then(all => all.includes('conflict'))")
    expect(phone.locator(".line-bar--written")).to_contain_text("sửa ở nơi khác", use_inner_text=True)
    assert Draft.objects.get(pk=draft.uuid).answers["child_name"] == "Viết ở nơi khác"
    phone.goto("/may-nay/")
    phone.wait_for_selector("[data-queue-list] a")


@pytest.mark.slow
def test_handing_in_waits_for_the_line_and_for_its_owner(phone: Any, draft: Draft) -> None:
    opened(phone, draft)
    phone.goto(f"/nop-ho-so/to/{draft.uuid}/xem-lai/")
    phone.context.set_offline(True)
    phone.evaluate("document.getElementById('filing').submit()")
    phone.wait_for_selector(".line-bar--written")
    expect(phone.locator(".line-bar--written")).to_contain_text("chưa gửi được gì", use_inner_text=True)
    assert phone.evaluate(WAITS) == []


@pytest.mark.slow
def test_what_was_written_waits_until_its_owner_is_signed_in_again(phone: Any, draft: Draft) -> None:
    first = opened(phone, draft)
    phone.context.set_offline(True)
    phone.fill("[name='form-child_name']", "Trần Thị Bé Mẫu")
    go_on(phone)
    phone.wait_for_selector(".line-bar--written")
    Session.objects.all().delete()
    phone.context.set_offline(False)
    phone.wait_for_timeout(1500)
    assert phone.evaluate(WAITS) == ["waits"]
    sign_in(phone)
    phone.goto(first)
    until(phone, f"{WAITS}.then(all => all.length === 0)")
    assert Draft.objects.get(pk=draft.uuid).answers["child_name"] == "Trần Thị Bé Mẫu"


@pytest.mark.slow
def test_a_shared_computer_keeps_no_page_with_a_name_in_it(phone: Any) -> None:
    open_account("Nguyễn Thị Mẫu", phone="0912345678", password_hash=make_password(PASSWORD, hasher="argon2"))
    sign_in(phone)
    for path in ("/", "/thu-tuc/1.001193/"):
        phone.goto(path)
        expect(phone.locator("body")).to_contain_text("Nguyễn Thị Mẫu")
    phone.context.clear_cookies()
    phone.goto("/thu-tuc/1.001193/")
    everything = (
        "caches.keys().then(ns => Promise.all(ns.map(n => caches.open(n).then(c => c.matchAll()))))"
        ".then(all => Promise.all(all.flat().map(r => r.text()))).then(all => all.join(' '))"
    )
    until(phone, f"{everything}.then(text => text.includes('1.001193'))")
    assert "Nguyễn Thị Mẫu" not in phone.evaluate(everything)


@pytest.mark.slow
def test_signing_out_leaves_nothing_on_the_device(phone: Any, draft: Draft) -> None:
    opened(phone, draft)
    with phone.expect_navigation(url="**/"):
        phone.evaluate(
            "() => { const f = document.createElement('form'); f.method = 'post'; f.action = '/tai-khoan/logout/';"
            " f.append(document.querySelector('[name=csrfmiddlewaretoken]').cloneNode()); document.body.append(f);"
            " f.submit() }"
        )
    until(phone, f"{KEPT}.then(k => k.length === 0)")
