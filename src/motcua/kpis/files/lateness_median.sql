SELECT receiving, percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes), count(*)
  FROM (SELECT d.receiving, (SELECT coalesce(sum(extract(epoch FROM least(h.closes, d.answered) - greatest(h.opens, d.due))), 0) / 60
                               FROM hours h WHERE h.agency = d.receiving AND h.opens < d.answered AND h.closes > d.due) AS minutes
          FROM dossier d WHERE answered > due AND answered >= %(begin)s AND answered < %(end)s) late
 GROUP BY 1
