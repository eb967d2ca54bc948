SELECT receiving, count(*) FILTER (WHERE answered <= promised), count(*)
  FROM dossier
 WHERE answered >= %(begin)s AND answered < %(end)s
 GROUP BY 1
