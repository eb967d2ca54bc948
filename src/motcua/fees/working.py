"""Work with the providers: beginning payments, asking how they stand, giving back, looking for what came in.

Each errand claims rows in a short transaction, gives its connection back, calls, and reports with its fence. A
provider that does not answer costs nothing but time: payments stay as they are and are asked about again.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.urls import reverse

from motcua.dossiers import clock
from motcua.fees import refunds
from motcua.fees.accounts import purpose_of
from motcua.fees.attempts import is_past, move_by_id
from motcua.fees.hearing import apply
from motcua.fees.incoming import release_held
from motcua.fees.models import Payment, Refund, Watch
from motcua.fees.providers import Order, Provider, ProviderSilentError, Told, available
from motcua.jobs.leasing import claim, finish, give_up, pause_after, try_again
from motcua.law.payments import OPEN

log = logging.getLogger("motcua.fees")

AT_ONCE = 10
LEASE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(minutes=1)
BETWEEN_LOOKS = timedelta(minutes=1)
# After this the provider's own word that nothing was paid is not waited for any longer; late money is still taken.
GRACE = timedelta(minutes=15)


def by_the_clock() -> None:
    """Each minute: sees that every provider is looked after, and that no money waits for a notice that is gone."""
    missing = set(available()) - set(Watch.objects.values_list("channel", flat=True))
    Watch.objects.bulk_create([Watch(channel=name, next_at=clock.now()) for name in missing], ignore_conflicts=True)
    release_held()


def ask_about_payments() -> int:
    """The errand `fees_payments`: one batch of open attempts is begun or asked about."""
    providers = available()
    rows = claim(Payment, AT_ONCE, LEASE, state__in=OPEN, provider__in=providers)
    orders = {payment.pk: _order(payment) for payment in rows}
    for payment in rows:
        # Nobody's connection is held while somebody else's server thinks.
        connection.close()
        _ask(providers[payment.provider], payment, orders[payment.pk])
    return len(rows)


def _order(payment: Payment) -> Order:
    notice = payment.notice
    return Order(
        payment=str(payment.pk),
        amount=payment.amount,
        reference=notice.reference,
        purpose=purpose_of(notice),
        return_url=f"{settings.MOTCUA_BASE_URL}{reverse('portal:pay', args=[notice.token])}",
        expires_at=payment.expires_at or clock.now() + GRACE,
    )


def _ask(provider: Provider, payment: Payment, order: Order) -> None:
    try:
        if payment.state == "created" or not payment.theirs:
            begun = provider.begin(order)
            move_by_id(payment.pk, "pending", "begun", theirs=begun.theirs, pay_url=begun.url)
            try_again(payment, "", after=_soon(payment))
            return
        told = provider.ask(str(payment.pk))
    except ProviderSilentError as error:
        _silent(payment, str(error))
        return
    _heed(payment, told)


def _silent(payment: Payment, error: str) -> None:
    """Nothing is known: an attempt that may have begun there is `unknown`, one that had begun stays as it is."""
    if payment.state == "created" or is_past(payment, clock.now()):
        move_by_id(payment.pk, "unknown", error)
    try_again(payment, error, after=_soon(payment))


def _heed(payment: Payment, told: Told) -> None:
    if told.state in ("succeeded", "failed", "expired"):
        apply(payment.provider, told)
    elif payment.expires_at is not None and payment.expires_at + GRACE <= clock.now():
        move_by_id(payment.pk, "expired", f"the provider says {told.state}", done_at=clock.now())
    else:
        if payment.state == "unknown":
            move_by_id(payment.pk, "pending", "asked")
        try_again(payment, "", after=_soon(payment))
        return
    finish(payment)


def _soon(payment: Payment) -> timedelta:
    return min(pause_after(payment.attempts), LONGEST_PAUSE)


def give_back() -> int:
    """The errand `fees_refunds`: money owed back goes the way it came, where the provider does that."""
    providers = {name: each for name, each in available().items() if each.returns}
    rows = claim(Refund, AT_ONCE, LEASE, state="due", channel__in=providers)
    for refund in rows:
        connection.close()
        try:
            done = providers[refund.channel].give_back(str(refund.payment_id), refund.amount, refund.key)
        except ProviderSilentError as error:
            try_again(refund, str(error))
            continue
        if done:
            refunds.sent_back(refund)
            finish(refund)
        else:
            give_up(refund, "the provider does not give it back", state="failed")
    return len(rows)


def look_for_credits() -> int:
    """The errand `fees_credits`: reads on in each provider's list of money, whether messages came or not."""
    providers = available()
    found = 0
    for watch in claim(Watch, AT_ONCE, LEASE, channel__in=providers):
        connection.close()
        found += _read_on(providers[watch.channel], watch)
    return found


def _read_on(provider: Provider, watch: Watch) -> int:
    was_silent, read = watch.silent_since is not None, 0
    cursor = watch.cursor
    try:
        while True:
            rows, cursor_after = provider.arrived(cursor)
            for told in rows:
                _take(watch.channel, told)
            read += len(rows)
            cursor = cursor_after
            if not rows:
                break
            connection.close()
    except ProviderSilentError as error:
        since = watch.silent_since or clock.now()
        try_again(
            watch, str(error), after=min(pause_after(watch.attempts), BETWEEN_LOOKS), cursor=cursor, silent_since=since
        )
        return read
    try_again(watch, "", after=BETWEEN_LOOKS, cursor=cursor, answered_at=clock.now(), silent_since=None)
    if was_silent:
        # It is back: whatever was left open is asked about at once.
        Payment.objects.filter(provider=watch.channel, state__in=OPEN, next_at__isnull=False).update(
            next_at=clock.now()
        )
    return read


def _take(channel: str, told: Told) -> None:
    try:
        apply(channel, told)
    except ValueError:
        log.warning("%s: a row of its list makes no sense and was passed over", channel)
