SELECT receiving, count(*), NULL::bigint
  FROM standing
 WHERE stand = 'returned'
 GROUP BY 1
