SELECT agency, count(*), NULL::bigint
  FROM task
 WHERE closed >= %(begin)s AND closed < %(end)s AND role = 'reception' AND kind = 'step' AND closed > due
 GROUP BY 1
