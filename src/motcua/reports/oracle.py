"""The facts and sums once more in plain SQL, beside the law's way: what `verify` compares with.

The two ways of reckoning share nothing but the journal, so a fault in one of them shows. Each question has a
partner: what is kept, and what the journal or the rows behind it say.
"""

from motcua.reports.counting import MEASURES

# The same once more, from the bare journal: no line of Python, no column of the facts but how far they reach.
# The first answer holds, with the last date and the last draft before it.
JOURNAL = """
    SELECT e.dossier_id, e.seq, e.type, e.at, e.agency, e.payload::jsonb AS said,
           min(e.seq) FILTER (WHERE e.type = 'result_ready') OVER (PARTITION BY e.dossier_id) AS ready
      FROM dossiers_event e JOIN reports_dossierfact f ON f.dossier_id = e.dossier_id AND e.seq <= f.seq
     WHERE e.dossier_id = ANY (%(ids)s) AND NOT f.replayed
"""
FROM_JOURNAL = f"""
WITH journal AS ({JOURNAL}),
told AS (
    SELECT dossier_id,
           max((said->>'agency')::int) FILTER (WHERE type = 'lodged') AS receiving,
           max(said->>'procedure') FILTER (WHERE type = 'lodged') AS procedure,
           max(said->>'channel') FILTER (WHERE type = 'lodged') AS channel,
           max(at) FILTER (WHERE type = 'lodged') AS lodged_at,
           max(said->>'code') FILTER (WHERE type = 'accepted') AS code,
           max(at) FILTER (WHERE type = 'accepted') AS accepted_at,
           max((said->>'due')::timestamptz) FILTER (WHERE type = 'accepted') AS promised_at,
           max(at) FILTER (WHERE seq = ready) AS answered,
           (array_agg((said->>'due')::timestamptz ORDER BY seq DESC)
               FILTER (WHERE (ready IS NULL OR seq < ready) AND said->>'due' IS NOT NULL
                       AND type IN ('accepted', 'supplemented', 'resumed', 'payment_recorded', 'extended', 'due_moved',
                                    'draft_answered')))[1] AS due_at,
           (array_agg(type = 'refused' OR coalesce((said->>'refusal')::bool, false) ORDER BY seq DESC)
               FILTER (WHERE seq < ready AND type IN ('result_drafted', 'refused')))[1] AS refusal,
           max(at) FILTER (WHERE ready IS NULL AND type IN ('declined', 'withdrawn', 'stopped', 'closed')) AS ended,
           max(type) FILTER (WHERE ready IS NULL AND type IN ('declined', 'withdrawn', 'stopped', 'closed')) AS how,
           max(at) FILTER (WHERE type = 'handed_over') AS handed_at,
           count(*) FILTER (WHERE type = 'supplement_requested' AND NOT coalesce((said->>'at_intake')::bool, false))
               AS supplements,
           bool_or(type = 'extended') AS extended,
           count(*) FILTER (WHERE type = 'sent_back') AS sent_back,
           min(at) FILTER (WHERE type = 'correction_opened') AS corrected_at
      FROM journal GROUP BY dossier_id)
SELECT dossier_id, receiving, procedure, channel, lodged_at, coalesce(code, ''), accepted_at, promised_at, due_at,
       coalesce(answered, ended), handed_at, corrected_at, supplements::int, extended, sent_back::int,
       CASE WHEN answered IS NULL THEN '' WHEN answered > due_at THEN 'late'
            WHEN (answered AT TIME ZONE 'Asia/Ho_Chi_Minh')::date < (due_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
            THEN 'before_date' ELSE 'on_time' END,
       CASE WHEN answered IS NULL THEN how WHEN refusal THEN 'refused' ELSE 'granted' END
  FROM told ORDER BY dossier_id
"""
KEPT = """
SELECT dossier_id, receiving, procedure, channel, lodged_at, code, accepted_at, promised_at, due_at, finished_at,
       handed_at, corrected_at, supplements::int, extended, sent_back::int, timeliness,
       CASE WHEN finished_at IS NULL THEN NULL ELSE outcome END
  FROM reports_dossierfact WHERE dossier_id = ANY (%(ids)s) AND NOT replayed ORDER BY dossier_id
"""
KEPT_NAMES = (
    "dossier_id", "receiving", "procedure", "channel", "lodged_at", "code", "accepted_at", "promised_at", "due_at",
    "finished_at", "handed_at", "corrected_at", "supplements", "extended", "sent_back", "timeliness", "outcome",
)  # fmt: skip

