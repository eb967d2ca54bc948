SELECT d.receiving, count(*) FILTER (WHERE d.answers_known OR EXISTS (SELECT FROM paper p WHERE p.dossier_id = d.dossier_id AND p.source <> '')), count(*)
  FROM dossier d
 WHERE d.answered >= %(begin)s AND d.answered < %(end)s
 GROUP BY 1
