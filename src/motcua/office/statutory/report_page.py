"""A form of the state on the page: chosen, filled in, every figure a door to the dossiers it counts.

What was issued is shown as it was issued; beside it stands what the figures say today, when asked for.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers import clock
from motcua.office.door import CONTROL_ROLES, official
from motcua.office.figure_lists import address
from motcua.office.statutory.asking import (
    Asked,
    asked,
    may_issue,
    period_asked,
    period_choices,
    row_parts,
    scope_choices,
)
from motcua.office.statutory.words import obstacle_words
from motcua.reports.naming import said
from motcua.reports.standing import trouble
from motcua.statutory import issuing, sheets
from motcua.statutory.columns import BESIDE, COLUMNS
from motcua.statutory.forms import LAYOUTS, Report, Row
from motcua.statutory.models import IssuedReport
from motcua.statutory.processes import FORM as II_07B
from motcua.statutory.processes import TITLE as PROCESSES
from motcua.statutory.processes import processes_form
from motcua.statutory.reporting import report


@official(*sorted(CONTROL_ROLES))
def statutory(request: HttpRequest) -> HttpResponse:
    """The form the address names."""
    if request.GET.get("bieu") == II_07B:
        # It counts procedures, not dossiers: the same for every scope, on a page of its own.
        return redirect(address("statutory_processes", {"ky": period_asked(request.GET.get("ky", "")).code}))
    what = asked(request)
    kept = issuing.issued(what.form, what.scope.code, what.period.code)
    again = request.GET.get("tinh-lai") == "1"
    row = kept[0] if kept and not again else None
    made = shown(what, row)
    untrusted = trouble()
    wrong = untrusted if row is None else ""
    obstacle = issuing.obstacle(made) if row is None else ""
    context = {
        "asked": what,
        "issued": row,
        "versions": kept,
        "changed": len(issuing.rechecked(row, clock.now())) if row and not untrusted else 0,
        "made": made,
        "trouble": wrong,
        "table": table_of(made, what),
        "forms": [
            *((code, f"{code}: {said(each.title)}", code == what.form) for code, each in LAYOUTS.items()),
            (II_07B, f"{II_07B}: {said(PROCESSES)}", False),
        ],
        "scopes": scope_choices(request, what.scope),
        "periods": period_choices(what.period),
        "files": [] if wrong or made.faults else _files(what, again=again),
        "may_issue": may_issue(request, what.scope) and row is None and not kept,
        "obstacle": obstacle_words(obstacle) if obstacle else "",
        "again_href": address("statutory", what.parts(**{"tinh-lai": "1"})),
        "issued_href": address("statutory", what.parts()),
        "processes_href": address("statutory_processes", {"ky": what.period.code}),
        "is_demonstration": LAYOUTS[what.form].demonstration,
    }
    return render(request, "office/statutory/report.html", context)


def shown(what: Asked, row: IssuedReport | None) -> Report:
    """The report as it was issued, or as it is today."""
    return issuing.content(row) if row else report(what.form, what.scope, what.period, clock.now())


def _files(what: Asked, *, again: bool) -> list[tuple[str, str]]:
    more = {"tinh-lai": "1"} if again else {}
    return file_links(lambda kind: address_of_file(kind, what.parts(**more)))


def file_links(address_of: Callable[[str], str]) -> list[tuple[str, str]]:
    """What a report can be fetched as, each with its address."""
    labels = {"xlsx": _("Tải Excel"), "pdf": _("Tải PDF"), "csv": _("Tải CSV")}
    return [(label, address_of(kind)) for kind, label in labels.items()]


def address_of_file(kind: str, parts: dict[str, str]) -> str:
    """Where the form is fetched as a file."""
    return address("statutory", parts).replace("/bao-cao/?", f"/bao-cao/tep/{kind}/?")


def table_of(made: Report, what: Asked | None) -> dict[str, Any]:
    """The form for the page: its head in two rows, its rows with a link behind every figure, its balance."""
    shape = sheets.shape_of(made.form)
    columns = COLUMNS if made.form in LAYOUTS else ()
    at = {column.number: place for place, column in enumerate(columns)}
    return {
        "title": said(made.title),
        "form": shape.form,
        "rows_of": said(shape.rows_of),
        "groups": [(said(name), across) for name, across in shape.groups],
        "titles": [said(title) for title in shape.titles],
        "numbers": made.columns,
        "unit": said(shape.unit),
        "beside": said(BESIDE.title) if columns else "",
        "rows": [_row(row, made, what, at) for row in made.rows],
    }


def _row(row: Row, made: Report, what: Asked | None, at: dict[str, int]) -> dict[str, Any]:
    shape, columns = sheets.shape_of(made.form), (*COLUMNS, BESIDE)
    titles = [*shape.titles, BESIDE.title]
    labels = [f"{number} {said(title)}".strip() for number, title in zip((*made.columns, ""), titles, strict=False)]
    cells = []
    for place, value in enumerate(row.cells):
        href = ""
        if what is not None and made.form in LAYOUTS:
            href = address("statutory_list", what.parts(cot=columns[place].slug, **row_parts(row.part)))
        cells.append({
            "value": value, "href": href, "label": labels[place],
            "late": place in (at.get("10"), at.get("13")) and value > 0,
        })  # fmt: skip
    balance = row.cells[at["3"]] - row.cells[at["7"]] - row.cells[at["11"]] if at else None
    return {"level": row.level, "number": row.number, "label": said(row.label), "cells": cells, "off": balance}


@official(*sorted(CONTROL_ROLES))
def statutory_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The form as Excel, PDF or CSV, with the figures of the page; refused where it does not balance."""
    if kind not in sheets.MEDIA_TYPES:
        raise Http404
    what = asked(request)
    kept = issuing.issued(what.form, what.scope.code, what.period.code)
    row = kept[0] if kept and request.GET.get("tinh-lai") != "1" else None
    made = shown(what, row)
    if made.faults or (row is None and trouble()):
        return render(
            request,
            "office/statutory/refused.html",
            {"faults": made.faults, "back": address("statutory", what.parts())},
            status=409,
        )
    return file_answer(made, kind, issued_words(row) if row else "")


