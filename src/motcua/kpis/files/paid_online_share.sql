SELECT receiving, count(*) FILTER (WHERE paid_online), count(*)
  FROM dossier
 WHERE answered >= %(begin)s AND answered < %(end)s AND paid
 GROUP BY 1
