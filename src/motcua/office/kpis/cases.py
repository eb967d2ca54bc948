"""The dossiers behind a value: exactly the cases of its numerator or its denominator, a page at a time.

The list names nobody; opening a dossier is asked of `dossiers.policy` once more.
"""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from motcua.kpis import listing, reading
from motcua.kpis.asking import Key
from motcua.kpis.listing import Case, Part
from motcua.kpis.shapes import Dimension, Kpi
from motcua.office.door import official
from motcua.office.figure_lists import dossier_row, dossier_table, turned
from motcua.office.kpis.seen import (
    SLUGS,
    Seen,
    address,
    dimension_or_404,
    kpi_or_404,
    scope_name,
    seen,
    unit_name,
    unit_or_404,
)
from motcua.office.list_files import downloads_of, list_file
from motcua.reports.naming import agency_name, kind_name, said, version_name

PARTS: dict[str, Part] = {"": "denominator", "mau": "denominator", "tu": "numerator"}


@official()
def kpi_cases(request: HttpRequest, code: str) -> HttpResponseBase:
    """One page of the cases of a part of a value, or all of them as a file."""
    asked, query = seen(request), request.GET
    kpi = kpi_or_404(code, asked.viewer)
    part = PARTS.get(query.get("phan", ""))
    if part is None or not listing.opens(kpi, part):
        raise Http404
    only = _unit(request, kpi, asked)
    more = {"phan": query.get("phan", "")} | ({"theo": query["theo"], "don-vi": query["don-vi"]} if only else {})
    wanted: dict[str, Any] = {"part": part, "now": asked.now, "within": asked.within, "only": only}
    table = partial(_table, caption=said(kpi.name))
    unit = unit_name(*only) if only else ""
    notes = (scope_name(asked), unit, said(asked.period.name), _which(kpi, part))

    def page(after: str, **more: int) -> tuple[list[Case], str]:
        return reading.page(code, asked.which, after=after, **wanted, **more)

    if (file := list_file(request, said(kpi.name), page, table, notes)) is not None:
        return file
    total = reading.total(code, asked.which, **wanted)
    rows, pages = turned(
        request,
        page,
        lambda **following: address("kpi_cases", asked, code, **following, **more),
    )
    context = {
        "name": said(kpi.name),
        "unit": unit,
        "which": _which(kpi, part),
        "total": total,
        "period": said(asked.period.name),
        "scope": scope_name(asked),
        "table": table(rows),
        **pages,
        **downloads_of(total),
        "crumbs": [
            (_("Chỉ số"), address("kpis", asked)),
            (said(kpi.name), address("kpi", asked, code)),
            (_("Hồ sơ"), None),
        ],
        "back": address("kpi", asked, code),
    }
    return render(request, "office/kpis/cases.html", context)


def _which(kpi: Kpi, part: Part) -> str:
    """Which cases a list of a share has."""
    if kpi.measure != "share":
        return ""
    if part == "numerator":
        return _("Những trường hợp được tính ở tử số.")
    return _("Mọi trường hợp ở mẫu số.")


def _unit(request: HttpRequest, kpi: Kpi, asked: Seen) -> tuple[Dimension, Key] | None:
    words = request.GET.get("theo", "")
    if words not in SLUGS.values() or "don-vi" not in request.GET:
        if words:
            raise Http404
        return None
    dimension = dimension_or_404(words, kpi, asked.viewer)
    return dimension, unit_or_404(dimension, request.GET["don-vi"])


def _table(rows: list[Case], caption: str) -> dict[str, Any]:
    columns = [
        ("code", _("Mã hồ sơ"), "code"),
        ("procedure", _("Thủ tục"), "text"),
        ("receiving", _("Nơi nhận"), "text"),
        ("accepted", _("Tiếp nhận"), "when"),
        ("due", _("Hẹn trả"), "when"),
        ("finished", _("Xong lúc"), "when"),
        ("state", _("Kết quả"), "tag"),
    ]
    return dossier_table(caption, columns, [_row(row) for row in rows])


def _row(row: Case) -> dict[str, Any]:
    cells = {
        "code": row.code or _("chưa có mã"),
        "procedure": version_name(row.version),
        "receiving": agency_name(row.receiving),
        "accepted": row.accepted_at,
        "due": row.due_at,
        "finished": row.finished_at,
        "state": _state(row),
    }
    return dossier_row(row.dossier_id, row.code or str(row.dossier_id), cells, no=row.no)


def _state(row: Case) -> tuple[str, str] | None:
    if row.timeliness:
        return ("late" if row.timeliness == "late" else "on_time"), kind_name(row.timeliness)
    return ("done", kind_name(row.outcome)) if row.outcome else None
