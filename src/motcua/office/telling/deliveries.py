"""Đã gửi gì: what was told about one dossier, to whom, on which way, and what became of each."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers import search, store
from motcua.dossiers.policy import may_see
from motcua.law.codes import normalise_code_input, parse_reference
from motcua.law.dossier import Dossier
from motcua.notices import history
from motcua.office.door import actor_of, official
from motcua.office.telling.tabs import tabs_for
from motcua.office.telling.words import CHANNELS, STATES


@official()
def told(request: HttpRequest) -> HttpResponse:
    """Asks for a code; what one may not see does not exist."""
    typed = request.GET.get("ma", "").replace("\0", "").strip()[:80]
    state = _found(typed) if typed else None
    if state is not None and not may_see(actor_of(request), state):
        state = None
    context: dict[str, Any] = {"tabs": tabs_for(request, "telling_deliveries"), "typed": typed, "state": state}
    if state is not None:
        context["rows"] = [_row(each) for each in history.told_about(state.id, get_language() or "vi")]
        context["href"] = reverse("office:dossier", args=[state.id])
    return render(request, "office/telling/deliveries.html", context, status=404 if typed and state is None else 200)


def _found(typed: str) -> Dossier | None:
    number = parse_reference(typed)
    if number is not None:
        stored = store.read(number)
        return stored[0] if stored else None
    return search.by_code(normalise_code_input(typed))


def _row(notice: history.Told) -> dict[str, Any]:
    kept_in = {
        "inbox": _("chỉ trong hộp thông báo"),
        "opted_out": _("người nhận đã tắt loại tin này"),
        "no_contact": _("không có số điện thoại hay thư điện tử"),
        "no_channel": _("thành phố chưa bật cách gửi nào"),
        "over_limit": _("cơ quan đã hết số tin trong ngày"),
    }
    return {
        "notice": notice,
        "kept_in": kept_in.get(notice.kept_in, notice.kept_in),
        "ways": [
            {
                "way": way,
                "channel": CHANNELS[way.channel],
                "state": STATES[way.state],
                "look": LOOKS.get(way.state, "done"),
            }
            for way in notice.ways
        ],
    }


LOOKS = {
    "delivered": "on_time", "sent": "on_time", "failed": "late", "expired": "late", "unknown": "due_today",
    "doubtful": "due_today", "waiting": "waiting", "sending": "waiting", "held": "done", "needless": "done",
}  # fmt: skip
