"""The page on which one pays: how much, what for and how reached, the code to scan, the same data to type.

Opened by whoever may see the dossier; to anybody else it does not exist. It works without JavaScript: then it is
loaded again by hand. What is owed and how it stands is said by `fees`.
"""

from base64 import b64encode
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.accounts.door import actor_behind, resident
from motcua.catalogue import versions
from motcua.dossiers import search as dossiers
from motcua.dossiers import store
from motcua.dossiers.policy import may_see
from motcua.fees import explaining
from motcua.fees.accounts import code_for, purpose_of
from motcua.fees.attempts import begin_payment
from motcua.fees.following import notices_for, sync
from motcua.fees.models import Notice, Receipt
from motcua.law.dossier import Dossier
from motcua.law.refusal import Refusal
from motcua.organisation.directory import directory
from motcua.papers.barcode import qr_png
from motcua.papers.fee_receipt import receipt_pdf


def _found(request: HttpRequest, token: UUID) -> tuple[Notice, Dossier]:
    notice = Notice.objects.filter(token=token).first()
    stored = store.read(notice.dossier_id) if notice is not None else None
    if notice is None or stored is None or not may_see(actor_behind(request), stored[0]):
        raise Http404
    return notice, stored[0]


@resident()
@require_GET
def pay(request: HttpRequest, token: UUID) -> HttpResponse:
    """The page itself."""
    notice, state = _found(request, token)
    sync([notice.dossier_id])
    notice.refresh_from_db()
    return render(request, "portal/paying/pay.html", _context(notice, state))


@require_GET
def pay_by_token(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever holds the receipt's code, without an account: what is open and the code to scan; no name."""
    state = dossiers.by_token(token)
    notices = notices_for(state.id) if state is not None else []
    notice = next((each for each in notices if each.open > 0), notices[-1] if notices else None)
    if state is None or notice is None:
        raise Http404
    context = _context(notice, state) | {"public": True, "ways": [], "receipts": []}
    code = code_for(notice, context["standing"].open)
    context["picture"] = f"data:image/png;base64,{b64encode(qr_png(code[1])).decode()}" if code else ""
    context["here"] = reverse("portal:pay_by_token", args=[token])
    context["crumbs"] = [
        (_("Trang đầu"), reverse("portal:home")),
        (_("Theo dõi hồ sơ"), reverse("portal:follow", args=[token])),
        (_("Nộp tiền"), None),
    ]
    answer = render(request, "portal/paying/pay.html", context)
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _context(notice: Notice, state: Dossier) -> dict[str, Any]:
    language = get_language() or "vi"
    standing = explaining.standing_of(notice)
    code = code_for(notice, standing.open)
    procedure = versions.procedure_version(state.version)
    return {
        "notice": notice,
        "state": state,
        "here": reverse("portal:pay", args=[notice.token]),
        "picture": reverse("portal:payment_picture", args=[notice.token]),
        "name": procedure.name.within(language),
        "agency": explaining.collected_by(notice, language),
        "lines": explaining.lines_of(notice, state, language),
        "standing": standing,
        "account": code[0] if code else None,
        "purpose": purpose_of(notice),
        "ways": [(name, label.within(language)) for name, label in explaining.ways()],
        "receipts": list(notice.receipts.select_related("cancellation").order_by("pk")),
        "key": uuid4().hex,
        "crumbs": [
            (_("Trang đầu"), reverse("portal:home")),
            (_("Hồ sơ của tôi"), f"/cua-toi/ho-so/{notice.dossier_id}/"),
            (_("Nộp tiền"), None),
        ],
    }


@resident()
@require_POST
def begin(request: HttpRequest, token: UUID) -> HttpResponse:
    """Begins to pay on a provider's page; pressed ten times it begins once."""
    notice, _state = _found(request, token)
    key = request.POST.get("key", "")[:64] or uuid4().hex
    answer = begin_payment(
        notice, request.POST.get("way", "")[:20], f"{notice.token}/{key}", actor_behind(request).account
    )
    if isinstance(answer, Refusal):
        messages.error(request, answer.text.within(get_language() or "vi"))
    return redirect(reverse("portal:pay", args=[token]) + "#gateway")


@resident()
@require_GET
def standing(request: HttpRequest, token: UUID) -> HttpResponse:
    """What the page asks again and again while it is open: only a mark that changes when it should be loaded anew."""
    notice, _state = _found(request, token)
    return JsonResponse({"mark": explaining.standing_of(notice).mark})


@resident()
@require_GET
def picture(request: HttpRequest, token: UUID) -> HttpResponse:
    """The VietQR code as a picture to scan, or to save and open in a bank's app."""
    notice, _state = _found(request, token)
    found = code_for(notice, explaining.standing_of(notice).open)
    if found is None:
        raise Http404
    answer = HttpResponse(qr_png(found[1]), content_type="image/png")
    answer["Content-Disposition"] = f'inline; filename="{notice.reference}.png"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@resident()
@require_GET
def receipt(request: HttpRequest, token: UUID, receipt: int) -> HttpResponse:
    """A receipt of this notice as PDF."""
    notice, state = _found(request, token)
    found = Receipt.objects.filter(pk=receipt, notice=notice).first()
    if found is None:
        raise Http404
    pdf = receipt_pdf(directory(), found.agency, **explaining.as_printed(found, state))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="bien-lai-{found.name}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
