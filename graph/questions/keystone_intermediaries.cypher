// Who supplies or needs, who worked for them, and transfers made without a broker: the network is put together from these.
CALL () {
  MATCH (o:Organization)<-[:OFFERED_BY]-(x:TechnologyOffer)
  WHERE (x.validFrom IS NULL OR x.validFrom <= $as_of) AND (x.validUntil IS NULL OR x.validUntil >= $as_of)
  RETURN o, 'supply' AS side
  UNION
  MATCH (o:Organization)<-[:NEED_OF]-(x:TechnologyNeed)
  WHERE x.deadline IS NULL OR x.deadline >= $as_of
  RETURN o, 'demand' AS side
}
WITH collect(DISTINCT o) AS sides, collect([o.id, side]) AS told
CALL (sides, told) {
  UNWIND sides AS o
  MATCH (b:Organization)<-[:PROVIDER]-(x:ServiceEngagement)-[:CLIENT]->(o)
  WHERE (x.date IS NULL OR x.date <= $as_of) AND ($since IS NULL OR x.date >= $since)
  RETURN b.id AS source, o.id AS target, 'broker' AS side
  UNION
  UNWIND sides AS o
  MATCH (b:Organization)<-[:BROKER]-(x:TechnologyTransfer)-[:TRANSFEROR|TRANSFEREE]->(o)
  WHERE (x.signedOn IS NULL OR x.signedOn <= $as_of) AND ($since IS NULL OR x.signedOn >= $since)
  RETURN b.id AS source, o.id AS target, 'broker' AS side
  UNION
  UNWIND sides AS o
  MATCH (b:Organization)<-[:BROKER]-(x:TechnologyOffer)-[:OFFERED_BY]->(o)
  WHERE (x.validFrom IS NULL OR x.validFrom <= $as_of) AND (x.validUntil IS NULL OR x.validUntil >= $as_of)
  RETURN b.id AS source, o.id AS target, 'broker' AS side
  UNION
  UNWIND sides AS s
  MATCH (s)<-[:TRANSFEROR]-(x:TechnologyTransfer)-[:TRANSFEREE]->(o:Organization)
  WHERE (x.signedOn IS NULL OR x.signedOn <= $as_of) AND ($since IS NULL OR x.signedOn >= $since) AND NOT EXISTS { (x)-[:BROKER]->() }
  RETURN s.id AS source, o.id AS target, 'direct' AS side
  UNION
  UNWIND told AS one
  RETURN one[0] AS source, null AS target, one[1] AS side
}
RETURN source, target, side
