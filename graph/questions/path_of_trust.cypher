// Who knows whom up to a day, and who owns the technology.
CALL () {
  MATCH (x:TechnologyTransfer)-[:TRANSFEROR|BROKER|TRANSFEREE]->(a:Organization), (x)-[:TRANSFEROR|BROKER|TRANSFEREE]->(b:Organization)
  WHERE a.id < b.id AND (x.signedOn IS NULL OR x.signedOn <= $as_of)
  RETURN a.id AS one, b.id AS other, 'transfer' AS relation, x.id AS id, x.signedOn AS on
  UNION ALL
  MATCH (a:Organization)<-[:PROVIDER]-(x:ServiceEngagement)-[:CLIENT]->(b:Organization)
  WHERE x.date IS NULL OR x.date <= $as_of
  RETURN a.id AS one, b.id AS other, 'engagement' AS relation, x.id AS id, x.date AS on
  UNION ALL
  MATCH (a:Organization)-[:UNIT_OF]->(b:Organization)
  RETURN a.id AS one, b.id AS other, 'unitOf' AS relation, null AS id, null AS on
  UNION ALL
  MATCH (a:Organization)-[:CONTROLLED_BY]->(b:Organization)
  RETURN a.id AS one, b.id AS other, 'controlledBy' AS relation, null AS id, null AS on
  UNION ALL
  MATCH (a:Person)<-[:MEMBER]-(x:Membership)-[:ORGANIZATION]->(b:Organization)
  WHERE (x.validFrom IS NULL OR x.validFrom <= $as_of) AND (x.validUntil IS NULL OR x.validUntil >= $as_of)
  RETURN a.id AS one, b.id AS other, 'membership' AS relation, x.id AS id, x.validFrom AS on
  UNION ALL
  MATCH (t:Entity:Technology {id: $technology})<-[:OVER]-(x:RightsHolding)-[:HOLDER]->(b), (x)-[:POWER]->(:Entity:Concept {id: 'scheme/power/1/own'})
  WHERE (x.validFrom IS NULL OR x.validFrom <= $as_of) AND (x.validUntil IS NULL OR x.validUntil >= $as_of)
  RETURN t.id AS one, b.id AS other, 'owner' AS relation, x.id AS id, x.validFrom AS on
  UNION ALL
  MATCH (t:Entity:Technology {id: $technology})-[:EMBODIES]->(:ResearchResult)-[:RESULT_OF]->(k:STTask)
  WHERE k.approvedOn <= $as_of
    AND EXISTS {
      MATCH (p:LegalProvision {rule: 'automatic-regime'})
      WHERE (p.appliesFrom IS NULL OR p.appliesFrom <= k.approvedOn) AND (p.appliesUntil IS NULL OR p.appliesUntil >= k.approvedOn)
    }
    AND NOT EXISTS {
      MATCH (t)<-[:OVER]-(x:RightsHolding)-[:POWER]->(:Entity:Concept {id: 'scheme/power/1/own'})
      WHERE (x.validFrom IS NULL OR x.validFrom <= $as_of) AND (x.validUntil IS NULL OR x.validUntil >= $as_of)
    }
  MATCH (k)<-[:TASK]-(f:Funding)
  OPTIONAL MATCH (k)-[:HOSTED_BY]->(host:Organization)
  OPTIONAL MATCH (f)-[:FUNDER]->(payer:Organization)
  WITH t, k, CASE WHEN f.stateMoney THEN host WHEN f.stateMoney = false THEN payer END AS b
  WHERE b IS NOT NULL
  RETURN t.id AS one, b.id AS other, 'ownerByLaw' AS relation, k.id AS id, k.approvedOn AS on
}
RETURN CASE WHEN one < other THEN one ELSE other END AS source, CASE WHEN one < other THEN other ELSE one END AS target, relation,
  min(id) AS event, max(on) AS day
