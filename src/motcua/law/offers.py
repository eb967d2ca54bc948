"""The next lawful actions and no others: what a page may offer to this actor on this dossier now.

Asks the same rules as `decide`, so that nothing offered is refused for lack of right or at the wrong time.
"""

import msgspec

from motcua.law.confirming import to_be_confirmed, unconfirmed
from motcua.law.context import Context
from motcua.law.dossier import Dossier, Task
from motcua.law.intake import may_bring
from motcua.law.rating import agencies_rated, is_rateable
from motcua.law.refusal import Refusal
from motcua.law.rights import COUNTER, HEADS, held, is_mine, is_owner, may_counter, step_of

ORDER = (
    "receive", "accept", "supplement", "answer_draft", "rate", "assign", "give_opinion", "show_draft",
    "sign", "number", "ready", "hand_over", "draft",
    "forward", "resume", "record_payment", "ask_opinion", "request_supplement", "request_payment", "send_back",
    "suspend", "extend", "refuse", "decline", "take", "reassign", "note", "correct", "correct_result", "withdraw",
    "stop", "contest_rating", "rule_on_rating",
)  # fmt: skip


class Offer(msgspec.Struct, frozen=True):
    """One action the actor may take; `task` is 0 when it concerns the dossier as a whole."""

    action: str
    task: int = 0


def offers(state: Dossier, ctx: Context) -> tuple[Offer, ...]:
    """All actions open to `ctx.actor`, the natural next one first."""
    if ctx.actor.kind in ("resident", "partner"):
        return tuple(Offer(action) for action in _of_owner(state, ctx))
    found = [*_of_dossier(state, ctx)]
    for task in state.tasks:
        found.extend(_of_task(task, state, ctx))
    return tuple(sorted(found, key=lambda offer: (_place(offer.action, state), offer.task)))


def _place(action: str, state: Dossier) -> float:
    """Where an action stands among the others: drafting comes first until there is a draft, then passing it on."""
    if action == "draft" and state.draft is not None:
        return ORDER.index("forward") + 0.5
    return ORDER.index(action)


def _of_owner(state: Dossier, ctx: Context) -> list[str]:
    """What the person whose dossier it is may do, the most pressing first."""
    if not is_owner(ctx.actor, state):
        return []
    found: list[str] = []
    if state.phase in ("returned", "supplement"):
        found.append("supplement")
    if state.open_showing is not None and state.phase == "working":
        found.append("answer_draft")
    if is_rateable(state):
        found.append("rate")
    if state.phase not in ("ready", "ended") and not state.signed_by and not state.correcting:
        found.append("withdraw")
    return found


def _of_dossier(state: Dossier, ctx: Context) -> list[Offer]:
    counter = may_counter(ctx, state.receiving) is None
    found: list[str] = []
    if state.phase == "lodged" and counter:
        found += ["accept", "decline"]
        if len(state.supplements) < ctx.regime.supplements:
            found.append("request_supplement")
    if state.phase == "returned" and counter:
        found += ["supplement", "decline"]
    if state.phase == "supplement" and may_bring(state, ctx):
        found.append("supplement")
    mending = state.correcting
    if state.phase not in ("ready", "ended") and not state.signed_by and counter and not mending:
        found.append("withdraw")
    if state.owed and counter and state.phase != "ended":
        found.append("record_payment")
    if state.phase in ("working", "supplement") and not state.signed_by and _leads(state, ctx) and not mending:
        found.append("stop")
    if state.phase != "ended" and not state.replayed and _at_hand(state, ctx, *COUNTER, "officer", "head"):
        found += ["correct", "note"]
    handed = state.phase == "ended" and state.handed_at is not None and not state.replayed
    if (state.phase == "ready" or handed) and counter and not mending:
        found.append("correct_result")
    if state.open_showing is not None and state.phase == "working" and counter:
        found.append("answer_draft")
    return [Offer(action=action) for action in found + _about_rating(state, ctx)]


def _about_rating(state: Dossier, ctx: Context) -> list[str]:
    if state.rating is None:
        return []
    if state.rating.contested_at is None:
        own = any(ctx.actor.holds(each, *HEADS) for each in agencies_rated(state, ctx))
        return ["contest_rating"] if own else []
    ruling = state.rating.stands is None and any(grant.role == "control" for grant in ctx.actor.grants)
    return ["rule_on_rating"] if ruling else []


def _at_hand(state: Dossier, ctx: Context, *roles: str) -> bool:
    agencies = {state.receiving} | {task.agency for task in state.tasks}
    return any(ctx.actor.holds(agency, *roles) for agency in agencies)


def _leads(state: Dossier, ctx: Context) -> bool:
    agencies = {task.agency for task in state.tasks}
    return any(ctx.actor.holds(each, *HEADS) for each in agencies | {ctx.directory.house(a) for a in agencies})


def _of_task(task: Task, state: Dossier, ctx: Context) -> list[Offer]:
    found: list[str] = []
    if task.received_at is None and any(grant.agency == task.agency for grant in ctx.actor.grants):
        found.append("receive")
    if task.kind == "opinion":
        heads = ctx.actor.holds(task.agency, *HEADS)
        asked = ctx.actor.holds(task.agency, "officer") and (not task.assignee or is_mine(ctx, task) is None)
        if (asked or heads) and state.pause is None:
            found.append("give_opinion")
        return [Offer(action=action, task=task.no) for action in found]
    step = step_of(ctx, task)
    for action in step.actions:
        if not isinstance(held(state, ctx, task.no, action), Refusal) and _now(action, state, ctx):
            found.append(action)
    if state.pause is not None and state.pause.ground != "supplement" and not step.waits_for:
        resumable = not isinstance(held(state, ctx, task.no, "suspend", waiting=True), Refusal)
        found += ["resume"] if resumable else []
    heads = any(ctx.actor.holds(task.agency, role) for role in HEADS)
    if "assign" not in step.actions and heads:
        found.append("reassign")
    elif not task.assignee and "assign" not in step.actions and is_mine(ctx, task) is None:
        found.append("take")
    return [Offer(action=action, task=task.no) for action in found]


def _now(action: str, state: Dossier, ctx: Context) -> bool:
    match action:
        case "sign":
            return state.draft is not None and not state.signed_by and unconfirmed(state, ctx) is None
        case "show_draft":
            shown = state.shown is not None
            return state.draft is not None and not shown and state.pause is None and to_be_confirmed(state, ctx)
        case "number":
            return bool(state.signed_by) and not state.number
        case "forward":
            return True
        case "ready":
            return state.phase == "working" and state.draft is not None
        case "hand_over":
            return state.phase == "ready" and (not state.owed or state.outcome == "refused")
        case "request_supplement":
            return len(state.supplements) < ctx.regime.supplements
        case "extend":
            return state.extension is None and state.due_at is not None and ctx.now < state.due_at
        case "suspend":
            return state.phase == "working" and state.pause is None
        case _:
            return state.phase == "working"
