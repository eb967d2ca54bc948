"""Documents issued to people and businesses: the store from which a paper is used again instead of being brought.

Files themselves are kept by `files`; who may read one is decided by whoever shows it to its owner or works on a
dossier that names it.
"""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from motcua.law.working_time import city_day
from motcua.registry.models import Document


@transaction.atomic
def add(
    owner_number: str,
    kind: str,
    digest: str,
    name: str,
    dossier_id: int,
    code: str,
    valid_from: date,
    valid_to: date | None = None,
    revokes: str = "",
) -> Document:
    """Enters a document; entered twice it is one. `kind` says what it proves (`result:CODE`), `revokes` names the
    digest of the one it replaces. Raises ValueError for a document that somebody else owns.
    """
    row, made = Document.objects.get_or_create(
        digest=digest,
        defaults={
            "owner": owner_number,
            "kind": kind,
            "name": name,
            "dossier": dossier_id,
            "code": code,
            "valid_from": valid_from,
            "valid_to": valid_to,
        },
    )
    if not made and row.owner != owner_number:
        raise ValueError("this document was issued to somebody else")
    if revokes:
        Document.objects.filter(digest=revokes, owner=owner_number, revoked_by="").update(revoked_by=digest)
    return row


def documents_of(number: str, on: date | None = None) -> list[Document]:
    """Those issued to a number that hold on a day (today when None), the newest first."""
    day = on or city_day(timezone.now())
    if not number:
        return []
    rows = Document.objects.filter(owner=number, revoked_by="", valid_from__lte=day)
    return list(rows.filter(Q(valid_to=None) | Q(valid_to__gte=day)).order_by("-issued_at", "digest")[:200])


def find(digest: str) -> Document | None:
    """The document with this content, revoked or not; None when it was never issued."""
    return Document.objects.filter(digest=digest).first()
