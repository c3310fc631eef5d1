"""Examples of the API's answers, as its description shows them. They are made of the models, so they can't go stale."""

from typing import Any

from api.case_documents import (
    CaseDocument,
    CasesDocument,
    FiguresDocument,
    ProposalsDocument,
    ProposedDocument,
    RightsDocument,
)
from api.claim_examples import CLAIM, CLAIMS, CORRECTION
from api.documents import (
    AffiliationDocument,
    AffiliationsDocument,
    DecisionDocument,
    EntityDocument,
    FactDocument,
    FaultDocument,
    HitDocument,
    HitsDocument,
    IncomingDocument,
    JudgementDocument,
    LineDocument,
    LoadDocument,
    LoadReportDocument,
    LoadsDocument,
    MeantDocument,
    NetworkDocument,
    NetworksDocument,
    NodeDocument,
    PairDocument,
    PairsDocument,
    ProjectionDocument,
    ReasonDocument,
    RefusedDocument,
    SideDocument,
    SourceDocument,
    StatementDocument,
    StatementsDocument,
    YearDocument,
)
from api.ecosystem_examples import ANALYSES, WHATIF
from api.finding_examples import EXPERTS, PARTNERS
from api.links import iri
from api.negotiation import PROBLEM
from api.outcome_documents import OutcomesDocument, ToldDocument, WrittenDocument
from api.part_examples import COMMUNITIES, HISTORY, NEIGHBOURS, SUGGESTIONS
from api.question_documents import (
    ColumnDocument,
    ParameterDocument,
    QueriesDocument,
    QuestionDocument,
    QuestionsDocument,
    ResultDocument,
    WordsDocument,
)
from api.review_examples import COUNCILS, REVIEWERS
from api.rights_examples import DIFFERENCE, RESULT_RIGHTS, RIGHTS
from api.snapshot_documents import KeptDocument, PublishedDocument, SnapshotsDocument, SourceLicenceDocument
from graph.answer.model import Answer, Contact, Contribution, Filter, Gate, Hop, Ref, Route, SourceRef
from graph.policy.rights import Basis
from graph.views.bridge import Bridged
from ontology.model import BASE

_SNAPSHOT = "1f0c9a7be2d4"
_TECHNOLOGY, _HOLDER, _BROKER, _FIRM = (digit * 12 for digit in "abcd")
_RECORD = "e" * 12

_SOURCE = SourceRef(record=_RECORD, source="city/offers", file="offers.csv", line=12, date="2026-01-15")
_TECHNOLOGY_REF = Ref(id=_TECHNOLOGY, name="Màng lọc nước lợ (minh họa)", type="Technology", illustrative=True)
_HOLDER_REF = Ref(id=_HOLDER, name="Viện Vật liệu Ví Dụ", type="ResearchInstitute", illustrative=True)
_BROKER_REF = Ref(id=_BROKER, name="Trung tâm Giao dịch Ví Dụ", type="Intermediary", illustrative=True)
_FIRM_REF = Ref(id=_FIRM, name="Công ty Nước Ví Dụ", type="Enterprise", illustrative=True)

_ROUTE = Route(
    key=f"{_TECHNOLOGY}.{_BROKER}.{_FIRM}.-",
    rank=1,
    technology=_TECHNOLOGY_REF,
    holder=_HOLDER_REF,
    intermediary=_BROKER_REF,
    firm=_FIRM_REF,
    need=None,
    score=0.401312,
    log_odds=-0.4,
    score_basis="Xếp hạng theo trọng số định trước, chưa học từ kết quả nào.",
    contributions=(
        Contribution(feature="base_rate", value=-2.0, measure=None, reason="Mức xuất phát của mọi ứng viên."),
        Contribution(feature="field", value=1.6, measure=0.8, reason="Dịch vụ bao phủ lĩnh vực của công nghệ."),
    ),
    hops=(
        Hop.model_validate(
            {"from": _HOLDER_REF, "relation": "holder", "to": _TECHNOLOGY_REF, "asserted": True, "sources": (_SOURCE,)}
        ),
    ),
    gates=(
        Gate(
            gate="right",
            state="unknown",
            reason="Chưa có quyết định giao quyền.",
            basis=(
                Basis(id="scheme/law/1/law-93-2025-art-73-3", name="Luật 93/2025/QH15, Điều 73 khoản 3", certainty="s"),
            ),
            sources=(_SOURCE,),
        ),
    ),
    transferable_now=False,
    contacts=(Contact(organization=_HOLDER_REF, kind="email", value="lienhe@example.vn", source=_SOURCE),),
    next_steps=("Hỏi cơ quan phê duyệt nhiệm vụ về quyết định giao quyền.",),
)
TRANSFER = Answer(
    snapshot=_SNAPSHOT,
    as_of="2026-07-01",
    known_at=None,
    asked={"text": "màng lọc nước"},
    understood=(_TECHNOLOGY_REF,),
    filters=(
        Filter(
            name="region",
            value=Ref(id="scheme/place/2025/VN-HN", name="Hà Nội", type="Concept"),
            of="organization",
            passed=246,
            failed=160,
            unknown=13,
        ),
    ),
    routes=(_ROUTE,),
    excluded=(),
    truncated=False,
)

