"""What machines record of a dossier: the signed file of its result, messages the law requires, money given back.

The system alone records these, once it holds the proof. Making files, sending messages and moving money is left
to the rooms that do so.
"""

from motcua.law import commands as c
from motcua.law import events as e
from motcua.law.context import Context
from motcua.law.dossier import Dossier
from motcua.law.refusal import Refusal
from motcua.law.refusals import refuse
from motcua.law.rights import may_counter, not_yours

Decision = tuple[e.AnyEvent, ...] | Refusal


def issue_result(command: c.IssueResult, state: Dossier, ctx: Context) -> Decision:
    """One signed file for each number; a later one names what it replaces (Decree 45/2020)."""
    if ctx.actor.kind != "system":
        return not_yours(ctx, state.receiving, "system")
    if not state.signed_by or state.draft is None:
        return refuse("not_signed")
    if not state.number:
        return refuse("not_numbered")
    known = {each.file for each in state.issued}
    last = state.issued[-1] if state.issued else None
    if (last is not None and command.replaces != last.file) or (command.replaces and command.replaces not in known):
        return refuse("issued_already", number=state.number)
    if command.file in known:
        return refuse("issued_already", number=state.number)
    issued = e.ResultIssued(
        file=command.file,
        number=state.number,
        name=command.name,
        media=command.media,
        certificate=command.certificate,
        signed_at=command.signed_at,
        replaces=command.replaces,
        note=command.note,
    )
    return (issued,)


def record_notice(command: c.RecordNotice, state: Dossier, ctx: Context) -> Decision:
    """The fate of a message that the law requires, for the dossier's own record."""
    if ctx.actor.kind != "system":
        return not_yours(ctx, state.receiving, "system")
    recorded = e.NoticeRecorded(
        kind=command.kind,
        channel=command.channel,
        address=command.address,
        provider=command.provider,
        reference=command.reference,
        outcome=command.outcome,
        sent_at=command.sent_at,
        done_at=command.done_at,
        note=command.note,
    )
    return (recorded,)


def record_refund(command: c.RecordRefund, state: Dossier, ctx: Context) -> Decision:
    """Money given back, never more than was paid; also after the dossier has ended."""
    if (refusal := may_counter(ctx, state.receiving)) is not None:
        return refusal
    paid = {each.id: each.paid for each in state.money}
    if any(amount <= 0 or amount > paid.get(fee, 0) for fee, amount in command.amounts.items()):
        return refuse("refund_too_much")
    if not command.amounts or not command.receipt.strip() or not command.reason.strip():
        return refuse("reason_needed")
    refunded = e.PaymentRefunded(
        amounts=command.amounts,
        method=command.method,
        receipt=command.receipt,
        reason=command.reason.strip(),
        note=command.note,
    )
    return (refunded,)
