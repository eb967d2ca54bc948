SELECT receiving, count(*), NULL::bigint
  FROM standing
 WHERE stand IN ('in_time', 'overdue', 'waiting')
 GROUP BY 1
