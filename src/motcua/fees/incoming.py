"""Money that came in: counted once, matched by reference and amount, shared out, and told to the dossier.

One transaction does it all: the credit, the notice, the receipt with its number, the ledger, and the dossier's own
record through `handle()`. Killed anywhere, nothing of it happened, and the provider's list or next message brings
it again. How an amount is shared is said by `law.payments.share`.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import F

from motcua.dossiers import clock, store
from motcua.dossiers.handle import handle
from motcua.fees import ledger, receipts
from motcua.fees.accounts import owner_of
from motcua.fees.attempts import held_for, move, note
from motcua.fees.following import sync
from motcua.fees.models import Credit, Notice, Payment, Receipt, Refund
from motcua.fees.providers import provider_returns
from motcua.law import commands as c
from motcua.law.actor import SYSTEM
from motcua.law.dossier import Dossier
from motcua.law.payments import Sharing, references_in, share
from motcua.law.refusal import Refusal

METHODS = {"sandbox": "online", "transfer": "transfer", "cash": "cash"}


class Arrived(msgspec.Struct, frozen=True):
    """Money as the other side tells of it: its own name for it, how much, when, and what was written.

    `payment` is our id of the attempt where the provider was given one; `account` is where a transfer arrived.
    """

    channel: str
    external: str
    amount: int
    at: datetime
    purpose: str = ""
    payment: str = ""
    account: str = ""


def take_in(arrived: Arrived) -> Credit:
    """Counts money that came in, once, however often it is told; gives back what became of it."""
    prepare(arrived)
    return count_in(arrived)


def prepare(arrived: Arrived) -> None:
    """Brings the notice that the money is for up to its journal; in a transaction of its own.

    It may post to the ledger, whose sums then stay locked until its commit: never under a receipt book's lock, or
    two that hold one and want the other would wait for ever.
    """
    notice = _notice_of(arrived, _payment_of(arrived))
    if notice is not None:
        sync([notice.dossier_id])


def count_in(arrived: Arrived) -> Credit:
    """What `take_in` does once `prepare` was called."""
    with transaction.atomic():
        known = Credit.objects.filter(channel=arrived.channel, external=arrived.external).first()
        if known is not None:
            return known
        payment = _payment_of(arrived)
        notice = _notice_of(arrived, payment)
        if notice is not None:
            notice = Notice.objects.select_for_update(no_key=True).get(pk=notice.pk)
        number = _store(arrived, notice, payment)
        if number is None:
            return Credit.objects.get(channel=arrived.channel, external=arrived.external)
        credit = Credit.objects.select_related("notice", "payment").get(pk=number)
        if notice is None:
            _hold_unknown(credit)
        else:
            _share_out(credit, notice, amount=credit.amount, key=_key(credit), new=True)
        return credit


def match(credit: Credit, notice: Notice) -> None:
    """Shares out money that waited in suspense, for the notice that somebody named. Both rows are locked."""
    held, was_at = credit.held, credit.agency
    credit.notice, credit.held, credit.agency = notice, 0, notice.agency
    credit.save(update_fields=["notice", "held", "agency"])
    if was_at != notice.agency:
        moved = ((ledger.Place("suspense", was_at), held), (ledger.Place("suspense", notice.agency), -held))
        ledger.post([ledger.Draft(f"moved/{credit.pk}", "moved", clock.now(), moved, notice.dossier_id)])
    _share_out(credit, notice, amount=held, key=f"matched/{credit.pk}", new=False)


def release_held() -> int:
    """Money in suspense for a notice that nobody has to pay any more is owed back; returns how much of it there was."""
    waiting = Credit.objects.filter(held__gt=0, notice__amount=F("notice__paid") + F("notice__dropped"))
    released = 0
    for number in list(waiting.values_list("pk", flat=True)[:200]):
        with transaction.atomic():
            found = Credit.objects.select_related("notice").get(pk=number)
            notice = Notice.objects.select_for_update(no_key=True).get(pk=found.notice_id)
            credit = Credit.objects.select_for_update(no_key=True).get(pk=number)
            if credit.held and not notice.open:
                _give_up(credit, notice)
                released += 1
    return released


def _give_up(credit: Credit, notice: Notice) -> None:
    held, credit.held = credit.held, 0
    credit.difference = "ended" if notice.dropped else "twice"
    credit.save(update_fields=["held", "difference"])
    _owe_back(credit, notice, held, credit.difference)
    entries = ((ledger.Place("suspense", credit.agency), held), (ledger.Place("refunds", credit.agency), -held))
    ledger.post([ledger.Draft(f"released/{credit.pk}", "credit", clock.now(), entries, notice.dossier_id)])


def _payment_of(arrived: Arrived) -> Payment | None:
    if not arrived.payment:
        return None
    try:
        number = UUID(arrived.payment)
    except ValueError:
        return None
    return Payment.objects.filter(pk=number, provider=arrived.channel).select_related("notice").first()


def _notice_of(arrived: Arrived, payment: Payment | None) -> Notice | None:
    """The one notice that the reference names; two of them in one purpose are for a person to part."""
    if payment is not None:
        return payment.notice
    named = list(Notice.objects.filter(reference__in=references_in(arrived.purpose))[:2])
    return named[0] if len(named) == 1 else None


def _store(arrived: Arrived, notice: Notice | None, payment: Payment | None) -> int | None:
    """Stores the credit; None when somebody else stored it while we waited."""
    with store.cursor() as run:
        row = run.execute(
            "INSERT INTO fees_credit (channel, external, agency, amount, purpose, at, received_at, notice_id,"
            " payment_id, held, difference) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 0, '')"
            " ON CONFLICT (channel, external) DO NOTHING RETURNING id",
            (
                arrived.channel,
                arrived.external,
                notice.agency if notice is not None else owner_of(arrived.account),
                arrived.amount,
                arrived.purpose[:200],
                arrived.at,
                clock.now(),
                notice.pk if notice is not None else None,
                payment.pk if payment is not None else None,
            ),
        ).fetchone()
    return None if row is None else int(row[0])


def _key(credit: Credit) -> str:
    return f"credit/{credit.pk}"


def place_of(channel: str, agency: int) -> ledger.Place:
    """Where money of a channel lies: at the provider, or in the agency's own account."""
    return ledger.Place("bank" if channel == "transfer" else "clearing", agency, channel)


