"""One receipt: what it says, its paper, cancelling it, and giving money back for a dossier that ended."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers import store
from motcua.fees import explaining, refunds
from motcua.fees.models import Receipt, Refund
from motcua.law.dossier import Dossier
from motcua.law.refusal import Refusal
from motcua.office.door import actor_of, official
from motcua.office.money.day import method_words
from motcua.office.money.places import READERS, may_look_at
from motcua.organisation.directory import directory
from motcua.papers.fee_receipt import receipt_pdf

MOST_DIGITS = 13


def _found(request: HttpRequest, number: int) -> tuple[Receipt, Dossier | None]:
    receipt = Receipt.objects.select_related("notice").filter(pk=number).first()
    if receipt is None or not may_look_at(request, receipt.agency):
        raise Http404
    stored = store.read(receipt.dossier_id)
    return receipt, stored[0] if stored else None


@official(*READERS)
def receipt(request: HttpRequest, number: int) -> HttpResponse:
    """GET shows it; POST cancels it or decides a refund, by the head of the one-stop unit."""
    found, state = _found(request, number)
    refusal: Refusal | None = None
    if request.method == "POST":
        answer = _decide(request, found)
        if not isinstance(answer, Refusal):
            messages.success(request, _("Đã ghi. Khoản phải hoàn nằm trong danh sách hoàn tiền."))
            return redirect("office:fee_receipt", number)
        refusal = answer
    language = get_language() or "vi"
    names = explaining.lines_of(found.notice, state, language) if state else []
    named = {line.id: line.name for line in names}
    context: dict[str, Any] = {
        "receipt": found,
        "state": state,
        "lines": [{"id": fee, "name": named.get(fee, fee), "amount": amount} for fee, amount in found.amounts.items()],
        "method": method_words().get(found.method, found.method),
        "cancelled": getattr(found, "cancellation", None),
        "refunds": list(Refund.objects.filter(notice=found.notice).order_by("asked_at")),
        "head": actor_of(request).holds(found.agency, "one_stop_head"),
        "ended": state is not None and state.phase == "ended",
        "errors": [("reason", refusal.text.within(language))] if refusal else [],
        "reason": request.POST.get("reason", ""),
        "key": uuid4().hex,
        "crumbs": [(_("Tiền phí"), f"{reverse('office:money')}?noi={found.agency}"), (found.name, None)],
    }
    return render(request, "office/money/receipt.html", context, status=422 if refusal else 200)


def _decide(request: HttpRequest, found: Receipt) -> Refund | Refusal:
    actor, reason = actor_of(request), request.POST.get("reason", "").strip()
    key = request.POST.get("key", "")[:64] or uuid4().hex
    if request.POST.get("what") == "cancel":
        return refunds.cancel_receipt(found, reason, actor, key)
    amounts = {fee: _amount(request.POST.get(f"amount-{fee}", "")) for fee in found.amounts}
    return refunds.decide_refund(found, {fee: each for fee, each in amounts.items() if each}, reason, actor, key)


def _amount(typed: str) -> int:
    digits = "".join(each for each in typed if each in "0123456789")
    return int(digits) if digits and len(digits) <= MOST_DIGITS else 0


@official(*READERS)
def printed(request: HttpRequest, number: int) -> HttpResponse:
    """The receipt as PDF, shown in the browser."""
    found, state = _found(request, number)
    pdf = receipt_pdf(directory(), found.agency, **explaining.as_printed(found, state))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="bien-lai-{found.name}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
