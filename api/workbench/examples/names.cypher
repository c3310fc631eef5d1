// Ten technologies and what they are called.
MATCH (t:Technology)
WHERE t.name_vi IS NOT NULL
RETURN t.id AS technology, t.name_vi AS name
ORDER BY name
LIMIT 10
