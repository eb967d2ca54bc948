SELECT receiving, count(*) FILTER (WHERE stand = 'overdue'), count(*)
  FROM standing
 WHERE stand IN ('in_time', 'overdue', 'waiting')
 GROUP BY 1
