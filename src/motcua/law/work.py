"""At the desks: assigning, receiving, forwarding, returning, and asking others for their opinion.

Decree 61/2018, art. 18 and 19; the lawful actions of each step come from the process.
"""

from msgspec import structs

from motcua.law import commands as c
from motcua.law import events as e
from motcua.law.context import Context
from motcua.law.dossier import Dossier, Task
from motcua.law.limits import due, parse_limit
from motcua.law.refusal import Refusal
from motcua.law.refusals import refuse
from motcua.law.rights import HEADS, held, is_mine, not_yours, paused, receipt_first, step_of
from motcua.law.walking import open_step, pass_on

Decision = tuple[e.AnyEvent, ...] | Refusal


def assign(command: c.Assign, state: Dossier, ctx: Context) -> Decision:
    """Give a task to an official; a step for assigning is thereby done (art. 19.1)."""
    task = state.task(command.task)
    if task is None:
        return refuse("task_done")
    if command.to <= 0:
        return refuse("nobody_chosen")
    if task.kind == "step" and "assign" in step_of(ctx, task).actions:
        return _assign_onward(command, state, ctx)
    head = any(ctx.actor.holds(task.agency, role) for role in HEADS)
    taking = command.to == ctx.actor.account and not task.assignee and is_mine(ctx, task) is None
    if not head and not taking:
        return not_yours(ctx, task.agency, "head")
    if task.assignee and not command.reason.strip():
        return refuse("reason_needed")
    assigned = e.Assigned(
        task=task.no,
        to=command.to,
        to_name=command.to_name,
        before=task.assignee,
        reason=command.reason.strip(),
        note=command.note,
    )
    return (*receipt_first(task), assigned)


def _assign_onward(command: c.Assign, state: Dossier, ctx: Context) -> Decision:
    task = held(state, ctx, command.task, "assign")
    if isinstance(task, Refusal):
        return task
    onward = pass_on(ctx, state, task, assignee=command.to, note=command.note)
    if isinstance(onward, Refusal):
        return onward
    assigned = tuple(
        e.Assigned(task=opened.no, to=command.to, to_name=command.to_name)
        for event in onward
        for opened in event.opened
    )
    return (*receipt_first(task), *onward, *assigned)


def receive(command: c.Receive, state: Dossier, ctx: Context) -> Decision:
    """Confirm arrival at the receiving agency: the hand-over counts from here (art. 18)."""
    for number in command.tasks:
        task = state.task(number)
        if task is None:
            return refuse("task_done")
        if task.received_at is not None:
            return refuse("already_received")
        if not any(grant.agency == task.agency for grant in ctx.actor.grants) and ctx.actor.kind != "system":
            return not_yours(ctx, task.agency, task.role)
    return (e.Received(tasks=command.tasks, note=command.note),) if command.tasks else refuse("task_done")


def forward(command: c.Forward, state: Dossier, ctx: Context) -> Decision:
    """Finish a step and pass on; an open opinion holds it until its limit has passed (art. 19.5)."""
    task = held(state, ctx, command.task, "forward")
    if isinstance(task, Refusal):
        return task
    asked = [each for each in state.tasks if each.parent == task.no]
    for each in asked:
        if ctx.now <= each.due_at or not command.without_opinion.strip():
            agency = ctx.directory[each.agency].name
            return refuse("opinion_open", agency=agency.vi, agency_en=agency.en or agency.vi)
    step = step_of(ctx, task)
    if "sign" in step.actions and not state.signed_by:
        return refuse("not_signed")
    if "number" in step.actions and not state.number:
        return refuse("not_numbered")
    if step.waits_for == "payment" and state.owed:
        return refuse("owed", amount=state.owed)
    onward = pass_on(ctx, state, task, command.to, command.chosen, note=command.note)
    if isinstance(onward, Refusal):
        return onward
    lapsed = tuple(each.no for each in asked)
    return (
        *receipt_first(task),
        *(structs.replace(event, closed=(*event.closed, *lapsed)) if event.closed else event for event in onward),
    )


