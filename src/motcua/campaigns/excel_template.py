"""The spreadsheet of an answer: typed cells, a protected head, and the codes by which it is known again when sent in.

What already stands in the answer stands in it. Reading it back is left to `excel_reading`.
"""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from motcua.campaigns.forms import form_of
from motcua.campaigns.models import Answer, Version
from motcua.law.campaign import Column, Form
from motcua.law.campaign_cells import value_of
from motcua.law.campaign_check import Line
from motcua.law.working_time import CITY_ZONE, city_day
from motcua.organisation.directory import directory

SHEET, KEYS = "Tra loi", "motcua"
FORMAT = "motcua-campaign/1"
ROW_MARK, NAME_MARK = "#", "#ten"
FREE_ROWS_AHEAD = 200
_TABLE_ROW = 5


def template(answer: Answer, version: Version | None, lines: Sequence[Line]) -> bytes:
    """The workbook for one agency's answer."""
    form, out = form_of(answer.campaign.form), io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": form.title.vi})
    sheet = book.add_worksheet(SHEET)
    _Sheet(book, sheet, form).write(answer, list(lines))
    keys = book.add_worksheet(KEYS)
    keys.very_hidden()
    stated = {
        "format": FORMAT,
        "campaign": answer.campaign_id,
        "form": form.code,
        "version": answer.campaign.form.number,
        "agency": directory()[answer.agency].code,
        "revision": f"{version.no}.{version.revision}" if version is not None else "0.0",
    }
    for at, (name, value) in enumerate(stated.items()):
        keys.write_string(at, 0, name)
        keys.write_string(at, 1, str(value))
    book.close()
    return out.getvalue()


