// Who offers a kind of service in fields, in their narrower and in their broader ones.
MATCH (service:ServiceOffering)-[:SERVICE_KIND]->(:Entity:Concept {id: $service_kind})
WHERE (service.validFrom IS NULL OR service.validFrom <= $as_of) AND (service.validUntil IS NULL OR service.validUntil >= $as_of)
MATCH (service)-[:HAS_FIELD]->(field)
WITH service, field, CASE
    WHEN field.id IN $in_field THEN 'exact'
    WHEN EXISTS { MATCH (field)-[:BROADER*1..]->(above) WHERE above.id IN $in_field } THEN 'narrower'
    WHEN EXISTS { MATCH (field)<-[:BROADER*1..]-(below) WHERE below.id IN $in_field } THEN 'broader'
  END AS match
WHERE match IS NOT NULL
MATCH (service)-[:PROVIDER]->(provider)
RETURN provider.id AS provider, service.id AS service, field.id AS field, match,
  [(service)-[:AREA]->(place) | place.id] AS area, service.validFrom AS valid_from, service.validUntil AS valid_until
