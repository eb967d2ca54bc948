"""Whether the facts can be trusted: they are of today's scheme, and every row that was written is still there.

The follower counts rows as it writes them; a look now and then counts what is there. A page that shows figures asks
`trouble` first and says so when there is any: a wrong figure is worse than none.
"""

from datetime import timedelta
from typing import Literal, get_args

from django.db import transaction

from motcua.dossiers import clock, store
from motcua.reports.facts import SCHEME

Trouble = Literal["", "never_made", "old_scheme", "rows_lost", "rows_too_many"]
EVERY = timedelta(hours=1)
TROUBLES: tuple[Trouble, ...] = get_args(Trouble)
_TABLES = {"dossiers": "reports_dossierfact", "stages": "reports_stagefact", "spans": "reports_span"}


def trouble() -> Trouble:
    """What is wrong with the facts, '' when nothing is known to be.

    A table that is empty though it must not be is seen at once, a lost row at the next `look`.
    """
    query = """
        SELECT s.scheme, s.trouble, s.dossiers > 0 AND NOT EXISTS (SELECT FROM reports_dossierfact)
                    OR s.stages > 0 AND NOT EXISTS (SELECT FROM reports_stagefact)
                    OR s.spans > 0 AND NOT EXISTS (SELECT FROM reports_span)
                    OR s.dossiers > 0 AND NOT EXISTS (SELECT FROM reports_cube)
                    OR NOT EXISTS (SELECT FROM reports_workday)
                       AND EXISTS (SELECT FROM reports_stagefact WHERE closed IS NOT NULL),
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


def look() -> Trouble:
    """Counts every table of facts against what was written, and keeps the verdict. For the worker, now and then."""
    with transaction.atomic(), store.cursor() as run:
        # Nothing is written meanwhile: the follower adds to this row in the transaction that writes its facts.
        row = run.execute("SELECT dossiers, stages, spans FROM reports_standing WHERE id = 1 FOR UPDATE").fetchone()
        if row is None:
            return trouble()
        counted = [run.execute(f"SELECT count(*) FROM {table}").fetchone() for table in _TABLES.values()]
        there = tuple(each[0] for each in counted if each)
        verdict: Trouble = ""
        if any(found < wanted for found, wanted in zip(there, row, strict=True)):
            verdict = "rows_lost"
        elif there != row:
            verdict = "rows_too_many"
        run.execute("UPDATE reports_standing SET trouble = %s, looked_at = %s WHERE id = 1", (verdict, clock.now()))
    return verdict
