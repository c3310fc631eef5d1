// Supply, demand and brokers of fields, a row a thing: offers in force, open needs, brokerage and consulting services; and which field is part of which.
CALL () {
  MATCH (offer:TechnologyOffer)-[:OFFERS]->(thing:Technology)-[:HAS_FIELD]->(field:Concept)
  WHERE coalesce(offer.validFrom, $as_of) <= $as_of AND coalesce(offer.validUntil, $as_of) >= $as_of
  RETURN 'supply' AS side, field.id AS field, thing.id AS node, NULL AS money
  UNION
  MATCH (need:TechnologyNeed)-[:HAS_FIELD]->(field:Concept)
  WHERE coalesce(need.deadline, $as_of) >= $as_of
  RETURN 'demand' AS side, field.id AS field, need.id AS node, need.budget AS money
  UNION
  MATCH (body)<-[:PROVIDER]-(service:ServiceOffering)-[:SERVICE_KIND]->(kind:Concept), (service)-[:HAS_FIELD]->(field:Concept)
  WHERE kind.id IN ['scheme/service-kind/1/brokerage', 'scheme/service-kind/1/consulting']
    AND coalesce(service.validFrom, $as_of) <= $as_of AND coalesce(service.validUntil, $as_of) >= $as_of
  RETURN 'broker' AS side, field.id AS field, body.id AS node, NULL AS money
  UNION
  MATCH (field:Concept)-[:IN_SCHEME]->(:Entity:ConceptScheme {id: 'scheme/ford/2015'}) MATCH (field)-[:BROADER]->(above)
  RETURN 'part' AS side, field.id AS field, above.id AS node, NULL AS money
}
RETURN side, field, node, money
