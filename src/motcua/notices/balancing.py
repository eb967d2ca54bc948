"""Which of several providers gets a message: weights that move away from a slow one, breakers, a budget of retries.

Pure. The pattern is GOV.UK Notify's: when a share of the last minutes' messages was slow, some of the traffic moves
to the other; when all are slow nothing moves, since the fault is then ours or everybody's (incident 20).
"""

import random
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import msgspec

SLOW_SHARE = 0.15
SAMPLE = 20
STEP, LEAST = 10, 5
MOVES_EVERY, BACK_AFTER = timedelta(minutes=1), timedelta(minutes=5)
BREAKS_AFTER = 5
FIRST_BREAK, LONGEST_BREAK = timedelta(seconds=30), timedelta(minutes=10)
RETRY_SHARE, RETRIES_FREE = 0.2, 10


class Health(msgspec.Struct, frozen=True):
    """How a provider has done in the last minutes. `rest` is its share when all is well."""

    name: str
    share: int = 100
    rest: int = 100
    asked: int = 0
    slow: int = 0
    failed: int = 0
    retried: int = 0
    in_a_row: int = 0
    breaks: int = 0
    broken_until: datetime | None = None
    moved_at: datetime | None = None

    @property
    def is_slow(self) -> bool:
        """Enough messages were asked, and too many of them were slow."""
        return self.asked >= SAMPLE and self.slow / self.asked >= SLOW_SHARE

    def is_open(self, now: datetime) -> bool:
        """True while its breaker keeps messages from it."""
        return self.broken_until is not None and self.broken_until > now

    @property
    def is_on_trial(self) -> bool:
        """It broke and has not answered well since: it gets one message to show that it can."""
        return self.in_a_row >= BREAKS_AFTER

    @property
    def has_retries_left(self) -> bool:
        """Trying again may not become most of what a weak provider is asked."""
        return self.retried < RETRIES_FREE + RETRY_SHARE * self.asked


def moved(healths: Sequence[Health], now: datetime) -> dict[str, int]:
    """The shares that change now, by provider; nothing when none does."""
    if len(healths) < 2:
        return {}
    last = max((each.moved_at for each in healths if each.moved_at is not None), default=None)
    slow = [each for each in healths if each.is_slow]
    if slow:
        if len(slow) == len(healths) or (last is not None and now - last < MOVES_EVERY):
            return {}
        return _away_from(slow, [each for each in healths if not each.is_slow])
    if last is None or now - last < BACK_AFTER:
        return {}
    return {each.name: share for each in healths if (share := _towards_rest(each)) != each.share}


def _away_from(slow: Sequence[Health], quick: Sequence[Health]) -> dict[str, int]:
    found: dict[str, int] = {}
    freed = 0
    for each in slow:
        left = max(LEAST, each.share - STEP)
        freed += each.share - left
        found[each.name] = left
    each_gets, over = divmod(freed, len(quick))
    for at, one in enumerate(quick):
        found[one.name] = one.share + each_gets + (at < over)
    before = {each.name: each.share for each in (*slow, *quick)}
    return {name: share for name, share in found.items() if share != before[name]}


def _towards_rest(each: Health) -> int:
    if each.share < each.rest:
        return min(each.rest, each.share + STEP)
    return max(each.rest, each.share - STEP)


def chosen(
    healths: Sequence[Health], now: datetime, rng: random.Random, besides: Collection[str] = (), again: bool = False
) -> str | None:
    """One provider by weight: not one of `besides` if there is another, none whose breaker is open.

    `again` says that this is a retry, which needs a place in the provider's budget. None: not now.
    """
    usable = [each for each in healths if not each.is_open(now) and (not again or each.has_retries_left)]
    others = [each for each in usable if each.name not in besides]
    pool = others or usable
    if not pool:
        return None
    return rng.choices([each.name for each in pool], [max(each.share, 1) for each in pool])[0]


def after_batch(health: Health, good: int, bad: int, now: datetime) -> Health:
    """The breaker after a batch with so many good and bad answers."""
    if good:
        return msgspec.structs.replace(health, in_a_row=0, breaks=0, broken_until=None)
    if not bad:
        return health
    in_a_row = health.in_a_row + bad
    if in_a_row < BREAKS_AFTER:
        return msgspec.structs.replace(health, in_a_row=in_a_row)
    pause = min(FIRST_BREAK * 2 ** min(health.breaks, 10), LONGEST_BREAK)
    return msgspec.structs.replace(health, in_a_row=in_a_row, breaks=health.breaks + 1, broken_until=now + pause)
