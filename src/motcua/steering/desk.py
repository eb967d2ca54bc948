"""What the dashboard shows beyond `reports.figures`: like compared with like, longest waits, ratings.

Each function is one statement, from the sums where whole half months will do and from an index where they will not.
A month so far is compared with the same days of other months, up to the same hour, never with a whole month.
"""

import calendar
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from motcua.dossiers import store
from motcua.law.limits import add_months
from motcua.law.working_time import CITY_ZONE, city_day
from motcua.reports.figures import CONDITION, Figures, Filter
from motcua.reports.periods import CUT, midnight

SHOWN_WAITS = 10
DAYS_OF_RATINGS = 30
FEWEST_RATINGS = 10
MONTHS_OF_TREND = 24
_COMPARED = ("received", "received_online", "before_date", "on_time", "late")


class Stretch(msgspec.Struct, frozen=True):
    """The days of a month from its first to an instant, and what was received and answered in them."""

    month: date
    until: datetime
    figures: Figures


def same_instant(month: date, now: datetime) -> datetime:
    """The instant of `month` that `now` is of its own month; the month's end where it has no such day."""
    here = now.astimezone(CITY_ZONE)
    last = calendar.monthrange(month.year, month.month)[1]
    if here.day > last:
        return midnight(add_months(month, 1))
    return here.replace(year=month.year, month=month.month, day=here.day)


def compared_months(now: datetime) -> list[date]:
    """This month, the one before, the same of last year."""
    this = city_day(now).replace(day=1)
    return [this, add_months(this, -1), add_months(this, -12)]


_SAME_DAYS = f"""
    SELECT w.month, sum(s.received)::bigint, sum(s.received_online)::bigint, sum(s.before_date)::bigint,
           sum(s.on_time)::bigint, sum(s.late)::bigint
      FROM unnest(%(months)s::date[], %(since)s::timestamptz[], %(until)s::timestamptz[]) AS w (month, since, until)
     CROSS JOIN LATERAL (
        SELECT sum(received) AS received, sum(received_online) AS received_online, sum(before_date) AS before_date,
               sum(on_time) AS on_time, sum(late) AS late
          FROM reports_cube WHERE %(from_sums)s AND half = w.month AND {CONDITION}
        UNION ALL
        SELECT count(*), count(*) FILTER (WHERE channel = 'online'), 0, 0, 0 FROM reports_dossierfact
         WHERE accepted_at >= w.since AND accepted_at < w.until AND NOT replayed AND {CONDITION}
        UNION ALL
        SELECT 0, 0, count(*) FILTER (WHERE timeliness = 'before_date'),
               count(*) FILTER (WHERE timeliness = 'on_time'), count(*) FILTER (WHERE timeliness = 'late')
          FROM reports_dossierfact
         WHERE finished_at >= w.since AND finished_at < w.until AND NOT replayed AND {CONDITION}
     ) s GROUP BY w.month
"""


def same_days(which: Filter, now: datetime) -> list[Stretch]:
    """This month so far, the same days of the month before, and of the same month last year."""
    months = compared_months(now)
    # From the 15th on the first half month is over in each of them, and its sums are exact.
    over = city_day(now).day >= CUT
    since = [midnight(month.replace(day=CUT) if over else month) for month in months]
    until = [same_instant(month, now) for month in months]
    parameters = {**which.parameters(), "months": months, "since": since, "until": until, "from_sums": over}
    with store.cursor() as run:
        rows = {row[0]: row[1:] for row in run.execute(_SAME_DAYS, parameters).fetchall()}
    found = []
    for month, end in zip(months, until, strict=True):
        numbers = [int(each or 0) for each in rows.get(month, (0,) * len(_COMPARED))]
        found.append(Stretch(month, end, Figures(**dict(zip(_COMPARED, numbers, strict=True)))))
    return found


class Wait(msgspec.Struct, frozen=True):
    """An open dossier that is furthest past its date, and where it lies."""

    dossier_id: int
    code: str
    version: int
    receiving: int
    agency: int
    step: str
    due_at: datetime
    accepted_at: datetime


def longest_waits(which: Filter, now: datetime, limit: int = SHOWN_WAITS) -> list[Wait]:
    """The open dossiers longest past their date, from the index of what is open by its date."""
    query = (
        f"SELECT {', '.join(Wait.__struct_fields__)} FROM reports_dossierfact"
        " WHERE finished_at IS NULL AND accepted_at IS NOT NULL AND NOT replayed AND NOT waiting"
        f" AND due_at < %(now)s AND {CONDITION} ORDER BY due_at, dossier_id LIMIT %(limit)s"
    )
    with store.cursor() as run:
        rows = run.execute(query, {**which.parameters(), "now": now, "limit": limit}).fetchall()
    return [Wait(*row) for row in rows]


class Rated(msgspec.Struct, frozen=True):
    """What people said in the last days of dossiers received here."""

    rated: int
    low: int
    points: int
    answers: int

    @property
    def average(self) -> float | None:
        """Points of two per question; None when too few answered to say anything."""
        return self.points / self.answers if self.rated >= FEWEST_RATINGS and self.answers else None


_RATED = """
    SELECT count(*), count(*) FILTER (WHERE jsonb_path_exists(scores, '$.* ? (@ == 0)')),
           coalesce(sum(p.points), 0)::bigint, coalesce(sum(p.answers), 0)::bigint
      FROM reports_ratingfact,
           LATERAL (SELECT sum(value::int) AS points, count(*) AS answers FROM jsonb_each_text(scores)) p
     WHERE at >= %(since)s AND stands IS NOT FALSE
       AND (%(places)s::int[] IS NULL OR receiving = ANY (%(places)s::int[]))
       AND (%(procedure)s = '' OR procedure = %(procedure)s)
"""


def rated(which: Filter, now: datetime) -> Rated:
    """The ratings of the last days. A field of activity does not narrow them: a rating knows its procedure only."""
    parameters: dict[str, Any] = {**which.parameters(), "since": now - timedelta(days=DAYS_OF_RATINGS)}
    with store.cursor() as run:
        return Rated(*(run.execute(_RATED, parameters).fetchone() or (0, 0, 0, 0)))
