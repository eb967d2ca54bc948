SELECT receiving, count(*) FILTER (WHERE NOT stands), count(*)
  FROM rating
 WHERE at >= %(begin)s AND at < %(end)s AND stands IS NOT NULL
 GROUP BY 1
