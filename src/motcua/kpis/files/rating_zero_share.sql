SELECT receiving, count(*) FILTER (WHERE EXISTS (SELECT FROM jsonb_each_text(scores) v WHERE v.value = '0')), count(*)
  FROM rating
 WHERE at >= %(begin)s AND at < %(end)s AND stands IS NOT FALSE
 GROUP BY 1
