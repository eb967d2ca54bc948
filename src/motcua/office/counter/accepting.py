"""Accepting what is already in the house: handed in online, or brought back complete after form 02.

The desk accepts too; here the fees are reckoned with it, and the receipt comes next.
"""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.dossiers.clock_face import calendar_of, short_face
from motcua.dossiers.handle import handle
from motcua.dossiers.search import earlier
from motcua.filing.communes import commune_said
from motcua.filing.saying import claim_of, claim_words, say_value, source_words
from motcua.law import commands as c
from motcua.law.actor import Actor
from motcua.law.codes import reference
from motcua.law.dossier import Dossier
from motcua.law.procedure import Procedure
from motcua.law.refusal import Refusal
from motcua.law.rights import COUNTER
from motcua.office.counter.fees_due import FeesDue
from motcua.office.counter.online import waiting
from motcua.office.counter.twins import twin_row
from motcua.office.door import actor_of, dossier_or_404, official


@official(*COUNTER)
def accept_waiting(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """GET shows the dossier with its fees; POST reckons them again, or accepts."""
    state = dossier_or_404(request, dossier_id)
    if state.phase != "lodged":
        counted = state.code and state.channel != "online"
        return redirect("office:intake_done" if counted else "office:dossier", dossier_id)
    procedure = versions.procedure_version(state.version)
    typed = request.POST if request.method == "POST" else _claimed(state)
    fees = FeesDue(procedure, state.case, state.channel, state.form, typed)  # type: ignore[arg-type]
    refusal: Refusal | None = None
    if request.POST.get("do") == "accept":
        seen = request.POST.get("seen", "")
        done = handle(
            state.id,
            c.Accept(money=fees.owed(), note=request.POST.get("note", "").strip()),
            actor_of(request),
            request.POST.get("key", "")[:64] or uuid4().hex,
            seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
        )
        if not isinstance(done, Refusal):
            return _accepted(request, done.state)
        refusal = done
    context = _context(state, procedure, fees, refusal, actor_of(request))
    context["key"] = request.POST.get("key", "")[:64] if request.POST.get("key") and not refusal else uuid4().hex
    return render(request, "office/counter/accept_waiting.html", context, status=422 if refusal else 200)


def _claimed(state: Dossier) -> QueryDict:
    """The exemptions the applicant asked for, ticked; whether they are proven is for the clerk to see."""
    typed = QueryDict(mutable=True)
    for paper in state.papers:
        if (claim := claim_of(paper.id)) is not None:
            typed.appendlist(f"exempt-{claim[0]}", claim[1])
    return typed


def _accepted(request: HttpRequest, state: Dossier) -> HttpResponse:
    """At the counter the receipt comes next; whoever filed online is told by message, and the next one waits."""
    if state.channel != "online":
        return redirect("office:intake_done", state.id)
    said = {"code": state.code, "name": state.applicant.name}
    messages.success(request, _("Đã tiếp nhận hồ sơ của %(name)s, mã %(code)s. Người nộp được báo ngay.") % said)
    return redirect("office:online")


def _context(
    state: Dossier, procedure: Procedure, fees: FeesDue, refusal: Refusal | None, actor: Actor
) -> dict[str, Any]:
    language = get_language() or "vi"
    papers = _papers(state, procedure, language)
    act = {name: reverse("office:act", args=[state.id, name, 0]) for name in ("request_supplement", "decline")}
    return {
        "state": state,
        "name": procedure.name.within(language),
        "case": procedure.case(state.case).name.within(language),
        "online": state.channel == "online",
        "reference": reference(state.id) if state.channel == "online" else "",
        "answer": _answer_clock(state),
        "twins": _twins(state, actor),
        "submitter": state.submitter.name if state.submitter else "",
        "viewer": next((scan["href"] for paper in papers for scan in paper["scans"]), ""),
        "errors": [("", refusal.text.within(language))] if refusal else [],
        "ground": refusal.ground if refusal else "",
        "applicant": [
            {"key": label, "value": value, "source": source_words(state.sources.get(f"applicant.{part}", ""))}
            for part, label, value in _applicant(state)
        ],
        "papers": papers,
        "form": [
            {
                "key": field.label.within(language),
                "value": say_value(field, state.form[field.id], language),
                "source": source_words(state.sources.get(field.id, "")),
            }
            for field in procedure.fields()
            if field.id in state.form
        ],
        "fees": fees.rows(language),
        "counts": fees.count_fields(),
        "acts": act,
        "twin": twin_row(state.id),
        "crumbs": [
            (pgettext("quầy", "Tiếp nhận"), reverse("office:counter")),
            *([(_("Nộp trực tuyến"), reverse("office:online"))] if state.channel == "online" else []),
            (state.applicant.name, None),
        ],
    }


def _applicant(state: Dossier) -> list[tuple[str, str, str]]:
    applicant = state.applicant
    place = ", ".join(filter(None, (applicant.address.text, commune_said(applicant.address.commune))))
    return [
        ("name", _("Họ tên, tên gọi"), applicant.name),
        ("number", _("Số giấy tờ"), applicant.number),
        ("phone", _("Điện thoại"), applicant.phone),
        ("address", _("Địa chỉ"), place),
    ]


def _answer_clock(state: Dossier) -> dict[str, Any] | None:
    """Of what came in online: how much is left of the time in which it must be answered."""
    if state.channel != "online":
        return None
    now = clock.now()
    found = next((each for each in waiting([state.receiving], now) if each.id == state.id), None)
    return short_face(calendar_of(state.receiving), now, found.since, found.due) if found else None


def _twins(state: Dossier, actor: Actor) -> list[dict[str, str]]:
    """Other open dossiers of the same procedure for the same person: perhaps sent twice."""
    found = earlier(actor, state.procedure, state.applicant.number, state.applicant.name)
    return [
        {"href": reverse("office:dossier", args=[each.id]), "code": each.code or reference(each.id)}
        for each in found
        if each.id != state.id
    ]


def _papers(state: Dossier, procedure: Procedure, language: str) -> list[dict[str, Any]]:
    """Every paper asked for, with what came of it and its scans."""
    given = {paper.id: paper for paper in state.papers}
    rows = []
    for paper in procedure.papers:
        if not paper.is_asked(state.case, state.form) and paper.id not in given:
            continue
        has = given.get(paper.id)
        files = has.files if has else ()
        rows.append(
            {
                "name": paper.name.within(language),
                "missing": paper.required and (has is None or not has.is_given),
                "source": source_words(has.source) if has else "",
                "original": has.original if has else 0,
                "certified": has.certified if has else 0,
                "copy": has.copy if has else 0,
                "scans": [
                    {"href": reverse("office:scan", args=[state.id, digest]), "short": digest[:12], "digest": digest}
                    for digest in files
                ],
            }
        )
    for has in state.papers:
        if claim_of(has.id) is not None:
            rows.append(
                {
                    "name": claim_words(procedure, has.id, language),
                    "source": source_words(has.source),
                    "scans": [
                        {
                            "href": reverse("office:scan", args=[state.id, digest]),
                            "short": digest[:12],
                            "digest": digest,
                        }
                        for digest in has.files
                    ],
                }
            )
    return rows
