SELECT d.receiving, count(*) FILTER (WHERE EXISTS (SELECT FROM rating r WHERE r.dossier_id = d.dossier_id)), count(*)
  FROM dossier d
 WHERE d.answered >= %(begin)s AND d.answered < %(end)s
 GROUP BY 1