_NODE = NodeDocument(id=_HOLDER, name="Viện Vật liệu Ví Dụ", type="ResearchInstitute")
_RECORD_SOURCE = SourceDocument(record=_RECORD, source="city/offers", file="offers.csv", line=12, date="2026-01-15")
_FACT = FactDocument(
    property="homepage", value="https://vidu.example.vn/", language=None, object=None, sources=[_RECORD_SOURCE]
)
ENTITY = EntityDocument(
    snapshot=_SNAPSHOT,
    id=_HOLDER,
    iri=iri(_HOLDER),
    name=_NODE.name,
    types=["ResearchInstitute", "Organization", "Entity"],
    illustrative=True,
    facts=[_FACT],
    incoming=[
        IncomingDocument(property="offeredBy", node=NodeDocument(id="f" * 12, name="Chào bán", type="TechnologyOffer"))
    ],
    incoming_counts={"offeredBy": 1},
    claims=[],
)
STATEMENTS = StatementsDocument(
    snapshot=_SNAPSHOT,
    id=_HOLDER,
    statements=[StatementDocument(**dict(_FACT), subject=_NODE, resolved=True)],
)
HITS = HitsDocument(
    snapshot=_SNAPSHOT,
    bridged=[Bridged(typed="mang", terms=("membrane", "film"), source="glossary", nodes=())],
    hits=[HitDocument(id=_TECHNOLOGY, name="Màng lọc nước lợ", type="Technology", snippet="Màng lọc …", score=7.4)],
)
LOADS = LoadsDocument(
    loads=[
        LoadDocument(
            load="000001",
            source="city/offers",
            kind="city",
            shape="offers",
            file="offers.csv",
            sha256="0" * 64,
            licence=None,
            instant="2026-01-15T02:00:00+00:00",
            records=120,
            accepted=118,
            refused=2,
            changed=118,
            new=112,
            unchanged=0,
            gone=0,
            withdrawn=None,
        )
    ]
)
AFFILIATIONS = AffiliationsDocument(
    snapshot=_SNAPSHOT,
    affiliations=[
        AffiliationDocument(
            text="Khoa CNTT, Viện Minh họa",
            organisations=[
                MeantDocument(
                    id=_HOLDER,
                    name="Viện Minh họa",
                    probability=0.93,
                    linked=True,
                    reasons={"covered": 3.1, "extra": -0.5},
                )
            ],
        )
    ],
)
DECISION = DecisionDocument(
    later=_FIRM, earlier=_HOLDER, same=False, who="lan", instant="2026-01-15T03:00:00+00:00", reason="hai chi nhánh"
)
PAIRS = PairsDocument(
    snapshot=_SNAPSHOT,
    waiting=9,
    pairs=[
        PairDocument(
            later=_FIRM,
            later_name="ĐHMH",
            later_side=SideDocument(
                node=NodeDocument(id=_FIRM, name="ĐHMH", type="University"),
                statements=4,
                lines=[LineDocument(label="tên", values=["ĐHMH"], more=0)],
                records=[],
            ),
            earlier=_HOLDER,
            earlier_name="Trường Đại học Minh Họa",
            earlier_side=SideDocument(
                node=NodeDocument(id=_HOLDER, name="Trường Đại học Minh Họa", type="University"),
                statements=31,
                lines=[LineDocument(label="tên", values=["Trường Đại học Minh Họa"], more=0)],
                records=[],
            ),
            joined=False,
            probability=0.93,
            value=0.48,
            reasons=[ReasonDocument(comparison="acronym", text="tên viết tắt, viết hoa", weight=4.1)],
            written="",
        )
    ],
    decisions=[DECISION],
)
LOAD = LOADS.loads[0]
LOAD_REPORT = LoadReportDocument(
    **dict(LOAD),
    left_aside=["Ghi chú"],
    rejects=[
        RefusedDocument(
            line=17,
            faults=[FaultDocument(field="Giá (triệu đồng)", reason="«liên hệ» is no number")],
            row="liên hệ",
            cells={"Mã": "CB-017", "Giá (triệu đồng)": "liên hệ"},
        )
    ],
)
_PROJECTION = ProjectionDocument(
    name="broker_firm",
    title={"vi": "Trung gian – doanh nghiệp", "en": "Brokers and firms"},
    definition={"vi": "…", "en": "…"},
    directed=True,
    source="Intermediary",
    target="Organization",
)
NETWORKS = NetworksDocument(snapshot=_SNAPSHOT, networks=[_PROJECTION])
NETWORK = NetworkDocument(
    snapshot=_SNAPSHOT,
    as_of="2026-01-15",
    network=_PROJECTION,
    nodes=14,
    years=[YearDocument(year=2025, ties=12, weight=15, sources=5, targets=9)],
)
JUDGEMENT = JudgementDocument(load="000002", entity=_HOLDER, property="homepage")

