"""What an owner does with their dossier: answers the draft of the result, or takes the dossier back.

Each act is asked on a page of its own that says what follows. Sent twice it is done once; what the law refuses is
said in its words, and nothing typed is lost.
"""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.accounts.door import resident
from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.dossiers.handle import context_for, handle
from motcua.dossiers.journal import history
from motcua.files.models import StoredFile
from motcua.law import commands as c
from motcua.law import events as e
from motcua.law.actor import Actor
from motcua.law.codes import reference
from motcua.law.dossier import Dossier
from motcua.law.offers import offers
from motcua.law.refusal import Refusal
from motcua.portal.mine.owning import mine_or_404

LONGEST_WORDS = 2000


@resident()
def my_draft(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The draft of the result: right, go on; or something is wrong, with words. Silence agrees."""
    state, actor = mine_or_404(request, dossier_id)
    if state.open_showing is None or not _offered(state, actor, "answer_draft"):
        return _nothing_to_do(request, state, _("Dự thảo này đã được trả lời. Bạn không cần làm gì thêm."))
    answer, words = request.POST.get("agrees", ""), request.POST.get("words", "").strip()[:LONGEST_WORDS]
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        if answer not in ("yes", "no"):
            errors.append(("agrees", _("Hãy chọn một trong hai.")))
        elif answer == "no" and not words:
            errors.append(("words", _("Hãy nói chỗ nào chưa đúng và đúng phải là gì.")))
        else:
            command = c.AnswerDraft(agrees=answer == "yes", words=words if answer == "no" else "")
            refused = _do(request, state, command, actor)
            if refused is None:
                said = _("Đã ghi: dự thảo đúng.") if command.agrees else _("Đã báo cơ quan sửa lại dự thảo.")
                messages.success(request, said)
                return redirect("portal:my_dossier", dossier_id)
            errors.append(("", refused))
    told = dict(errors)
    context = {
        **_head(request, state, _("Xem dự thảo kết quả")),
        "draft": state.draft,
        "result": _result_name(state),
        "file": _draft_file(state),
        "until": state.open_showing.until,
        "said": _said_with_it(state),
        "errors": errors,
        "choice": {
            "id": "agrees", "name": "agrees", "kind": "radios", "label": _("Dự thảo có đúng không?"), "value": answer,
            "choices": [("yes", _("Đúng, làm tiếp")), ("no", _("Có chỗ chưa đúng"))], "required": True,
            "errors": [told["agrees"]] if "agrees" in told else [],
        },
        "words": {
            "id": "words", "name": "words", "kind": "textarea", "rows": 4, "value": words,
            "label": _("Nếu chưa đúng: chỗ nào, đúng phải là gì"), "errors": [told["words"]] if "words" in told else [],
        },
    }  # fmt: skip
    return render(request, "portal/mine/draft.html", context, status=422 if errors else 200)


@resident()
def my_withdrawal(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Taking the dossier back, with a reason."""
    state, actor = mine_or_404(request, dossier_id)
    if not _offered(state, actor, "withdraw"):
        return _nothing_to_do(request, state, _("Hồ sơ này không còn rút được."))
    errors: list[tuple[str, str]] = []
    reason = request.POST.get("reason", "").strip()[:LONGEST_WORDS]
    if request.method == "POST":
        if not reason:
            errors.append(("reason", _("Hãy viết lý do, một câu là đủ.")))
        else:
            refused = _do(request, state, c.Withdraw(reason=reason), actor)
            if refused is None:
                messages.success(request, _("Đã rút hồ sơ. Bạn có thể nộp lại bất cứ lúc nào."))
                return redirect("portal:my_dossier", dossier_id)
            errors.append(("", refused))
    context = {
        **_head(request, state, _("Rút hồ sơ")),
        "errors": errors,
        "paid": sum(each.paid for each in state.money),
        "reason": {
            "id": "reason", "name": "reason", "kind": "textarea", "rows": 3, "label": _("Vì sao bạn rút hồ sơ?"),
            "value": reason, "required": True, "errors": [message for element, message in errors if element],
        },
    }  # fmt: skip
    return render(request, "portal/mine/withdraw.html", context, status=422 if errors else 200)


def _offered(state: Dossier, actor: Actor, action: str) -> bool:
    return action in {offer.action for offer in offers(state, context_for(state, actor, clock.now()))}


def _do(request: HttpRequest, state: Dossier, command: c.AnyCommand, actor: Actor) -> str | None:
    """Carries it out; None when it is done, otherwise why not."""
    done = handle(state.id, command, actor, request.POST.get("key", "")[:64] or uuid4().hex)
    return done.text.within(get_language() or "vi") if isinstance(done, Refusal) else None


def _nothing_to_do(request: HttpRequest, state: Dossier, said: str) -> HttpResponse:
    """Whoever comes too late, or twice, is told that all is well and led back."""
    messages.info(request, said)
    return redirect("portal:my_dossier", state.id)


def _head(request: HttpRequest, state: Dossier, title: str) -> dict[str, Any]:
    language = get_language() or "vi"
    code = state.code or reference(state.id)
    return {
        "state": state,
        "title": title,
        "code": code,
        "name": versions.procedure_version(state.version).name.within(language),
        "key": request.POST.get("key") or uuid4().hex,
        "crumbs": [
            (_("Của tôi"), reverse("portal:mine")),
            (code, reverse("portal:my_dossier", args=[state.id])),
            (title, None),
        ],
    }


def _result_name(state: Dossier) -> str:
    results = versions.procedure_version(state.version).results
    found = next((each for each in results if state.draft and each.id == state.draft.result), None)
    return found.name.within(get_language() or "vi") if found else ""


def _said_with_it(state: Dossier) -> str:
    """What the officer wrote to the applicant when showing the draft."""
    shown = [entry.event.note for entry in history(state.id) if isinstance(entry.event, e.DraftShown)]
    return shown[-1] if shown else ""


def _draft_file(state: Dossier) -> dict[str, str] | None:
    digest = state.draft.file if state.draft else ""
    if not digest:
        return None
    name = StoredFile.objects.filter(pk=digest).values_list("name", flat=True).first()
    return {"href": reverse("portal:my_file", args=[state.id, digest]), "name": name or _("tệp dự thảo")}
