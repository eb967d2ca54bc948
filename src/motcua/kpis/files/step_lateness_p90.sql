SELECT agency, percentile_cont(0.9) WITHIN GROUP (ORDER BY over), count(*)
  FROM task
 WHERE closed >= %(begin)s AND closed < %(end)s AND closed > due
 GROUP BY 1
