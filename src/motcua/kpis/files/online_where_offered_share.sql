SELECT d.receiving, count(*) FILTER (WHERE d.channel = 'online'), count(*)
  FROM dossier d JOIN catalogue_procedureversion v ON v.id = d.version
 WHERE d.accepted >= %(begin)s AND d.accepted < %(end)s AND (v.content::jsonb ->> 'online_level')::int >= 3
 GROUP BY 1
