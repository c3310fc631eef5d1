// Results whose technologies were disclosed and not filed for, and the last day on which filing still keeps their novelty.
MATCH (p:LegalProvision {rule: 'patent-grace'})
WHERE p.graceMonths IS NOT NULL AND (p.validFrom IS NULL OR p.validFrom <= $as_of) AND (p.validUntil IS NULL OR p.validUntil >= $as_of)
MATCH (t:Technology)-[:EMBODIES]->(r:ResearchResult)
WHERE t.firstDisclosure <= $as_of
  AND NOT EXISTS { MATCH (i:Patent|UtilitySolution)-[:PROTECTS]->(t) WHERE i.filedOn IS NULL OR i.filedOn <= $as_of }
WITH p, t, r, t.firstDisclosure + duration({months: p.graceMonths}) AS deadline
WHERE deadline >= $as_of AND duration.inDays($as_of, deadline).days <= $within
OPTIONAL MATCH (r)-[:RESULT_OF]->(:STTask)-[:HOSTED_BY]->(h:Organization)
RETURN r.id AS result, t.id AS technology, h.id AS host, t.firstDisclosure AS disclosed, deadline,
  duration.inDays($as_of, deadline).days AS days_left, p.id AS provision
