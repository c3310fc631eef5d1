"""Examples of the answers about rights and differences, as the API's description shows them."""

from graph.answer.difference_model import Change, Difference, Value
from graph.answer.model import Ref, SourceRef
from graph.answer.rights_model import Coded, Entry, Event, ProfitPart, ResultRights, RightsLedger, Share
from graph.policy.rights import Basis, Step

_SNAPSHOT, _DAY = "1f0c9a7be2d4", "2026-07-01"
_SOURCE = SourceRef(record="e" * 12, source="city/tasks", file="tasks.csv", line=7, date="2026-01-15")
_RESULT = Ref(id="1" * 12, name="Kết quả nhiệm vụ VD-01 (minh họa)", type="ResearchResult", illustrative=True)
_TASK = Ref(id="2" * 12, name="Nhiệm vụ VD-01 (minh họa)", type="STTask", illustrative=True)
_HOST = Ref(id="b" * 12, name="Viện Vật liệu Ví Dụ", type="ResearchInstitute", illustrative=True)
_VESTING = Basis(id="scheme/law/1/law-93-2025-art-25-2", name="Luật 93/2025/QH15, Điều 25 khoản 2", certainty="s")
_PROFIT = Basis(
    id="scheme/law/1/decree-267-2025-art-34-2", name="Nghị định 267/2025/NĐ-CP, Điều 34 khoản 2", certainty="s"
)

_ENTRY = Entry(
    result=_RESULT,
    task=_TASK,
    host=_HOST,
    fields=(Coded(id="scheme/ford/2015/2.5", code="2.5", name="Kỹ thuật vật liệu"),),
    approved_on="2025-11-03",
    accepted_on="2026-05-20",
    regime="automatic",
    regime_basis=(_VESTING,),
    state=Coded(id="scheme/rights-state/1/vested", code="vested", name="Xác lập theo luật"),
    state_since=None,
    state_basis="law",
    state_event=None,
    state_document=None,
    owners=(Share(owner=_HOST, share=1.0),),
    clear=True,
    technologies=(),
    registration="required",
    permit="unknown",
    novelty_deadline=None,
    warnings=(),
)
RIGHTS = RightsLedger(
    snapshot=_SNAPSHOT,
    as_of=_DAY,
    known_at=None,
    total=1,
    states={"vested": 1},
    regimes={"automatic": 1},
    entries=(_ENTRY,),
    may=None,
    truncated=False,
)
RESULT_RIGHTS = ResultRights(
    **dict(_ENTRY),
    snapshot=_SNAPSHOT,
    as_of=_DAY,
    known_at=None,
    events=(Event(day="2025-11-03", kind="approved", of=_TASK, to=_HOST, document=None, sources=(_SOURCE,)),),
    powers=(),
    profit=(
        ProfitPart(
            party="broker",
            minimum=0.1,
            state_part_only=False,
            titles_only=False,
            titles=(),
            basis=_PROFIT,
            payees=(),
        ),
    ),
    recorded_profit=(),
    deadlines=(),
    next_steps=(
        Step(
            sentence="Đối chiếu công nghệ với các danh mục khuyến khích, hạn chế, cấm chuyển giao và ghi lại kết quả.",
            provision=Basis(
                id="scheme/law/1/decree-76-2018-lists", name="Nghị định 76/2018/NĐ-CP, các phụ lục", certainty="g"
            ),
            document="Bản đối chiếu với danh mục, nêu phiên bản và mục",
        ),
    ),
)

DIFFERENCE = Difference(
    first="2026-06-01",
    second="2026-07-01",
    by="known_at",
    view="tasks",
    snapshots=(_SNAPSHOT, "2a0d8b6cf1e3"),
    total=1,
    kinds={"changed": 1},
    changes=(
        Change(
            entity=_TASK,
            kind="changed",
            property="budget",
            label="kinh phí",
            before=(Value(text="600000000"),),
            after=(Value(text="650000000"),),
            before_sources=(_SOURCE,),
            after_sources=(_SOURCE,),
        ),
    ),
    truncated=False,
)
