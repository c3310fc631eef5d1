// Brokers with a client in common in the same year.
CALL () {
  MATCH (b:Organization)<-[:PROVIDER]-(x:ServiceEngagement)-[:CLIENT]->(f:Organization)
  WHERE x.date <= $as_of
  RETURN b.id AS broker, f.id AS client, x.date.year AS year
  UNION
  MATCH (b:Organization)<-[:BROKER]-(x:TechnologyTransfer)-[:TRANSFEREE]->(f:Organization)
  WHERE x.signedOn <= $as_of
  RETURN b.id AS broker, f.id AS client, x.signedOn.year AS year
}
WITH client, year, collect(DISTINCT broker) AS brokers
UNWIND brokers AS source
UNWIND brokers AS target
WITH source, target, year, client WHERE source < target
RETURN source, target, year, count(client) AS weight
