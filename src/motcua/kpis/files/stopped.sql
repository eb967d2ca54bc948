SELECT receiving, count(*), NULL::bigint
  FROM dossier
 WHERE ended >= %(begin)s AND ended < %(end)s AND how = 'stopped'
 GROUP BY 1
