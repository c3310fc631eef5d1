// Who worked with whom, and whether as a broker.
CALL () {
  MATCH (b:Organization)<-[:PROVIDER]-(x:ServiceEngagement)-[:CLIENT]->(o:Organization)
  WHERE (x.date IS NULL OR x.date <= $as_of) AND ($since IS NULL OR x.date >= $since)
  RETURN b.id AS source, o.id AS target, true AS broker
  UNION
  MATCH (b:Organization)<-[:BROKER]-(x:TechnologyTransfer)-[:TRANSFEROR|TRANSFEREE]->(o:Organization)
  WHERE (x.signedOn IS NULL OR x.signedOn <= $as_of) AND ($since IS NULL OR x.signedOn >= $since)
  RETURN b.id AS source, o.id AS target, true AS broker
  UNION
  MATCH (s:Organization)<-[:TRANSFEROR]-(x:TechnologyTransfer)-[:TRANSFEREE]->(o:Organization)
  WHERE (x.signedOn IS NULL OR x.signedOn <= $as_of) AND ($since IS NULL OR x.signedOn >= $since) AND NOT EXISTS { (x)-[:BROKER]->() }
  RETURN s.id AS source, o.id AS target, false AS broker
}
RETURN source, target, broker