# Tasks as the journal opened and closed them; the last one ends when the result lies at the counter.
STAGES_FROM_JOURNAL = f"""
WITH journal AS ({JOURNAL}),
opened AS (
    SELECT j.dossier_id, (t->>'no')::int AS no, t->>'step' AS step, (t->>'agency')::int AS agency,
           (t->>'opened_at')::timestamptz AS opened
      FROM journal j CROSS JOIN LATERAL jsonb_array_elements(coalesce(j.said->'opened', '[]')) t),
ends AS (
    SELECT dossier_id, no, min(at) AS at FROM (
        SELECT j.dossier_id, (c #>> '{{}}')::int AS no, j.at
          FROM journal j CROSS JOIN LATERAL jsonb_array_elements(coalesce(j.said->'closed', '[]')) c
        UNION ALL
        SELECT dossier_id, (said->>'task')::int, at FROM journal WHERE type = 'result_ready'
        UNION ALL
        SELECT o.dossier_id, o.no, j.at FROM opened o JOIN journal j USING (dossier_id)
         WHERE j.type IN ('withdrawn', 'stopped', 'closed') AND o.opened <= j.at) AS every
     GROUP BY dossier_id, no)
SELECT o.dossier_id, o.no, o.step, o.agency, o.opened, e.at
  FROM opened o LEFT JOIN ends e USING (dossier_id, no) ORDER BY 1, 2
"""
KEPT_STAGES = """
SELECT dossier_id, no, step, agency, opened, closed FROM reports_stagefact
 WHERE dossier_id = ANY (%(ids)s) AND NOT replayed ORDER BY 1, 2
"""