def _hold_unknown(credit: Credit) -> None:
    credit.held, credit.difference = credit.amount, "unknown_reference"
    credit.save(update_fields=["held", "difference"])
    _post(credit, Sharing(held=credit.amount), held_before=0)


def _share_out(credit: Credit, notice: Notice, *, amount: int, key: str, new: bool) -> None:
    held_before = held_for(notice)
    stored = store.read(notice.dossier_id)
    if stored is None:
        raise LookupError(f"dossier {notice.dossier_id} is gone")
    state = stored[0]
    shared = share(amount, notice.open, held_before, ended=state.phase == "ended" and notice.paid < notice.amount)
    receipt = _settle(credit, notice, state) if shared.paid else None
    if shared.paid and receipt is None:
        # The dossier would not take it: it ended, or was paid elsewhere, a moment ago. The money goes back.
        after = store.read(notice.dossier_id)
        over = after is None or after[0].phase == "ended"
        shared = Sharing(back=amount + held_before, difference="ended" if over else "twice")
    _keep(credit, notice, shared, receipt, amount)
    # What is matched was in suspense already: it comes from there and not from outside.
    before = held_before + (0 if new else amount)
    _post(credit, shared, held_before=before, key=key, amount=amount if new else 0)


def _settle(credit: Credit, notice: Notice, state: Dossier) -> Receipt | None:
    """Issues the receipt and tells the dossier; None, and neither happened, when the dossier refuses."""
    amounts, method = notice.open_amounts(), METHODS[credit.channel]
    with transaction.atomic():
        receipt = receipts.issue(notice, state, amounts, method, clock.now())
        command = c.RecordPayment(amounts=amounts, method=method, receipt=receipt.name)  # type: ignore[arg-type]
        answer = handle(notice.dossier_id, command, SYSTEM, f"fees/{credit.channel}/{credit.external}"[:190])
        if isinstance(answer, Refusal):
            transaction.set_rollback(True)
            return None
    notice.settle(amounts)
    notice.save(update_fields=["settled", "paid"])
    return receipt


