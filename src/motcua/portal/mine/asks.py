"""What is asked of the owner of a dossier now, the most pressing first; and the one next thing to do.

Asks the law's own offers, so that nothing is asked that would be refused. Money is the dossier's own account of it.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers.handle import context_for
from motcua.law.actor import Actor
from motcua.law.dossier import Dossier
from motcua.law.offers import offers
from motcua.law.procedure import Procedure
from motcua.portal.mine.words import agency_name, dong, items_words


class Ask(msgspec.Struct, frozen=True):
    """One thing asked of the owner: in words, where it is done, and until when."""

    kind: str
    title: str
    text: str
    label: str
    href: str
    icon: str
    until: datetime | None = None


def asks(state: Dossier, procedure: Procedure, actor: Actor, now: datetime) -> list[Ask]:
    """Everything that waits for the owner."""
    open_to = {offer.action for offer in offers(state, context_for(state, actor, now))}
    found = []
    if "answer_draft" in open_to:
        found.append(_draft(state))
    if "supplement" in open_to:
        found.append(_supplement(state, procedure))
    if state.owed and state.phase != "ended" and state.accepted_at is not None:
        found.append(_payment(state))
    if state.phase == "ready":
        found.append(_collect(state))
    if "rate" in open_to:
        found.append(_rate(state))
    return found


def _draft(state: Dossier) -> Ask:
    shown = state.open_showing
    return Ask(
        kind="draft",
        title=_("Xem dự thảo kết quả"),
        text=_("Đọc kỹ tên, ngày, địa chỉ. Nếu không trả lời trong thời hạn thì coi như đồng ý."),
        label=_("Xem và trả lời"),
        href=reverse("portal:my_draft", args=[state.id]),
        icon="eye",
        until=shown.until if shown else None,
    )


def _supplement(state: Dossier, procedure: Procedure) -> Ask:
    asked = state.supplements[-1]
    regime = next((each for each in versions.regimes() if each.code == state.regime), None)
    days = regime.close_without_supplement_days if regime else None
    return Ask(
        kind="supplement",
        title=_("Bổ sung hồ sơ"),
        text="; ".join(items_words(procedure, asked.items)),
        label=_("Gửi phần bổ sung"),
        href=reverse("portal:my_supplement", args=[state.id]),
        icon="upload",
        until=asked.asked_at + timedelta(days=days) if days else None,
    )


def _payment(state: Dossier) -> Ask:
    return Ask(
        kind="payment",
        title=_("Nộp %(amount)s") % {"amount": dong(state.owed)},
        text=_("Hồ sơ đang chờ khoản này; nộp xong thì đi tiếp.")
        if state.pause is not None and state.pause.ground in ("payment", "tax")
        else _("Hồ sơ vẫn đi tiếp; nộp trước khi nhận kết quả."),
        label=_("Xem cách nộp"),
        href=reverse("portal:my_dossier", args=[state.id]) + "#nop-tien",
        icon="banknote",
    )


def _collect(state: Dossier) -> Ask:
    return Ask(
        kind="collect",
        title=_("Đã có kết quả"),
        text=_("Nhận tại %(agency)s, mang theo giấy tờ tùy thân.") % {"agency": agency_name(state.receiving)},
        label=_("Xem cách nhận"),
        href=reverse("portal:my_dossier", args=[state.id]) + "#ket-qua",
        icon="package-check",
    )


def _rate(state: Dossier) -> Ask:
    return Ask(
        kind="rate",
        title=_("Bạn được phục vụ thế nào?"),
        text=_("Chín câu ngắn, khoảng một phút. Câu nào không biết thì bỏ qua."),
        label=_("Đánh giá"),
        href=reverse("portal:my_rating", args=[state.id]),
        icon="message-square",
    )


def first(found: list[Ask]) -> dict[str, Any] | None:
    """The one next thing, for the head of the page."""
    return msgspec.structs.asdict(found[0]) if found else None
