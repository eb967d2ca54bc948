-- The bare journal as rows, for the oracles beside the KPI files: no column of the facts, no line of their Python.
-- Parameters: begin, end (the period), at (the instant of a stock), the hours of the offices, and how far
-- each version of a procedure can be done online.
WITH hours AS (
    SELECT k.agency, u.opens, u.closes
      FROM unnest(%(k_agencies)s::int[], %(k_calendars)s::int[]) AS k (agency, calendar)
      JOIN unnest(%(calendars)s::int[], %(opens)s::timestamptz[], %(closes)s::timestamptz[])
        AS u (calendar, opens, closes) USING (calendar)),
levels AS (SELECT * FROM unnest(%(versions)s::int[], %(levels)s::int[]) AS u (version, level)),
house AS (
    SELECT number AS agency, CASE WHEN tier = 'division' AND parent_id IS NOT NULL THEN parent_id ELSE number END AS house
      FROM organisation_agency),
event AS (
    SELECT e.dossier_id, e.seq, e.at, e.type, e.agency, e.payload::jsonb AS said
      FROM dossiers_event e JOIN dossiers_event l ON l.dossier_id = e.dossier_id AND l.seq = 1
     WHERE NOT coalesce((l.payload::jsonb ->> 'replayed')::bool, false)),
