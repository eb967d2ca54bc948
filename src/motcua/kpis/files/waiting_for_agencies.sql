SELECT receiving, count(*), NULL::bigint
  FROM standing
 WHERE stand = 'waiting' AND ground IN ('tax', 'verification')
 GROUP BY 1
