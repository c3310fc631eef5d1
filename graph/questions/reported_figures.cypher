// Reported figures beside what is counted from the loaded city tasks.
MATCH (figure:StatisticalObservation)
OPTIONAL MATCH (figure)-[:ORGANIZATION]->(body)
WITH figure, body, CASE WHEN figure.validUntil < $as_of THEN figure.validUntil ELSE $as_of END AS end
WHERE $reported_by IS NULL OR body.id = $reported_by
// the tasks of the figure's period, and of these the ones that it speaks of
OPTIONAL MATCH (task:STTask)-[:LEVEL]->(:Entity:Concept {id: 'scheme/task-level/1/city'})
WHERE task.approvedOn <= end AND (figure.validFrom IS NULL OR task.approvedOn >= figure.validFrom)
OPTIONAL MATCH (task)-[:APPROVED_BY]->(authority)
OPTIONAL MATCH (task)-[:TASK_TYPE]->(kind)
WITH figure, body, end, task, kind, coalesce(task.illustrative, false) AS made_up,
  coalesce(task.illustrative, false) = coalesce(figure.illustrative, false) AND CASE
    WHEN body IS NOT NULL THEN authority = body
    ELSE EXISTS { (authority)-[:LOCATED_IN]->()-[:BROADER*0..]->()<-[:LOCATED_IN]-(figure) }
  END AS meant
WITH figure, body, end,
  collect(CASE WHEN meant THEN task END) AS tasks,
  count(CASE WHEN meant AND 'tasks.' + kind.notation = figure.number THEN 1 END) AS of_kind,
  sum(CASE WHEN meant THEN task.budget END) AS budget,
  count(CASE WHEN made_up THEN 1 END) AS illustrative
CALL (tasks, end) {
  UNWIND tasks AS task
  MATCH (result:ResearchResult)-[:RESULT_OF]->(task)
  WHERE EXISTS {
    MATCH (acceptance:Acceptance)-[:ACCEPTS]->(result) WHERE acceptance.date <= end AND NOT EXISTS { (acceptance)-[:GRADE]->({id: 'scheme/acceptance-grade/1/fail'}) }
  }
  RETURN count(result) AS accepted,
    count(CASE WHEN EXISTS { MATCH (use:ResultApplication)-[:APPLIES]->(result) WHERE coalesce(use.date, end) <= end } THEN 1 END) AS applied
}
WITH figure, body, size(tasks) AS found, illustrative, CASE
    WHEN figure.number = 'tasks.total' THEN toFloat(size(tasks))
    WHEN figure.number = 'tasks.budget' THEN toFloat(budget) / CASE figure.measureUnit WHEN 'triệu đồng' THEN 1000000 WHEN 'tỷ đồng' THEN 1000000000 ELSE 1 END
    WHEN figure.number = 'results.applied-share' THEN CASE WHEN accepted > 0 THEN 100.0 * applied / accepted END
    WHEN EXISTS { MATCH (kind:Concept)-[:IN_SCHEME]->(:Entity:ConceptScheme {id: 'scheme/task-type/1'}) WHERE 'tasks.' + kind.notation = figure.number } THEN toFloat(of_kind)
  END AS number
WITH figure, body, found, illustrative, number, CASE WHEN found > 0 THEN number END AS counted, figure.number = 'results.applied-share' AS floor
RETURN figure.id AS observation, body.id AS reporter, figure.measure AS measure, figure.measureUnit AS unit, figure.observedValue AS reported, counted,
  counted - figure.observedValue AS difference,
  CASE
    WHEN counted IS NULL THEN 'not_comparable'
    WHEN abs(counted - figure.observedValue) < 0.000001 OR (floor AND counted > figure.observedValue) THEN 'equal'
    ELSE 'different'
  END AS state,
  CASE
    WHEN counted IS NOT NULL THEN CASE WHEN floor THEN 'lower_bound' END
    WHEN found > 0 AND NOT floor THEN 'no_rule'
    WHEN found = 0 AND illustrative > 0 AND NOT coalesce(figure.illustrative, false) THEN 'illustrative_data'
    ELSE 'no_records'
  END AS reason
