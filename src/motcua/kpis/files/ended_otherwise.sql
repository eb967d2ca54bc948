SELECT receiving, count(*), NULL::bigint
  FROM dossier
 WHERE ended >= %(begin)s AND ended < %(end)s
 GROUP BY 1
