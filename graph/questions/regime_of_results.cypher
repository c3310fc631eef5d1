// Under which regime results are owned: the task's approval day against the provisions of law, and the decisions taken.
MATCH (result:ResearchResult)
WHERE $only_result IS NULL OR result.id = $only_result
OPTIONAL MATCH (result)-[:RESULT_OF]->(task:STTask)
OPTIONAL MATCH (provision:LegalProvision)-[:REGIME]->(regime)
WHERE provision.rule IN ['automatic-regime', 'on-request-regime']
  AND coalesce(provision.appliesFrom, task.approvedOn) <= task.approvedOn AND coalesce(provision.appliesUntil, task.approvedOn) >= task.approvedOn
WITH result, task, regime, collect(provision.id) AS provisions
OPTIONAL MATCH (task)-[:HOSTED_BY]->(host)
OPTIONAL MATCH (result)-[:STATE]->(state)
OPTIONAL MATCH (result)<-[:EMBODIES]-(:Technology)<-[:OVER]-(decision:RightsHolding)-[:REGIME]->(:Entity:Concept {id: 'scheme/regime/1/on-request'})
WHERE (decision.validFrom IS NULL OR decision.validFrom <= $as_of)
  AND EXISTS { MATCH (decision)-[:POWER]->(given) WHERE given.notation IN ['own', 'use'] }
OPTIONAL MATCH (decision)-[:POWER]->(power)
OPTIONAL MATCH (decision)-[:HOLDER]->(holder)
RETURN result.id AS result, task.id AS task, task.approvedOn AS approved_on, coalesce(regime.id, 'scheme/regime/1/unknown') AS regime, provisions, host.id AS host,
  COLLECT { MATCH (share:Funding {stateMoney: false})-[:TASK]->(task), (share)-[:FUNDER]->(funder) RETURN DISTINCT funder.id } AS other_funders,
  state.id AS state, power.id AS decided, holder.id AS decided_to, decision.validFrom AS decided_on
