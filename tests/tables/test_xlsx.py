"""Excel as a stranger's library reads it: typed cells, nothing that runs, heads that join, sheets that go on."""

import io
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from motcua.law.working_time import CITY_ZONE
from motcua.tables.table import Column, HeadCell, Row, Table, WrongRowError, lay_out
from motcua.tables.xlsx import LARGEST, write_xlsx
from tables.samples import AT, AWKWARD, COLUMNS, DAY, ROW, paper, table, values

HEAD = 3  # the title, an empty line, the head


def opened(tables: Any, **more: Any) -> openpyxl.Workbook:
    kept = io.BytesIO()
    write_xlsx(tables, kept, **more)
    return openpyxl.load_workbook(kept)


def only(tables: Any) -> Worksheet:
    book = opened(tables)
    assert len(book.sheetnames) == 1
    return book[book.sheetnames[0]]


def test_cells_have_the_type_of_their_column() -> None:
    sheet = only(table([ROW]))
    code, count, points, share, day, at, worked = sheet[HEAD + 1]
    assert (code.value, code.data_type) == (ROW[0], "s")
    assert (count.value, count.data_type, count.number_format) == (1, "n", "#,##0")
    assert (points.value, share.value, share.number_format) == (7.5, 0.982, "0.0%")
    assert (day.is_date, day.value, day.number_format) == (True, datetime(2018, 12, 17), "dd/mm/yyyy")
    # 02:30 in the world is 09:30 in the city.
    assert (at.is_date, at.value, at.number_format) == (True, datetime(2018, 12, 17, 9, 30), "dd/mm/yyyy hh:mm")
    assert worked.value == 90


@pytest.mark.parametrize("words", [each for each in AWKWARD if each])
def test_a_text_stays_a_text_whatever_it_looks_like(words: str) -> None:
    sheet = only(table([(words,)], (Column("x", words),), notes=(words,)))
    for cell in (sheet.cell(HEAD + 1, 1), sheet.cell(HEAD + 2, 1), sheet.cell(2, 1)):
        assert cell.data_type == "s"
        assert unescape(cell.value) == _one_line_end(words)


def test_nothing_in_the_file_runs_or_leads_outside() -> None:
    kept = io.BytesIO()
    write_xlsx(table([(each,) for each in AWKWARD], (Column("x", "X"),)), kept)
    with zipfile.ZipFile(kept) as parts:
        names = parts.namelist()
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert [name for name in names if "external" in name.lower() or "vba" in name.lower()] == []


@given(st.lists(values(), max_size=8))
def test_what_is_written_is_read_back(rows: list[Row]) -> None:
    sheet = only(table(rows, tuple(Column(each.key, each.title, each.kind) for each in COLUMNS)))
    # Control characters are escaped as Excel does it, which this reader leaves to us.
    found = [
        [unescape(cell.value) if isinstance(cell.value, str) else cell.value for cell in line]
        for line in sheet.iter_rows(min_row=HEAD + 1, max_col=len(COLUMNS))
    ]
    assert [row for row in found if any(each is not None for each in row)] == [
        row for row in map(_as_kept, rows) if any(each is not None for each in row)
    ]


def _one_line_end(words: str) -> str:
    return words.replace("\r\n", "\n").replace("\r", "\n")


def _as_kept(row: Row) -> list[Any]:
    text, count, points, share, day, at, worked = row
    assert isinstance(text, str)
    whole = count if count is None or abs(count) < LARGEST else str(count)  # type: ignore[arg-type]
    return [
        _one_line_end(text) or None,
        whole,
        None if points is None else float(points),  # type: ignore[arg-type]
        None if share is None else pytest.approx(share, rel=1e-14),
        None if day is None else datetime.combine(day, datetime.min.time()),  # type: ignore[arg-type]
        None if at is None else at.astimezone(CITY_ZONE).replace(tzinfo=None, microsecond=0),  # type: ignore[attr-defined]
        worked,
    ]


def test_the_head_stays_and_can_be_filtered_and_sums_are_no_part_of_the_filter() -> None:
    sheet = only(table([ROW, ROW]))
    assert sheet.freeze_panes == f"A{HEAD + 1}"
    assert sheet.auto_filter.ref == f"A{HEAD}:G{HEAD + 2}"
    assert [each.value for each in sheet[HEAD + 3]][:2] == ["Tổng cộng", 2]
    assert sheet.print_title_rows == f"${HEAD}:${HEAD}"


@pytest.mark.parametrize("count", [0, 1])
def test_a_table_of_no_row_or_one_is_a_table(count: int) -> None:
    sheet = only(table([ROW] * count))
    assert [cell.value for cell in sheet[HEAD]] == [column.title for column in COLUMNS]
    assert sheet.cell(HEAD + 1 + count, 1).value == "Tổng cộng"
    assert sheet.cell(HEAD + 1 + count, 2).value == count


