// Brokers of transfers of ranked similar technologies to firms of an industry.
UNWIND $candidates AS candidate
MATCH (:Entity:Technology {id: candidate.technology})<-[:OBJECT]-(x:TechnologyTransfer)-[:BROKER]->(b:Organization),
  (x)-[:TRANSFEREE]->(f:Organization)
WHERE (x.signedOn IS NULL OR x.signedOn <= $as_of) AND EXISTS { (f)-[:HAS_INDUSTRY]->(:Concept)-[:BROADER*0..]->(:Entity:Concept {id: $industry}) }
RETURN b.id AS broker, count(DISTINCT x) AS transfers, min(candidate.rank) AS nearest, max(candidate.score) AS similarity,
  max(x.signedOn) AS latest, collect(DISTINCT candidate.technology) AS technologies, collect(DISTINCT f.id) AS firms,
  collect(DISTINCT x.id) AS transfer_ids
