"""Money owed back, to be handed out or sent, and money that came in without a notice to belong to."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.fees import matching, refunds
from motcua.fees.models import Credit, Refund
from motcua.law.refusal import Refusal
from motcua.office.door import actor_of, official
from motcua.office.money.places import READERS, Place

MOST_SHOWN = 200


def reason_words() -> dict[str, str]:
    """Why money is owed back."""
    return {
        "over": _("trả thừa"),
        "twice": _("trả hai lần"),
        "ended": _("hồ sơ đã kết thúc"),
        "unmatched": _("không rõ nộp cho việc gì"),
        "decided": _("quyết định hoàn phí"),
        "cancelled": _("biên lai hủy"),
    }


def difference_words() -> dict[str, str]:
    """Why money waits."""
    return {"short": _("chưa đủ số tiền"), "unknown_reference": _("không có mã thanh toán")}


@official(*READERS)
def owed_back(request: HttpRequest) -> HttpResponse:
    """GET lists what is owed back; POST records that it was given."""
    place, language = Place(request), get_language() or "vi"
    if request.method == "POST":
        refund = _refund(request, place)
        answer = refunds.pay_out(refund, actor_of(request), request.POST.get("document", ""))
        if isinstance(answer, Refusal):
            messages.error(request, answer.text.within(language))
        else:
            messages.success(request, _("Đã ghi: tiền đã hoàn."))
        return redirect(f"{reverse('office:refunds')}?noi={place.number}")
    reasons = reason_words()
    due = Refund.objects.filter(agency=place.number).exclude(state="paid").order_by("asked_at")
    paid = Refund.objects.filter(agency=place.number, state="paid").order_by("-paid_at")
    context: dict[str, Any] = {
        "place": place,
        "places": place.choices(language),
        "name": place.agency.name.within(language),
        "due": [_shown(each, reasons) for each in due.select_related("notice")[:MOST_SHOWN]],
        "count": due.count(),
        "paid": [_shown(each, reasons) for each in paid.select_related("notice")[:50]],
    }
    return render(request, "office/money/refunds.html", context)


def _shown(refund: Refund, reasons: dict[str, str]) -> dict[str, Any]:
    by_itself = refund.state == "due" and refund.next_at is not None
    return {"refund": refund, "reason": reasons.get(refund.reason, refund.reason), "by_itself": by_itself}


def _refund(request: HttpRequest, place: Place) -> Refund:
    try:
        number = UUID(request.POST.get("refund", ""))
    except ValueError:
        raise Http404 from None
    found = Refund.objects.filter(pk=number, agency=place.number).first()
    if found is None:
        raise Http404
    return found


@official(*READERS)
def suspense(request: HttpRequest) -> HttpResponse:
    """GET lists money that waits; POST matches it to a notice by its reference, or sends it back."""
    place, language = Place(request), get_language() or "vi"
    if request.method == "POST":
        answer = _settle(request, place)
        if isinstance(answer, Refusal):
            messages.error(request, answer.text.within(language))
        else:
            messages.success(request, _("Đã ghi."))
        return redirect(f"{reverse('office:suspense')}?noi={place.number}")
    words = difference_words()
    waiting = _waiting(place)
    rows = [
        {"credit": each, "why": words.get(each.difference, each.difference), "here": each.agency == place.number}
        for each in waiting.select_related("notice")[:MOST_SHOWN]
    ]
    context = {
        "place": place,
        "places": place.choices(language),
        "name": place.agency.name.within(language),
        "rows": rows,
        "count": waiting.count(),
    }
    return render(request, "office/money/suspense.html", context)


def _waiting(place: Place) -> Any:
    """What waits for this agency, and what came into the shared account without saying for whom."""
    own = Credit.objects.filter(held__gt=0, agency=place.number)
    shared = Credit.objects.filter(held__gt=0, notice=None) if place.cashier else own
    return (own | shared).order_by("at")


def _settle(request: HttpRequest, place: Place) -> Credit | Refund | Refusal:
    said = request.POST.get("credit", "")
    credit = _waiting(place).filter(pk=int(said)).first() if said.isdecimal() and len(said) < 19 else None
    if credit is None:
        raise Http404
    if request.POST.get("what") == "return":
        return refunds.return_held(credit, request.POST.get("words", ""), actor_of(request))
    return matching.match_by_hand(credit, request.POST.get("reference", "")[:40], actor_of(request))
