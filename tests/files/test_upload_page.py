"""The question that takes files, in a real browser with tus-js-client: over broken lines, and without scripts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from cities import LiveCity, until
from files.live import Server, served
from files.paperwork import document, photograph, sha
from files.test_broken_lines import padded, signed_in
from motcua.files import parts, store, uploads
from motcua.files.models import Upload

FIELD = "[data-name='chung-sinh']"


@pytest.fixture
def server(live_city: LiveCity) -> Iterator[Server]:
    with served(live_city) as running:
        yield running


@pytest.fixture
def person(server: Server, page: Any) -> Any:
    """Somebody signed in, with the form open on a telephone."""
    account, session = signed_in()
    page.context.add_cookies([{"name": "motcua_session", "value": session, "url": server.address}])
    page.set_viewport_size({"width": 390, "height": 844})
    page.account = account
    page.goto(f"{server.address}/thu-giay-to/")
    return page


def given(name: str, content: bytes, kind: str = "application/pdf") -> dict[str, Any]:
    return {"name": name, "mimeType": kind, "buffer": content}


def choose(page: Any, *files: dict[str, Any]) -> None:
    with page.expect_file_chooser() as chooser:
        page.click(f"{FIELD} [data-upload-choose]")
    chooser.value.set_files(list(files))


class Line:
    """The page's line, as slow as a test wants it."""

    def __init__(self, page: Any) -> None:
        self._throttle = page.context.new_cdp_session(page)
        self._throttle.send("Network.enable")

    def carries(self, rate: int) -> None:
        """So many bytes a second; 0 is no line, -1 is no limit."""
        conditions = {"offline": rate == 0, "latency": 20, "downloadThroughput": rate, "uploadThroughput": rate}
        self._throttle.send("Network.emulateNetworkConditions", conditions)


def ready(page: Any, count: int = 1) -> None:
    page.wait_for_function(
        "count => document.querySelectorAll('.upload__item--ready').length === count", arg=count, timeout=60_000
    )


def recorded(page: Any) -> list[str]:
    page.click("text=Tiếp tục")
    page.wait_for_selector(".recorded, .error-summary, [data-error-summary]")
    return [str(each.inner_text()) for each in page.query_selector_all(".recorded")]


def test_a_paper_is_sent_seen_and_recorded_by_the_hash_that_was_shown(person: Any) -> None:
    content = document(2)
    choose(person, given("Giấy chứng sinh.pdf", content))
    ready(person)
    expect(person.locator(FIELD)).to_contain_text("2 trang", use_inner_text=True)
    shown = person.query_selector_all(f"{FIELD} .upload__page img")
    assert len(shown) == 2
    assert person.evaluate("image => image.decode().then(() => image.naturalWidth)", shown[0]) == 720
    assert "Giấy chứng sinh.pdf: đã nhận" in person.text_content(f"{FIELD} [data-upload-said]")
    assert recorded(person) == [sha(content)]
    found = uploads.of_digest(sha(content), person.account.pk)
    assert found is not None
    served_back = person.evaluate(
        """async (address) => {
            const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
            const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
            return Array.from(hash, (each) => each.toString(16).padStart(2, "0")).join("");
        }""",
        f"/tep/{found.upload}/tep.pdf",
    )
    assert served_back == found.digest


def test_photographs_are_joined_and_one_is_taken_back(person: Any) -> None:
    choose(person, *(given(f"{n}.jpg", photograph(600 + n, 800), "image/jpeg") for n in range(3)))
    ready(person, 3)
    person.locator(f"{FIELD} .upload__item").nth(2).get_by_role("button").click()
    ready(person, 2)
    person.click(f"{FIELD} [data-upload-join]")
    ready(person, 1)
    expect(person.locator(FIELD)).to_contain_text("2 trang", use_inner_text=True)
    digests = recorded(person)
    assert len(digests) == 1
    assert store.is_whole(digests[0])
    assert person.evaluate("document.activeElement.tagName") != "INPUT"


def test_the_line_is_gone_and_comes_back_and_the_upload_goes_on_by_itself(person: Any) -> None:
    content = padded(1_500_000)
    line = Line(person)
    line.carries(250_000)
    choose(person, given("a.pdf", content))
    until(lambda: there() > 250_000)
    line.carries(0)
    person.wait_for_selector(f"{FIELD} .upload__item--lost", timeout=60_000)
    expect(person.locator(FIELD)).to_contain_text("Phần đã gửi vẫn còn", use_inner_text=True)
    begun = there()
    assert 0 < begun < len(content)
    # The button waits with its person.
    person.click("text=Tiếp tục")
    expect(person.locator(FIELD)).to_contain_text("chưa gửi xong", use_inner_text=True)
    line.carries(-1)
    ready(person)
    assert Upload.objects.count() == 1
    assert recorded(person) == [sha(content)]


def there() -> int:
    """What is on the disk of the one upload."""
    upload = Upload.objects.first()
    return (parts.offset(upload.pk) or 0) if upload else 0


def test_a_page_left_in_the_middle_goes_on_when_it_is_opened_again(person: Any, server: Server) -> None:
    content = padded(1_500_000)
    line = Line(person)
    line.carries(400_000)
    choose(person, given("a.pdf", content))
    until(lambda: there() > 250_000)
    person.goto("about:blank")
    begun = there()
    assert begun < len(content)
    asked: list[tuple[str, str]] = []
    person.on("request", lambda request: asked.append((request.method, request.headers.get("upload-offset", ""))))
    person.goto(f"{server.address}/thu-giay-to/")
    ready(person)
    # Asked where it stood and went on there; nothing was begun anew.
    assert "POST" not in {method for method, _offset in asked}
    first = next(int(offset) for method, offset in asked if method == "PATCH")
    assert first >= 250_000
    assert recorded(person) == [sha(content)]
    assert person.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('tus::')).length") == 0


