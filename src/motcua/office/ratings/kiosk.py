"""Rating at the counter: a page for one dossier, opened on the tablet or on the resident's own phone.

The office shows a code to scan and a short link, good for minutes and for this dossier alone. The tablet is not signed
in: whoever rates there can come to nothing else.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers import rating_links
from motcua.law.rating import is_rateable
from motcua.law.rights import COUNTER
from motcua.office.door import dossier_or_404, official
from motcua.papers.barcode import qr_svg


@official(*COUNTER)
def kiosk(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The code to scan for this dossier; without a rating to give, back to the dossier."""
    state = dossier_or_404(request, dossier_id)
    if not is_rateable(state):
        return redirect("office:dossier", dossier_id)
    path = reverse("portal:rate_by_link", args=[rating_links.make(state.id, "counter")])
    link = f"{settings.MOTCUA_BASE_URL.rstrip('/')}{path}"
    context = {
        "state": state,
        "name": versions.procedure_version(state.version).name.within(get_language() or "vi"),
        "link": link,
        "qr": mark_safe(qr_svg(link)),  # noqa: S308  drawn by us from our own link
        "minutes": int(rating_links.GOOD_FOR["counter"].total_seconds() // 60),
        "crumbs": [
            (pgettext("quầy", "Tiếp nhận"), reverse("office:counter")),
            (state.code, reverse("office:dossier", args=[state.id])),
            (_("Đánh giá tại quầy"), None),
        ],
    }
    answer = render(request, "office/ratings/kiosk.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
