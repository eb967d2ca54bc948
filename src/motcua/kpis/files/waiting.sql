SELECT receiving, count(*), NULL::bigint
  FROM standing
 WHERE stand = 'waiting'
 GROUP BY 1
