SELECT receiving, count(*) FILTER (WHERE identified), count(*)
  FROM dossier
 WHERE accepted >= %(begin)s AND accepted < %(end)s AND channel = 'online'
 GROUP BY 1
