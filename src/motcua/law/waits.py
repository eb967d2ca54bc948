"""Lawful waits and moved dates: suspending and resuming, money, extensions, and changes of calendar.

Only the grounds of the law stop the legal clock; the resident's own clock never stops.
"""

from datetime import timedelta

from msgspec import structs

from motcua.law import commands as c
from motcua.law import events as e
from motcua.law.context import Context
from motcua.law.dossier import Dossier
from motcua.law.limits import due
from motcua.law.refusal import Refusal
from motcua.law.refusals import refuse
from motcua.law.rights import COUNTER, HEADS, held, not_yours, receipt_first, wrong_phase
from motcua.law.walking import after_wait, promised_limit
from motcua.law.working_time import city_day

Decision = tuple[e.AnyEvent, ...] | Refusal


def suspend(command: c.Suspend, state: Dossier, ctx: Context) -> Decision:
    """Begin a wait for tax, payment or another commune's verification, on a document."""
    if state.pause is not None:
        return refuse("already_paused")
    task = held(state, ctx, command.task, "suspend")
    if isinstance(task, Refusal):
        return task
    if command.ground == "supplement" or not command.document.strip():
        return refuse("reason_needed")
    suspended = e.Suspended(
        ground=command.ground,
        agency=task.agency,
        document=command.document.strip(),
        until=command.until,
        note=command.note,
    )
    return (*receipt_first(task), suspended)


def resume(command: c.Resume, state: Dossier, ctx: Context) -> Decision:
    """End the wait; the rest of the time is laid from here."""
    if state.pause is None or state.pause.ground == "supplement":
        return wrong_phase(state)
    task = held(state, ctx, command.task, "suspend", waiting=True)
    if isinstance(task, Refusal):
        return task
    new_due, moved = after_wait(ctx, state, restart=False)
    return (e.Resumed(due=new_due, moved=moved, note=command.note),)


def request_payment(command: c.RequestPayment, state: Dossier, ctx: Context) -> Decision:
    """Ask for money; with `pauses` the legal clock waits for it."""
    if command.pauses and state.pause is not None:
        return refuse("already_paused")
    task = held(state, ctx, command.task, "request_payment")
    if isinstance(task, Refusal):
        return task
    if not command.amounts or any(amount <= 0 for amount in command.amounts.values()):
        return refuse("reason_needed")
    asked = e.PaymentRequested(amounts=command.amounts, agency=task.agency, pauses=command.pauses, note=command.note)
    return (*receipt_first(task), asked)


def record_payment(command: c.RecordPayment, state: Dossier, ctx: Context) -> Decision:
    """Record money received at the counter; the last đồng ends a wait for payment."""
    if state.phase == "ended":
        return wrong_phase(state)
    if not ctx.actor.holds(state.receiving, *COUNTER):
        return not_yours(ctx, state.receiving, "reception")
    open_amounts = {each.id: each.amount - each.paid for each in state.money}
    for name, amount in command.amounts.items():
        if amount <= 0 or amount > open_amounts.get(name, 0):
            return refuse("overpaid")
    if not command.amounts or not command.receipt.strip():
        return refuse("reason_needed")
    paid = e.PaymentRecorded(amounts=command.amounts, method=command.method, receipt=command.receipt, note=command.note)
    left = sum(open_amounts.values()) - sum(command.amounts.values())
    if state.pause is None or state.pause.ground != "payment" or left > 0:
        return (paid,)
    new_due, moved = after_wait(ctx, state, restart=False)
    return (structs.replace(paid, due=new_due, moved=moved),)


def request_extension(command: c.RequestExtension, state: Dossier, ctx: Context) -> Decision:
    """A new appointed date with reason and apology (form 04; Decree 61/2018, art. 19.9)."""
    if state.phase != "working" or state.due_at is None:
        return wrong_phase(state)
    task = held(state, ctx, command.task, "extend")
    if isinstance(task, Refusal):
        return task
    if not any(ctx.actor.holds(task.agency, role) for role in (*HEADS, task.role)):
        return not_yours(ctx, task.agency, "head")
    taken = 1 if state.extension is not None else 0
    if taken >= ctx.regime.extensions:
        return refuse("extension_again", limit=ctx.regime.extensions)
    notice = timedelta(days=ctx.regime.extension_notice_days)
    if city_day(ctx.now) + notice > city_day(state.due_at):
        return refuse("extension_too_late", days=ctx.regime.extension_notice_days)
    if not command.reason.strip() or not command.apology.strip():
        return refuse("reason_needed")
    calendar = ctx.calendar(state.receiving)
    if command.due <= state.due_at or not calendar.is_working_day(city_day(command.due)):
        return refuse("extension_not_later")
    minutes = calendar.worked_minutes_between(state.due_at, command.due)
    moved = tuple(
        structs.replace(each, due_at=ctx.calendar(each.agency).instant_after(each.due_at, minutes))
        for each in state.tasks
        if each.no == task.no
    )
    extended = e.Extended(
        due=command.due,
        reason=command.reason.strip(),
        agency=task.agency,
        apology=command.apology.strip(),
        moved=moved,
        note=command.note,
    )
    return (*receipt_first(task), extended)


def move_due(command: c.MoveDue, state: Dossier, ctx: Context) -> Decision:
    """Reckon the promised date again under the calendar now in force; the system's act.

    Only a date that was never paused, extended or restarted follows a decree by itself: its beginning is the
    acceptance. A dossier that waits gets its date when the wait ends.
    """
    if ctx.actor.kind != "system":
        return not_yours(ctx, state.receiving, "system")
    plain = state.pauses == 0 and state.extension is None and state.finished_at is None
    if state.phase != "working" or not plain or state.due_at is None or state.accepted_at is None:
        return wrong_phase(state)
    new_due = due(ctx.calendar(state.receiving), state.accepted_at, promised_limit(ctx, state))
    moved = tuple(
        structs.replace(
            task,
            due_at=due(ctx.calendar(task.agency), task.opened_at, ctx.procedure.process.step(task.step).time()),
        )
        for task in state.tasks
        if task.kind == "step"
    )
    if new_due == state.due_at and moved == tuple(task for task in state.tasks if task.kind == "step"):
        return refuse("same_calendar")
    return (e.DueMoved(old=state.due_at, due=new_due, reason=command.reason, moved=moved, note=command.note),)
