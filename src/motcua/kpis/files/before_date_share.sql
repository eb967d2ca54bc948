SELECT receiving, count(*) FILTER (WHERE (answered AT TIME ZONE 'Asia/Ho_Chi_Minh')::date < (due AT TIME ZONE 'Asia/Ho_Chi_Minh')::date), count(*)
  FROM dossier
 WHERE answered >= %(begin)s AND answered < %(end)s
 GROUP BY 1
