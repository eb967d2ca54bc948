"""The decider: `decide(state, command, context) -> events or a refusal`. Pure; the law in one function.

Every act on a dossier, from any page, machine or clock, comes through here. The rules themselves live in
`intake`, `work`, `waits`, `outcome`, `confirming`, `recording` and `rating`; what is stored afterwards is the
business of `dossiers/`.
"""

from collections.abc import Callable
from typing import Any

from msgspec import structs

from motcua.law import commands as c
from motcua.law import confirming, intake, outcome, rating, recording, waits, work
from motcua.law import events as e
from motcua.law.context import Context
from motcua.law.dossier import Dossier
from motcua.law.refusal import Refusal
from motcua.law.refusals import refuse

Decision = tuple[e.AnyEvent, ...] | Refusal


def _record_step(command: c.RecordStep, state: Dossier, ctx: Context) -> Decision:
    if not state.replayed or ctx.actor.kind != "system":
        return refuse("not_replayed")
    recorded = e.StepRecorded(
        activity=command.activity,
        resource=command.resource,
        agency=command.agency,
        due=command.due,
        note=command.note,
    )
    return (recorded, e.ReplayEnded(activity=command.activity)) if command.last else (recorded,)


_VERBS: dict[type, Callable[..., Decision]] = {
    c.Accept: intake.accept,
    c.Decline: intake.decline,
    c.RequestSupplement: intake.request_supplement,
    c.GiveSupplement: intake.give_supplement,
    c.Assign: work.assign,
    c.Receive: work.receive,
    c.Forward: work.forward,
    c.SendBack: work.send_back,
    c.AskOpinion: work.ask_opinion,
    c.GiveOpinion: work.give_opinion,
    c.Suspend: waits.suspend,
    c.Resume: waits.resume,
    c.RequestPayment: waits.request_payment,
    c.RecordPayment: waits.record_payment,
    c.RequestExtension: waits.request_extension,
    c.MoveDue: waits.move_due,
    c.DraftResult: outcome.draft_result,
    c.Refuse: outcome.refuse_request,
    c.Sign: outcome.sign,
    c.NumberResult: outcome.number_result,
    c.MarkReady: outcome.mark_ready,
    c.HandOverResult: outcome.hand_over,
    c.Withdraw: outcome.withdraw,
    c.Stop: outcome.stop,
    c.Close: outcome.close,
    c.Correct: outcome.correct,
    c.CorrectResult: outcome.correct_result,
    c.Note: work.note,
    c.RecordStep: _record_step,
    c.ShowDraft: confirming.show_draft,
    c.AnswerDraft: confirming.answer_draft,
    c.IssueResult: recording.issue_result,
    c.RecordNotice: recording.record_notice,
    c.RecordRefund: recording.record_refund,
    c.Rate: rating.rate,
    c.ContestRating: rating.contest_rating,
    c.RuleOnRating: rating.rule_on_rating,
}


def decide(state: Dossier | None, command: Any, context: Context) -> Decision:
    """What follows from `command`: one or more events, or a refusal that changes nothing.

    `state` is None only for a lodging. A late entry (`occurred_at`) must lie in the past and say why; it
    is recorded at the instant it is entered all the same (Decree 61/2018, art. 5: nothing is back-dated).
    """
    if command.occurred_at is not None and (command.occurred_at > context.now or not command.late_reason.strip()):
        return refuse("late_needs_reason")
    if isinstance(command, c.Lodge):
        return intake.lodge(command, context)
    if state is None:
        raise TypeError(f"{type(command).__name__} needs a dossier")
    decision = _VERBS[type(command)](command, state, context)
    if isinstance(decision, Refusal) or command.occurred_at is None:
        return decision
    return tuple(_entered_late(event, command) for event in decision)


def _entered_late(event: e.AnyEvent, command: c.AnyCommand) -> e.AnyEvent:
    return structs.replace(event, occurred_at=command.occurred_at, late_reason=command.late_reason)
