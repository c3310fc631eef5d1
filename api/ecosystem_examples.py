"""Examples of what-if and of analyses, as the description of the API shows them."""

from api.analysis_documents import AnalysesDocument, IndicatorDocument, TargetDocument
from api.question_documents import WordsDocument
from graph.answer.indicators import Figure
from graph.answer.model import Ref
from graph.answer.whatif.model import Gap, IndicatorChange, Outcome
from graph.answer.whatif.scenario import Scenario

_FIELD = Ref(id="scheme/ford/2015/1.4", name="Khoa học hóa học", type="Concept")
_ID = "fields-without-broker"

WHATIF = Outcome(
    snapshot="1f0c9a7be2d4",
    as_of="2026-01-15",
    scenario=Scenario(add_field=("1.4",), add_place="VN-HN"),
    supposed=("Thêm trung gian «Tổ chức trung gian giả định» với dịch vụ môi giới trong lĩnh vực Khoa học hóa học",),
    facts={"added": 33, "removed": 0},
    notes=(),
    asked=(),
    gaps=(Gap(field=_FIELD, needs=6, firms=5, budget=13_300_000_000, change="closed"),),
    indicators=(
        IndicatorChange(id=_ID, today=Figure(id=_ID, value=4, rows=4), supposed=Figure(id=_ID, value=3, rows=3)),
    ),
    seconds=0.4,
)
ANALYSES = AnalysesDocument(
    snapshot="1f0c9a7be2d4",
    as_of="2026-01-15",
    analyses=[],
    questions=["keystone_intermediaries"],
    version="2026-11",
    indicators=[
        IndicatorDocument(
            id=_ID,
            title=WordsDocument(vi="Lĩnh vực có nhu cầu nhưng thiếu trung gian", en="Fields with needs but no broker"),
            definition=WordsDocument(vi="…", en="…"),
            question="fields_without_broker",
            parameters={},
            better="lower",
            value=4,
            numerator=None,
            denominator=None,
            unknown=None,
            target=TargetDocument(
                value=0,
                by=2030,
                set_by="Sở Khoa học và Công nghệ Thành phố Minh Họa (hư cấu)",
                certainty="m",
                source=WordsDocument(vi="Kế hoạch minh họa", en="Illustrative plan"),
            ),
            reported=None,
        )
    ],
)
