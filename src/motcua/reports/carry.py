"""What was open when each half month began, added up once: a report need not add up the changes of all years before it.

Nothing is true here that is not in the sums: `carried` rows are made from them, the follower strikes those that lie
after a half month it changes, and whoever reads begins at the last that stands. Made by the clock, one half at a time.
"""

from datetime import date

from django.db import transaction

from motcua.dossiers import clock, store
from motcua.reports.periods import half_of

# The half month from whose beginning changes are still to be added, for a stock at the beginning of `%(first)s`.
BASE = "coalesce((SELECT max(half) FROM reports_carriedhalf WHERE half <= %(first)s), '0001-01-01'::date)"
_NEXT = """
    SELECT min(c.half) FROM reports_cityhalf c
     WHERE c.half <= %(now)s AND NOT EXISTS (SELECT FROM reports_carriedhalf h WHERE h.half = c.half)
"""
_MADE = """
    INSERT INTO reports_carry (half, receiving, procedure, field, in_time, overdue, waiting)
    SELECT %(first)s, receiving, procedure, field, sum(in_time), sum(overdue), sum(waiting) FROM (
        SELECT receiving, procedure, field, in_time, overdue, waiting FROM reports_carry WHERE half = %(base)s
        UNION ALL
        SELECT receiving, procedure, field, d_in_time, d_overdue, d_waiting FROM reports_cube
         WHERE half >= %(base)s AND half < %(first)s) AS parts
     GROUP BY receiving, procedure, field
    HAVING sum(in_time) <> 0 OR sum(overdue) <> 0 OR sum(waiting) <> 0
"""


def by_the_clock() -> None:
    """Adds up the next half month that has begun and is not carried yet, for as long as there is one."""
    while carry_next():
        pass


def carry_next() -> bool:
    """One half month more; False when all that have begun are carried."""
    with transaction.atomic(), store.cursor() as run:
        now = half_of(clock.now())
        if _one(run.execute(_NEXT, {"now": now}).fetchone()) is None:
            return False
        # The sums stand still until this is written, so that no change slips in between.
        run.execute("LOCK TABLE reports_cube IN SHARE MODE")
        first = _one(run.execute(_NEXT, {"now": now}).fetchone())
        if first is None:
            return False
        base = _one(run.execute(f"SELECT {BASE}", {"first": first}).fetchone())
        run.execute("DELETE FROM reports_carry WHERE half = %s", (first,))
        run.execute(_MADE, {"first": first, "base": base})
        run.execute("INSERT INTO reports_carriedhalf (half) VALUES (%s)", (first,))
    return True


def _one(row: tuple[date | None, ...] | None) -> date | None:
    return None if row is None else row[0]


def strike_after(half: date) -> None:
    """Strikes what was carried over a half month whose sums are changed, in the transaction that changes them."""
    with store.cursor() as run:
        run.execute("DELETE FROM reports_carriedhalf WHERE half > %s", (half,))
