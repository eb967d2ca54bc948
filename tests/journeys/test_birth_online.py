"""The second journey: a birth registered from a phone, paid, confirmed, signed, rated; and filed without JavaScript.

The real web server, worker and bank run; the resident and the officials do everything by their pages. Only people,
the agency's account and the seal of the minute are made directly.
"""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from journeys.visiting import PASSWORD, Visit
from motcua.accounts.opening import Proof, open_account
from motcua.dossiers import store, worker
from motcua.dossiers.journal import history
from motcua.fees.accounts import code_for, load_accounts
from motcua.fees.following import notices_for
from motcua.law.dossier import Dossier
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.papers.results.certificates import DemoAuthority
from motcua.papers.results.tables import IssuedResult
from motcua.registry import documents
from registry.people import person
from staffing import hire

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
MOTHER = "000187000001"
WAIT = 120.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The web server, the worker and a bank, with an agency's account and the demonstration's keys."""
    bank = free_port()
    monkeypatch.setenv("MOTCUA_SANDBOX_URL", f"http://127.0.0.1:{bank}")
    monkeypatch.setenv("MOTCUA_NOTICES_SANDBOX", "1")
    live = request.getfixturevalue("live_city")
    live.environment |= {"MOTCUA_SANDBOX_URL": f"http://127.0.0.1:{bank}", "MOTCUA_NOTICES_SANDBOX": "1"}
    DemoAuthority(live.home.keys / "signing" / "demo", str(live)).create()
    settings.MOTCUA_HOME, settings.MOTCUA_SIGNING_KEY = live.home.path, live.home.signing_key_file
    assert load_accounts(ROOT / "content" / "hanoi-2018" / "money" / "accounts.yaml")[1] == []
    live.bank = f"http://127.0.0.1:{bank}"
    verbs = (["work"], ["sandbox_provider", "--port", str(bank), "--notify", str(live)])
    with ExitStack() as stack:
        for verb in verbs:
            log = stack.enter_context((live.home.logs / f"{verb[0]}.log").open("wb"))
            process = subprocess.Popen(
                [sys.executable, "-m", "motcua.site.cli", *verb], env=live.environment, stdout=log, stderr=log
            )
            stack.callback(_end, process)
        yield live


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def until(happened: Callable[[], Any], what: str) -> Any:
    """Waits for what other processes do; says what did not come."""
    deadline = time.monotonic() + WAIT
    while not (found := happened()):
        if time.monotonic() > deadline:
            pytest.fail(f"it never came: {what}")
        time.sleep(0.2)
    return found


class People:
    """The ward's officials and the mother, who is in the register and proven."""

    def __init__(self) -> None:
        agencies = directory()
        district = agencies.by_code["002"].number
        ward = next(agencies[each] for each in agencies.children[district] if agencies[each].tier == "commune")
        self.commune = ward.code
        for name, *roles in (
            ("lan", "reception", "results"), ("ha", "officer"), ("long", "leader"), ("anh", "registrar"),
        ):  # fmt: skip
            hire(name, *((ward.code, role) for role in roles), password=PASSWORD)
        person(
            MOTHER, name="Nguyễn Thị Mẫu", permanent={"text": "Số 1 phố Mẫu", "commune": ward.code, "catalogue": "2018"}
        )
        self.mother = open_account(
            "Nguyễn Thị Mẫu", phone="0900000001", number=MOTHER, proof=Proof(how="counter", document="thẻ mẫu")
        )
        account = self.mother.account
        account.password = make_password(PASSWORD, hasher="argon2")
        account.save(update_fields=["password"])


