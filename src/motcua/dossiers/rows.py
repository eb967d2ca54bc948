"""From law to rows: how events, state and tasks look as columns. Pure; writing them is left to `store`."""

from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from motcua.law.actor import Actor
from motcua.law.dossier import Dossier, Task, national_status
from motcua.law.events import AnyEvent
from motcua.law.names import search_key
from motcua.law.rights import COUNTER
from motcua.law.seal import event_hash

_encoder = msgspec.json.Encoder(order="deterministic")
_events: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)
_states = msgspec.json.Decoder(Dossier)


class EventRow(NamedTuple):
    """One row of the journal."""

    seq: int
    type: str
    key: str
    payload: str
    hash: bytes


def as_stored(text: str) -> str:
    """What somebody typed, with a mark for what no text in the database holds: NUL, and halves of characters."""
    return "".join("\ufffd" if each == "\0" or "\ud800" <= each <= "\udfff" else each for each in text)


def actor_mark(actor: Actor, agency: int, role: str = "") -> str:
    """Who acted, as sealed into the journal: `12 Name`, or `12 (5) Name` when only 5's delegation allowed it.

    `role` is that of the task acted on; without one, any post of the actor's own at `agency` will do.
    """
    roles = COUNTER if role in COUNTER else (role,)
    here = [each for each in actor.grants if each.agency == agency]
    posts = [each for each in here if each.role in roles] or here
    lent = [each.by_delegation_of for each in posts if each.by_delegation_of]
    stands_in = f" ({lent[0]})" if lent and len(lent) == len(posts) else ""
    return f"{actor.account}{stands_in} {actor.name}"


def event_rows(
    dossier_id: int,
    seq: int,
    head: bytes,
    at: datetime,
    mark: str,
    agency: int,
    key: str,
    events: tuple[AnyEvent, ...],
) -> list[EventRow]:
    """The rows of one act, sealed one onto the other; the key stands on the first."""
    rows: list[EventRow] = []
    for event in events:
        seq += 1
        kind = event.__struct_config__.tag
        payload = _encoder.encode(event)
        head = event_hash(head, dossier_id, seq, at, str(kind), mark, agency, payload, key)
        rows.append(EventRow(seq, str(kind), key, payload.decode(), head))
        key = ""
    return rows


def decode_event(payload: str) -> AnyEvent:
    """The event in a row of the journal. Raises msgspec.ValidationError on what is none."""
    return _events.decode(payload)


def encode_state(state: Dossier) -> str:
    """The state as stored beside the journal."""
    return _encoder.encode(state).decode()


def decode_state(text: str) -> Dossier:
    """The state as read back. Raises msgspec.ValidationError on what is none."""
    return _states.decode(text)


def dossier_columns(state: Dossier) -> dict[str, Any]:
    """The columns lists are filtered by."""
    return {
        "state": encode_state(state),
        "code": state.code,
        "token": state.token,
        "procedure": state.procedure,
        "version": state.version,
        "channel": state.channel,
        "receiving": state.receiving,
        "phase": state.phase,
        "outcome": state.outcome,
        "status": national_status(state),
        "waiting": state.pause is not None or state.phase == "returned",
        "applicant_name": as_stored(state.applicant.name),
        "applicant_key": search_key(state.applicant.name),
        "applicant_number": as_stored(state.applicant.number),
        "lodged_at": state.lodged_at,
        "accepted_at": state.accepted_at,
        "due_at": state.due_at,
        "finished_at": state.finished_at,
        "handed_at": state.handed_at,
        "account": state.applicant.account,
        "filer": state.submitter.account if state.submitter is not None else 0,
        "wake_at": state.open_showing.until if state.open_showing is not None else None,
    }


TASK_COLUMNS = (
    "no", "agency", "role", "assignee", "procedure", "step", "stage", "kind", "sent_by", "opened_at",
    "due_at", "received", "waiting",
)  # fmt: skip


def task_row(task: Task, state: Dossier) -> tuple[Any, ...]:
    """One open task as columns, in the order of TASK_COLUMNS."""
    return (
        task.no,
        task.agency,
        task.role,
        task.assignee,
        state.procedure,
        task.step,
        task.stage,
        task.kind,
        task.sent_by,
        task.opened_at,
        task.due_at,
        task.received_at is not None,
        state.pause is not None,
    )


def changed_tasks(before: Dossier | None, after: Dossier) -> tuple[list[tuple[Any, ...]], list[int]]:
    """The task rows to write, and the numbers of those that are gone."""
    old = {} if before is None else {task.no: task_row(task, before) for task in before.tasks}
    new = {task.no: task_row(task, after) for task in after.tasks}
    return [row for no, row in new.items() if old.get(no) != row], [no for no in old if no not in new]
