// Who worked for whom, transfers made without a broker, and who supplies or needs: the network is put together from these.
CALL () {
  MATCH (b:Organization)<-[:PROVIDER]-(x:ServiceEngagement)-[:CLIENT]->(o:Organization)
  WHERE (x.date IS NULL OR x.date <= $as_of) AND ($since IS NULL OR x.date >= $since)
  RETURN b.id AS source, o.id AS target, 'broker' AS side
  UNION
  MATCH (b:Organization)<-[:BROKER]-(x:TechnologyTransfer)-[:TRANSFEROR|TRANSFEREE]->(o:Organization)
  WHERE (x.signedOn IS NULL OR x.signedOn <= $as_of) AND ($since IS NULL OR x.signedOn >= $since)
  RETURN b.id AS source, o.id AS target, 'broker' AS side
  UNION
  MATCH (b:Organization)<-[:BROKER]-(x:TechnologyOffer)-[:OFFERED_BY]->(o:Organization)
  WHERE (x.validFrom IS NULL OR x.validFrom <= $as_of) AND (x.validUntil IS NULL OR x.validUntil >= $as_of)
  RETURN b.id AS source, o.id AS target, 'broker' AS side
  UNION
  MATCH (s:Organization)<-[:TRANSFEROR]-(x:TechnologyTransfer)-[:TRANSFEREE]->(o:Organization)
  WHERE (x.signedOn IS NULL OR x.signedOn <= $as_of) AND ($since IS NULL OR x.signedOn >= $since) AND NOT EXISTS { (x)-[:BROKER]->() }
  RETURN s.id AS source, o.id AS target, 'direct' AS side
  UNION
  MATCH (o:Organization)<-[:OFFERED_BY]-(x:TechnologyOffer)
  WHERE (x.validFrom IS NULL OR x.validFrom <= $as_of) AND (x.validUntil IS NULL OR x.validUntil >= $as_of)
  RETURN o.id AS source, null AS target, 'supply' AS side
  UNION
  MATCH (o:Organization)<-[:NEED_OF]-(x:TechnologyNeed)
  WHERE x.deadline IS NULL OR x.deadline >= $as_of
  RETURN o.id AS source, null AS target, 'demand' AS side
}
RETURN source, target, side
