// Experts and the fields of their work, by year.
CALL () {
  MATCH (p:Person)<-[:PERSON]-(:TaskParticipation)-[:TASK]->(k:STTask)-[:HAS_FIELD]->(f:Concept)
  WHERE k.approvedOn IS NULL OR k.approvedOn <= $as_of
  RETURN p.id AS source, f.id AS target, k.approvedOn.year AS year, k.id AS work
  UNION ALL
  MATCH (p:Person)<-[:PERSON]-(x:ExpertiseClaim)-[:HAS_FIELD]->(f:Concept)
  WHERE x.validFrom IS NULL OR x.validFrom <= $as_of
  RETURN p.id AS source, f.id AS target, x.validFrom.year AS year, x.id AS work
  UNION ALL
  MATCH (t:Technology)
  WHERE EXISTS { (t)-[:INVENTOR]->() }
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
  MATCH (p:Person)<-[:INVENTOR]-(t)-[:HAS_FIELD|HAS_PATENT_CLASS]->(f:Concept)
  RETURN p.id AS source, f.id AS target, first.year AS year, t.id AS work
  UNION ALL
  MATCH (p:Person)-[:HAS_FIELD]->(f:Concept)
  RETURN p.id AS source, f.id AS target, null AS year, p.id AS work
}
RETURN source, target, year, count(DISTINCT work) AS weight
