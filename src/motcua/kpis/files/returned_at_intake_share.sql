SELECT receiving, count(*) FILTER (WHERE asked_at_intake >= 1), count(*)
  FROM dossier
 WHERE accepted >= %(begin)s AND accepted < %(end)s
 GROUP BY 1
