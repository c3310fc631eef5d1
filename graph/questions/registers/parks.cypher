// Parks with their kind, place, and the organisations in them.
MATCH (park:Park)
OPTIONAL MATCH (park)-[:KIND]->(kind)
WITH park, kind
WHERE $only_kind IS NULL OR kind.id = $only_kind
RETURN park.id AS park, kind.id AS kind,
  COLLECT { MATCH (park)-[:LOCATED_IN]->(place) RETURN DISTINCT place.id } AS places,
  COUNT {
    MATCH (park)<-[:LOCATED_IN_PARK]-(body:Organization)
    WHERE (body.founded IS NULL OR body.founded <= $as_of.year) AND (body.dissolved IS NULL OR body.dissolved >= $as_of.year)
    RETURN DISTINCT body
  } AS organisations