def _keep(credit: Credit, notice: Notice, shared: Sharing, receipt: Receipt | None, amount: int) -> None:
    """What became of the credit, of those that waited for it, and of the attempts behind them."""
    credit.difference = shared.difference
    credit.payment = payment = _attempt(credit, notice)
    credit.held = amount if shared.held else 0
    credit.save(update_fields=["held", "difference", "payment"])
    now = clock.now()
    if shared.held:
        payment.difference = shared.difference
        payment.save(update_fields=["difference"])
        move(payment, "failed", f"short by {notice.open - shared.held}", done_at=now)
        return
    values: dict[str, Any] = {"done_at": now, "difference": shared.difference}
    if receipt is not None:
        values["receipt"] = receipt
    move(payment, "succeeded", shared.difference or "paid", **values)
    back = min(shared.back, amount)
    if back:
        _owe_back(credit, notice, back, shared.difference)
    release_earlier(notice, credit.pk, shared.back - back, shared.difference)


def release_earlier(notice: Notice, but: int = 0, back: int = 0, difference: str = "") -> None:
    """What waited for a notice waits no more: it is counted in, or `back` of it is owed back."""
    for each in Credit.objects.filter(notice=notice, held__gt=0).exclude(pk=but).order_by("-pk"):
        part, back = min(back, each.held), max(0, back - each.held)
        if part:
            _owe_back(each, notice, part, difference)
        each.held = 0
        each.save(update_fields=["held"])
        if each.payment_id is not None:
            earlier = Payment.objects.select_for_update(no_key=True).get(pk=each.payment_id)
            move(earlier, "succeeded", "the rest came", done_at=clock.now())


def _attempt(credit: Credit, notice: Notice) -> Payment:
    """The attempt this money belongs to; a transfer has none until it arrives."""
    if credit.payment_id is not None:
        return Payment.objects.select_for_update(no_key=True).get(pk=credit.payment_id)
    payment = Payment.objects.create(
        notice=notice,
        provider=credit.channel,
        key=f"credit/{credit.pk}",
        amount=credit.amount,
        theirs=credit.external,
        created_at=clock.now(),
        next_at=None,
    )
    note(payment, "", "created", "arrived")
    return payment


def _owe_back(credit: Credit, notice: Notice, amount: int, reason: str) -> None:
    now = clock.now()
    Refund.objects.create(
        key=f"{_key(credit)}/back",
        agency=notice.agency,
        dossier_id=notice.dossier_id,
        notice=notice,
        payment_id=credit.payment_id,
        channel=credit.channel,
        amount=amount,
        reason=reason,
        asked_at=now,
        next_at=now if provider_returns(credit.channel) else None,
    )


def _post(credit: Credit, shared: Sharing, *, held_before: int, key: str = "", amount: int | None = None) -> None:
    entries = ledger.came_in(
        place_of(credit.channel, credit.agency),
        credit.agency,
        amount=credit.amount if amount is None else amount,
        paid=shared.paid,
        held=shared.held - held_before,
        back=shared.back,
    )
    dossier = credit.notice.dossier_id if credit.notice else 0
    ledger.post([ledger.Draft(key or _key(credit), "credit", clock.now(), entries, dossier)])
