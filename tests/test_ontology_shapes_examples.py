"""What the properties alone do not say: each constraint of ``shapes.ttl`` beside an example that conforms and one that it finds.

A case is a node that conforms; what is put into it or taken from it breaks one constraint and no other.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from rdflib import RDF, SH, Graph, URIRef

from ontology.model import BASE, KN, ontology
from ontology.shapes import report, shapes

MIN, IN, PATTERN = SH.MinCountConstraintComponent, SH.InConstraintComponent, SH.PatternConstraintComponent
ORDER, APART = SH.LessThanOrEqualsConstraintComponent, SH.DisjointConstraintComponent
QUERY = SH.SPARQLConstraintComponent

Node = dict[str, str]
"""Property → what it says, as Turtle; a word alone is a concept's path or the name of a node of the setting."""

SETTING: dict[str, tuple[str, Node]] = {
    "firm": ("Enterprise", {}),
    "other": ("University", {}),
    "city": ("PublicAuthority", {}),
    "expert": ("Person", {}),
    "technology": ("Technology", {}),
    "right": ("Patent", {}),
    "task": ("STTask", {}),
    "result": ("ResearchResult", {}),
    "law": ("PolicyInstrument", {}),
    "rule": ("LegalProvision", {"partOf": "law"}),
    "source": ("Source", {}),
    "contract": ("TechnologyTransfer", {"transferor": "other", "transferee": "firm", "object": "technology"}),
}
"""Nodes that the examples speak of."""

BASES: dict[str, Node] = {
    "Entity": {},
    "Organization": {},
    "Person": {},
    "ContactPoint": {"contactOf": "firm", "contactValue": '"info@example.org"'},
    "Consent": {"consentOf": "expert", "consentPurpose": "consent-purpose/1/contact"},
    "Identifier": {"identifierScheme": '"task-code"', "identifierValue": '"X-1"'},
    "Membership": {"member": "expert", "organization": "firm"},
    "Appointment": {"person": "expert", "role": "advisory-role/1/reviewer"},
    "ExpertiseClaim": {"person": "expert", "hasField": "ford/2015/2.5"},
    "ChangeEvent": {"predecessor": "other", "successor": "firm"},
    "Recognition": {"holder": "firm", "kind": "intermediary-kind/2014/technology-exchange"},
    "ServiceOffering": {"provider": "firm", "serviceKind": "service-kind/1/brokerage"},
    "ServiceEngagement": {"provider": "firm", "client": "other"},
    "Introduction": {"broker": "city", "introduces": "technology", "introducedTo": "firm"},
    "IPRight": {},
    "Technology": {},
    "MaturityAssessment": {"assesses": "technology", "level": "trl/1/7"},
    "TechnologyOffer": {"offers": "technology"},
    "TechnologyNeed": {"needOf": "firm"},
    "RightsHolding": {"holder": "firm", "over": "technology", "power": "power/1/own"},
    "RightsRequest": {"requestsRightsTo": "result"},
    "ResultAnnouncement": {"announces": "result"},
    "RegulatoryStatus": {"statusOf": "technology", "listing": "listing/1/encouraged"},
    "TransferPermit": {"permits": "technology"},
    "TransferRegistration": {"registers": "contract", "number": '"12/2026"'},
    "LegalProvision": {"partOf": "law"},
    "GateBasis": {"basis": "rule", "gate": '"right"'},
    "STTask": {},
    "TaskParticipation": {"task": "task", "person": "expert"},
    "Funding": {"task": "task", "amount": "5000000"},
    "ResearchResult": {},
    "Acceptance": {"accepts": "result"},
    "ResultApplication": {"applies": "result"},
    "TechnologyTransfer": {"transferor": "other", "transferee": "firm", "object": "technology"},
    "StatisticalObservation": {"measure": '"nhiệm vụ"', "observedValue": "346.0e0"},
    "Park": {},
    "CompetingClaim": {"claimAbout": "technology", "claimProperty": '"holder"', "claimObject": "firm"},
    "SourceRecord": {"fromSource": "source", "line": "3"},
}
"""A node of each class that conforms with the least that it may say."""

