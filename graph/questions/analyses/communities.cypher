// How many contracts two bodies had with each other.
CALL () {
  MATCH (b:Organization)<-[:PROVIDER]-(x:ServiceEngagement)-[:CLIENT]->(o:Organization)
  WHERE (x.date IS NULL OR x.date <= $as_of) AND ($since IS NULL OR x.date >= $since)
  RETURN b, o, x AS event
  UNION ALL
  MATCH (b:Organization)<-[:BROKER]-(x:TechnologyTransfer)-[:TRANSFEROR|TRANSFEREE]->(o:Organization)
  WHERE (x.signedOn IS NULL OR x.signedOn <= $as_of) AND ($since IS NULL OR x.signedOn >= $since)
  RETURN b, o, x AS event
  UNION ALL
  MATCH (b:Organization)<-[:TRANSFEROR]-(x:TechnologyTransfer)-[:TRANSFEREE]->(o:Organization)
  WHERE (x.signedOn IS NULL OR x.signedOn <= $as_of) AND ($since IS NULL OR x.signedOn >= $since) AND NOT EXISTS { (x)-[:BROKER]->() }
  RETURN b, o, x AS event
}
WITH b, o, count(DISTINCT event) AS weight
RETURN b.id AS source, o.id AS target, weight
