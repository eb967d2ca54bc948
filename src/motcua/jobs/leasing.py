"""Rows that wait for another machine: claimed for a while, finished once, tried again later, given up with a reason.

A table that keeps such work takes the columns of `Leased`. A worker claims rows in one short transaction, calls
the other machine while holding no connection, and reports back with the fence it was given: whoever comes after
the lease ran out has a newer fence, and the report of the first one then changes nothing. What the work is, and
whether asking the other side twice is harmless, is left to the room that keeps the table.
"""

import random
from datetime import timedelta
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models.functions import Now

Row = TypeVar("Row", bound="Leased")

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)


class Leased(models.Model):
    """The columns of a piece of work. `next_at` is None once it is done or given up."""

    next_at = models.DateTimeField(null=True, db_default=Now())
    leased_until = models.DateTimeField(null=True, default=None)
    fence = models.IntegerField(default=0)
    attempts = models.IntegerField(default=0)
    last_error = models.TextField(default="", blank=True)

    class Meta:
        abstract = True


def claim(table: type[Row], limit: int, lease: timedelta, **narrow: Any) -> list[Row]:
    """Takes up to `limit` rows that are due, the longest waiting first, for the time of `lease`.

    Rows that another worker holds are passed over; those whose lease ran out are taken again. `narrow` is a
    filter. Give the table an index on `next_at` where it is not null.
    """
    now = Now()
    with transaction.atomic():
        due = (
            table._default_manager.select_for_update(skip_locked=True)
            .filter(models.Q(leased_until=None) | models.Q(leased_until__lt=now), next_at__lte=now, **narrow)
            .order_by("next_at")
            .values_list("pk", flat=True)[:limit]
        )
        keys = list(due)
        if not keys:
            return []
        held = table._default_manager.filter(pk__in=keys)
        held.update(leased_until=now + lease, fence=models.F("fence") + 1, attempts=models.F("attempts") + 1)
        return list(held.order_by("next_at"))


def renew(row: Leased, lease: timedelta, **values: Any) -> bool:
    """The work goes on: holds the row for `lease` from now, and writes `values`. False when it was lost."""
    return bool(_mine(row).update(leased_until=Now() + lease, **values))


def finish(row: Leased, **values: Any) -> bool:
    """The work is done: writes `values` and lets go. False when the lease was lost to somebody else."""
    return _report(row, next_at=None, last_error="", **values)


def try_again(row: Leased, error: str, after: timedelta | None = None, **values: Any) -> bool:
    """The work failed for now: it is due again after a pause that grows with the attempts, or `after`."""
    pause = after if after is not None else pause_after(row.attempts)
    return _report(row, next_at=Now() + pause, last_error=error[:500], **values)


def give_up(row: Leased, error: str, **values: Any) -> bool:
    """The work will never succeed: it is not tried again, and says why."""
    return _report(row, next_at=None, last_error=error[:500], **values)


def pause_after(attempts: int) -> timedelta:
    """Five seconds, doubled with each attempt up to an hour, spread by a fifth so that not all come at once."""
    base = min(FIRST_PAUSE * 2 ** min(max(attempts - 1, 0), 20), LONGEST_PAUSE)
    return base * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, keeps no secret


def _report(row: Leased, **values: Any) -> bool:
    return bool(_mine(row).update(leased_until=None, **values))


def _mine(row: Leased) -> "models.QuerySet[Any]":
    """The row as long as nobody took it since."""
    return type(row)._default_manager.filter(pk=row.pk, fence=row.fence, leased_until__isnull=False)
