"""A report that was issued is the same for ever; what changed since is named, and only a further version says it."""

import json
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from motcua.dossiers import clock, store
from motcua.law import commands as c
from motcua.reports import facts
from motcua.reports.periods import parse
from motcua.statutory import issuing, sheets
from motcua.statutory.columns import NUMBERS
from motcua.statutory.forms import Report, differing
from motcua.statutory.issuing import NotIssuableError, content, issue, issued, rechecked
from motcua.statutory.models import IssuedReport
from motcua.statutory.processes import processes_form
from motcua.statutory.reporting import report
from motcua.statutory.scope import Scope
from reports.town import CITY, EAST, MARKET, WEST, Town, followed, hour

AFTER = hour("2019-12-31 23:00")
DECEMBER = parse("2018-12r")


@pytest.fixture(autouse=True)
def late_in_2019(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody looks back from the end of 2019."""
    monkeypatch.setattr(clock, "now", lambda: AFTER)


@pytest.fixture
def scope(town: Town) -> Scope:
    """The whole town."""
    return Scope("below", agency=CITY)


def busy(town: Town) -> list[int]:
    """Answered on time, answered late, open, waiting."""
    open_one = town.at_officer(town.accepted(EAST, "2018-12-10 09:00"), "2018-12-10 10:00")
    waiting = town.at_officer(town.accepted(WEST, "2018-12-05 09:00"), "2018-12-05 10:00")
    pause = c.Suspend(task=waiting.tasks[0].no, ground="verification", document="1/CV")
    town.do(waiting, "officer", pause, "2018-12-06 09:00")
    return [
        open_one.id,
        waiting.id,
        town.answered(MARKET, "2018-12-03 09:00", "2018-12-04 09:00").id,
        town.answered(MARKET, "2018-11-16 09:00", "2018-12-14 09:00").id,
    ]


def taken(town: Town) -> list[int]:
    """The same, followed to the end of the journal."""
    ids = busy(town)
    facts.follow(ids)
    with store.cursor() as run:
        run.execute(
            "INSERT INTO dossiers_follower (name, xid, pos, complete_until) VALUES ('reports', 1, 1, %s)"
            " ON CONFLICT (name) DO UPDATE SET complete_until = excluded.complete_until",
            (AFTER,),
        )
    return ids


def test_a_year_later_it_is_the_same_to_the_digit(town: Town, scope: Scope) -> None:
    """The third journey: last quarter's report, asked for again, whatever became of its dossiers."""
    open_one, waiting, answered, _ = taken(town)
    row = issue("II.06a", scope, DECEMBER, AFTER, 7, "Trần Kiểm Soát")
    said = content(row)
    officer = town.office(store.read(open_one)[0])  # type: ignore[index]
    assert officer
    state = store.read(open_one)[0]  # type: ignore[index]
    extend = c.RequestExtension(
        task=state.tasks[0].no, due=hour("2019-02-01 17:00"), reason="Phức tạp", apology="Xin lỗi"
    )
    town.do(state, "officer", extend, "2018-12-18 09:00")
    state = store.read(waiting)[0]  # type: ignore[index]
    town.do(state, "officer", c.Resume(task=state.tasks[0].no), "2018-12-20 09:00")
    state = store.read(answered)[0]  # type: ignore[index]
    town.do(town.handed(state, "2018-12-17 09:00"), "clerk", c.CorrectResult(reason="Sai tên"), "2019-01-08 09:00")
    facts.follow([open_one, waiting, answered])
    assert rechecked(row, AFTER) == []
    assert differing(said, report("II.06a", scope, DECEMBER, AFTER)) == []
    assert content(issued("II.06a", scope.code, "2018-12r")[0]) == said
    later = report("II.06a", scope, parse("2019-01r"), AFTER)
    assert later.total.cells[3] == said.total.cells[9], "what was left is what is taken over"


def test_what_was_issued_cannot_be_changed_or_taken_away(town: Town, scope: Scope) -> None:
    taken(town)
    row = issue("II.06a", scope, DECEMBER, AFTER, 7, "Trần Kiểm Soát")
    for statement in (
        "UPDATE statutory_issuedreport SET content = '{}'",
        "DELETE FROM statutory_issuedreport",
        "TRUNCATE statutory_issuedreport",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as run:
            run.execute(statement)
    row.content = row.content.replace("II.06a", "II.06b")
    with pytest.raises(issuing.TamperedError):
        content(row)


def test_a_difference_is_named_cell_by_cell_and_only_then_there_is_a_second_version(town: Town, scope: Scope) -> None:
    ids = taken(town)
    first = issue("II.06a", scope, DECEMBER, AFTER, 7, "Trần Kiểm Soát")
    with pytest.raises(NotIssuableError, match="issued_already"):
        issue("II.06a", scope, DECEMBER, AFTER, 7, "Trần Kiểm Soát")
    with pytest.raises(NotIssuableError, match="same"):
        issue("II.06a", scope, DECEMBER, AFTER, 7, "Trần Kiểm Soát", reason="Thử")
    # A commune's paper book of December comes in after all.
    facts.follow([town.answered(EAST, "2018-12-11 09:00", "2018-12-13 09:00").id])
    found = rechecked(first, AFTER)
    assert {(each.column, each.issued, each.now) for each in found if each.label.vi == "Tổng số"} == {
        ("3", 4, 5), ("5", 4, 5), ("7", 2, 3), ("8", 1, 2),
    }  # fmt: skip
    with pytest.raises(NotIssuableError, match="reason_needed"):
        issue("II.06a", scope, DECEMBER, AFTER, 7, "Trần Kiểm Soát")
    second = issue("II.06a", scope, DECEMBER, AFTER, 7, "Trần Kiểm Soát", reason="Sổ giấy nộp muộn")
    assert (second.version, second.reason) == (2, "Sổ giấy nộp muộn")
    assert rechecked(second, AFTER) == []
    assert [each.version for each in issued("II.06a", scope.code, "2018-12r")] == [2, 1]
    assert content(first).total.cells[0] == 4
    assert content(second).total.cells[0] == 5
    assert len(ids) == 4


def test_nothing_is_issued_that_is_not_over_complete_trusted_and_balanced(town: Town, scope: Scope) -> None:
    taken(town)

    def refused(now: object = AFTER, period: str = "2018-12r") -> str:
        with pytest.raises(NotIssuableError) as why:
            issue("II.06a", scope, parse(period), now, 7, "X")  # type: ignore[arg-type]
        assert IssuedReport.objects.count() == 0
        return why.value.obstacle

    assert refused(now=hour("2018-12-14 23:00")) == "running"
    with store.cursor() as run:
        run.execute("UPDATE dossiers_follower SET complete_until = %s WHERE name = 'reports'", (DECEMBER.begins,))
    assert refused() == "not_complete"
    with store.cursor() as run:
        run.execute("UPDATE dossiers_follower SET complete_until = %s WHERE name = 'reports'", (AFTER,))
        run.execute("UPDATE reports_standing SET trouble = 'rows_lost'")
    assert refused() == "trouble"
    with store.cursor() as run:
        run.execute("UPDATE reports_standing SET trouble = ''")
        run.execute("UPDATE reports_cube SET received = received + 1 WHERE receiving = %s", (EAST,))
    assert refused() == "unbalanced"
    with pytest.raises(sheets.UnbalancedError, match="3 = 7"):
        sheets.written(report("II.06a", scope, DECEMBER, AFTER), "xlsx")


def test_excel_is_the_form_with_the_same_figures(town: Town, scope: Scope) -> None:
    taken(town)
    made = report("II.06a", scope, DECEMBER, AFTER)
    book = openpyxl.load_workbook(BytesIO(sheets.written(made, "xlsx")))
    sheet, balance = book.worksheets
    texts = {str(cell.value): cell for row in sheet.iter_rows() for cell in row if cell.value is not None}
    for wanted in (
        "Biểu số II.06a/VPCP/KSTT", "Đơn vị báo cáo: Thành phố Thử và cấp dưới", "Số hồ sơ nhận giải quyết",
        f"Kỳ báo cáo: {DECEMBER.name.vi}",
    ):  # fmt: skip
        assert any(wanted in text for text in texts), wanted
    assert any("Số hồ sơ TTHC" in text for text in texts)
    assert any("NGƯỜI LẬP BIỂU" in text.upper() for text in texts)
    numbered = next(
        row for row in sheet.iter_rows(values_only=True) if [str(each) for each in row[:3]] == ["1", "2", "3"]
    )
    assert [str(each) for each in numbered[:15]] == ["1", "2", *NUMBERS]
    assert any(merged.size["columns"] == 4 for merged in sheet.merged_cells.ranges)
    assert any(merged.size["rows"] == 2 for merged in sheet.merged_cells.ranges)
    figures = [
        list(row[2:15]) for row in sheet.iter_rows(values_only=True) if isinstance(row[2], int) and len(row) >= 15
    ]
    assert figures == [list(row.cells[:13]) for row in made.rows]
    differences = [row[5] for row in balance.iter_rows(values_only=True) if isinstance(row[5], int)]
    assert differences == [0] * len(made.rows)


def test_pdf_is_the_form_lying_with_the_same_figures(town: Town, scope: Scope) -> None:
    taken(town)
    made = report("II.06a", scope, DECEMBER, AFTER)
    read = pypdf.PdfReader(BytesIO(sheets.written(made, "pdf")))
    page = read.pages[0]
    assert page.mediabox.width > page.mediabox.height
    text = " ".join(page.extract_text().split())
    for wanted in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Biểu số II.06a/VPCP/KSTT", "Số hồ sơ TTHC", "7a", "11a"):
        assert wanted in text, wanted
    assert " ".join(str(each) for each in made.total.cells[:13]) in text


def test_the_command_prints_the_form_and_gives_what_was_issued(town: Town, scope: Scope, tmp_path: Path) -> None:
    taken(town)
    asked = ["II.06a", "--period", "2018-12r", "--agency", "T", "--below"]

    def made(*more: str) -> Report:
        out = StringIO()
        call_command("report", *asked, *more, "--json", stdout=out)
        return json.loads(out.getvalue())  # type: ignore[no-any-return]

    assert made()["rows"][0]["cells"][0] == 4  # type: ignore[index]
    issue("II.06a", scope, DECEMBER, AFTER, 7, "X")
    facts.follow([town.answered(EAST, "2018-12-11 09:00", "2018-12-13 09:00").id])
    assert made()["rows"][0]["cells"][0] == 4  # type: ignore[index]
    assert made("--again")["rows"][0]["cells"][0] == 5  # type: ignore[index]
    call_command("report", *asked, "--xlsx", str(tmp_path / "a.xlsx"), "--pdf", str(tmp_path / "a.pdf"))
    assert (tmp_path / "a.xlsx").read_bytes()[:2] == b"PK"
    assert (tmp_path / "a.pdf").read_bytes()[:5] == b"%PDF-"
    with pytest.raises(CommandError, match="unknown"):
        call_command("report", "II.06a", "--agency", "nowhere")
    with pytest.raises(CommandError, match="has not begun"):
        call_command("report", "II.06a", "--period", "2030r")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("report", *asked, "--xlsx", str(tmp_path / "nowhere" / "a.xlsx"))


def test_ii_07b_counts_the_catalogue_and_adds_up(town: Town, tmp_path: Path) -> None:
    made = processes_form(DECEMBER.last_day)
    assert len(made.columns) + 2 == 14
    for row in made.rows:
        three, four, five, six, seven, eight, nine, ten, same, tiers, processes, electronic = row.cells
        assert three == four + five + six == seven == eight + nine + ten == processes == electronic
        assert same + tiers <= three
    assert [sum(each) for each in zip(*(row.cells for row in made.rows[1:]), strict=True)] == list(made.total.cells)
    labels = {row.label.vi: row.cells for row in made.rows}
    assert labels["Thương mại"][0] == 1
    call_command("report", "II.07b", "--period", "2018-12r", "--xlsx", str(tmp_path / "b.xlsx"))
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert "Biểu số II.07b/VPCP/KSTT" in [cell.value for row in book.active.iter_rows() for cell in row]


def test_followed_to_the_end_it_can_be_issued(town: Town, scope: Scope) -> None:
    """With the real follower's own word on how far it came, not the test's."""
    busy(town)
    followed()
    made = report("II.06a", scope, DECEMBER, AFTER)
    assert made.complete_until is not None
    assert issuing.obstacle(made) == ""
