SELECT receiving, sum((SELECT avg(v.value::int) FROM jsonb_each_text(scores) v)), count(*)
  FROM rating
 WHERE at >= %(begin)s AND at < %(end)s AND stands IS NOT FALSE
 GROUP BY 1
