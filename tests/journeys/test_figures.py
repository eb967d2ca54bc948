"""The third journey, in a real browser: a quarter's report balances, opens down to its late dossiers, leaves as Excel,
PDF and open data, leads to where the time went, and says the same when it is asked for again later.

The history is made through the law; followers, publishing and the acts that come later are called directly.
"""

import csv
import io
import re
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from openpyxl import load_workbook
from playwright.sync_api import expect
from pypdf import PdfReader

from journeys.visiting import PASSWORD, Visit
from motcua.dossiers import worker
from motcua.dossiers.handle import Done, handle
from motcua.flow import ways
from motcua.law import commands as c
from motcua.law.actor import Actor, Grant
from motcua.opendata.publishing import publish_due
from motcua.organisation.directory import directory
from motcua.organisation.models import Account, Appointment, Role
from motcua.reports import periods
from motcua.reports.checking import verify
from motcua.site.synthesis import making

pytestmark = pytest.mark.slow

NOW = datetime.now(UTC)
QUARTER = periods.latest_over(NOW, "quarter", report=True)
COLUMNS = ("3", "4", "5", "6", "7", "8", "9", "10", "7a", "11", "12", "13", "11a")


def control_office() -> None:
    """Somebody of the city's control office, who can sign in."""
    city = next(each for each in directory().by_number.values() if each.parent is None and each.tier == "city")
    account = Account.objects.create_user("kiemsoat.thu", full_name="Nguyễn Thị Kiểm")
    account.password = make_password(PASSWORD, hasher="argon2")
    account.save(update_fields=["password"])
    Appointment.objects.create(
        account=account, agency_id=city.number, role=Role.objects.get(code="control"), valid_from=date(2018, 1, 1)
    )


def a_year_of_the_city() -> None:
    making.make(making.History(700, (NOW - timedelta(days=420)).date(), NOW - timedelta(hours=2), 7, 1))
    worker.catch_up()
    ways.rebuild()


def number(words: str) -> int:
    return int(words.replace(".", "") or 0)


def the_form(page: Any) -> dict[str, int]:
    """The form's total row: by the numbers of its columns."""
    cells = page.locator(".statutory-form tbody tr").first.locator("td.number .figures").all_inner_texts()
    return dict(zip(COLUMNS, (number(each) for each in cells), strict=False))


def is_balanced(form: dict[str, int]) -> None:
    assert form["3"] == form["4"] + form["5"] + form["6"] == form["7"] + form["11"]
    assert form["7"] == form["8"] + form["9"] + form["10"] + form["7a"]
    assert form["11"] == form["12"] + form["13"] + form["11a"]


def the_late_ones(control: Visit, form: dict[str, int]) -> None:
    """Exactly so many dossiers, each with the stage and the office where the time went."""
    page = control.page
    with page.expect_navigation():
        page.locator(".statutory-form tbody tr").first.locator("a.figure--late").first.click()
    assert number(page.locator("h1 .figures").inner_text()) == form["10"] > 0
    control.is_accessible()
    rows, seen = page.locator("main tbody tr"), 0
    while True:
        for row in rows.all():
            assert re.search(r"\d{6}-\d{4}", row.inner_text())
            assert row.locator("td").nth(1).inner_text().strip()
            seen += 1
        following = page.locator("a[rel=next]")
        if not following.count():
            break
        with page.expect_navigation():
            following.first.click()
    assert seen == form["10"]
    with page.expect_navigation():
        rows.first.locator("a").first.click()
    expect(page.locator("h1")).to_have_count(1)


def as_files(control: Visit, form: dict[str, int], folder: Path) -> None:
    page = control.page
    for label, name in (("Excel", "bieu.xlsx"), ("PDF", "bieu.pdf")):
        with page.expect_download() as got:
            page.locator("main a.button", has_text=label).first.click()
        got.value.save_as(folder / name)
    sheet = load_workbook(folder / "bieu.xlsx").active
    assert sheet is not None
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    totals = [form[each] for each in COLUMNS]
    assert any(totals == [cell for cell in row if isinstance(cell, int)][: len(totals)] for row in rows), rows[:14]
    assert sheet.merged_cells.ranges
    words = PdfReader(folder / "bieu.pdf").pages[0].extract_text()
    assert "II.06a" in words
    assert f"{form['3']:,}".replace(",", ".") in words


