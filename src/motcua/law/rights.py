"""Who may do what with a dossier now: posts, assignment, the step's lawful actions, and lawful waits.

The one place that answers "is this yours to do?". The verbs in the other modules ask here first.
"""

from motcua.law import events as e
from motcua.law.actor import Actor
from motcua.law.context import Context
from motcua.law.dossier import NATIONAL_STATUSES, Dossier, Task, national_status
from motcua.law.process import Step
from motcua.law.refusal import Refusal
from motcua.law.refusals import refuse

HEADS = ("head", "leader", "one_stop_head")
COUNTER = ("reception", "results", "one_stop_head")
# An error of ours is mended in our own time: the date that was kept or missed before stands.
NOT_WHILE_MENDING = ("request_supplement", "suspend", "request_payment", "extend")
GROUNDS = {
    "supplement": ("chờ bổ sung giấy tờ", "waiting for papers"),
    "tax": ("chờ cơ quan thuế", "waiting for the tax office"),
    "payment": ("chờ nộp tiền", "waiting for payment"),
    "verification": ("chờ xác minh", "waiting for verification"),
    "confirmation": ("chờ người nộp xác nhận dự thảo", "waiting for the applicant to confirm the draft"),
}


def step_of(ctx: Context, task: Task) -> Step:
    """The step of the process that `task` carries out."""
    return ctx.procedure.process.step(task.step)


def not_yours(ctx: Context, agency: int, role: str) -> Refusal:
    """The refusal that names the post which may act."""
    place = ctx.directory.by_number.get(agency)
    name = place.name if place is not None else None
    return refuse(
        "not_yours",
        role=role,
        agency=name.vi if name else str(agency),
        agency_en=(name.en or name.vi) if name else str(agency),
    )


def wrong_phase(state: Dossier) -> Refusal:
    """The refusal that names where the dossier stands."""
    vi, en = NATIONAL_STATUSES[national_status(state)]
    return refuse("wrong_phase", status=vi, status_en=en)


def paused(state: Dossier) -> Refusal | None:
    """A refusal while a lawful wait runs, otherwise None."""
    if state.pause is None:
        return None
    vi, en = GROUNDS[state.pause.ground]
    return refuse("paused", ground=vi, ground_en=en)


def may_counter(ctx: Context, agency: int) -> Refusal | None:
    """A refusal unless the actor serves at the counter of `agency`."""
    return None if ctx.actor.holds(agency, *COUNTER) else not_yours(ctx, agency, "reception")


def is_owner(actor: Actor, state: Dossier) -> bool:
    """True when the actor is the signed-in person whose dossier it is, or who filed it."""
    if actor.account == 0 or actor.kind not in ("resident", "partner"):
        return False
    filer = state.submitter.account if state.submitter is not None else 0
    return actor.account in (state.applicant.account, filer)


def is_mine(ctx: Context, task: Task) -> Refusal | None:
    """A refusal unless the actor holds the task's post and nobody else was assigned."""
    actor = ctx.actor
    if actor.kind == "system":
        return None
    roles = COUNTER if task.role in COUNTER else (task.role,)
    grants = [grant for grant in actor.grants if grant.agency == task.agency and grant.role in roles]
    if not grants:
        return not_yours(ctx, task.agency, task.role)
    if task.assignee and task.assignee != actor.account:
        stands_in = any(grant.by_delegation_of == task.assignee for grant in grants)
        if not stands_in:
            return refuse("assigned_to_other")
    return None


def held(state: Dossier, ctx: Context, number: int, action: str, waiting: bool = False) -> Task | Refusal:
    """The open task `number` if the actor may take `action` on it now, otherwise the refusal.

    `waiting` allows the action during a lawful wait.
    """
    task = state.task(number)
    if task is None:
        return refuse("task_done")
    if task.kind == "opinion" and action != "give_opinion":
        return refuse("task_done")
    refusal = is_mine(ctx, task)
    if refusal is not None:
        return refusal
    if state.phase == "ready" and action != "hand_over":
        return wrong_phase(state)
    step = step_of(ctx, task)
    own_wait = state.pause is not None and step.waits_for == state.pause.ground
    if not waiting and not own_wait and (refusal := paused(state)) is not None:
        return refusal
    if action and task.kind != "opinion" and action not in step.actions:
        return refuse("not_an_action", step=step.name.vi, step_en=step.name.en or step.name.vi)
    if state.correcting and action in NOT_WHILE_MENDING:
        return refuse("not_an_action", step=step.name.vi, step_en=step.name.en or step.name.vi)
    return task


def receipt_first(task: Task) -> tuple[e.AnyEvent, ...]:
    """Whoever works on papers has received them: the confirmation that was not given, if any."""
    return (e.Received(tasks=(task.no,)),) if task.received_at is None else ()
