"""One act on one dossier: its form, a preview of what will follow, and the doing."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.dossiers.clock_face import calendar_of, dossier_face, time_left
from motcua.dossiers.handle import context_for, handle
from motcua.files.store import NotStoredError
from motcua.law.decide import decide
from motcua.law.dossier import Dossier
from motcua.law.evolve import evolve
from motcua.law.limits import due, parse_limit
from motcua.law.offers import offers
from motcua.law.refusal import Refusal
from motcua.office.counter.post import NoTrackingError
from motcua.office.desk.action_forms import FORMS, Asked
from motcua.office.desk.answers import command_of
from motcua.office.desk.labels import action_label
from motcua.office.desk.telling import in_words, said_at
from motcua.office.door import actor_of, dossier_or_404, official
from motcua.organisation.directory import directory


@official()
def act(request: HttpRequest, dossier_id: int, action: str, task: int) -> HttpResponse:
    """GET asks what the action needs; POST with `preview` says what would follow; POST does it."""
    if action not in FORMS:
        raise Http404
    state = dossier_or_404(request, dossier_id)
    if action == "record_payment":
        # Money is taken where the drawer and the receipts are kept; nobody types a receipt's number any more.
        back = request.POST.get("next", "")
        return redirect(
            reverse("office:take_money", args=[state.id]) + (f"?{urlencode({'next': back})}" if back else "")
        )
    asked = Asked(state, state.task(task), versions.procedure_version(state.version), actor_of(request))
    if request.method != "POST":
        return _form(request, asked, action)
    try:
        command = command_of(action, asked, request)
    except (NotStoredError, NoTrackingError) as error:
        return _form(request, asked, action, message=str(error))
    except (KeyError, ValueError, IndexError, AttributeError):
        return _form(request, asked, action, message=_("Có mục chưa đọc được. Hãy xem lại rồi gửi lần nữa."))
    if "preview" in request.POST:
        return _form(request, asked, action, effects=_effects(asked, command))
    seen = request.POST.get("seen", "")
    done = handle(
        dossier_id,
        command,
        asked.actor,
        request.POST.get("key") or uuid4().hex,
        seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
    )
    if isinstance(done, Refusal):
        return _form(request, asked, action, refusal=done)
    messages.success(request, _("Đã ghi: %(action)s.") % {"action": action_label(action)})
    back = request.POST.get("next", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return HttpResponseRedirect(back)
    return redirect("office:dossier", dossier_id)


def _form(
    request: HttpRequest,
    asked: Asked,
    action: str,
    *,
    refusal: Refusal | None = None,
    message: str = "",
    effects: list[str] | None = None,
) -> HttpResponse:
    now = clock.now()
    lawful = {(offer.action, offer.task) for offer in offers(asked.state, context_for(asked.state, asked.actor, now))}
    fields = FORMS[action](asked)
    if request.method == "POST":
        for field in fields:
            typed = request.POST.getlist(field["name"])
            field["value"] = typed if field["kind"] == "checks" else (typed[0] if typed else "")
    language = get_language() or "vi"
    context = {
        "state": asked.state,
        "name": asked.procedure.name.within(language),
        "clock": dossier_face(asked.state, now),
        "action": action,
        "label": action_label(action),
        "fields": fields,
        "errors": _errors(refusal, message, language),
        "ground": refusal.ground if refusal else "",
        "since": refusal.details.get("since", []) if refusal else [],
        "effects": effects,
        "offered": (action, asked.number) in lawful,
        "key": (request.POST.get("key") if request.method == "POST" else None) or uuid4().hex,
        "seen": asked.state.seq,
        "will_see": _will_see(asked, now) if action == "show_draft" else None,
        "has_files": any(field["kind"] == "file" for field in fields),
        "crumbs": [
            (_("Việc cần làm"), reverse("office:desk")),
            (asked.state.code or _("Hồ sơ chưa cấp mã"), reverse("office:dossier", args=[asked.state.id])),
            (action_label(action), None),
        ],
    }
    if refusal is not None and refusal.code == "changed_meanwhile":
        context["key"] = uuid4().hex
    failed = bool(context["errors"])
    return render(request, "office/act.html", context, status=422 if failed else 200)


def _will_see(asked: Asked, now: datetime) -> dict[str, str] | None:
    """The draft as the applicant will read it, and until when they may object."""
    draft, limit = asked.state.draft, asked.procedure.confirm_draft
    if draft is None or not limit:
        return None
    until = due(calendar_of(asked.state.receiving), now, parse_limit(limit))
    said = _("Bản dự thảo, chưa ký. Trả lời đến %(until)s; không trả lời là đồng ý.") % {"until": said_at(until)}
    return {"text": draft.text, "until": said}


def _errors(refusal: Refusal | None, message: str, language: str) -> list[tuple[str, str]]:
    if refusal is not None:
        return [("act", refusal.text.within(language))]
    return [("act", message)] if message else []


def _effects(asked: Asked, command: Any) -> list[str]:
    """What would follow, in words: the same decision, not stored."""
    now = clock.now()
    decision = decide(asked.state, command, context_for(asked.state, asked.actor, now))
    if isinstance(decision, Refusal):
        return [decision.text.within(get_language() or "vi")]
    after: Dossier = asked.state
    for event in decision:
        after = evolve(after, event, now)
    language = get_language() or "vi"
    said = [in_words(event, asked.procedure) for event in decision]
    before = {task.no for task in asked.state.tasks}
    for task in after.tasks:
        if task.no not in before:
            agency = directory()[task.agency].name.within(language)
            _state, left = time_left(calendar_of(task.agency), now, task.due_at)
            said.append(_("%(agency)s nhận việc, %(left)s.") % {"agency": agency, "left": left})
    if after.due_at != asked.state.due_at and after.due_at is not None:
        said.append(_("Ngày hẹn trả thay đổi."))
    return said
