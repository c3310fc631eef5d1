// S&T tasks of one level by top-level field and by type, with the sums of both axes.
MATCH (task:STTask)-[:LEVEL]->(:Entity:Concept {id: $level})
WHERE task.approvedOn.year >= $since AND task.approvedOn <= $as_of
// a field of another classification counts by the concept that it is tied to
OPTIONAL MATCH (task)-[:HAS_FIELD]->()-[:EXACT_MATCH|CLOSE_MATCH*0..1]-()-[:BROADER*0..]->(top)-[:IN_SCHEME]->(:Entity:ConceptScheme {id: $scheme})
WHERE NOT EXISTS { (top)-[:BROADER]->() }
WITH task, collect(DISTINCT top.id) AS tops
OPTIONAL MATCH (task)-[:TASK_TYPE]->(kind)
WITH CASE WHEN size(tops) = 1 THEN tops[0] END AS top,
  CASE size(tops) WHEN 0 THEN 'none' WHEN 1 THEN 'one' ELSE 'several' END AS placed,
  kind.id AS kind, coalesce(task.budget, 0) AS amount
UNWIND ['cell', 'field', 'type', 'total'] AS part
RETURN part,
  CASE WHEN part IN ['cell', 'field'] THEN top END AS field,
  CASE WHEN part IN ['cell', 'field'] THEN placed END AS fields,
  CASE WHEN part IN ['cell', 'type'] THEN kind END AS type,
  count(*) AS tasks, sum(amount) AS budget
