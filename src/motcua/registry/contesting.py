"""A resident says that a fact is wrong: a dossier decides about it, and only what it granted is written.

Lodging the dossier is left to the page, which knows the procedure; here is what it is about, and the writing.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from motcua.law.working_time import city_day
from motcua.registry.facts import read_fact
from motcua.registry.models import Contest, Resident
from motcua.registry.record import Source, change

PROCEDURE = "HN18.004"


class NotGrantedError(ValueError):
    """A change that no dossier granted, or that was made already."""


def note(dossier: int, resident: Resident, what: str, proposed: Any) -> Contest:
    """Binds a dossier to the fact it is about. Nothing of the register changes."""
    row, _made = Contest.objects.get_or_create(
        dossier=dossier,
        defaults={
            "resident": resident,
            "what": what,
            "present": getattr(resident, what) or None,
            "proposed": read_fact(what, proposed, city_day(timezone.now())),
        },
    )
    return row


def open_contests(limit: int = 50, after: datetime | None = None) -> list[Contest]:
    """Those not written and not put away, the oldest first; `after` is when the last one shown was made."""
    rows = Contest.objects.filter(applied_at=None, closed_at=None)
    rows = rows if after is None else rows.filter(at__gt=after)
    return list(rows.select_related("resident").order_by("at")[:limit])


@transaction.atomic
def apply(dossier: int, *, granted: bool, by: str) -> None:
    """Writes what the dossier granted, dated today and naming it. Raises NotGrantedError otherwise."""
    contest = Contest.objects.select_for_update().get(pk=dossier)
    if not granted or contest.applied_at is not None or contest.closed_at is not None:
        raise NotGrantedError("no dossier grants this change now")
    source = Source(words="contest", dossier=dossier, by=by)
    # What was wrong was wrong from the beginning: the right value holds from the first day.
    change(contest.resident_id, contest.what, contest.proposed, source, contest.resident.since)
    Contest.objects.filter(pk=dossier).update(applied_at=timezone.now())


def close(dossier: int) -> bool:
    """Puts a contest away whose dossier ended without being granted; the register stays as it is."""
    return bool(Contest.objects.filter(pk=dossier, applied_at=None, closed_at=None).update(closed_at=timezone.now()))
