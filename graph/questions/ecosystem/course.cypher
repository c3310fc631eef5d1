// What is on record of each task's course, a row a fact: the task, what it belongs to, and what befell it and its results.
CALL () {
  UNWIND [$field, $field_2008] AS wanted
  WITH wanted WHERE wanted IS NOT NULL
  OPTIONAL MATCH (:Entity:Concept {id: wanted})<-[:BROADER*0..]-()-[:EXACT_MATCH|CLOSE_MATCH*0..1]-(own)
  WITH wanted, collect(own.id) AS within
  RETURN collect(within) AS fields
}
MATCH (task:STTask)
WHERE ($approved_from IS NULL OR task.approvedOn >= $approved_from) AND ($approved_until IS NULL OR task.approvedOn <= $approved_until)
WITH task, fields, [(task)-[tie:LEVEL|TASK_TYPE|HOSTED_BY|PART_OF|APPROVED_BY|HAS_FIELD]->(one) | type(tie) + ' ' + one.id] AS ties
WHERE all(wanted IN ['LEVEL ' + $level, 'TASK_TYPE ' + $type, 'HOSTED_BY ' + $host, 'PART_OF ' + $programme, 'APPROVED_BY ' + $approved_by] WHERE wanted IS NULL OR wanted IN ties)
  AND all(within IN fields WHERE any(own IN within WHERE 'HAS_FIELD ' + own IN ties))
  AND ($approved_in IS NULL OR EXISTS { (task)-[:APPROVED_BY]->()-[:LOCATED_IN]->()-[:BROADER*0..]->(:Entity:Concept {id: $approved_in}) })
