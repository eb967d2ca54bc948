SELECT receiving, count(*), NULL::bigint
  FROM dossier
 WHERE answered >= %(begin)s AND answered < %(end)s
 GROUP BY 1
