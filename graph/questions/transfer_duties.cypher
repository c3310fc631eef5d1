// Whether transfers have to be registered or permitted on a day, from the facts on record and the provisions in force.
MATCH (x:TechnologyTransfer)-[:OBJECT]->(t:Technology)
WHERE ($transfer IS NULL OR x.id = $transfer) AND (x.signedOn IS NULL OR x.signedOn <= $as_of)
OPTIONAL MATCH (x)-[:TRANSFEROR]->(giver:Organization)
OPTIONAL MATCH (x)-[:TRANSFEREE]->(taker:Organization)
WITH x, t, giver, taker,
  coalesce(giver.country, COLLECT {
    MATCH (giver)-[:LOCATED_IN]->(:Concept)-[:BROADER*0..]->(c:Concept) WHERE c.notation =~ '[A-Z]{2}' RETURN min(c.notation)
  }[0]) AS home,
  coalesce(taker.country, COLLECT {
    MATCH (taker)-[:LOCATED_IN]->(:Concept)-[:BROADER*0..]->(c:Concept) WHERE c.notation =~ '[A-Z]{2}' RETURN min(c.notation)
  }[0]) AS abroad,
  COLLECT {
    MATCH (t)-[:EMBODIES]->(:ResearchResult)-[:RESULT_OF]->(:STTask)<-[:TASK]-(f:Funding)
    WHERE f.amount IS NULL OR f.amount <> 0 RETURN DISTINCT coalesce(toString(f.stateMoney), 'unknown')
  } AS money,
  EXISTS { (t)-[:EMBODIES]->(:ResearchResult)-[:HAS_IDENTIFIER]->(:Identifier {identifierScheme: 'result-certificate'}) } AS certificate,
  COLLECT {
    MATCH (t)<-[:STATUS_OF]-(s:RegulatoryStatus)-[:LISTING]->(l:Concept)
    WHERE (s.validFrom IS NULL OR s.validFrom <= $as_of) AND (s.validUntil IS NULL OR s.validUntil >= $as_of)
    // the newest comparison with the lists counts
    RETURN l.id AS id ORDER BY toString(coalesce(s.validFrom, '')) + ' ' + l.id DESC LIMIT 1
  }[0] AS listing,
  EXISTS {
    MATCH (t)<-[:PERMITS]-(p:TransferPermit)
    WHERE (p.validFrom IS NULL OR p.validFrom <= $as_of) AND (p.validUntil IS NULL OR p.validUntil >= $as_of)
  } AS permitted
WITH x, t, giver, taker, certificate, listing, permitted, home <> abroad AS cross_border,
  CASE WHEN 'true' IN money THEN true WHEN 'unknown' IN money THEN null WHEN 'false' IN money THEN false END AS state_money
WITH *, CASE WHEN certificate THEN 'not_required' WHEN state_money THEN 'required' WHEN state_money = false THEN 'not_required' ELSE 'unknown' END AS domestic
RETURN x.id AS transfer, t.id AS technology, giver.id AS transferor, taker.id AS transferee, x.signedOn AS signed_on,
  cross_border, state_money, certificate,
  CASE
    WHEN NOT EXISTS {
      MATCH (p:LegalProvision {rule: 'registration'})
      WHERE (p.validFrom IS NULL OR p.validFrom <= $as_of) AND (p.validUntil IS NULL OR p.validUntil >= $as_of)
    } THEN 'unknown'
    WHEN cross_border THEN 'required'
    WHEN cross_border = false OR domestic = 'required' THEN domestic
    ELSE 'unknown'
  END AS registration,
  listing,
  CASE
    WHEN listing = 'scheme/listing/1/prohibited' THEN 'prohibited'
    WHEN listing = 'scheme/listing/1/restricted' THEN CASE WHEN permitted THEN 'held' ELSE 'required' END
    WHEN listing IN ['scheme/listing/1/encouraged', 'scheme/listing/1/none'] THEN 'not_required'
    ELSE 'unknown'
  END AS permit,
  COLLECT {
    MATCH (p:LegalProvision)
    WHERE (p.validFrom IS NULL OR p.validFrom <= $as_of) AND (p.validUntil IS NULL OR p.validUntil >= $as_of)
      AND (p.rule = 'registration' OR (p.rule IN ['listing', 'permit'] AND EXISTS { (p)-[:LISTING]->(:Entity:Concept {id: listing}) }))
    RETURN DISTINCT p.id
  } AS basis
