"""Which event of a dossier tells its people what: a pure reading of the journal, without a clock or a table.

The kinds are those of `wording.shapes`. Who is told is `people`'s, when and how is `planning`'s.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from motcua.dossiers.journal import Entry
from motcua.law.dossier import Dossier

Values = dict[str, Any]

# An event told about long after it happened misleads more than it helps (a history that was loaded, a worker that
# stood still for weeks): the dossier's own page says what happened.
TOLD_WITHIN = timedelta(days=7)


class Occasion(NamedTuple):
    """Something to tell: the kind, the step of the journal it comes from, and what the words may speak of."""

    kind: str
    seq: int
    at: datetime
    values: Values


Reading = Callable[[Any, Dossier], tuple[str, Values] | None]


def occasions(state: Dossier, entries: list[Entry], after: int, now: datetime) -> list[Occasion]:
    """What the steps after `after` give occasion to tell, in order."""
    if state.replayed:
        return []
    found = []
    for entry in entries:
        reading = _READINGS.get(entry.type)
        if entry.seq <= after or reading is None or entry.at < now - TOLD_WITHIN:
            continue
        told = reading(entry.event, state)
        if told is not None:
            found.append(Occasion(told[0], entry.seq, entry.at, told[1]))
    return found


def _lodged(_event: Any, state: Dossier) -> tuple[str, Values] | None:
    # At a counter the person holds the receipt a moment later.
    return ("submitted", {}) if state.channel == "online" else None


def _accepted(event: Any, _state: Dossier) -> tuple[str, Values]:
    return "accepted", {"due": event.due.isoformat()}


def _declined(event: Any, _state: Dossier) -> tuple[str, Values]:
    return "declined", {"reason": event.words}


def _supplement(event: Any, _state: Dossier) -> tuple[str, Values]:
    return "supplement", {"count": len(event.items), "reason": event.reason}


def _fee(event: Any, _state: Dossier) -> tuple[str, Values]:
    return "fee", {"amount": sum(event.amounts.values())}


def _paid(event: Any, _state: Dossier) -> tuple[str, Values] | None:
    # Cash changes hands at a counter, against a receipt.
    if event.method == "cash":
        return None
    return "paid", {"amount": sum(event.amounts.values()), "receipt": event.receipt}


def _draft(event: Any, _state: Dossier) -> tuple[str, Values]:
    return "draft", {"until": event.until.isoformat()}


def _extended(event: Any, _state: Dossier) -> tuple[str, Values]:
    return "extended", {"due": event.due.isoformat(), "reason": event.reason, "by": event.agency}


def _moved(event: Any, _state: Dossier) -> tuple[str, Values]:
    return "moved", {"due": event.due.isoformat(), "old": event.old.isoformat(), "reason": event.reason}


def _ready(_event: Any, state: Dossier) -> tuple[str, Values]:
    # A refusal is told when its signed answer lies ready, not when an official proposes it.
    return ("refused" if state.outcome == "refused" else "ready"), {}


def _issued(_event: Any, _state: Dossier) -> tuple[str, Values]:
    return "issued", {}


def _handed_over(_event: Any, _state: Dossier) -> tuple[str, Values]:
    return "handed_over", {}


def _closed(event: Any, _state: Dossier) -> tuple[str, Values]:
    return "closed", {"days": event.days}


def _stopped(event: Any, _state: Dossier) -> tuple[str, Values]:
    return "stopped", {"reason": event.reason}


def _withdrawn(_event: Any, _state: Dossier) -> tuple[str, Values]:
    return "withdrawn", {}


_READINGS: dict[str, Reading] = {
    "lodged": _lodged,
    "accepted": _accepted,
    "declined": _declined,
    "supplement_requested": _supplement,
    "payment_requested": _fee,
    "payment_recorded": _paid,
    "draft_shown": _draft,
    "extended": _extended,
    "due_moved": _moved,
    "result_ready": _ready,
    "result_issued": _issued,
    "handed_over": _handed_over,
    "closed": _closed,
    "stopped": _stopped,
    "withdrawn": _withdrawn,
}
