// Experts in fields, by lists and by claims, and where they worked in a year.
UNWIND $in_field AS wanted
MATCH (:Entity:Concept {id: wanted})<-[:BROADER*0..]-(field)
CALL (field) {
  MATCH (person:Person)-[:HAS_FIELD]->(field)
  RETURN person
  UNION
  MATCH (field)<-[:HAS_FIELD]-(claim:ExpertiseClaim)-[:PERSON]->(person)
  WHERE (claim.validFrom IS NULL OR claim.validFrom <= $as_of) AND (claim.validUntil IS NULL OR claim.validUntil >= $as_of)
  RETURN person
}
WITH person, collect(DISTINCT field.id) AS fields
OPTIONAL MATCH (stay:Membership)-[:MEMBER]->(person)
WHERE (stay.validFrom IS NULL OR stay.validFrom.year <= $year) AND (stay.validUntil IS NULL OR stay.validUntil.year >= $year)
OPTIONAL MATCH (stay)-[:ORGANIZATION]->(organization)
OPTIONAL MATCH (stay)-[:ROLE]->(role)
RETURN person.id AS expert, fields, organization.id AS organization, role.id AS role, stay.validFrom AS valid_from, stay.validUntil AS valid_until
