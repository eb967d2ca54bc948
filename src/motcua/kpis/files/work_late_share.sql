SELECT agency, count(*) FILTER (WHERE closed > due), count(*)
  FROM task
 WHERE closed >= %(begin)s AND closed < %(end)s
 GROUP BY 1