class Phone(Visit):
    """A resident's phone, or a browser without scripts."""

    def __init__(self, browser: Any, address: str, *, script: bool = True) -> None:
        super().__init__(browser, address, width=390, script=script)

    def press(self, selector: str = "main form button.button--big") -> None:
        """Presses the one button of the page and waits for the next."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def signs_in(self, path: str) -> None:
        """Is asked to sign in on the way to a page."""
        self.page.goto(self.address + path)
        self.page.wait_for_url("**/dang-nhap/**")
        self.page.fill("[name=identifier]", "0900000001")
        self.page.fill("[name=password]", PASSWORD)
        self.press()

    def answers(self, **values: str) -> None:
        """Fills in questions of the form by their names."""
        for name, value in values.items():
            field = self.page.locator(f"main form [name='form-{name}']")
            kind = field.first.evaluate("e => e.tagName + '/' + e.type")
            if kind.startswith("SELECT"):
                field.select_option(value)
            elif kind.endswith("radio"):
                self.page.check(f"main form [name='form-{name}'][value='{value}']", force=True)
            else:
                field.fill(value)

    def fits(self) -> None:
        """Nothing is wider than the phone."""
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 390


def photograph(path: Path) -> Path:
    """A sideways photograph of a paper, with a place in it, as phones make them."""
    picture = Image.new("RGB", (2000, 1500), (245, 240, 228))
    ImageDraw.Draw(picture).text((200, 200), "GIAY CHUNG SINH (MAU)", fill=(0, 0, 0))
    exif = picture.getexif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    picture.save(path, exif=exif, quality=92)
    return path


def mine() -> Dossier:
    from motcua.dossiers.search import mine as of_account
    from motcua.organisation.models import Account

    account = Account.objects.get(full_name="Nguyễn Thị Mẫu", side="resident")
    found = of_account(account.pk)
    assert len(found) == 1
    return found[0]


def state_of(dossier: int) -> Dossier:
    found = store.read(dossier)
    assert found is not None
    return found[0]


def fill_in(phone: Phone, *, script: bool) -> None:
    """From the procedure's page to the papers, one group of questions a page."""
    page = phone.page
    born = (city_day(timezone.now()) - timedelta(days=3)).strftime("%d/%m/%Y")
    page.check("main input[value=on_time]", force=True)
    phone.press()
    phone.is_accessible() if script else None
    phone.press()
    expect(page.locator(".error-summary, [data-error-summary]")).to_have_count(1)
    phone.answers(
        child_name="Trần Văn Bé", birth_date=born, sex="male", birth_evidence="notice",
        **{"birthplace.text": "Bệnh viện Mẫu"},
    )  # fmt: skip
    phone.press()
    phone.answers(parents_married="no")
    assert "Nguyễn Thị Mẫu" in phone.text()
    phone.press()
    phone.answers(relation="parent", filed_by="self", copies="1")
    phone.press()
    known = phone.text()
    for value in ("Nguyễn Thị Mẫu", MOTHER, "Số 1 phố Mẫu"):
        assert value in known
    assert "cơ sở dữ liệu dân cư" in known
    phone.fits() if script else None
    phone.press()


