SELECT receiving, count(*) FILTER (WHERE channel = 'post'), count(*)
  FROM dossier
 WHERE accepted >= %(begin)s AND accepted < %(end)s
 GROUP BY 1
