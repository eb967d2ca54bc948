"""What providers tell by themselves: each message once, only with a signature that holds, in whatever order.

What a message means is decided here in one place for messages and for answers to our own questions.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Literal
from uuid import UUID

import msgspec
from django.db import transaction

from motcua.dossiers import clock
from motcua.fees.attempts import move
from motcua.fees.incoming import Arrived, count_in, prepare
from motcua.fees.models import Heard, Payment
from motcua.fees.providers import Told, available
from motcua.fees.signing import NotGenuineError

MOST_DONG = 10**13


class UnknownChannelError(LookupError):
    """No provider of this installation has this name."""


def hear(channel: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Literal["done", "repeated"]:
    """Takes in one message.

    Raises UnknownChannelError, NotGenuineError (forged, old, a nonce used for something else) and ValueError
    (nonsense under a right signature); then nothing was changed.
    """
    provider = available().get(channel)
    if provider is None:
        raise UnknownChannelError(channel)
    told, signed = provider.hear(headers, body, now)
    digest = sha256(body).hexdigest()
    arrived = _arrived(channel, told)
    if arrived is not None:
        prepare(arrived)
    with transaction.atomic():
        made, new = Heard.objects.get_or_create(
            channel=channel, nonce=signed.nonce, defaults={"digest": digest, "said": msgspec.to_builtins(told)}
        )
        if not new:
            if made.digest != digest:
                raise NotGenuineError("a nonce used twice")
            return "repeated"
        _heed(channel, told, arrived)
    return "done"


def apply(channel: str, told: Told) -> None:
    """What follows from a provider's word. What it may not change it does not; raises ValueError for nonsense."""
    arrived = _arrived(channel, told)
    if arrived is not None:
        prepare(arrived)
    _heed(channel, told, arrived)


def _arrived(channel: str, told: Told) -> Arrived | None:
    """The money a word tells of; None when it tells of none."""
    if told.state != "succeeded":
        return None
    if not told.external or len(told.external) > 100 or not 0 < told.amount < MOST_DONG:
        raise ValueError("money without a name, or an amount that cannot be")
    return Arrived(
        channel=channel,
        external=told.external,
        amount=told.amount,
        at=told.at or clock.now(),
        purpose=told.purpose,
        payment=told.payment,
        account=told.account,
    )


def _heed(channel: str, told: Told, arrived: Arrived | None) -> None:
    if arrived is not None:
        count_in(arrived)
    elif told.state in ("failed", "expired"):
        _end(channel, told)


def _end(channel: str, told: Told) -> None:
    try:
        number = UUID(told.payment)
    except ValueError:
        return
    with transaction.atomic():
        payment = Payment.objects.select_for_update(no_key=True).filter(pk=number, provider=channel).first()
        if payment is not None:
            move(payment, told.state, "the provider says so", done_at=clock.now())  # type: ignore[arg-type]
