"""The draft result before the applicant's eyes: shown, answered or passed over in silence, and then signed.

Online civil status shows what will be signed for at most a day, and silence agrees. Which procedures do so, and
for how long, is data of the procedure; the timer that speaks for the silent is left to `dossiers/`.
"""

from motcua.law import commands as c
from motcua.law import events as e
from motcua.law.context import Context
from motcua.law.dossier import Dossier
from motcua.law.limits import due, parse_limit
from motcua.law.refusal import Refusal
from motcua.law.refusals import refuse
from motcua.law.rights import held, is_owner, may_counter, receipt_first, wrong_phase
from motcua.law.walking import after_wait

Decision = tuple[e.AnyEvent, ...] | Refusal


def to_be_confirmed(state: Dossier, ctx: Context) -> bool:
    """True when the applicant of this dossier is asked about the draft before it is signed."""
    asked = bool(ctx.procedure.confirm_draft) and state.channel == "online"
    return asked and state.outcome == "granted" and not state.correcting


def unconfirmed(state: Dossier, ctx: Context) -> Refusal | None:
    """A refusal to sign while the applicant has not been asked, or has objected."""
    if not to_be_confirmed(state, ctx):
        return None
    if state.shown is None or state.shown.answered_at is None:
        return refuse("draft_not_shown")
    return None if state.shown.agrees else refuse("draft_objected")


def show_draft(command: c.ShowDraft, state: Dossier, ctx: Context) -> Decision:
    """Lay the draft before the applicant; the legal clock waits for the answer."""
    if state.pause is not None:
        return refuse("already_paused")
    task = held(state, ctx, command.task, "show_draft")
    if isinstance(task, Refusal):
        return task
    if state.draft is None:
        return refuse("draft_needed")
    if not to_be_confirmed(state, ctx) or (state.shown is not None and state.shown.agrees):
        return refuse("nothing_to_confirm")
    if state.shown is not None:
        return refuse("draft_objected")
    until = due(ctx.calendar(state.receiving), ctx.now, parse_limit(ctx.procedure.confirm_draft))
    shown = e.DraftShown(task=task.no, until=until, agency=task.agency, note=command.note)
    return (*receipt_first(task), shown)


def answer_draft(command: c.AnswerDraft, state: Dossier, ctx: Context) -> Decision:
    """The applicant agrees or objects, a counter says it for them, or the system after their time has passed."""
    shown = state.open_showing
    if shown is None or state.phase != "working":
        return wrong_phase(state)
    silent = ctx.actor.kind == "system"
    if silent and ctx.now < shown.until:
        return refuse("not_silent_yet")
    if not is_owner(ctx.actor, state) and (refusal := may_counter(ctx, state.receiving)) is not None:
        return refusal
    if not command.agrees and not command.words.strip():
        return refuse("reason_needed")
    new_due, moved = after_wait(ctx, state, restart=False)
    answered = e.DraftAnswered(
        agrees=command.agrees or silent,
        words=command.words.strip(),
        silent=silent,
        due=new_due,
        moved=moved,
        note=command.note,
    )
    return (answered,)
