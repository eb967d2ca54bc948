"""The dossiers behind a figure of the desk, a page at a time; each opens its own timeline."""

from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from motcua.dossiers import clock
from motcua.office.door import official
from motcua.office.figure_lists import dossier_row, dossier_table, turned
from motcua.office.list_files import downloads_of, list_file
from motcua.office.steering import words
from motcua.office.steering.asking import READERS, asked, asked_kind, held, instant, list_of, page_of
from motcua.reports.lists import Listing, Row
from motcua.reports.naming import agency_name, kind_name, place_name, state_of, step_name, version_name
from motcua.steering.lists import FLOWING, Stretched


@official(*READERS)
def desk_dossiers(request: HttpRequest) -> HttpResponseBase:
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
    table = partial(_table, caption=kind_name(kind), now=now)
    notes = (", ".join([words.place_words(which), *words.part_names(which)]), period or _("ngay bây giờ"))
    if (file := list_file(request, kind_name(kind), found.page, table, notes)) is not None:
        return file
    rows, pages = turned(request, found.page, partial(list_of, which, kind, **more))
    total = found.total()
    context = {
        "title": kind_name(kind),
        "place": words.place_words(which),
        "parts": words.part_names(which),
        "period": period,
        "total": total,
        "table": table(rows),
        **pages,
        **downloads_of(total),
        "crumbs": [(_("Bàn điều hành"), page_of(which)), (kind_name(kind), None)],
        "back": page_of(which),
    }
    return render(request, "office/steering/dossiers.html", context)


def _table(rows: list[Row], caption: str, now: datetime) -> dict[str, Any]:
    columns = [
        ("code", _("Mã hồ sơ"), "code"),
        ("state", _("Thời hạn"), "tag"),
        ("procedure", _("Thủ tục"), "text"),
        ("receiving", _("Nơi nhận"), "text"),
        ("now", _("Đang ở"), "text"),
        ("accepted", _("Tiếp nhận"), "when"),
        ("due", _("Hẹn trả"), "when"),
        ("finished", _("Xong"), "when"),
    ]
    return dossier_table(caption, columns, [_row(row, now) for row in rows])


def _row(row: Row, now: datetime) -> dict[str, Any]:
    code = row.code or _("chưa có mã")
    cells = {
        "code": code,
        "state": state_of(row, now),
        "procedure": version_name(row.version),
        "receiving": agency_name(row.receiving),
        "now": _where(row),
        "accepted": row.accepted_at or row.lodged_at,
        "due": row.due_at,
        "finished": row.finished_at,
    }
    return dossier_row(row.dossier_id, code, cells)


def _where(row: Row) -> str:
    if not row.agency:
        return ""
    return ": ".join(each for each in (place_name(row.agency), step_name(row.version, row.step)) if each)
