"""The dossier page: where it stands, what to do next, its papers, its history and its clocks."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.dossiers.clock_face import calendar_of, dossier_face, explained, worked_words
from motcua.dossiers.handle import context_for
from motcua.dossiers.journal import history
from motcua.dossiers.stage_line import stage_line
from motcua.files import store as files
from motcua.files.models import StoredFile
from motcua.filing.saying import say_day, say_value, source_words
from motcua.law.clocks import Clocks, read_clocks
from motcua.law.dossier import NATIONAL_STATUSES, Dossier, national_status
from motcua.law.offers import Offer, offers
from motcua.law.procedure import Procedure
from motcua.law.rating import is_rateable
from motcua.law.rights import COUNTER
from motcua.office.counter.twins import twin_row
from motcua.office.desk.action_forms import FORMS, Asked
from motcua.office.desk.labels import ACTION_ICONS, action_label
from motcua.office.desk.telling import said_at, timeline
from motcua.office.door import actor_of, dossier_or_404, official
from motcua.organisation.directory import directory
from motcua.reports.rating_words import as_rated

# Never the natural next act, only possible ones.
ASIDE = {
    "note", "correct", "correct_result", "withdraw", "stop", "reassign", "suspend", "extend", "refuse",
    "answer_draft", "contest_rating",
}  # fmt: skip
QUICK = {"receive", "take", "sign", "ready", "resume"}


@official()
def page(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Everything about one dossier that the actor may see."""
    return render_dossier(request, dossier_or_404(request, dossier_id))


def render_dossier(request: HttpRequest, state: Dossier, **more: Any) -> HttpResponse:
    """The page of `state`; `more` carries what an act that was refused has to say."""
    now = clock.now()
    language = get_language() or "vi"
    procedure = versions.procedure_version(state.version)
    entries = history(state.id)
    clocks = read_clocks(
        state.id,
        [(entry.event, entry.at) for entry in entries],
        calendar_of,
        {regime.code: regime for regime in versions.regimes()},
        now,
    )
    lawful = offers(state, context_for(state, actor_of(request), now))
    face = dossier_face(state, now)
    status = NATIONAL_STATUSES[national_status(state)][int(language.startswith("en"))]
    context = {
        "state": state,
        "procedure": procedure,
        "name": procedure.name.within(language),
        "case": procedure.case(state.case).name.within(language),
        "status": status,
        "clock": explained(face, state, procedure, clocks.waits, now, clocks.agencies) if face else None,
        "primary": _primary(lawful, state, procedure, request),
        "others": [_link(offer, state) for offer in lawful[1 if lawful and lawful[0].action not in ASIDE else 0 :]],
        "papers": _papers(state, procedure),
        "form": _form(state, procedure),
        "applicant": _applicant(state),
        "timeline": timeline(entries, procedure),
        "showing": _showing(state),
        "rating": as_rated(state),
        "at_kiosk": is_rateable(state) and actor_of(request).holds(state.receiving, *COUNTER),
        "stages": stage_line(state, procedure, naming_agencies=True),
        "gantt": _gantt(clocks, procedure, now),
        "tasks": _tasks(state, procedure),
        "crumbs": [(_("Việc cần làm"), reverse("office:desk")), (state.code or _("Hồ sơ chưa cấp mã"), None)],
        "key": uuid4().hex,
        "resident": _elapsed(clocks.resident.minutes),
        "twin": twin_row(state.id) if state.channel == "online" else None,
        **more,
    }
    return render(request, "office/dossier.html", context, status=409 if "refusal" in more else 200)


def _showing(state: Dossier) -> dict[str, Any] | None:
    """What the applicant says of the draft, for those who work on it."""
    shown = state.shown
    if shown is None:
        return None
    if shown.answered_at is None:
        said = _("Người nộp đang xem dự thảo, trả lời đến %(until)s. Không trả lời là đồng ý.")
        return {"kind": "info", "title": said % {"until": said_at(shown.until)}, "text": ""}
    if shown.silent:
        return {"kind": "success", "title": _("Người nộp không trả lời trong thời hạn: coi như đồng ý."), "text": ""}
    if shown.agrees:
        return {"kind": "success", "title": _("Người nộp xác nhận dự thảo đúng."), "text": ""}
    return {"kind": "warning", "title": _("Người nộp báo dự thảo có chỗ sai"), "text": f"“{shown.words}”"}


