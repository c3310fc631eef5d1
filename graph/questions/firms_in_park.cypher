// Firms that are on record as being in a park.
MATCH (:Entity:Park {id: $park})<-[:LOCATED_IN_PARK]-(firm:Enterprise)
WHERE (firm.founded IS NULL OR firm.founded <= $as_of.year) AND (firm.dissolved IS NULL OR firm.dissolved >= $as_of.year)
  AND ($industry IS NULL OR EXISTS { (firm)-[:HAS_INDUSTRY]->()-[:BROADER*0..]->(:Entity:Concept {id: $industry}) })
RETURN firm.id AS firm, [(firm)-[:HAS_INDUSTRY]->(sector) | sector.id] AS industries, firm.employees AS employees, firm.founded AS founded,
  COLLECT {
    MATCH (change:ChangeEvent)-[:PREDECESSOR]->(firm), (change)-[:SUCCESSOR]->(heir)
    WHERE change.date <= $as_of AND heir <> firm
    RETURN DISTINCT heir.id
  } AS merged_into
