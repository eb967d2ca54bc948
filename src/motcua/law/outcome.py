"""The answer: drafting, signing, numbering, refusing, returning the result, and the other ways to end.

Decree 61/2018, art. 19.8, 20, 21; Decree 118/2025, art. 19.5, 21, 23 where the regime says so.
"""

from datetime import timedelta
from typing import Any

from msgspec import structs

from motcua.law import commands as c
from motcua.law import events as e
from motcua.law.confirming import unconfirmed
from motcua.law.context import Context
from motcua.law.dossier import Dossier, Task
from motcua.law.forms import check_form
from motcua.law.limits import due, parse_limit
from motcua.law.names import as_declared
from motcua.law.refusal import Refusal
from motcua.law.refusals import refuse
from motcua.law.rights import (
    COUNTER,
    HEADS,
    held,
    is_owner,
    may_counter,
    not_yours,
    receipt_first,
    step_of,
    wrong_phase,
)
from motcua.law.walking import agency_of, pass_on
from motcua.law.working_time import city_day

Decision = tuple[e.AnyEvent, ...] | Refusal


def draft_result(command: c.DraftResult, state: Dossier, ctx: Context) -> Decision:
    """Draft the result; drafting again replaces the draft and its signature."""
    task = held(state, ctx, command.task, "draft")
    if isinstance(task, Refusal):
        return task
    if command.result not in {result.id for result in ctx.procedure.results}:
        return refuse("unknown_result", result=command.result)
    if not command.text.strip() and not command.file:
        return refuse("draft_needed")
    drafted = e.ResultDrafted(
        task=task.no, result=command.result, text=command.text, file=command.file, note=command.note
    )
    return (*receipt_first(task), drafted)


def refuse_request(command: c.Refuse, state: Dossier, ctx: Context) -> Decision:
    """Refuse in substance, in writing, within the limit (art. 19.8): goes on like a draft."""
    task = held(state, ctx, command.task, "refuse")
    if isinstance(task, Refusal):
        return task
    if not command.reason or not command.words.strip():
        return refuse("reason_needed")
    refused = e.Refused(task=task.no, reason=command.reason, words=command.words.strip(), note=command.note)
    return (*receipt_first(task), refused)


def sign(command: c.Sign, state: Dossier, ctx: Context) -> Decision:
    """Sign the draft and pass it on to be numbered."""
    task = held(state, ctx, command.task, "sign")
    if isinstance(task, Refusal):
        return task
    if state.draft is None:
        return refuse("draft_needed")
    if (refusal := unconfirmed(state, ctx)) is not None:
        return refusal
    grant = ctx.actor.grant(task.agency, task.role)
    signed = e.Signed(task=task.no, by_delegation_of=(grant.by_delegation_of or 0) if grant else 0)
    return _and_on(signed, task, state, ctx, command.note)


def number_result(command: c.NumberResult, state: Dossier, ctx: Context) -> Decision:
    """Number the signed result; the number is the next of the agency's year unless one is given."""
    task = held(state, ctx, command.task, "number")
    if isinstance(task, Refusal):
        return task
    if not state.signed_by or state.draft is None:
        return refuse("not_signed")
    results = {result.id: result.symbol for result in ctx.procedure.results}
    symbol = results.get(state.draft.result) or "QĐ"
    drawn = f"{ctx.draw.result}/{city_day(ctx.now).year}/{symbol}"
    serial = 0 if command.number.strip() else ctx.draw.result
    numbered = e.ResultNumbered(task=task.no, number=command.number.strip() or drawn, serial=serial)
    return _and_on(numbered, task, state, ctx, command.note)


def _and_on(event: e.AnyEvent, task: Task, state: Dossier, ctx: Context, note: str) -> Decision:
    following = step_of(ctx, task).next
    if len(following) != 1 and not step_of(ctx, task).parallel:
        return (*receipt_first(task), structs.replace(event, note=note))
    onward = pass_on(ctx, state, task, note=note)
    if isinstance(onward, Refusal):
        return onward
    return (*receipt_first(task), event, *onward)


