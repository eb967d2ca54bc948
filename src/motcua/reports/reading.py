"""From a dossier's history to its facts: pure, so that following and verifying can never disagree.

What counts as before the date, on time and late is the law's (`limits.timeliness`); storing the facts is left
to `facts`, comparing them to `checking`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from msgspec import structs

from motcua.dossiers.journal import Entry
from motcua.law import events as e
from motcua.law.clocks import Run, Wait, read_clocks
from motcua.law.directory import Directory
from motcua.law.dossier import Dossier, national_status
from motcua.law.evolve import evolve, lodge
from motcua.law.limits import timeliness
from motcua.law.regimes import Regime
from motcua.law.working_time import WorkingCalendar, city_day


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
    lodged_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    promised_at: datetime | None
    finished_at: datetime | None
    handed_at: datetime | None
    accepted_month: date | None
    finished_month: date | None
    handed_month: date | None
    outcome: str
    status: int
    timeliness: str
    index_timeliness: str
    waiting: bool
    supplements: int
    extended: bool
    replayed: bool
    agency: int
    step: str
    stage: str


class Stage(NamedTuple):
    """A row of StageFact, in the order of its columns."""

    dossier_id: int
    no: int
    receiving: int
    field: str
    procedure: str
    step: str
    stage: str
    agency: int
    role: str
    kind: str
    officer: int
    opened: datetime
    received: datetime | None
    closed: datetime | None
    due: datetime
    worked: int | None
    waited: int | None
    late: bool | None
    in_transit: int | None


@dataclass(frozen=True)
class Surroundings:
    """What the facts need besides the journal: the organisation, calendars, the law's regimes, fields."""

    directory: Directory
    calendar: Callable[[int], WorkingCalendar]
    regimes: Mapping[str, Regime]
    field_of: Callable[[int], str]


class _Fold:
    """Folds a history and remembers what the facts ask for: the first answer, who drafted, who closed a task."""

    def __init__(self, dossier_id: int, entries: Sequence[Entry]) -> None:
        self.answer: Dossier | None = None
        self.answered_after = 0
        self.drafted_by = 0
        self.closers: dict[int, int] = {}
        self.ready: dict[int, datetime] = {}
        state: Dossier | None = None
        for count, entry in enumerate(entries, start=1):
            event = entry.event
            if state is None:
                if not isinstance(event, e.Lodged):
                    raise ValueError("a history begins with a lodging")
                state = lodge(dossier_id, event, entry.at)
                continue
            if isinstance(event, e.ResultDrafted | e.Refused) and self.answer is None:
                drafting = state.task(event.task)
                self.drafted_by = drafting.agency if drafting else entry.agency
            state = evolve(state, event, entry.at)
            for number in event.closed:
                self.closers.setdefault(number, _account(entry.actor))
            if isinstance(event, e.ResultReady):
                self.ready[event.task] = entry.at
                self.closers[event.task] = _account(entry.actor)
            if isinstance(event, e.ResultReady | e.ReplayEnded) and self.answer is None:
                self.answer, self.answered_after = state, count
                if isinstance(event, e.ReplayEnded):
                    self.drafted_by = entry.agency
        if state is None:
            raise ValueError("a history has at least one event")
        self.state = state


def _account(mark: str) -> int:
    number = mark.partition(" ")[0]
    return int(number) if number.isdecimal() else 0


def month_of(instant: datetime | None) -> date | None:
    """The first day of the city's month in which the instant lies."""
    return None if instant is None else city_day(instant).replace(day=1)


def read(dossier_id: int, entries: Sequence[Entry], around: Surroundings) -> tuple[Fact, list[Stage]]:
    """The facts of one dossier from its whole history.

    Raises ValueError or KeyError on a history that the law cannot have written.
    """
    fold = _Fold(dossier_id, entries)
    now = entries[-1].at
    regimes = dict(around.regimes)
    history = [(entry.event, entry.at) for entry in entries]
    clocks = read_clocks(dossier_id, history, around.calendar, regimes, now)
    answered = clocks
    if fold.answer is not None and fold.state.corrections:
        answered = read_clocks(dossier_id, history[: fold.answered_after], around.calendar, regimes, now)
    verdict = answered.index.timeliness if answered.index else None
    fact = _fact(fold, around, "" if verdict is None else verdict.value)
    runs = [_until_ready(run, fold.ready.get(run.no), clocks.waits, around) for run in clocks.runs]
    return fact, [_stage(fold, run, around) for run in runs]


