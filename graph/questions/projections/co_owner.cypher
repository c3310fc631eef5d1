// Owners of the same thing, by the year from which both were.
MATCH (a:Entity)<-[:HOLDER]-(x:RightsHolding)-[:OVER]->(t:Entity)<-[:OVER]-(y:RightsHolding)-[:HOLDER]->(b:Entity)
WHERE a.id < b.id
  AND EXISTS { (x)-[:POWER]->(:Entity:Concept {id: 'scheme/power/1/own'}) } AND EXISTS { (y)-[:POWER]->(:Entity:Concept {id: 'scheme/power/1/own'}) }
  AND (x.validFrom IS NULL OR x.validFrom <= $as_of) AND (y.validFrom IS NULL OR y.validFrom <= $as_of)
  AND (x.validFrom IS NULL OR y.validUntil IS NULL OR x.validFrom <= y.validUntil)
  AND (y.validFrom IS NULL OR x.validUntil IS NULL OR y.validFrom <= x.validUntil)
  AND NOT EXISTS { (:CompetingClaim {claimProperty: 'holder'})-[:CLAIM_ABOUT]->(t) }
// several holdings of the two over one thing count once, from the first day on which both held
WITH a, b, t, min(CASE WHEN x.validFrom > y.validFrom OR y.validFrom IS NULL THEN x.validFrom ELSE y.validFrom END) AS since
RETURN a.id AS source, b.id AS target, since.year AS year, count(t) AS weight
