SELECT agency, count(*) FILTER (WHERE due < %(at)s AND NOT waiting), count(*)
  FROM held
 GROUP BY 1
