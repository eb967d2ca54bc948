"""What a resident may see of each event of their own dossier: one decision for every kind, in one place.

Residents see what was done, when, and by which office and post. They do not see who among the officials did it,
what colleagues say to each other, what is weighed before it is decided, or anything of other people. An event whose
kind has no decision here is not shown.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers.journal import Entry
from motcua.law import events as e
from motcua.law.actor import SYSTEM
from motcua.law.dossier import Dossier
from motcua.law.evolve import evolve
from motcua.law.evolve import lodge as first_state
from motcua.law.procedure import Procedure
from motcua.organisation.directory import directory, roles
from motcua.portal.mine import words as w

Say = Callable[[Any, Procedure], str]


def nothing(_event: Any, _procedure: Procedure) -> str:
    """Not shown: it is between colleagues."""
    return ""


# One line for every kind of event. The words are in `words`; "" hides the event.
SIGHTS: dict[type, Say] = {
    e.Lodged: w.lodged,
    e.Accepted: w.accepted,
    e.Declined: w.declined,
    e.SupplementRequested: w.supplement_requested,
    e.Supplemented: w.supplemented,
    # That somebody has it, not who, nor why it changed hands.
    e.Assigned: w.assigned,
    e.Received: w.received,
    e.Forwarded: w.forwarded,
    # The reason is one colleague's to another.
    e.SentBack: w.sent_back,
    # Whom we asked, not what, nor what they weighed.
    e.OpinionAsked: w.opinion_asked,
    e.OpinionGiven: w.opinion_given,
    e.Suspended: w.suspended,
    e.Resumed: w.resumed,
    e.PaymentRequested: w.payment_requested,
    e.PaymentRecorded: w.payment_recorded,
    e.PaymentRefunded: w.payment_refunded,
    # The note of a showing is written to the applicant; every other event's note is a colleague's.
    # A draft is nobody's answer yet; a proposal to refuse looks like any other.
    e.ResultDrafted: w.drafted,
    e.Refused: w.drafted,
    e.DraftShown: w.draft_shown,
    e.DraftAnswered: w.draft_answered,
    e.Signed: w.signed,
    e.ResultNumbered: w.numbered,
    e.ResultIssued: w.issued,
    e.Extended: w.extended,
    e.ResultReady: w.ready,
    e.HandedOver: w.handed_over,
    e.Withdrawn: w.withdrawn,
    e.Stopped: w.stopped,
    e.Closed: w.closed,
    e.Corrected: w.corrected,
    e.CorrectionOpened: w.correction_opened,
    e.DueMoved: w.due_moved,
    # Words among colleagues never; that a scan was put to a paper, yes.
    e.Noted: w.noted,
    e.NoticeRecorded: w.notice_recorded,
    e.Rated: w.rated,
    e.RatingContested: w.rating_contested,
    e.RatingRuled: w.rating_ruled,
    # The log's activity, not the person the log names.
    e.StepRecorded: w.step_recorded,
    e.ReplayEnded: w.replay_ended,
}
ICONS = {
    "lodged": "send", "accepted": "circle-check", "forwarded": "arrow-right", "signed": "signature",
    "result_ready": "package-check", "handed_over": "package-check", "supplement_requested": "triangle-alert",
    "payment_requested": "banknote", "payment_recorded": "receipt", "draft_shown": "eye", "draft_answered": "eye",
    "notice_recorded": "bell", "noted": "paperclip", "supplemented": "upload", "declined": "circle-x",
    "extended": "clock-alert", "suspended": "pause", "result_issued": "file-text", "rated": "message-square",
}  # fmt: skip
WAITING = (e.SupplementRequested, e.Suspended, e.DraftShown)


class Seen(msgspec.Struct, frozen=True):
    """One line of a dossier's story as its owner sees it."""

    at: datetime
    what: str
    who: str
    kind: str
    waiting: bool = False
    entered: datetime | None = None


def may_tell(event: e.AnyEvent, procedure: Procedure) -> str:
    """What a resident is told of an event, '' when nothing. The one door between the journal and its owner."""
    return SIGHTS.get(type(event), nothing)(event, procedure)


def story(entries: Iterable[Entry], procedure: Procedure, own: int) -> list[Seen]:
    """The whole story, oldest first. `own` is the account of who reads: what they did themselves is theirs."""
    told, state = [], None
    for entry in entries:
        what = may_tell(entry.event, procedure)
        if what:
            told.append(
                Seen(
                    at=entry.event.occurred_at or entry.at,
                    what=what,
                    who=_who(entry, state, procedure, own),
                    kind=entry.type,
                    waiting=isinstance(entry.event, WAITING),
                    entered=entry.at if entry.event.occurred_at else None,
                )
            )
        state = _after(entry, state)
    return told


def as_timeline(seen: Iterable[Seen]) -> list[dict[str, Any]]:
    """For the component that shows a history, the newest first."""
    return [
        {
            "when": each.at, "entered": each.entered, "who": each.who, "what": each.what,
            "icon": ICONS.get(each.kind), "state": "waiting" if each.waiting else "",
        }
        for each in reversed(list(seen))
    ]  # fmt: skip


def _after(entry: Entry, state: Dossier | None) -> Dossier | None:
    """The state after an entry: only to know whose post the next one was."""
    if isinstance(entry.event, e.Lodged):
        return first_state(0, entry.event, entry.at)
    return None if state is None else evolve(state, entry.event, entry.at)


def _who(entry: Entry, before: Dossier | None, procedure: Procedure, own: int) -> str:
    account = entry.actor.split(" ", 1)[0]
    if account == str(own):
        return _("Bạn")
    if account == str(SYSTEM.account):
        return _("Hệ thống")
    if isinstance(entry.event, e.Lodged) and entry.event.channel == "online":
        return _("Người nộp")
    if before is not None and account in _filers(before):
        return _("Người nộp")
    agency = directory().by_number.get(entry.agency)
    place = agency.name.within(get_language() or "vi") if agency else ""
    return ", ".join(filter(None, (place, _post(entry.event, before, procedure))))


def _filers(state: Dossier) -> set[str]:
    people = [state.applicant, *([state.submitter] if state.submitter else [])]
    return {str(each.account) for each in people if each.account}


def _post(event: e.AnyEvent, before: Dossier | None, procedure: Procedure) -> str:
    """The post that acted, from the step the work belonged to."""
    number = getattr(event, "task", 0) or next(iter(getattr(event, "tasks", ()) or ()), 0)
    task = before.task(number) if before is not None and number else None
    role = task.role if task is not None else _counter_role(event, before)
    card = roles().get(role)
    return card.name.within(get_language() or "vi") if card else ""


def _counter_role(event: e.AnyEvent, before: Dossier | None) -> str:
    at_counter = before is None or before.phase in ("lodged", "returned")
    return "reception" if at_counter and not isinstance(event, e.Noted) else ""