def mark_ready(command: c.MarkReady, state: Dossier, ctx: Context) -> Decision:
    """The result lies at the counter; the office's clocks end here (art. 20)."""
    task = held(state, ctx, command.task, "ready")
    if isinstance(task, Refusal):
        return task
    if state.phase == "ready":
        return wrong_phase(state)
    if state.draft is None:
        return refuse("draft_needed")
    needs = {action for step in ctx.procedure.process.steps for action in step.actions}
    if "sign" in needs and not state.signed_by:
        return refuse("not_signed")
    if "number" in needs and not state.number:
        return refuse("not_numbered")
    return (*receipt_first(task), e.ResultReady(task=task.no, agency=task.agency, note=command.note))


def hand_over(command: c.HandOverResult, state: Dossier, ctx: Context) -> Decision:
    """Hand the result over: to whom, by which paper; nothing may be owed any more (art. 20)."""
    task = held(state, ctx, command.task, "hand_over")
    if isinstance(task, Refusal):
        return task
    if state.phase != "ready":
        return wrong_phase(state)
    if state.owed and state.outcome != "refused":
        return refuse("owed", amount=state.owed)
    if not command.to_name.strip():
        return refuse("reason_needed")
    if command.by_paper == "account" and (refusal := _only_in_person(state, ctx)) is not None:
        return refusal
    handed = e.HandedOver(
        task=task.no,
        to_name=command.to_name.strip(),
        by_paper=command.by_paper,
        paper_number=command.paper_number.strip(),
        channel={"post": "post", "account": "online"}.get(command.by_paper, "counter"),
        closed=(task.no,),
        note=command.note,
    )
    return (handed,)


def _only_in_person(state: Dossier, ctx: Context) -> Refusal | None:
    """A refusal where a file alone is no result: it must be collected in person, or there is none yet."""
    result = next((each for each in ctx.procedure.results if state.draft and each.id == state.draft.result), None)
    if result is not None and result.collected_in_person:
        return refuse("in_person_only")
    return None if state.issued and state.issued[-1].number == state.number else refuse("not_issued")


def withdraw(command: c.Withdraw, state: Dossier, ctx: Context) -> Decision:
    """The applicant takes the dossier back, until the decision is signed."""
    if state.phase in ("ready", "ended") or state.correcting:
        return wrong_phase(state)
    if state.signed_by:
        return refuse("signed_already")
    if not is_owner(ctx.actor, state) and (refusal := may_counter(ctx, state.receiving)) is not None:
        return refusal
    if not command.reason.strip():
        return refuse("reason_needed")
    return (e.Withdrawn(reason=command.reason.strip(), note=command.note),)


def stop(command: c.Stop, state: Dossier, ctx: Context) -> Decision:
    """Stopped by a head or leader who holds the dossier, on a ground in the law."""
    if state.phase not in ("working", "supplement") or state.correcting:
        return wrong_phase(state)
    if state.signed_by:
        return refuse("signed_already")
    agencies = {task.agency for task in state.tasks}
    houses = agencies | {ctx.directory.house(agency) for agency in agencies}
    if not any(ctx.actor.holds(agency, *HEADS) for agency in houses):
        return not_yours(ctx, min(agencies, default=state.receiving), "head")
    if not command.reason.strip() or not command.ground.strip():
        return refuse("reason_needed")
    return (e.Stopped(reason=command.reason.strip(), ground=command.ground.strip(), note=command.note),)


def close(command: c.Close, state: Dossier, ctx: Context) -> Decision:
    """Closed by the clockwork when no supplement came within the regime's days (D. 118/2025, art. 19.5)."""
    days = ctx.regime.close_without_supplement_days
    asked = state.open_supplement
    if asked is None or days is None:
        return wrong_phase(state)
    if ctx.actor.kind != "system" and (refusal := may_counter(ctx, state.receiving)) is not None:
        return refusal
    if ctx.now < asked.asked_at + timedelta(days=days):
        return refuse("not_due_to_close", days=days)
    return (e.Closed(days=days, note=command.note),)


