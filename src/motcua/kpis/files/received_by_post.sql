SELECT receiving, count(*), NULL::bigint
  FROM dossier
 WHERE accepted >= %(begin)s AND accepted < %(end)s AND channel = 'post'
 GROUP BY 1
