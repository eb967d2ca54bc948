"""The dossiers behind a figure of a form: exactly those, each with the stage and the office where its time went."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.dossiers import clock
from motcua.office.door import CONTROL_ROLES, official
from motcua.office.figure_lists import address, turned
from motcua.office.statutory.asking import asked, row_asked
from motcua.office.statutory.words import items_table
from motcua.reports.naming import agency_name, field_name, procedure_name, said, tier_name
from motcua.statutory.columns import BY_SLUG
from motcua.statutory.lists import Behind
from motcua.statutory.reckoning import Part, total


@official(*sorted(CONTROL_ROLES))
def statutory_list(request: HttpRequest) -> HttpResponse:
    """One page of the dossiers of a cell."""
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
    items, pages = turned(request, behind.page, lambda **more: address("statutory_list", here | more))
    title = f"{column.number}. {said(column.title)}".lstrip(". ")
    context = {
        "title": title,
        "total": total(part, what.period, now, running=running).of(column.parts),
        "where": _where(part),
        "asked": what,
        "scope_name": said(what.scope.name),
        "period_name": said(what.period.name),
        "running": running,
        "now": now,
        "table": items_table(items, title, now, with_part=len(column.parts) > 1),
        **pages,
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
