"""A person's own inbox: everything told to their account, whether or not it left the house."""

from collections.abc import Sequence

import msgspec
from django.utils import timezone

from motcua.notices.models import Notice
from motcua.notices.wording.loading import message_of
from motcua.notices.wording.rendering import render

PAGE = 20
MOST_COUNTED = 99


class Entry(msgspec.Struct, frozen=True):
    """One entry as it is shown, in the reader's language."""

    id: int
    title: str
    text: str
    link: str
    at: object
    is_new: bool
    required: bool
    dossier_id: int
    kept_in: str


def entries(account: int, language: str, before: int = 0, limit: int = PAGE) -> tuple[list[Entry], int]:
    """A page of entries, newest first, and the id after which the next page begins (0: there is none)."""
    rows = Notice.objects.filter(account=account).order_by("-id")
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: limit + 1])
    shown = [_entry(row, language) for row in found[:limit]]
    return shown, found[limit - 1].pk if len(found) > limit else 0


def _entry(row: Notice, language: str) -> Entry:
    said = render(message_of(row.kind, row.version), "inbox", language, row.values)
    return Entry(
        id=row.pk,
        title=said.title,
        text=said.text,
        link=str(row.values.get("link", "")),
        at=row.created_at,
        is_new=row.read_at is None,
        required=row.required,
        dossier_id=row.dossier_id,
        kept_in=row.kept_in,
    )


def unread(account: int) -> int:
    """How many are unread, counted from an index and no further than 99."""
    if not account:
        return 0
    keys = Notice.objects.filter(account=account, read_at=None).values_list("pk", flat=True)
    return len(keys[:MOST_COUNTED])


def mark_read(account: int, numbers: Sequence[int] | None = None) -> int:
    """Marks the account's entries as read: those named, or all; returns how many were new."""
    rows = Notice.objects.filter(account=account, read_at=None)
    if numbers is not None:
        rows = rows.filter(pk__in=list(numbers))
    return rows.update(read_at=timezone.now())


def opened(account: int, number: int) -> str | None:
    """Marks one entry as read and gives its link; None when it is nobody's or somebody else's."""
    row = Notice.objects.filter(account=account, pk=number).first()
    if row is None:
        return None
    mark_read(account, [number])
    return str(row.values.get("link", ""))
