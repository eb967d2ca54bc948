"""From a dossier's history to its facts: pure, so that following and verifying can never disagree.

What counts as before the date, on time and late is the law's (`limits.timeliness`); what the sums make of it is
in `counting`, storing the facts is left to `facts`, comparing them to `checking`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from msgspec import structs

from motcua.dossiers.journal import Entry
from motcua.law.clocks import Clock, Run, Wait, index_clock, legal_clock, resident_clock, run_of
from motcua.law.directory import Directory
from motcua.law.dossier import PauseGround, Task, national_status
from motcua.law.limits import Timeliness, timeliness
from motcua.law.regimes import Regime
from motcua.law.working_time import WorkingCalendar
from motcua.reports.periods import half_of
from motcua.reports.story import Span, Story

GROUNDS: tuple[PauseGround, ...] = ("supplement", "tax", "payment", "verification", "confirmation")
CASHLESS = {"online", "transfer"}


class Fact(NamedTuple):
    """A row of DossierFact, in the order of its columns."""

    dossier_id: int
    seq: int
    code: str
    procedure: str
    version: int
    field: str
    receiving: int
    tier: str
    district: int
    resolving: int
    channel: str
    applicant_kind: str
    level: int
    lodged_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    promised_at: datetime | None
    index_due_at: datetime | None
    finished_at: datetime | None
    handed_at: datetime | None
    corrected_at: datetime | None
    accepted_half: date | None
    finished_half: date | None
    handed_half: date | None
    outcome: str
    status: int
    timeliness: str
    index_timeliness: str
    index_reason: str
    waiting: bool
    supplements: int
    supplements_at_intake: int
    extended: bool
    sent_back: int
    replayed: bool
    agency: int
    step: str
    stage: str
    legal_minutes: int | None
    index_minutes: int | None
    agency_minutes: int | None
    step_minutes: int | None
    resident_minutes: int | None
    agencies: list[int]
    officers: list[int]
    paid: bool
    paid_online: bool
    identified: bool
    digitised: bool
    reused: bool
    e_result: bool


class Stage(NamedTuple):
    """A row of StageFact, in the order of its columns."""

    dossier_id: int
    no: int
    receiving: int
    field: str
    procedure: str
    version: int
    step: str
    stage: str
    agency: int
    role: str
    kind: str
    officer: int
    closed_by: int
    sent_by: int
    opened: datetime
    received: datetime | None
    closed: datetime | None
    due: datetime
    allowed: int
    worked: int | None
    waited: int | None
    waited_supplement: int | None
    waited_tax: int | None
    waited_payment: int | None
    waited_verification: int | None
    waited_confirmation: int | None
    late: bool | None
    in_transit: int | None
    ended_by: str
    replayed: bool


class SpanRow(NamedTuple):
    """A row of DossierSpan, in the order of its columns."""

    dossier_id: int
    no: int
    since: datetime
    until: datetime | None
    state: str
    ground: str
    due: datetime | None
    receiving: int
    field: str
    procedure: str
    replayed: bool


class Facts(NamedTuple):
    """All facts of one dossier."""

    dossier: Fact
    stages: list[Stage]
    spans: list[SpanRow]


@dataclass(frozen=True)
class Surroundings:
    """What the facts need besides the journal: the organisation, calendars, the law's regimes, versions.

    `level_of` is the highest online level that a version of a procedure allows.
    """

    directory: Directory
    calendar: Callable[[int], WorkingCalendar]
    regimes: Mapping[str, Regime]
    field_of: Callable[[int], str]
    level_of: Callable[[int], int]


def read(dossier_id: int, entries: Sequence[Entry], around: Surroundings) -> Facts:
    """The facts of one dossier from its whole history.

    Raises ValueError or KeyError on a history that the law cannot have written.
    """
    return of_story(Story(dossier_id, entries, around.regimes), entries[-1].at, around)


def of_story(story: Story, now: datetime, around: Surroundings) -> Facts:
    """The facts of a story whose last event was at `now`."""
    field = around.field_of(story.state.version)
    waits = _waits(story)
    stages = [_stage(story, task, waits, now, field, around) for _no, task in sorted(story.reading.opened.items())]
    spans = story.spans()
    fact = _fact(story, stages, spans, now, field, around)
    state = story.state
    rows = [
        SpanRow(state.id, no, *span, state.receiving, field, state.procedure, state.replayed)
        for no, span in enumerate(spans, start=1)
    ]
    return Facts(fact, stages, rows)


def _waits(story: Story) -> list[Wait]:
    pause = story.state.pause
    goes_on = [] if pause is None else [Wait(pause.ground, pause.agency, pause.since, None)]
    return [*story.reading.waits, *goes_on]


def _clocks(story: Story, now: datetime, around: Surroundings) -> tuple[Clock | None, Clock | None]:
    """The legal and the index clock as they stood at the answer, or now where there is none."""
    state = story.state
    calendar = around.calendar(state.receiving)
    if story.answer is None:
        waits = _waits(story)
        return (
            legal_clock(state, story.reading.restarted, waits, calendar, now),
            index_clock(state, waits, calendar, now),
        )
    answer = story.answer
    waits, at = story.reading.waits[: story.waits_at_answer], answer.finished_at or now
    return (
        legal_clock(answer, story.restarted_at_answer, waits, calendar, at),
        index_clock(answer, waits, calendar, at),
    )


def _fact(
    story: Story, stages: Sequence[Stage], spans: Sequence[Span], now: datetime, field: str, around: Surroundings
) -> Fact:
    state = story.state
    holder = state.tasks[0] if state.tasks else None
    return Fact(
        dossier_id=state.id,
        seq=state.seq,
        code=state.code,
        procedure=state.procedure,
        version=state.version,
        field=field,
        channel=state.channel,
        applicant_kind=state.applicant.kind,
        level=around.level_of(state.version),
        status=national_status(state),
        waiting=bool(spans) and spans[-1].until is None and spans[-1].state == "waiting",
        replayed=state.replayed,
        agency=holder.agency if holder else 0,
        step=holder.step if holder else "",
        stage=holder.stage if holder else "",
        officers=_once(each.officer for each in stages),
        **_places(story, stages, around.directory),
        **_dates(story),
        **_verdicts(story, stages, now, around),
        **_marks(story),
    )


def _places(story: Story, stages: Sequence[Stage], known: Directory) -> dict[str, Any]:
    """Where it was received, where it was resolved, and the houses it passed."""
    receiving = story.state.receiving
    house = known.by_number.get(known.house(receiving)) if receiving in known.by_number else None
    district = known.at_tier(receiving, "district")
    return {
        "receiving": receiving,
        "tier": house.tier if house else "",
        "district": district.number if district else 0,
        "resolving": _resolving(story, known),
        "agencies": _once(_house(each.agency, known) for each in stages),
    }


def _resolving(story: Story, known: Directory) -> int:
    return _house(story.drafted_by or story.state.receiving, known)


def _dates(story: Story) -> dict[str, Any]:
    """Every instant of it; what was answered has the dates of its first answer."""
    state = story.state
    said = story.answer or state
    return {
        "lodged_at": state.lodged_at,
        "accepted_at": state.accepted_at,
        "due_at": said.due_at,
        "promised_at": state.promised_at,
        "finished_at": said.finished_at,
        "handed_at": state.handed_at,
        "corrected_at": story.corrected_at,
        "accepted_half": _half(state.accepted_at),
        "finished_half": _half(said.finished_at),
        "handed_half": _half(state.handed_at),
    }


def _verdicts(story: Story, stages: Sequence[Stage], now: datetime, around: Surroundings) -> dict[str, Any]:
    """How it ended, whether it was late by the law and by the index, and what the five clocks said at the answer."""
    state, answer, known = story.state, story.answer, around.directory
    said = answer or state
    finished, due = said.finished_at, said.due_at
    legal, index_run = _clocks(story, now, around)
    index = index_run.timeliness.value if index_run and index_run.timeliness else ""
    worked = [
        (each.agency, each.worked or 0) for each in stages if finished and each.closed and each.opened <= finished
    ]
    resolving = _resolving(story, known)
    ended = state.handed_at or (state.finished_at if state.phase == "ended" else None)
    return {
        "outcome": said.outcome or ("granted" if answer else ""),
        "timeliness": timeliness(finished, due).value if answer and finished and due else "",
        "index_timeliness": index,
        "index_reason": _index_reason(index, sum(not each.at_intake for each in said.supplements)),
        "index_due_at": index_run.due if index_run else None,
        "legal_minutes": legal.minutes if answer and legal else None,
        "index_minutes": index_run.minutes if answer and index_run else None,
        "agency_minutes": sum(n for agency, n in worked if _house(agency, known) == resolving) if answer else None,
        "step_minutes": max((n for _agency, n in worked), default=0) if answer else None,
        "resident_minutes": resident_clock(state, ended).minutes if ended else None,
    }


def _marks(story: Story) -> dict[str, Any]:
    """What happened on the way, and how much of it was done without paper and without coming."""
    state = story.state
    return {
        "supplements": sum(not each.at_intake for each in state.supplements),
        "supplements_at_intake": sum(each.at_intake for each in state.supplements),
        "extended": state.extension is not None,
        "sent_back": story.sent_back,
        "paid": bool(story.methods),
        "paid_online": bool(story.methods & CASHLESS),
        "identified": bool(state.applicant.account or (state.submitter and state.submitter.account)),
        "digitised": bool(state.papers) and all(each.files or each.source for each in state.papers if each.is_given),
        "reused": any(each.source for each in state.papers) or bool(state.sources),
        "e_result": bool(state.issued),
    }


def _index_reason(index: str, asked: int) -> str:
    """Why the index counts it as late: more than one supplement, whatever the date, or the date."""
    if index != Timeliness.LATE.value:
        return ""
    return "supplements" if asked > 1 else "after_date"


def _house(agency: int, known: Directory) -> int:
    return known.house(agency) if agency in known.by_number else agency


def _half(instant: datetime | None) -> date | None:
    return None if instant is None else half_of(instant)


def _once(numbers: Iterable[int]) -> list[int]:
    return [each for each in dict.fromkeys(numbers) if each]


def _stage(story: Story, task: Task, waits: Sequence[Wait], now: datetime, field: str, around: Surroundings) -> Stage:
    calendar, state = around.calendar(task.agency), story.state
    run, closed = run_of(task, story.reading.closed.get(task.no), waits, calendar, now), story.closed(task.no)
    if task.no in story.ready:
        run = _until_ready(run, story.ready[task.no], waits, calendar)
    grounds = _grounds(run, waits, calendar) if closed and run.waited else dict.fromkeys(GROUNDS, 0)
    done = closed is not None
    return Stage(
        dossier_id=state.id,
        no=task.no,
        receiving=state.receiving,
        field=field,
        procedure=state.procedure,
        version=state.version,
        step=task.step,
        stage=task.stage,
        agency=task.agency,
        role=task.role,
        kind=task.kind,
        officer=task.assignee or story.closers.get(task.no, 0),
        closed_by=story.closers.get(task.no, 0) if done else 0,
        sent_by=task.sent_by,
        opened=task.opened_at,
        received=task.received_at,
        closed=closed,
        due=task.due_at,
        allowed=calendar.worked_minutes_between(task.opened_at, task.due_at) if task.due_at > task.opened_at else 0,
        worked=run.worked if done else None,
        waited=run.waited if done else None,
        **{f"waited_{ground}": grounds[ground] if done else None for ground in GROUNDS},
        late=run.late if done else None,
        in_transit=_in_transit(task, calendar),
        ended_by=story.ended_by.get(task.no, "") if done else "",
        replayed=state.replayed,
    )


def _in_transit(task: Task, calendar: WorkingCalendar) -> int | None:
    if task.received_at is None:
        return None
    return calendar.worked_minutes_between(task.opened_at, task.received_at) if task.received_at > task.opened_at else 0


def _until_ready(run: Run, ready: datetime, waits: Sequence[Wait], calendar: WorkingCalendar) -> Run:
    """The work of a task ends when the result lies at the counter: how late it is collected is nobody's lateness."""
    waited = sum(_overlap(wait, run.opened, ready, calendar) for wait in waits)
    worked = calendar.worked_minutes_between(run.opened, ready) - waited if ready > run.opened else 0
    return structs.replace(run, closed=ready, worked=worked, waited=waited, late=ready > run.due)


def _grounds(run: Run, waits: Sequence[Wait], calendar: WorkingCalendar) -> dict[PauseGround, int]:
    found = dict.fromkeys(GROUNDS, 0)
    for wait in waits:
        found[wait.ground] += _overlap(wait, run.opened, run.closed or run.opened, calendar)
    return found


def _overlap(wait: Wait, opened: datetime, closed: datetime, calendar: WorkingCalendar) -> int:
    since, until = max(wait.since, opened), min(wait.until or closed, closed)
    return calendar.worked_minutes_between(since, until) if since < until else 0
