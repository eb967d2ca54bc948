"""What waits for the reader to sign or accept: several at once, those that look odd to be opened first."""

from typing import Any, get_args

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.campaigns import answering, progress
from motcua.campaigns.answering import lines_in
from motcua.campaigns.models import Answer
from motcua.dossiers import clock
from motcua.law.campaign import Column
from motcua.law.campaign_check import warnings
from motcua.law.campaign_course import Act
from motcua.law.campaign_rollup import Tally, rolled, tally_answer
from motcua.law.refusal import Refusal
from motcua.office.campaigns import asking
from motcua.office.door import actor_of, official

SIGNERS = ("leader", "control")
ACTS = ("sign", "accept_district", "accept_city")
MOST_AT_ONCE, FIGURES = 100, 6


@official(*SIGNERS)
def signing_page(request: HttpRequest) -> HttpResponse:
    """The queue; a POST signs or accepts those ticked."""
    if request.method == "POST":
        _act(request)
        return redirect("office:campaign_signing")
    now, scope = clock.now(), asking.scope_of(request)
    waiting = progress.waiting(scope)
    context = {
        "cards": [_card(kind, answer, now) for kind, answer in waiting[:MOST_AT_ONCE]],
        "total": progress.count_waiting(scope),
        "crumbs": asking.crumbs((_("Ký, duyệt phiếu"), None)),
    }
    return render(request, "office/campaigns/signing.html", context)


def _card(kind: str, answer: Answer, now: Any) -> dict[str, Any]:
    form, version = asking.form_in(answer.campaign), answering.version_of(answer)
    lines = lines_in(form, version)
    odd = warnings(answering.findings(answer, version))
    tallies = tally_answer(form, lines)
    figures = []
    for key in [each.key for each in form.rows] or [""]:
        row = form.row(key)
        sums = [
            f"{column.title.within(asking.language())} {_sum(column, tallies[key, column.key])}"
            for column in form.columns
            if column.rollup == "sum" and (key, column.key) in tallies
        ]
        if sums:
            figures.append((row.title.within(asking.language()) if row else "", "; ".join(sums)))
    return {
        "value": f"{answer.pk}:{kind}:{answer.current}",
        "href": reverse("office:campaign_answer", args=[answer.pk]),
        "agency": asking.name_of(answer.agency),
        "title": asking.title_of(answer.campaign),
        "act": _("Ký") if kind == "sign" else _("Duyệt"),
        "clock": asking.clock_of(answer, now),
        "figures": figures[:FIGURES],
        "odd": len(odd),
        "words": version.words if version is not None else "",
        "correction": answer.current > 1,
    }


def _sum(column: Column, tally: Tally) -> str:
    return asking.said_value(column, rolled(column, tally))


def _act(request: HttpRequest) -> None:
    done, refused = 0, []
    for ticked in request.POST.getlist("answer")[:MOST_AT_ONCE]:
        number, kind, no = ([*ticked.split(":"), "", ""])[:3]
        if kind not in set(get_args(Act)) & set(ACTS) or not _is_number(number) or not _is_number(no):
            continue
        answer = Answer.objects.filter(pk=int(number)).first()
        if answer is None or not progress.may_see(asking.scope_of(request), answer):
            continue
        result = answering.act(answer.pk, kind, actor_of(request), no=int(no))  # type: ignore[arg-type]
        if isinstance(result, Refusal):
            refused.append(f"{asking.name_of(answer.agency)}: {result.text.within(asking.language())}")
        else:
            done += 1
    if done:
        messages.success(
            request, ngettext("Đã ký, duyệt %(n)d phiếu.", "Đã ký, duyệt %(n)d phiếu.", done) % {"n": done}
        )
    for words in refused[:10]:
        messages.error(request, words)
    if not done and not refused:
        messages.warning(request, _("Chưa chọn phiếu nào."))


def _is_number(words: str) -> bool:
    return words.isascii() and words.isdecimal() and len(words) < 16
