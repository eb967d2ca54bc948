SELECT receiving, percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes), count(*)
  FROM (SELECT d.receiving, (SELECT coalesce(sum(extract(epoch FROM least(h.closes, d.accepted) - greatest(h.opens, d.lodged))), 0) / 60
                               FROM hours h WHERE h.agency = d.receiving AND h.opens < d.accepted AND h.closes > d.lodged) AS minutes
          FROM dossier d
         WHERE channel = 'online' AND asked_at_intake = 0 AND accepted >= %(begin)s AND accepted < %(end)s) online
 GROUP BY 1
