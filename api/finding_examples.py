"""Examples of the answers about experts and partners, as the API's description shows them."""

from graph.answer.expert_model import Employment, Evidence, Expert, Experts, Reason
from graph.answer.model import Gate, Ref, SourceRef
from graph.answer.partner_model import Acquaintance, Buyer, Covered, Partner, Partners, Wanted, WarmContact

_SNAPSHOT, _DAY = "1f0c9a7be2d4", "2026-07-01"
_SOURCE = SourceRef(record="e" * 12, source="university/experts", file="experts.csv", line=7, date="2026-01-15")
_PERSON = Ref(id="f" * 12, name="Trần Ví Dụ", type="Person", illustrative=True)
_INSTITUTE = Ref(id="b" * 12, name="Viện Vật liệu Ví Dụ", type="ResearchInstitute", illustrative=True)
_TECHNOLOGY = Ref(id="a" * 12, name="Màng lọc nước lợ (minh họa)", type="Technology", illustrative=True)
_FIRM = Ref(id="d" * 12, name="Công ty Nước Ví Dụ", type="Enterprise", illustrative=True)
_ASKING = Ref(id="c" * 12, name="Trung tâm Giao dịch Ví Dụ", type="Intermediary", illustrative=True)
_PARTNER = Ref(id="9" * 12, name="Công ty Thẩm định giá Ví Dụ", type="Intermediary", illustrative=True)
_DEAL = Ref(id="8" * 12, name="Hợp đồng dịch vụ: Công ty Nước Ví Dụ", type="ServiceEngagement", illustrative=True)
_APPRAISAL = Ref(id="scheme/service-kind/1/price-appraisal", name="Thẩm định giá công nghệ", type="Concept")

EXPERTS = Experts(
    snapshot=_SNAPSHOT,
    as_of=_DAY,
    known_at=None,
    asked={"text": "màng lọc nước"},
    score_basis="Tổng các phần, mỗi phần so với chuyên gia có nhiều nhất.",
    experts=(
        Expert(
            rank=1,
            expert=_PERSON,
            organization=_INSTITUTE,
            employment=(Employment(organization=_INSTITUTE, role=None, valid="2019-03-01 – …", sources=(_SOURCE,)),),
            score=0.91,
            reasons=(
                Reason(feature="documents", value=0.61, sentence="Tài liệu gần với điều được hỏi nhất: «Màng lọc …»"),
                Reason(feature="fields", value=0.3, sentence="Lĩnh vực trùng hoặc gần: Kỹ thuật môi trường"),
            ),
            evidence=(
                Evidence(kind="technology", about=_TECHNOLOGY, day="2024-05-02", similarity=0.97, sources=(_SOURCE,)),
            ),
        ),
    ),
    truncated=False,
)
PARTNERS = Partners(
    snapshot=_SNAPSHOT,
    as_of=_DAY,
    known_at=None,
    intermediary=_ASKING,
    technology=_TECHNOLOGY,
    wanted=(Wanted(aspect="service", concept=_APPRAISAL, covered=False),),
    buyers=(Buyer(firm=_FIRM, known=()),),
    buyers_total=1,
    partners=(
        Partner(
            rank=1,
            intermediary=_PARTNER,
            score=1.0,
            covers=(Covered(aspect="service", concept=_APPRAISAL, sources=(_SOURCE,)),),
            knows=(Acquaintance(firm=_FIRM, event=_DEAL, day="2025-06-30", sources=(_SOURCE,)),),
            knows_total=1,
            gate=Gate(gate="broker", state="pass", reason="Có công nhận còn hiệu lực.", sources=(_SOURCE,)),
        ),
    ),
    warm_contacts=(
        WarmContact(organization=_FIRM, tie="former_employer", through=_PERSON, buyer=True, sources=(_SOURCE,)),
    ),
    score_basis="Phần đáp ứng được trong những gì còn thiếu, và phần bên mua đã quen biết.",
    truncated=False,
)
