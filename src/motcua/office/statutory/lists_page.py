"""The dossiers behind a figure of a form: exactly those, each with the stage and the office where its time went."""

from functools import partial

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.dossiers import clock
from motcua.office.door import CONTROL_ROLES, official
from motcua.office.figure_lists import address, turned
from motcua.office.list_files import downloads_of, list_file
from motcua.office.statutory.asking import asked, row_asked
from motcua.office.statutory.words import items_table
from motcua.reports.naming import agency_name, field_name, procedure_name, said, tier_name
from motcua.statutory.columns import BY_SLUG
from motcua.statutory.lists import Behind
from motcua.statutory.reckoning import Part, total


@official(*sorted(CONTROL_ROLES))
def statutory_list(request: HttpRequest) -> HttpResponseBase:
    """One page of the dossiers of a cell, or all of them as a file."""
    what, now = asked(request), clock.now()
    column = BY_SLUG.get(request.GET.get("cot", ""))
    if column is None:
        raise Http404
    part = row_asked(request, what.scope)
    running = not what.period.is_over(now)
    names = {"linh-vuc": part.field, "thu-tuc": part.procedure, "cap": part.tier, "noi-nhan": ""}
    named = {name: request.GET.get(name, "") for name in names if request.GET.get(name)}
    here = what.parts(cot=column.slug, **named)
    behind = Behind(column.parts, part, what.period, now, running=running)
    title = f"{column.number}. {said(column.title)}".lstrip(". ")
    table = partial(items_table, caption=title, now=now, with_part=len(column.parts) > 1)
    notes = (what.form, said(what.scope.name), said(what.period.name), _where(part))
    if (file := list_file(request, title, behind.page, table, notes)) is not None:
        return file
    items, pages = turned(request, behind.page, lambda **more: address("statutory_list", here | more))
    number = total(part, what.period, now, running=running).of(column.parts)
    context = {
        "title": title,
        "total": number,
        "where": _where(part),
        "asked": what,
        "scope_name": said(what.scope.name),
        "period_name": said(what.period.name),
        "running": running,
        "now": now,
        "table": table(items),
        **pages,
        **downloads_of(number),
        "back": address("statutory", what.parts()),
        "crumbs": [
            (_("Số liệu"), reverse("office:figures")),
            (what.form, address("statutory", what.parts())),
            (title, None),
        ],
    }
    return render(request, "office/statutory/list.html", context)


def _where(part: Part) -> str:
    names = [
        field_name(part.field) if part.field else "",
        procedure_name(part.procedure) if part.procedure else "",
        tier_name(part.tier) if part.tier else "",
        agency_name(part.receiving) if part.receiving else "",
    ]
    return ", ".join(each for each in names if each)
