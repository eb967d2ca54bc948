"""Links in messages: where a person goes from one, and signed tokens that open one thing for a while.

A token names its purpose, its subject and its last day, and is signed with the city's secret: it can be neither
guessed nor turned to another subject, and needs no row. What it opens is the page's that asks `open_token`.
"""

import base64
import hashlib
import hmac
import struct
from datetime import UTC, date, datetime, timedelta

from django.conf import settings

_SHAPE = struct.Struct(">QH")
_SIGNATURE = 12
_FIRST_DAY = date(2000, 1, 1)
RATING = "rate"
RATING_DAYS = 60


def absolute(path: str) -> str:
    """The address of a page as it stands in a message."""
    return f"{settings.MOTCUA_BASE_URL}{path}"


def dossier_link(dossier_id: int, token: str, account: int) -> str:
    """The dossier's own page for who can sign in; otherwise what the receipt's QR code opens, without a name."""
    return absolute(f"/cua-toi/ho-so/{dossier_id}/" if account else f"/theo-doi/{token}/")


def rating_link(dossier_id: int, now: datetime) -> str:
    """Where the dossier's owner rates it without signing in."""
    return absolute(f"/danh-gia/{make_token(RATING, dossier_id, RATING_DAYS, now)}/")


def make_token(purpose: str, subject: int, days: int, now: datetime | None = None) -> str:
    """A token of 30 letters that opens `subject` for `purpose` until `days` from now are over."""
    last = ((now or datetime.now(UTC)).date() + timedelta(days=days) - _FIRST_DAY).days
    body = _SHAPE.pack(subject, last)
    return base64.urlsafe_b64encode(body + _signed(purpose, body)).rstrip(b"=").decode()


def open_token(purpose: str, token: str, now: datetime | None = None) -> int | None:
    """What the token opens; None when it is forged, for something else, or too old."""
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), b"-_", validate=True)
    except (ValueError, UnicodeEncodeError):
        return None
    body, signature = raw[: _SHAPE.size], raw[_SHAPE.size :]
    if len(raw) != _SHAPE.size + _SIGNATURE or not hmac.compare_digest(signature, _signed(purpose, body)):
        return None
    subject, last = _SHAPE.unpack(body)
    if (now or datetime.now(UTC)).date() > _FIRST_DAY + timedelta(days=last):
        return None
    return int(subject)


def _signed(purpose: str, body: bytes) -> bytes:
    key = hashlib.sha256(f"motcua.notices.links/{purpose}/{settings.SECRET_KEY}".encode()).digest()
    return hmac.digest(key, body, "sha256")[:_SIGNATURE]
