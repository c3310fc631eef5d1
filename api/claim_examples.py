"""Examples of claims and proposed corrections, for the API's description."""

from api.claim_documents import ClaimDocument, ClaimsDocument, CorrectionDocument
from api.documents import NodeDocument

_BROKER = NodeDocument(id="c" * 12, name="Trung tâm Giao dịch Ví Dụ", type="Intermediary")
_INSTANT = "2026-01-15T04:00:00.000+00:00"

CLAIM = ClaimDocument(
    id="4be1c09a7d21",
    organization=_BROKER,
    who="Bình",
    note="Điện thoại tổng đài của trung tâm.",
    made=_INSTANT,
    state="accepted",
    by="An",
    decided=_INSTANT,
    answer="",
)
CORRECTION = CorrectionDocument(
    id="90d3f7a2b16c",
    organization=_BROKER,
    who="Bình",
    note="Quyết định thành lập.",
    made=_INSTANT,
    state="waiting",
    by=None,
    decided=None,
    answer="",
    property="founded",
    value="2011",
    language=None,
    load=None,
)
CLAIMS = ClaimsDocument(claims=[CLAIM], corrections=[CORRECTION])
