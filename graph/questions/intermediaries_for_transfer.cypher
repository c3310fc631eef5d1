// The hops and gate facts of ranked intermediaries between a technology and a firm.
UNWIND $candidates AS candidate
MATCH (b:Entity:Organization {id: candidate.intermediary}), (t:Entity:Technology {id: $technology}), (f:Entity:Organization {id: $firm})
WITH candidate, b, t, f, COLLECT {
  MATCH (t)<-[:OVER]-(h:RightsHolding)-[:HOLDER]->(o), (h)-[:POWER]->(:Entity:Concept {id: 'scheme/power/1/own'})
  WHERE (h.validFrom IS NULL OR h.validFrom <= $as_of) AND (h.validUntil IS NULL OR h.validUntil >= $as_of)
  RETURN DISTINCT o.id
} AS owners
RETURN candidate.rank AS rank, b.id AS intermediary, candidate.need AS need, candidate.score AS score, owners,
  COLLECT {
    MATCH (b)<-[:PROVIDER|BROKER]-(x:ServiceEngagement|TechnologyTransfer)-[:CLIENT|TRANSFEROR|TRANSFEREE]->(o)
    WHERE o.id IN owners AND coalesce(x.date, x.signedOn, $as_of) <= $as_of RETURN DISTINCT x.id
  } AS with_owner,
  COLLECT {
    MATCH (b)<-[:PROVIDER|BROKER]-(x:ServiceEngagement|TechnologyTransfer)-[:CLIENT|TRANSFEROR|TRANSFEREE]->(f)
    WHERE coalesce(x.date, x.signedOn, $as_of) <= $as_of RETURN DISTINCT x.id
  } AS with_firm,
  COLLECT {
    MATCH (t)<-[:OVER]-(h:RightsHolding {exclusive: true})-[:HOLDER]->(o)
    WHERE NOT o.id IN owners
      AND (h.validFrom IS NULL OR h.validFrom <= $as_of) AND (h.validUntil IS NULL OR h.validUntil >= $as_of)
    RETURN DISTINCT h.id
  } AS exclusive,
  COLLECT {
    MATCH (t)<-[:STATUS_OF]-(s:RegulatoryStatus)-[:LISTING]->(l:Concept)
    WHERE (s.validFrom IS NULL OR s.validFrom <= $as_of) AND (s.validUntil IS NULL OR s.validUntil >= $as_of)
    RETURN DISTINCT l.id
  } AS listing,
  COLLECT {
    MATCH (t)<-[:PERMITS]-(p:TransferPermit)
    WHERE (p.validFrom IS NULL OR p.validFrom <= $as_of) AND (p.validUntil IS NULL OR p.validUntil >= $as_of)
    RETURN DISTINCT p.id
  } AS permits,
  COLLECT {
    MATCH (b)<-[:HOLDER]-(r:Recognition)
    WHERE (r.validFrom IS NULL OR r.validFrom <= $as_of) AND (r.validUntil IS NULL OR r.validUntil >= $as_of)
      AND (r.revokedOn IS NULL OR r.revokedOn > $as_of)
    RETURN DISTINCT r.id
  } AS recognised,
  COLLECT { MATCH (b)<-[:HOLDER]-(r:Recognition) WHERE r.validUntil < $as_of OR r.revokedOn <= $as_of RETURN DISTINCT r.id } AS lapsed,
  COLLECT {
    MATCH (b)<-[:PROVIDER]-(s:ServiceOffering)-[:SERVICE_KIND]->(k:Concept)
    WHERE k.id IN ['scheme/service-kind/1/brokerage', 'scheme/service-kind/1/consulting']
      AND (s.validFrom IS NULL OR s.validFrom <= $as_of) AND (s.validUntil IS NULL OR s.validUntil >= $as_of)
    RETURN DISTINCT s.id
  } AS offering,
  COLLECT { MATCH (b)-[:UNIT_OF|CONTROLLED_BY]->(o:Organization) RETURN DISTINCT o.id } AS controllers
