"""A table as PDF/A-2b: A4 lying, the head on every page, pages numbered, or within the form of a paper of the state.

The same table of the same hour is the same file. A paper is for reading, and is set as a whole in memory: what is
longer than a thousand rows is refused, and belongs into Excel or CSV.
"""

import re
import threading
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any

import msgspec

from motcua.tables.lettering import printable
from motcua.tables.press import MEDIA_TYPE, forget_work, pressed
from motcua.tables.table import NUMBERS, Column, Form, Sums, Table, as_day, as_number, as_text, checked, lay_out

__all__ = ["LONGEST", "MEDIA_TYPE", "TooLongError", "write_pdf"]

LONGEST = 1_000
# Beyond so many cells what Typst remembers is worth letting go of.
LARGE = 2_000
TEMPLATE = Path(__file__).parent / "templates" / "table.typ"
# With so many columns the letters grow smaller, so that numbers stay in one line.
_SIZES = ((8, 10.0), (11, 9.0), (14, 8.2))
_SMALLEST = 7.4
# A code may go on in the next line after a sign between its parts.
_LONG_WORD = re.compile(r"\S{13,}")
_SEAM = re.compile(r"(?<=[-./_~])(?=\w)")
# A thousand rows take a hundred megabytes while they are set: one after the other.
_one_at_a_time = threading.Lock()


class TooLongError(ValueError):
    """More rows than a paper is made for."""


def write_pdf(table: Table, to: Path | IO[bytes], *, longest: int = LONGEST) -> int:
    """Writes the table; returns how many rows it had.

    Raises TooLongError for more than `longest` rows, WrongRowError for a row that does not fit its columns.
    """
    sums = Sums(table)
    rows: list[list[str]] = []
    for row in islice(checked(table), longest + 1):
        if len(rows) == longest:
            raise TooLongError(f"a paper has at most {longest} rows")
        sums.add(row)
        rows.append([_said(value, column, table) for column, value in zip(table.columns, row, strict=True)])
    added = sums.row() if table.totals else []
    last = [
        printable(each) if isinstance(each, str) else _said(each, column, table)
        for column, each in zip(table.columns, added, strict=False)
    ]
    made = int(table.made_at.timestamp()) if table.made_at else 0
    data = msgspec.json.encode(_shown(table, rows, last))
    with _one_at_a_time:
        pdf = pressed(TEMPLATE, data, made)
        if len(rows) * len(table.columns) > LARGE:
            forget_work()
    if isinstance(to, Path):
        to.write_bytes(pdf)
    else:
        to.write(pdf)
    return len(rows)


def _shown(table: Table, rows: list[list[str]], sums: list[str]) -> dict[str, Any]:
    """What the template is given: every text printable, every number and day in words."""
    form = table.form or Form()
    placed = [cell._replace(text=printable(cell.text)) for line in lay_out(table) for cell in line]
    count = len(table.columns)
    return {
        "title": printable(table.title),
        "lang": table.language,
        "page": table.phrase("page"),
        "empty": table.phrase("empty"),
        "formal": table.form is not None,
        "nation": form.nation,
        "left": [printable(each) for each in form.left],
        "right": [printable(each) for each in form.right],
        "under": [printable(each) for each in form.under],
        "unit": f"{table.phrase('unit')}: {printable(form.unit)}" if form.unit else "",
        "notes": [printable(each) for each in table.notes],
        "size": next((size for most, size in _SIZES if count <= most), _SMALLEST),
        "columns": [{"weight": max(column.wide, 4), "align": _side(column)} for column in table.columns],
        "head": [cell._asdict() for cell in placed],
        "head_rows": max(cell.row + cell.down for cell in placed),
        "numbers": [printable(each) for each in (*form.numbers, *("",) * count)[:count]] if form.numbers else [],
        "rows": rows,
        "sums": sums,
        "place_and_day": printable(form.place_and_day),
        "signatures": [
            {"authority": printable(each.authority), "hint": printable(each.hint), "name": printable(each.name)}
            for each in form.signatures
        ],
    }


def _side(column: Column) -> str:
    if column.kind in NUMBERS:
        return "right"
    return "center" if column.kind in ("date", "instant") else "left"


def _said(value: object, column: Column, table: Table) -> str:
    if column.kind in NUMBERS:
        return _number(as_number(value, column), column, table.language)
    if column.kind in ("date", "instant"):
        day = as_day(value, column)
        if day is None:
            return ""
        return f"{day:%d/%m/%Y %H:%M}" if isinstance(day, datetime) else f"{day:%d/%m/%Y}"
    text = printable(value if isinstance(value, str) else as_text(value, table))
    return _LONG_WORD.sub(lambda word: _SEAM.sub("\u200b", word[0]), text)


def _number(value: float | Decimal | None, column: Column, language: str) -> str:
    """A number as it is written in the language: `1.234,5` or `1,234.5`."""
    if value is None:
        return ""
    if column.kind == "percent":
        said = f"{value * 100:,.1f}%"
    elif isinstance(value, int):
        said = f"{value:,}"
    else:
        said = f"{value:,.2f}".rstrip("0").rstrip(".")
    return said if language.startswith("en") else said.translate(_SWAPPED)


_SWAPPED = {ord(","): ".", ord("."): ","}
