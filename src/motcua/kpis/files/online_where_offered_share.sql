SELECT d.receiving, count(*) FILTER (WHERE d.channel = 'online'), count(*)
  FROM dossier d JOIN levels l ON l.version = d.version
 WHERE d.accepted >= %(begin)s AND d.accepted < %(end)s AND l.level >= 3
 GROUP BY 1
