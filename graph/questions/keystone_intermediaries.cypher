// Who supplies or needs, who worked for them, and transfers made without a broker: the network is put together from these.
CALL () {
  MATCH (o:Organization)<-[:OFFERED_BY]-(x:TechnologyOffer)
  WHERE (x.validFrom IS NULL OR x.validFrom <= $as_of) AND (x.validUntil IS NULL OR x.validUntil >= $as_of)
  RETURN o.id AS source, null AS target, 'supply' AS side
  UNION
  MATCH (o:Organization)<-[:NEED_OF]-(x:TechnologyNeed)
  WHERE x.deadline IS NULL OR x.deadline >= $as_of
  RETURN o.id AS source, null AS target, 'demand' AS side
  UNION
  // a body that neither supplies nor needs joins nobody, and most engagements are for such
  MATCH (b:Organization)<-[:PROVIDER]-(x:ServiceEngagement)-[:CLIENT]->(o)
  WHERE (x.date IS NULL OR x.date <= $as_of) AND ($since IS NULL OR x.date >= $since) AND (
    EXISTS { (o)<-[:OFFERED_BY]-(y:TechnologyOffer) WHERE (y.validFrom IS NULL OR y.validFrom <= $as_of) AND (y.validUntil IS NULL OR y.validUntil >= $as_of) }
    OR EXISTS { (o)<-[:NEED_OF]-(n:TechnologyNeed) WHERE n.deadline IS NULL OR n.deadline >= $as_of })
  RETURN b.id AS source, o.id AS target, 'broker' AS side
  UNION
  MATCH (b:Organization)<-[:BROKER]-(x:TechnologyTransfer)-[:TRANSFEROR|TRANSFEREE]->(o)
  WHERE (x.signedOn IS NULL OR x.signedOn <= $as_of) AND ($since IS NULL OR x.signedOn >= $since)
  RETURN b.id AS source, o.id AS target, 'broker' AS side
  UNION
  // who offers supplies
  MATCH (b:Organization)<-[:BROKER]-(x:TechnologyOffer)-[:OFFERED_BY]->(o)
  WHERE (x.validFrom IS NULL OR x.validFrom <= $as_of) AND (x.validUntil IS NULL OR x.validUntil >= $as_of)
  RETURN b.id AS source, o.id AS target, 'broker' AS side
  UNION
  MATCH (s:Organization)<-[:TRANSFEROR]-(x:TechnologyTransfer)-[:TRANSFEREE]->(o:Organization)
  WHERE (x.signedOn IS NULL OR x.signedOn <= $as_of) AND ($since IS NULL OR x.signedOn >= $since) AND NOT EXISTS { (x)-[:BROKER]->() }
  RETURN s.id AS source, o.id AS target, 'direct' AS side
}
RETURN source, target, side
