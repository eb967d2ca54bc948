SELECT d.receiving, count(*) FILTER (WHERE EXISTS (SELECT FROM paper p WHERE p.dossier_id = d.dossier_id)
       AND NOT EXISTS (SELECT FROM paper p WHERE p.dossier_id = d.dossier_id AND p.sheets > 0 AND p.files = 0 AND p.source = '')), count(*)
  FROM dossier d
 WHERE d.answered >= %(begin)s AND d.answered < %(end)s
 GROUP BY 1
