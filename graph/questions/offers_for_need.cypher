// Offers in force of ranked technologies, compared with what a need asks for.
UNWIND $candidates AS candidate
MATCH (n:Entity:TechnologyNeed {id: $need}), (t:Entity:Technology {id: candidate.technology})<-[:OFFERS]-(o:TechnologyOffer)
WHERE (o.validFrom IS NULL OR o.validFrom <= $as_of) AND (o.validUntil IS NULL OR o.validUntil >= $as_of)
OPTIONAL MATCH (n)-[:REQUIRED_LEVEL]->(wanted:Concept)
OPTIONAL MATCH (o)-[:OFFERED_BY]->(by:Organization)
WITH candidate, n, t, o, wanted, by, COLLECT {
  MATCH (t)<-[:ASSESSES]-(a:MaturityAssessment)-[:LEVEL]->(l:Concept)
  WHERE a.date IS NULL OR a.date <= $as_of
  // the newest assessment counts, of several of one day the highest
  RETURN l ORDER BY toString(coalesce(a.date, '')) + ' ' + l.id DESC LIMIT 1
}[0] AS reached
RETURN candidate.rank AS rank, o.id AS offer, t.id AS technology, candidate.score AS score, by.id AS offered_by,
  COLLECT { MATCH (o)-[:TRANSFER_FORM]->(f:Concept) RETURN DISTINCT f.id } AS forms,
  o.price AS price, o.price <= n.budget AS within_budget, reached.id AS trl,
  toInteger(reached.notation) >= toInteger(wanted.notation) AS ready, o.validUntil AS until