def test_the_head_of_a_form_joins_its_cells_and_numbers_its_columns() -> None:
    sheet = only(paper())
    joined = {str(each) for each in sheet.merged_cells.ranges}
    first = next(row for row in range(1, 12) if sheet.cell(row, 1).value == "STT")
    assert {f"A{first}:A{first + 2}", f"C{first}:E{first}", f"C{first + 1}:C{first + 2}", f"D{first + 1}:E{first + 1}",
            f"F{first}:F{first + 2}"} <= joined  # fmt: skip
    assert [cell.value for cell in sheet[first + 1]] == [None, None, "Tổng số", "Trong đó", None, None]
    assert [cell.value for cell in sheet[first + 3]] == [f"({at})" for at in range(1, 7)]
    assert [cell.value for cell in sheet[first + 6]] == [None, "Tổng cộng", 14, 2, 12, None]
    said = {cell.value for line in sheet.iter_rows() for cell in line if isinstance(cell.value, str)}
    assert {"Biểu số: II.06a", "Đơn vị tính: hồ sơ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Thủ trưởng", "Hoà",
            "Cột 3 = cột 4 + cột 5."} <= said  # fmt: skip
    assert sheet.auto_filter.ref is None
    assert all(sheet.row_dimensions[row].height for row in range(first, first + 3))


def test_groups_stand_over_their_columns() -> None:
    sheet = only(table([ROW], head=(("", 1), ("Số", 3), ("Thời gian", 3))))
    joined = {str(each) for each in sheet.merged_cells.ranges}
    assert {"A3:A4", "B3:D3", "E3:G3"} <= joined
    assert [cell.value for cell in sheet[4]][1:] == [column.title for column in COLUMNS[1:]]


@pytest.mark.parametrize(
    "head", [((HeadCell("a", 2),),), ((HeadCell("a", 1, 2), HeadCell("b")),), ((HeadCell("a"),) * 4,)]
)
def test_a_head_with_a_hole_or_too_wide_is_refused(head: Any) -> None:
    whole = paper()
    broken = Table(whole.title, whole.columns[:3], (), form=type(whole.form)(head=head))  # type: ignore[misc]
    with pytest.raises(ValueError, match="head"):
        lay_out(broken)


def test_what_is_longer_than_a_sheet_goes_on_in_the_next_and_is_added_up_once() -> None:
    rows = [(f"s{at}", at, None, None, None, None, None) for at in range(25)]
    book = opened(table(iter(rows)), rows_of_a_sheet=13)
    assert book.sheetnames == ["Danh sách hồ sơ", "Danh sách hồ sơ (2)", "Danh sách hồ sơ (3)"]
    codes = [cell.value for sheet in book for cell in sheet["A"] if str(cell.value).startswith("s")]
    assert codes == [row[0] for row in rows]
    assert [sheet.cell(HEAD, 1).value for sheet in book] == ["Mã hồ sơ"] * 3
    sums = [line[1].value for sheet in book for line in sheet.iter_rows() if line[0].value == "Tổng cộng"]
    assert sums == [300]


def test_a_full_last_sheet_leaves_the_sum_to_the_next() -> None:
    book = opened(table([ROW] * 10), rows_of_a_sheet=HEAD + 10)
    assert [line[1].value for line in book["Danh sách hồ sơ (2)"].iter_rows() if line[0].value == "Tổng cộng"] == [10]


def test_several_tables_are_sheets_of_names_that_excel_allows() -> None:
    names = ["Tên/rất:dài*có[dấu]?" + "x" * 40, "", "history", "'a'", "A", "a"]
    book = opened([Table(each, COLUMNS, [ROW]) for each in names])
    assert len(book.sheetnames) == len(names)
    assert all(len(each) <= 31 and not set(each) & set("[]:*?/\\") for each in book.sheetnames)
    assert len({each.lower() for each in book.sheetnames}) == len(names)


def test_the_same_table_is_the_same_file() -> None:
    def once() -> bytes:
        kept = io.BytesIO()
        write_xlsx([table([ROW], made_at=AT), paper()], kept)
        return kept.getvalue()

    assert once() == once()


def test_a_number_of_more_figures_than_excel_keeps_is_kept_as_text() -> None:
    sheet = only(table([("a", 2**62, Decimal("1.5"), None, None, None, None)]))
    assert sheet.cell(HEAD + 1, 2).value == str(2**62)


def test_a_day_before_excels_first_is_kept_as_text() -> None:
    sheet = only(table([("a", 1, None, None, DAY.replace(year=1899), AT.replace(year=1850), None)]))
    assert [sheet.cell(HEAD + 1, at).value for at in (5, 6)] == ["1899-12-17", "1850-12-17T09:30:00+07:00"]


def test_a_text_longer_than_a_cell_is_cut_with_a_mark() -> None:
    said = only(table([("𠀀" * 20_000, *[None] * 6)])).cell(HEAD + 1, 1).value
    assert said.endswith("…")
    assert len(said.encode("utf-16-le")) // 2 <= 32_767


@pytest.mark.parametrize("row", [ROW[:-1], (*ROW, 1), ("a", "1", *[None] * 5), ("a", True, *[None] * 5)])
def test_a_row_that_does_not_fit_is_refused_without_its_words(row: Row, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(WrongRowError) as refused:
        write_xlsx(table([ROW, row]), folder / "x.xlsx")
    assert "000.00" not in str(refused.value)
    # Nothing of what it wrote on the way is left.
    assert [each.name for each in folder.iterdir()] == ["x.xlsx"]
