SELECT receiving, count(*), NULL::bigint
  FROM standing
 WHERE stand = 'overdue'
 GROUP BY 1
