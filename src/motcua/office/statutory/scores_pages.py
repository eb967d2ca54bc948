"""Scores by Circular 01/2018: of an agency for those who oversee it, of an official for themselves and their heads.

Every point opens the dossiers it was given to; what is not known says so and is counted neither way.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.dossiers import clock
from motcua.law import scoring
from motcua.law.scoring import NAMES, Points, Score
from motcua.office.control.asking import scope_of
from motcua.office.control.words import people
from motcua.office.door import CONTROL_ROLES, actor_of, official
from motcua.office.figure_lists import address, turned
from motcua.office.list_files import downloads_of, list_file, parts_file
from motcua.office.statutory.asking import period_asked, period_choices, scope_asked, scope_choices, within
from motcua.office.statutory.scores_overview import oversees_several, overview
from motcua.office.statutory.scores_recording import recorded_rows, value_words
from motcua.office.statutory.taking_along import POINTS, score_tables
from motcua.office.statutory.words import grade_words, items_table
from motcua.organisation.directory import directory
from motcua.reports.naming import agency_name, said
from motcua.reports.periods import Period
from motcua.statutory import recording
from motcua.statutory import scores as reckoned
from motcua.statutory.recording import Standing, recording_post, value_of
from motcua.statutory.scope import Scope
from motcua.statutory.scores import Whose


@official()
def scores(request: HttpRequest) -> HttpResponseBase:
    """An agency's score; the agencies, for who oversees several and names none; who oversees none: their own."""
    period = period_asked(request.GET.get("ky", ""), "quarter")
    held = {grant.role for grant in actor_of(request).grants}
    if not held & CONTROL_ROLES:
        return _officer_page(request, actor_of(request).account, period)
    named, several = request.GET.get("pham-vi", ""), oversees_several(request)
    scope = scope_asked(request, named) if named else None
    if scope is None or scope.kind != "own":
        own = _own(request)
        if several:
            return overview(request, scope, period, own)
        scope = Scope("own", agency=scope.agency) if scope and scope.agency else own
        if scope is None:
            raise Http404
    return _agency_page(request, scope, period, several=several)


def _agency_page(request: HttpRequest, scope: Scope, period: Period, *, several: bool) -> HttpResponseBase:
    whose = Whose(period, agency=scope.agency)
    given = reckoned.spread(whose)
    standings, use = recording.standings(scope.agency, period, clock.now()), reckoned.online_use(whose)
    found = reckoned.agency_score(given, [each.index for each in standings], use)
    parts = {"pham-vi": scope.code, "ky": period.code}
    names = people(counted := reckoned.officers(whose))
    grade, records = scoring.agency_grade(found), recording_post(actor_of(request), scope.agency) is not None
    context = {
        **_shared(request, period, "scores", {"pham-vi": scope.code}),
        "title": agency_name(scope.agency),
        "score": _score(found, given, parts, standings),
        "grade": grade_words(grade) if grade else "",
        "recorded": recorded_rows(standings, scope, period, records=records),
        "record_href": address("scores_record", parts) if records else "",
        "online": use,
        "scopes": [
            (label, [each for each in options if each[0].startswith("own:")])
            for label, options in scope_choices(request, scope)
        ],
        "officers": [
            {
                "name": names[number], "count": count,
                "href": f"{reverse('office:officer_scores', args=[number])}?ky={period.code}",
            }
            for number, count in counted.items() if number in names
        ],
        "crumbs": [
            (_("Số liệu"), reverse("office:figures")),
            (_("Điểm theo Thông tư 01/2018"), address("scores", {"ky": period.code}) if several else None),
            *([(agency_name(scope.agency), None)] if several else []),
        ],
    }  # fmt: skip
    return _shown(request, context)


def _shown(request: HttpRequest, context: dict[str, Any]) -> HttpResponseBase:
    """The page, or its tables as the file asked for."""
    running = _("Kỳ chưa kết thúc, điểm còn thay đổi") if context["running"] else ""
    notes = (str(context["title"]), _("Điểm theo Thông tư 01/2018"), str(context["period_name"]), running)
    file = parts_file(request, partial(score_tables, context, notes), "diem")
    return file if file is not None else render(request, "office/statutory/scores.html", context)


def _own(request: HttpRequest) -> Scope | None:
    """The house of the reader's first post that they oversee."""
    known, reach = directory(), scope_of(request)
    for grant in actor_of(request).grants:
        if grant.role in CONTROL_ROLES and grant.agency in known.by_number:
            scope = Scope("own", agency=known.house(grant.agency))
            if within(scope, reach):
                return scope
            if reach and grant.agency in reach:
                return Scope("own", agency=grant.agency)
    return None


@official()
def officer_scores(request: HttpRequest, account: int) -> HttpResponseBase:
    """An official's score: their own, or of somebody who worked where the reader oversees."""
    if account >= 2**63:
        raise Http404
    return _officer_page(request, account, period_asked(request.GET.get("ky", ""), "quarter"))


