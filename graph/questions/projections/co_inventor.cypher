// Inventors of the same technology, by the year in which it is first heard of.
MATCH (t:Technology)
WHERE COUNT { (t)-[:INVENTOR]->() } > 1
WITH t, COLLECT {
  MATCH (t)<-[:PROTECTS]-(i:IPRight) RETURN i.filedOn AS day
  UNION
  MATCH (t)<-[:PROTECTS]-(i:IPRight) RETURN i.grantedOn AS day
  UNION
  MATCH (t)-[:EMBODIES]->(:ResearchResult)<-[:ACCEPTS]-(a:Acceptance) RETURN a.date AS day
  UNION
  RETURN t.firstDisclosure AS day
} AS days
WITH t, reduce(least = null, day IN days | CASE WHEN least IS NULL OR day < least THEN day ELSE least END) AS first
WHERE first IS NULL OR first <= $as_of
MATCH (t)-[:INVENTOR]->(a:Person), (t)-[:INVENTOR]->(b:Person)
WHERE a.id < b.id
RETURN a.id AS source, b.id AS target, first.year AS year, count(DISTINCT t) AS weight
