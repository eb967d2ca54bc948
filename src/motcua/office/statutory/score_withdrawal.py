"""Withdrawing what was recorded for index 5, 6 or 8: what is taken back is shown, the reason asked, and it stays."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.dossiers import clock
from motcua.law.recorded_scores import RECORDED
from motcua.law.refusal import Refusal
from motcua.law.scoring import NAMES
from motcua.office.door import CONTROL_ROLES, actor_of, official
from motcua.office.figure_lists import address
from motcua.office.statutory.asking import period_asked, scope_asked
from motcua.office.statutory.score_forms import WithdrawalForm
from motcua.office.statutory.scores_recording import version_words
from motcua.reports.naming import agency_name, said
from motcua.statutory import recording


@official(*sorted(CONTROL_ROLES))
def score_withdraw(request: HttpRequest) -> HttpResponse:
    """The page on which one recorded index of an agency and a period is withdrawn."""
    query, now, actor = request.GET, clock.now(), actor_of(request)
    scope, period = scope_asked(request, query.get("pham-vi", "")), period_asked(query.get("ky", ""), "quarter")
    index, agency = query.get("tieu-chi", ""), scope.agency
    if index not in RECORDED or scope.kind != "own" or recording.recording_post(actor, agency) is None:
        raise Http404
    back = address("scores", {"pham-vi": scope.code, "ky": period.code})
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    errors: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        answer = recording.withdraw(actor, agency, period, index, told["reason"], told["version"], now)
        if not isinstance(answer, Refusal):
            messages.success(request, _("Đã rút lại."))
            return redirect(back)
        errors = _told(answer, form)
    found = next(each for each in recording.standings(agency, period, now) if each.index.number == index)
    title = _("Rút lại ghi nhận, tiêu chí %(index)s") % {"index": index}
    context = {
        "title": title,
        "agency_name": agency_name(agency),
        "period_name": said(period.name),
        "name": said(NAMES[index]),
        "errors": errors,
        "form": form,
        "counts": version_words(found.counts, period) if found.counts else None,
        "back": back,
        "crumbs": [(_("Số liệu"), reverse("office:figures")), (_("Điểm theo Thông tư 01/2018"), back), (title, None)],
    }
    return render(
        request, "office/statutory/score_withdraw.html", context, status=422 if form.errors or errors else 200
    )


def _told(refusal: Refusal, form: WithdrawalForm) -> list[tuple[str, str]]:
    """A refusal at its field, or at the head of the page."""
    if (field := refusal.details.get("field")) in form.fields:
        form.add_error(field, said(refusal.text))
        return []
    return [("", said(refusal.text))]