REQUIRED = {
    "ContactPoint": ["contactOf", "contactValue"],
    "Consent": ["consentOf", "consentPurpose"],
    "Identifier": ["identifierScheme", "identifierValue"],
    "Membership": ["member", "organization"],
    "Appointment": ["person", "role"],
    "ExpertiseClaim": ["person", "hasField"],
    "ChangeEvent": ["predecessor"],
    "Recognition": ["holder", "kind"],
    "ServiceOffering": ["provider", "serviceKind"],
    "ServiceEngagement": ["provider", "client"],
    "Introduction": ["broker", "introduces", "introducedTo"],
    "MaturityAssessment": ["assesses", "level"],
    "TechnologyOffer": ["offers"],
    "TechnologyNeed": ["needOf"],
    "RightsHolding": ["holder", "over", "power"],
    "RightsRequest": ["requestsRightsTo"],
    "ResultAnnouncement": ["announces"],
    "RegulatoryStatus": ["statusOf", "listing"],
    "TransferPermit": ["permits"],
    "TransferRegistration": ["registers", "number"],
    "LegalProvision": ["partOf"],
    "GateBasis": ["basis", "gate"],
    "TaskParticipation": ["task"],
    "Funding": ["task", "amount"],
    "Acceptance": ["accepts"],
    "ResultApplication": ["applies"],
    "TechnologyTransfer": ["transferor", "transferee", "object"],
    "StatisticalObservation": ["measure", "observedValue"],
    "CompetingClaim": ["claimAbout", "claimProperty"],
    "SourceRecord": ["fromSource", "line"],
}
"""What a node of a class may not lack."""

OF_SCHEMES = [
    ("Entity", "locatedIn", "place/2025/VN-HN", "ford/2015/1"),
    ("Consent", "consentPurpose", "consent-purpose/1/contact", "power/1/use"),
    ("Entity", "transferForm", "transfer-form/1/licence", "power/1/use"),
    ("Entity", "territory", "place/2025/VN", "vsic/2018/10"),
    ("Entity", "hasPatentClass", "ipc/2024/C02F", "ford/2015/2.7"),
    ("Entity", "worksInLanguage", "language/1/vi", "place/2025/VN"),
    ("Membership", "role", "membership-role/1/researcher", "advisory-role/1/reviewer"),
    ("Appointment", "role", "advisory-role/1/reviewer", "membership-role/1/researcher"),
    ("ChangeEvent", "kind", "change-kind/1/merger", "park-kind/1/hi-tech-park"),
    ("Recognition", "kind", "intermediary-kind/2014/technology-exchange", "park-kind/1/hi-tech-park"),
    ("ServiceOffering", "serviceKind", "service-kind/1/brokerage", "transfer-form/1/licence"),
    ("ServiceOffering", "area", "place/2025/VN-HN", "ford/2015/1"),
    ("Introduction", "outcome", "outcome/1/accepted", "decline-reason/1/price"),
    ("IPRight", "kind", "right-kind/1/patent", "power/1/own"),
    ("MaturityAssessment", "level", "trl/1/1", "trl/1/10"),
    ("TechnologyNeed", "requiredLevel", "trl/1/9", "task-level/1/city"),
    ("RightsHolding", "power", "power/1/transfer", "transfer-form/1/assignment"),
    ("RightsRequest", "power", "power/1/use", "power/1/manage"),
    ("RightsHolding", "regime", "regime/1/automatic", "rights-state/1/unassigned"),
    ("RightsHolding", "fieldOfUse", "ipc/2024/A", "vsic/2018/A"),
    ("RegulatoryStatus", "listing", "listing/1/restricted", "power/1/own"),
    ("STTask", "taskType", "task-type/1/natural-st", "task-level/1/city"),
    ("STTask", "level", "task-level/1/city", "trl/1/3"),
    ("STTask", "state", "task-state/1/proposed", "rights-state/1/unassigned"),
    ("TaskParticipation", "role", "participation-role/1/partner", "membership-role/1/head"),
    ("ResearchResult", "state", "rights-state/1/unassigned", "task-state/1/proposed"),
    ("Acceptance", "grade", "acceptance-grade/1/excellent", "trl/1/5"),
    ("TechnologyTransfer", "paymentMethod", "payment-method/1/royalty", "transfer-form/1/licence"),
    ("Park", "kind", "park-kind/1/hi-tech-park", "change-kind/1/split"),
]
"""Class, property, a concept that it may take, one that it may not."""


def day(text: str) -> str:
    return f'"{text}"^^xsd:date'


def year(text: str) -> str:
    return f'"{text}"^^xsd:gYear'


