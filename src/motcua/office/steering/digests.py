"""Mailed digests: which one gets, what the next would say, and those that were sent."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dossiers import clock
from motcua.files.serving import answer as file_answer
from motcua.office.door import actor_of, official
from motcua.office.steering import words
from motcua.office.steering.asking import READERS, agency_of, held, places
from motcua.organisation.directory import directory
from motcua.organisation.models import Account
from motcua.reports.figures import complete_until
from motcua.reports.naming import agency_name
from motcua.steering import digests
from motcua.steering.digest_page import days_said, pdf, reckon
from motcua.steering.models import KINDS, Digest, Issue
from motcua.steering.schedule import Days, due

SHOWN = 30


class DigestForm(forms.Form):
    """Of which place, how often, when."""

    use_required_attribute = False

    place = forms.ChoiceField(label=gettext_lazy("Số liệu của"))
    kind = forms.ChoiceField(label=gettext_lazy("Bao lâu một lần"))
    hour = forms.TypedChoiceField(label=gettext_lazy("Gửi lúc"), coerce=int)
    weekday = forms.TypedChoiceField(label=gettext_lazy("Bản tin tuần gửi vào"), coerce=int)
    monthday = forms.IntegerField(label=gettext_lazy("Bản tin tháng gửi ngày"), min_value=1, max_value=28, initial=1)

    def __init__(self, *args: Any, held: list[int], **options: Any) -> None:
        super().__init__(*args, **options)
        days = (_("thứ Hai"), _("thứ Ba"), _("thứ Tư"), _("thứ Năm"), _("thứ Sáu"), _("thứ Bảy"), _("Chủ nhật"))
        choices: dict[str, list[tuple[Any, str]]] = {
            "place": list(places(held, words.language())),
            "kind": [(each, words.digest_words(each)) for each in KINDS],
            "hour": [(hour, f"{hour:02d}:00") for hour in range(24)],
            "weekday": list(enumerate(days)),
        }
        for name, each in choices.items():
            self.fields[name].choices = each  # type: ignore[attr-defined]
        self.fields["hour"].initial = 7
        self.fields["kind"].initial = "week"


@official(*READERS)
def desk_digests(request: HttpRequest) -> HttpResponse:
    """The lists and the form; a POST subscribes or ends."""
    mine, account, now = held(request), actor_of(request).account, clock.now()
    if number := request.POST.get("end", ""):
        if not (number.isascii() and number.isdecimal()) or not digests.unsubscribe(account, int(number[:18])):
            raise Http404
        messages.success(request, _("Đã dừng bản tin."))
        return redirect("office:desk_digests")
    form = DigestForm(request.POST or None, held=mine)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        answer = digests.subscribe(
            account, agency_of(told["place"], mine), told["kind"], now,
            hour=told["hour"], weekday=told["weekday"], monthday=told["monthday"],
        )  # fmt: skip
        if isinstance(answer, Digest):
            messages.success(request, _("Đã đặt bản tin."))
            return redirect("office:desk_digests")
        form.add_error(None, answer.text.within(words.language()))
    own = Digest.objects.filter(account=account).order_by("pk")
    issued = Issue.objects.filter(digest__account=account).select_related("digest").order_by("-made_at")[:SHOWN]
    context = {
        "form": form,
        "email": Account.objects.filter(pk=account).values_list("email", flat=True).first(),
        "own": [_digest(each, digests.days_of(each, now)) for each in own if each.is_on],
        "issued": [
            {"kind": words.digest_words(each.digest.kind), "place": _place(each.digest.agency),
             "days": days_said(Days(each.first, each.last)), "made_at": each.made_at,
             "complete": each.complete_until, "href": reverse("office:desk_issue", args=[each.pk])}
            for each in issued
        ],
        "crumbs": [(_("Bàn điều hành"), reverse("office:desk_of_city")), (_("Bản tin số liệu"), None)],
    }  # fmt: skip
    return render(request, "office/steering/digests.html", context)


def _place(agency: int) -> str:
    return agency_name(agency) if agency else _("Toàn thành phố")


def _digest(digest: Digest, days: Days) -> dict[str, Any]:
    known = directory()
    city = next((each.code for each in known.by_number.values() if each.parent is None), "")
    code = known[digest.agency].code if digest.agency in known.by_number else city
    return {
        "id": digest.pk,
        "kind": words.digest_words(digest.kind),
        "place": _place(digest.agency),
        "hour": f"{digest.hour:02d}:00",
        "days": days_said(days),
        "preview": f"{reverse('office:desk_digest_preview')}?co-quan={code}&ky={digest.kind}",
    }


@official(*READERS)
def desk_digest_preview(request: HttpRequest) -> HttpResponse:
    """The page as it would be sent now, as a PDF; nothing is kept or sent."""
    agency, now = agency_of(request.GET.get("co-quan", ""), held(request)), clock.now()
    kind, complete = request.GET.get("ky", "week"), complete_until()
    if kind not in KINDS:
        raise Http404
    if complete is None:
        return render(request, "office/steering/not_yet.html", status=409)
    days = due(kind, 0, now.weekday(), 1, now)  # type: ignore[arg-type]
    page = pdf(reckon(agency, kind, days, now, complete), words.language())  # type: ignore[arg-type]
    found = HttpResponse(page, content_type="application/pdf")
    found["Content-Disposition"] = f'inline; filename="{digests.file_name(days)}"'
    return found


@official(*READERS)
def desk_issue(request: HttpRequest, number: int) -> HttpResponseBase:
    """The file of a digest one was sent."""
    issue = Issue.objects.filter(pk=number, digest__account=actor_of(request).account).first()
    if issue is None:
        raise Http404
    name = digests.file_name(Days(issue.first, issue.last))
    return file_answer(request, issue.file, "application/pdf", name, inline=True)
