SELECT receiving, count(*) FILTER (WHERE how = 'withdrawn'), count(*)
  FROM dossier
 WHERE coalesce(answered, ended) >= %(begin)s AND coalesce(answered, ended) < %(end)s
 GROUP BY 1