class _Sheet:
    """The sheet people fill: head locked, cells open and checked as far as a spreadsheet can."""

    def __init__(self, book: Any, sheet: Any, form: Form) -> None:
        self.book, self.sheet, self.form = book, sheet, form
        self.first = 2 if form.rows else 1
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.quiet = book.add_format({"font_color": "#505a5f", "text_wrap": False})
        self.code = book.add_format({"font_color": "#8a9397", "font_size": 8})
        self.head = book.add_format({"bold": True, "bg_color": "#e8eef4", "border": 1, "text_wrap": True,
                                     "valign": "vcenter"})  # fmt: skip
        self._looks: dict[str, Any] = {}
        self.row = book.add_format({"bg_color": "#f7f5f0", "border": 1, "text_wrap": True})

    def write(self, answer: Answer, lines: list[Line]) -> None:
        """Head, rows and what stands in them."""
        sheet, campaign = self.sheet, answer.campaign
        due = campaign.due_at.astimezone(CITY_ZONE)
        place = directory()[answer.agency].name.vi
        sheet.write_string(0, 0, campaign.title_vi, self.title)
        sheet.write_string(1, 0, f"{place}. Hạn: {due:%H:%M} ngày {due.day}/{due.month}/{due.year}.", self.quiet)
        sheet.write_string(
            2,
            0,
            "Chỉ ghi vào ô trắng, mỗi ô một giá trị; không gộp ô, không thêm cột. Số lẻ viết sau dấu phẩy.",
            self.quiet,
        )
        codes = [ROW_MARK, *([NAME_MARK] if self.form.rows else []), *(each.key for each in self.form.columns)]
        titles = ["Mã", *(["Nội dung"] if self.form.rows else []), *(each.title.vi for each in self.form.columns)]
        for at, (code, words) in enumerate(zip(codes, titles, strict=True)):
            sheet.write_string(_TABLE_ROW - 2, at, code, self.code)
            sheet.write_string(_TABLE_ROW - 1, at, words, self.head)
        rows = self._rows(lines)
        for at, (key, name, line) in enumerate(rows):
            self._line(_TABLE_ROW + at, key, name, line)
        last = _TABLE_ROW + len(rows) - 1
        for at, column in enumerate(self.form.columns):
            self._validate(column, self.first + at, last)
        sheet.set_column(0, 0, 8)
        if self.form.rows:
            sheet.set_column(1, 1, 42)
        sheet.set_column(self.first, self.first + len(self.form.columns) - 1, 18)
        sheet.set_row(_TABLE_ROW - 1, 48)
        sheet.freeze_panes(_TABLE_ROW, self.first)
        sheet.protect("", {"format_columns": True, "format_rows": True, "format_cells": True, "insert_rows": True})

    def _rows(self, lines: list[Line]) -> list[tuple[str, str, Line]]:
        if self.form.rows:
            known = {each.key: each for each in lines}
            return [(row.key, row.title.vi, known.get(row.key) or Line(row.key)) for row in self.form.rows]
        room = min(self.form.most_rows, len(lines) + FREE_ROWS_AHEAD)
        return [(each.key, "", each) for each in lines] + [("", "", Line("")) for _ in range(room - len(lines))]

    def _line(self, at: int, key: str, name: str, line: Line) -> None:
        self.sheet.write_string(at, 0, key, self.row)
        if self.form.rows:
            self.sheet.write_string(at, 1, name, self.row)
        for number, column in enumerate(self.form.columns):
            self._cell(at, self.first + number, column, line)

    def _cell(self, row: int, at: int, column: Column, line: Line) -> None:
        look = self._look(column)
        if column.key in line.typed:
            self.sheet.write_string(row, at, line.typed[column.key], look)
            return
        stored = line.cells.get(column.key)
        if stored is None:
            self.sheet.write_blank(row, at, None, look)
            return
        value = value_of(column, stored)
        if isinstance(value, bool):
            self.sheet.write_string(row, at, "có" if value else "không", look)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, at, value, look)
        elif isinstance(value, str):
            named = next((each.name.vi for each in column.choices if each.code == value), value)
            self.sheet.write_string(row, at, named, look)
        else:
            self.sheet.write_number(row, at, value, look)

    def _look(self, column: Column) -> Any:
        said = "0" if column.plain else _FORMATS.get(column.kind, "@")
        if said not in self._looks:
            self._looks[said] = self.book.add_format({"locked": False, "border": 1, "num_format": said})
        return self._looks[said]

    def _validate(self, column: Column, at: int, last: int) -> None:
        rule: dict[str, Any] | None = None
        said = {
            "error_title": "Chưa đúng",
            "error_message": "Giá trị không đúng kiểu của cột.",
            "error_type": "warning",
        }
        if column.is_number:
            kind = "decimal" if column.kind == "decimal" else "integer"
            low = float(column.minimum) if column.minimum is not None else -1e15
            high = float(column.maximum) if column.maximum is not None else 1e15
            rule = {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
        elif column.kind == "date":
            rule = {"validate": "date", "criteria": "between", "minimum": column.earliest or date(1900, 1, 1),
                    "maximum": column.latest or date(2200, 12, 31)}  # fmt: skip
        elif column.kind in ("choice", "yes_no"):
            names = [each.name.vi for each in column.choices] if column.kind == "choice" else ["có", "không"]
            # A spreadsheet keeps at most 255 characters of a list, and takes a comma for its end.
            if len(",".join(names)) <= 255 and not any("," in each for each in names):
                rule = {"validate": "list", "source": names}
        if rule is not None and last >= _TABLE_ROW:
            self.sheet.data_validation(_TABLE_ROW, at, last, at, rule | said)


_FORMATS = {"int": "#,##0", "money": "#,##0", "decimal": "#,##0.######", "date": "d/m/yyyy"}


def file_name(answer: Answer) -> str:
    """A name in plain letters that says what it is."""
    code = directory()[answer.agency].code.replace("/", "-")
    return f"{answer.campaign.form.code}-{code}-{city_day(answer.campaign.due_at).isoformat()}.xlsx"
