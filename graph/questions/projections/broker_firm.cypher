// Brokers and whom they served, by year.
CALL () {
  MATCH (b:Organization)<-[:PROVIDER]-(x:ServiceEngagement)-[:CLIENT]->(f:Organization)
  WHERE x.date IS NULL OR x.date <= $as_of
  RETURN b, f, x.date.year AS year, x AS event
  UNION ALL
  MATCH (b:Organization)<-[:BROKER]-(x:TechnologyTransfer)-[:TRANSFEREE]->(f:Organization)
  WHERE x.signedOn IS NULL OR x.signedOn <= $as_of
  RETURN b, f, x.signedOn.year AS year, x AS event
}
WITH b, f, year, count(DISTINCT event) AS weight
RETURN b.id AS source, f.id AS target, year, weight
