SELECT receiving, count(*) FILTER (WHERE asked >= 1), count(*)
  FROM dossier
 WHERE answered >= %(begin)s AND answered < %(end)s
 GROUP BY 1
