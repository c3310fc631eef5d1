// Fields of open needs that no current brokerage or consulting offering covers.
MATCH (n:TechnologyNeed)-[:HAS_FIELD]->(f:Concept)
WHERE n.deadline IS NULL OR n.deadline >= $as_of
WITH f, collect(DISTINCT n) AS needs
WHERE NOT EXISTS {
  MATCH (f)-[:BROADER*0..]->(:Concept)<-[:HAS_FIELD]-(s:ServiceOffering)-[:SERVICE_KIND]->(k:Concept)
  WHERE k.id IN ['scheme/service-kind/1/brokerage', 'scheme/service-kind/1/consulting']
    AND (s.validFrom IS NULL OR s.validFrom <= $as_of) AND (s.validUntil IS NULL OR s.validUntil >= $as_of)
}
RETURN f.id AS field, size(needs) AS needs,
  COUNT { UNWIND needs AS n MATCH (n)-[:NEED_OF]->(o:Organization) RETURN DISTINCT o } AS firms,
  reduce(total = 0, n IN needs | total + coalesce(n.budget, 0)) AS budget, [n IN needs | n.id] AS need_ids