def _elapsed(minutes: int) -> str:
    days = minutes // (24 * 60)
    if days:
        return ngettext("%(n)d ngày", "%(n)d ngày", days) % {"n": days}
    return ngettext("%(n)d giờ", "%(n)d giờ", minutes // 60) % {"n": minutes // 60}


def _primary(
    lawful: tuple[Offer, ...], state: Dossier, procedure: Procedure, request: HttpRequest
) -> dict[str, Any] | None:
    if not lawful or lawful[0].action in ASIDE:
        return None
    offer = lawful[0]
    asked = Asked(state, state.task(offer.task), procedure, actor_of(request))
    quick = offer.action != "accept" and (offer.action in QUICK or not FORMS[offer.action](asked))
    return {**_link(offer, state), "quick": quick}


def _link(offer: Offer, state: Dossier) -> dict[str, Any]:
    # What waits at the counter is accepted there, where its fees are reckoned.
    at_counter = offer.action == "accept"
    return {
        "action": offer.action,
        "label": action_label(offer.action),
        "icon": ACTION_ICONS.get(offer.action, "arrow-right"),
        "href": reverse("office:accept_waiting", args=[state.id])
        if at_counter
        else reverse("office:act", args=[state.id, offer.action, offer.task]),
    }


def _papers(state: Dossier, procedure: Procedure) -> list[dict[str, Any]]:
    language = get_language() or "vi"
    given = {paper.id: paper for paper in state.papers}
    names = dict(
        StoredFile.objects.filter(digest__in=[digest for paper in state.papers for digest in paper.files]).values_list(
            "digest", "name"
        )
    )
    rows = []
    for paper in procedure.papers:
        has = given.get(paper.id)
        if not paper.is_asked(state.case, state.form) and has is None:
            continue
        rows.append(
            {
                "row": {
                    "id": paper.id,
                    "name": paper.name.within(language),
                    "required": paper.required,
                    "original": paper.original,
                    "certified": paper.certified,
                    "copy": paper.copy,
                    "ticked": has is not None,
                    "has": {
                        "original": has.original if has else 0,
                        "certified": has.certified if has else 0,
                        "copy": has.copy if has else 0,
                    },
                },
                "source": source_words(has.source) if has else "",
                "scans": [
                    {
                        "href": reverse("office:scan", args=[state.id, digest]),
                        "name": names.get(digest, _("bản quét")),
                    }
                    for digest in (has.files if has else ())
                ],
            }
        )
    return rows


def _form(state: Dossier, procedure: Procedure) -> list[tuple[str, str]]:
    language = get_language() or "vi"
    return [
        (field.label.within(language), say_value(field, state.form[field.id], language))
        for field in procedure.fields()
        if field.id in state.form
    ]


def _applicant(state: Dossier) -> dict[str, Any]:
    applicant = state.applicant
    return {
        "name": applicant.name,
        "kind": applicant.kind,
        "number": applicant.number,
        "born": say_day(applicant.birth),
        "phone": applicant.phone,
        "address": applicant.address.text,
    }


def _tasks(state: Dossier, procedure: Procedure) -> list[dict[str, Any]]:
    language, agencies = get_language() or "vi", directory()
    return [
        {
            "step": _("Cho ý kiến")
            if task.kind == "opinion"
            else procedure.process.step(task.step).name.within(language),
            "agency": agencies[task.agency].name.within(language),
            "question": task.question,
            "received": task.received_at is not None,
            "due": task.due_at,
        }
        for task in state.tasks
    ]


def _gantt(clocks: Clocks, procedure: Procedure, now: datetime) -> dict[str, Any] | None:
    if not clocks.runs:
        return None
    language, agencies = get_language() or "vi", directory()
    rows = []
    for run in clocks.runs:
        name = procedure.process.step(run.step).name.within(language)
        rows.append(
            {
                "name": _("Ý kiến") if run.kind == "opinion" else name,
                "agency": agencies[run.agency].name.within(language),
                "bars": [
                    {
                        "from": run.opened,
                        "to": run.closed or now,
                        "state": "late" if run.late else "done" if run.closed else "on_time",
                        "words": worked_words(run.worked),
                    }
                ],
                "due": run.due,
                "words": worked_words(run.worked),
            }
        )
    end = max([now, *(run.due for run in clocks.runs)])
    return {"start": clocks.runs[0].opened, "end": end, "now": now, "rows": rows}


@official()
def scan(request: HttpRequest, dossier_id: int, digest: str) -> HttpResponse | StreamingHttpResponse:
    """A scan of this dossier, to whoever may see the dossier."""
    state = dossier_or_404(request, dossier_id)
    if digest not in {each for paper in state.papers for each in paper.files}:
        raise Http404
    stored = StoredFile.objects.filter(pk=digest).first()
    if stored is None or not files.path_of(digest).exists():
        raise Http404
    answer = StreamingHttpResponse(files.read(digest), content_type=stored.media_type)
    answer["Content-Disposition"] = f'inline; filename="{digest[:12]}"'
    answer["X-Content-Type-Options"] = "nosniff"
    # Shown within our own page, and within no other's.
    answer["X-Frame-Options"] = "SAMEORIGIN"
    answer["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'self'"
    return answer
