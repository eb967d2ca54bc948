"""The first page of control: all work of the agencies overseen, by agency, field, procedure and official.

Every count opens the list of exactly the work it counts.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from motcua.office.control.asking import asked, list_of, parts_of
from motcua.office.control.taking_along import FEWEST_TO_COMPARE, overview_tables
from motcua.office.control.words import COLOURS, names_of, people, period_name
from motcua.office.door import CONTROL_ROLES, official
from motcua.office.figure_lists import address
from motcua.office.list_files import parts_file
from motcua.reports.naming import field_name, place_name, procedure_name, work_state_name
from motcua.reports.work import STATES, Counts, Groups, Part, State, groups

COLUMNS: tuple[State, ...] = ("open", "late", "today", "waiting", "done_in_time", "done_late")
SHOWN = 12
MOST = 60


@official(*sorted(CONTROL_ROLES))
def control(request: HttpRequest) -> HttpResponseBase:
    """Where the work stands now, and how it went in the period."""
    part = asked(request)
    found = groups(part)
    whole = partial(_tables, part, found, most=None)
    if (file := parts_file(request, lambda: overview_tables(whole(), COLUMNS, part), "kiem-soat")) is not None:
        return file
    context = {
        "chips": state_chips(part, found.total, None),
        "removable": removable(part),
        "period": period_name(part),
        "tables": _tables(part, found),
        "empty": found.total == Counts(),
        "process_href": address("control_process", parts_of(msgspec.structs.replace(part, step="", officer=0))),
    }
    return render(request, "office/control.html", context)


def state_chips(part: Part, numbers: Counts, active: State | None) -> list[dict[str, Any]]:
    """The states of work as filters, with exact counts."""
    return [
        {
            "label": work_state_name(state),
            "count": getattr(numbers, state),
            "href": list_of(part, state),
            "active": state == active,
            "state": COLOURS.get(state),
        }
        for state in STATES
    ]


def removable(part: Part, page: str = "control", **more: str) -> list[tuple[str, str]]:
    """What the page is narrowed to, each with the address of the page without it."""
    parts = parts_of(part)
    return [
        (label, address(page, {**more, **{key: value for key, value in parts.items() if key != name}}))
        for name, label in names_of(part).items()
    ]


def _tables(part: Part, found: Groups, most: int | None = MOST) -> list[dict[str, Any]]:
    """A table a way of grouping, the most late work first; no more than `most` rows of each are made ready."""
    names = people(found.officers)
    officers = {number: numbers for number, numbers in found.officers.items() if number in names}
    replaced = msgspec.structs.replace
    made: list[tuple[str, str, str, dict[Any, Counts], Callable[[Any, Counts], dict[str, Any]]]] = [
        ("don-vi", _("Theo cơ quan đang giữ"), _("Cơ quan"), found.agencies,
         lambda key, numbers: _row(place_name(key), replaced(part, agency=key), numbers)),
        ("nguoi", _("Theo người giữ"), _("Người xử lý"), officers,
         lambda key, numbers: _row(names[key], replaced(part, officer=key), numbers)),
        ("linh-vuc", _("Theo lĩnh vực"), _("Lĩnh vực"), found.fields,
         lambda key, numbers: _row(field_name(key), replaced(part, field=key), numbers)),
        ("thu-tuc", _("Theo thủ tục"), _("Thủ tục"), found.procedures,
         lambda key, numbers: _procedure_row(key, part, numbers)),
    ]  # fmt: skip
    return [_worst_first(name, title, of, groups, row, most) for name, title, of, groups, row in made if groups]


def _worst_first(
    name: str, title: str, of: str, groups: dict[Any, Counts], row: Callable[[Any, Counts], dict[str, Any]],
    most: int | None,
) -> dict[str, Any]:  # fmt: skip
    """What is beyond the first few rows is folded away, what is beyond `most` is in the file: nothing is left out."""
    ordered = sorted(groups.items(), key=lambda each: (-each[1].late - each[1].done_late, -each[1].open, each[0]))
    rows = [row(key, numbers) for key, numbers in ordered[:most]]
    return {
        "id": name,
        "title": title,
        "of": of,
        "rows": rows[:SHOWN],
        "more": rows[SHOWN:],
        "unshown": len(ordered) - len(rows),
    }


def _procedure_row(code: str, part: Part, numbers: Counts) -> dict[str, Any]:
    here = msgspec.structs.replace(part, procedure=code)
    row = _row(procedure_name(code), here, numbers)
    return {**row, "process": address("control_process", parts_of(msgspec.structs.replace(here, step="", officer=0)))}


def _row(label: str, part: Part, numbers: Counts) -> dict[str, Any]:
    share = numbers.share_late
    return {
        "label": label,
        "href": address("control", parts_of(part)),
        "share_late": share if numbers.done >= FEWEST_TO_COMPARE else None,
        "cells": [
            {
                "state": state,
                "label": work_state_name(state),
                "value": getattr(numbers, state),
                "href": list_of(part, state),
                "late": state in ("late", "done_late") and getattr(numbers, state) > 0,
            }
            for state in COLUMNS
        ],
    }
