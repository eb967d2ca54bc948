SELECT d.receiving, count(*) FILTER (WHERE d.asked <= 1 AND d.answered <= CASE WHEN w.minutes = 0 THEN d.promised ELSE x.due END),
       count(*)
  FROM dossier d
  CROSS JOIN LATERAL (
       SELECT coalesce(sum(extract(epoch FROM least(h.closes, w.until, d.answered) - greatest(h.opens, w.since, d.accepted))), 0)
              / 60 AS minutes
         FROM wait w JOIN hours h ON h.agency = d.receiving
        WHERE w.dossier_id = d.dossier_id AND w.until_seq < d.answer_seq
          AND least(h.closes, w.until, d.answered) > greatest(h.opens, w.since, d.accepted)) w
  -- The promised date, pushed on by as much working time as was waited.
  LEFT JOIN LATERAL (
       SELECT r.closes - (r.until_here - w.minutes) * interval '1 minute' AS due
         FROM (SELECT h.closes, sum(extract(epoch FROM h.closes - greatest(h.opens, d.promised)) / 60)
                      OVER (ORDER BY h.closes) AS until_here
                 FROM hours h WHERE h.agency = d.receiving AND h.closes > d.promised) r
        WHERE r.until_here >= w.minutes ORDER BY r.closes LIMIT 1) x ON true
 WHERE d.answered >= %(begin)s AND d.answered < %(end)s
 GROUP BY 1