def test_a_server_that_was_killed_is_waited_for(person: Any, server: Server) -> None:
    content = padded(1_200_000)
    line = Line(person)
    line.carries(400_000)
    choose(person, given("a.pdf", content))
    until(lambda: there() > 250_000)
    server.kill()
    person.wait_for_selector(f"{FIELD} .upload__item--lost", timeout=60_000)
    server.start()
    ready(person)
    assert recorded(person) == [sha(content)]


def test_what_is_not_taken_says_why_at_its_row(person: Any) -> None:
    choose(
        person,
        given("rong.pdf", b""),
        given("chuong-trinh.pdf", b"MZ" * 50),
        given("anh.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
    )
    person.wait_for_function("() => document.querySelectorAll('.upload__item--refused').length === 3", timeout=60_000)
    said = person.inner_text(FIELD)
    for words in ("Tệp rỗng", "bên trong không phải", "Chỉ nhận tệp PDF"):
        assert words in said
    for _ in range(3):
        person.locator(f"{FIELD} .upload__item").first.get_by_role("button", name="Bỏ").click()
        person.wait_for_timeout(150)
    assert person.query_selector_all(f"{FIELD} .upload__item") == []


def test_it_works_by_keyboard_and_says_itself_to_a_reader_of_the_screen(person: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    # As long as somebody listens Chromium hands its dialog to the test: switched on and off, it may miss the key.
    person.on("filechooser", lambda _chooser: None)
    choose(person, given("a.pdf", document()))
    ready(person)
    person.set_viewport_size({"width": 320, "height": 800})
    assert person.evaluate("document.documentElement.scrollWidth <= 320")
    found = Axe().run(person, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    assert [each["id"] for each in found.response["violations"]] == []
    button = f"{FIELD} [data-upload-choose]"
    person.focus(button)
    assert person.evaluate("button => document.activeElement.matches(button)", button)
    with person.expect_file_chooser() as chooser:
        person.keyboard.press("Enter")
    chooser.value.set_files([given("b.pdf", document(text="khác"))])
    ready(person, 2)


def test_a_telephone_offers_its_camera(server: Server, browser: Any) -> None:
    account, session = signed_in()
    context = browser.new_context(
        has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844}, locale="vi-VN", device_scale_factor=2
    )
    context.add_cookies([{"name": "motcua_session", "value": session, "url": server.address}])
    page = context.new_page()
    page.goto(f"{server.address}/thu-giay-to/")
    with page.expect_file_chooser() as chooser:
        page.tap(f"{FIELD} [data-upload-camera]")
    assert chooser.value.element.get_attribute("capture") == "environment"
    chooser.value.set_files([given("image.jpg", photograph(3000, 4000, 6), "image/jpeg")])
    ready(page)
    found = uploads.of_bundle(account.pk, "nhap-1")[0]
    assert (found.pages, found.original_media) == (1, "image/jpeg")
    context.close()


def test_without_scripts_the_same_form_takes_the_same_files(server: Server, browser: Any) -> None:
    account, session = signed_in()
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    context.add_cookies([{"name": "motcua_session", "value": session, "url": server.address}])
    page = context.new_page()
    page.goto(f"{server.address}/thu-giay-to/")
    content = document()
    page.set_input_files("#f-chung-sinh", [given("a.pdf", content)])
    page.set_input_files("#f-ket-hon", [given(f"{n}.jpg", photograph(500 + n, 700), "image/jpeg") for n in range(2)])
    assert recorded(page)[0] == sha(content)
    assert [each.pages for each in map(uploads.prepared_of, uploads.of_bundle(account.pk, "nhap-1"))] == [1, 2]
    page.set_input_files("#f-chung-sinh", [given("b.pdf", b"MZ" * 20)])
    page.check("[name='ket-hon-drop']")
    assert recorded(page) == [sha(content)]
    expect(page.locator("[data-error-summary]")).to_contain_text("bên trong không phải", use_inner_text=True)
    context.close()


def test_files_of_somebody_else_are_not_on_my_page(person: Any, server: Server, tmp_path: Path) -> None:
    """A computer that many use: what one person left unfinished is not sent by the next."""
    choose(person, given("a.pdf", padded(300_000)))
    ready(person)
    person.evaluate(
        """() => new Promise((resolve) => {
            const asked = indexedDB.open("motcua-uploads", 1);
            asked.onsuccess = () => {
                const act = asked.result.transaction("files", "readwrite");
                act.objectStore("files").put({ key: "x", file: new File(["x"], "cua-nguoi-khac.pdf"),
                    bundle: "nhap-1", field: "chung-sinh", account: "999999", at: Date.now() });
                act.oncomplete = resolve;
            };
        })"""
    )
    person.reload()
    person.wait_for_timeout(500)
    assert "cua-nguoi-khac" not in person.inner_text("main")
    left = person.evaluate(
        """() => new Promise((resolve) => {
            const asked = indexedDB.open("motcua-uploads", 1);
            asked.onsuccess = () => {
                const got = asked.result.transaction("files").objectStore("files").getAll();
                got.onsuccess = () => resolve(got.result.length);
            };
        })"""
    )
    assert left == 0


def test_the_client_in_the_page_is_the_one_its_note_names() -> None:
    import hashlib

    import motcua.files

    folder = Path(motcua.files.__file__).parent / "static" / "files" / "tus"
    note = (folder / "README.md").read_text()
    assert hashlib.sha256((folder / "tus.min.js").read_bytes()).hexdigest() in note
    assert "MIT" in (folder / "LICENSE").read_text()
