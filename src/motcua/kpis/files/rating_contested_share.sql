SELECT receiving, count(*) FILTER (WHERE contested), count(*)
  FROM rating
 WHERE at >= %(begin)s AND at < %(end)s
 GROUP BY 1
