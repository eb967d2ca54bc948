"""Recording indices 5, 6 and 8 of Circular 01/2018, with evidence; what was recorded is shown and never changed."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from motcua.dossiers import clock
from motcua.files import store as files
from motcua.files.models import StoredFile
from motcua.files.serving import answer as file_answer
from motcua.law.recorded_scores import AtTheCounter, Feedback, Recorded
from motcua.law.refusal import Refusal
from motcua.law.scoring import NAMES
from motcua.office.control.asking import scope_of
from motcua.office.door import CONTROL_ROLES, actor_of, official
from motcua.office.figure_lists import address
from motcua.office.statutory.asking import period_asked, scope_asked, within
from motcua.office.statutory.score_forms import PARTS
from motcua.reports.naming import agency_name, said
from motcua.reports.periods import Period
from motcua.statutory import recording
from motcua.statutory.models import ScoreRecord
from motcua.statutory.recording import Entry, Standing
from motcua.statutory.scope import Scope


def value_words(value: Recorded) -> str:
    """What was recorded, in a line."""
    if isinstance(value, AtTheCounter):
        return _("%(whole)s / %(offered)s thủ tục làm trọn tại Bộ phận Một cửa; mọi thủ tục đều nhận tại đó.") % {
            "whole": value.whole, "offered": value.offered,
        }  # fmt: skip
    if isinstance(value, Feedback):
        if not value.received:
            return _("Không có phản ánh, kiến nghị nào.")
        return _("Nhận %(received)s, trả lời đúng hạn %(on_time)s, kéo dài %(prolonged)s.") % {
            "received": value.received, "on_time": value.on_time, "prolonged": value.prolonged,
        }  # fmt: skip
    yes, no, day = pgettext("trả lời", "có"), pgettext("trả lời", "không"), value.inspected_on
    words = _("Niêm yết: %(posted)s; trên cổng: có; chính xác, đầy đủ, kịp thời: %(correct)s; kiểm tra ngày %(day)s.")
    return words % {
        "posted": yes if value.posted else no,
        "correct": yes if value.correct else no,
        "day": f"{day.day}/{day.month}/{day.year}",
    }


def recorded_rows(
    standings: Sequence[Standing], scope: Scope, period: Period, *, records: bool
) -> list[dict[str, Any]]:
    """The indices of which something is recorded, each with its versions, the newest first.

    Who may record is led to withdraw what counts.
    """
    parts = {"pham-vi": scope.code, "ky": period.code}
    return [
        {
            "number": each.index.number,
            "name": said(NAMES[each.index.number]),
            "changed": _changed(each.rows[0], recording.offered(scope.agency, period.last_day)),
            "versions": [version_words(row, period) for row in each.rows],
            "withdraw_href": address("score_withdraw", {**parts, "tieu-chi": each.index.number})
            if records and each.counts
            else "",
        }
        for each in standings
        if each.rows
    ]


def _changed(row: ScoreRecord, offered: int) -> str:
    """Says so when the system counts other procedures now than when the record was made."""
    if row.offered is None or row.offered == offered:
        return ""
    return _("Nay hệ thống đếm %(offered)s thủ tục: cần ghi nhận lại.") % {"offered": offered}


def version_words(row: ScoreRecord, period: Period) -> dict[str, Any]:
    """A version as it is shown: what it says or that it withdraws, why, by whom and when."""
    return {
        "version": row.version,
        "withdrawn": row.withdrawn,
        "value": "" if row.withdrawn else value_words(recording.value_of(row)),
        "evidence": row.evidence,
        "file": reverse("office:score_evidence", args=[row.pk]) if row.file else "",
        "file_name": row.file_name,
        "by": row.by_name,
        "place": agency_name(row.by_agency),
        "at": row.at,
        "early": row.at < period.ends and not row.withdrawn,
    }


@official(*sorted(CONTROL_ROLES))
def scores_record(request: HttpRequest) -> HttpResponse:
    """The page on which an agency's indices 5, 6 and 8 of a period are recorded."""
    scope, period, now = scope_asked(request, request.GET.get("pham-vi", "")), _period(request), clock.now()
    agency, actor = scope.agency, actor_of(request)
    if scope.kind != "own" or recording.recording_post(actor, agency) is None:
        raise Http404
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    parts = {number: form(*data, prefix=f"i{number}") for number, form in PARTS.items()}
    back = address("scores", {"pham-vi": scope.code, "ky": period.code})
    errors: list[tuple[str, str]] = []
    if request.method == "POST" and all(each.is_valid() for each in parts.values()):
        answer = _recorded(actor, scope, period, parts)
        if isinstance(answer, list):
            messages.success(request, _("Đã ghi nhận."))
            return redirect(back)
        errors = _told(answer, parts)
    standings = {each.index.number: each for each in recording.standings(agency, period, now)}
    title = _("Ghi nhận chỉ số 5, 6, 8")
    context = {
        "title": title,
        "agency_name": agency_name(agency),
        "period_name": said(period.name),
        "running": not period.is_over(now),
        "errors": errors,
        "parts": [
            {
                "number": number,
                "name": said(NAMES[number]),
                "hint": _hint(number, recording.offered(agency, period.last_day)),
                "now": value_words(recording.value_of(row)) if (row := standings[number].counts) else "",
                "form": form,
            }
            for number, form in parts.items()
        ],
        "forms": list(parts.values()),
        "back": back,
        "crumbs": [(_("Số liệu"), reverse("office:figures")), (_("Điểm theo Thông tư 01/2018"), back), (title, None)],
    }
    wrong = bool(errors) or any(each.errors for each in parts.values())
    return render(request, "office/statutory/score_record.html", context, status=422 if wrong else 200)


