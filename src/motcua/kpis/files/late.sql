SELECT receiving, count(*), NULL::bigint
  FROM dossier
 WHERE answered >= %(begin)s AND answered < %(end)s AND answered > due
 GROUP BY 1
