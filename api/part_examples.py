"""Examples of the answers about an entity's surroundings and history, suggestions and communities, for the API's description."""

from api.documents import NodeDocument, SourceDocument
from api.network_pictures import CommunitiesDocument, DrawnLine, DrawnNode
from api.part_documents import (
    BesideDocument,
    HistoryDocument,
    LinkDocument,
    NeighbourDocument,
    NeighboursDocument,
    SaidDocument,
    SuggestionDocument,
    SuggestionsDocument,
    VersionDocument,
)

_SNAPSHOT, _INSTANT = "1f0c9a7be2d4", "2026-01-15T04:00:00+00:00"
_FIRM = NodeDocument(id="d" * 12, name="Công ty Nước Ví Dụ", type="Enterprise")
_DEAL = NodeDocument(id="8" * 12, name="Hợp đồng dịch vụ: Công ty Nước Ví Dụ", type="ServiceEngagement")
_SOURCE = SourceDocument(record="e" * 12, source="city/services", file="services.csv", line=7, date="2026-01-15")

NEIGHBOURS = NeighboursDocument(
    snapshot=_SNAPSHOT,
    as_of="2026-07-01",
    id="c" * 12,
    groups=[
        BesideDocument(
            way="in.provider.ServiceEngagement.client",
            label="Hợp đồng dịch vụ: bên cung cấp → khách hàng",
            total=1,
            meetings=2,
            neighbours=[
                NeighbourDocument(
                    node=_FIRM,
                    kind="Doanh nghiệp",
                    href="/id/dddddddddddd",
                    illustrative=True,
                    count=2,
                    last="2025-06-30",
                    state="undated",
                    event=_DEAL,
                    sources=[_SOURCE],
                )
            ],
            next=None,
        )
    ],
    unfollowed={},
)
HISTORY = HistoryDocument(
    snapshot=_SNAPSHOT,
    id="d" * 12,
    mentions=2,
    versions_total=1,
    versions=[
        VersionDocument(
            load="000012",
            instant=_INSTANT,
            source="city/firms",
            file="firms.csv",
            line=4,
            record="e" * 12,
            state="changed",
            added=[SaidDocument(property="founded", object=None, name=None, value="2011", language=None)],
            removed=[SaidDocument(property="founded", object=None, name=None, value="2010", language=None)],
        )
    ],
    links_total=1,
    links=[
        LinkDocument(
            load="000013",
            instant=_INSTANT,
            source="ketnoi/linker",
            later="7" * 12,
            later_name="Cty Nước Ví Dụ",
            earlier="d" * 12,
            earlier_name="Công ty Nước Ví Dụ",
            same=True,
            probability=0.99,
            reason="same tax-code",
        )
    ],
    next=None,
)
SUGGESTIONS = SuggestionsDocument(
    snapshot=_SNAPSHOT,
    suggestions=[
        SuggestionDocument(
            id="d" * 12,
            name="Công ty Nước Ví Dụ",
            type="Enterprise",
            kind="Doanh nghiệp",
            href="/id/dddddddddddd",
            illustrative=True,
        )
    ],
)
COMMUNITIES = CommunitiesDocument(
    snapshot=_SNAPSHOT,
    as_of="2026-07-01",
    modularity=0.41,
    communities=[2],
    nodes_total=2,
    whole=True,
    nodes=[
        DrawnNode(
            id="c" * 12,
            name="Trung tâm Giao dịch Ví Dụ",
            kind="Tổ chức trung gian",
            href="/id/cccccccccccc",
            made=True,
            hue=0,
            group="Cộng đồng 1",
            size=2,
            said="Chủ yếu điều phối: nối các bên trong cùng địa bàn với mình (2 trong 3 lần môi giới).",
        ),
        DrawnNode(
            id="d" * 12,
            name="Công ty Nước Ví Dụ",
            kind="Doanh nghiệp",
            href="/id/dddddddddddd",
            made=True,
            hue=0,
            group="Cộng đồng 1",
            size=2,
        ),
    ],
    lines=[DrawnLine(source="c" * 12, target="d" * 12, weight=2)],
)
