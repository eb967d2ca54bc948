"""Cash at the counter: the drawer, the receipt and the dossier's record in one transaction, under a key."""

from django.db import transaction

from motcua.dossiers import clock, store
from motcua.dossiers.handle import handle
from motcua.fees import ledger, receipts
from motcua.fees.attempts import held_for, note
from motcua.fees.following import sync
from motcua.fees.incoming import release_earlier
from motcua.fees.models import Closing, Notice, Payment, Receipt
from motcua.fees.refusals import refuse
from motcua.law import commands as c
from motcua.law.actor import Actor
from motcua.law.dossier import Dossier
from motcua.law.refusal import Refusal
from motcua.law.working_time import city_day


def drawer_is_closed(agency: int, account: int) -> bool:
    """True when the clerk's drawer was counted and closed today."""
    today = city_day(clock.now())
    return Closing.objects.filter(agency=agency, channel="cash", drawer=account, period="day", day=today).exists()


def take_cash(dossier_id: int, actor: Actor, key: str, seen: int | None = None) -> list[Receipt] | Refusal:
    """Takes in cash what is open of a dossier; the receipts, one a notice. The same key takes it once.

    What waits in suspense for a notice is counted in: only the rest is taken.
    """
    sync([dossier_id])
    with transaction.atomic():
        notices = list(Notice.objects.select_for_update(no_key=True).filter(dossier_id=dossier_id).order_by("id"))
        mine = f"cash/{dossier_id}/{key}/"[:190]
        known = Payment.objects.filter(notice__in=notices, key__startswith=mine).select_related("receipt")
        before = [each.receipt for each in known if each.receipt is not None]
        if before:
            return before
        wanted = [notice for notice in notices if notice.open > 0]
        if not wanted:
            return refuse("nothing_owed")
        if drawer_is_closed(wanted[0].agency, actor.account):
            return refuse("drawer_closed")
        stored = store.read(dossier_id)
        if stored is None:
            return refuse("nothing_owed")
        taken: list[Receipt] = []
        for notice in wanted:
            receipt = _take(notice, stored[0], actor, f"{mine}{notice.pk}", seen if not taken else None)
            if isinstance(receipt, Refusal):
                transaction.set_rollback(True)
                return receipt
            taken.append(receipt)
        return taken


def _take(notice: Notice, state: Dossier, actor: Actor, key: str, seen: int | None) -> Receipt | Refusal:
    now, amounts, held = clock.now(), notice.open_amounts(), held_for(notice)
    total = sum(amounts.values())
    counted_in = min(held, total)
    receipt = receipts.issue(notice, state, amounts, "cash", now, actor)
    command = c.RecordPayment(amounts=amounts, method="cash", receipt=receipt.name)
    answer = handle(notice.dossier_id, command, actor, key, seen=seen)
    if isinstance(answer, Refusal):
        return answer
    notice.settle(amounts)
    notice.save(update_fields=["settled", "paid"])
    payment = Payment.objects.create(
        notice=notice, provider="cash", key=key, amount=total - counted_in or total, created_at=now, next_at=None,
        account=actor.account,
    )  # fmt: skip
    note(payment, "", "created", "at the counter")
    payment.state, payment.done_at, payment.receipt = "succeeded", now, receipt
    payment.save(update_fields=["state", "done_at", "receipt"])
    note(payment, "created", "succeeded", "cash")
    release_earlier(notice, back=held - counted_in, difference="over")
    drawer = ledger.Place("drawer", notice.agency, str(actor.account))
    entries = ledger.came_in(
        drawer, notice.agency, amount=total - counted_in, paid=total, held=-held, back=held - counted_in
    )
    ledger.post([ledger.Draft(f"cash/{payment.pk}", "paid", now, entries, notice.dossier_id)])
    return receipt
