"""Whether the facts can be trusted: they are of today's scheme, and every row that was written is still there.

The follower counts rows as it writes them; a look now and then counts what is there. A page that shows figures asks
`trouble` first and says so when there is any: a wrong figure is worse than none.
"""

from datetime import timedelta
from typing import Literal, get_args

from motcua.dossiers import clock, store
from motcua.reports.facts import SCHEME

Trouble = Literal["", "never_made", "old_scheme", "rows_lost", "rows_too_many"]
EVERY = timedelta(hours=1)
TROUBLES: tuple[Trouble, ...] = get_args(Trouble)


def trouble() -> Trouble:
    """What is wrong with the facts, '' when nothing is known to be.

    A table that is empty though it must not be is seen at once, a lost row at the next `look`.
    """
    query = """
        SELECT s.scheme, s.trouble, s.dossiers > 0 AND NOT EXISTS (SELECT FROM reports_dossierfact)
                    OR s.stages > 0 AND NOT EXISTS (SELECT FROM reports_stagefact)
                    OR s.spans > 0 AND NOT EXISTS (SELECT FROM reports_span)
                    OR s.dossiers > 0 AND NOT EXISTS (SELECT FROM reports_cube)
                    OR EXISTS (SELECT FROM reports_cube) <> EXISTS (SELECT FROM reports_cityhalf)
                    OR EXISTS (SELECT FROM reports_workday) <> EXISTS (SELECT FROM reports_officerday),
               EXISTS (SELECT FROM dossiers_dossier)
          FROM (SELECT 1) AS one LEFT JOIN reports_standing s ON true
    """
    with store.cursor() as run:
        row = run.execute(query).fetchone()
    assert row is not None
    scheme, said, emptied, dossiers = row
    if scheme is None:
        return "never_made" if dossiers and _passed_over() else ""
    if scheme != SCHEME:
        return "old_scheme"
    return "rows_lost" if emptied else said


def _passed_over() -> bool:
    """True when the follower moved on without leaving a fact: the facts were taken away afterwards."""
    with store.cursor() as run:
        return run.execute("SELECT FROM dossiers_follower WHERE name = 'reports' AND xid > 0").fetchone() is not None


def by_the_clock() -> None:
    """Looks when the last look was an hour ago: counting every row of a large city takes seconds."""
    with store.cursor() as run:
        row = run.execute("SELECT looked_at FROM reports_standing WHERE id = 1").fetchone()
    if row is not None and (row[0] is None or row[0] < clock.now() - EVERY):
        look()


_COUNTED = """
    SELECT 'reports_dossierfact'::regclass::oid::bigint, s.dossiers, s.stages, s.spans,
           (SELECT count(*) FROM reports_dossierfact), (SELECT count(*) FROM reports_stagefact),
           (SELECT count(*) FROM reports_span)
      FROM reports_standing s WHERE s.id = 1
"""
# Not where the facts have been made anew meanwhile: what was counted is gone.
_SAID = """
    UPDATE reports_standing SET trouble = %s, looked_at = %s
     WHERE id = 1 AND 'reports_dossierfact'::regclass::oid::bigint = %s
"""


def look() -> Trouble:
    """Counts every table of facts against what was written, and keeps the verdict. For the worker, now and then.

    One statement sees one instant, and the follower counts rows in the transaction that writes them: nobody has to
    stand still for the seconds it takes.
    """
    with store.cursor() as run:
        row = run.execute(_COUNTED).fetchone()
    if row is None:
        return trouble()
    facts, wanted, there = row[0], row[1:4], row[4:]
    verdict: Trouble = ""
    if any(found < each for found, each in zip(there, wanted, strict=True)):
        verdict = "rows_lost"
    elif there != wanted:
        verdict = "rows_too_many"
    with store.cursor() as run:
        run.execute(_SAID, (verdict, clock.now(), facts))
    return verdict
