SELECT receiving, percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM handed - lodged) / 60), count(*)
  FROM dossier
 WHERE handed >= %(begin)s AND handed < %(end)s
 GROUP BY 1