def _until_ready(run: Run, ready: datetime | None, waits: Sequence[Wait], around: Surroundings) -> Run:
    """The work of a task ends when the result lies at the counter: how late it is collected is nobody's lateness."""
    if ready is None:
        return run
    calendar = around.calendar(run.agency)
    waited = 0
    for wait in waits:
        since, until = max(wait.since, run.opened), min(wait.until or ready, ready)
        waited += calendar.worked_minutes_between(since, until) if since < until else 0
    worked = calendar.worked_minutes_between(run.opened, ready) - waited if ready > run.opened else 0
    return structs.replace(run, closed=ready, worked=worked, waited=waited, late=ready > run.due)


def _fact(fold: _Fold, around: Surroundings, index: str) -> Fact:
    state, known = fold.state, around.directory
    said = fold.answer or state
    finished, due = said.finished_at, said.due_at
    verdict = timeliness(finished, due).value if fold.answer and finished and due else ""
    house = known.by_number.get(known.house(state.receiving)) if state.receiving in known.by_number else None
    district = known.at_tier(state.receiving, "district")
    resolving = fold.drafted_by if fold.drafted_by in known.by_number else state.receiving
    holder = state.tasks[0] if state.tasks else None
    waits = state.pause is not None and finished is None
    return Fact(
        dossier_id=state.id,
        seq=state.seq,
        code=state.code,
        procedure=state.procedure,
        version=state.version,
        field=around.field_of(state.version),
        receiving=state.receiving,
        tier=house.tier if house else "",
        district=district.number if district else 0,
        resolving=known.house(resolving) if resolving in known.by_number else resolving,
        channel=state.channel,
        lodged_at=state.lodged_at,
        accepted_at=state.accepted_at,
        due_at=due,
        promised_at=state.promised_at,
        finished_at=finished,
        handed_at=state.handed_at,
        accepted_month=month_of(state.accepted_at),
        finished_month=month_of(finished),
        handed_month=month_of(state.handed_at),
        outcome=said.outcome or ("granted" if fold.answer else ""),
        status=national_status(state),
        timeliness=verdict,
        index_timeliness=index,
        waiting=waits and not (state.pause and due and state.pause.since > due),
        supplements=sum(not each.at_intake for each in state.supplements),
        extended=state.extension is not None,
        replayed=state.replayed,
        agency=holder.agency if holder else 0,
        step=holder.step if holder else "",
        stage=holder.stage if holder else "",
    )


def _stage(fold: _Fold, run: Run, around: Surroundings) -> Stage:
    done = run.closed is not None
    transit = None
    if run.received is not None:
        calendar = around.calendar(run.agency)
        transit = calendar.worked_minutes_between(run.opened, run.received) if run.received > run.opened else 0
    return Stage(
        dossier_id=fold.state.id,
        no=run.no,
        receiving=fold.state.receiving,
        field=around.field_of(fold.state.version),
        procedure=fold.state.procedure,
        step=run.step,
        stage=run.stage,
        agency=run.agency,
        role=run.role,
        kind=run.kind,
        officer=run.assignee or fold.closers.get(run.no, 0),
        opened=run.opened,
        received=run.received,
        closed=run.closed,
        due=run.due,
        worked=run.worked if done else None,
        waited=run.waited if done else None,
        late=run.late if done else None,
        in_transit=transit,
    )


# What a month counts. An answer counts twice on purpose: by its timeliness and by its outcome.
MEASURES = (
    "received", "before_date", "on_time", "late", "granted", "refused", "declined", "withdrawn", "stopped", "closed",
    "handed",
)  # fmt: skip
CubeKey = tuple[date, int, str, str]


def counted(fact: Fact) -> list[tuple[CubeKey, str]]:
    """Where a fact counts in the monthly sums: nowhere when it is a replay."""
    if fact.replayed:
        return []
    found: list[tuple[CubeKey, str]] = []

    def add(month: date | None, measure: str) -> None:
        if month is not None and measure in MEASURES:
            found.append(((month, fact.receiving, fact.procedure, fact.field), measure))

    add(fact.accepted_month, "received")
    if fact.timeliness:
        add(fact.finished_month, fact.timeliness)
    add(fact.finished_month, fact.outcome)
    add(fact.handed_month, "handed")
    return found
