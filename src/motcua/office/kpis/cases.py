"""The dossiers behind a value: exactly the cases of its numerator or its denominator, a page at a time.

The list names nobody; opening a dossier is asked of `dossiers.policy` once more.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.kpis import listing, reading
from motcua.kpis.asking import Key
from motcua.kpis.listing import Case, Part
from motcua.kpis.shapes import Dimension, Kpi
from motcua.office.door import official
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
from motcua.reports.naming import agency_name, kind_name, said, version_name

PARTS: dict[str, Part] = {"": "denominator", "mau": "denominator", "tu": "numerator"}


@official()
def kpi_cases(request: HttpRequest, code: str) -> HttpResponse:
    """One page of the cases of a part of a value."""
    asked, query = seen(request), request.GET
    kpi = kpi_or_404(code, asked.viewer)
    part = PARTS.get(query.get("phan", ""))
    if part is None or not listing.opens(kpi, part):
        raise Http404
    only = _unit(request, kpi, asked)
    more = {"phan": query.get("phan", "")} | ({"theo": query["theo"], "don-vi": query["don-vi"]} if only else {})
    wanted: dict[str, Any] = {"part": part, "now": asked.now, "within": asked.within, "only": only}
    try:
        rows, following = reading.page(code, asked.which, after=query.get("sau", "")[:80], **wanted)
    except (ValueError, OverflowError):
        raise Http404 from None
    context = {
        "name": said(kpi.name),
        "unit": unit_name(*only) if only else "",
        "part": part,
        "whole": kpi.measure == "share",
        "total": reading.total(code, asked.which, **wanted),
        "period": said(asked.period.name),
        "scope": scope_name(asked),
        "table": _table(rows, said(kpi.name)),
        "first": address("kpi_cases", asked, code, **more) if query.get("sau") else None,
        "next": address("kpi_cases", asked, code, sau=following, **more) if following else None,
        "crumbs": [
            (_("Chỉ số"), address("kpis", asked)),
            (said(kpi.name), address("kpi", asked, code)),
            (_("Hồ sơ"), None),
        ],
        "back": address("kpi", asked, code),
    }
    return render(request, "office/kpis/cases.html", context)


def _unit(request: HttpRequest, kpi: Kpi, asked: Seen) -> tuple[Dimension, Key] | None:
    words = request.GET.get("theo", "")
    if words not in SLUGS.values() or "don-vi" not in request.GET:
        if words:
            raise Http404
        return None
    dimension = dimension_or_404(words, kpi, asked.viewer)
    return dimension, unit_or_404(dimension, request.GET["don-vi"])


def _table(rows: list[Case], caption: str) -> dict[str, Any]:
    return {
        "caption": caption,
        "columns": [
            {"key": "code", "label": _("Mã hồ sơ"), "kind": "code"},
            {"key": "procedure", "label": _("Thủ tục"), "kind": "text"},
            {"key": "receiving", "label": _("Nơi nhận"), "kind": "text"},
            {"key": "accepted", "label": _("Tiếp nhận"), "kind": "when"},
            {"key": "due", "label": _("Hẹn trả"), "kind": "when"},
            {"key": "finished", "label": _("Xong lúc"), "kind": "when"},
            {"key": "state", "label": _("Kết quả"), "kind": "tag"},
        ],
        "rows": [
            {
                "id": f"{row.dossier_id}:{row.no}",
                "href": reverse("office:dossier", args=[row.dossier_id]),
                "label": row.code or str(row.dossier_id),
                "cells": {
                    "code": row.code or _("chưa có mã"),
                    "procedure": version_name(row.version),
                    "receiving": agency_name(row.receiving),
                    "accepted": row.accepted_at,
                    "due": row.due_at,
                    "finished": row.finished_at,
                    "state": _state(row),
                },
            }
            for row in rows
        ],
    }


def _state(row: Case) -> tuple[str, str] | None:
    if row.timeliness:
        return ("late" if row.timeliness == "late" else "on_time"), kind_name(row.timeliness)
    return ("done", kind_name(row.outcome)) if row.outcome else None
