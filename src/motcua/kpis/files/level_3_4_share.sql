SELECT d.receiving, count(*) FILTER (WHERE (v.content::jsonb ->> 'online_level')::int >= 3), count(*)
  FROM dossier d JOIN catalogue_procedureversion v ON v.id = d.version
 WHERE d.accepted >= %(begin)s AND d.accepted < %(end)s
 GROUP BY 1
