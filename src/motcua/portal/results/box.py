"""What a dossier's page says of its result: the file, how to check it, and where the post has it."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.law.dossier import Dossier
from motcua.papers.results.post import deliveries_of
from motcua.papers.results.tables import Delivery, IssuedResult
from motcua.portal.results.mine import card

POST_WORDS = {
    "posted": lambda: _("Đã gửi bưu điện, đang trên đường tới bạn"),
    "delivered": lambda: _("Bưu điện đã phát"),
    "returned": lambda: _("Bưu điện chuyển hoàn: hãy liên hệ nơi nộp hồ sơ"),
}


def box(state: Dossier, request: HttpRequest) -> dict[str, Any] | None:
    """For `portal/results/box.html`; None while there is nothing to say. The caller decided who may see the dossier."""
    found = list(IssuedResult.objects.filter(dossier_id=state.id).order_by("-seq"))
    posted = [delivery(each) for each in deliveries_of(state.id)]
    if not found and not posted and not state.number:
        return None
    return {
        "results": [{**card(each), "check": reverse("portal:checked_result", args=[each.token])} for each in found],
        "being_signed": not found and bool(state.number),
        "posted": posted,
        "owed": state.owed if state.outcome != "refused" else 0,
        "in_person": state.phase == "ready",
    }


def delivery(sent: Delivery) -> dict[str, Any]:
    """One delivery in words."""
    return {
        "tracking": sent.tracking,
        "words": POST_WORDS[sent.state](),
        "state": sent.state,
        "at": sent.changed_at or sent.posted_at,
    }
