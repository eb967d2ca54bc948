SELECT agency, count(*) FILTER (WHERE closed > due), count(*)
  FROM task
 WHERE closed >= %(begin)s AND closed < %(end)s AND role = 'reception' AND kind = 'step'
 GROUP BY 1
