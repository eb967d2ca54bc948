"""What is known of an open dossier at one moment, as numbers from which its chance of being late is reckoned.

Whatever has a later time is not looked at: not when a step will be closed, not which date will hold tomorrow, not
what the agency did today. The same function serves learning from the past and asking about the present.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from math import log1p

import msgspec

from motcua.flow.minutes import limit_minutes
from motcua.flow.record import Record
from motcua.law.process import Process
from motcua.law.process_graph import Graph
from motcua.law.working_time import WorkingCalendar, city_day

# In this order they stand in a model. A model of other features is not asked any more, but learned anew.
FEATURES = (
    "used", "pressure", "step_used", "in_transit", "waiting", "supplements", "returns", "agency_late", "backlog",
    "procedure_late", "online", "weekday", "tet",
)  # fmt: skip
TET_NEAR = 20


class Stretch(msgspec.Struct, frozen=True):
    """A piece of work of one agency on the dossier."""

    step: str
    agency: int
    opened: datetime
    received: datetime | None
    closed: datetime | None
    ended_by: str = ""


class Span(msgspec.Struct, frozen=True):
    """A time in which the dossier was in one state, with the date that held in it."""

    since: datetime
    until: datetime | None
    state: str
    ground: str
    due: datetime | None


class Case(msgspec.Struct, frozen=True):
    """A dossier as the facts have it. `finished` and `late` are what is to be foretold: no feature reads them."""

    dossier_id: int
    procedure: str
    version: int
    receiving: int
    channel: str
    accepted: datetime
    stretches: tuple[Stretch, ...]
    spans: tuple[Span, ...]
    finished: datetime | None = None
    late: bool = False


class Around(msgspec.Struct, frozen=True):
    """What is known besides the dossier: calendars, processes, the days of Tết, the record of agencies."""

    calendar: Callable[[int], WorkingCalendar]
    process: Callable[[int], Process]
    tet: Sequence[date]
    record: Record


class Snapshot(msgspec.Struct, frozen=True):
    """The features in the order of FEATURES, and the plain figures behind them for the reasons in words."""

    values: tuple[float, ...]
    plain: Mapping[str, tuple[float, ...]]
    holder: int


def snapshot(case: Case, at: datetime, around: Around) -> Snapshot | None:
    """The dossier as it stood just before `at`; None when it was not open then, was late already, or nobody held it."""
    span = next((each for each in case.spans if each.since < at and (each.until is None or at <= each.until)), None)
    held = [each for each in case.stretches if each.opened < at and (each.closed is None or at <= each.closed)]
    if span is None or span.due is None or span.state not in ("open", "waiting") or not held:
        return None
    calendar = around.calendar(case.receiving)
    now = span.since if span.state == "waiting" else at
    if span.due < now:
        return None
    used, left = _used(case, now, calendar), calendar.worked_minutes_between(now, span.due)
    whole = max(used + left, 1)
    needed, step_used = _ahead(case, held, at, around)
    holder = held[-1].agency
    day = city_day(at)
    agency_late, agency_done = around.record.late_share("agency", holder, day)
    procedure_late, procedure_done = around.record.late_share("procedure", case.procedure, day)
    open_now, days = around.record.backlog(holder, day)
    supplements = sum(each.state == "waiting" and each.ground == "supplement" and each.since < at
                      for each in case.spans)  # fmt: skip
    returns = sum(each.ended_by == "sent_back" and each.closed is not None and each.closed < at
                  for each in case.stretches)  # fmt: skip
    tet = days_to(around.tet, day)
    values = {
        "used": _within(used / whole, 0, 3),
        "pressure": _within((needed - left) / whole, -2, 2),
        "step_used": _within(step_used, 0, 5),
        "in_transit": float(any(each.received is None or each.received >= at for each in held)),
        "waiting": float(span.state == "waiting"),
        "supplements": float(min(supplements, 3)),
        "returns": float(min(returns, 3)),
        "agency_late": agency_late,
        "backlog": log1p(min(days, 250.0)),
        "procedure_late": procedure_late,
        "online": float(case.channel == "online"),
        "weekday": min(day.weekday(), 5) / 5,
        "tet": (TET_NEAR - tet) / TET_NEAR if 0 <= tet <= TET_NEAR else 0.0,
    }
    plain = {
        "used": (values["used"],), "pressure": (needed, float(left)), "step_used": (step_used,),
        "supplements": (float(supplements),), "returns": (float(returns),), "agency_late": (agency_late, agency_done),
        "backlog": (open_now, days), "procedure_late": (procedure_late, procedure_done), "tet": (float(tet),),
    }  # fmt: skip
    return Snapshot(tuple(values[name] for name in FEATURES), plain, holder)


def _within(value: float, low: float, high: float) -> float:
    return max(low, min(high, value))


def _used(case: Case, now: datetime, calendar: WorkingCalendar) -> int:
    """Worked minutes of the limit that have run, without those it waited."""
    waited = sum(
        calendar.worked_minutes_between(each.since, min(each.until or now, now))
        for each in case.spans
        if each.state == "waiting" and case.accepted <= each.since < now
    )
    return calendar.worked_minutes_between(case.accepted, max(now, case.accepted)) - waited


def _ahead(case: Case, held: Sequence[Stretch], at: datetime, around: Around) -> tuple[float, float]:
    """Minutes that the steps ahead are given (the longest way, less what is done), and the share used of the step."""
    budgets, ahead = _budgets(around.process(case.version))
    needed = step_used = 0.0
    for each in held:
        budget = budgets.get(each.step, 0)
        worked = around.calendar(each.agency).worked_minutes_between(each.opened, at)
        needed = max(needed, ahead.get(each.step, 0) + max(budget - worked, 0))
        step_used = max(step_used, worked / budget if budget else 0.0)
    return needed, step_used


_known: dict[int, tuple[Process, dict[str, int], dict[str, int]]] = {}


def _budgets(process: Process) -> tuple[dict[str, int], dict[str, int]]:
    """Each step's budget in minutes, and what the longest way behind it is given."""
    kept = _known.get(id(process))
    if kept is not None and kept[0] is process:
        return kept[1], kept[2]
    budgets = {step.id: limit_minutes(step.time()) for step in process.steps}
    graph = Graph(process)
    ahead: dict[str, int] = {}
    for index in reversed(graph.order):
        behind = [graph.steps[each].id for each in graph.after[index]]
        ahead[graph.steps[index].id] = max((ahead[each] + budgets[each] for each in behind), default=0)
    if len(_known) > 512:
        _known.clear()
    _known[id(process)] = (process, budgets, ahead)
    return budgets, ahead


def days_to(tet: Sequence[date], day: date) -> int:
    """Calendar days to the next Tết that is known; -1 when none is."""
    at = bisect_left(tet, day)
    return (tet[at] - day).days if at < len(tet) else -1
