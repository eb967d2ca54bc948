SELECT receiving, sum(asked), count(*)
  FROM dossier
 WHERE answered >= %(begin)s AND answered < %(end)s
 GROUP BY 1
