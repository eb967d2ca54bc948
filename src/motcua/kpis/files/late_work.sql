SELECT agency, count(*) FILTER (WHERE due < %(at)s AND NOT waiting), NULL::bigint
  FROM held
 GROUP BY 1
