"""The list behind a figure: exactly the dossiers it counts, by code, a page at a time.

No name, no paper, and no procedure: with the place, which the code carries, it could point at a person.
"""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from motcua.city import words
from motcua.city.asking import asked, asked_kind, is_about_affairs, list_of, page_of, slug_of
from motcua.city.guarding import guarded
from motcua.dossiers import clock
from motcua.exports.answers import FORMATS, LONGEST, TooLongError, asked_format, fits, table_response
from motcua.exports.figures import UntrustedError, trusted
from motcua.reports import exporting
from motcua.reports.figures import Filter
from motcua.reports.lists import Kind, Listing, Row
from motcua.reports.naming import agency_name, kind_name, place_name, state_of


def listing(request: HttpRequest) -> HttpResponse:
    """One page of the dossiers that a figure counts."""
    now = clock.now()
    which, kind = asked(request.GET, now), asked_kind(request.GET)
    if is_about_affairs(which):
        return guarded(request, which)
    found = Listing(which, kind, now)
    if asked_format(request):
        return _file(request, which, kind, now)
    try:
        rows, following = found.page(request.GET.get("sau", ""))
    except (ValueError, OverflowError):
        raise Http404 from None
    total = found.total()
    is_open = kind.startswith("open_")
    context = {
        "title": kind_name(kind),
        "parts": words.part_names(which),
        "period": "" if is_open else words.period_name(which),
        "crumbs": [(_("Số liệu"), page_of(which)), (kind_name(kind), None)],
        "total": total,
        "table": _table(rows, kind_name(kind), now),
        "rows": rows,
        "formats": ",".join(each for each in FORMATS if fits(each, total)),
        "longest": LONGEST,
        "first": list_of(which, kind) if request.GET.get("sau") else None,
        "next": list_of(which, kind, following) if following else None,
        "back": page_of(which),
    }
    return render(request, "city/list.html", context)


def _file(request: HttpRequest, which: Filter, kind: Kind, now: datetime) -> HttpResponse:
    """The whole list as a file; what is too long for one or known to be wrong leads back to its page, which says so."""
    try:
        return table_response(request, trusted(exporting.listed(which, kind, now)), f"ho-so-{slug_of(kind)}")  # type: ignore[return-value]
    except (UntrustedError, TooLongError):
        return redirect(list_of(which, kind))


def _table(rows: list[Row], caption: str, now: datetime) -> dict[str, Any]:
    return {
        "caption": caption,
        "columns": [
            {"key": "code", "label": _("Mã hồ sơ"), "kind": "code"},
            {"key": "state", "label": _("Thời hạn"), "kind": "tag"},
            {"key": "receiving", "label": _("Nơi nhận"), "kind": "text"},
            {"key": "now", "label": _("Đang ở"), "kind": "text"},
            {"key": "accepted", "label": _("Tiếp nhận"), "kind": "when"},
            {"key": "due", "label": _("Hẹn trả"), "kind": "when"},
            {"key": "finished", "label": _("Xong"), "kind": "when"},
        ],
        "rows": [_cells(row, now) for row in rows],
    }


def _cells(row: Row, now: datetime) -> dict[str, Any]:
    return {
        "id": str(row.dossier_id),
        "label": row.code,
        "cells": {
            "code": row.code or _("chưa có mã"),
            "state": state_of(row, now),
            "receiving": agency_name(row.receiving),
            "now": place_name(row.agency) if row.agency else "",
            "accepted": row.accepted_at or row.lodged_at,
            "due": row.due_at,
            "finished": row.finished_at,
        },
    }
