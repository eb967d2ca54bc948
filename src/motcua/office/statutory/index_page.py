"""The index of Decision 766 beside the decree's own count, and the dossiers about which the two differ."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.dossiers import clock
from motcua.office.door import CONTROL_ROLES, official
from motcua.office.figure_lists import address, dossier_row, dossier_table, turned
from motcua.office.list_files import downloads_of, list_file, parts_file
from motcua.office.statutory.asking import asked, period_choices, scope_choices
from motcua.office.statutory.taking_along import index_tables, running_words
from motcua.office.statutory.words import reason_words
from motcua.reports.naming import agency_name, said, version_name
from motcua.statutory.columns import COLUMNS
from motcua.statutory.index766 import Index, index_of
from motcua.statutory.index_verdicts import Differing, differing, verdicts
from motcua.statutory.reckoning import Part

# What ended without an answer, which the index measures and the decree sets apart.
_APART = next(each for each in COLUMNS if each.parts == ("ended",))


@official(*sorted(CONTROL_ROLES))
def index_766(request: HttpRequest) -> HttpResponseBase:
    """The index of a scope in a period."""
    what, now = asked(request), clock.now()
    found = index_of(what.scope, what.period, now)
    running = not what.period.is_over(now)
    notes = (
        _("Chỉ số 766"), said(what.scope.name), said(what.period.name), running_words(now) if running else "",
    )  # fmt: skip
    if (file := parts_file(request, lambda: index_tables(found, notes), "chi-so-766")) is not None:
        return file
    parts = {"pham-vi": what.scope.code, "ky": what.period.code}
    counted = found.verdicts
    context = {
        "asked": what,
        "scope_name": said(what.scope.name),
        "period_name": said(what.period.name),
        "running": running,
        "now": now,
        "index": found,
        "groups": _groups(found),
        "counted": counted,
        "index_share": (counted.whole - counted.late) / counted.whole if counted.whole else None,
        "legal_share": (counted.legally_measured - counted.legally_late) / counted.legally_measured
        if counted.legally_measured
        else None,
        "differing_href": address("index_differences", parts),
        "apart": counted.whole - counted.legally_measured,
        "apart_href": address("statutory_list", {**parts, "cot": _APART.slug}),
        "scopes": scope_choices(request, what.scope),
        "periods": period_choices(what.period),
        "crumbs": [(_("Số liệu"), reverse("office:figures")), (_("Chỉ số 766"), None)],
    }
    return render(request, "office/statutory/index_766.html", context)


def _groups(found: Index) -> list[dict[str, Any]]:
    return [
        {
            "code": group.code,
            "name": said(group.name),
            "most": group.most,
            "criteria": [
                {
                    "code": each.criterion.code,
                    "name": said(each.criterion.name),
                    "most": each.criterion.most,
                    "target": each.criterion.target,
                    "share": each.share,
                    "reached": each.share.part / each.share.whole if each.share and each.share.whole else None,
                    "points": each.points,
                    "why_not": said(each.criterion.why_not)
                    if each.criterion.why_not
                    else _("Không có hồ sơ nào để đo."),
                    "demonstration": each.criterion.demonstration,
                }
                for each in scores
            ],
        }
        for group, scores in found.groups
    ]


@official(*sorted(CONTROL_ROLES))
def index_differences(request: HttpRequest) -> HttpResponseBase:
    """The dossiers that one way of counting calls late and the other does not, each with the reason."""
    what, now = asked(request), clock.now()
    part = Part(what.scope)
    parts = {"pham-vi": what.scope.code, "ky": what.period.code}
    title, page = _("Hai cách tính khác nhau"), partial(differing, part, what.period, now)
    notes = (_("Chỉ số 766"), said(what.scope.name), said(what.period.name))
    if (file := list_file(request, title, page, partial(_table, caption=title), notes)) is not None:
        return file
    rows, pages = turned(request, page, lambda **more: address("index_differences", parts | more))
    total = verdicts(part, what.period, now).differing
    context = {
        "title": title,
        "total": total,
        "where": "",
        "scope_name": said(what.scope.name),
        "period_name": said(what.period.name),
        "table": _table(rows, title),
        **pages,
        **downloads_of(total),
        "back": address("index_766", parts),
        "crumbs": [
            (_("Số liệu"), reverse("office:figures")),
            (_("Chỉ số 766"), address("index_766", parts)),
            (title, None),
        ],
    }
    return render(request, "office/statutory/list.html", context)


def _table(rows: list[Differing], caption: str) -> dict[str, Any]:
    words = {"late": _("Trễ"), "not_late": _("Không trễ"), "apart": _("Để riêng")}
    columns = [
        ("code", _("Mã hồ sơ"), "code"),
        ("procedure", _("Thủ tục"), "text"),
        ("receiving", _("Nơi nhận"), "text"),
        ("promised", _("Hẹn lần đầu"), "when"),
        ("due", _("Hẹn theo nghị định"), "when"),
        ("index_due", _("Hạn theo chỉ số"), "when"),
        ("measured", _("Đo tại"), "when"),
        ("legal", _("Nghị định"), "text"),
        ("index", _("Chỉ số 766"), "text"),
        ("reason", _("Vì sao khác"), "words"),
    ]
    found = []
    for each in rows:
        cells = {
            "code": each.code,
            "procedure": version_name(each.version),
            "receiving": agency_name(each.receiving),
            "promised": each.promised_at,
            "due": each.due_at,
            "index_due": each.index_due_at,
            "measured": each.measured_at,
            "legal": words[each.legal],
            "index": words[each.index],
            "reason": reason_words(each.reason),
        }
        found.append(dossier_row(each.dossier_id, each.code, cells, late=each.index == "late"))
    return dossier_table(caption, columns, found)
