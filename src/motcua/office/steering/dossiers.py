"""The dossiers behind a figure of the desk, a page at a time; each opens its own timeline."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.dossiers import clock
from motcua.office.door import official
from motcua.office.steering import words
from motcua.office.steering.asking import READERS, asked, asked_kind, held, instant, list_of, page_of
from motcua.reports.lists import Listing, Row
from motcua.reports.naming import agency_name, kind_name, place_name, state_of, step_name, version_name
from motcua.steering.lists import FLOWING, Stretched


@official(*READERS)
def desk_dossiers(request: HttpRequest) -> HttpResponse:
    """One page of the list."""
    now = clock.now()
    which, kind = asked(request.GET, now, held(request)), asked_kind(request.GET)
    more: dict[str, str] = {}
    found = Listing(which, kind, now)
    period = "" if kind.startswith("open_") else words.period_words(which)
    if request.GET.get("tu") or request.GET.get("den"):
        if kind not in FLOWING:
            raise Http404
        begin, end = instant(request.GET.get("tu", "")), instant(request.GET.get("den", ""))
        more = {"tu": begin.isoformat(), "den": end.isoformat()}
        found = Stretched(which, kind, now, begin, end)
        period = _("từ %(begin)s đến %(end)s") % {"begin": f"{begin:%d/%m/%Y}", "end": f"{end:%H:%M %d/%m/%Y}"}
    try:
        rows, following = found.page(request.GET.get("sau", ""))
    except (ValueError, OverflowError):
        raise Http404 from None
    context = {
        "title": kind_name(kind),
        "place": words.place_words(which),
        "parts": words.part_names(which),
        "period": period,
        "total": found.total(),
        "table": _table(rows, kind_name(kind), now),
        "rows": rows,
        "first": list_of(which, kind, **more) if request.GET.get("sau") else None,
        "next": list_of(which, kind, following, **more) if following else None,
        "crumbs": [(_("Bàn điều hành"), page_of(which)), (kind_name(kind), None)],
        "back": page_of(which),
    }
    return render(request, "office/steering/dossiers.html", context)


def _table(rows: list[Row], caption: str, now: datetime) -> dict[str, Any]:
    return {
        "caption": caption,
        "columns": [
            {"key": "code", "label": _("Mã hồ sơ"), "kind": "code"},
            {"key": "state", "label": _("Thời hạn"), "kind": "tag"},
            {"key": "procedure", "label": _("Thủ tục"), "kind": "text"},
            {"key": "receiving", "label": _("Nơi nhận"), "kind": "text"},
            {"key": "now", "label": _("Đang ở"), "kind": "text"},
            {"key": "accepted", "label": _("Tiếp nhận"), "kind": "when"},
            {"key": "due", "label": _("Hẹn trả"), "kind": "when"},
            {"key": "finished", "label": _("Xong"), "kind": "when"},
        ],
        "rows": [
            {
                "id": str(row.dossier_id),
                "href": reverse("office:dossier", args=[row.dossier_id]),
                "label": row.code or _("chưa có mã"),
                "cells": {
                    "code": row.code or _("chưa có mã"),
                    "state": state_of(row, now),
                    "procedure": version_name(row.version),
                    "receiving": agency_name(row.receiving),
                    "now": _where(row),
                    "accepted": row.accepted_at or row.lodged_at,
                    "due": row.due_at,
                    "finished": row.finished_at,
                },
            }
            for row in rows
        ],
    }


def _where(row: Row) -> str:
    if not row.agency:
        return ""
    return ": ".join(each for each in (place_name(row.agency), step_name(row.version, row.step)) if each)