OTHERS: list[tuple[str, str, URIRef, Node, Node]] = [
    (
        "Entity",
        "validFrom",
        ORDER,
        {"validFrom": day("2024-02-29"), "validUntil": day("2024-02-29")},
        {"validFrom": day("2024-03-01"), "validUntil": day("2024-02-29")},
    ),
    (
        "Entity",
        "startDate",
        ORDER,
        {"startDate": day("2020-01-01"), "endDate": day("2021-12-31")},
        {"startDate": day("2022-01-01"), "endDate": day("2021-12-31")},
    ),
    ("Entity", "country", PATTERN, {"country": '"VN"'}, {"country": '"Việt Nam"'}),
    ("Technology", "madeIn", PATTERN, {"madeIn": '"Phố Ví Dụ"'}, {"madeIn": '"12 Phố Ví Dụ"'}),
    ("Entity", "certainty", IN, {"certainty": '"s"'}, {"certainty": '"sure"'}),
    (
        "Organization",
        "homepage",
        PATTERN,
        {"homepage": '"https://example.org/"^^xsd:anyURI'},
        {"homepage": '"javascript:alert(1)"^^xsd:anyURI'},
    ),
    ("ContactPoint", "contactKind", IN, {"contactKind": '"email"'}, {"contactKind": '"pigeon"'}),
    (
        "Recognition",
        "validFrom",
        ORDER,
        {"validFrom": day("2020-01-01"), "revokedOn": day("2021-01-01")},
        {"validFrom": day("2020-01-01"), "revokedOn": day("2019-12-31")},
    ),
    ("ServiceEngagement", "provider", APART, {"client": "city"}, {"client": "firm"}),
    (
        "Introduction",
        "declineReason",
        PATTERN,
        {"outcome": "outcome/1/declined", "declineReason": "decline-reason/1/price"},
        {"outcome": "outcome/1/declined", "declineReason": "outcome/1/declined"},
    ),
    (
        "IPRight",
        "filedOn",
        ORDER,
        {"filedOn": day("2019-05-20"), "grantedOn": day("2022-08-01")},
        {"filedOn": day("2022-08-02"), "grantedOn": day("2022-08-01")},
    ),
    (
        "TechnologyOffer",
        "floorPrice",
        ORDER,
        {"floorPrice": "700000000", "price": "900000000"},
        {"floorPrice": "900000001", "price": "900000000"},
    ),
    ("TechnologyOffer", "priceKind", IN, {"priceKind": '"firm"'}, {"priceKind": '"cheap"'}),
    (
        "LegalProvision",
        "appliesFrom",
        ORDER,
        {"appliesFrom": day("2018-01-01"), "appliesUntil": day("2025-09-30")},
        {"appliesFrom": day("2025-10-01"), "appliesUntil": day("2025-09-30")},
    ),
    ("GateBasis", "gate", IN, {"gate": '"conflict"'}, {"gate": '"window"'}),
    ("TechnologyTransfer", "transferor", APART, {"transferor": "city"}, {"transferor": "firm"}),
    (
        "TechnologyTransfer",
        "brokerShareBasis",
        IN,
        {"brokerShareBasis": '"statutory"', "brokerShare": "0.1e0"},
        {"brokerShareBasis": '"habit"', "brokerShare": "0.1e0"},
    ),
]
"""Class, property, component, what conforms, what does not."""