answer AS (SELECT dossier_id, min(seq) AS seq, min(at) AS at FROM event WHERE type = 'result_ready' GROUP BY 1),
dossier AS (
    SELECT e.dossier_id,
           max((said ->> 'agency')::int) FILTER (WHERE type = 'lodged') AS receiving,
           max(said ->> 'channel') FILTER (WHERE type = 'lodged') AS channel,
           max((said ->> 'version')::int) FILTER (WHERE type = 'lodged') AS version,
           min(e.at) AS lodged,
           max(e.at) FILTER (WHERE type = 'accepted') AS accepted,
           max((said ->> 'due')::timestamptz) FILTER (WHERE type = 'accepted') AS promised,
           (array_agg((said ->> 'due')::timestamptz ORDER BY e.seq DESC) FILTER (
               WHERE said ? 'due' AND e.seq < coalesce(a.seq, e.seq + 1) AND type IN ('accepted', 'supplemented', 'resumed',
                     'payment_recorded', 'extended', 'due_moved', 'draft_answered')))[1] AS due,
           a.at AS answered, a.seq AS answer_seq,
           (array_agg(type = 'refused' OR coalesce((said ->> 'refusal')::bool, false) ORDER BY e.seq DESC)
               FILTER (WHERE e.seq < a.seq AND type IN ('result_drafted', 'refused')))[1] AS refused,
           (array_agg((said ->> 'task')::int ORDER BY e.seq DESC)
               FILTER (WHERE e.seq < a.seq AND type IN ('result_drafted', 'refused')))[1] AS drafting,
           max(e.at) FILTER (WHERE a.seq IS NULL AND type IN ('declined', 'withdrawn', 'stopped', 'closed')) AS ended,
           max(type) FILTER (WHERE a.seq IS NULL AND type IN ('declined', 'withdrawn', 'stopped', 'closed')) AS how,
           max(e.at) FILTER (WHERE type = 'handed_over') AS handed,
           count(*) FILTER (WHERE type = 'supplement_requested'
                            AND NOT coalesce((said ->> 'at_intake')::bool, false)) AS asked,
           count(*) FILTER (WHERE type = 'supplement_requested' AND (said ->> 'at_intake')::bool) AS asked_at_intake,
           bool_or(type = 'extended') AS extended,
           count(*) FILTER (WHERE type = 'sent_back') AS sent_back,
           bool_or(type = 'correction_opened') AS corrected,
           bool_or(type = 'payment_recorded') AS paid,
           bool_or(type = 'payment_recorded' AND said ->> 'method' IN ('online', 'transfer')) AS paid_online,
           bool_or(type = 'result_issued') AS issued,
           bool_or(type = 'lodged' AND (coalesce((said #>> '{applicant,account}')::bigint, 0) <> 0
                   OR coalesce((said #>> '{submitter,account}')::bigint, 0) <> 0)) AS identified,
           bool_or(type = 'lodged' AND coalesce(said -> 'sources', '{}') <> '{}') AS answers_known
      FROM event e LEFT JOIN answer a USING (dossier_id) GROUP BY e.dossier_id, a.at, a.seq),
paper AS (
    SELECT DISTINCT ON (e.dossier_id, p ->> 'id') e.dossier_id, p ->> 'id' AS id,
           coalesce((p ->> 'original')::int, 0) + coalesce((p ->> 'certified')::int, 0) + coalesce((p ->> 'copy')::int, 0)
               AS sheets,
           coalesce(jsonb_array_length(p -> 'files'), 0) AS files, coalesce(p ->> 'source', '') AS source
      FROM event e CROSS JOIN LATERAL jsonb_array_elements(coalesce(e.said -> 'papers', '[]')) p
     WHERE e.type IN ('lodged', 'supplemented') ORDER BY e.dossier_id, p ->> 'id', e.seq DESC),
wait AS (
    SELECT s.dossier_id, s.at AS since, e.at AS until, e.seq AS until_seq,
           CASE s.type WHEN 'suspended' THEN s.said ->> 'ground' WHEN 'payment_requested' THEN 'payment'
                       WHEN 'draft_shown' THEN 'confirmation' ELSE 'supplement' END AS ground
      FROM event s LEFT JOIN LATERAL (
           SELECT at, seq FROM event e WHERE e.dossier_id = s.dossier_id AND e.seq > s.seq
              AND (e.type IN ('supplemented', 'resumed', 'draft_answered', 'withdrawn', 'stopped', 'closed')
                   OR e.type = 'payment_recorded' AND e.said ? 'due') ORDER BY seq LIMIT 1) e ON true
     WHERE s.type IN ('suspended', 'draft_shown') OR s.type = 'payment_requested' AND (s.said ->> 'pauses')::bool
        OR s.type = 'supplement_requested' AND NOT coalesce((s.said ->> 'at_intake')::bool, false)),
opened AS (
    SELECT e.dossier_id, (t ->> 'no')::int AS no, t ->> 'step' AS step, t ->> 'role' AS role,
           (t ->> 'agency')::int AS agency, (t ->> 'opened_at')::timestamptz AS opened,
           coalesce(t ->> 'kind', 'step') AS kind, coalesce((t ->> 'sent_by')::int, 0) AS sent_by,
           (t ->> 'received_at')::timestamptz AS there, e.seq
      FROM event e CROSS JOIN LATERAL jsonb_array_elements(coalesce(e.said -> 'opened', '[]')) t),
dated AS (
    SELECT e.dossier_id, (t ->> 'no')::int AS no, (t ->> 'due_at')::timestamptz AS due, e.seq, e.at
      FROM event e CROSS JOIN LATERAL jsonb_array_elements(
           coalesce(e.said -> 'opened', '[]') || coalesce(e.said -> 'moved', '[]')) t),
ending AS (
    SELECT e.dossier_id, (c #>> '{}')::int AS no, e.at, e.seq
      FROM event e CROSS JOIN LATERAL jsonb_array_elements(coalesce(e.said -> 'closed', '[]')) c
    UNION ALL SELECT dossier_id, (said ->> 'task')::int, at, seq FROM event WHERE type = 'result_ready'
    UNION ALL SELECT o.dossier_id, o.no, e.at, e.seq FROM opened o JOIN event e USING (dossier_id)
     WHERE e.type IN ('withdrawn', 'stopped', 'closed') AND o.seq < e.seq),
task AS (
    SELECT o.dossier_id, o.no, o.step, o.role, o.agency, o.opened, o.kind, o.sent_by, c.at AS closed, c.seq AS closed_seq,
           coalesce(o.there, r.at) AS received, d.due,
           (SELECT coalesce(sum(extract(epoch FROM least(h.closes, c.at) - greatest(h.opens, o.opened))), 0) / 60
              FROM hours h WHERE h.agency = o.agency AND h.opens < c.at AND h.closes > o.opened) AS lasted,
           (SELECT coalesce(sum(extract(epoch FROM least(h.closes, c.at, w.until) - greatest(h.opens, o.opened, w.since))), 0)
                   / 60
              FROM hours h JOIN wait w ON w.dossier_id = o.dossier_id
             WHERE h.agency = o.agency AND least(h.closes, c.at, w.until) > greatest(h.opens, o.opened, w.since)) AS waited,
           (SELECT coalesce(sum(extract(epoch FROM least(h.closes, c.at) - greatest(h.opens, o.opened, d.due))), 0) / 60
              FROM hours h WHERE h.agency = o.agency AND least(h.closes, c.at) > greatest(h.opens, o.opened, d.due)) AS over,
           (SELECT coalesce(sum(extract(epoch FROM least(h.closes, coalesce(o.there, r.at)) - greatest(h.opens, o.opened))), 0)
                   / 60
              FROM hours h WHERE h.agency = o.agency AND h.opens < coalesce(o.there, r.at) AND h.closes > o.opened) AS travelled
      FROM opened o
      JOIN LATERAL (SELECT due FROM dated d WHERE d.dossier_id = o.dossier_id AND d.no = o.no ORDER BY seq DESC LIMIT 1) d
        ON true
      LEFT JOIN LATERAL (SELECT at, seq FROM ending e WHERE e.dossier_id = o.dossier_id AND e.no = o.no
                          ORDER BY at, seq LIMIT 1) c ON true
      LEFT JOIN LATERAL (SELECT min(e.at) AS at FROM event e WHERE e.dossier_id = o.dossier_id AND e.type = 'received'
                            AND e.said -> 'tasks' @> to_jsonb(o.no)) r ON true),
before AS (
    -- What the journal said before the instant of a stock.
    SELECT e.dossier_id, d.receiving,
           bool_or(type = 'accepted') AS accepted, min(e.at) FILTER (WHERE type = 'accepted') AS accepted_at,
           bool_or(type IN ('result_ready', 'declined', 'withdrawn', 'stopped', 'closed')) AS over,
           (array_agg(type = 'supplement_requested' ORDER BY e.seq DESC)
               FILTER (WHERE type IN ('supplement_requested', 'supplemented')))[1] AS asked_last,
           (array_agg((said ->> 'due')::timestamptz ORDER BY e.seq DESC) FILTER (
               WHERE said ? 'due' AND type IN ('accepted', 'supplemented', 'resumed', 'payment_recorded', 'extended',
                                               'due_moved', 'draft_answered')))[1] AS due
      FROM event e JOIN dossier d USING (dossier_id) WHERE e.at < %(at)s GROUP BY 1, 2),
standing AS (
    SELECT b.dossier_id, b.receiving, b.due, b.accepted_at, w.ground,
           CASE WHEN NOT b.accepted AND b.asked_last THEN 'returned' WHEN NOT b.accepted THEN 'lodged'
                WHEN w.since IS NOT NULL THEN 'waiting' WHEN b.due < %(at)s THEN 'overdue' ELSE 'in_time' END AS stand
      FROM before b LEFT JOIN wait w ON w.dossier_id = b.dossier_id AND w.since < %(at)s
                         AND (w.until IS NULL OR w.until >= %(at)s) AND NOT w.since > b.due
     WHERE NOT b.over),
held AS (
    SELECT o.dossier_id, o.no, o.agency, d.due, coalesce(s.stand = 'waiting', false) AS waiting
      FROM task o
      JOIN LATERAL (SELECT due FROM dated d WHERE d.dossier_id = o.dossier_id AND d.no = o.no AND d.at < %(at)s
                     ORDER BY seq DESC LIMIT 1) d ON true
      LEFT JOIN standing s ON s.dossier_id = o.dossier_id
     WHERE o.opened < %(at)s AND (o.closed IS NULL OR o.closed >= %(at)s)),
rating AS (
    SELECT r.dossier_id, d.receiving, r.at, r.said -> 'scores' AS scores,
           EXISTS (SELECT FROM event e WHERE e.dossier_id = r.dossier_id AND e.type = 'rating_contested') AS contested,
           (SELECT (e.said ->> 'stands')::bool FROM event e WHERE e.dossier_id = r.dossier_id AND e.type = 'rating_ruled')
               AS stands
      FROM event r JOIN dossier d USING (dossier_id) WHERE r.type = 'rated')
