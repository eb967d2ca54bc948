"""The first journey, in a real browser: a house permit from the counter of a commune to the applicant's hand.

Everything is done by the pages as people use them; only the twenty other permits on the leader's desk and the
minute's seal are made directly.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect
from pypdf import PdfReader

from journeys.visiting import PASSWORD, Visit
from motcua.dossiers import store, worker
from motcua.dossiers.search import by_code
from motcua.law.dossier import national_status
from permit_office import Office

pytestmark = pytest.mark.slow

FORM = {
    "form-owner.name": "Nguyễn Văn An",
    "form-owner_address.text": "Số 12 phố Hàng Mắm",
    "form-site.text": "Số 12 phố Hàng Mắm",
    "form-plot_number": "45",
    "form-plot_area": "72,5",
    "form-land_paper_number": "BA 123456",
    "form-floors": "3",
    "form-basement": "0",
    "form-height": "11,5",
    "form-storeys[0].use": "Để ở",
    "form-storeys[0].area": "60",
    "form-footprint": "60",
}


def state_of(dossier: int) -> Any:
    found = store.read(dossier)
    assert found is not None
    return found[0]


def receive_at_the_counter(clerk: Visit) -> int:
    """Finds the procedure by unaccented words, enters the applicant, ticks the papers, accepts."""
    page = clerk.go("/can-bo/tiep-nhan/")
    page.fill("main input[type=search], main input[name=q]", "giay phep xay nha")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    clerk.is_accessible()
    with page.expect_navigation():
        page.click("main a[href*='1.009994']")
    page.fill("[name=name]", "Nguyễn Văn An")
    page.fill("[name=number]", "001080000001")
    page.fill("[name=phone]", "0912345678")
    page.fill("[name=address]", "Số 12 phố Hàng Mắm")
    for name in ("application", "land_right"):
        page.check(f"[name=paper-{name}]", force=True)
    with page.expect_navigation():
        page.click("main button[value=accept]")
    expect(page.locator(".error-summary, [role=alert]").first).to_be_attached()
    expect(page.locator("[name=name]")).to_have_value("Nguyễn Văn An")
    for name, value in FORM.items():
        page.fill(f"[name='{name}']", value)
    for name in ("form-high", "form-adjoining"):
        page.check(f"[name='{name}'][value=no]", force=True)
    for select in page.locator("main select[name^=form-]").all():
        select.select_option(index=1)
    page.check("[name=paper-drawings]", force=True)
    clerk.is_accessible()
    page.click("main button[value=accept]")
    page.wait_for_url("**/tiep-nhan/xong/**")
    clerk.is_accessible()
    found = re.search(r"/xong/(\d+)/", page.url)
    assert found
    return int(found.group(1))


def test_a_house_permit_from_the_counter_to_the_hand(live_city: Any, browser: Any, tmp_path: Path) -> None:
    settings.MOTCUA_HOME, settings.MOTCUA_SIGNING_KEY = live_city.home.path, live_city.home.signing_key_file
    office = Office(password=PASSWORD)
    clerk = Visit(browser, live_city, "lan")
    dossier = receive_at_the_counter(clerk)
    state = state_of(dossier)
    assert national_status(state) == 2
    assert state.code in clerk.text()

    receipt = clerk.context.request.get(f"{live_city}/can-bo/ho-so/{dossier}/in/receipt/")
    assert receipt.ok
    (tmp_path / "receipt.pdf").write_bytes(receipt.body())
    printed = PdfReader(tmp_path / "receipt.pdf").pages[0]
    assert state.code in printed.extract_text()
    assert abs(float(printed.mediabox.width) - 419.5) < 2
    again = clerk.context.request.get(f"{live_city}/can-bo/ho-so/{dossier}/in/receipt/")
    assert again.body() == receipt.body()

    clerk.act(dossier, "forward", state.tasks[0].no)
    counter = Visit(browser, live_city, "quan")
    page = counter.go("/can-bo/ban-giao/")
    page.check("input[name=task]")
    with page.expect_navigation():
        page.click("button[form=desk]")
    with page.expect_navigation():
        page.click("main form button.button--big")
    counter.act(dossier, "forward", state_of(dossier).tasks[0].no)

    head = Visit(browser, live_city, "binh")
    head.act(dossier, "assign", state_of(dossier).tasks[0].no, to=str(office.officer.pk))

    officer = Visit(browser, live_city, "ha")
    officer.go("/can-bo/viec/")
    assert state.code in officer.text()
    officer.is_accessible()
    task = state_of(dossier).tasks[0].no
    officer.act(dossier, "ask_opinion", task, agency=str(department("QHKT")), question="Chỉ giới đường đỏ?", days="2")
    planner = Visit(browser, live_city, "son")
    planner.go("/can-bo/viec/")
    assert state.code in planner.text()
    planner.act(dossier, "give_opinion", state_of(dossier).tasks[-1].no, agrees="yes", words="Phù hợp quy hoạch")

    officer.act(dossier, "request_supplement", task, items="drawings", words="Thiếu mặt cắt móng")
    assert national_status(state_of(dossier)) == 5
    follow_as_resident(browser, live_city, state, "Bạn cần bổ sung giấy tờ")
    clerk.act(dossier, "supplement", 0, papers="drawings")
    assert national_status(state_of(dossier)) == 4
    before = state_of(dossier)
    page = officer.go(f"/can-bo/ho-so/{dossier}/request_supplement/{task}/")
    page.check("[name=items][value=drawings]", force=True)
    page.fill("[name=words]", "Lại thiếu")
    with page.expect_navigation():
        page.click("form#act .form-actions button.button--big")
    assert "Chỉ được yêu cầu bổ sung" in officer.text()
    assert state_of(dossier) == before

    officer.act(dossier, "draft", task, text="Cho phép xây dựng nhà ở 3 tầng tại số 12 phố Hàng Mắm")
    officer.act(dossier, "forward", task)
    head.act(dossier, "forward", state_of(dossier).tasks[0].no)

    others = [office.to_sign(number) for number in range(20)]
    leader = Visit(browser, live_city, "long", width=390)
    page = leader.go("/can-bo/ky-duyet/")
    expect(page.locator("input[name=task]")).to_have_count(21)
    leader.is_accessible()
    page.check(f"input[name=task][value^='{dossier}:']", force=True)
    with page.expect_navigation():
        page.click("main .form-actions button.button--big")
    assert all(state_of(each.id).signed_by for each in [state, *others])

    registrar = Visit(browser, live_city, "anh")
    registrar.act(dossier, "number", state_of(dossier).tasks[0].no)
    assert re.fullmatch(r"\d+/\d{4}/.+", state_of(dossier).number)

    clerk.act(dossier, "ready", state_of(dossier).tasks[0].no)
    follow_as_resident(browser, live_city, state, "Đã có kết quả")
    if state_of(dossier).owed:
        page = clerk.go(f"/can-bo/ho-so/{dossier}/record_payment/0/")
        clerk.is_accessible()
        with page.expect_navigation():
            page.click("form#act button.button--big")
        assert "Đã thu tiền mặt, biên lai MC" in clerk.text()
        assert state_of(dossier).owed == 0
    page = clerk.go("/can-bo/tra-ket-qua/")
    assert state.code in clerk.text()
    clerk.is_accessible()
    clerk.act(dossier, "hand_over", state_of(dossier).tasks[0].no, to_name="Nguyễn Văn An", by_paper="receipt")
    assert national_status(state_of(dossier)) == 10

    worker.catch_up()
    worker.seal_now()
    control = Visit(browser, live_city, "kiemtra")
    page = control.go("/can-bo/kiem-soat/")
    control.is_accessible()
    control.go(f"/can-bo/ho-so/{dossier}/")
    assert "Thời gian ở từng bước" in control.text()
    control.is_accessible()
    nothing_was_altered(live_city)


def department(code: str) -> int:
    from motcua.organisation.directory import directory

    return directory().by_code[code].number


def follow_as_resident(browser: Any, address: str, state: Any, says: str) -> None:
    """On a phone, without script, with only the receipt: how far it is, and not whose."""
    visit = Visit(browser, address, width=320, script=False)
    page = visit.go(f"/theo-doi/{state.token}/")
    body = visit.text()
    assert says in body
    assert state.code in body
    assert "Nguyễn Văn An" not in body
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    visit.context.close()
    assert by_code(state.code) is not None


def nothing_was_altered(live_city: Any) -> None:
    """`motcua verify`, as an inspector runs it."""
    command = [sys.executable, "-m", "motcua.site.cli", "verify", "--json"]
    done = subprocess.run(command, env=live_city.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    verdict = json.loads(done.stdout)
    assert verdict["broken"] == []
    assert verdict["dossiers"] == 21
    assert verdict["checkpoints"] >= 1
