"""The five clocks of a dossier, all read off its journal: legal, index, agency, step, and the resident's own.

The legal clock goes on after a supplement as the regime says; the index clock (Decision 766/QĐ-TTg)
subtracts every lawful wait and counts a second supplement as late; the resident's clock never stops.
Showing them is left to the faces, adding them up to `reports/`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from motcua.law import events as e
from motcua.law.dossier import Dossier, PauseGround, Task, TaskKind
from motcua.law.evolve import evolve, lodge
from motcua.law.limits import Timeliness, timeliness
from motcua.law.regimes import Regime
from motcua.law.working_time import WorkingCalendar

Calendars = Callable[[int], WorkingCalendar]


class Wait(msgspec.Struct, frozen=True):
    """One lawful wait: its ground, where, from when to when (None: it goes on)."""

    ground: PauseGround
    agency: int
    since: datetime
    until: datetime | None


class Run(msgspec.Struct, frozen=True):
    """One task from its opening to its end: the step's clock.

    `worked` and `waited` are minutes of the agency's working time, `due` the last date that held.
    `late` compares the end (or now) with it.
    """

    no: int
    step: str
    stage: str
    agency: int
    role: str
    kind: TaskKind
    assignee: int
    sent_by: int
    opened: datetime
    received: datetime | None
    closed: datetime | None
    due: datetime
    worked: int
    waited: int
    late: bool


class Clock(msgspec.Struct, frozen=True):
    """One clock: minutes run so far, and the date it must not pass (None where there is none)."""

    started: datetime
    stopped: datetime | None
    minutes: int
    due: datetime | None
    timeliness: Timeliness | None


class Clocks(msgspec.Struct, frozen=True):
    """All five, with the runs and waits they were read from."""

    legal: Clock | None
    index: Clock | None
    agencies: dict[int, int]
    runs: tuple[Run, ...]
    waits: tuple[Wait, ...]
    resident: Clock


class Reading:
    """Collects task and wait intervals while a history is folded, event by event, oldest first."""

    def __init__(self) -> None:
        self.state: Dossier | None = None
        self.opened: dict[int, Task] = {}
        self.closed: dict[int, datetime] = {}
        self.waits: list[Wait] = []
        self.restarted: datetime | None = None

    def take(self, dossier_id: int, event: e.AnyEvent, at: datetime, regimes: Mapping[str, Regime]) -> None:
        """One event more. Raises ValueError when the first is no lodging."""
        before = self.state
        if isinstance(event, e.Lodged):
            self.state = lodge(dossier_id, event, at)
            return
        if before is None:
            raise ValueError("a history begins with a lodging")
        self.state = after = evolve(before, event, at)
        for task in after.tasks:
            self.opened[task.no] = task
        still = {task.no for task in after.tasks}
        for task in before.tasks:
            if task.no not in still:
                self.closed[task.no] = at
        if before.pause is not None and after.pause is None:
            self.waits.append(
                Wait(ground=before.pause.ground, agency=before.pause.agency, since=before.pause.since, until=at)
            )
        supplemented = isinstance(event, e.Supplemented) and before.phase == "supplement"
        if supplemented and regimes[before.regime].after_supplement == "restart":
            self.restarted = at


def read_clocks(
    dossier_id: int,
    history: Iterable[tuple[e.AnyEvent, datetime]],
    calendars: Calendars,
    regimes: dict[str, Regime],
    now: datetime,
) -> Clocks:
    """All clocks of a dossier at `now` (instants in any zone; minutes are worked minutes of each agency).

    Raises ValueError on a history that does not begin with a lodging.
    """
    reading = Reading()
    for event, at in history:
        reading.take(dossier_id, event, at, regimes)
    state = reading.state
    if state is None:
        raise ValueError("a history has at least one event")
    waits = list(reading.waits)
    if state.pause is not None:
        waits.append(Wait(ground=state.pause.ground, agency=state.pause.agency, since=state.pause.since, until=None))
    runs = tuple(
        run_of(task, reading.closed.get(number), waits, calendars(task.agency), now)
        for number, task in sorted(reading.opened.items())
    )
    agencies: dict[int, int] = {}
    for run in runs:
        agencies[run.agency] = agencies.get(run.agency, 0) + run.worked
    return Clocks(
        legal=legal_clock(state, reading.restarted, waits, calendars(state.receiving), now),
        index=index_clock(state, waits, calendars(state.receiving), now),
        agencies=agencies,
        runs=runs,
        waits=tuple(waits),
        resident=resident_clock(state, now),
    )


def _waited(waits: Sequence[Wait], since: datetime, until: datetime, calendar: WorkingCalendar, now: datetime) -> int:
    total = 0
    for wait in waits:
        begin, end = max(wait.since, since), min(wait.until or now, until)
        if begin < end:
            total += calendar.worked_minutes_between(begin, end)
    return total


def run_of(task: Task, closed: datetime | None, waits: Sequence[Wait], calendar: WorkingCalendar, now: datetime) -> Run:
    """The step's clock of one task, `closed` when it ended (None: it runs at `now`)."""
    end = closed or now
    waited = _waited(waits, task.opened_at, end, calendar, now)
    worked = calendar.worked_minutes_between(task.opened_at, end) - waited if end > task.opened_at else 0
    return Run(
        no=task.no,
        step=task.step,
        stage=task.stage,
        agency=task.agency,
        role=task.role,
        kind=task.kind,
        assignee=task.assignee,
        sent_by=task.sent_by,
        opened=task.opened_at,
        received=task.received_at,
        closed=closed,
        due=task.due_at,
        worked=worked,
        waited=waited,
        late=end > task.due_at and not (closed is None and bool(waits) and waits[-1].until is None),
    )


