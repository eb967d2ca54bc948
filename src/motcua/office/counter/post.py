"""Results sent by post: the tracking number taken at the hand-over, and what became of each parcel."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.dossiers import store
from motcua.law.rights import COUNTER
from motcua.office.counter.places import counters
from motcua.office.door import actor_of, official
from motcua.papers.results import post
from motcua.papers.results.tracking import parse_tracking

SHOWN = ("posted", "returned", "delivered")


class NoTrackingError(ValueError):
    """What was typed is no tracking number, in the reader's language."""


def tracked(typed: str) -> str:
    """The tracking number as the post writes it. Raises NoTrackingError."""
    found = parse_tracking(typed)
    if found is None:
        raise NoTrackingError(
            _("Mã bưu gửi có hai chữ, chín số, hai chữ, ví dụ RR 123 456 785 VN; số cuối là số kiểm tra. Hãy gõ lại.")
        )
    return found


@official(*COUNTER)
def deliveries(request: HttpRequest) -> HttpResponse:
    """What is on its way from one's counters; POST writes down what became of one."""
    actor = actor_of(request)
    agencies = [place.number for place in counters(actor)]
    if request.method == "POST":
        return _tell(request, agencies)
    state = request.GET.get("loai", "posted")
    state = state if state in SHOWN else "posted"
    rows = [_row(each) for each in post.under_way(agencies, state)]
    context = {
        "rows": rows,
        "state": state,
        "tabs": [{"href": f"?loai={each}", "label": _STATES[each](), "current": each == state} for each in SHOWN],
        "back": reverse("office:results"),
    }
    return render(request, "office/counter/post.html", context)


_STATES = {
    "posted": lambda: _("Đang trên đường"),
    "returned": lambda: _("Chuyển hoàn"),
    "delivered": lambda: _("Đã phát"),
}


def _row(sent: Any) -> dict[str, Any]:
    stored = store.read(sent.dossier_id)
    return {
        "sent": sent,
        "code": stored[0].code if stored else "",
        "href": reverse("office:dossier", args=[sent.dossier_id]),
        "value": f"{sent.dossier_id}:{sent.seq}",
    }


def _tell(request: HttpRequest, agencies: list[int]) -> HttpResponse:
    dossier, _colon, seq = request.POST.get("buu_gui", "").partition(":")
    became = request.POST.get("nay", "")
    if not (dossier.isdecimal() and seq.isdecimal() and len(dossier) < 19 and len(seq) < 9) or became not in SHOWN[1:]:
        messages.error(request, _("Chưa ghi được: hãy chọn lại."))
        return redirect("office:post")
    if post.is_of(int(dossier), int(seq), agencies) and post.tell(
        int(dossier), int(seq), became, actor_of(request), request.POST.get("words", "")
    ):
        messages.success(request, _("Đã ghi: %(state)s.") % {"state": _STATES[became]()})
    else:
        messages.error(request, _("Bưu gửi này đã có kết quả, hoặc không phải của nơi bạn."))
    return redirect("office:post")
