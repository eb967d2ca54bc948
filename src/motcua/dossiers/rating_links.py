"""Links by which somebody may rate one dossier once, without signing in: signed, dated, and good for nothing else.

A link in a message is good for weeks, one on a counter's tablet for minutes; both are short, for they stand in text
messages. Whoever has one learns no more of the dossier than its procedure and its code. Recording the rating is left
to the law (`Rate`).
"""

import base64
import struct
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from django.utils.crypto import constant_time_compare, salted_hmac

from motcua.dossiers import clock

By = Literal["link", "counter"]
GOOD_FOR: dict[By, timedelta] = {"link": timedelta(days=60), "counter": timedelta(minutes=20)}
_KINDS: tuple[By, ...] = ("link", "counter")
_SALT = "motcua.dossiers.rating_links"
# The dossier, the last minute (since 2000), the kind; then the first half of an HMAC-SHA-256.
_SHAPE, _SIGNATURE = struct.Struct(">QIB"), 16
_ZERO = datetime(2000, 1, 1, tzinfo=UTC)


class Checked(NamedTuple):
    """What a link was made for."""

    dossier_id: int
    by: By


def make(dossier_id: int, by: By = "link", now: datetime | None = None) -> str:
    """The token of a link for this dossier (39 letters), good from now on for as long as its kind is."""
    last = int(((now or clock.now()) + GOOD_FOR[by] - _ZERO) / timedelta(minutes=1))
    body = _SHAPE.pack(dossier_id, last, _KINDS.index(by))
    return base64.urlsafe_b64encode(body + _signed(body)).rstrip(b"=").decode()


def check(token: str, now: datetime | None = None) -> Checked | None:
    """What the token was made for; None when it was not made here, was altered, or is too old."""
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), b"-_", validate=True)
    except ValueError:
        return None
    body, signature = raw[: _SHAPE.size], raw[_SHAPE.size :]
    if len(raw) != _SHAPE.size + _SIGNATURE or not constant_time_compare(signature, _signed(body)):
        return None
    dossier_id, last, kind = _SHAPE.unpack(body)
    if (now or clock.now()) > _ZERO + timedelta(minutes=last):
        return None
    return Checked(dossier_id, _KINDS[kind])


def _signed(body: bytes) -> bytes:
    return salted_hmac(_SALT, body, algorithm="sha256").digest()[:_SIGNATURE]
