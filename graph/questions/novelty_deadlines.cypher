// Results whose technologies were made public and not filed for, and the last day on which filing still keeps their novelty.
MATCH (p:LegalProvision {rule: 'patent-grace'})
WHERE p.graceMonths IS NOT NULL AND (p.validFrom IS NULL OR p.validFrom <= $as_of) AND (p.validUntil IS NULL OR p.validUntil >= $as_of)
MATCH (t:Technology)-[:EMBODIES]->(r:ResearchResult)
// what is announced is public: the earlier of that day and of the disclosure on record counts
WITH p, t, r, reduce(first = t.firstDisclosure, shown IN [(t)-[:EMBODIES]->(:ResearchResult)<-[:ANNOUNCES]-(a:ResultAnnouncement) | a.date] |
  CASE WHEN first IS NULL OR shown < first THEN shown ELSE first END) AS disclosed
WHERE disclosed <= $as_of
  AND NOT EXISTS { MATCH (i:Patent|UtilitySolution)-[:PROTECTS]->(t) WHERE i.filedOn IS NULL OR i.filedOn <= $as_of }
WITH p, t, r, disclosed, disclosed + duration({months: p.graceMonths}) AS deadline
WHERE deadline >= $as_of AND duration.inDays($as_of, deadline).days <= $within
OPTIONAL MATCH (r)-[:RESULT_OF]->(:STTask)-[:HOSTED_BY]->(h:Organization)
RETURN r.id AS result, t.id AS technology, h.id AS host, disclosed, deadline,
  duration.inDays($as_of, deadline).days AS days_left, p.id AS provision
