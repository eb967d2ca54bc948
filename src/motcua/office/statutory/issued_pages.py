"""Issuing a report, what was issued, and whether it is the same today: to the digit, or every cell that differs."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.dossiers import clock
from motcua.office.control.asking import scope_of
from motcua.office.door import CONTROL_ROLES, actor_of, official
from motcua.office.figure_lists import address
from motcua.office.list_files import parts_file
from motcua.office.statutory.asking import Asked, asked, may_issue, within
from motcua.office.statutory.report_page import file_answer, file_links, issued_words, table_of
from motcua.office.statutory.taking_along import differences_table, issued_table
from motcua.office.statutory.words import obstacle_words
from motcua.reports.naming import said
from motcua.reports.periods import parse as parse_period
from motcua.reports.standing import trouble
from motcua.statutory import issuing, sheets
from motcua.statutory.issuing import NotIssuableError, TamperedError
from motcua.statutory.models import IssuedReport
from motcua.statutory.scope import UnknownScopeError
from motcua.statutory.scope import parse as parse_scope
from motcua.tables.table import Table

SHOWN = 50


@require_POST
@official("control")
def statutory_issue(request: HttpRequest) -> HttpResponse:
    """Issues the form that was looked at; says why when it cannot be."""
    what = asked(request)
    if not may_issue(request, what.scope):
        raise Http404
    actor = actor_of(request)
    try:
        row = issuing.issue(
            what.form, what.scope, what.period, clock.now(), actor.account, actor.name, request.POST.get("ly-do", "")
        )
    except NotIssuableError as refused:
        messages.error(request, obstacle_words(refused.obstacle))
        return redirect(address("statutory", what.parts()))
    messages.success(request, _("Đã phát hành bản %(version)s.") % {"version": row.version})
    return redirect("office:statutory_one", row.pk)


def _seen(request: HttpRequest, row: IssuedReport) -> bool:
    try:
        return within(parse_scope(row.scope), scope_of(request))
    except UnknownScopeError:
        return False


@official(*sorted(CONTROL_ROLES))
def statutory_issued(request: HttpRequest) -> HttpResponseBase:
    """What was issued for the scopes the reader oversees, the newest first."""
    words = request.GET.get("truoc", "")
    if words and not (words.isascii() and words.isdecimal() and len(words) < 18):
        raise Http404
    if (file := parts_file(request, lambda: {"da-phat-hanh": issued_table(_every(request))})) is not None:
        return file
    rows = issuing.latest(SHOWN + 1, int(words or 0))
    more = len(rows) > SHOWN
    mine = [row for row in rows[:SHOWN] if _seen(request, row)]
    context = {
        "rows": [_line(row) for row in mine],
        "next": f"{reverse('office:statutory_issued')}?truoc={rows[SHOWN - 1].pk}" if more else None,
    }
    return render(request, "office/statutory/issued.html", context)


def _every(request: HttpRequest) -> Iterator[tuple[Any, ...]]:
    """All that the reader may see, one page after the other."""
    before = 0
    while rows := issuing.latest(SHOWN, before):
        before = rows[-1].pk
        for row in rows:
            if _seen(request, row):
                told = _line(row)
                yield (
                    row.form, told["scope"], told["period"], row.version, row.issued_at, row.issued_by_name, row.digest,
                )  # fmt: skip


def _line(row: IssuedReport) -> dict[str, Any]:
    return {
        "row": row,
        "href": reverse("office:statutory_one", args=[row.pk]),
        "scope": said(parse_scope(row.scope).name),
        "period": said(parse_period(row.period).name),
    }


@official(*sorted(CONTROL_ROLES))
def statutory_one(request: HttpRequest, number: int) -> HttpResponseBase:
    """One report as it was issued; the newest version is reckoned anew, and every cell that differs is named."""
    row = IssuedReport.objects.filter(pk=number).first() if number < 2**63 else None
    if row is None or not _seen(request, row):
        raise Http404
    try:
        made = issuing.content(row)
    except TamperedError:
        return render(request, "office/statutory/tampered.html", {"row": row}, status=500)
    if kind := request.GET.get("tep", ""):
        if kind not in sheets.MEDIA_TYPES:
            raise Http404
        return file_answer(made, kind, issued_words(row))
    what = Asked(row.form, parse_scope(row.scope), parse_period(row.period))
    versions = issuing.issued(row.form, row.scope, row.period)
    is_newest, untrusted = row == versions[0], bool(trouble())
    differences = issuing.rechecked(row, clock.now()) if is_newest and not untrusted else []
    told = [
        {"label": said(each.label), "column": each.column or "–", "issued": each.issued, "now": each.now}
        for each in differences
    ]
    file = parts_file(request, lambda: {"khac-nhau": _differences(row, what, told)} if told else {})
    if file is not None:
        return file
    here = reverse("office:statutory_one", args=[row.pk])
    context = {
        "row": row,
        "made": made,
        "table": table_of(made, what),
        "newest": None if is_newest else versions[0],
        "untrusted": untrusted,
        "differences": told,
        "versions": versions,
        "may_correct": bool(differences) and may_issue(request, what.scope),
        "asked": what,
        "files": file_links(lambda kind: f"{here}?tep={kind}"),
        "crumbs": [
            (_("Số liệu"), reverse("office:figures")),
            (_("Báo cáo đã phát hành"), reverse("office:statutory_issued")),
            (f"{row.form} {row.period}", None),
        ],
    }
    return render(request, "office/statutory/one.html", context)


def _differences(row: IssuedReport, what: Asked, told: list[dict[str, Any]]) -> Table:
    notes = (said(what.scope.name), said(what.period.name), issued_words(row))
    return differences_table(_("%(form)s, khác bản đã phát hành") % {"form": row.form}, told, notes)
