"""Form II.06 once more in plain SQL over the journal: no fact, no sum, no line of the law in Python."""

from datetime import datetime
from typing import Any

from motcua.dossiers import store
from motcua.reports.periods import Period
from motcua.statutory.columns import Line

# How each dossier stood just before an instant, by the events that had happened then.
_STOOD = """
    SELECT e.dossier_id,
           bool_or(type = 'accepted') AS accepted,
           bool_or(type IN ('result_ready', 'declined', 'withdrawn', 'stopped', 'closed')) AS over,
           (array_agg((said->>'due')::timestamptz ORDER BY seq DESC) FILTER (WHERE said->>'due' IS NOT NULL
               AND type IN ('accepted', 'supplemented', 'resumed', 'payment_recorded', 'extended', 'due_moved',
                            'draft_answered')))[1] AS due,
           (array_agg(type ORDER BY seq DESC) FILTER (WHERE {pauses}))[1] AS pause,
           (array_agg(at ORDER BY seq DESC) FILTER (WHERE {pauses}))[1] AS since
      FROM journal e WHERE at < {at} GROUP BY e.dossier_id
"""
_PAUSES = """(type IN ('suspended', 'payment_requested', 'draft_shown', 'resumed', 'payment_recorded',
    'draft_answered', 'supplemented')
    OR type = 'supplement_requested' AND NOT coalesce((said->>'at_intake')::bool, false))"""
_STARTS = "pause IN ('supplement_requested', 'suspended', 'payment_requested', 'draft_shown') AND NOT since > due"
FORM = f"""
WITH journal AS (SELECT dossier_id, seq, type, at, payload::jsonb AS said FROM dossiers_event),
begun AS ({_STOOD.format(at="%(begin)s", pauses=_PAUSES)}),
ended AS ({_STOOD.format(at="%(end)s", pauses=_PAUSES)}),
whole AS (
    SELECT dossier_id, max((said->>'agency')::int) FILTER (WHERE type = 'lodged') AS receiving,
           max(said->>'procedure') FILTER (WHERE type = 'lodged') AS procedure,
           max(said->>'channel') FILTER (WHERE type = 'lodged') AS channel,
           min(at) FILTER (WHERE type = 'accepted') AS accepted,
           min(at) FILTER (WHERE type = 'result_ready') AS answered,
           min(at) FILTER (WHERE type IN ('declined', 'withdrawn', 'stopped', 'closed')) AS stopped,
           min(seq) FILTER (WHERE type = 'result_ready') AS ready
      FROM journal GROUP BY dossier_id),
dated AS (
    SELECT w.*, (SELECT (j.said->>'due')::timestamptz FROM journal j
                  WHERE j.dossier_id = w.dossier_id AND j.seq < w.ready AND j.said->>'due' IS NOT NULL
                    AND j.type IN ('accepted', 'supplemented', 'resumed', 'payment_recorded', 'extended', 'due_moved',
                                   'draft_answered') ORDER BY j.seq DESC LIMIT 1) AS due
      FROM whole w)
SELECT d.receiving, d.procedure,
       count(*) FILTER (WHERE b.accepted AND NOT b.over AND NOT coalesce(b.waits, false) AND b.due >= %(begin)s),
       count(*) FILTER (WHERE b.accepted AND NOT b.over AND NOT coalesce(b.waits, false) AND b.due < %(begin)s),
       count(*) FILTER (WHERE b.accepted AND NOT b.over AND b.waits),
       count(*) FILTER (WHERE d.accepted >= %(begin)s AND d.accepted < %(end)s AND d.channel = 'online'),
       count(*) FILTER (WHERE d.accepted >= %(begin)s AND d.accepted < %(end)s AND d.channel <> 'online'),
       count(*) FILTER (WHERE inside AND d.answered <= d.due AND (d.answered AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
                              < (d.due AT TIME ZONE 'Asia/Ho_Chi_Minh')::date),
       count(*) FILTER (WHERE inside AND d.answered <= d.due AND (d.answered AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
                              = (d.due AT TIME ZONE 'Asia/Ho_Chi_Minh')::date),
       count(*) FILTER (WHERE inside AND d.answered > d.due),
       count(*) FILTER (WHERE gone AND d.accepted IS NOT NULL),
       count(*) FILTER (WHERE e.accepted AND NOT e.over AND NOT coalesce(e.waits, false) AND e.due >= %(end)s),
       count(*) FILTER (WHERE e.accepted AND NOT e.over AND NOT coalesce(e.waits, false) AND e.due < %(end)s),
       count(*) FILTER (WHERE e.accepted AND NOT e.over AND e.waits),
       count(*) FILTER (WHERE gone AND d.accepted IS NULL)
  FROM dated d
  LEFT JOIN (SELECT *, {_STARTS} AS waits FROM begun) b USING (dossier_id)
  LEFT JOIN (SELECT *, {_STARTS} AS waits FROM ended) e USING (dossier_id)
  CROSS JOIN LATERAL (SELECT d.answered >= %(begin)s AND d.answered < %(end)s AS inside,
       d.answered IS NULL AND d.stopped >= %(begin)s AND d.stopped < %(end)s AS gone) x
 WHERE d.receiving = ANY (%(places)s)
 GROUP BY 1, 2
"""


def line_by_line(period: Period, places: list[int]) -> dict[tuple[str, str], Line]:
    """The counts of a period that is over, by receiving agency and procedure."""
    return between(period.begins, period.ends, places)


def between(begin: datetime, end: datetime, places: list[int]) -> dict[tuple[str, str], Line]:
    """The same between two instants."""
    with store.cursor() as run:
        rows: list[Any] = run.execute(FORM, {"begin": begin, "end": end, "places": places}).fetchall()
    return {(str(row[0]), row[1]): Line(*row[2:]) for row in rows if any(row[2:])}