def file_answer(made: Report, kind: str, issued: str = "") -> HttpResponse:
    """A report as a download."""
    content = sheets.written(made, kind, issued=issued, language=get_language() or "vi")  # type: ignore[arg-type]
    answer = HttpResponse(content, content_type=sheets.MEDIA_TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{sheets.file_name(made, kind)}"'  # type: ignore[arg-type]
    answer["Cache-Control"] = "no-store"
    return answer


def issued_words(row: IssuedReport) -> str:
    """Which issued version it is, and the seal of its content."""
    return _("Bản %(version)s phát hành %(day)s, mã kiểm SHA-256 %(digest)s.") % {
        "version": row.version,
        "day": f"{row.issued_at:%d/%m/%Y}",
        "digest": row.digest,
    }


@official(*sorted(CONTROL_ROLES))
def statutory_processes(request: HttpRequest) -> HttpResponse:
    """Form II.07b as of the last day of a period, on the page or as a file."""
    period = period_asked(request.GET.get("ky", ""))
    made = processes_form(min(period.last_day, clock.now().astimezone(period.begins.tzinfo).date()))
    if kind := request.GET.get("tep", ""):
        if kind not in sheets.MEDIA_TYPES:
            raise Http404
        return file_answer(made, kind)
    parts = {"ky": period.code}
    context = {
        "made": made,
        "table": table_of(made, None),
        "periods": period_choices(period),
        "form_code": II_07B,
        "files": file_links(lambda kind: address("statutory_processes", {**parts, "tep": kind})),
        "back": address("statutory", parts),
    }
    return render(request, "office/statutory/processes.html", context)
