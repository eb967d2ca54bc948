"""How a dossier's state follows from what happened: `evolve(state, event, at) -> state`.

Pure and total over events that `decide` produced; it judges nothing. The state in the database is always the
fold of the journal by this function, which `motcua verify` checks.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import singledispatch
from typing import Any

from msgspec import structs

from motcua.law import events as e
from motcua.law.dossier import (
    Correction,
    Dossier,
    Draft,
    Extension,
    Issued,
    Money,
    Pause,
    Rating,
    Showing,
    Supplement,
    Task,
)

Changes = dict[str, Any]


def lodge(dossier_id: int, event: e.Lodged, at: datetime) -> Dossier:
    """The state after the first event."""
    return Dossier(
        id=dossier_id,
        seq=1,
        phase="working" if event.replayed else "lodged",
        procedure=event.procedure,
        version=event.version,
        case=event.case,
        channel=event.channel,
        receiving=event.agency,
        applicant=event.applicant,
        submitter=event.submitter,
        form=event.form,
        papers=event.papers,
        sets=event.sets,
        token=event.token,
        replayed=event.replayed,
        lodged_at=at,
        regime=event.regime,
        sources=event.sources,
    )


def evolve(state: Dossier, event: e.AnyEvent, at: datetime) -> Dossier:
    """The state after `event`, recorded at `at`."""
    changes = _changes(event, state, at)
    tasks = changes.pop("tasks", state.tasks)
    if event.closed:
        tasks = tuple(task for task in tasks if task.no not in event.closed)
    if event.opened:
        tasks += event.opened
        changes["next_task"] = max(task.no for task in event.opened) + 1
        arrived = {k: v for k, v in state.arrived.items() if k not in {task.step for task in event.opened}}
        changes.setdefault("arrived", arrived)
    return structs.replace(state, seq=state.seq + 1, tasks=tasks, **changes)


def fold(dossier_id: int, history: Iterable[tuple[e.AnyEvent, datetime]]) -> Dossier:
    """The state after a whole history.

    Raises ValueError when the history does not begin with a lodging.
    """
    state: Dossier | None = None
    for event, at in history:
        if state is None:
            if not isinstance(event, e.Lodged):
                raise ValueError("a history begins with a lodging")
            state = lodge(dossier_id, event, at)
        else:
            state = evolve(state, event, at)
    if state is None:
        raise ValueError("a history has at least one event")
    return state


def _moved(state: Dossier, moved: tuple[Task, ...]) -> tuple[Task, ...]:
    new = {task.no: task for task in moved}
    return tuple(new.get(task.no, task) for task in state.tasks)


def _paid(state: Dossier, amounts: dict[str, int]) -> tuple[Money, ...]:
    return tuple(structs.replace(each, paid=each.paid + amounts.get(each.id, 0)) for each in state.money)


def _owe(state: Dossier, amounts: dict[str, int]) -> tuple[Money, ...]:
    known = {each.id for each in state.money}
    raised = tuple(structs.replace(each, amount=each.amount + amounts.get(each.id, 0)) for each in state.money)
    return raised + tuple(Money(id=k, amount=v) for k, v in sorted(amounts.items()) if k not in known)


@singledispatch
def _changes(event: Any, state: Dossier, at: datetime) -> Changes:
    raise TypeError(f"no rule for {type(event).__name__}")


_on: Callable[..., Any] = _changes.register


@_on
def _(event: e.Accepted, state: Dossier, at: datetime) -> Changes:
    return {
        "phase": "working",
        "code": event.code,
        "book": event.book,
        "accepted_at": at,
        "promised_at": event.due,
        "due_at": event.due,
        "regime": event.regime or state.regime,
        "places": event.places,
        "money": _owe(state, event.money),
    }


@_on
def _(event: e.Declined, state: Dossier, at: datetime) -> Changes:
    return {"phase": "ended", "outcome": "declined", "finished_at": at}


@_on
def _(event: e.SupplementRequested, state: Dossier, at: datetime) -> Changes:
    asked = Supplement(
        asked_at=at,
        items=event.items,
        reason=event.reason,
        at_intake=event.at_intake,
        agency=event.agency,
        stage=event.stage,
        approver=event.approver,
    )
    changes: Changes = {"supplements": (*state.supplements, asked)}
    if event.at_intake:
        return {**changes, "phase": "returned"}
    pause = Pause(ground="supplement", since=at, agency=event.agency)
    return {**changes, "phase": "supplement", "pause": pause, "pauses": state.pauses + 1}


@_on
def _(event: e.Supplemented, state: Dossier, at: datetime) -> Changes:
    answered = structs.replace(state.supplements[-1], given_at=at)
    changes: Changes = {
        "supplements": (*state.supplements[:-1], answered),
        "papers": _merge_papers(state, event),
        "form": {**state.form, **event.form},
    }
    if state.phase == "returned":
        return {**changes, "phase": "lodged"}
    due = event.due or state.due_at
    return {**changes, "phase": "working", "pause": None, "due_at": due, "tasks": _moved(state, event.moved)}


def _merge_papers(state: Dossier, event: e.Supplemented) -> tuple[Any, ...]:
    given = {paper.id: paper for paper in event.papers}
    kept = tuple(given.pop(paper.id, paper) for paper in state.papers)
    return kept + tuple(given.values())


@_on
def _(event: e.Assigned, state: Dossier, at: datetime) -> Changes:
    tasks = tuple(structs.replace(task, assignee=event.to) if task.no == event.task else task for task in state.tasks)
    return {"tasks": tasks}


@_on
def _(event: e.Received, state: Dossier, at: datetime) -> Changes:
    tasks = tuple(structs.replace(task, received_at=at) if task.no in event.tasks else task for task in state.tasks)
    return {"tasks": tasks}


@_on
def _(event: e.Forwarded, state: Dossier, at: datetime) -> Changes:
    changes: Changes = {}
    if event.waiting_for:
        count = state.arrived.get(event.waiting_for, 0) + 1
        changes["arrived"] = {**state.arrived, event.waiting_for: count}
    if event.chosen and event.opened:
        changes["places"] = {**state.places, event.opened[0].stage: event.chosen}
    return changes


@_on
def _(event: e.Suspended, state: Dossier, at: datetime) -> Changes:
    pause = Pause(ground=event.ground, since=at, agency=event.agency, until=event.until, document=event.document)
    return {"pause": pause, "pauses": state.pauses + 1}


@_on
def _(event: e.Resumed, state: Dossier, at: datetime) -> Changes:
    return {"pause": None, "due_at": event.due, "tasks": _moved(state, event.moved)}


@_on
def _(event: e.PaymentRequested, state: Dossier, at: datetime) -> Changes:
    changes: Changes = {"money": _owe(state, event.amounts)}
    if event.pauses:
        changes["pause"] = Pause(ground="payment", since=at, agency=event.agency)
        changes["pauses"] = state.pauses + 1
    return changes


@_on
def _(event: e.PaymentRecorded, state: Dossier, at: datetime) -> Changes:
    changes: Changes = {"money": _paid(state, event.amounts)}
    if event.due is not None:
        changes |= {"pause": None, "due_at": event.due, "tasks": _moved(state, event.moved)}
    return changes


@_on
def _(event: e.ResultDrafted, state: Dossier, at: datetime) -> Changes:
    outcome = "refused" if event.refusal else "granted"
    return {
        "draft": Draft(result=event.result, text=event.text, file=event.file),
        "outcome": outcome,
        "signed_by": 0,
        "signed_at": None,
        "number": "",
        "shown": None,
    }


@_on
def _(event: e.Refused, state: Dossier, at: datetime) -> Changes:
    draft = Draft(result="refusal", text=event.words)
    return {"draft": draft, "outcome": "refused", "signed_by": 0, "signed_at": None, "number": ""}


@_on
def _(event: e.Signed, state: Dossier, at: datetime) -> Changes:
    return {"signed_by": event.task, "signed_at": at}


@_on
def _(event: e.ResultNumbered, state: Dossier, at: datetime) -> Changes:
    return {"number": event.number}


@_on
def _(event: e.SentBack, state: Dossier, at: datetime) -> Changes:
    return {"signed_by": 0, "signed_at": None, "number": ""}


@_on
def _(event: e.Extended, state: Dossier, at: datetime) -> Changes:
    old = state.due_at or event.due
    extension = Extension(at=at, old_due=old, new_due=event.due, reason=event.reason, agency=event.agency)
    return {"extension": extension, "due_at": event.due, "tasks": _moved(state, event.moved)}


@_on
def _(event: e.ResultReady, state: Dossier, at: datetime) -> Changes:
    changes: Changes = {"phase": "ready", "finished_at": state.finished_at or at}
    if state.correcting:
        mended = structs.replace(state.corrections[-1], done_at=at)
        changes["corrections"] = (*state.corrections[:-1], mended)
    return changes


@_on
def _(event: e.HandedOver, state: Dossier, at: datetime) -> Changes:
    return {"phase": "ended", "handed_at": at}


@_on
def _(event: e.Withdrawn, state: Dossier, at: datetime) -> Changes:
    return _end(state, "withdrawn", at)


@_on
def _(event: e.Stopped, state: Dossier, at: datetime) -> Changes:
    return _end(state, "stopped", at)


@_on
def _(event: e.Closed, state: Dossier, at: datetime) -> Changes:
    return _end(state, "closed", at)


def _end(state: Dossier, outcome: str, at: datetime) -> Changes:
    return {"phase": "ended", "outcome": outcome, "finished_at": at, "tasks": (), "pause": None}


@_on
def _(event: e.Corrected, state: Dossier, at: datetime) -> Changes:
    form, applicant = dict(state.form), state.applicant
    for path, (_old, new) in event.changes.items():
        place, _, name = path.partition(".")
        if place == "form":
            form[name] = new
        elif name == "address":
            applicant = structs.replace(applicant, address=structs.replace(applicant.address, text=new))
        else:
            applicant = structs.replace(applicant, **{name: new})
    form = {name: value for name, value in (form | event.form).items() if value is not None}
    return {"form": form, "applicant": applicant}


@_on
def _(event: e.CorrectionOpened, state: Dossier, at: datetime) -> Changes:
    opened = Correction(at=at, reason=event.reason)
    return {
        "phase": "working",
        "corrections": (*state.corrections, opened),
        "signed_by": 0,
        "signed_at": None,
    }


@_on
def _(event: e.DueMoved, state: Dossier, at: datetime) -> Changes:
    return {"due_at": event.due, "tasks": _moved(state, event.moved)}


@_on
def _(event: e.StepRecorded, state: Dossier, at: datetime) -> Changes:
    if event.due is None:
        return {}
    accepted, promised = state.accepted_at or at, state.promised_at or event.due
    return {"accepted_at": accepted, "promised_at": promised, "due_at": event.due}


@_on
def _(event: e.ReplayEnded, state: Dossier, at: datetime) -> Changes:
    return {"phase": "ended", "outcome": "granted", "finished_at": at, "handed_at": at}


@_on
def _(event: e.Noted, state: Dossier, at: datetime) -> Changes:
    if not event.paper:
        return {}
    papers = tuple(
        structs.replace(paper, files=paper.files + event.files) if paper.id == event.paper else paper
        for paper in state.papers
    )
    return {"papers": papers}


@_on
def _(event: e.DraftShown, state: Dossier, at: datetime) -> Changes:
    pause = Pause(ground="confirmation", since=at, agency=event.agency, until=event.until)
    return {"shown": Showing(at=at, until=event.until), "pause": pause, "pauses": state.pauses + 1}


@_on
def _(event: e.DraftAnswered, state: Dossier, at: datetime) -> Changes:
    shown = structs.replace(state.shown, answered_at=at, agrees=event.agrees, words=event.words, silent=event.silent)  # type: ignore[type-var]
    return {"shown": shown, "pause": None, "due_at": event.due, "tasks": _moved(state, event.moved)}


@_on
def _(event: e.ResultIssued, state: Dossier, at: datetime) -> Changes:
    issued = Issued(**{name: getattr(event, name) for name in Issued.__struct_fields__})
    return {"issued": (*state.issued, issued)}


@_on
def _(event: e.PaymentRefunded, state: Dossier, at: datetime) -> Changes:
    return {"money": _paid(state, {fee: -amount for fee, amount in event.amounts.items()})}


@_on
def _(event: e.Rated, state: Dossier, at: datetime) -> Changes:
    return {"rating": Rating(at=at, scores=event.scores, by=event.by, words=event.words)}


@_on
def _(event: e.RatingContested, state: Dossier, at: datetime) -> Changes:
    return {"rating": structs.replace(state.rating, contested_at=at, contested_for=event.reason)}  # type: ignore[type-var]


@_on
def _(event: e.RatingRuled, state: Dossier, at: datetime) -> Changes:
    return {"rating": structs.replace(state.rating, stands=event.stands, ruling=event.words)}  # type: ignore[type-var]


@_changes.register(e.NoticeRecorded)
@_changes.register(e.OpinionAsked)
@_changes.register(e.OpinionGiven)
def _(event: Any, state: Dossier, at: datetime) -> Changes:
    return {}
