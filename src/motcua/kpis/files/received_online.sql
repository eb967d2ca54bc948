SELECT receiving, count(*), NULL::bigint
  FROM dossier
 WHERE accepted >= %(begin)s AND accepted < %(end)s AND channel = 'online'
 GROUP BY 1
