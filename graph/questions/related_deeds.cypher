// What events stand for: their ends and their day, for the hops of a route.
UNWIND $events AS id
MATCH (e:Entity {id: id})
RETURN id, coalesce(e.signedOn, e.date, e.validFrom) AS day, e.validUntil AS until, e.sources AS sources,
  [(e)-[r]->(x:Entity) WHERE NOT x:Concept | {relation: type(r), id: x.id}] AS ends
