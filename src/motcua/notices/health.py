"""Keeps how each provider does: counters of two windows, added to once a batch, and the shares that follow.

Nothing is ever counted over the messages themselves. The rules are `balancing`'s.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from motcua.notices import balancing
from motcua.notices.balancing import Health
from motcua.notices.channels.base import Provider
from motcua.notices.models import Provider as Row

WINDOW = timedelta(minutes=1)


class Batch:
    """What a batch of messages showed of one provider."""

    def __init__(self) -> None:
        self.asked = self.slow = self.failed = self.retried = self.good = 0


def healths(providers: list[Provider], now: datetime) -> list[Health]:
    """How the providers of one channel do. A new one begins at its configured weight."""
    rows = {each.name: each for each in Row.objects.filter(name__in=[each.name for each in providers])}
    new = [each for each in providers if each.name not in rows or rows[each.name].rest != each.weight]
    for each in new:
        values = {"channel": each.channel, "share": each.weight, "rest": each.weight, "since": now}
        rows[each.name] = Row.objects.update_or_create(name=each.name, defaults=values)[0]
    return [_health(rows[each.name], now) for each in providers]


def _health(row: Row, now: datetime) -> Health:
    fresh, younger = now - row.since < WINDOW * 2, now - row.since < WINDOW
    return Health(
        name=row.name,
        share=row.share,
        rest=row.rest,
        asked=row.asked * fresh + row.before_asked * younger,
        slow=row.slow * fresh + row.before_slow * younger,
        failed=row.failed * fresh + row.before_failed * younger,
        retried=row.retried * fresh + row.before_retried * younger,
        in_a_row=row.in_a_row,
        breaks=row.breaks,
        broken_until=row.broken_until,
        moved_at=row.moved_at,
    )


def note(name: str, batch: Batch, now: datetime) -> None:
    """Adds a batch to a provider's counters and sets its breaker."""
    with transaction.atomic():
        row = Row.objects.select_for_update().filter(name=name).first()
        if row is None:
            return
        _turn(row, now)
        row.asked += batch.asked
        row.slow += batch.slow
        row.failed += batch.failed
        row.retried += batch.retried
        after = balancing.after_batch(_health(row, now), batch.good, batch.failed, now)
        row.in_a_row, row.breaks, row.broken_until = after.in_a_row, after.breaks, after.broken_until
        if batch.good:
            row.last_good_at = now
        row.save()


def note_slow_receipts(name: str, count: int) -> None:
    """Receipts that came late count as slow messages."""
    Row.objects.filter(name=name).update(slow=F("slow") + count)


def _turn(row: Row, now: datetime) -> None:
    if now - row.since < WINDOW:
        return
    for each in ("asked", "slow", "failed", "retried"):
        setattr(row, f"before_{each}", getattr(row, each) if now - row.since < WINDOW * 2 else 0)
        setattr(row, each, 0)
    row.since = now


def rebalance(providers: list[Provider], now: datetime) -> dict[str, int]:
    """Moves shares where the last minutes ask for it; returns what changed."""
    if len(providers) < 2:
        return {}
    with transaction.atomic():
        names = [each.name for each in providers]
        with connection.cursor() as cursor:
            # Two workers that moved at once would move twice.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('motcua.notices.shares'))")
        changed = balancing.moved(healths(providers, now), now)
        for name, share in changed.items():
            Row.objects.filter(name=name).update(share=share)
        if changed:
            Row.objects.filter(name__in=names).update(moved_at=now)
    return changed
