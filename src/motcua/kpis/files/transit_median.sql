SELECT agency, percentile_cont(0.5) WITHIN GROUP (ORDER BY travelled), count(*)
  FROM task
 WHERE closed >= %(begin)s AND closed < %(end)s AND sent_by <> 0 AND received IS NOT NULL
 GROUP BY 1
