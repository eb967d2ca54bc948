SELECT receiving, percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes), count(*)
  FROM (SELECT d.receiving, coalesce(max(t.lasted - t.waited), 0) AS minutes
          FROM dossier d
          LEFT JOIN opened o ON o.dossier_id = d.dossier_id AND o.no = d.drafting
          LEFT JOIN house w ON w.agency = coalesce(o.agency, d.receiving)
          LEFT JOIN (task t JOIN house h ON h.agency = t.agency)
                 ON t.dossier_id = d.dossier_id AND t.closed IS NOT NULL AND t.opened <= d.answered
         WHERE d.answered >= %(begin)s AND d.answered < %(end)s
         GROUP BY d.dossier_id, d.receiving) run
 GROUP BY 1
