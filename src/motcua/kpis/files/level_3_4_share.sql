SELECT d.receiving, count(*) FILTER (WHERE l.level >= 3), count(*)
  FROM dossier d JOIN levels l ON l.version = d.version
 WHERE d.accepted >= %(begin)s AND d.accepted < %(end)s
 GROUP BY 1
