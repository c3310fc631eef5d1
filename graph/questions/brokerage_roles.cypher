// The parties of every transfer signed up to a day, each with its group.
MATCH (x:TechnologyTransfer)-[e:TRANSFEROR|BROKER|TRANSFEREE]->(o:Organization)
WHERE x.signedOn <= $as_of
WITH x, e, o, COLLECT {
  MATCH (o)-[:LOCATED_IN]->(:Concept)-[:BROADER*0..]->(p:Concept)
  WHERE p.notation =~ '[A-Z]{2}(-[A-Z0-9]{2,3})?'
  // a province's code is longer than its country's and begins with it
  RETURN max(p.notation)
}[0] AS place
RETURN x.id AS transfer, x.signedOn.year AS year,
  CASE type(e) WHEN 'TRANSFEROR' THEN 'transferor' WHEN 'BROKER' THEN 'broker' ELSE 'transferee' END AS role, o.id AS body,
  CASE
    WHEN $grouping <> 'kind' THEN place
    WHEN o:University OR o:ResearchInstitute OR EXISTS { (o)-[:UNIT_OF|CONTROLLED_BY]->(:University|ResearchInstitute) } THEN 'research'
    WHEN o:PublicAuthority OR EXISTS { (o)-[:UNIT_OF|CONTROLLED_BY]->(:PublicAuthority) } THEN 'authority'
    WHEN o:Enterprise OR EXISTS { (o)-[:UNIT_OF|CONTROLLED_BY]->(:Enterprise) } THEN 'enterprise'
    WHEN o:Intermediary THEN 'intermediary'
  END AS group
