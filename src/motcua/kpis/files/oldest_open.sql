SELECT receiving, percentile_cont(1.0) WITHIN GROUP (ORDER BY extract(epoch FROM %(at)s::timestamptz - accepted_at) / 60), count(*)
  FROM standing
 WHERE stand IN ('in_time', 'overdue', 'waiting')
 GROUP BY 1
