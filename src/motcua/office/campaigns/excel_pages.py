"""An answer by spreadsheet: its template to download, a filled one to send in, and what became of every cell of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.campaigns import answering, uploading
from motcua.campaigns.excel_reading import LARGEST_FILE, NoWorkbookError
from motcua.campaigns.excel_template import file_name, template
from motcua.campaigns.models import Upload
from motcua.law.refusal import Refusal
from motcua.office.campaigns import asking
from motcua.office.door import actor_of, official

SHOWN = 300
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@official()
def template_file(request: HttpRequest, number: int) -> HttpResponse:
    """The workbook, with what already stands in the answer."""
    answer = asking.answer_or_404(request, number)
    version = answering.version_of(answer)
    lines = answering.lines_in(asking.form_in(answer.campaign), version)
    found = HttpResponse(template(answer, version, lines), content_type=EXCEL)
    found["Content-Disposition"] = f'attachment; filename="{file_name(answer)}"'
    return found


@official()
def upload(request: HttpRequest, number: int) -> HttpResponse:
    """Takes a filled workbook into the draft, and shows what became of it."""
    answer = asking.answer_or_404(request, number)
    given = request.FILES.get("file")
    if request.method != "POST" or given is None:
        if request.method == "POST":
            messages.error(request, _("Hãy chọn tệp Excel."))
        return redirect("office:campaign_answer", number)
    if given.size is None or given.size > LARGEST_FILE:
        messages.error(request, _("Tệp lớn hơn 5 MB."))
        return redirect("office:campaign_answer", number)
    try:
        taken = uploading.take(answer.pk, given.read(), given.name or "", actor_of(request))
    except NoWorkbookError as error:
        messages.error(request, error.text.within(asking.language()))
        return redirect("office:campaign_answer", number)
    if isinstance(taken, Refusal):
        messages.error(request, taken.text.within(asking.language()))
        return redirect("office:campaign_answer", number)
    return redirect("office:campaign_verdict", number, taken.pk)


@official()
def verdict_page(request: HttpRequest, number: int, sent: int) -> HttpResponse:
    """What was taken, what was not by row and column with its value, what was replaced, and what to look at."""
    answer = asking.answer_or_404(request, number)
    found = Upload.objects.filter(pk=sent, answer=answer).first()
    if found is None:
        raise Http404
    verdict, language = uploading.verdict_of(found), asking.language()

    def rows(said: list[uploading.Said]) -> list[dict[str, object]]:
        return [
            {"row": each.row or "", "column": each.column, "value": each.value, "why": each.reason.within(language)}
            for each in said[:SHOWN]
        ]

    context = {
        "upload": found,
        "verdict": verdict,
        "bad": rows(verdict.bad),
        "more": max(0, verdict.bad_count - SHOWN),
        "notes": rows(verdict.notes),
        "replaced": rows(verdict.replaced),
        "agency": asking.name_of(answer.agency),
        "answer_href": reverse("office:campaign_answer", args=[answer.pk]),
        "crumbs": asking.crumbs(
            (asking.title_of(answer.campaign), reverse("office:campaign_answer", args=[answer.pk])),
            (_("Kết quả đọc Excel"), None),
        ),
    }
    return render(request, "office/campaigns/verdict.html", context)
