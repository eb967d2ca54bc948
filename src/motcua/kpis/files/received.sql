SELECT receiving, count(*), NULL::bigint
  FROM dossier
 WHERE accepted >= %(begin)s AND accepted < %(end)s
 GROUP BY 1
