"""The end of an application: handed in, what comes next, and the files of it shown to their owner."""

import uuid
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.accounts.authority import of_resident
from motcua.accounts.door import actor_behind, resident, resident_behind
from motcua.accounts.identity import number_of
from motcua.accounts.models import ResidentAccount
from motcua.catalogue import versions
from motcua.dossiers import store
from motcua.dossiers.clock_face import calendar_of
from motcua.dossiers.handle import regime_of
from motcua.files import serving
from motcua.files.models import StoredFile
from motcua.filing import drafts
from motcua.filing.handing_in import delivery_of, submit
from motcua.filing.models import Draft
from motcua.filing.reading import Read
from motcua.law.codes import reference
from motcua.law.dossier import Applicant, Dossier
from motcua.law.intake import answer_due
from motcua.law.procedure import Procedure
from motcua.law.refusal import Refusal
from motcua.law.working_time import OutsideCalendarError
from motcua.organisation.directory import directory
from motcua.portal.filing.pages import page_context
from motcua.portal.filing.papers_page import documents_of


def hand_in(request: HttpRequest, draft: Draft, procedure: Procedure, read: Read) -> HttpResponse:
    """Submits the draft; what stops it is said on the page of review, and nothing is lost."""
    if request.POST.get("declare") != "yes":
        text = _("Hãy xác nhận những điều đã khai là đúng.")
        return _again(request, draft, procedure, read, [("declare", text)], declare=text)
    me = resident_behind(request)
    submitter = Applicant(
        kind="person", name=me.account.full_name, number=number_of(me), phone=me.phone, email=me.email,
        account=me.account_id,
    )  # fmt: skip
    if not _may_still_act(me, draft):
        text = _("Bạn không còn được nộp thay cho người này. Hãy xem lại việc ủy quyền rồi nộp.")
        return _again(request, draft, procedure, read, [("", text)])
    done = submit(draft.uuid, me.account, actor_behind(request), submitter)
    if done is None:
        raise Http404
    if isinstance(done, Refusal):
        return _again(request, draft, procedure, read, [("", done.text.within(get_language() or "vi"))])
    if isinstance(done, Read):
        faults = [(f"part-{key}", message) for key, page in done.pages.items() for _element, message in page]
        return _again(request, draft, procedure, done, faults)
    return redirect("portal:filed", draft.uuid)


def _may_still_act(me: ResidentAccount, draft: Draft) -> bool:
    """True while the authority under which the draft was begun holds; for oneself always."""
    authority = draft.principal.get("authority", 0)
    return any(each.authority == authority and each.covers(draft.procedure) for each in of_resident(me))


def _again(
    request: HttpRequest,
    draft: Draft,
    procedure: Procedure,
    read: Read,
    faults: list[tuple[str, str]],
    declare: str = "",
) -> HttpResponse:
    context = page_context(request, draft, procedure, read.steps[-1], read)
    context |= {"errors": faults, "declare_error": declare, "declared": request.POST.get("declare") == "yes"}
    return render(request, "portal/filing/review.html", context, status=422)


@require_GET
@resident()
def filed(request: HttpRequest, draft: uuid.UUID) -> HttpResponse:
    """The confirmation: the reference, until when an answer comes, and what comes next."""
    found = drafts.find(draft, resident_behind(request).account)
    if found is None:
        raise Http404
    if found.dossier is None:
        return redirect("portal:draft", draft)
    stored = store.read(found.dossier)
    if stored is None:
        raise Http404
    state, language = stored[0], get_language() or "vi"
    procedure = versions.procedure_version(state.version)
    brought = [
        paper.name.within(language)
        for paper in procedure.papers
        if (found.papers.get(paper.id) or {}).get("how") == "bring" and paper.is_asked(state.case, state.form)
    ]
    context = {
        "reference": reference(state.id),
        "name": procedure.name.within(language),
        "office": directory()[state.receiving].name.within(language),
        "lodged": state.lodged_at,
        "answer_by": answer_by(state),
        "applicant": state.applicant,
        "fees": any(fee.is_due(state.case) for fee in procedure.fees),
        "confirms": bool(procedure.confirm_draft),
        "delivery": delivery_of(state.id),
        "brought": brought,
        "mine": reverse("portal:my_dossier", args=[state.id]),
        "procedure_code": procedure.code,
    }
    return render(request, "portal/filing/filed.html", context)


def answer_by(state: Dossier) -> datetime | None:
    """Until when the office must accept or answer; None where its calendar does not reach."""
    try:
        return answer_due(regime_of(state), calendar_of(state.receiving), state.lodged_at)
    except (OutsideCalendarError, StopIteration):
        return None


@require_GET
@resident()
def draft_file(request: HttpRequest, draft: uuid.UUID, digest: str) -> HttpResponse:
    """A file of one's own application, as the clerk will see it, or the picture of one of its pages."""
    found = drafts.find(draft, resident_behind(request).account)
    if found is None or digest not in _digests(found):
        raise Http404
    record = StoredFile.objects.filter(pk=digest).first()
    if record is None:
        raise Http404
    return serving.answer(request, digest, record.media_type, record.name, inline=True)  # type: ignore[return-value]


def _digests(draft: Draft) -> set[str]:
    held = [each for paper in draft.papers.values() for each in paper.get("files") or ()]
    held += [each for claim in (draft.money.get("claims") or {}).values() for each in claim.get("files") or ()]
    for field in versions.procedure_version(draft.version).fields():
        if field.type == "file":
            held += draft.answers.get(field.id) or []
    shown = {str(one) for each in held for one in (each["digest"], *each.get("previews", ()))}
    return shown | {str(each.digest) for each in documents_of(draft)}
