"""Where the working time went: what was finished in the last days by the post that did it, and the pieces behind it.

The sums of a whole city are those of its days; a part of it is counted piece by piece. Both count the same pieces,
and the list of a post begins with those that took longest.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from motcua.dossiers import store
from motcua.law.working_time import city_day
from motcua.reports.figures import CONDITION, Filter
from motcua.reports.periods import midnight
from motcua.tables import page_keys

DAYS = 7
PAGE = 50


class Spent(msgspec.Struct, frozen=True):
    """What the work of one kind of post took in the last days: minutes of working time, in all."""

    role: str
    pieces: int
    late: int
    worked: int
    waited: int
    in_transit: int


_PIECES = f"""
     FROM reports_stagefact
    WHERE closed >= %(since)s AND closed < %(now)s AND NOT replayed AND {CONDITION}
"""
_COUNTED = f"""
    SELECT role, count(*), count(*) FILTER (WHERE late), coalesce(sum(worked), 0)::bigint,
           coalesce(sum(waited), 0)::bigint, coalesce(sum(in_transit), 0)::bigint
    {_PIECES} GROUP BY role
"""
_SUMMED = """
    SELECT role, sum(done)::bigint, sum(late)::bigint, sum(worked)::bigint, sum(waited)::bigint, sum(in_transit)::bigint
      FROM reports_roleday WHERE day >= %(first)s AND day <= %(today)s GROUP BY role HAVING sum(done) > 0
"""


def _parameters(which: Filter, now: datetime) -> dict[str, Any]:
    today = city_day(now)
    first = today - timedelta(days=DAYS)
    return {**which.parameters(), "since": midnight(first), "now": now, "first": first, "today": today}


def by_post(which: Filter, now: datetime) -> list[Spent]:
    """Work finished today and in the days before by the post that did it, the most time first."""
    with store.cursor() as run:
        query = _SUMMED if which.is_whole_city else _COUNTED
        found = [Spent(*row) for row in run.execute(query, _parameters(which, now)).fetchall()]
    return sorted(found, key=lambda each: (-(each.worked + each.waited + each.in_transit), each.role))


class Piece(msgspec.Struct, frozen=True):
    """One finished piece of work; `spent` is what it worked, waited and was on its way, in minutes of working time."""

    spent: int
    dossier_id: int
    no: int
    version: int
    step: str
    kind: str
    agency: int
    officer: int
    closed: datetime
    worked: int
    waited: int
    in_transit: int
    late: bool
    code: str


_SPENT = "coalesce(worked, 0) + coalesce(waited, 0) + coalesce(in_transit, 0)"
_LONGEST = f"""
    SELECT page.*, d.code FROM (
        SELECT {_SPENT} AS spent, dossier_id, no, version, step, kind, agency, officer, closed, coalesce(worked, 0),
               coalesce(waited, 0), coalesce(in_transit, 0), late
        {_PIECES} AND role = %(role)s AND (late OR NOT %(only_late)s)
           AND (-({_SPENT}), dossier_id, no) > (%(a_spent)s, %(a_id)s, %(a_no)s)
         ORDER BY -({_SPENT}), dossier_id, no LIMIT %(limit)s) AS page
      JOIN reports_dossierfact d ON d.dossier_id = page.dossier_id ORDER BY -page.spent, page.dossier_id, page.no
"""


def longest(
    which: Filter, now: datetime, role: str, *, late: bool = False, after: str = "", limit: int = PAGE
) -> tuple[list[Piece], str]:
    """One page of the pieces that a post's sum counts, or of its late ones, the longest first; the key of the next.

    Raises ValueError on a key that is none.
    """
    spent, dossier_id, no = (
        page_keys.read(after, page_keys.small, page_keys.number, page_keys.small) if after else (2**31 - 1, 0, 0)
    )
    begins = {"a_spent": -spent, "a_id": dossier_id, "a_no": no}
    parameters = {**_parameters(which, now), **begins, "role": role, "only_late": late, "limit": limit + 1}
    with store.cursor() as run:
        rows = [Piece(*row) for row in run.execute(_LONGEST, parameters).fetchall()]
    return page_keys.cut(rows, limit, lambda row: page_keys.write(row.spent, row.dossier_id, row.no))
