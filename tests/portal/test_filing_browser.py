"""Filing online in a real browser: a phone 390 pixels wide, and the same without any script."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.hashers import make_password
from playwright.sync_api import expect

from filing.citizen import BIRTH, HANG_BAC, HUSBAND, PDF
from motcua.accounts.opening import Proof, open_account
from motcua.dossiers import store
from motcua.dossiers.models import Dossier as Row
from motcua.filing.models import Draft
from motcua.law.codes import reference
from motcua.registry.models import Access
from registry.people import person
from residents import MOTHER

pytestmark = pytest.mark.slow
PASSWORD = "Khai-Sinh-Tại-Nhà-2018"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


class Phone:
    """One resident's phone."""

    def __init__(self, browser: Any, address: str, script: bool) -> None:
        self.context = browser.new_context(
            locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 390, "height": 844},
            java_script_enabled=script,
        )  # fmt: skip
        self.context.set_default_timeout(20_000)
        self.page, self.address, self.script = self.context.new_page(), address, script

    def go(self, path: str) -> Any:
        """Opens a page."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status < 400, (path, answer.status)
        return self.page

    def sign_in(self) -> None:
        """By the page, as anybody does."""
        page = self.go("/cong-dan/dang-nhap/")
        page.fill("[name=identifier]", MOTHER)
        page.fill("[name=password]", PASSWORD)
        with page.expect_navigation():
            page.click("main form button.button--big")

    def looks_right(self) -> None:
        """Nothing hangs over the edge, and nothing that axe can see keeps anybody out."""
        if self.script:
            assert self.page.evaluate("document.documentElement.scrollWidth") <= 390
            found = Axe().run(self.page, options=RULES).response["violations"]
            assert [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in found] == []

    def answer(self, **given: str) -> None:
        """Fills in what the page asks, by the names of the questions."""
        for name, value in given.items():
            field = self.page.locator(f"form#filing [name='form-{name.replace('__', '.')}']").first
            kind = field.evaluate("e => e.tagName + '/' + e.type") if self.script else ""
            if kind.startswith("SELECT") or (not self.script and field.locator("option").count()):
                field.select_option(value)
            elif kind.endswith("radio") or (not self.script and field.get_attribute("type") == "radio"):
                self.page.check(f"form#filing [name='form-{name}'][value='{value}']", force=True)
            else:
                field.fill(value)

    def go_on(self) -> None:
        """The page's one big button."""
        with self.page.expect_navigation():
            self.page.click("form#filing > .form-actions button.button--big")


@pytest.mark.parametrize(
    ("script", "known"), [(True, True), (False, False)], ids=["phone, known", "without scripts, unknown"]
)
def test_a_birth_is_registered_from_a_phone(live_city: Any, browser: Any, script: bool, known: bool) -> None:
    open_account(
        "Nguyễn Thị Mẫu", phone="0912345678", number=MOTHER, proof=Proof(how="counter"),
        password_hash=make_password(PASSWORD, hasher="argon2"),
    )  # fmt: skip
    if known:
        couple = {"name": "Nguyễn Thị Mẫu", "number": MOTHER}, {"name": "Trần Văn Thử", "number": HUSBAND}
        home = {"text": "Số 12 ngõ Gạch", "commune": HANG_BAC, "catalogue": "2018"}
        person(MOTHER, name="Nguyễn Thị Mẫu", permanent=home, spouse=couple[1])
        person(HUSBAND, name="Trần Văn Thử", sex="male", permanent=home, spouse=couple[0])
    phone = Phone(browser, live_city, script)
    phone.sign_in()
    page = phone.go(f"/thu-tuc/{BIRTH}/")
    with page.expect_navigation():
        page.click("main .answer__action a")
    phone.looks_right()
    page.check("[name=case][value=on_time]", force=True)
    if known:
        expect(page.locator("[name=office]").first).to_be_checked()
    else:
        page.fill("[name=office-other]", "phuong hang bac")
    with page.expect_navigation():
        page.click("main form button.button--big")

    phone.go_on()
    expect(page.locator(".error-summary")).to_have_count(1)
    phone.looks_right()
    phone.answer(
        child_name="Trần Thị Bé Mẫu", birth_date="1/11/2018", sex="female",
        birthplace__text="Bệnh viện Phụ sản, 929 La Thành", birth_evidence="notice",
        **({} if known else {"ethnicity": "Kinh"}),
    )  # fmt: skip
    phone.go_on()
    expect(page.locator(".error-summary")).to_have_count(0)
    if known:
        expect(page.locator(".known")).to_have_count(2)
        expect(page.locator("main")).to_contain_text("Từ cơ sở dữ liệu dân cư", use_inner_text=True)
        phone.answer(parents_married="yes")
    else:
        father = page.locator("[name='form-father.name']")
        assert father.is_visible() is (not script)
        phone.answer(parents_married="yes", mother__name="Nguyễn Thị Mẫu", father__name="Trần Văn Thử")
    phone.looks_right()
    phone.go_on()
    phone.answer(relation="parent", filed_by="self", copies="2")
    phone.go_on()
    for name, value in {"birth": "8/3/1987", "address": "Số 12 ngõ Gạch", "commune": "Phường Hàng Bạc"}.items():
        if page.locator(f"[name={name}]").count():
            page.fill(f"[name={name}]", value)
    phone.looks_right()
    phone.go_on()

    notice = {"name": "giấy chứng sinh.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.set_input_files("#f-paper-birth_notice", notice)
    if script:
        page.wait_for_selector(".upload__item--ready", timeout=60_000)
    for paper in () if known else ("marriage_certificate", "identity", "residence"):
        page.check(f"[name=how-{paper}][value=bring]", force=True)
    phone.looks_right()
    phone.go_on()
    phone.looks_right()
    phone.go_on()
    page.check("[name=way][value=electronic]", force=True)
    phone.looks_right()
    phone.go_on()
    expect(page.locator("main")).to_contain_text("giấy chứng sinh.pdf", use_inner_text=True)
    phone.looks_right()
    page.check("#declare", force=True)
    with page.expect_navigation():
        page.click("button[value=submit]")
    phone.looks_right()

    (dossier_id,) = Row.objects.values_list("id", flat=True)
    expect(page.locator("main")).to_contain_text(reference(dossier_id), use_inner_text=True)
    state = store.read(dossier_id)[0]  # type: ignore[index]
    assert state.form["birthplace"] == {"text": "Bệnh viện Phụ sản, 929 La Thành"}
    assert [paper.id for paper in state.papers if paper.files] == ["birth_notice"]
    assert ("mother" in state.sources) is known
    assert state.form["father"]["name"] == "Trần Văn Thử"
    assert Access.objects.filter(purpose="online_filing").exists()
    phone.go("/nop-ho-so/")
    phone.looks_right()
    phone.context.close()
    assert Draft.objects.get().dossier == dossier_id
