// What a unit holds and is bound by on a day, and who takes it over in a reorganisation.
MATCH (u:Entity:Organization {id: $unit})
OPTIONAL MATCH (u)<-[:PREDECESSOR]-(first:ChangeEvent)
OPTIONAL MATCH (first)-[:SUCCESSOR]->(:Organization)
  (()<-[:PREDECESSOR]-(:ChangeEvent)-[:SUCCESSOR]->(:Organization))*
  (last:Organization WHERE NOT EXISTS { (last)<-[:PREDECESSOR]-(:ChangeEvent)-[:SUCCESSOR]->(:Organization) })
WITH DISTINCT u, first, last
MATCH (u)<-[e:HOLDER|OFFERED_BY|BROKER|PROVIDER|CLIENT|TRANSFEROR|TRANSFEREE]-(x:RightsHolding|TechnologyOffer|ServiceOffering|ServiceEngagement|TechnologyTransfer)
WITH first, last, e, x, coalesce(x.validFrom, x.date, x.signedOn) AS since, coalesce(x.validUntil, x.endDate) AS until
WHERE (since IS NULL OR since <= $as_of) AND (until IS NULL OR (until >= $as_of AND (first.date IS NULL OR until >= first.date)))
OPTIONAL MATCH (x)-[:OVER|OFFERS|OBJECT]->(t:Technology)
RETURN DISTINCT head([name IN ['RightsHolding', 'TechnologyOffer', 'ServiceOffering', 'ServiceEngagement', 'TechnologyTransfer'] WHERE name IN labels(x)]) AS kind,
  x.id AS item,
  CASE type(e) WHEN 'HOLDER' THEN 'holder' WHEN 'OFFERED_BY' THEN 'offeredBy' WHEN 'BROKER' THEN 'broker' WHEN 'PROVIDER' THEN 'provider'
    WHEN 'CLIENT' THEN 'client' WHEN 'TRANSFEROR' THEN 'transferor' ELSE 'transferee' END AS role,
  t.id AS technology, until, last.id AS successor, first.id AS change, first.date AS changed_on
