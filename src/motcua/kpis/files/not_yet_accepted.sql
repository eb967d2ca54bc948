SELECT receiving, count(*), NULL::bigint
  FROM standing
 WHERE stand = 'lodged'
 GROUP BY 1
