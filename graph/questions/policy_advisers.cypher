// Who was appointed to advise on or review a policy instrument, in which role.
MATCH (:Entity:PolicyInstrument {id: $policy})<-[:PART_OF*0..]-()<-[:ABOUT]-(appointment:Appointment)-[:PERSON]->(person)
WHERE appointment.date IS NULL OR appointment.date <= $as_of
WITH DISTINCT appointment, person
OPTIONAL MATCH (appointment)-[:ROLE]->(role)
RETURN person.id AS person, role.id AS role, appointment.date AS date, appointment.number AS number,
  COLLECT {
    MATCH (stay:Membership)-[:MEMBER]->(person), (stay)-[:ORGANIZATION]->(body)
    WHERE (stay.validFrom IS NULL OR stay.validFrom <= appointment.date) AND (stay.validUntil IS NULL OR stay.validUntil >= appointment.date)
      AND appointment.date IS NOT NULL
    RETURN DISTINCT body.id
  } AS employers
