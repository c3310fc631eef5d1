// Persons who are experts on record, with their advisory roles up to the day.
MATCH (person:Person)
OPTIONAL MATCH (appointment:Appointment)-[:PERSON]->(person)
WHERE appointment.date IS NULL OR appointment.date <= $as_of
OPTIONAL MATCH (appointment)-[:ROLE]->(role)
WITH person, role, count(DISTINCT appointment) AS appointments, max(appointment.date) AS last
WHERE $only_role IS NULL OR role.id = $only_role
RETURN person.id AS expert, role.id AS role, appointments, last AS last_on,
  COLLECT { MATCH (person)-[:HAS_FIELD]->(field) RETURN DISTINCT field.id } AS fields,
  COLLECT {
    MATCH (stay:Membership)-[:MEMBER]->(person), (stay)-[:ORGANIZATION]->(body)
    WHERE (stay.validFrom IS NULL OR stay.validFrom <= $as_of) AND (stay.validUntil IS NULL OR stay.validUntil >= $as_of)
    RETURN DISTINCT body.id
  } AS employers
