SELECT receiving, count(*) FILTER (WHERE how = 'declined'), count(*)
  FROM dossier
 WHERE coalesce(accepted, CASE WHEN how = 'declined' THEN ended END) >= %(begin)s
   AND coalesce(accepted, CASE WHEN how = 'declined' THEN ended END) < %(end)s
 GROUP BY 1