def _may_see(request: HttpRequest, account: int) -> bool:
    actor = actor_of(request)
    if account == actor.account:
        return True
    if not {grant.role for grant in actor.grants} & CONTROL_ROLES:
        return False
    return reckoned.worked_at(account, scope_of(request))


def _officer_page(request: HttpRequest, account: int, period: Period) -> HttpResponseBase:
    if not _may_see(request, account):
        raise Http404
    whose = Whose(period, officer=account)
    given = reckoned.spread(whose)
    found = reckoned.officer_score(given)
    completion = scoring.officer_completion(found)
    context = {
        **_shared(request, period, "officer_scores", {}, [account]),
        "title": people([account]).get(account, str(account)),
        "is_own": account == actor_of(request).account,
        "score": _score(found, given, {"can-bo": str(account), "ky": period.code}),
        "grade": _completion_words(completion) if completion else "",
        "crumbs": [
            (_("Số liệu"), reverse("office:figures")),
            (_("Điểm theo Thông tư 01/2018"), reverse("office:scores")),
            (people([account]).get(account, str(account)), None),
        ],
    }
    return _shown(request, context)


def _shared(
    request: HttpRequest, period: Period, name: str, parts: dict[str, str], args: list[int] | None = None
) -> dict[str, Any]:
    return {
        "period": period,
        "period_name": said(period.name),
        "running": not period.is_over(clock.now()),
        "periods": period_choices(period),
        "action": reverse(f"office:{name}", args=args or []),
        "kept": parts,
    }


def _score(
    found: Score, given: dict[str, dict[Points, int]], parts: dict[str, str], standings: Sequence[Standing] = ()
) -> dict[str, Any]:
    recorded = {each.index.number: value_words(value_of(each.counts)) for each in standings if each.counts}
    return {
        "total": found.total,
        "most": found.most,
        "whole": found.is_whole,
        "all": scoring.MOST * len(found.indices),
        "indices": [
            {
                "number": each.number,
                "name": said(NAMES[each.number]),
                "score": each.score,
                "points": each.points,
                "of": each.of,
                "said": recorded.get(each.number, ""),
                "why_not": said(each.why_not) if each.why_not else "",
                "by_points": [
                    {
                        "points": points,
                        "count": given[each.number][points],
                        "href": address("scored_list", {**parts, "tieu-chi": each.number, "diem": str(points)}),
                    }
                    for points in POINTS
                ]
                if each.number in given
                else [],
            }
            for each in found.indices
        ],
    }


def _completion_words(completion: scoring.Completion) -> str:
    return {
        "whole": _("Hoàn thành 100% khối lượng công việc"),
        "most": _("Hoàn thành từ 70% đến dưới 100% khối lượng công việc"),
        "less": _("Hoàn thành dưới 70% khối lượng công việc"),
    }[completion]


@official()
def scored_list(request: HttpRequest) -> HttpResponseBase:
    """The dossiers that were given so many points in an index."""
    query = request.GET
    period, index, words = (
        period_asked(query.get("ky", ""), "quarter"),
        query.get("tieu-chi", ""),
        query.get("diem", ""),
    )
    if index not in (*reckoned.SORTED, "2") or words not in ("0", "1", "2"):
        raise Http404
    points: Points = int(words)  # type: ignore[assignment]
    parts = {"ky": period.code, "tieu-chi": index, "diem": words}
    if account := query.get("can-bo", ""):
        if not (account.isascii() and account.isdecimal() and len(account) < 19 and _may_see(request, int(account))):
            raise Http404
        whose, back = Whose(period, officer=int(account)), reverse("office:officer_scores", args=[int(account)])
        name, parts = people([int(account)]).get(int(account), account), {**parts, "can-bo": account}
    else:
        if not {grant.role for grant in actor_of(request).grants} & CONTROL_ROLES:
            raise Http404
        scope = scope_asked(request, query.get("pham-vi", ""))
        whose, back = Whose(period, agency=scope.agency), address("scores", {"pham-vi": scope.code})
        name, parts = said(scope.name), {**parts, "pham-vi": scope.code}
    title = _("Tiêu chí %(index)s, %(points)s điểm") % {"index": index, "points": points}
    page = partial(reckoned.behind, whose, index, points)
    table = partial(items_table, caption=title, now=clock.now(), with_part=False)
    notes = (said(NAMES[index]), name, said(period.name))
    if (file := list_file(request, title, page, table, notes)) is not None:
        return file
    items, pages = turned(request, page, lambda **more: address("scored_list", parts | more))
    total = reckoned.spread(whose)[index][points]
    context = {
        "title": title,
        "total": total,
        "where": name,
        "scope_name": said(NAMES[index]),
        "period_name": said(period.name),
        "table": table(items),
        **pages,
        **downloads_of(total),
        "back": back,
        "crumbs": [(_("Số liệu"), reverse("office:figures")), (name, back), (title, None)],
    }
    return render(request, "office/statutory/list.html", context)
