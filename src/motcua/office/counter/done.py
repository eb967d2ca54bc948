"""What a clerk sees once a dossier is in: its code, its date and how it was reached, what to print and to take."""

from base64 import b64encode
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.dossiers.clock_face import dossier_face, explained
from motcua.law.dossier import Dossier
from motcua.law.procedure import Procedure
from motcua.law.rights import COUNTER
from motcua.office.counter.fees_due import timing_words
from motcua.office.door import dossier_or_404, official
from motcua.organisation.directory import directory
from motcua.papers.barcode import qr_svg
from motcua.papers.from_dossier import tracking_url


@official(*COUNTER)
def intake_done(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The end of an intake, whichever of the three it was."""
    state = dossier_or_404(request, dossier_id)
    procedure = versions.procedure_version(state.version)
    language, now = get_language() or "vi", clock.now()
    face = dossier_face(state, now)
    url = tracking_url(state)
    picture = b64encode(qr_svg(url).encode()).decode()
    context = {
        "state": state,
        "code": procedure.code,
        "name": procedure.name.within(language),
        "agency": directory()[state.receiving].name.within(language),
        "form": _form_to_print(state),
        "clock": explained(face, state, procedure, (), now, {}) if face else None,
        "url": url,
        "qr": f"data:image/svg+xml;base64,{picture}",
        "money": _money(state, procedure, language),
        "pay": reverse("office:take_money", args=[state.id]),
        "key": uuid4().hex,
    }
    return render(request, "office/counter/done.html", context)


def _form_to_print(state: Dossier) -> str:
    if state.outcome == "declined":
        return "refusal"
    return "receipt" if state.code else "supplement" if state.supplements else ""


def _money(state: Dossier, procedure: Procedure, language: str) -> list[dict[str, Any]]:
    fees = {fee.id: fee for fee in procedure.fees}
    return [
        {
            "id": each.id,
            "name": fees[each.id].name.within(language) if each.id in fees else each.id,
            "timing": timing_words(fees[each.id].timing) if each.id in fees else "",
            "amount": each.amount,
            "left": max(0, each.amount - each.paid),
        }
        for each in state.money
    ]
