// Public contact points of organisations, with the records that give them.
UNWIND $organisations AS id
MATCH (c:ContactPoint)-[:CONTACT_OF]->(o:Entity:Organization {id: id})
RETURN id, c.contactKind AS kind, c.contactValue AS value, c.sources AS sources
UNION
UNWIND $organisations AS id
MATCH (o:Entity:Organization {id: id}) WHERE o.homepage IS NOT NULL
UNWIND o.homepage AS value
RETURN id, 'page' AS kind, value, o.sources AS sources
