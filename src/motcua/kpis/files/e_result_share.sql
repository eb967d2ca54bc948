SELECT receiving, count(*) FILTER (WHERE issued), count(*)
  FROM dossier
 WHERE answered >= %(begin)s AND answered < %(end)s AND NOT refused
 GROUP BY 1
