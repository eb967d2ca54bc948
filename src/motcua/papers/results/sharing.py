"""A link that lets somebody without an account read one result: for a while, ended at will, counted.

The token is shown once and kept as a hash only. Whose result may be shared is asked by the face.
"""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from motcua.papers.results.tables import IssuedResult, SharedLink

DAYS = (1, 7, 30)
MOST_OPEN = 20


def share(issued: IssuedResult, account: int, days: int, purpose: str = "") -> str | None:
    """A new link's token, or None when too many are open. Raises ValueError for other than DAYS."""
    if days not in DAYS:
        raise ValueError(days)
    if open_links(issued).count() >= MOST_OPEN:
        return None
    token = secrets.token_urlsafe(24)
    SharedLink.objects.create(
        secret=_secret(token),
        dossier_id=issued.dossier_id,
        seq=issued.seq,
        account=account,
        purpose=purpose.strip()[:200],
        expires_at=timezone.now() + timedelta(days=days),
    )
    return token


def open_links(issued: IssuedResult) -> "QuerySet[SharedLink]":
    """The links to a result that still work, the newest first."""
    return SharedLink.objects.filter(
        dossier_id=issued.dossier_id, seq=issued.seq, ended_at=None, expires_at__gt=timezone.now()
    ).order_by("-made_at")


def end(issued: IssuedResult, secret: str) -> bool:
    """Ends a link (by its hash) of this result; False when it had ended."""
    links = SharedLink.objects.filter(secret=secret, dossier_id=issued.dossier_id, seq=issued.seq, ended_at=None)
    return bool(links.update(ended_at=timezone.now()))


def opened(token: str) -> IssuedResult | None:
    """The result behind a link that works, counted as one reading; None for any other."""
    links = SharedLink.objects.filter(secret=_secret(token), ended_at=None, expires_at__gt=timezone.now())
    if not links.update(opened=F("opened") + 1, last_opened_at=timezone.now()):
        return None
    link = SharedLink.objects.get(secret=_secret(token))
    return IssuedResult.objects.filter(dossier_id=link.dossier_id, seq=link.seq).first()


def _secret(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
