// What is on record about who may license a technology: powers valid that day, the law itself, exclusive powers of others.
MATCH (technology:Entity:Technology {id: $technology})
OPTIONAL MATCH (technology)-[:EMBODIES]->(:ResearchResult)-[:RESULT_OF]->(task:STTask)
OPTIONAL MATCH (provision:LegalProvision)-[:REGIME]->(regime)
WHERE provision.rule IN ['automatic-regime', 'on-request-regime']
  AND coalesce(provision.appliesFrom, task.approvedOn) <= task.approvedOn AND coalesce(provision.appliesUntil, task.approvedOn) >= task.approvedOn
WITH technology, collect(DISTINCT CASE WHEN regime.id = 'scheme/regime/1/automatic' THEN task END) AS automatic,
  count(CASE WHEN regime.id = 'scheme/regime/1/on-request' THEN 1 END) > 0 AS on_request
OPTIONAL MATCH (line:RightsHolding)-[:OVER]->(technology)
OPTIONAL MATCH (line)-[:POWER]->(power)
WITH technology, automatic, on_request, line, power,
  (line.validFrom IS NULL OR line.validFrom <= $as_of) AS begun, line.validUntil IS NULL OR line.validUntil >= $as_of AS lasts,
  power.notation IN ['own', 'use'] AND EXISTS { (line)-[:REGIME]->(:Entity:Concept {id: 'scheme/regime/1/on-request'}) } AS decision
WITH technology, automatic, on_request, collect(CASE WHEN line IS NOT NULL THEN {
    node: line, power: power.id, licenses: coalesce(power.notation IN ['own', 'transfer'], false), owns: coalesce(power.notation = 'own', false),
    valid: begun AND lasts, decided: coalesce(decision, false) AND begun, decision: coalesce(decision, false)} END) AS lines
WITH technology, automatic, lines, any(line IN lines WHERE line.decided) AS decided, on_request,
  any(line IN lines WHERE line.valid AND line.owns) AS owned, any(line IN lines WHERE line.valid AND line.licenses) AS licensed,
  EXISTS { (:CompetingClaim {claimProperty: 'holder'})-[:CLAIM_ABOUT]->(technology) } AS disputed
// the state's part of a result is the host's by law, every other funder owns what it paid for
CALL (automatic, owned) {
  UNWIND CASE WHEN owned THEN [] ELSE automatic END AS task
  MATCH (payment:Funding)-[:TASK]->(task) WHERE payment.amount IS NULL OR payment.amount <> 0
  OPTIONAL MATCH (payment)-[:FUNDER]->(funder)
  OPTIONAL MATCH (task)-[:HOSTED_BY]->(host)
  RETURN collect({amount: payment.amount, owner: CASE WHEN payment.stateMoney THEN host WHEN payment.stateMoney = false OR host = funder THEN funder END}) AS payments
}
CALL (technology, lines, payments, on_request, decided, licensed, disputed) {
  UNWIND lines AS line
  WITH line WHERE line.valid AND (line.licenses OR line.node.exclusive)
  OPTIONAL MATCH (holder)<-[:HOLDER]-(node:RightsHolding) WHERE node = line.node
  RETURN CASE WHEN NOT line.licenses THEN 'bans_others' WHEN disputed THEN 'claims' WHEN on_request AND NOT decided THEN 'unknown' ELSE 'may' END AS standing,
    holder, line.power AS power, CASE WHEN line.licenses AND on_request AND NOT decided THEN 'undecided' WHEN line.decision THEN 'decision' ELSE 'record' END AS basis,
    line.node.share AS share, coalesce(line.node.exclusive, false) AS exclusive, line.node AS node
  UNION ALL
  WITH *, reduce(sum = 0, payment IN payments | sum + coalesce(payment.amount, 0)) AS total,
    all(payment IN payments WHERE payment.amount IS NOT NULL) AS known, all(payment IN payments WHERE payment.owner = payments[0].owner) AS alone
  UNWIND payments AS payment
  WITH payment.owner AS holder, sum(payment.amount) AS part, total, known, alone
  RETURN 'may' AS standing, holder, 'scheme/power/1/own' AS power, 'law' AS basis,
    CASE WHEN alone THEN 1.0 WHEN known AND total > 0 THEN 1.0 * part / total END AS share, false AS exclusive, null AS node
  UNION ALL
  WITH * WHERE NOT licensed AND size(payments) = 0
  RETURN 'nobody' AS standing, null AS holder, null AS power,
    CASE WHEN on_request AND NOT decided THEN 'undecided' WHEN decided THEN 'use_only' WHEN size(lines) > 0 THEN 'none_valid' ELSE 'not_on_record' END AS basis,
    null AS share, null AS exclusive, null AS node
}
RETURN standing, holder.id AS holder, power, basis, share, exclusive,
  CASE WHEN holder IS NOT NULL THEN EXISTS { (holder)-[:CONSENTS_TO]->(technology) } END AS consents,
  COLLECT { MATCH (node)-[:TERRITORY]->(place) RETURN place.id } AS territory, COLLECT { MATCH (node)-[:FIELD_OF_USE]->(use) RETURN use.id } AS field_of_use,
  node.validFrom AS valid_from, node.validUntil AS valid_until
