"""The signature under a provider's message: HMAC-SHA256 over time, nonce and body, refused when old.

Pure: the secret, the clock and the body are handed in. That a nonce is used once is held by the table `Heard`.
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta

import msgspec

HEADER = "X-Motcua-Signature"
TOLERANCE = timedelta(minutes=5)
_HEADER = re.compile(r"t=(\d{1,12}),n=([0-9A-Za-z_-]{8,64}),v1=([0-9a-f]{64})")


class NotGenuineError(Exception):
    """The message is not from the provider, or not of now; `reason` says which, for the log and never for the page."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Signed(msgspec.Struct, frozen=True):
    """What a signature that holds says of itself."""

    at: datetime
    nonce: str


def sign(secret: bytes, body: bytes, at: datetime, nonce: str) -> str:
    """The header's value for `body`."""
    stamp = str(int(at.timestamp()))
    return f"t={stamp},n={nonce},v1={_digest(secret, stamp, nonce, body)}"


def check(secret: bytes, header: str, body: bytes, now: datetime) -> Signed:
    """Who signed `body`, and when. Raises NotGenuineError for a forged, missing, old or early signature."""
    found = _HEADER.fullmatch(header)
    if found is None:
        raise NotGenuineError("no signature")
    stamp, nonce, given = found.groups()
    if not hmac.compare_digest(given, _digest(secret, stamp, nonce, body)):
        raise NotGenuineError("the signature does not hold")
    at = datetime.fromtimestamp(int(stamp), UTC)
    if abs(now - at) > TOLERANCE:
        raise NotGenuineError("the message is not of now")
    return Signed(at, nonce)


def _digest(secret: bytes, stamp: str, nonce: str, body: bytes) -> str:
    return hmac.new(secret, f"{stamp}.{nonce}.".encode() + body, hashlib.sha256).hexdigest()
