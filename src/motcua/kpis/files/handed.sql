SELECT receiving, count(*), NULL::bigint
  FROM dossier
 WHERE handed >= %(begin)s AND handed < %(end)s
 GROUP BY 1