CORRECTABLE = ("name", "number", "birth", "phone", "email", "address")


def correct(command: c.Correct, state: Dossier, ctx: Context) -> Decision:
    """Put right what was typed wrongly; the counter that took it in, or whoever holds the work, may."""
    if state.phase == "ended" or state.replayed:
        return wrong_phase(state)
    agencies = {state.receiving} | {task.agency for task in state.tasks}
    if not any(ctx.actor.holds(agency, *COUNTER, "officer", "head") for agency in agencies):
        return not_yours(ctx, state.receiving, "reception")
    if not command.reason.strip() or not command.changes:
        return refuse("reason_needed")
    fields = {field.id for field in ctx.procedure.fields() if not field.computed}
    changes: dict[str, tuple[str, str]] = {}
    for path, new in command.changes.items():
        place, _, name = path.partition(".")
        if place == "form" and name in fields:
            changes[path] = (str(state.form.get(name, "")), new)
        elif place == "applicant" and name in CORRECTABLE and (name != "name" or as_declared(new)):
            applicant = state.applicant
            old = applicant.address.text if name == "address" else str(getattr(applicant, name))
            changes[path] = (old, as_declared(new))
        else:
            return refuse("not_correctable", path=path)
    typed = {path.partition(".")[2]: new for path, (_old, new) in changes.items() if path.startswith("form.")}
    answers, wrong = _answers(typed, state, ctx)
    if wrong:
        return refuse("not_correctable", path=f"form.{wrong}")
    return (e.Corrected(changes=changes, reason=command.reason.strip(), form=answers, note=command.note),)


def _answers(typed: dict[str, str], state: Dossier, ctx: Context) -> tuple[dict[str, Any], str]:
    """What the form's answers become with those `typed`, and the first of them that cannot be taken."""
    if not typed:
        return {}, ""
    fields = ctx.procedure.fields()
    cleaned, faults = check_form(fields, {**state.form, **typed}, city_day(ctx.now), state.case)
    for name, new in typed.items():
        hidden = new.strip() and name not in cleaned
        if hidden or any(fault.path.partition(".")[0].partition("[")[0] == name for fault in faults):
            return {}, name
    computed = {field.id for field in fields if field.computed}
    follow = {name for name in computed if cleaned.get(name) != state.form.get(name)}
    return {name: cleaned.get(name) for name in sorted({*typed, *follow})}, ""


def correct_result(command: c.CorrectResult, state: Dossier, ctx: Context) -> Decision:
    """Mend an error of ours: the drafting step opens again (D. 61/2018, art. 21; D. 118/2025, art. 23)."""
    answered = state.phase == "ready" or (state.phase == "ended" and state.handed_at is not None)
    if not answered or state.correcting or state.replayed:
        return wrong_phase(state)
    step = next((each for each in ctx.procedure.process.steps if "draft" in each.actions), None)
    agency = agency_of(ctx, state, step) if step else None
    if step is None or agency is None:
        return refuse("no_agency", step="dự thảo", step_en="draft")
    houses = {agency, ctx.directory.house(agency)}
    if not any(ctx.actor.holds(each, *HEADS) for each in houses) and may_counter(ctx, state.receiving):
        return not_yours(ctx, agency, "head")
    if not command.reason.strip():
        return refuse("reason_needed")
    limit = parse_limit(f"{ctx.regime.correction_working_days or 3} working_days")
    task = Task(
        no=state.next_task,
        step=step.id,
        stage=step.stage,
        agency=agency,
        role=step.role,
        opened_at=ctx.now,
        due_at=due(ctx.calendar(agency), ctx.now, limit),
        kind="correction",
        sent_by=state.receiving,
    )
    closed = tuple(each.no for each in state.tasks)
    reopened = e.CorrectionOpened(reason=command.reason.strip(), closed=closed, opened=(task,), note=command.note)
    return (reopened,)