WITH collect(task) AS tasks
CALL (tasks) {
  UNWIND tasks AS task
  RETURN task, 'task' AS kind, NULL AS result, task AS event, NULL AS day, NULL AS what, NULL AS who,
    coalesce(task.illustrative, false) AS flag, task.budget AS amount, NULL AS every, NULL AS lasting
  UNION ALL
  UNWIND tasks AS task
  UNWIND [['proposedOn', task.proposedOn], ['approvedOn', task.approvedOn], ['startDate', task.startDate], ['endDate', task.endDate]] AS dated
  WITH task, dated WHERE dated[1] IS NOT NULL
  RETURN task, dated[0] AS kind, NULL AS result, task AS event, dated[1] AS day, NULL AS what, NULL AS who,
    NULL AS flag, NULL AS amount, NULL AS every, NULL AS lasting
  UNION ALL
  UNWIND tasks AS task
  MATCH (task)-[tie:STATE|LEVEL|TASK_TYPE|HOSTED_BY|PART_OF]->(what)
  RETURN task, CASE type(tie) WHEN 'STATE' THEN 'state' WHEN 'LEVEL' THEN 'level' WHEN 'TASK_TYPE' THEN 'type' WHEN 'HOSTED_BY' THEN 'host' ELSE 'programme' END AS kind,
    NULL AS result, task AS event, NULL AS day, what, NULL AS who, NULL AS flag, NULL AS amount, NULL AS every, NULL AS lasting
  UNION ALL
  // the top groups of its fields; a field of another classification counts by the concept that it is tied to
  UNWIND tasks AS task
  MATCH (task)-[:HAS_FIELD]->(own)
  WITH own, collect(task) AS classified
  MATCH (own)-[:EXACT_MATCH|CLOSE_MATCH*0..1]-(near)
  MATCH (near)-[:BROADER*0..]->(what)-[:IN_SCHEME]->(scheme)
  WHERE scheme.id IN ['scheme/ford/2015', 'scheme/research-fields/2008'] AND NOT EXISTS { (what)-[:BROADER]->() }
  UNWIND classified AS task
  RETURN DISTINCT task, CASE scheme.id WHEN 'scheme/ford/2015' THEN 'field' ELSE 'field_2008' END AS kind, NULL AS result, task AS event, NULL AS day, what, NULL AS who,
    NULL AS flag, NULL AS amount, NULL AS every, NULL AS lasting
  UNION ALL
  // the law by which results pass to the host by themselves, where it covers the day of approval
  MATCH (event:LegalProvision {rule: 'automatic-regime'})
  UNWIND tasks AS task
  WITH task, event
  WHERE coalesce(event.appliesFrom, task.approvedOn) <= task.approvedOn AND coalesce(event.appliesUntil, task.approvedOn) >= task.approvedOn
  RETURN task, 'vesting' AS kind, NULL AS result, event, NULL AS day, NULL AS what, NULL AS who, NULL AS flag, NULL AS amount, NULL AS every, NULL AS lasting
  UNION ALL
  UNWIND tasks AS task
  MATCH (result:ResearchResult)-[:RESULT_OF]->(task)
  RETURN task, 'result' AS kind, result, result AS event, NULL AS day, [(result)-[:STATE]->(state) | state][0] AS what, NULL AS who,
    result.applicable AS flag, NULL AS amount, NULL AS every, NULL AS lasting
  UNION ALL
  UNWIND tasks AS task
  MATCH (event:Acceptance|ResultApplication|ApplicationReport|RightsRequest|ResultAnnouncement)
    -[tie:ACCEPTS|APPLIES|REPORTS_ON|REQUESTS_RIGHTS_TO|ANNOUNCES]->(result:ResearchResult)-[:RESULT_OF]->(task)
  RETURN task, CASE type(tie) WHEN 'ACCEPTS' THEN 'acceptance' WHEN 'APPLIES' THEN 'application' WHEN 'REPORTS_ON' THEN 'report'
    WHEN 'ANNOUNCES' THEN 'announcement' ELSE 'request' END AS kind, result, event, event.date AS day,
    [(event)-[:GRADE|POWER]->(said) | said][0] AS what, [(event)-[:ADOPTER|ORGANIZATION|ISSUED_BY]->(body) | body][0] AS who,
    event.applied AS flag, event.reportPeriod AS amount, NULL AS every, NULL AS lasting
  UNION ALL
  // which reports on application have to follow an acceptance
  MATCH (duty:LegalProvision {rule: 'application-report'})
  UNWIND tasks AS task
  MATCH (event:Acceptance)-[:ACCEPTS]->(result:ResearchResult)-[:RESULT_OF]->(task)
  WHERE coalesce(duty.validFrom, event.date) <= event.date AND coalesce(duty.validUntil, event.date) >= event.date
  RETURN task, 'duty' AS kind, result, event, event.date AS day, duty AS what, NULL AS who, NULL AS flag, NULL AS amount,
    duty.reportEveryMonths AS every, duty.reportForMonths AS lasting
  UNION ALL
  // decisions on rights, offers, introductions and transfers speak of a technology that comes from the result
  UNWIND tasks AS task
  MATCH (result:ResearchResult)-[:RESULT_OF]->(task), (result)<-[:EMBODIES]-(:Technology)<-[tie:OVER|OFFERS|INTRODUCES|OBJECT]-(event:RightsHolding|TechnologyOffer|Introduction|TechnologyTransfer)
  WITH task, result, event, type(tie) AS tie, [(event)-[:POWER]->(power) WHERE power.id IN ['scheme/power/1/own', 'scheme/power/1/use'] | power][0] AS what
  WHERE tie <> 'OVER' OR (what IS NOT NULL AND 'scheme/regime/1/on-request' IN [(event)-[:REGIME]->(regime) | regime.id])
  RETURN DISTINCT task, CASE tie WHEN 'OVER' THEN 'decision' WHEN 'OFFERS' THEN 'offer' WHEN 'INTRODUCES' THEN 'introduction' ELSE 'transfer' END AS kind, result, event,
    CASE tie WHEN 'INTRODUCES' THEN event.date WHEN 'OBJECT' THEN event.signedOn ELSE event.validFrom END AS day, what,
    [(event)-[:HOLDER|OFFERED_BY|INTRODUCED_TO|TRANSFEREE]->(body) | body][0] AS who, NULL AS flag, NULL AS amount, NULL AS every, NULL AS lasting
}
RETURN task.id AS task, kind, result.id AS result, event.id AS event, day, what.id AS what, who.id AS who,
  CASE kind WHEN 'application' THEN [(event)-[:LOCATED_IN]->(place) | place.id][0] END AS place,
  CASE kind WHEN 'application' THEN event.effect END AS effect, flag, amount, every, lasting
