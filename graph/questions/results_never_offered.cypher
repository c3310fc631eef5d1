// Accepted and applicable results of which nothing was ever offered.
MATCH (acceptance:Acceptance)-[:ACCEPTS]->(result:ResearchResult {applicable: true})
WHERE acceptance.date <= $as_of AND NOT EXISTS { (acceptance)-[:GRADE]->(:Entity:Concept {id: 'scheme/acceptance-grade/1/fail'}) }
WITH result, min(acceptance.date) AS accepted_on
WHERE NOT EXISTS {
  MATCH (result)<-[:EMBODIES]-(:Technology)<-[:OFFERS]-(offer:TechnologyOffer) WHERE coalesce(offer.validFrom, $as_of) <= $as_of
}
OPTIONAL MATCH (result)-[:RESULT_OF]->(task:STTask)
WITH result, accepted_on, task
WHERE $in_field IS NULL OR EXISTS { (task)-[:HAS_FIELD]->()-[:BROADER*0..]->(:Entity:Concept {id: $in_field}) }
OPTIONAL MATCH (task)-[:HOSTED_BY]->(host)
RETURN result.id AS result, task.id AS task, host.id AS host, accepted_on,
  [(result)<-[:EMBODIES]-(technology:Technology) | technology.id] AS technologies,
  EXISTS { MATCH (use:ResultApplication)-[:APPLIES]->(result) WHERE coalesce(use.date, $as_of) <= $as_of } AS applied