QUESTIONS = QuestionsDocument(
    questions=[
        QuestionDocument(
            number=7,
            name="firms_in_park",
            audience="B",
            title=WordsDocument(vi="Doanh nghiệp nào ở Khu CNC Hòa Lạc?", en="Which firms are in Hòa Lạc?"),
            definition=WordsDocument(vi="Doanh nghiệp được ghi là ở trong khu.", en="Enterprises on record as there."),
            parameters=[
                ParameterDocument(
                    name="park",
                    type="id",
                    class_="Park",
                    scheme=None,
                    label=WordsDocument(vi="Khu", en="Park"),
                    required=False,
                    several=False,
                    default="Khu công nghệ cao Hòa Lạc",
                )
            ],
            columns=[ColumnDocument(name="firm", type="id", label=WordsDocument(vi="Doanh nghiệp", en="Firm"))],
            computed=None,
            example={"park": "Khu công nghệ cao Hòa Lạc"},
        )
    ]
)
RESULT = ResultDocument(
    columns=["firm"],
    rows=[{"firm": _FIRM}],
    queries=QueriesDocument(cypher="MATCH (f:Enterprise) …", sparql="SELECT ?firm WHERE { … }"),
    parameters={"park": "9" * 12},
    truncated=False,
    snapshot=_SNAPSHOT,
    as_of="2026-07-01",
    known_at=None,
)

_WORDS = {
    401: "No token was sent, or it is unknown.",
    406: "None of the forms that there are is accepted.",
    403: "The token's role may not do this.",
    404: "There is no such entity, or it is not public.",
    410: "It was erased; the document says on which day and by which kind of reason.",
    409: "It was done before.",
    413: "The file is too large.",
    422: "A parameter is not understood.",
    503: "Nothing is published yet, or the graph does not answer; ask again.",
}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}


_KEPT = KeptDocument(
    snapshot=f"{_SNAPSHOT}" + "0" * 20,
    iri=f"{BASE}snapshots/{_SNAPSHOT}" + "0" * 20,
    title="Dữ liệu của một bài báo",
    note=None,
    instant="2026-01-15T03:00:00+00:00",
    kept="2026-01-15T04:00:00+00:00",
    publish=7,
    last_load=31,
    nodes=16479,
    edges=35422,
    quads=250_000,
    bytes=40_000_000,
    sha256="0" * 64,
    parameters={"ontology": "1" * 64},
    licences=[SourceLicenceDocument(source="city/offers", licence="CC-BY-4.0")],
    rewritten=[],
    citation={"vi": "Kết nối. (2026). …", "en": "Ketnoi. (2026). …"},
    bibtex="@misc{…}",
)
SNAPSHOTS = SnapshotsDocument(
    snapshot=_SNAPSHOT,
    kept=[_KEPT],
    published=[
        PublishedDocument(
            publish=7,
            snapshot=_KEPT.snapshot,
            instant=_KEPT.instant,
            last_load=_KEPT.last_load,
            parameters=_KEPT.parameters,
        )
    ],
)