# What the facts add up to: flows from the rows, stocks from the spans at the end of each half month that is over.
SUMS_FROM_FACTS = """
WITH flows AS (
    SELECT m.half, f.receiving, f.procedure, m.measure FROM reports_dossierfact f CROSS JOIN LATERAL (VALUES
           ('received', accepted_half), (CASE WHEN channel = 'online' THEN 'received_online' END, accepted_half),
           (nullif(timeliness, ''), finished_half), (nullif(outcome, ''), finished_half), ('handed', handed_half),
           (CASE WHEN accepted_half IS NOT NULL AND timeliness = '' THEN 'dropped' END, finished_half)
         ) AS m (measure, half)
     WHERE NOT replayed AND m.half IS NOT NULL AND m.measure IS NOT NULL)
SELECT half, receiving, procedure, measure, count(*) FROM flows GROUP BY 1, 2, 3, 4
"""
KEPT_SUMS = """
SELECT c.half, c.receiving, c.procedure, m.measure, sum(m.amount)::bigint
  FROM reports_cube c CROSS JOIN LATERAL (VALUES
       ('received', received), ('received_online', received_online), ('before_date', before_date),
       ('on_time', on_time), ('late', late), ('granted', granted), ('refused', refused), ('declined', declined),
       ('withdrawn', withdrawn), ('stopped', stopped), ('closed', closed),
       ('dropped', dropped), ('handed', handed)) AS m (measure, amount)
 WHERE m.amount <> 0 GROUP BY 1, 2, 3, 4 HAVING sum(m.amount) <> 0
"""
STOCK_FROM_SPANS = """
SELECT receiving, procedure, count(*) FILTER (WHERE state = 'open' AND (due IS NULL OR due >= %(at)s))::int,
       count(*) FILTER (WHERE state = 'open' AND due < %(at)s)::int, count(*) FILTER (WHERE state = 'waiting')::int,
       count(*) FILTER (WHERE state = 'lodged')::int, count(*) FILTER (WHERE state = 'returned')::int
  FROM reports_span WHERE tstzrange(since, until, '(]') @> %(at)s::timestamptz AND NOT replayed GROUP BY 1, 2
"""
STOCK_FROM_SUMS = """
SELECT receiving, procedure, sum(d_in_time)::int, sum(d_overdue)::int, sum(d_waiting)::int, sum(d_lodged)::int,
       sum(d_returned)::int
  FROM reports_cube WHERE half < %(half)s GROUP BY 1, 2
HAVING sum(d_in_time) <> 0 OR sum(d_overdue) <> 0 OR sum(d_waiting) <> 0 OR sum(d_lodged) <> 0 OR sum(d_returned) <> 0
"""
# The work open at each agency at the end of a day, from the stages alone: only how many, whatever their dates.
OPEN_FROM_STAGES = """
SELECT agency, count(*)::int FROM reports_stagefact
 WHERE NOT replayed AND opened < %(at)s AND (closed IS NULL OR closed >= %(at)s) GROUP BY 1
"""
OPEN_FROM_DAYS = (
    "SELECT agency, sum(d_open)::int FROM reports_openday WHERE day < %(day)s GROUP BY 1 HAVING sum(d_open) <> 0"
)
# Finished work by day as it is kept and as the stages have it; what differs.
WORK_DIFFERING = """
SELECT day, agency, procedure, field, kept.done, kept.late, stages.done, stages.late
  FROM (SELECT day, agency, procedure, field, done, late FROM reports_workday WHERE done <> 0 OR late <> 0) AS kept
  FULL JOIN (SELECT (closed AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, agency, procedure, field,
                    count(*)::int AS done, (count(*) FILTER (WHERE late))::int AS late
               FROM reports_stagefact WHERE closed IS NOT NULL GROUP BY 1, 2, 3, 4) AS stages
       USING (day, agency, procedure, field)
 WHERE (kept.done, kept.late) IS DISTINCT FROM (stages.done, stages.late) ORDER BY 1, 2, 3, 4
"""
OFFICERS_DIFFERING = """
SELECT day, officer, kept.done, kept.late, stages.done, stages.late
  FROM (SELECT day, officer, done, late FROM reports_officerday WHERE done <> 0 OR late <> 0) AS kept
  FULL JOIN (SELECT (closed AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, officer,
                    count(*)::int AS done, (count(*) FILTER (WHERE late))::int AS late
               FROM reports_stagefact WHERE closed IS NOT NULL GROUP BY 1, 2) AS stages
       USING (day, officer)
 WHERE (kept.done, kept.late) IS DISTINCT FROM (stages.done, stages.late) ORDER BY 1, 2
"""
_ROLE = "done, late, worked, waited, in_transit"
ROLES_DIFFERING = f"""
SELECT day, role, kept.done, kept.late, stages.done, stages.late
  FROM (SELECT day, role, {_ROLE} FROM reports_roleday WHERE done <> 0) AS kept
  FULL JOIN (SELECT (closed AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, role, count(*)::int AS done,
                    (count(*) FILTER (WHERE late))::int AS late, coalesce(sum(worked), 0)::int AS worked,
                    coalesce(sum(waited), 0)::int AS waited, coalesce(sum(in_transit), 0)::int AS in_transit
               FROM reports_stagefact WHERE closed IS NOT NULL AND NOT replayed GROUP BY 1, 2) AS stages
       USING (day, role)
 WHERE (kept.done, kept.late, kept.worked, kept.waited, kept.in_transit)
       IS DISTINCT FROM (stages.done, stages.late, stages.worked, stages.waited, stages.in_transit) ORDER BY 1, 2
"""
_SUMMED = ", ".join(f"sum({each})::int AS {each}" for each in MEASURES)
CITY_DIFFERING = f"""
SELECT half, city.received, city.late, parts.received, parts.late
  FROM reports_cityhalf AS city
  FULL JOIN (SELECT half, {_SUMMED} FROM reports_cube GROUP BY half) AS parts USING (half)
 WHERE ({", ".join(f"coalesce(city.{each}, 0)" for each in MEASURES)})
       <> ({", ".join(f"coalesce(parts.{each}, 0)" for each in MEASURES)}) ORDER BY 1
"""
