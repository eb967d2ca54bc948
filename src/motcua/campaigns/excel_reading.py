"""Reads a spreadsheet that an agency sent in: what was good is taken, what was not is named by row, column and value.

One bad cell stops no other, and nothing is dropped silently: merged cells, formulas, unknown rows and columns are
each said. A file that is no workbook, too large, or of another campaign is refused whole, with the reason.
"""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import msgspec
import openpyxl
from openpyxl.utils import get_column_letter

from motcua.campaigns.excel_template import FORMAT, KEYS, NAME_MARK, ROW_MARK, SHEET
from motcua.law.campaign import Column, Form
from motcua.law.campaign_cells import UnreadableCellError, kept, read_typed
from motcua.law.campaign_check import Stored, Typed
from motcua.law.texts import Text

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 24 * 1024 * 1024
MOST_PARTS, MOST_CELLS, MOST_ROWS, LONGEST_VALUE = 200, 400_000, 20_000, 200
_HEAD_WITHIN = 20


class NoWorkbookError(ValueError):
    """A file that is refused whole, and why."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(vi, en)


class Said(msgspec.Struct, frozen=True):
    """Something said about a cell, a row or a column of the sheet. `row` 0 is the whole column."""

    row: int
    column: str
    value: str
    reason: Text


class Expected(msgspec.Struct, frozen=True):
    """What a file must state to be taken: its campaign, the version of its form, and whose it is."""

    campaign: int
    form: str
    version: int
    agency: str


class Reading(msgspec.Struct):
    """What came of a file: cells by row and column, those that could not be read, and what to look at."""

    given: dict[str, dict[str, Stored | Typed]] = {}
    bad: list[Said] = []
    notes: list[Said] = []
    rows: int = 0
    cells: int = 0


def read(data: bytes, form: Form, expected: Expected, known: frozenset[str] = frozenset()) -> Reading:
    """Reads a workbook. `known` are the keys of the free rows there are. Raises NoWorkbookError."""
    _guard(data)
    book = _opened(data, values=False)
    _its_own(book, expected)
    if SHEET not in book.sheetnames:
        raise NoWorkbookError(f"Tệp thiếu trang “{SHEET}”.", f"The file lacks the sheet “{SHEET}”.")
    return _Reader(data, book[SHEET], form, known).read()


def _guard(data: bytes) -> None:
    """Refuses what would not fit before anything is unpacked."""
    if len(data) > LARGEST_FILE:
        raise NoWorkbookError("Tệp lớn hơn 5 MB.", "The file is larger than 5 MB.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(each.file_size for each in parts) > LARGEST_UNPACKED:
                raise NoWorkbookError(
                    "Tệp giải nén ra quá lớn nên không mở.", "Unpacked, the file is too large; it was not opened."
                )
            cells = 0
            for each in parts:
                if not each.filename.lower().endswith((".xml", ".rels")):
                    continue
                text = packed.read(each)
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\x00" in text:
                    raise NoWorkbookError("Tệp có nội dung lạ nên không mở.", "The file holds strange things.")
                cells += text.count(b"<c ")
            if cells > MOST_CELLS:
                raise NoWorkbookError("Tệp có quá nhiều ô.", "The file has too many cells.")
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, zipfile.zlib.error):  # type: ignore[attr-defined]
        raise NoWorkbookError(
            "Đây không phải tệp Excel (.xlsx), hoặc tệp bị hỏng hay có mật khẩu.",
            "This is no Excel file (.xlsx), or it is broken or has a password.",
        ) from None


def _opened(data: bytes, *, values: bool) -> Any:
    try:
        return openpyxl.load_workbook(io.BytesIO(data), data_only=values, keep_links=False)
    except Exception:
        # The library raises whatever its parser stumbles over.
        raise NoWorkbookError("Không đọc được tệp Excel này.", "This Excel file cannot be read.") from None


def _its_own(book: Any, expected: Expected) -> None:
    if KEYS not in book.sheetnames:
        raise NoWorkbookError(
            "Đây không phải tệp mẫu của đợt này: hãy tải mẫu về và ghi vào đó.",
            "This is not the template of this campaign: download it and fill that.",
        )
    said = {
        str(row[0].value): str(row[1].value) for row in book[KEYS].iter_rows(min_row=1, max_row=10, max_col=2)
    }  # fmt: skip
    if said.get("format") != FORMAT or said.get("campaign") != str(expected.campaign):
        raise NoWorkbookError("Tệp này của một đợt khác.", "This file belongs to another campaign.")
    if said.get("agency") != expected.agency:
        raise NoWorkbookError("Tệp này là mẫu của cơ quan khác.", "This is another agency's template.")
    if (said.get("form"), said.get("version")) != (expected.form, str(expected.version)):
        raise NoWorkbookError("Tệp theo bản biểu cũ: hãy tải mẫu mới.", "The file follows another version of the form.")


class _Reader:
    """One sheet, cell by cell."""

    def __init__(self, data: bytes, sheet: Any, form: Form, known: frozenset[str]) -> None:
        self.data, self.sheet, self.form = data, sheet, form
        self.found = Reading()
        self._values: Any = None
        self._used: set[str] = set()
        self._fresh = 1 + max((int(key[1:]) for key in known if key[1:].isdecimal()), default=0)
        self._known = known
        self._merged: dict[tuple[int, int], str] = {}
        for span in list(sheet.merged_cells.ranges)[:2000]:
            words = _words(sheet.cell(span.min_row, span.min_col).value)
            for row in range(span.min_row, min(span.max_row, span.min_row + 1000) + 1):
                for at in range(span.min_col, min(span.max_col, span.min_col + 60) + 1):
                    self._merged[row, at] = words

    def read(self) -> Reading:
        """The whole sheet."""
        head, columns = self._columns()
        rows = sorted({row for row, _at in self.sheet._cells if row > head + 1})
        for row in rows[:MOST_ROWS]:
            self._row(row, columns)
        if len(rows) > MOST_ROWS:
            self._bad(rows[MOST_ROWS], "", "", f"từ dòng này trở đi không đọc: quá {MOST_ROWS} dòng",
                      f"not read from here on: more than {MOST_ROWS} rows")  # fmt: skip
        return self.found

    def _columns(self) -> tuple[int, dict[int, Column]]:
        """The row of the codes, and which column of the sheet is which of the form's."""
        for row in range(1, _HEAD_WITHIN):
            if str(self.sheet.cell(row, 1).value) == ROW_MARK:
                break
        else:
            raise NoWorkbookError(
                "Dòng mã cột đã bị xóa: hãy tải mẫu mới.", "The row of column codes is gone: download it again."
            )
        columns: dict[int, Column] = {}
        strange: list[int] = []
        for at in range(2, min(self.sheet.max_column, 200) + 1):
            key = str(self.sheet.cell(row, at).value or "")
            column = self.form.column(key)
            if column is not None and column not in columns.values():
                columns[at] = column
            elif key != NAME_MARK:
                strange.append(at)
        for column in self.form.columns:
            if column not in columns.values():
                self._bad(0, "", column.title.vi, "cột này không có trong tệp", "this column is not in the file")
        for at in strange:
            self._strange(at, row)
        return row, columns

    def _strange(self, at: int, head: int) -> None:
        held = [
            (row, cell.value)
            for (row, column), cell in self.sheet._cells.items()
            if column == at and row > head and cell.value not in (None, "")
        ]
        if held:
            n = len(held)
            self._bad(0, get_column_letter(at), _words(held[0][1]), f"cột không có trong biểu, {n} ô không nhận",
                      f"a column the form does not have; {n} cells were not taken")  # fmt: skip

    def _row(self, row: int, columns: dict[int, Column]) -> None:
        filled = [at for at in columns if self._holds(row, at)]
        if not filled:
            return
        key = self._key(row)
        if key is None:
            for at in filled:
                self._bad(row, get_column_letter(at), _words(self.sheet.cell(row, at).value),
                          "dòng không có trong biểu, hoặc ghi hai lần",
                          "a row the form does not have, or one given twice")  # fmt: skip
            return
        if self.sheet.row_dimensions[row].hidden:
            self._note(row, "", "", "dòng bị ẩn trong tệp, vẫn được đọc", "hidden in the file, and read all the same")
        if not self.form.rows and len(self._used) > self.form.most_rows:
            self._bad(row, "", "", f"quá {self.form.most_rows} dòng, không nhận", "too many rows: not taken")
            return
        self.found.rows += 1
        for at in filled:
            self._cell(row, at, columns[at], key)

    def _holds(self, row: int, at: int) -> bool:
        cell = self.sheet._cells.get((row, at))
        held = cell is not None and cell.value is not None and str(cell.value).strip() != ""
        return held or bool(self._merged.get((row, at)))

    def _key(self, row: int) -> str | None:
        cell = self.sheet._cells.get((row, 1))
        said = str(cell.value).strip() if cell is not None and cell.value is not None else ""
        if self.form.rows:
            if self.form.row(said) is None or said in self._used:
                return None
            self._used.add(said)
            return said
        if said not in self._known or said in self._used:
            said, self._fresh = f"r{self._fresh}", self._fresh + 1
        self._used.add(said)
        return said

    def _cell(self, row: int, at: int, column: Column, key: str) -> None:
        letter = get_column_letter(at)
        if (row, at) in self._merged:
            words = self._merged[row, at]
            self._typed(key, column, words)
            self._bad(row, letter, words, "ô bị gộp: không biết giá trị thuộc ô nào", "a merged cell: whose value?")
            return
        cell = self.sheet.cell(row, at)
        value = cell.value
        if cell.data_type == "f":
            formula, value = _words(value), self._cached(row, at)
            if value is None:
                self._typed(key, column, formula)
                self._bad(row, letter, formula, "công thức chưa có giá trị; hãy ghi số",
                          "a formula without its value; write the value")  # fmt: skip
                return
            self._note(row, letter, _words(value), f"lấy giá trị của công thức {formula[:60]}",
                       f"took the value of the formula {formula[:60]}")  # fmt: skip
        elif cell.data_type == "e":
            self._typed(key, column, _words(value))
            self._bad(row, letter, _words(value), "ô báo lỗi", "the cell holds an error")
            return
        self._take(row, letter, column, key, value)

    def _take(self, row: int, letter: str, column: Column, key: str, value: object) -> None:
        try:
            read = read_typed(column, value)
        except UnreadableCellError as error:
            self._typed(key, column, _words(value))
            self.found.bad.append(Said(row, letter, _words(value), error.text))
            return
        if read is not None:
            self.found.given.setdefault(key, {})[column.key] = kept(read)
            self.found.cells += 1

    def _cached(self, row: int, at: int) -> object:
        if self._values is None:
            self._values = _opened(self.data, values=True)[SHEET]
        return self._values.cell(row, at).value

    def _typed(self, key: str, column: Column, words: str) -> None:
        self.found.given.setdefault(key, {})[column.key] = Typed(words)

    def _bad(self, row: int, column: str, value: str, vi: str, en: str) -> None:
        self.found.bad.append(Said(row, column, value, Text(vi, en)))

    def _note(self, row: int, column: str, value: str, vi: str, en: str) -> None:
        self.found.notes.append(Said(row, column, value, Text(vi, en)))


def _words(value: object) -> str:
    """What stands in a cell, as people would write it."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value.day}/{value.month}/{value.year}"
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, float):
        return format(value, ".15g").replace(".", ",")
    words = str(getattr(value, "text", value)).replace("\x00", "")
    return words[:LONGEST_VALUE]
