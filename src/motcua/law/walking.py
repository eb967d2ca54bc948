"""The way of a dossier through its process: opening steps, choosing branches, waiting at joins, moving dates.

Pure reckoning on the process graph; who may take a step is asked in `rights`.
"""

from datetime import datetime

from msgspec import structs

from motcua.law import events as e
from motcua.law.context import Context
from motcua.law.dossier import Dossier, Task
from motcua.law.limits import Limit, due, parse_limit
from motcua.law.process import Step, resolve_place
from motcua.law.refusal import Refusal
from motcua.law.refusals import refuse
from motcua.law.working_time import WorkingCalendar, city_day


def places(ctx: Context, receiving: int) -> dict[str, int]:
    """Which agency each stage falls to, for a dossier received by `receiving`; chosen ones come later."""
    process = ctx.procedure.process
    found = {stage.id: resolve_place(process, stage.place, receiving, ctx.directory) for stage in process.stages}
    return {stage: agency for stage, agency in found.items() if agency is not None}


def agency_of(ctx: Context, state: Dossier, step: Step, chosen: int = 0) -> int | None:
    """The agency that carries out `step` for this dossier."""
    stage = ctx.procedure.process.stage(step.stage)
    base = state.places.get(step.stage)
    if stage.place.startswith("chosen:") and chosen:
        base = resolve_place(ctx.procedure.process, stage.place, state.receiving, ctx.directory, chosen)
    if base is None or not step.unit:
        return base
    unit = ctx.directory.unit(base, step.unit)
    return unit.number if unit else None


def open_step(
    ctx: Context, state: Dossier, step: Step, number: int, came_from: int, chosen: int = 0, assignee: int = 0
) -> Task | Refusal:
    """The task that carries out `step` from now on; in transit when it lies in another agency."""
    agency = agency_of(ctx, state, step, chosen)
    if agency is None:
        return refuse("no_agency", step=step.name.vi, step_en=step.name.en or step.name.vi)
    return Task(
        no=number,
        step=step.id,
        stage=step.stage,
        agency=agency,
        role=step.role,
        opened_at=ctx.now,
        due_at=due(ctx.calendar(agency), ctx.now, step.time()),
        assignee=assignee,
        received_at=ctx.now if agency == came_from else None,
        sent_by=came_from if agency != came_from else 0,
    )


def advance(
    ctx: Context, state: Dossier, task: Task, to: str = "", chosen: int = 0, assignee: int = 0, note: str = ""
) -> e.Forwarded | Refusal:
    """The event that finishes `task` and opens what follows, or why that is not possible."""
    process = ctx.procedure.process
    step = process.step(task.step)
    if not step.next or (to and to not in step.next):
        return refuse("no_next")
    targets = step.next if step.parallel else ((to,) if to else step.next)
    if len(targets) > 1 and not step.parallel:
        return refuse("no_next")
    opened: list[Task] = []
    waiting_for = ""
    for target in targets:
        following = process.step(target)
        if following.join and state.arrived.get(target, 0) + 1 < process.arrivals(target):
            waiting_for = target
            continue
        number = state.next_task + len(opened)
        next_task = open_step(ctx, state, following, number, task.agency, chosen, assignee)
        if isinstance(next_task, Refusal):
            return next_task
        opened.append(next_task)
    return e.Forwarded(
        task=task.no,
        step=task.step,
        to=tuple(targets),
        closed=(task.no,),
        opened=tuple(opened),
        waiting_for=waiting_for,
        chosen=chosen,
        note=note,
    )


def pass_on(
    ctx: Context, state: Dossier, task: Task, to: str = "", chosen: int = 0, assignee: int = 0, note: str = ""
) -> tuple[e.AnyEvent, ...] | Refusal:
    """`advance`, with the waits of the process: one that ends with this step and one the next begins.

    A step that waits for the tax office or for payment stops the legal clock while it is open.
    """
    forwarded = advance(ctx, state, task, to, chosen, assignee, note)
    if isinstance(forwarded, Refusal):
        return forwarded
    process = ctx.procedure.process
    happened: list[e.AnyEvent] = []
    ends = state.pause is not None and process.step(task.step).waits_for == state.pause.ground
    if ends:
        new_due, moved = after_wait(ctx, state, restart=False)
        happened.append(e.Resumed(due=new_due, moved=moved))
    happened.append(forwarded)
    for opened in forwarded.opened:
        ground = process.step(opened.step).waits_for
        if ground and (state.pause is None or ends) and not state.correcting:
            happened.append(e.Suspended(ground=ground, agency=opened.agency))
            break
    return tuple(happened)


def promised_limit(ctx: Context, state: Dossier) -> Limit:
    """The limit promised for the dossier's case on its channel."""
    return ctx.procedure.case(state.case).limit(state.channel)


def shifted(calendar: WorkingCalendar, instant: datetime, since: datetime, now: datetime, to_close: bool) -> datetime:
    """`instant` moved on by the working time between `since` and `now`.

    With `to_close` it goes on to the close of its day, as limits in days do: a resident is promised a day.
    """
    moved = calendar.instant_after(instant, calendar.worked_minutes_between(since, now))
    return max(moved, calendar.close(city_day(moved))) if to_close else moved


def after_wait(ctx: Context, state: Dossier, restart: bool) -> tuple[datetime, tuple[Task, ...]]:
    """The appointed date and the open tasks' dates once a wait ends now.

    `restart` begins every limit again (Decree 61/2018, art. 19.4); otherwise each goes on where it stood.
    """
    calendar = ctx.calendar(state.receiving)
    limit = promised_limit(ctx, state)
    if restart or state.pause is None or state.due_at is None:
        moved = tuple(
            structs.replace(
                task,
                due_at=due(ctx.calendar(task.agency), ctx.now, _budget(ctx, task)),
                opened_at=task.opened_at,
            )
            for task in state.tasks
            if task.kind == "step"
        )
        return due(calendar, ctx.now, limit), moved
    since = state.pause.since
    in_days = limit.unit != "working_hours"
    moved = tuple(
        structs.replace(task, due_at=shifted(ctx.calendar(task.agency), task.due_at, since, ctx.now, to_close=False))
        for task in state.tasks
        if task.kind == "step"
    )
    return shifted(calendar, state.due_at, since, ctx.now, to_close=in_days), moved


def _budget(ctx: Context, task: Task) -> Limit:
    if task.kind == "correction":
        return parse_limit(f"{ctx.regime.correction_working_days or 3} working_days")
    return ctx.procedure.process.step(task.step).time()
