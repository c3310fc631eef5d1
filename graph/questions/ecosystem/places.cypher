// How many of each kind are where, a row for each set of places that they have; and which place is part of which.
CALL () {
  MATCH (node:Organization)
  WHERE coalesce(node.founded, $as_of.year) <= $as_of.year AND coalesce(node.dissolved, $as_of.year) >= $as_of.year
  WITH node, [(node)-[:LOCATED_IN]->(place) | place.id] AS places
  UNWIND [kind IN labels(node) WHERE kind IN ['Organization', 'University', 'ResearchInstitute', 'Enterprise', 'Intermediary']] AS kind
  RETURN kind, NULL AS part, places, node.country AS country, coalesce(node.illustrative, false) AS illustrative, count(node) AS number
  UNION ALL
  MATCH (node:Park)
  WITH node, [(node)-[:LOCATED_IN]->(place) | place.id] AS places
  RETURN 'Park' AS kind, NULL AS part, places, NULL AS country, coalesce(node.illustrative, false) AS illustrative, count(node) AS number
  UNION ALL
  // tasks by their host
  MATCH (node:STTask)
  WHERE coalesce(node.approvedOn, $as_of) <= $as_of
  OPTIONAL MATCH (node)-[:HOSTED_BY]->(body)
  WITH node, body, [(body)-[:LOCATED_IN]->(place) | place.id] AS places
  RETURN 'STTask' AS kind, NULL AS part, places, body.country AS country, coalesce(node.illustrative, false) AS illustrative, count(node) AS number
  UNION ALL
  // technologies by their owners
  MATCH (node:Technology)
  OPTIONAL MATCH (node)<-[:OVER]-(holding:RightsHolding)-[:POWER]->(:Entity:Concept {id: 'scheme/power/1/own'})
  WHERE coalesce(holding.validFrom, $as_of) <= $as_of AND coalesce(holding.validUntil, $as_of) >= $as_of
  OPTIONAL MATCH (holding)-[:HOLDER]->(body)
  OPTIONAL MATCH (body)-[:LOCATED_IN]->(place)
  WITH node, collect(DISTINCT place.id) AS places, min(body.country) AS country
  RETURN 'Technology' AS kind, NULL AS part, places, country, coalesce(node.illustrative, false) AS illustrative, count(node) AS number
  UNION ALL
  // open needs by those who have them
  MATCH (node:TechnologyNeed)
  WHERE coalesce(node.deadline, $as_of) >= $as_of
  OPTIONAL MATCH (node)-[:NEED_OF]->(body)
  WITH node, body, [(body)-[:LOCATED_IN]->(place) | place.id] AS places
  RETURN 'TechnologyNeed' AS kind, NULL AS part, places, body.country AS country, coalesce(node.illustrative, false) AS illustrative, count(node) AS number
  UNION ALL
  // a unit of before July 2025 is part of those that took its place
  MATCH (part:Place)-[:BROADER|REPLACED_BY|EXACT_MATCH]->(above:Place)
  RETURN 'part' AS kind, part.id AS part, [above.id] AS places, NULL AS country, false AS illustrative, 1 AS number
}
RETURN kind, part, places, country, illustrative, number