def send_back(command: c.SendBack, state: Dossier, ctx: Context) -> Decision:
    """Return to an earlier step, always with a reason; whoever did it before finds it again."""
    task = held(state, ctx, command.task, "send_back")
    if isinstance(task, Refusal):
        return task
    step = step_of(ctx, task)
    if command.to not in step.back:
        return refuse("not_back", step=command.to)
    if not command.reason.strip():
        return refuse("reason_needed")
    earlier = open_step(ctx, state, ctx.procedure.process.step(command.to), state.next_task, task.agency)
    if isinstance(earlier, Refusal):
        return earlier
    children = tuple(each.no for each in state.tasks if each.parent == task.no)
    returned = e.SentBack(
        task=task.no,
        step=task.step,
        to=command.to,
        reason=command.reason.strip(),
        closed=(task.no, *children),
        opened=(earlier,),
        note=command.note,
    )
    return (*receipt_first(task), returned)


def ask_opinion(command: c.AskOpinion, state: Dossier, ctx: Context) -> Decision:
    """Ask another agency, with content and limit (art. 19.5); the dossier stays with whoever asks."""
    task = held(state, ctx, command.task, "ask_opinion")
    if isinstance(task, Refusal):
        return task
    agency = ctx.directory.by_number.get(command.agency)
    if agency is None or command.agency == task.agency:
        return refuse("no_agency", step="ý kiến", step_en="opinion")
    if not command.question.strip():
        return refuse("reason_needed")
    try:
        limit = parse_limit(command.limit)
    except ValueError:
        return refuse("unknown_limit", limit=command.limit)
    opinion = Task(
        no=state.next_task,
        step=task.step,
        stage=task.stage,
        agency=command.agency,
        role="officer",
        opened_at=ctx.now,
        due_at=due(ctx.calendar(command.agency), ctx.now, limit),
        kind="opinion",
        sent_by=task.agency,
        parent=task.no,
        question=command.question.strip(),
    )
    asked = e.OpinionAsked(
        task=task.no,
        agency=command.agency,
        question=command.question.strip(),
        limit=command.limit,
        opened=(opinion,),
        note=command.note,
    )
    return (*receipt_first(task), asked)


def give_opinion(command: c.GiveOpinion, state: Dossier, ctx: Context) -> Decision:
    """Answer; any post of the asked agency's officers, head or leader may."""
    task = state.task(command.task)
    if task is None or task.kind != "opinion":
        return refuse("task_done")
    if not ctx.actor.holds(task.agency, "officer", "head", "leader"):
        return not_yours(ctx, task.agency, "officer")
    if task.assignee and is_mine(ctx, task) is not None and not ctx.actor.holds(task.agency, *HEADS):
        return refuse("assigned_to_other")
    if (refusal := paused(state)) is not None:
        return refusal
    if not command.words.strip():
        return refuse("reason_needed")
    given = e.OpinionGiven(
        task=task.no,
        asked_by=task.parent,
        agrees=command.agrees,
        words=command.words.strip(),
        file=command.file,
        closed=(task.no,),
        note=command.note,
    )
    return (*receipt_first(task), given)


def note(command: c.Note, state: Dossier, ctx: Context) -> Decision:
    """A note or scans, by anybody who has the dossier in hand or took it in."""
    agencies = {state.receiving} | {task.agency for task in state.tasks}
    houses = agencies | {ctx.directory.house(agency) for agency in agencies}
    if state.phase == "ended" or not any(ctx.actor.holds(agency) for agency in houses):
        return not_yours(ctx, state.receiving, "reception")
    if not command.words.strip() and not command.files:
        return refuse("reason_needed")
    if command.paper and command.paper not in {paper.id for paper in state.papers}:
        return refuse("not_correctable", path=command.paper)
    return (e.Noted(words=command.words.strip(), paper=command.paper, files=command.files),)
