"""The ways of a slice at one look: the tally, the variants, where they leave the process, hand-overs, the stamp.

In a large city that takes seconds. What is asked about days that are over is kept for the day, and made ready at night
for the procedures with most dossiers; the page and its lists are about the same days, so that they agree.
"""

import time
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec

from motcua.dossiers import clock, followers, store
from motcua.flow.losses import Crossing, Stamping, crossings, stamping
from motcua.flow.slices import Slice
from motcua.flow.training import AT_NIGHT, SECONDS_BETWEEN_LOOKS
from motcua.flow.variants import Leaving, Tally, VariantRow, leavings, tally, variants
from motcua.law.working_time import CITY_ZONE, city_day
from motcua.reports.figures import complete_until
from motcua.reports.periods import midnight

DAYS = 365
# A procedure with so many ways in a year is made ready before anybody asks.
MANY = 20_000
_FIND = "SELECT body FROM flow_answer WHERE key = %s AND day = %s"
_KEEP = """
    INSERT INTO flow_answer (key, day, body) VALUES (%s, %s, %s)
        ON CONFLICT (key) DO UPDATE SET day = excluded.day, body = excluded.body
"""
# Facts made anew are another table, and what was kept of the old one is no answer any more.
_FACTS = "SELECT 'reports_dossierfact'::regclass::oid::bigint"
_BEHIND = """
    SELECT EXISTS (SELECT FROM flow_pending p JOIN reports_dossierfact f ON f.dossier_id = p.dossier_id
                    WHERE f.finished_at < %s)
"""
_LARGE = """
    SELECT procedure FROM flow_way WHERE finished_at >= %s AND finished_at < %s
     GROUP BY procedure HAVING count(*) >= %s ORDER BY count(*) DESC
"""


class Overview(msgspec.Struct, frozen=True):
    """What the page of ways shows of a slice."""

    tally: Tally
    variants: list[VariantRow]
    leavings: list[Leaving]
    crossings: list[Crossing]
    stamping: Stamping


def last_year(now: datetime) -> tuple[datetime, datetime]:
    """Twelve months of days that are over: the first instant, and the first that is no longer in them."""
    end = midnight(city_day(now))
    return end - timedelta(days=DAYS), end


def overview(part: Slice) -> Overview:
    """The slice at one look; of days that are over the same answer all day, however often it is asked."""
    now = clock.now()
    if part.end > midnight(city_day(now)):
        return _made(part)
    with store.cursor() as run:
        key = sha256(msgspec.json.encode((part, _one(run.execute(_FACTS).fetchone())))).hexdigest()
        row = run.execute(_FIND, (key, city_day(now))).fetchone()
    if row is not None:
        return msgspec.json.decode(bytes(row[0]), type=Overview)
    made = _made(part)
    if _complete(part.end):
        with store.cursor() as run:
            run.execute(_KEEP, (key, city_day(now), msgspec.json.encode(made)))
    return made


def _made(part: Slice) -> Overview:
    return Overview(tally(part), variants(part), leavings(part), crossings(part), stamping(part))


def _complete(end: datetime) -> bool:
    """True when nothing is missing any more of what ended before an instant."""
    reached = (complete_until(), followers.complete_until("flow"))
    if any(each is None or each < end for each in reached):
        return False
    with store.cursor() as run:
        return not _one(run.execute(_BEHIND, (end,)).fetchone())


def _one(row: tuple[Any, ...] | None) -> Any:
    return None if row is None else row[0]


_looked = float("-inf")


def make_ready() -> int:
    """The errand: at night the answers of yesterday go and those of the large procedures are made. Always returns 0."""
    global _looked
    now = clock.now()
    if time.monotonic() - _looked < SECONDS_BETWEEN_LOOKS or now.astimezone(CITY_ZONE).hour not in AT_NIGHT:
        return 0
    _looked = time.monotonic()
    begin, end = last_year(now)
    with store.cursor() as run:
        run.execute("DELETE FROM flow_answer WHERE day < %s", (city_day(now),))
        large = [row[0] for row in run.execute(_LARGE, (begin, end, MANY)).fetchall()]
    for procedure in large:
        overview(Slice(procedure, begin, end))
    return 0
