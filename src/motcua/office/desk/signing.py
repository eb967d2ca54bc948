"""Signing: a stack of summaries, each with the draft, what is unusual about it, and its clock."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers import clock, store
from motcua.dossiers.clock_face import dossier_face
from motcua.dossiers.inbox import Inbox, Row
from motcua.dossiers.journal import histories
from motcua.dossiers.rows import decode_state
from motcua.law import events as e
from motcua.law.dossier import Dossier
from motcua.office.desk.lists import tomorrow
from motcua.office.door import actor_of, official

MOST = 200


@official("leader", "head", "one_stop_head")
def signing(request: HttpRequest) -> HttpResponse:
    """Everything that waits for the actor's signature, plain ones first."""
    now = clock.now()
    rows, _following = Inbox(actor_of(request), now, tomorrow(now)).page("all", limit=MOST)
    waiting = [row for row in rows if _is_to_sign(row)]
    states = _states([row.dossier_id for row in waiting])
    remarks = _remarks([row.dossier_id for row in waiting])
    language = get_language() or "vi"
    cards: list[dict[str, Any]] = []
    for row in waiting:
        state = states[row.dossier_id]
        if state.draft is None:
            continue
        unusual = remarks.get(row.dossier_id, [])
        if state.outcome == "refused":
            unusual = [_("Từ chối giải quyết"), *unusual]
        if row.due_at < now:
            unusual = [_("Bước ký đã trễ hạn"), *unusual]
        cards.append(
            {
                "value": f"{row.dossier_id}:{row.no}",
                "href": reverse("office:dossier", args=[row.dossier_id]),
                "code": row.code,
                "title": versions.procedure_version(row.version).name.within(language),
                "applicant": row.applicant_name,
                "clock": dossier_face(state, now),
                "text": state.draft.text,
                "unusual": unusual,
            }
        )
    cards.sort(key=lambda card: bool(card["unusual"]))
    plain = sum(not card["unusual"] for card in cards)
    context = {"cards": cards, "plain": plain, "key": uuid4().hex}
    return render(request, "office/signing.html", context)


def _is_to_sign(row: Row) -> bool:
    if row.kind == "opinion" or row.waiting:
        return False
    return "sign" in versions.procedure_version(row.version).process.step(row.step).actions


def _states(ids: list[int]) -> dict[int, Dossier]:
    with store.cursor() as run:
        rows = run.execute("SELECT id, state FROM dossiers_dossier WHERE id = ANY (%s)", (ids,)).fetchall()
    return {row[0]: decode_state(row[1]) for row in rows}


def _remarks(ids: list[int]) -> dict[int, list[str]]:
    """What a leader should read before signing: dissent, returns, supplements, moved dates."""
    found: dict[int, list[str]] = {}
    for dossier_id, entry in histories(ids):
        said = found.setdefault(dossier_id, [])
        match entry.event:
            case e.OpinionGiven(agrees=False):
                said.append(_("Có ý kiến không đồng ý"))
            case e.SentBack():
                said.append(_("Đã từng bị trả lại"))
            case e.Extended():
                said.append(_("Đã xin lỗi, hẹn lại"))
            case _:
                pass
    return found
