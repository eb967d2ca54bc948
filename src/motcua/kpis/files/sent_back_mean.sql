SELECT receiving, sum(sent_back), count(*)
  FROM dossier
 WHERE answered >= %(begin)s AND answered < %(end)s
 GROUP BY 1
