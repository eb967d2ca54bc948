SELECT agency, count(*), NULL::bigint
  FROM task
 WHERE closed >= %(begin)s AND closed < %(end)s
 GROUP BY 1
