SELECT agency, count(*), NULL::bigint
  FROM held
 GROUP BY 1
