SELECT agency, count(*) FILTER (WHERE closed > due), count(*)
  FROM task
 WHERE closed >= %(begin)s AND closed < %(end)s AND kind = 'opinion'
 GROUP BY 1
