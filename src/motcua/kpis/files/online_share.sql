SELECT receiving, count(*) FILTER (WHERE channel = 'online'), count(*)
  FROM dossier
 WHERE accepted >= %(begin)s AND accepted < %(end)s
 GROUP BY 1