def where_the_time_went(control: Visit) -> None:
    page = control.go("/can-bo/kiem-soat/quy-trinh/")
    control.is_accessible()
    with page.expect_navigation():
        page.locator("main tbody a").first.click()
    page.wait_for_selector("[data-bpmn] .djs-container svg")
    control.is_accessible()
    with page.expect_navigation():
        page.get_by_role("link", name="Thử thay đổi").click()
    before = page.locator(".flow-answer__words").inner_text()
    page.fill("[name=g-0]", "1")
    page.select_option("[name=c-3]", "gop")
    with page.expect_navigation():
        page.get_by_role("button", name="Thử").click()
    after = page.locator(".flow-answer__words").inner_text()
    assert re.search(r"\d+(,\d+)?\s?%", after)
    assert "sẽ giữ được thời hạn" in after != before
    control.is_accessible()


def on_a_journalists_phone(browser: Any, address: str, form: dict[str, int], folder: Path) -> None:
    """The public page, then the same figures as open data."""
    journalist = Visit(browser, address, width=360)
    page = journalist.go("/so-lieu/")
    journalist.is_accessible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page = journalist.go("/du-lieu-mo/")
    journalist.is_accessible()
    with page.expect_navigation():
        page.locator("main a[href*='bao-cao-ii-06']").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    with page.expect_download() as got:
        page.locator(f"main a[href*='/{QUARTER.code}/'][href$='.csv']").first.click()
    got.value.save_as(folder / "ii06.csv")
    lines = list(csv.DictReader(io.StringIO((folder / "ii06.csv").read_text(encoding="utf-8-sig"))))
    for column, name in (("3", "received_total"), ("10", "late"), ("7", "settled"), ("13", "open_overdue")):
        assert sum(int(line[name]) for line in lines) == form[column]


def a_year_goes_by() -> int:
    """Dossiers open at the end of the quarter go on: the applicants of some take them back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, receiving FROM dossiers_dossier WHERE finished_at IS NULL AND accepted_at IS NOT NULL"
            " AND phase = 'working' ORDER BY id LIMIT 40"
        )
        rows = cursor.fetchall()
    done = 0
    for dossier, receiving in rows:
        clerk = Actor(1, "Lan", (Grant(agency=receiving, role="reception"),))
        done += isinstance(handle(dossier, c.Withdraw(reason="Không còn nhu cầu"), clerk, uuid.uuid4().hex), Done)
    worker.catch_up()
    return done


def test_a_quarters_report_from_its_balance_to_open_data_and_back_a_year_later(
    live_city: Any, browser: Any, tmp_path: Path
) -> None:
    a_year_of_the_city()
    control_office()
    publish_all()
    control = Visit(browser, live_city, "kiemsoat.thu")
    page = control.go("/can-bo/so-lieu/")
    control.is_accessible()
    with page.expect_navigation():
        page.locator("main a[href$='/can-bo/bao-cao/']").click()
    page.select_option("[name=ky]", QUARTER.code)
    with page.expect_navigation():
        page.get_by_role("button", name="Xem").click()
    address = page.url
    control.is_accessible()
    form = the_form(page)
    is_balanced(form)

    the_late_ones(control, form)
    page.goto(address)
    as_files(control, form, tmp_path)
    with page.expect_navigation():
        page.get_by_role("button", name="Phát hành báo cáo").click()
    where_the_time_went(control)
    on_a_journalists_phone(browser, live_city, form, tmp_path)

    assert a_year_goes_by() > 3
    page.goto(address)
    assert the_form(page) == form
    with page.expect_navigation():
        page.get_by_role("link", name="So với nhật ký hôm nay").click()
    expect(page.locator(".notice--danger")).to_have_count(0)
    assert the_form(page) == form
    assert verify()[1] == []


def publish_all() -> None:
    while publish_due():
        pass
