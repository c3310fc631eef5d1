// How many accepted results are applied, are not applicable, are reported unused, and have nothing on record.
MATCH (result:ResearchResult)-[:RESULT_OF]->(task:STTask)-[:LEVEL]->(:Entity:Concept {id: $level})
WHERE task.approvedOn.year >= $since AND task.approvedOn <= $as_of
  AND EXISTS {
    MATCH (acceptance:Acceptance)-[:ACCEPTS]->(result)
    WHERE acceptance.date <= $as_of AND NOT EXISTS { (acceptance)-[:GRADE]->(:Entity:Concept {id: 'scheme/acceptance-grade/1/fail'}) }
  }
WITH DISTINCT result
WITH CASE
    WHEN EXISTS { MATCH (use:ResultApplication)-[:APPLIES]->(result) WHERE coalesce(use.date, $as_of) <= $as_of } THEN 'applied'
    WHEN result.applicable = false THEN 'not_applicable'
    WHEN COLLECT {
      MATCH (report:ApplicationReport)-[:REPORTS_ON]->(result) WHERE report.date <= $as_of
      RETURN report.applied ORDER BY report.date DESC, report.reportPeriod DESC LIMIT 1
    } = [false] THEN 'unused'
    ELSE 'unknown'
  END AS use
WITH count(*) AS accepted, count(CASE WHEN use = 'applied' THEN 1 END) AS applied, count(CASE WHEN use = 'not_applicable' THEN 1 END) AS unfit, count(CASE WHEN use = 'unused' THEN 1 END) AS unused
UNWIND [['accepted', accepted], ['applied', applied], ['not_applicable', unfit], ['unused', unused], ['unknown', accepted - applied - unfit - unused]] AS row
RETURN row[0] AS figure, row[1] AS results, CASE WHEN accepted > 0 THEN 1.0 * row[1] / accepted END AS share