def test_a_birth_is_registered_from_a_phone(city: Any, browser: Any, tmp_path: Path) -> None:
    people = People()
    phone = Phone(browser, city)
    page = phone.go("/")
    page.fill("input[type=search]", "dang ky khai sinh")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    with page.expect_navigation():
        page.click("main a[href*='1.001193']")
    assert "Mức độ" in phone.text()
    phone.signs_in("/nop-ho-so/1.001193/")
    fill_in(phone, script=True)

    _photographs_and_is_cut_off(phone, photograph(tmp_path / "chung-sinh.jpg"))
    phone.is_accessible()
    phone.press()
    phone.press()
    page.check("[name=way][value=electronic]", force=True)
    phone.press()
    assert "Trần Văn Bé" in phone.text()
    phone.is_accessible()
    page.check("[name=declare]", force=True)
    phone.press()
    page.wait_for_url("**/da-nop/")
    reference = re.search(r"T\d{6}-\d{5}-\d{4}", phone.text())
    assert reference
    dossier = mine()
    assert dossier.sources["applicant.name"].startswith("register@")
    assert dossier.code == ""
    _is_told(phone, reference[0])

    code = _accepted(browser, city, dossier.id)
    _is_told(phone, code)
    _pays(phone, city, dossier.id)
    _confirms(phone, browser, city, dossier.id)
    _signed_and_numbered(browser, city, dossier.id)
    _has_the_result(phone, city, dossier.id, tmp_path)
    _rates(phone, dossier.id)
    _sees_everything(phone, dossier.id, people)
    worker.seal_now()
    done = subprocess.run(
        [sys.executable, "-m", "motcua.site.cli", "verify", "--json"], env=city.environment, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def _photographs_and_is_cut_off(phone: Phone, photo: Path) -> None:
    """The line goes in the middle of the upload; reopened, the page goes on where it was."""
    page, held = phone.page, {"parts": 0}

    def cut(route: Any) -> None:
        held["parts"] += 1
        route.abort("internetdisconnected") if held["parts"] <= 2 else route.continue_()

    page.route("**/tep/*-*", lambda route: cut(route) if route.request.method == "PATCH" else route.continue_())
    page.locator("main input[type=file]").first.set_input_files(photo)
    page.wait_for_selector("main a[href*='tep.pdf'], main a[href*='/trang/'], main img[src*='/tep/']", timeout=90_000)
    page.unroute("**/tep/*-*")
    assert held["parts"] >= 2


def _is_told(phone: Phone, words: str) -> None:
    def said() -> bool:
        phone.go("/cua-toi/thong-bao/")
        return words in phone.text()

    until(said, f"a message that says {words}")


def _accepted(browser: Any, city: Any, dossier: int) -> str:
    clerk = Visit(browser, city, "lan")
    page = clerk.go("/can-bo/tiep-nhan/truc-tuyen/")
    assert "Nguyễn Thị Mẫu" in clerk.text()
    clerk.is_accessible()
    clerk.go(f"/can-bo/tiep-nhan/cho/{dossier}/")
    assert "Lấy từ cơ sở dữ liệu dân cư" in clerk.text()
    clerk.is_accessible()
    with page.expect_navigation():
        page.click("button[value=accept]")
    state = state_of(dossier)
    assert state.code
    assert state.owed == 8_000
    clerk.act(dossier, "forward", state.tasks[0].no)
    clerk.context.close()
    return state.code


def _pays(phone: Phone, city: Any, dossier: int) -> None:
    """Scans the VietQR code with her bank's app; the page changes by itself."""
    notice = until(lambda: notices_for(dossier), "the payment notice")[0]
    page = phone.go(f"/cua-toi/ho-so/{dossier}/")
    with page.expect_navigation():
        page.click("main a[href*='thanh-toan']")
    assert notice.reference in phone.text()
    assert page.locator("img[src*='ma-qr']").evaluate("e => e.complete && e.naturalWidth > 100")
    phone.is_accessible()
    phone.fits()
    found = code_for(notice, notice.amount)
    assert found is not None
    answer = httpx.post(f"{city.bank}/transfers", data={"code": found[1]}, trust_env=False)
    assert answer.status_code < 400, answer.text
    until(lambda: state_of(dossier).owed == 0, "the money")
    phone.go(f"/cua-toi/ho-so/{dossier}/")
    assert "đã nộp" in phone.text()


def _confirms(phone: Phone, browser: Any, city: Any, dossier: int) -> None:
    officer = Visit(browser, city, "ha")
    task = state_of(dossier).tasks[0].no
    officer.act(dossier, "draft", task, text="Trần Văn Bé, sinh ngày như đã khai, con bà Nguyễn Thị Mẫu")
    officer.act(dossier, "show_draft", task)
    shown = state_of(dossier).open_showing
    assert shown is not None
    page = phone.go(f"/cua-toi/ho-so/{dossier}/du-thao/")
    assert "Trần Văn Bé" in phone.text()
    phone.is_accessible()
    page.check("[name=agrees][value=yes]", force=True)
    phone.press()
    answered = state_of(dossier).shown
    assert answered is not None
    assert answered.agrees
    assert not answered.silent
    officer.act(dossier, "forward", state_of(dossier).tasks[0].no)
    officer.context.close()


def _signed_and_numbered(browser: Any, city: Any, dossier: int) -> None:
    for name, action in (("long", "sign"), ("anh", "number"), ("lan", "ready")):
        visit = Visit(browser, city, name)
        visit.act(dossier, action, state_of(dossier).tasks[0].no)
        visit.context.close()


def _has_the_result(phone: Phone, city: Any, dossier: int, tmp_path: Path) -> None:
    """The signed PDF lies in her account, is genuine to anybody, and is a paper for her next dossier."""
    issued = until(lambda: state_of(dossier).issued, "the signed result")[0]
    until(lambda: IssuedResult.objects.filter(dossier_id=dossier), "the result on her dossier's page")
    until(lambda: documents.documents_of(MOTHER), "the result in her account")
    phone.go("/cua-toi/ket-qua/")
    phone.is_accessible()
    phone.go(f"/cua-toi/ho-so/{dossier}/")
    link = phone.page.locator("main #ket-qua a[href*='ket-qua']").first.get_attribute("href")
    answer = phone.context.request.get(f"{city}{link}")
    assert answer.headers["content-type"] == "application/pdf"
    pdf = tmp_path / "ket-qua.pdf"
    pdf.write_bytes(answer.body())
    checked = Visit.__new__(Visit)
    checked.context = phone.context.browser.new_context(locale="vi-VN")
    checked.page, checked.address = checked.context.new_page(), str(city)
    page = checked.go("/xac-minh/")
    page.set_input_files("main input[type=file]", pdf)
    with page.expect_navigation():
        page.locator("main form:has(input[type=file]) button.button").first.click()
    assert issued.number in checked.text()
    checked.context.close()
    assert [each.digest for each in documents.documents_of(MOTHER)] == [issued.file]


def _rates(phone: Phone, dossier: int) -> None:
    page = phone.go(f"/cua-toi/ho-so/{dossier}/danh-gia/")
    phone.is_accessible()
    names = page.eval_on_selector_all("main input[type=radio]", "all => [...new Set(all.map(e => e.name))]")
    assert len(names) == 9
    for name in names:
        page.check(f"main input[name='{name}'][value='2']", force=True)
    phone.press()
    rating = state_of(dossier).rating
    assert rating is not None
    assert set(rating.scores.values()) == {2}


def _sees_everything(phone: Phone, dossier: int, people: People) -> None:
    """Everything that was done with it, and by which office; none of the officials' names."""
    phone.go(f"/cua-toi/ho-so/{dossier}/")
    said = phone.text()
    ward = directory().by_code[people.commune].name.vi
    assert said.count(ward) > 5
    for name in ("Vũ Mai Anh", "Trần Văn Bình", "Phạm Đức Long"):
        assert name not in said
    phone.is_accessible()
    assert {"draft_answered", "payment_recorded", "result_issued", "rated"} <= {each.type for each in history(dossier)}


def test_the_same_without_javascript(city: Any, browser: Any, tmp_path: Path) -> None:
    People()
    phone = Phone(browser, city, script=False)
    phone.signs_in("/nop-ho-so/1.001193/")
    page = phone.page
    fill_in(phone, script=False)
    photo = photograph(tmp_path / "chung-sinh.jpg")
    page.locator("main input[type=file]").first.set_input_files(photo)
    phone.press()
    while "/phi/" not in page.url and "/nhan-ket-qua/" not in page.url:
        phone.press()
    while "/xem-lai/" not in page.url:
        if page.locator("[name=way]").count():
            page.check("[name=way][value=electronic]", force=True)
        phone.press()
    page.check("[name=declare]", force=True)
    phone.press()
    assert "/da-nop/" in page.url
    dossier = mine()
    notice = next(paper for paper in dossier.papers if paper.id == "birth_notice")
    assert len(notice.files) == 1
    assert date.fromisoformat(str(dossier.form["birth_date"])) < city_day(timezone.now())
    assert os.environ["MOTCUA_SANDBOX_URL"]
