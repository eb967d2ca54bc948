"""Receipts that a gateway sends to our own address: signed, dated, and heard once.

The signature is `t=<seconds>,v1=<hex>` over `<seconds>.<body>` with the secret in the provider's address. What is
written down is `outcomes`'.
"""

import hashlib
import hmac
import re
import time
from typing import Literal
from uuid import UUID

import msgspec

from motcua.dossiers import clock
from motcua.notices import configuration, outcomes
from motcua.notices.channels.base import Receipt
from motcua.notices.channels.gateway import Gateway

OLDEST = 300
LARGEST = 64 * 1024
MOST = 500
_SIGNATURE = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


class Said(msgspec.Struct, frozen=True):
    """One message's fate, by our id."""

    id: UUID
    status: Literal["accepted", "delivered", "failed", "expired"]
    reason: str = ""


class UntrustedError(Exception):
    """Not from the provider, or not now."""


def take(provider: str, body: bytes, signature: str) -> int:
    """Keeps what a gateway reports; returns how many messages changed.

    Raises UntrustedError when it is not signed by the provider within five minutes, ValueError when it cannot be
    read. Told again it changes nothing.
    """
    made = configuration.provider(provider)
    if not isinstance(made, Gateway) or not made.secret:
        raise UntrustedError
    found = _SIGNATURE.fullmatch(signature)
    if found is None or abs(time.time() - int(found[1])) > OLDEST:
        raise UntrustedError
    if not hmac.compare_digest(signed(made.secret, int(found[1]), body).encode(), signature.encode()):
        raise UntrustedError
    said = msgspec.json.decode(body, type=list[Said])
    if len(said) > MOST:
        raise ValueError("too many at once")
    receipts = [
        Receipt(each.status, message=str(each.id), reason=each.reason[:200])
        for each in said
        if each.status != "accepted"
    ]
    return outcomes.keep_receipts(made, receipts, clock.now())


def signed(secret: str, at: int, body: bytes) -> str:
    """The signature of a body sent at an instant."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
