"""Attempts to pay: begun once under a key, moved along the graph of `law.payments` and nowhere else.

Talking to providers is left to `working`, money that came in to `incoming`.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum

from motcua.dossiers import clock
from motcua.fees import providers
from motcua.fees.following import sync
from motcua.fees.models import Credit, Notice, Payment, PaymentChange
from motcua.fees.refusals import refuse
from motcua.law.payments import OPEN, State, may_become
from motcua.law.refusal import Refusal

VALID_FOR = timedelta(minutes=30)


def begin_payment(notice: Notice, provider: str, key: str, account: int = 0) -> Payment | Refusal:
    """Begins to pay what is open of `notice` by `provider`; nothing is asked of the provider here.

    The same key begins one payment however often and however many at once it comes; the same key for something
    else is refused. While an attempt by the same provider is open, that one is given back: nobody shall pay twice.
    """
    if provider not in providers.available():
        return refuse("no_provider")
    sync([notice.dossier_id])
    with transaction.atomic():
        notice = Notice.objects.select_for_update(no_key=True).get(pk=notice.pk)
        known = Payment.objects.filter(key=key).first()
        if known is not None:
            same = known.notice_id == notice.pk and known.provider == provider
            return known if same else refuse("key_mismatch")
        going = notice.payments.filter(provider=provider, state__in=OPEN).first()
        if going is not None:
            return going
        wanted = notice.open - held_for(notice)
        if wanted <= 0:
            return refuse("nothing_owed")
        try:
            with transaction.atomic():
                return _created(notice, provider, key, wanted, account)
        except IntegrityError:
            # The key was taken meanwhile for another notice: that transaction held another lock than ours.
            return refuse("key_mismatch")


def _created(notice: Notice, provider: str, key: str, amount: int, account: int) -> Payment:
    now = clock.now()
    payment = Payment.objects.create(
        notice=notice,
        provider=provider,
        key=key,
        amount=amount,
        account=account,
        created_at=now,
        expires_at=now + VALID_FOR,
        next_at=now,
    )
    note(payment, "", "created", "")
    return payment


def held_for(notice: Notice) -> int:
    """What came in for the notice and waits in suspense, in đồng."""
    return int(Credit.objects.filter(notice=notice).aggregate(held=Sum("held"))["held"] or 0)


def note(payment: Payment, before: str, after: str, why: str) -> None:
    """Writes one step into the payment's history."""
    PaymentChange.objects.create(payment=payment, before=before, after=after, at=clock.now(), why=why[:300])


def move(payment: Payment, after: State, why: str, **values: Any) -> bool:
    """Moves a locked payment to `after` and writes why; False, and nothing changed, when there is no such step.

    A provider's word that comes late or out of order is no fault: what it may not change it does not.
    """
    before: State = payment.state  # type: ignore[assignment]
    if not may_become(before, after):
        return False
    payment.state = after
    for name, value in values.items():
        setattr(payment, name, value)
    if after not in OPEN:
        payment.next_at = None
    payment.save(update_fields=["state", "next_at", *values])
    note(payment, before, after, why)
    return True


def move_by_id(payment_id: UUID, after: State, why: str, **values: Any) -> bool:
    """The same for a payment that is not locked yet."""
    with transaction.atomic():
        payment = Payment.objects.select_for_update(no_key=True).get(pk=payment_id)
        return move(payment, after, why, **values)


def is_past(payment: Payment, now: datetime) -> bool:
    """True when the time in which the provider takes the money has run out."""
    return payment.expires_at is not None and payment.expires_at <= now
