"""Money owed back, and that it was given back: receipts undone, refunds decided, money that was never due.

The dossier is told when a receipt is undone or a refund decided, in the same transaction as the ledger. Sending the
money is left to `working` where the provider does it, otherwise a cashier hands it out or names a document.
"""

from django.db import transaction
from django.db.models import Sum

from motcua.dossiers import clock, store
from motcua.dossiers.handle import handle
from motcua.fees import ledger, receipts
from motcua.fees.attempts import move
from motcua.fees.following import sync
from motcua.fees.incoming import place_of
from motcua.fees.models import Credit, Notice, Payment, Receipt, Refund
from motcua.fees.providers import provider_returns
from motcua.fees.refusals import refuse
from motcua.law import commands as c
from motcua.law.actor import Actor
from motcua.law.refusal import Refusal
from motcua.law.rights import COUNTER

# Money that came back for these reasons had been taken for the payment itself.
_OF_THE_PAYMENT = ("twice", "ended", "decided", "cancelled")


def cancel_receipt(receipt: Receipt, reason: str, actor: Actor, key: str) -> Refund | Refusal:
    """Undoes a receipt: it is cancelled by a new record, its money is owed back, and a live dossier owes again."""
    sync([receipt.dossier_id])
    with transaction.atomic():
        notice = Notice.objects.select_for_update(no_key=True).get(pk=receipt.notice_id)
        done = Refund.objects.filter(key=f"cancel/{receipt.pk}").first()
        if done is not None:
            return done
        if _given_back(receipt):
            return refuse("already_refunded")
        cancelled = receipts.cancel(receipt, reason, actor)
        if isinstance(cancelled, Refusal):
            return cancelled
        answer = _undo(receipt, notice, dict(receipt.amounts), "cancelled", reason, actor, f"cancel/{receipt.pk}", key)
        if isinstance(answer, Refusal):
            transaction.set_rollback(True)
        return answer


def decide_refund(receipt: Receipt, amounts: dict[str, int], reason: str, actor: Actor, key: str) -> Refund | Refusal:
    """Gives back all or part of what a receipt took, for a dossier that ended. A live one has its receipt cancelled."""
    if not actor.holds(receipt.agency, "one_stop_head"):
        return refuse("not_head")
    if not reason.strip() or not amounts:
        return refuse("reason_needed")
    sync([receipt.dossier_id])
    with transaction.atomic():
        notice = Notice.objects.select_for_update(no_key=True).get(pk=receipt.notice_id)
        done = Refund.objects.filter(key=f"decided/{receipt.pk}/{key}"[:200]).first()
        if done is not None:
            return done
        if receipts.is_cancelled(receipt):
            return refuse("already_cancelled")
        back = _given_back(receipt)
        for fee, amount in amounts.items():
            most = receipt.amounts.get(fee, 0) - back.get(fee, 0)
            if not 0 < amount <= most:
                return refuse("too_much_back", most=most)
        answer = _undo(receipt, notice, amounts, "decided", reason, actor, f"decided/{receipt.pk}/{key}"[:200], key)
        if isinstance(answer, Refusal):
            transaction.set_rollback(True)
        return answer


def _given_back(receipt: Receipt) -> dict[str, int]:
    """What of a receipt was decided to go back already, by fee."""
    found: dict[str, int] = {}
    for refund in Refund.objects.filter(
        notice_id=receipt.notice_id, reason="decided", key__startswith=f"decided/{receipt.pk}/"
    ):
        for fee, amount in refund.amounts.items():
            found[fee] = found.get(fee, 0) + amount
    return found


