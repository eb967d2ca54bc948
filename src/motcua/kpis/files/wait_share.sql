SELECT agency, sum(waited), sum(lasted)
  FROM task
 WHERE closed >= %(begin)s AND closed < %(end)s
 GROUP BY 1
