"""What machines are told of a dossier: its row, what is asked of the applicant, and what happened, without words.

Whatever colleagues say to each other, and who among them did something, is not told.
"""

from typing import Any

from motcua.api import shapes as s
from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.dossiers.handle import context_for
from motcua.dossiers.journal import Entry
from motcua.law.actor import Actor
from motcua.law.codes import reference
from motcua.law.dossier import NATIONAL_STATUSES, Dossier, national_status
from motcua.law.offers import offers
from motcua.law.texts import Text
from motcua.organisation.directory import directory

# Between colleagues: who has it, what they ask each other, what they think of it.
UNTOLD = frozenset({"assigned", "received", "sent_back", "opinion_asked", "opinion_given", "noted", "result_drafted",
                    "refused", "corrected", "notice_recorded"})  # fmt: skip


def text(said: Text) -> s.TextOut:
    """Both languages; Vietnamese stands for what has no English."""
    return s.TextOut(vi=said.vi, en=said.en or said.vi)


def _row(state: Dossier) -> dict[str, Any]:
    status = national_status(state)
    vi, en = NATIONAL_STATUSES[status]
    return {
        "id": state.id,
        "reference": reference(state.id),
        "code": state.code,
        "procedure": state.procedure,
        "case": state.case,
        "applicant": state.applicant.name,
        "status": status,
        "status_text": s.TextOut(vi=vi, en=en),
        "lodged_at": state.lodged_at,
        "due_at": state.due_at,
        "finished_at": state.finished_at,
    }


def row(state: Dossier) -> s.DossierRow:
    """A dossier in a list."""
    return s.DossierRow(**_row(state))


def whole(state: Dossier, actor: Actor) -> s.DossierOut:
    """A dossier as the account that owns or filed it sees it."""
    return s.DossierOut(
        **_row(state),
        seq=state.seq,
        form=state.form,
        money=[s.MoneyOut(id=each.id, amount=each.amount, paid=each.paid) for each in state.money],
        asked=_asked(state, actor),
        results=[
            s.IssuedOut(file=each.file, number=each.number, name=each.name, media=each.media, signed_at=each.signed_at)
            for each in state.issued
        ],
        tracking=state.token,
    )


def _asked(state: Dossier, actor: Actor) -> list[s.AskedOut]:
    open_to = {offer.action for offer in offers(state, context_for(state, actor, clock.now()))}
    found: list[s.AskedOut] = []
    if "answer_draft" in open_to and state.open_showing is not None:
        found.append(s.AskedOut(kind="answer_draft", until=state.open_showing.until))
    if "supplement" in open_to and state.open_supplement is not None:
        asked = state.open_supplement
        items = [item for item in asked.items if not item.startswith("*")]
        words = "\n".join([asked.reason, *(item[1:] for item in asked.items if item.startswith("*"))])
        found.append(s.AskedOut(kind="supplement", items=items, words=words))
    if state.owed and state.phase != "ended" and state.accepted_at is not None:
        found.append(s.AskedOut(kind="payment"))
    if "rate" in open_to:
        found.append(s.AskedOut(kind="rate"))
    return found


def happened(entries: list[Entry]) -> list[s.HappenedOut]:
    """What happened, oldest first."""
    agencies = directory().by_number
    return [
        s.HappenedOut(
            seq=entry.seq,
            type=entry.type,
            at=entry.at,
            agency=agencies[entry.agency].code if entry.agency in agencies else "",
        )
        for entry in entries
        if entry.type not in UNTOLD
    ]


def procedure_name(state: Dossier) -> Text:
    """What it is about."""
    return versions.procedure_version(state.version).name
