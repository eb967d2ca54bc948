"""How long a campaign can be answered: its date moved, closed before it, opened again; who may, and what is refused.

A new date always lies ahead of the hour it was set at. So nobody ever becomes late by an act of the city: whoever had
signed signed before the new date, and whoever had signed too late may have become in time.
"""

from datetime import datetime
from typing import Literal

import msgspec

from motcua.law.actor import Actor
from motcua.law.directory import Directory
from motcua.law.refusal import Refusal
from motcua.law.texts import Text

Change = Literal["move", "close", "reopen"]

LONGEST_REASON = 1000
CLOSED = Text(
    "Đợt thu thập đã đóng: phiếu không ghi, nộp hay ký được nữa.",
    "The campaign is closed: nothing can be written, handed in or signed any more.",
)


class Term(msgspec.Struct, frozen=True):
    """Until when a campaign is to be answered, and since when it cannot be any more (None: it can)."""

    due_at: datetime
    closed_at: datetime | None = None

    @property
    def is_closed(self) -> bool:
        """True when nothing can be written any more."""
        return self.closed_at is not None


def sets_terms(actor: Actor, directory: Directory) -> bool:
    """True for the control office of the city (and for the system): it opens campaigns, moves and closes them."""
    return actor.kind == "system" or any(
        each.role == "control" and each.agency in directory.by_number and directory[each.agency].tier == "city"
        for each in actor.grants
    )


def change_refusal(
    actor: Actor, change: Change, term: Term, due: datetime | None, reason: str, now: datetime, directory: Directory
) -> Refusal | None:
    """Why not, or None when it may be done. `due` is the new date of what is moved or opened again."""
    if not sets_terms(actor, directory):
        return Refusal(
            "campaign_not_yours",
            Text(
                "Chỉ bộ phận kiểm soát của thành phố dời hạn, đóng hay mở lại đợt thu thập.",
                "Only the city's control office moves, closes or reopens a campaign.",
            ),
        )
    if change == "reopen" and not term.is_closed:
        return Refusal("campaign_open", Text("Đợt này đang mở.", "This campaign is open."))
    if change != "reopen" and term.is_closed:
        return Refusal("campaign_closed", Text("Đợt này đã đóng.", "This campaign is closed already."))
    if not reason.strip():
        return Refusal("campaign_words", Text("Hãy ghi lý do.", "Say why."))
    if len(reason.strip()) > LONGEST_REASON:
        return Refusal("campaign_words", Text(f"Lý do dài hơn {LONGEST_REASON} ký tự.",
                                              f"The reason is longer than {LONGEST_REASON} characters."))  # fmt: skip
    return None if change == "close" else _date_refusal(change, term, due, now)


def _date_refusal(change: Change, term: Term, due: datetime | None, now: datetime) -> Refusal | None:
    if due is None or due <= now:
        return Refusal("campaign_date", Text("Hạn mới phải ở phía trước.", "The new date must lie ahead."))
    if change == "move" and due == term.due_at:
        return Refusal("campaign_date", Text("Đó là hạn đang có hiệu lực.", "That is the date which holds already."))
    return None


def is_late(term: Term, signed_at: datetime | None, owes: bool, now: datetime) -> bool:
    """True when nothing was signed by the date that holds. What is owed to a closed campaign never comes: it is no
    longer late, it is not answered."""
    if term.is_closed and owes:
        return False
    return now > term.due_at if signed_at is None else signed_at > term.due_at


def is_unanswered(term: Term, owes: bool) -> bool:
    """True when an answer was still owed when the campaign was closed."""
    return term.is_closed and owes
