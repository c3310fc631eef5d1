// A picture: intermediaries, the services that they offer, and the fields of these.
MATCH path = (:Intermediary)<-[:PROVIDER]-(:ServiceOffering)-[:HAS_FIELD]->(:Concept)
RETURN path
LIMIT 60