OWNER = "kn:holder :other ; kn:over :technology ; kn:power <https://w3id.org/ketnoi/scheme/power/1/own>"
OTHER_OWNERS = (
    f":h2 a kn:RightsHolding, kn:Entity ; {OWNER} ; kn:share 0.5e0 . "
    f':h3 a kn:RightsHolding, kn:Entity ; {OWNER} ; kn:share 0.5e0 ; kn:validUntil "2020-01-01"^^xsd:date .'
)
QUERIES: list[tuple[str, str, Node, Node, str]] = [
    (
        "Organization",
        "EndsAfterItBegins",
        {"founded": year("1956"), "dissolved": year("2025")},
        {"founded": year("2025"), "dissolved": year("1956")},
        "",
    ),
    ("Organization", "NoUnitOfItself", {"unitOf": "other", "controlledBy": "city"}, {"unitOf": "x"}, ""),
    (
        "Person",
        "ContactNeedsConsent",
        {"telephone": '"024 3333 0000"', "contactConsentOn": day("2026-01-05")},
        {"telephone": '"024 3333 0000"'},
        "",
    ),
    (
        "ChangeEvent",
        "ChangeHasAnOutcome",
        {"successor": "", "kind": "change-kind/1/dissolution"},
        {"successor": "", "kind": "change-kind/1/merger"},
        "",
    ),
    (
        "Introduction",
        "ReasonOfADecline",
        {"declineReason": "decline-reason/1/price", "outcome": "outcome/1/declined"},
        {"declineReason": "decline-reason/1/price", "outcome": "outcome/1/accepted"},
        "",
    ),
    # two owners of a half each, and one whose half has ended, own no more than the whole
    (
        "RightsHolding",
        "SharesOfOwners",
        {"share": "0.5e0"},
        {"share": "0.6e0"},
        OTHER_OWNERS,
    ),
    ("TaskParticipation", "SomebodyTakesPart", {"person": "", "organization": "other"}, {"person": ""}, ""),
    (
        "TechnologyTransfer",
        "BasisOfAShare",
        {"brokerShareBasis": '"agreed"', "brokerShare": "0.2e0"},
        {"brokerShareBasis": '"agreed"'},
        "",
    ),
    (
        "TechnologyTransfer",
        "SharesOfProfit",
        {"brokerShare": "0.7e0", "authorsShare": "0.3e0"},
        {"brokerShare": "0.7e0", "authorsShare": "0.31e0"},
        "",
    ),
    ("CompetingClaim", "SomethingIsClaimed", {"claimObject": "", "claimValue": '"1956"'}, {"claimObject": ""}, ""),
]
"""Class, query, what conforms, what does not, what else there is."""

CHECKED = [
    # the ROR id of the California Digital Library, and one digit changed; l is no sign of a ROR id
    ("CheckOfRor", "ror", ["03yrm5c26", "05qwgg493"], ["03yrm5c27", "03yrl5c26", "3yrm5c26"]),
    # the example of ISO 17442 as GLEIF prints it, a letter changed, a digit lost
    (
        "CheckOfLei",
        "lei",
        ["506700GE1G29325QX363"],
        ["506700GE1G29325QX364", "506700GF1G29325QX363", "506700GE1G29325QX36"],
    ),
    # 31·0+29·1+23·0+19·0+17·1+13·0+7·9+5·1+3·0 = 114 = 10·11+4, so the tenth digit is 10-4
    ("CheckOfTaxCode", "tax-code", ["0100109106", "0100109106-003"], ["0100109107", "0100109106-03", "010010910"]),
    # the example of ORCID's own documentation, whose check is computed there step by step
    (
        "CheckOfIsni",
        "orcid",
        ["0000-0002-1825-0097", "0000-0002-1694-233X"],
        ["0000-0002-1825-0098", "0000-0002-1825-009"],
    ),
    ("CheckOfIsni", "isni", ["0000000218250097"], ["0000000218250079"]),
]
"""Query, scheme of identifiers, values whose check fits, values whose check does not."""


class Case(NamedTuple):
    cls: str
    constraint: str
    component: URIRef
    valid: Node
    invalid: Node
    beside: str = ""


def cases() -> Iterator[Case]:
    for cls, paths in REQUIRED.items():
        for path in paths:
            yield Case(cls, path, MIN, {}, {path: ""})
    for cls, path, good, bad in OF_SCHEMES:
        yield Case(cls, path, PATTERN, {path: good}, {path: bad})
    for cls, path, component, valid, invalid in OTHERS:
        yield Case(cls, path, component, valid, invalid)
    for cls, query, valid, invalid, beside in QUERIES:
        yield Case(cls, query, QUERY, valid, invalid, beside)


CASES = list(cases())


def term(text: str) -> str:
    if re.fullmatch(r"[a-z-]+/\d+/[\w.-]+", text):
        return f"<{BASE}scheme/{text}>"
    return f":{text}" if text == "x" or text in SETTING else text


def node(name: str, cls: str, said: Node) -> str:
    types = " , ".join(f"kn:{name}" for name in ontology().classes[cls].types)
    rest = "".join(f" ; kn:{prop} {term(value)}" for prop, value in said.items() if value)
    return f":{name} a {types}{rest} ."


def graph(*nodes: str) -> Graph:
    setting = [node(name, cls, said) for name, (cls, said) in SETTING.items()]
    text = "\n".join((*setting, *nodes))
    concepts = {f"<{found}> a kn:Concept , kn:Entity ." for found in re.findall(rf"<({BASE}scheme/[^>]+)>", text)}
    prefixes = (
        f"@prefix kn: <{KN}> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <https://example.org/> ."
    )
    return Graph().parse(data="\n".join((prefixes, text, *concepts)), format="turtle")


