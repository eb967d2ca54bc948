"""A table as Excel: typed cells, a head that stays, filters, sums, the paper's form; a row at a time.

Several tables are several sheets. A table longer than a sheet goes on in the next. No text of a table is ever a
formula, a link or markup. The same tables give the same bytes.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from motcua.tables.table import (
    NUMBERS,
    Column,
    Form,
    Kind,
    Sums,
    Table,
    as_day,
    as_number,
    as_text,
    checked,
    lay_out,
)

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_OF_A_SHEET = 1_048_576
LONGEST_TEXT = 32_767
LONGEST_NAME = 31
# Excel keeps fifteen figures of a number, and knows no day before 1900; its calendar is wrong until March.
LARGEST = 10**15
FIRST_DAY = date(1900, 3, 1)
_FORMATS: dict[Kind, str] = {
    "text": "@", "int": "#,##0", "minutes": "#,##0", "decimal": "#,##0.0#", "percent": "0.0%",
    "date": "dd/mm/yyyy", "instant": "dd/mm/yyyy hh:mm",
}  # fmt: skip
_FACE = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
_MADE_AT = datetime(2018, 12, 1, tzinfo=UTC)
Write = Callable[[int, int, object], None]


def write_xlsx(tables: Table | Iterable[Table], to: Path | IO[bytes], *, rows_of_a_sheet: int = ROWS_OF_A_SHEET) -> int:
    """Writes the tables as one workbook; returns how many rows they had in all.

    Raises WrongRowError for a row that does not fit its columns, ValueError for a head that does not.
    """
    wanted = [tables] if isinstance(tables, Table) else list(tables)
    options: dict[str, Any] = {"constant_memory": True, "use_zip64": True}
    if isinstance(to, Path):
        # What it writes on the way lies beside the file, on the disk that was meant for it.
        options["tmpdir"] = str(to.parent)
    book = xlsxwriter.Workbook(str(to) if isinstance(to, Path) else to, options)
    made = next((table.made_at for table in wanted if table.made_at), _MADE_AT)
    created = made.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": wanted[0].title if wanted else "", "created": created})
    names: set[str] = set()
    try:
        return sum(_Sheets(book, table, names, rows_of_a_sheet).write() for table in wanted)
    finally:
        book.close()


class _Sheet(Worksheet):  # type: ignore[misc]
    """A worksheet that takes no text for markup, and joins cells of rows that were written already."""

    def _xml_rich_inline_string(self, string: str, attributes: list[tuple[str, Any]]) -> None:
        # The library writes a text of the shape <r>...</r> as markup, unescaped; to us it is a text.
        self._xml_inline_string(string, True, attributes)

    def join(self, top: int, left: int, bottom: int, right: int) -> None:
        """One cell out of several; a row at a time is written, so the cells are there before they are joined."""
        if (top, left) != (bottom, right):
            self.merge.append([top, left, bottom, right])


class _Sheets:
    """One table over as many sheets as it needs."""

    def __init__(self, book: Any, table: Table, names: set[str], limit: int) -> None:
        self.book, self.table, self.names, self.limit = book, table, names, limit
        self.form = table.form or Form()
        self.is_form = table.form is not None
        self.width = len(table.columns)
        self.placed = [cell for line in lay_out(table) for cell in line]
        self.head_rows = max(cell.row + cell.down for cell in self.placed)
        self.sums = Sums(table)
        border = {"border": 1} if self.is_form else {"bottom": 4, "bottom_color": "#C9CED1"}
        self.cells = [self._format(column, border) for column in table.columns]
        self.bold = [self._format(column, border | {"bold": True, "top": 1}) for column in table.columns]
        self.plain = book.add_format(_FACE)

    def _format(self, column: Column, more: dict[str, Any]) -> Format:
        wraps = {"text_wrap": True} if column.kind == "text" else {}
        return self.book.add_format({**_FACE, "num_format": _FORMATS[column.kind], **wraps, **more})

    def _look(self, **more: Any) -> Format:
        return self.book.add_format({**_FACE, **more})

    def write(self) -> int:
        """Every row, the sums, the notes and the signatures; returns how many rows."""
        count, number = 0, 1
        sheet, at, head = self._begin(number)
        writers = self._writers(sheet)
        for row in checked(self.table):
            if at >= self.limit:
                self._filter(sheet, head, at - 1)
                number += 1
                sheet, at, head = self._begin(number)
                writers = self._writers(sheet)
            for column, value in enumerate(row):
                writers[column](at, column, value)
            self.sums.add(row)
            at += 1
            count += 1
        self._filter(sheet, head, at - 1)
        if at + self._rest() > self.limit:
            sheet, at, head = self._begin(number + 1)
        if self.table.totals:
            self._sum_row(sheet, at)
            at += 1
        self._foot(sheet, at)
        return count

    def _rest(self) -> int:
        """How many rows come after the last row of the table."""
        return int(self.table.totals) + (len(self.table.notes) + 8 if self.is_form else 0)

    # --- The head

    def _begin(self, number: int) -> tuple[_Sheet, int, int]:
        """A new sheet with its head: the sheet, the row that comes next, the last row of the head."""
        sheet = self.book.add_worksheet(self._name(number), worksheet_class=_Sheet)
        for at, column in enumerate(self.table.columns):
            sheet.set_column(at, at, min(column.wide, 80))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(f"&C{self.table.phrase('page')} &P/&N")
        at = self._above(sheet)
        first = at
        for height, line in zip(self._heights(), self._lines(), strict=True):
            sheet.set_row(at, height)
            for place, (text, look) in enumerate(line):
                sheet.write_string(at, place, text, look) if text else sheet.write_blank(at, place, None, look)
            at += 1
        for cell in self.placed:
            sheet.join(first + cell.row, cell.column, first + cell.row + cell.down - 1, cell.column + cell.across - 1)
        sheet.repeat_rows(first, at - 1)
        sheet.freeze_panes(at, 0)
        return sheet, at, at - 1

    def _lines(self) -> list[list[tuple[str, Format]]]:
        """The rows of the head cell by cell, and the row of the columns' numbers."""
        shade = {} if self.is_form else {"bg_color": "#F7F5F0"}
        look = self._look(bold=True, align="center", valign="vcenter", text_wrap=True, border=1, **shade)
        lines = [[("", look) for _ in range(self.width)] for _ in range(self.head_rows)]
        for cell in self.placed:
            lines[cell.row][cell.column] = (_kept(cell.text), look)
        if self.form.numbers:
            small = self._look(italic=True, align="center", border=1, font_size=9)
            numbers = (*self.form.numbers, *("",) * self.width)[: self.width]
            lines.append([(each, small) for each in numbers])
        return lines

    def _heights(self) -> list[float]:
        """How high each row of the head must be: joined cells do not stretch by themselves."""
        lines = [1] * self.head_rows
        for cell in sorted(self.placed, key=lambda each: each.down):
            room = sum(min(column.wide, 80) for column in self.table.columns[cell.column : cell.column + cell.across])
            needed = sum(ceil((len(part) or 1) / max(room - 1, 1)) for part in cell.text.split("\n"))
            last = cell.row + cell.down - 1
            lines[last] += max(needed - sum(lines[cell.row : last + 1]), 0)
        heights = [15.0 * each + 3 for each in lines]
        return [*heights, 15.0] if self.form.numbers else heights

    def _above(self, sheet: _Sheet) -> int:
        """What stands over the head: for a form its two blocks and its title in the middle, else title and notes."""
        table, form = self.table, self.form
        middle = {"align": "center"} if self.is_form else {}
        title = self._look(bold=True, font_size=14, **middle)
        at = self._blocks(sheet) if self.is_form else 0
        lines = [(table.title, title)]
        lines += [(each, self._look(italic=True, align="center")) for each in form.under]
        if not self.is_form:
            lines += [(each, self._look(italic=True, font_color="#505A5F")) for each in table.notes]
        for text, look in lines:
            self._line(sheet, at, 0, self.width - 1 if self.is_form else 0, text, look)
            at += 1
        if form.unit:
            text = f"{table.phrase('unit')}: {form.unit}"
            self._line(sheet, at, 0, self.width - 1, text, self._look(italic=True, align="right"))
            at += 1
        return at + (0 if form.unit else 1)

    def _blocks(self, sheet: _Sheet) -> int:
        """The two blocks at the top of a form: the left one, and the right one beside it."""
        form = self.form
        right = (*_NATION, *form.right) if form.nation else form.right
        half = max(self.width // 2, 1)
        side = "center" if form.nation else "left"
        looks = [self._look(align=side, text_wrap=True, bold=bold) for bold in (True, False)]
        nation = self._look(align="center", bold=True)
        for at in range(max(len(form.left), len(right))):
            if at < len(form.left):
                self._line(sheet, at, 0, half - 1, form.left[at], looks[min(at, 1)])
            if at < len(right) and half < self.width:
                is_nation = form.nation and at < len(_NATION)
                self._line(sheet, at, half, self.width - 1, right[at], nation if is_nation else looks[1])
        return max(len(form.left), len(right)) + 1

    def _line(self, sheet: _Sheet, row: int, left: int, right: int, text: str, look: Format) -> None:
        """One text over several columns."""
        sheet.write_string(row, left, _kept(text), look)
        for column in range(left + 1, right + 1):
            sheet.write_blank(row, column, None, look)
        sheet.join(row, left, row, right)

    # --- The rows

    def _writers(self, sheet: _Sheet) -> Sequence[Write]:
        return [self._writer(sheet, column, look) for column, look in zip(self.table.columns, self.cells, strict=True)]

    def _writer(self, sheet: _Sheet, column: Column, look: Format) -> Write:
        """How a column's values are written: chosen once, not for each of a million cells."""
        text, blank, table = sheet.write_string, sheet.write_blank, self.table
        if column.kind in NUMBERS:
            number = sheet.write_number

            def write_number(row: int, at: int, value: object) -> None:
                found = as_number(value, column)
                if found is None:
                    blank(row, at, None, look)
                elif -LARGEST < found < LARGEST:
                    number(row, at, found, look)
                else:
                    text(row, at, str(found), look)

            return write_number
        if column.kind in ("date", "instant"):
            moment = sheet.write_datetime

            def write_day(row: int, at: int, value: object) -> None:
                found = as_day(value, column)
                if found is None:
                    blank(row, at, None, look)
                elif (found.date() if isinstance(found, datetime) else found) >= FIRST_DAY:
                    moment(row, at, found.replace(tzinfo=None) if isinstance(found, datetime) else found, look)
                else:
                    text(row, at, found.isoformat(), look)

            return write_day

        def write_text(row: int, at: int, value: object) -> None:
            said = _kept(value if isinstance(value, str) else as_text(value, table))
            if said:
                text(row, at, said, look)
            else:
                blank(row, at, None, look)

        return write_text

    def _sum_row(self, sheet: _Sheet, at: int) -> None:
        for column, (value, look) in enumerate(zip(self.sums.row(), self.bold, strict=True)):
            if isinstance(value, int | Decimal):
                sheet.write_number(at, column, value, look)
            elif value is None:
                sheet.write_blank(at, column, None, look)
            else:
                sheet.write_string(at, column, str(value), look)

    # --- The end

    def _filter(self, sheet: _Sheet, head: int, last: int) -> None:
        """The filter over the rows of this sheet; a paper of the state has none."""
        if not self.is_form and last > head:
            sheet.autofilter(head, 0, last, self.width - 1)

    def _foot(self, sheet: _Sheet, at: int) -> None:
        """A form's notes and who signs it, each in its part of the width."""
        form = self.form
        if not self.is_form:
            return
        at += 1
        for note in self.table.notes:
            self._line(sheet, at, 0, self.width - 1, note, self._look(italic=True))
            at += 1
        if form.place_and_day:
            half = self.width // 2
            self._line(sheet, at, half, self.width - 1, form.place_and_day, self._look(italic=True, align="center"))
            at += 1
        parts = self._parts(len(form.signatures))
        looks = (self._look(bold=True, align="center"), self._look(italic=True, align="center"))
        for offset, (name, look) in enumerate((("authority", looks[0]), ("hint", looks[1]), ("name", looks[0]))):
            for (left, right), signature in zip(parts, form.signatures, strict=True):
                # Room for the hand between what is printed and the name.
                row = at + offset + (3 if name == "name" else 0)
                self._line(sheet, row, left, right, getattr(signature, name), look)

    def _parts(self, count: int) -> list[tuple[int, int]]:
        edges = [self.width * each // count for each in range(count + 1)] if count else []
        return [(left, max(right - 1, left)) for left, right in pairwise(edges)]

    def _name(self, number: int) -> str:
        """A name for a sheet that Excel allows and that no other sheet has."""
        title = self.table.title.translate(_FORBIDDEN).strip().strip("'") or "1"
        for at in range(number, number + 1000):
            tail = f" ({at})" if at > 1 else ""
            name = title[: LONGEST_NAME - len(tail)].rstrip() + tail
            if name.lower() not in self.names and name.lower() != "history":
                self.names.add(name.lower())
                return name
        raise ValueError("too many sheets of one name")


_FORBIDDEN = {ord(sign): " " for sign in "[]:*?/\\\n\r\t"}
_NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


def _kept(text: str) -> str:
    """As much of a text as a cell holds, with a mark where it was cut; one line end, which is Excel's."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) <= LONGEST_TEXT // 2:
        return text
    units = text.encode("utf-16-le", "replace")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    return units[: 2 * (LONGEST_TEXT - 1)].decode("utf-16-le", "ignore") + "…"
