"""Checks a filled table of a campaign: what stops it from being submitted, and what only makes one look twice.

A finding names its row and column, so that a page can show it at the cell. Whether a cell can be read at all is
said by `campaign_cells`; a table holds only what could be read, and beside it the words that could not.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import msgspec

from motcua.law.campaign import Column, Form, Value
from motcua.law.campaign_cells import UnreadableCellError, read_words, value_of, written
from motcua.law.texts import Text

Stored = str | int | bool


class Line(msgspec.Struct, omit_defaults=True):
    """One row of an answer: what stands in its cells, the words that could not be read, and whose hand each is.

    `by` points into the answer's list of hands.
    """

    key: str
    cells: dict[str, Stored] = {}
    typed: dict[str, str] = {}
    by: dict[str, int] = {}

    @property
    def is_empty(self) -> bool:
        """True when nothing stands in it."""
        return not self.cells and not self.typed


class Finding(msgspec.Struct, frozen=True):
    """One thing to mend, or to look at twice. `column` is empty for the whole row, `row` -1 for the whole table."""

    row: int
    column: str
    weight: Literal["error", "warning"]
    reason: Text
    value: str = ""


def lines_of(form: Form, lines: Sequence[Line]) -> list[Line]:
    """The lines in the form's order: every fixed row, or the free rows that hold something."""
    if not form.rows:
        return [each for each in lines if not each.is_empty]
    known = {each.key: each for each in lines}
    return [known.get(row.key) or Line(row.key) for row in form.rows]


def check(form: Form, lines: Sequence[Line], before: Sequence[Line] = ()) -> list[Finding]:
    """Everything found in a table; `before` is the same agency's answer to the last campaign of this form."""
    found: list[Finding] = []
    last = {each.key: each for each in before} if form.rows else {}
    if not form.rows and len(lines) > form.most_rows:
        found.append(_whole(f"quá {form.most_rows} dòng", f"more than {form.most_rows} rows"))
    if not form.rows and not lines and any(each.required for each in form.columns):
        found.append(_whole("chưa có dòng nào", "there is no row yet"))
    for at, line in enumerate(lines):
        for column in form.columns:
            found.extend(_cell(at, column, line))
        found.extend(_sums(at, form, line))
        if line.key in last:
            found.extend(_jumps(at, form, line, last[line.key]))
    return found


def errors(found: Sequence[Finding]) -> list[Finding]:
    """Those that stop a submission."""
    return [each for each in found if each.weight == "error"]


def warnings(found: Sequence[Finding]) -> list[Finding]:
    """Those that ask for a word of explanation."""
    return [each for each in found if each.weight == "warning"]


def _whole(vi: str, en: str) -> Finding:
    return Finding(-1, "", "error", Text(vi, en))


def _cell(at: int, column: Column, line: Line) -> Iterator[Finding]:
    def wrong(vi: str, en: str, value: str = "") -> Finding:
        return Finding(at, column.key, "error", Text(vi, en), value)

    if column.key in line.typed:
        words = line.typed[column.key]
        try:
            read_words(column, words)
            yield wrong("cần ghi lại", "must be written again", words)
        except UnreadableCellError as error:
            yield Finding(at, column.key, "error", error.text, words)
        return
    stored = line.cells.get(column.key)
    if stored is None:
        if column.required:
            yield wrong("chưa ghi", "is empty")
        return
    value, said = value_of(column, stored), written(column, stored)
    for vi, en in _bounds(column, value):
        yield wrong(vi, en, said)


def _bounds(column: Column, value: Value) -> Iterator[tuple[str, str]]:
    if column.is_number and isinstance(value, int | Decimal):
        if column.minimum is not None and value < column.minimum:
            yield f"nhỏ hơn {_said(column.minimum)}", f"is less than {column.minimum}"
        if column.maximum is not None and value > column.maximum:
            yield f"lớn hơn {_said(column.maximum)}", f"is more than {column.maximum}"
    if column.kind == "date" and isinstance(value, date):
        if column.earliest is not None and value < column.earliest:
            yield f"trước ngày {_day(column.earliest)}", f"is before {column.earliest}"
        if column.latest is not None and value > column.latest:
            yield f"sau ngày {_day(column.latest)}", f"is after {column.latest}"


def _sums(at: int, form: Form, line: Line) -> Iterator[Finding]:
    for each in form.sums:
        keys = (each.total, *each.parts)
        numbers = [_number(form, line, key) for key in keys]
        if any(number is None for number in numbers):
            # A missing part is said at its own cell; nothing is concluded from a gap.
            continue
        total, parts = numbers[0], sum(number for number in numbers[1:] if number is not None)
        if total is None or (parts == total if each.relation == "equal" else parts <= total):
            continue
        names = [column.title for key in keys if (column := form.column(key)) is not None]
        right_vi, right_en = " + ".join(n.vi for n in names[1:]), " + ".join(n.within("en") for n in names[1:])
        if each.relation == "equal":
            vi, en = f"phải bằng {right_vi} ({_said(parts)})", f"must equal {right_en} ({parts})"
        else:
            vi, en = f"nhỏ hơn {right_vi} ({_said(parts)})", f"is less than {right_en} ({parts})"
        yield Finding(at, each.total, "error", Text(vi, en), _said(total))


def _jumps(at: int, form: Form, line: Line, before: Line) -> Iterator[Finding]:
    for column in form.columns:
        if column.jump is None:
            continue
        new, old = _number(form, line, column.key), _number(form, before, column.key)
        if new is None or old is None or new == old:
            continue
        if old == 0 or abs(new - old) * 100 > column.jump * abs(old):
            vi = f"kỳ trước là {_said(old)}; chênh lệch hơn {column.jump}%"
            en = f"was {old} last time; it moved by more than {column.jump}%"
            yield Finding(at, column.key, "warning", Text(vi, en), _said(new))


def _number(form: Form, line: Line, key: str) -> Decimal | None:
    column, stored = form.column(key), line.cells.get(key)
    if column is None or stored is None or isinstance(stored, bool):
        return None
    return Decimal(str(stored))


def _said(number: Decimal | int) -> str:
    words = f"{Decimal(number):,f}"
    words = words.rstrip("0").rstrip(".") if "." in words else words
    return words.translate(str.maketrans(",.", ".,"))


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def merged(form: Form, before: Sequence[Line], given: Mapping[str, Mapping[str, Any]], hand: int) -> list[Line]:
    """`before` with the `given` cells put over it, row by row; only cells that changed are of this `hand`.

    A given cell is a value, None to empty it, or `Typed` words that could not be read.
    """
    known = {each.key: each for each in before}
    found = []
    for key in [*known, *(key for key in given if key not in known)]:
        old = known.get(key) or Line(key)
        line = Line(key, dict(old.cells), dict(old.typed), dict(old.by))
        for name, value in given.get(key, {}).items():
            _put(line, name, value, hand)
        found.append(line)
    return lines_of(form, found)


class Typed(msgspec.Struct, frozen=True):
    """Words given for a cell that could not be read: kept as they are, so that nothing typed is lost."""

    words: str


def _put(line: Line, name: str, value: Stored | Typed | None, hand: int) -> None:
    same = line.typed.get(name) == value.words if isinstance(value, Typed) else (
        name not in line.typed and line.cells.get(name) == value
    )  # fmt: skip
    if same:
        return
    line.cells.pop(name, None)
    line.typed.pop(name, None)
    if isinstance(value, Typed):
        line.typed[name] = value.words
    elif value is not None:
        line.cells[name] = value
    line.by[name] = hand