def _period(request: HttpRequest) -> Period:
    return period_asked(request.GET.get("ky", ""), "quarter")


def _hint(number: str, offered: int) -> str:
    return {
        "5": _("Hệ thống đếm %(offered)s thủ tục cơ quan tiếp nhận, tất cả đều qua Bộ phận Một cửa.") % {
            "offered": offered
        },
        "6": _("Thủ tục cơ quan tiếp nhận đều đã công khai trên cổng. Ghi kết quả một lần kiểm tra trong kỳ."),
        "8": _("Theo sổ tiếp nhận phản ánh, kiến nghị của cơ quan. Không có phản ánh nào thì ghi 0."),
    }[number]  # fmt: skip


def _recorded(actor: Any, scope: Scope, period: Period, parts: dict[str, Any]) -> list[ScoreRecord] | Refusal | str:
    entries = []
    for form in parts.values():
        if not form.has_changed():
            continue
        digest, name, given = "", "", form.cleaned_data["file"]
        if given:
            try:
                digest, name = files.put(given, name=given.name).digest, files.plain_name(given.name)
            except files.NotStoredError as error:
                form.add_error("file", str(error))
                return ""
        entries.append(Entry(form.value(), form.cleaned_data["evidence"], digest, name))
    return recording.record(actor, scope.agency, period, entries, clock.now())


def _told(answer: Refusal | str, parts: dict[str, Any]) -> list[tuple[str, str]]:
    """A refusal at its field, or at the head of the page."""
    if isinstance(answer, str):
        return []
    form = parts.get(answer.details.get("index", ""))
    if form is None:
        return [("", said(answer.text))]
    form.add_error(answer.details.get("field"), said(answer.text))
    return []


@official(*sorted(CONTROL_ROLES))
def score_evidence(request: HttpRequest, number: int) -> HttpResponseBase:
    """The file of a record, for whoever oversees the agency."""
    row = ScoreRecord.objects.filter(pk=number).exclude(file="").first() if number < 2**63 else None
    if row is None or not within(Scope("own", agency=row.agency), scope_of(request)):
        raise Http404
    stored = StoredFile.objects.filter(pk=row.file).first()
    if stored is None:
        raise Http404
    return file_answer(request, row.file, stored.media_type, row.file_name)
