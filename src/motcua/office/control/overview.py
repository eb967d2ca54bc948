"""The first page of control: all work of the agencies overseen, by agency, field, procedure and official.

Every count opens the list of exactly the work it counts.
"""

from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from motcua.exports.answers import asked_format
from motcua.office.control.asking import address, asked, list_of, parts_of
from motcua.office.control.taking_along import answered, overview_tables
from motcua.office.control.words import COLOURS, names_of, people, period_name
from motcua.office.door import CONTROL_ROLES, official
from motcua.reports.naming import field_name, place_name, procedure_name, work_state_name
from motcua.reports.work import STATES, Counts, Groups, Part, State, groups

COLUMNS: tuple[State, ...] = ("open", "late", "today", "waiting", "done_in_time", "done_late")
# Below so many finished pieces of work a share says nothing.
FEWEST_TO_COMPARE = 10
SHOWN = 12


@official(*sorted(CONTROL_ROLES))
def control(request: HttpRequest) -> HttpResponse:
    """Where the work stands now, and how it went in the period."""
    part = asked(request)
    found = groups(part)
    tables = _tables(part, found)
    if asked_format(request):
        return _file(request, tables, part)
    context = {
        "chips": state_chips(part, found.total, None),
        "removable": removable(part),
        "period": period_name(part),
        "tables": tables,
        "empty": found.total == Counts(),
        "process_href": address("control_process", parts_of(msgspec.structs.replace(part, step="", officer=0))),
    }
    return render(request, "office/control.html", context)


def _file(request: HttpRequest, tables: list[dict[str, Any]], part: Part) -> HttpResponse:
    """One of the tables, or all of them as sheets."""
    known = overview_tables(tables, COLUMNS, part)
    name = request.GET.get("bang", "")
    if (name and name not in known) or not known:
        raise Http404
    return answered(request, known[name] if name else list(known.values()), name or "kiem-soat")


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


def _tables(part: Part, found: Groups) -> list[dict[str, Any]]:
    names = people(found.officers)
    tables = [
        {
            "id": "don-vi",
            "title": _("Theo cơ quan đang giữ"),
            "of": _("Cơ quan"),
            "rows": [
                _row(place_name(number), msgspec.structs.replace(part, agency=number), numbers)
                for number, numbers in sorted(found.agencies.items())
            ],
        },
        {
            "id": "nguoi",
            "title": _("Theo người giữ"),
            "of": _("Người xử lý"),
            "rows": sorted(
                (
                    _row(names[number], msgspec.structs.replace(part, officer=number), numbers)
                    for number, numbers in found.officers.items()
                    if number in names
                ),
                key=lambda row: row["label"],
            ),
        },
        {
            "id": "linh-vuc",
            "title": _("Theo lĩnh vực"),
            "of": _("Lĩnh vực"),
            "rows": [
                _row(field_name(code), msgspec.structs.replace(part, field=code), numbers)
                for code, numbers in sorted(found.fields.items())
            ],
        },
        {
            "id": "thu-tuc",
            "title": _("Theo thủ tục"),
            "of": _("Thủ tục"),
            "rows": [_procedure_row(code, part, numbers) for code, numbers in sorted(found.procedures.items())],
        },
    ]
    return [_worst_first(each) for each in tables if each["rows"]]


def _worst_first(table: dict[str, Any]) -> dict[str, Any]:
    """The rows with most late work first; what is beyond the first few is folded away, not left out."""
    rows = sorted(table["rows"], key=lambda row: (-_late(row), row["label"]))
    return {**table, "rows": rows[:SHOWN], "more": rows[SHOWN:]}


def _late(row: dict[str, Any]) -> int:
    return sum(int(cell["value"]) for cell in row["cells"] if cell["state"] in ("late", "done_late"))


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
