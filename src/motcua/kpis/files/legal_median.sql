SELECT receiving, percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes), count(*)
  FROM (SELECT d.receiving, (SELECT coalesce(sum(extract(epoch FROM least(h.closes, d.answered) - greatest(h.opens, s.at))), 0) / 60
                               FROM hours h WHERE h.agency = d.receiving AND h.opens < d.answered AND h.closes > s.at)
                          - (SELECT coalesce(sum(extract(epoch FROM least(h.closes, d.answered, w.until) - greatest(h.opens, s.at, w.since))), 0) / 60
                               FROM hours h JOIN wait w ON w.dossier_id = d.dossier_id AND w.until_seq < d.answer_seq
                              WHERE h.agency = d.receiving
                                AND least(h.closes, d.answered, w.until) > greatest(h.opens, s.at, w.since)) AS minutes
          FROM dossier d
          -- Begun anew when the papers asked for during the work had come (Decree 61/2018, article 19.4).
          CROSS JOIN LATERAL (SELECT coalesce(max(w.until), d.accepted) AS at FROM wait w JOIN event e ON e.dossier_id = w.dossier_id
                               AND e.seq = w.until_seq AND e.type = 'supplemented'
                              WHERE w.dossier_id = d.dossier_id AND w.until_seq < d.answer_seq) s
         WHERE d.answered >= %(begin)s AND d.answered < %(end)s) run
 GROUP BY 1
