// Technologies on offer that no open need of a firm in the place asks for.
MATCH (o:TechnologyOffer)-[:OFFERS]->(t:Technology)
WHERE (o.validFrom IS NULL OR o.validFrom <= $as_of) AND (o.validUntil IS NULL OR o.validUntil >= $as_of)
WITH t, count(DISTINCT o) AS offers
MATCH (t)-[:HAS_FIELD]->(f:Concept)
WITH t, offers, f, COLLECT {
  MATCH (f)<-[:HAS_FIELD]-(n:TechnologyNeed)-[:NEED_OF]->(:Organization)-[:LOCATED_IN]->(:Concept)-[:BROADER*0..]->(:Entity:Concept {id: $place})
  WHERE n.deadline IS NULL OR n.deadline >= $as_of
  RETURN DISTINCT n
} AS needs
WITH t, offers, collect(f.id) AS fields, collect(size(needs)) AS counts, [list IN collect(needs) | [n IN list WHERE
  NOT EXISTS { (n)-[:TARGET_INDUSTRY]->() } OR NOT EXISTS { (t)-[:TARGET_INDUSTRY]->() }
  OR EXISTS { (n)-[:TARGET_INDUSTRY]->(:Concept)<-[:TARGET_INDUSTRY]-(t) }]] AS wanted
WHERE all(list IN wanted WHERE size(list) = 0)
UNWIND range(0, size(fields) - 1) AS at
RETURN t.id AS technology, fields[at] AS field, COLLECT { MATCH (t)-[:TARGET_INDUSTRY]->(i:Concept) RETURN DISTINCT i.id } AS industries,
  offers, counts[at] AS field_needs
