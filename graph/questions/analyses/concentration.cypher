// Deals with their brokers, year and fields.
CALL () {
  MATCH (b:Organization)<-[:PROVIDER]-(x:ServiceEngagement)
  WHERE x.date <= $as_of
  RETURN b, x, x.date.year AS year
  UNION
  MATCH (b:Organization)<-[:BROKER]-(x:TechnologyTransfer)
  WHERE x.signedOn <= $as_of
  RETURN b, x, x.signedOn.year AS year
}
OPTIONAL MATCH (x)-[:OBJECT]->(:Technology)-[:HAS_FIELD]->(f:Concept)
RETURN DISTINCT x.id AS deal, b.id AS broker, year, f.id AS field
