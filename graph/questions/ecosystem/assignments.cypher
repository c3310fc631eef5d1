// What policy instruments ask bodies to do, a row a fact: the assignments, their leads, and which body followed which.
CALL () {
  MATCH (assignment:PolicyAssignment)
  RETURN 'assignment' AS kind, assignment.id AS node, assignment.number AS number, assignment.product AS product, assignment.leadStated AS stated,
    assignment.timing AS timing, assignment.deadline AS day, NULL AS body
  UNION
  MATCH (assignment:PolicyAssignment)-[:LEAD]->(body)
  RETURN 'lead' AS kind, assignment.id AS node, NULL AS number, NULL AS product, NULL AS stated, NULL AS timing, NULL AS day, body.id AS body
  UNION
  MATCH (assignment:PolicyAssignment)-[:CO_LEAD]->(body)
  RETURN 'co_lead' AS kind, assignment.id AS node, NULL AS number, NULL AS product, NULL AS stated, NULL AS timing, NULL AS day, body.id AS body
  UNION
  MATCH (old)<-[:PREDECESSOR]-(change:ChangeEvent)-[:SUCCESSOR]->(new)
  RETURN 'change' AS kind, old.id AS node, NULL AS number, NULL AS product, NULL AS stated, NULL AS timing, change.date AS day, new.id AS body
}
RETURN kind, node, number, product, stated, timing, day, body