_OUTCOME_ENDS = {"technology": _TECHNOLOGY, "intermediary": _BROKER, "firm": _FIRM}
WRITTEN = WrittenDocument(load="000032", **_OUTCOME_ENDS, result="declined")
OUTCOMES = OutcomesDocument(
    snapshot=_SNAPSHOT,
    outcomes=[
        ToldDocument(
            technology=NodeDocument.model_validate(_TECHNOLOGY_REF, from_attributes=True),
            intermediary=NodeDocument.model_validate(_BROKER_REF, from_attributes=True),
            firm=NodeDocument.model_validate(_FIRM_REF, from_attributes=True),
            day="2026-01-15",
            result="declined",
            reason="price",
            answered="2026-01-20",
            who="lan",
            instant="2026-01-20T04:00:00+00:00",
            illustrative=True,
        )
    ],
    results={"declined": 1},
    reasons={"price": 1},
    truncated=False,
)

CASE = CaseDocument(
    id="f" * 12,
    owner="lan",
    published=False,
    kind="technology",
    title="Màng lọc nước lợ (minh họa)",
    text="Màng lọc nước lợ công suất nhỏ, đã thử nghiệm tại hai trang trại.",
    language="vi",
    fields=["scheme/ford/2015/2.7"],
    patent_classes=["scheme/ipc/2024/C02F"],
    level="7",
    keywords=["màng lọc", "nước lợ"],
    party=_HOLDER,
    party_name=None,
    broker=_BROKER,
    mandate="Hợp đồng môi giới, không độc quyền",
    rights=RightsDocument(
        power="own", exclusive=False, sublicensable=False, territory=["scheme/place/2025/VN"], fields=True, until=None
    ),
    forms=["licence"],
    price=500_000_000,
    floor_price=None,
    region=["scheme/place/2025/VN-HN"],
    deadline=None,
    day="2026-01-15",
    illustrative=True,
)
CASES = CasesDocument(
    cases=[CASE],
    figures=FiguresDocument(
        introductions=3,
        waiting=1,
        overdue=0,
        closed=2,
        accepted=1,
        days_to_answer=5.0,
        success_rate=0.5,
        reasons={"price": 1},
    ),
)
_PROPOSED = ProposedDocument(
    value="scheme/ipc/2024/C02F", label="Xử lý nước, nước thải", score=0.41, words=["Màng lọc nước lợ"]
)
PROPOSALS = ProposalsDocument(
    snapshot=_SNAPSHOT,
    title=CASE.title,
    text=CASE.text,
    language="vi",
    fields=[],
    patent_classes=[_PROPOSED],
    levels=[],
    keywords=[ProposedDocument(value="màng lọc", label="màng lọc", score=1.0, words=["Màng lọc"])],
)

EXAMPLES: dict[str, dict[str, Any]] = {
    type(one).__name__: one.model_dump(mode="json", by_alias=True)
    for one in (
        TRANSFER,
        EXPERTS,
        PARTNERS,
        ENTITY,
        STATEMENTS,
        HITS,
        LOADS,
        DECISION,
        PAIRS,
        AFFILIATIONS,
        LOAD,
        LOAD_REPORT,
        NETWORKS,
        NETWORK,
        QUESTIONS,
        RESULT,
        JUDGEMENT,
        _KEPT,
        SNAPSHOTS,
        WRITTEN,
        OUTCOMES,
        RIGHTS,
        RESULT_RIGHTS,
        DIFFERENCE,
        REVIEWERS,
        COUNCILS,
        WHATIF,
        ANALYSES,
        CASE,
        CASES,
        PROPOSALS,
        NEIGHBOURS,
        HISTORY,
        SUGGESTIONS,
        COMMUNITIES,
        CLAIM,
        CORRECTION,
        CLAIMS,
    )
}
"""Name of an answer's model → an example of it."""


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """An operation's errors for its description, as problem documents."""
    content = {PROBLEM: {"schema": _PROBLEM}}
    return {status: {"description": _WORDS[status], "content": content} for status in statuses}
