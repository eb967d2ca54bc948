"""Taking money for one dossier at the counter: cash with a receipt at once, or the code for the payer's phone."""

from base64 import b64encode
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.fees import explaining
from motcua.fees.accounts import code_for, purpose_of
from motcua.fees.attempts import held_for
from motcua.fees.cash import drawer_is_closed, take_cash
from motcua.fees.following import notices_for
from motcua.fees.models import Notice
from motcua.law.dossier import Dossier
from motcua.law.refusal import Refusal
from motcua.law.rights import COUNTER
from motcua.office.door import actor_of, dossier_or_404, official
from motcua.papers.barcode import qr_svg


@official(*COUNTER)
def take(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """GET shows what is owed; POST takes it in cash and gives the receipts' numbers."""
    state = dossier_or_404(request, dossier_id)
    if request.method != "POST":
        return _page(request, state)
    seen = request.POST.get("seen", "")
    answer = take_cash(
        state.id,
        actor_of(request),
        request.POST.get("key", "")[:64] or uuid4().hex,
        seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
    )
    if isinstance(answer, Refusal):
        return _page(request, state, answer)
    numbers = ", ".join(each.name for each in answer)
    messages.success(request, _("Đã thu tiền mặt, biên lai %(numbers)s.") % {"numbers": numbers})
    back = request.POST.get("next", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return HttpResponseRedirect(back)
    return redirect("office:take_money", state.id)


def _page(request: HttpRequest, state: Dossier, refusal: Refusal | None = None) -> HttpResponse:
    language, actor = get_language() or "vi", actor_of(request)
    rows = [_row(notice, state, language) for notice in notices_for(state.id)]
    back = request.GET.get("next") or request.POST.get("next") or ""
    context = {
        "state": state,
        "name": versions.procedure_version(state.version).name.within(language),
        "rows": rows,
        "total": sum(row["open"] for row in rows),
        "errors": [("take", refusal.text.within(language))] if refusal else [],
        "closed": drawer_is_closed(state.receiving, actor.account),
        "cashier": actor.holds(state.receiving, *COUNTER),
        "key": uuid4().hex,
        "next": back if back.startswith("/") else "",
        "crumbs": [
            (_("Trả kết quả"), reverse("office:results")),
            (state.code or _("Hồ sơ chưa cấp mã"), reverse("office:dossier", args=[state.id])),
            (_("Thu tiền"), None),
        ],
    }
    return render(request, "office/money/take.html", context, status=422 if refusal else 200)


def _row(notice: Notice, state: Dossier, language: str) -> dict[str, Any]:
    held = held_for(notice)
    left = max(0, notice.open - held)
    code = code_for(notice, left)
    return {
        "notice": notice,
        "lines": explaining.lines_of(notice, state, language),
        "held": held if notice.open else 0,
        "open": left,
        "purpose": purpose_of(notice),
        "account": code[0] if code else None,
        "qr": f"data:image/svg+xml;base64,{b64encode(qr_svg(code[1]).encode()).decode()}" if code else "",
        "receipts": list(notice.receipts.select_related("cancellation").order_by("pk")),
    }
