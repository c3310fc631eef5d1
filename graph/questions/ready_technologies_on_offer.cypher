// Valid offers below a price, of technologies whose newest assessment reaches a readiness level.
MATCH (offer:TechnologyOffer)-[:OFFERS]->(technology:Technology)
WHERE offer.price < $below
  AND (offer.validFrom IS NULL OR offer.validFrom <= $as_of) AND (offer.validUntil IS NULL OR offer.validUntil >= $as_of)
  AND ($in_field IS NULL OR EXISTS { (technology)-[:HAS_FIELD]->()-[:BROADER*0..]->(:Entity:Concept {id: $in_field}) })
MATCH (assessment:MaturityAssessment)-[:ASSESSES]->(technology), (assessment)-[:LEVEL]->(level)
WHERE assessment.date IS NULL OR assessment.date <= $as_of
WITH offer, technology, assessment.date AS day, toInteger(level.notation) AS trl
ORDER BY coalesce(day, date('0001-01-01')) DESC, trl
WITH offer, technology, collect({day: day, trl: trl})[0] AS newest
WHERE newest.trl >= $least_trl
OPTIONAL MATCH (offer)-[:OFFERED_BY]->(body)
RETURN technology.id AS technology, newest.trl AS trl, newest.day AS assessed_on, offer.id AS offer, offer.price AS price,
  offer.priceKind AS price_kind, body.id AS offered_by, [(offer)-[:BROKER]->(broker) | broker.id] AS broker, offer.validUntil AS valid_until
