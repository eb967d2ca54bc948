SELECT receiving, count(*), NULL::bigint
  FROM standing
 WHERE stand = 'waiting' AND ground IN ('supplement', 'payment', 'confirmation')
 GROUP BY 1
