"""The ways of a slice at one look: the tally, the variants, where they leave the process, hand-overs, the stamp.

In a large city that takes seconds. What is asked about days that are over is kept for the day, and made ready at night
for the procedures with most dossiers; the page and its lists are about the same days, so that they agree.
"""

import time
from datetime import datetime, timedelta

import msgspec

from motcua.dossiers import clock, followers, store
from motcua.flow.losses import Crossing, Stamping, crossings, stamping
from motcua.flow.slices import OVERVIEW, Slice
from motcua.flow.training import AT_NIGHT, SECONDS_BETWEEN_LOOKS
from motcua.flow.variants import Leaving, Tally, VariantRow, leavings, tally, variants
from motcua.law.working_time import CITY_ZONE, city_day
from motcua.reports import kept
from motcua.reports.figures import complete_until
from motcua.reports.periods import midnight

DAYS = 365
# A procedure with so many ways in a year is made ready before anybody asks.
MANY = 20_000
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
    if part.end > midnight(city_day(clock.now())):
        return _made(part)
    return kept.answer(OVERVIEW, part, Overview, lambda: _made(part), lambda: _complete(part.end))


def _made(part: Slice) -> Overview:
    return Overview(tally(part), variants(part), leavings(part), crossings(part), stamping(part))


def _complete(end: datetime) -> bool:
    """True when nothing is missing any more of what ended before an instant."""
    reached = (complete_until(), followers.complete_until("flow"))
    if any(each is None or each < end for each in reached):
        return False
    with store.cursor() as run:
        row = run.execute(_BEHIND, (end,)).fetchone()
    return row is not None and not row[0]


_looked = float("-inf")


def make_ready() -> int:
    """The errand: at night those of the large procedures are made. Always returns 0."""
    global _looked
    now = clock.now()
    if time.monotonic() - _looked < SECONDS_BETWEEN_LOOKS or now.astimezone(CITY_ZONE).hour not in AT_NIGHT:
        return 0
    _looked = time.monotonic()
    begin, end = last_year(now)
    with store.cursor() as run:
        large = [row[0] for row in run.execute(_LARGE, (begin, end, MANY)).fetchall()]
    for procedure in large:
        overview(Slice(procedure, begin, end))
    return 0
