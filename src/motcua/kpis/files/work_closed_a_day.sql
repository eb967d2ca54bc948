SELECT agency, count(*), round(extract(epoch FROM %(end)s::timestamptz - %(begin)s::timestamptz) / 86400)::bigint
  FROM task
 WHERE closed >= %(begin)s AND closed < %(end)s
 GROUP BY 1
