// Intermediaries with their recognitions, and how these stand on the day.
MATCH (body:Intermediary)
WHERE $only_place IS NULL OR EXISTS { (body)-[:LOCATED_IN]->()-[:BROADER*0..]->(:Entity:Concept {id: $only_place}) }
OPTIONAL MATCH (recognition:Recognition)-[:HOLDER]->(body)
OPTIONAL MATCH (recognition)-[:KIND]->(recognised)
OPTIONAL MATCH (body)-[:KIND]->(listed)
WITH body, recognition, CASE WHEN recognition IS NULL THEN listed.id ELSE recognised.id END AS of_kind
WHERE $only_kind IS NULL OR of_kind = $only_kind
RETURN body.id AS intermediary, of_kind AS kind,
  CASE
    WHEN recognition IS NULL THEN 'none'
    WHEN recognition.revokedOn <= $as_of THEN 'revoked'
    WHEN recognition.validUntil < $as_of THEN 'expired'
    WHEN recognition.validFrom > $as_of THEN 'not_yet'
    ELSE 'valid'
  END AS standing,
  recognition.number AS number, recognition.validFrom AS valid_from, recognition.validUntil AS valid_until, recognition.revokedOn AS revoked_on,
  COLLECT { MATCH (body)-[:LOCATED_IN]->(place) RETURN DISTINCT place.id } AS places
