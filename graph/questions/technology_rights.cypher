// What is on record about the rights over technologies: who holds which power, what the law lists, permits, tasks, consents, offers.
UNWIND $technologies AS id
MATCH (t:Entity:Technology {id: id})
RETURN id,
  [(h:RightsHolding)-[:OVER]->(t) | {
    id: h.id, holder: head([(h)-[:HOLDER]->(o) | o.id]), power: head([(h)-[:POWER]->(p) | p.id]), share: h.share,
    exclusive: h.exclusive, sublicensable: h.sublicensable, territory: [(h)-[:TERRITORY]->(x) | x.id],
    field: [(h)-[:FIELD_OF_USE]->(x) | x.id], regime: head([(h)-[:REGIME]->(r) | r.id]), from: h.validFrom, until: h.validUntil,
    sources: h.sources}] AS holdings,
  [(s:RegulatoryStatus)-[:STATUS_OF]->(t) | {
    listing: head([(s)-[:LISTING]->(l) | l.id]), from: s.validFrom, until: s.validUntil, sources: s.sources}] AS listings,
  [(p:TransferPermit)-[:PERMITS]->(t) | {from: p.validFrom, until: p.validUntil, sources: p.sources}] AS permits,
  [(t)-[:EMBODIES]->(r:ResearchResult)-[:RESULT_OF]->(k:STTask) | {
    id: k.id, approved: k.approvedOn, host: head([(k)-[:HOSTED_BY]->(o) | o.id]), state: head([(r)-[:STATE]->(x) | x.id]), sources: k.sources,
    certified: EXISTS { (r)-[:HAS_IDENTIFIER]->(:Identifier {identifierScheme: 'result-certificate'}) },
    funding: [(f:Funding)-[:TASK]->(k) | {by: head([(f)-[:FUNDER]->(o) | o.id]), state: f.stateMoney, amount: f.amount}]}] AS tasks,
  [(o:Organization)-[:CONSENTS_TO]->(t) | o.id] AS consents,
  [(c:CompetingClaim)-[:CLAIM_ABOUT]->(t) WHERE c.claimProperty = 'holder' | {
    holder: head([(c)-[:CLAIM_OBJECT]->(o) | o.id]), sources: c.sources}] AS claims,
  COLLECT { MATCH (t)-[:INVENTOR]->(p) RETURN p.id ORDER BY p.id LIMIT 50 } AS authors,
  [(t)-[:HAS_PATENT_CLASS]->(c) | c.notation] AS ipc,
  [(f:TechnologyOffer)-[:OFFERS]->(t) | {
    id: f.id, by: head([(f)-[:OFFERED_BY]->(o) | o.id]), forms: [(f)-[:TRANSFER_FORM]->(x) | x.id], price: f.price, from: f.validFrom,
    until: f.validUntil, sources: f.sources}] AS offers
