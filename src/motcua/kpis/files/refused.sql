SELECT receiving, count(*), NULL::bigint
  FROM dossier
 WHERE answered >= %(begin)s AND answered < %(end)s AND refused
 GROUP BY 1
