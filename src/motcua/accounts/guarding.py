"""How often something may be tried: counted in the database, so that every process counts alike, each in O(1).

Limits are per account first. An account that is attacked stays open to the browsers its owner used before, and
one address may carry a whole office or computer room: sixty people behind it all sign in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from motcua.accounts.models import Tally


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries within `window`."""

    most: int
    window: timedelta


QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
LIMITS = {
    # Wrong passwords for one account: from one browser known to it; from one strange address; from all strangers.
    "password_known": Limit(12, QUARTER),
    "password_strange": Limit(8, QUARTER),
    "password_strangers": Limit(60, QUARTER),
    # Wrong passwords of strangers from one address, for whatever accounts: only bounds a flood.
    "password_address": Limit(400, QUARTER),
    # Codes sent to one phone or mail address, and codes asked for from one address.
    "code_to": Limit(5, HOUR),
    "code_to_day": Limit(12, DAY),
    "code_from": Limit(300, HOUR),
    # Numbers and codes a clerk or a resident may look up for others.
    "look_up": Limit(60, HOUR),
    "own_password": Limit(10, QUARTER),
}
Try = tuple[str, tuple[object, ...]]
# One statement for all of them: counts, begins a new window where the old one has passed, and says how many now.
# The keys go in one order, so that two who count the same ones wait for each other and never both ways.
_TAKE = """
    INSERT INTO accounts_tally AS t (key, since, until, count)
    SELECT key, now(), now() + span, 1 FROM unnest(%(keys)s::text[], %(spans)s::interval[]) AS given (key, span)
    ORDER BY key
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN t.until <= now() THEN 1 ELSE t.count + 1 END,
        since = CASE WHEN t.until <= now() THEN now() ELSE t.since END,
        until = CASE WHEN t.until <= now() THEN excluded.until ELSE t.until END
    RETURNING key, count, extract(epoch FROM until - now())"""
_GIVE_BACK = """
    WITH held AS (SELECT key FROM accounts_tally WHERE key = ANY (%(keys)s) ORDER BY key FOR UPDATE)
    UPDATE accounts_tally t SET count = CASE WHEN t.key = %(first)s THEN 0 ELSE greatest(t.count - 1, 0) END
    FROM held WHERE t.key = held.key"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it may be tried, and if not, after how many seconds again."""

    allowed: bool
    wait: int = 0

    def __bool__(self) -> bool:
        return self.allowed


def take(kind: str, *about: object) -> Verdict:
    """Counts one try of `kind` about these, before it is made: many at once cannot all slip through."""
    return take_all([(kind, about)])


def take_all(tries: Sequence[Try]) -> Verdict:
    """Counts one try under several limits; allowed when every one of them allows it."""
    limits = {_key(kind, about): LIMITS[kind] for kind, about in tries}
    with connection.cursor() as cursor:
        spans = [limit.window for limit in limits.values()]
        cursor.execute(_TAKE, {"keys": list(limits), "spans": spans})
        counted = cursor.fetchall()
    waits = [max(1, int(left)) for key, count, left in counted if count > limits[key].most]
    return Verdict(not waits, max(waits, default=0))


def give_back(tries: Sequence[Try]) -> None:
    """The try was a right one: it does not count, and under the first limit earlier ones are forgotten too."""
    keys = [_key(kind, about) for kind, about in tries]
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, {"keys": keys, "first": keys[0]})


def clear(kind: str, *about: object) -> None:
    """Forgets the tries: whoever made them has shown who they are."""
    Tally.objects.filter(key=_key(kind, about)).delete()


def sweep() -> int:
    """Removes tallies whose window has long passed."""
    return Tally.objects.filter(until__lt=timezone.now() - DAY).delete()[0]


def _key(kind: str, about: tuple[object, ...]) -> str:
    return salted_hmac("motcua.accounts.guarding", "\x1f".join([kind, *map(str, about)])).hexdigest()
