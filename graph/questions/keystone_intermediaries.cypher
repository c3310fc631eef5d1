// Ties of suppliers with an offer in force and of firms with an open need: to intermediaries, and to each other without one.
CALL () {
  MATCH (b:Organization)<-[:PROVIDER]-(x:ServiceEngagement)-[:CLIENT]->(o:Organization)
  WHERE (x.date IS NULL OR x.date <= $as_of) AND ($since IS NULL OR x.date >= $since)
  RETURN b.id AS broker, null AS supplier, o AS party
  UNION
  MATCH (b:Organization)<-[:BROKER]-(x:TechnologyTransfer)-[:TRANSFEROR|TRANSFEREE]->(o:Organization)
  WHERE (x.signedOn IS NULL OR x.signedOn <= $as_of) AND ($since IS NULL OR x.signedOn >= $since)
  RETURN b.id AS broker, null AS supplier, o AS party
  UNION
  MATCH (b:Organization)<-[:BROKER]-(x:TechnologyOffer)-[:OFFERED_BY]->(o:Organization)
  WHERE (x.validFrom IS NULL OR x.validFrom <= $as_of) AND (x.validUntil IS NULL OR x.validUntil >= $as_of)
  RETURN b.id AS broker, null AS supplier, o AS party
  UNION
  MATCH (s:Organization)<-[:TRANSFEROR]-(x:TechnologyTransfer)-[:TRANSFEREE]->(o:Organization)
  WHERE (x.signedOn IS NULL OR x.signedOn <= $as_of) AND ($since IS NULL OR x.signedOn >= $since) AND NOT EXISTS { (x)-[:BROKER]->() }
    AND EXISTS {
      MATCH (s)<-[:OFFERED_BY]-(y:TechnologyOffer)
      WHERE (y.validFrom IS NULL OR y.validFrom <= $as_of) AND (y.validUntil IS NULL OR y.validUntil >= $as_of)
    }
  RETURN null AS broker, s.id AS supplier, o AS party
}
WITH broker, supplier, party,
  EXISTS {
    MATCH (party)<-[:OFFERED_BY]-(y:TechnologyOffer)
    WHERE (y.validFrom IS NULL OR y.validFrom <= $as_of) AND (y.validUntil IS NULL OR y.validUntil >= $as_of)
  } AS supplies,
  EXISTS { MATCH (party)<-[:NEED_OF]-(n:TechnologyNeed) WHERE n.deadline IS NULL OR n.deadline >= $as_of } AS needs
UNWIND CASE WHEN supplier IS NULL AND supplies THEN [[party.id, null]] ELSE [] END
  + CASE WHEN needs THEN [[supplier, party.id]] ELSE [] END AS ends
RETURN DISTINCT broker, ends[0] AS supplier, ends[1] AS firm