def findings(data: Graph) -> list[tuple[str, URIRef]]:
    """(property or query, component) of each result."""
    found = report(data)
    return sorted(
        (
            str(found.value(one, SH.sourceConstraint) or found.value(one, SH.resultPath)).removeprefix(str(KN)),
            URIRef(str(found.value(one, SH.sourceConstraintComponent))),
        )
        for one in found.subjects(RDF.type, SH.ValidationResult)
    )


def test_the_setting_and_the_least_of_each_class_conform() -> None:
    assert findings(graph(*(node(f"n{at}", cls, said) for at, (cls, said) in enumerate(BASES.items())))) == []


def test_every_valid_example_conforms() -> None:
    """Together: none of them disturbs another, as each is a node of its own over the one setting."""
    alone = [case for case in CASES if not case.beside]
    assert findings(graph(*(node(f"n{at}", c.cls, BASES[c.cls] | c.valid) for at, c in enumerate(alone)))) == []
    for case in CASES:
        if case.beside:
            assert findings(graph(node("x", case.cls, BASES[case.cls] | case.valid), case.beside)) == []


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.cls}-{case.constraint}-{case.component.split('#')[-1][:8]}"
)
def test_an_invalid_example_breaks_one_constraint(case: Case) -> None:
    data = graph(node("x", case.cls, BASES[case.cls] | case.invalid), case.beside)
    assert findings(data) == [(case.constraint, case.component)]


@pytest.mark.parametrize(
    ("query", "scheme", "good", "bad"), CHECKED, ids=lambda part: part if isinstance(part, str) else ""
)
def test_check_digits(query: str, scheme: str, good: list[str], bad: list[str]) -> None:
    def identifiers(values: list[str]) -> Graph:
        said = [{"identifierScheme": f'"{scheme}"', "identifierValue": f'"{value}"'} for value in values]
        return graph(*(node(f"n{at}", "Identifier", one) for at, one in enumerate(said)))

    assert findings(identifiers(good)) == []
    assert findings(identifiers(bad)) == [(query, QUERY)] * len(bad)


def test_disputed_shares_are_no_violation() -> None:
    """Where sources dispute who owns a thing, each says all of it; the dispute is on record as claims."""
    holdings = [node(f"h{at}", "RightsHolding", BASES["RightsHolding"] | {"share": "1.0e0"}) for at in range(2)]
    assert findings(graph(*holdings)) == [("SharesOfOwners", QUERY)]
    assert findings(graph(*holdings, node("claim", "CompetingClaim", BASES["CompetingClaim"]))) == []


def test_every_constraint_of_the_file_has_its_examples() -> None:
    """Counted from ``shapes.ttl`` itself: a constraint without a pair of examples fails here."""
    file = Graph().parse(Path(__file__).parents[1] / "ontology" / "shapes.ttl", format="turtle")
    components = {
        SH.minCount: MIN,
        SH["in"]: IN,
        SH.pattern: PATTERN,
        SH.lessThanOrEquals: ORDER,
        SH.disjoint: APART,
    }
    stated: set[tuple[str, str, URIRef]] = set()
    for shape in file.subjects(RDF.type, SH.NodeShape):
        target = str(file.value(shape, SH.targetClass) or "").removeprefix(str(KN))
        for prop in file.objects(shape, SH.property):
            path = str(file.value(prop, SH.path)).removeprefix(str(KN))
            used = set(file.predicates(prop)) - {SH.path, SH.message}
            assert len(used) == 1, (target, path, used)
            stated.add((target, path, components[URIRef(used.pop())]))
        stated |= {(target, str(query).removeprefix(str(KN)), QUERY) for query in file.objects(shape, SH.sparql)}
    tried = {(case.cls, case.constraint, case.component) for case in CASES}
    # what is over or identified is found by its role, not by its class
    tried = {("" if name == "SharesOfOwners" else cls, name, part) for cls, name, part in tried}
    assert stated == tried | {("", query, QUERY) for query, *_ in CHECKED}
    assert len(CASES) == len(tried) == 109


def test_every_message_is_said_in_both_languages() -> None:
    file = shapes()
    for subject in set(file.subjects(SH.message)):
        languages = sorted(str(getattr(text, "language", "")) for text in file.objects(subject, SH.message))
        assert languages == ["en", "vi"], subject
