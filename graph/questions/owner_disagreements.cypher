// Records that name different owners of a technology, and since when they stand against each other.
MATCH (t:Technology)<-[:CLAIM_ABOUT]-(c:CompetingClaim {claimProperty: 'holder'})-[:CLAIM_OBJECT]->(o)
WHERE $technology IS NULL OR t.id = $technology
MATCH (t)<-[:OVER]-(h:RightsHolding)-[:HOLDER]->(o), (h)-[:POWER]->(:Entity:Concept {id: 'scheme/power/1/own'})
WHERE h.validUntil IS NULL AND (h.validFrom IS NULL OR h.validFrom <= $as_of)
UNWIND h.sources AS source
MATCH (r:Entity:SourceRecord {id: 'record/' + source})-[:FROM_SOURCE]->(s:Source)
WITH t, collect(DISTINCT {holder: o.id, source: s.id, record: r.id, from: h.validFrom, day: r.retrievedOn}) AS said
WITH t, said, COLLECT {
  UNWIND said AS a UNWIND said AS b
  WITH a, b WHERE a.holder < b.holder
  RETURN min(CASE WHEN a.day > b.day THEN a.day ELSE b.day END)
}[0] AS since
WHERE since IS NOT NULL
UNWIND said AS one
RETURN t.id AS technology, one.holder AS holder, one.source AS source, one.record AS record, one.from AS valid_from,
  one.day AS retrieved_on, since AS disputed_since