def _undo(
    receipt: Receipt, notice: Notice, amounts: dict[str, int], reason: str, words: str, actor: Actor, key: str, act: str
) -> Refund | Refusal:  # fmt: skip
    stored = store.read(receipt.dossier_id)
    if stored is None:
        raise LookupError(f"dossier {receipt.dossier_id} is gone")
    ended = stored[0].phase == "ended"
    if reason == "decided" and not ended:
        return refuse("too_much_back", most=0)
    command = c.RecordRefund(amounts=amounts, method=receipt.method, receipt=receipt.name, reason=words)  # type: ignore[arg-type]
    answer = handle(receipt.dossier_id, command, actor, f"fees/{key}/{act}"[:190])
    if isinstance(answer, Refusal):
        return answer
    total, now = sum(amounts.values()), clock.now()
    notice.paid -= total
    if ended:
        notice.dropped += total
    else:
        notice.settled = {fee: amount - amounts.get(fee, 0) for fee, amount in notice.settled.items()}
    notice.save(update_fields=["paid", "dropped", "settled"])
    payment = Payment.objects.filter(receipt=receipt).first()
    channel = payment.provider if payment else "cash"
    refund = Refund.objects.create(
        key=key, agency=receipt.agency, dossier_id=receipt.dossier_id, notice=notice, payment=payment, channel=channel,
        amount=total, amounts=amounts, reason=reason, words=words[:500], asked_at=now, asked_by=actor.account,
        next_at=now if provider_returns(channel) else None,
    )  # fmt: skip
    entries = (
        ledger.undone(receipt.agency, amounts)
        if ended
        else ((ledger.Place("receivable", receipt.agency), total), (ledger.Place("refunds", receipt.agency), -total))
    )
    ledger.post([ledger.Draft(f"refund/{refund.pk}", "refund", now, entries, receipt.dossier_id)])
    return refund


def return_held(credit: Credit, words: str, actor: Actor) -> Refund | Refusal:
    """Money in suspense that belongs to no notice is owed back to whoever sent it."""
    if not actor.holds(credit.agency, "one_stop_head"):
        return refuse("not_head")
    if not words.strip():
        return refuse("reason_needed")
    with transaction.atomic():
        credit = Credit.objects.select_for_update(no_key=True).get(pk=credit.pk)
        if not credit.held:
            return refuse("nothing_held")
        now, amount, credit.held = clock.now(), credit.held, 0
        credit.save(update_fields=["held"])
        refund = Refund.objects.create(
            key=f"credit/{credit.pk}/back", agency=credit.agency, notice_id=credit.notice_id,
            payment_id=credit.payment_id, channel=credit.channel, amount=amount, reason="unmatched", words=words[:500],
            asked_at=now, asked_by=actor.account, next_at=None,
        )  # fmt: skip
        entries = ((ledger.Place("suspense", credit.agency), amount), (ledger.Place("refunds", credit.agency), -amount))
        ledger.post([ledger.Draft(f"refund/{refund.pk}", "refund", now, entries)])
        return refund


def pay_out(refund: Refund, actor: Actor, document: str = "") -> Refund | Refusal:
    """A cashier hands money back out of the drawer, or names the document by which the treasury sent it."""
    if not actor.holds(refund.agency, *COUNTER):
        return refuse("not_cashier")
    cash = refund.channel == "cash"
    if not cash and not document.strip():
        return refuse("reason_needed")
    with transaction.atomic():
        locked = Refund.objects.select_for_update(no_key=True).get(pk=refund.pk)
        if locked.state == "paid":
            return refuse("already_refunded")
        drawer = ledger.Place("drawer", refund.agency, str(actor.account))
        if cash and (most := ledger.balance(*drawer)) < locked.amount:
            return refuse("not_enough_cash", most=max(most, 0))
        _paid(locked, drawer if cash else place_of(locked.channel, locked.agency), document, actor.account)
        return locked


def sent_back(refund: Refund) -> None:
    """The provider has given the money back."""
    with transaction.atomic():
        locked = Refund.objects.select_for_update(no_key=True).get(pk=refund.pk)
        if locked.state != "paid":
            _paid(locked, place_of(locked.channel, locked.agency), "", 0)


def _paid(refund: Refund, out_of: ledger.Place, document: str, by: int) -> None:
    refund.state, refund.document, refund.paid_at, refund.paid_by = "paid", document.strip()[:100], clock.now(), by
    refund.save(update_fields=["state", "document", "paid_at", "paid_by"])
    if refund.payment_id is not None and refund.reason in _OF_THE_PAYMENT:
        payment = Payment.objects.select_for_update(no_key=True).get(pk=refund.payment_id)
        back = Refund.objects.filter(payment=payment, state="paid", reason__in=_OF_THE_PAYMENT).aggregate(
            all=Sum("amount")
        )
        returned = int(back["all"] or 0)
        after = "refunded" if returned >= payment.amount else "partly_refunded"
        move(payment, after, refund.reason, returned=returned)  # type: ignore[arg-type]
    entries = ledger.given_back(out_of, refund.agency, refund.amount)
    ledger.post([ledger.Draft(f"given/{refund.pk}", "given_back", clock.now(), entries, refund.dossier_id)])