def legal_clock(
    state: Dossier, restarted: datetime | None, waits: Sequence[Wait], calendar: WorkingCalendar, now: datetime
) -> Clock | None:
    """The clock of the appointed date; None before acceptance."""
    if state.accepted_at is None or state.due_at is None:
        return None
    start = restarted or state.accepted_at
    end = state.finished_at or now
    minutes = calendar.worked_minutes_between(start, end) - _waited(waits, start, end, calendar, now)
    finished = state.finished_at
    return Clock(
        started=start,
        stopped=finished,
        minutes=minutes,
        due=state.due_at,
        timeliness=timeliness(finished, state.due_at) if finished else None,
    )


def index_clock(state: Dossier, waits: Sequence[Wait], calendar: WorkingCalendar, now: datetime) -> Clock | None:
    """The clock of Decision 766/QĐ-TTg; None before acceptance."""
    if state.accepted_at is None or state.promised_at is None:
        return None
    start, end = state.accepted_at, state.finished_at or now
    waited = _waited(waits, start, end, calendar, now)
    due = calendar.instant_after(state.promised_at, waited) if waited else state.promised_at
    asked = sum(not each.at_intake for each in state.supplements)
    verdict: Timeliness | None = None
    if asked > 1:
        verdict = Timeliness.LATE
    elif state.finished_at is not None:
        verdict = timeliness(state.finished_at, due)
    return Clock(
        started=start,
        stopped=state.finished_at,
        minutes=calendar.worked_minutes_between(start, end) - waited,
        due=due,
        timeliness=verdict,
    )


def resident_clock(state: Dossier, now: datetime) -> Clock:
    """From the handing in to the hand-over, whatever the law says in between."""
    ended = state.handed_at or (state.finished_at if state.phase == "ended" else None)
    elapsed = (ended or now) - state.lodged_at
    return Clock(
        started=state.lodged_at,
        stopped=ended,
        minutes=int(elapsed.total_seconds() // 60),
        due=state.promised_at,
        timeliness=timeliness(ended, state.promised_at) if ended and state.promised_at else None,
    )
