"""The table of an answer as it is filled in the browser: its inputs with their errors, and what a posted one says.

What cannot be read is kept as the words it was. A large table is shown and posted a page of rows at a time.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from motcua.law.campaign import Column, Form
from motcua.law.campaign_cells import UnreadableCellError, kept, read_words, written
from motcua.law.campaign_check import Finding, Line, Stored, Typed
from motcua.office.campaigns.asking import language

MOST_FIELDS, MOST_ROWS, BLANK_ROWS = 600, 50, 3
LONGEST_POSTED = 2000
Cells = dict[str, dict[str, Stored | Typed | None]]


def rows_a_page(form: Form) -> int:
    """How many rows fit on a page, so that a browser posts it in one piece."""
    return max(1, min(MOST_ROWS, MOST_FIELDS // len(form.columns)))


def page_of(form: Form, lines: Sequence[Line], page: int, blank: bool) -> tuple[list[tuple[int, Line]], int]:
    """The lines of a page with their places, blank ones after the last, and how many pages there are."""
    size = rows_a_page(form)
    pages = max(1, -(-len(lines) // size))
    page = min(max(page, 1), pages)
    shown = list(enumerate(lines))[(page - 1) * size : page * size]
    if blank and not form.rows and page == pages:
        fresh = 1 + max((int(each.key[1:]) for each in lines if each.key[1:].isdecimal()), default=0)
        room = min(BLANK_ROWS, form.most_rows - len(lines))
        shown += [(-1, Line(f"r{fresh + at}")) for at in range(max(0, room))]
    return shown, pages


def posted(form: Form, given: QueryDict) -> tuple[Cells, list[str]]:
    """The cells a page posted, and the free rows it asks to leave out."""
    cells: Cells = {}
    known = {row.key for row in form.rows}
    for key in given.getlist("row")[: MOST_ROWS + BLANK_ROWS]:
        if not (key in known if form.rows else key[:1] == "r" and key[1:].isdecimal() and len(key) < 9):
            continue
        for column in form.columns:
            name = f"c.{key}.{column.key}"
            if name in given:
                cells.setdefault(key, {})[column.key] = _read(column, given[name][:LONGEST_POSTED])
    return cells, given.getlist("drop")


def _read(column: Column, words: str) -> Stored | Typed | None:
    try:
        value = read_words(column, words)
    except UnreadableCellError:
        return Typed(words.replace("\x00", "").strip())
    return None if value is None else kept(value)


def view(
    form: Form, shown: Sequence[tuple[int, Line]], found: Sequence[Finding], over: Cells | None = None,
    others: Mapping[tuple[str, str], str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The table for its template. `over` are cells as they were posted, `others` what somebody else wrote meanwhile."""
    said: dict[tuple[int, str], list[Finding]] = {}
    for each in found:
        said.setdefault((each.row, each.column), []).append(each)
    rows = []
    for number, (at, line) in enumerate(shown, 1):
        named = form.row(line.key)
        title = named.title.within(language()) if named else _("Dòng %(n)s") % {"n": at + 1 if at >= 0 else _("mới")}
        cells = [
            _cell(column, line, title, said.get((at, column.key), []), over, (others or {}).get((line.key, column.key)))
            for column in form.columns
        ]
        rows.append({"key": line.key, "title": title, "cells": cells, "is_new": at < 0, "number": number})
    return {
        "columns": [_head(column) for column in form.columns],
        "rows": rows,
        "fixed": bool(form.rows),
        "whole": [each.reason.within(language()) for each in said.get((-1, ""), [])],
    }


def _head(column: Column) -> dict[str, Any]:
    return {
        "title": column.title.within(language()),
        "required": column.required,
        "number": column.is_number,
        "hint": column.help.within(language()) if column.help else "",
    }


def _cell(
    column: Column, line: Line, row: str, found: list[Finding], over: Cells | None, other: str | None
) -> dict[str, Any]:
    stored = line.cells.get(column.key)
    value: str = line.typed.get(column.key) or written(column, stored)
    if over is not None and column.key in over.get(line.key, {}):
        put = over[line.key][column.key]
        value = put.words if isinstance(put, Typed) else written(column, put)
        if isinstance(put, str | int | bool):
            stored = put
    name = f"c.{line.key}.{column.key}"
    errors = [each.reason.within(language()) for each in found if each.weight == "error"]
    if other is not None:
        errors.insert(0, other)
    chosen = str(stored) if column.kind == "choice" and stored is not None else value
    return {
        "name": name,
        "id": name.replace(".", "-"),
        "value": value,
        "title": column.title.within(language()),
        "label": f"{row}: {column.title.within(language())}",
        "kind": column.kind,
        "number": column.is_number,
        "long": column.kind == "text",
        "choices": _choices(column, chosen),
        # Words that are none of the choices are still shown, to be mended.
        "strange": value if column.key in line.typed and column.kind in ("choice", "yes_no") else "",
        "errors": errors,
        "warnings": [each.reason.within(language()) for each in found if each.weight == "warning"],
    }


def _choices(column: Column, value: str) -> list[dict[str, Any]]:
    pairs: list[tuple[str, str]] = []
    if column.kind == "choice":
        pairs = [(each.code, each.name.within(language())) for each in column.choices]
    elif column.kind == "yes_no":
        pairs = [("có", pgettext("trả lời", "có")), ("không", pgettext("trả lời", "không"))]
    return [{"value": code, "label": name, "chosen": code == value} for code, name in pairs]


def summary(table: dict[str, Any]) -> list[tuple[str, str]]:
    """Every error of the table for the top of the page, each with the id of its cell."""
    found = [("bang", words) for words in table["whole"]]
    for row in table["rows"]:
        for cell in row["cells"]:
            found += [(cell["id"], f"{cell['label']}: {words}") for words in cell["errors"]]
    return found
