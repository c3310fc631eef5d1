"""Examples of the answers about reviewers and councils, as the API's description shows them."""

from api.finding_examples import EXPERTS
from graph.answer.expert_model import Employment
from graph.answer.model import Hop, Ref, SourceRef
from graph.answer.review_model import (
    Balance,
    Conflict,
    Council,
    Councils,
    Excluded,
    Member,
    Part,
    Reviewer,
    Reviewers,
)

_SNAPSHOT, _DAY = "1f0c9a7be2d4", "2026-07-01"
_SOURCE = SourceRef(record="e" * 12, source="university/experts", file="experts.csv", line=7, date="2026-01-15")
_PERSON = Ref(id="7" * 12, name="Lê Ví Dụ", type="Person", illustrative=True)
_HOST = Ref(id="6" * 12, name="Trường Đại học Ví Dụ", type="University", illustrative=True)
_TASK = Ref(id="5" * 12, name="Nhiệm vụ VD-01 (minh họa)", type="STTask", illustrative=True)
_POLICY = Ref(id="4" * 12, name="Quyết định 01/VD (minh họa)", type="PolicyInstrument", illustrative=True)
_ROLE = Ref(id="scheme/advisory-role/1/reviewer", name="Phản biện", type="Concept")
_EMPLOYMENT = Employment(organization=_HOST, role=None, valid="2019-03-01 – …", sources=(_SOURCE,))
_WORKS = Hop(
    from_=_PERSON, relation="organization", to=_HOST, asserted=True, sources=(_SOURCE,), valid="2019-03-01 – …"
)
_HOSTS = Hop(from_=_TASK, relation="hostedBy", to=_HOST, asserted=True, sources=(_SOURCE,))
_BALANCE = Balance(members=1, institutions=(Part(of=_HOST, count=1),), sectors={"University": 1}, unknown=0)

REVIEWERS = Reviewers(
    snapshot=_SNAPSHOT,
    as_of=_DAY,
    known_at=None,
    task=_TASK,
    parties=(_HOST,),
    reviewers=(Reviewer(expert=EXPERTS.experts[0], unchecked=()),),
    excluded=(
        Excluded(
            expert=_PERSON,
            rank=2,
            conflicts=(
                Conflict(
                    kind="employer",
                    sentence="Lê Ví Dụ công tác tại Trường Đại học Ví Dụ, một bên của đề xuất, vào ngày này.",
                    path=(_WORKS, _HOSTS),
                ),
            ),
        ),
    ),
    balance=_BALANCE,
    missing=(),
    score_basis=EXPERTS.score_basis,
    truncated=False,
)
COUNCILS = Councils(
    snapshot=_SNAPSHOT,
    as_of=_DAY,
    known_at=None,
    total=1,
    councils=(
        Council(
            about=_POLICY,
            roles={"Phản biện": 1},
            members=(
                Member(
                    person=_PERSON,
                    role=_ROLE,
                    date="2026-03-02",
                    number="VD-7",
                    employment=(_EMPLOYMENT,),
                    sources=(_SOURCE,),
                ),
            ),
            balance=_BALANCE,
        ),
    ),
    truncated=False,
)
