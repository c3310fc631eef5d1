// What is on record about organisations as brokers: recognitions, offerings, past work, and who controls them.
UNWIND $organisations AS id
MATCH (b:Entity:Organization {id: id})
RETURN id,
  [(r:Recognition)-[:HOLDER]->(b) | {
    id: r.id, kind: head([(r)-[:KIND]->(k) | k.id]), from: r.validFrom, until: r.validUntil, revoked: r.revokedOn, sources: r.sources}] AS recognitions,
  [(s:ServiceOffering)-[:PROVIDER]->(b) | {
    id: s.id, kind: head([(s)-[:SERVICE_KIND]->(k) | k.id]), from: s.validFrom, until: s.validUntil, sources: s.sources}] AS offerings,
  COUNT { (b)<-[:PROVIDER]-(:ServiceEngagement) } + COUNT { (b)<-[:BROKER]-(:TechnologyTransfer) } AS engagements,
  [(b)-[:CONTROLLED_BY]->(o) | o.id] + [(b)-[:UNIT_OF]->(o) | o.id] AS controllers
