// Reviewers of tasks, where they worked when they were appointed, and whether that is the host, above or below it.
MATCH (appointment:Appointment)-[:ROLE]->(:Entity:Concept {id: 'scheme/advisory-role/1/reviewer'})
WHERE appointment.date IS NULL OR appointment.date <= $as_of
MATCH (appointment)-[:ABOUT]->(task:STTask)
WHERE $only_task IS NULL OR task.id = $only_task
MATCH (appointment)-[:PERSON]->(reviewer)
OPTIONAL MATCH (task)-[:HOSTED_BY]->(host)
OPTIONAL MATCH (stay:Membership)-[:MEMBER]->(reviewer)
WHERE (stay.validFrom IS NULL OR stay.validFrom <= appointment.date) AND (stay.validUntil IS NULL OR stay.validUntil >= appointment.date)
  AND appointment.date IS NOT NULL
OPTIONAL MATCH (stay)-[:ORGANIZATION]->(body)
WITH DISTINCT appointment, task, reviewer, host, body,
  CASE WHEN EXISTS { (body)-[:UNIT_OF*0..]->(host) } OR EXISTS { (host)-[:UNIT_OF*1..]->(body) } THEN body.id END AS tie
WITH appointment, task, reviewer, host, collect(body.id) AS employers, collect(tie) AS ties
RETURN task.id AS task, host.id AS host, reviewer.id AS reviewer, appointment.date AS date, employers, ties,
  CASE WHEN size(ties) > 0 THEN 'yes' WHEN host IS NULL OR size(employers) = 0 THEN 'unknown' ELSE 'no' END AS shared
