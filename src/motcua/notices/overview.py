"""How sending does at this moment: providers, what waits, and what is wrong with the settings."""

from datetime import datetime

import msgspec
from django.db.models import Min

from motcua.notices import configuration, health
from motcua.notices.models import CHANNELS, Delivery
from motcua.notices.wording.loading import NoWordsError, current
from motcua.notices.wording.shapes import KINDS

MOST_COUNTED = 10_000


class Standing(msgspec.Struct, frozen=True):
    """One provider just now. `share` is in per cent of its channel's traffic."""

    name: str
    channel: str
    share: int
    asked: int
    slow: int
    failed: int
    is_slow: bool
    broken_until: datetime | None


def providers(now: datetime) -> list[Standing]:
    """Every configured provider."""
    found = []
    for channel in CHANNELS:
        configured = configuration.providers(channel)
        healths = health.healths(configured, now)
        whole = sum(each.share for each in healths) or 1
        found += [
            Standing(
                name=each.name,
                channel=channel,
                share=round(100 * each.share / whole),
                asked=each.asked,
                slow=each.slow,
                failed=each.failed,
                is_slow=each.is_slow,
                broken_until=each.broken_until if each.is_open(now) else None,
            )
            for each in healths
        ]
    return found


def queues(now: datetime) -> list[tuple[str, int, datetime | None]]:
    """For each channel how many messages are due (counted no further than 10,000), and since when the oldest is."""
    found = []
    for channel in CHANNELS:
        due = Delivery.objects.filter(channel=channel, next_at__lte=now)
        waiting = len(due.values_list("pk", flat=True)[:MOST_COUNTED])
        oldest = due.aggregate(oldest=Min("next_at"))["oldest"] if waiting else None
        found.append((channel, waiting, oldest))
    return found


def faults() -> list[str]:
    """What an operator has to mend: settings that cannot be used, words that were never loaded."""
    found = [f"{where}: {why}" for where, why in configuration.faults()]
    try:
        current(set(KINDS))
    except NoWordsError as error:
        found.append(str(error))
    return found
