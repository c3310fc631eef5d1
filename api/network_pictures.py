"""A network as its page shows it: communities, what each broker does in a sentence, and the picture."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from api.catalogue import Words
from api.pictures import drawn_node
from api.reading import Views
from graph.questions.analysis import ROLES
from graph.questions.communities import Divided
from graph.questions.named import AS_OF, NamedQuestion
from graph.views.entity import NodeRef

ROLES_QUESTION = "brokerage_roles"
_COLOURS = 8
_MEMBERS = 5
_SHOWN = 12


class DrawnNode(BaseModel):
    """A node of the picture: its community as ``group``, its weight as ``size``; ``said`` is what a broker does."""

    id: str
    name: str
    kind: str
    href: str
    made: bool = Field(description="Whether it is illustrative.")
    hue: int
    group: str
    size: int
    said: str | None = None


class DrawnLine(BaseModel):
    """A tie of the picture, with the weight of all years."""

    source: str
    target: str
    weight: int


class CommunitiesDocument(BaseModel):
    """The picture of a network: its heaviest nodes and ties; ``communities`` are the sizes of all of them, the largest first.

    ``whole`` is false where communities were looked for in what is drawn alone.
    """

    snapshot: str
    as_of: str
    modularity: float
    communities: list[int]
    nodes_total: int
    whole: bool
    nodes: list[DrawnNode]
    lines: list[DrawnLine]


@dataclass(frozen=True, slots=True)
class ShownCommunity:
    """A community: its number and colour, how many nodes, the weight of its ties within, and its heaviest nodes."""

    number: int
    hue: int
    size: int
    inside: int
    heaviest: tuple[tuple[NodeRef, bool], ...]


@dataclass(frozen=True, slots=True)
class ShownBroker:
    """A broker and what it does, in a sentence; ``total`` acts of brokerage stand behind it."""

    node: NodeRef
    illustrative: bool
    total: int
    sentence: str


def communities_of(divided: Divided, views: Views, words: Words) -> list[ShownCommunity]:
    """The largest communities."""
    return [
        ShownCommunity(
            one.number,
            _hue(one.number),
            len(one.nodes),
            one.inside,
            tuple((views.ref(node, words.language), views.illustrative(node)) for node in one.nodes[:_MEMBERS]),
        )
        for one in divided.communities[:_SHOWN]
    ]


def _hue(community: int) -> int:
    return (community - 1) % _COLOURS


def roles_by_broker(
    views: Views, asked: NamedQuestion, day: str, since: int | None, until: int | None
) -> dict[str, Counter[str]]:
    """How often each broker played each Gould–Fernandez role between two years, as question 23 counts it, by province."""
    found: dict[str, Counter[str]] = {}
    for row in views.question(asked, {AS_OF: day, "grouping": "place"}).rows:
        if (since is None or row["year"] >= since) and (until is None or row["year"] <= until):
            found.setdefault(row["broker"], Counter()).update({role: row[role] for role in ROLES})
    return found


def brokers_of(
    roles: Mapping[str, Counter[str]], divided: Divided, views: Views, words: Words
) -> dict[str, ShownBroker]:
    """The brokers of a network by id, those that brokered most first."""
    community = divided.community_of()
    beside: dict[str, set[int]] = {}
    for one, other in divided.drawn:
        beside.setdefault(one, set()).add(community[other])
        beside.setdefault(other, set()).add(community[one])
    shown = {
        node: ShownBroker(
            views.ref(node, words.language),
            views.illustrative(node),
            counted.total(),
            _sentence(counted, len(beside.get(node, ())), words),
        )
        for node, counted in roles.items()
        if node in divided.weights and counted.total()
    }
    return dict(sorted(shown.items(), key=lambda item: (-item[1].total, item[0])))


def _sentence(counted: Counter[str], reached: int, words: Words) -> str:
    """The role that a broker played most; of equals the first in the order of roles."""
    main = max(ROLES, key=lambda role: (counted[role], -ROLES.index(role)))
    said = words(
        "broker.sentence",
        role=words("broker." + main),
        doing=words("brokering." + main),
        count=words.number(counted[main]),
        total=words.number(counted.total()),
    )
    return f"{said} {words('broker.reaches', count=words.number(reached))}" if reached > 1 else said


def picture_of(
    divided: Divided, brokers: Mapping[str, ShownBroker], views: Views, words: Words
) -> dict[str, list[dict[str, Any]]]:
    """Nodes with their communities, and ties, as the script that draws networks reads them."""
    community = divided.community_of()
    nodes = [
        drawn_node(
            views.ref(node, words.language),
            views.illustrative(node),
            words.language,
            hue=_hue(community[node]),
            group=words("network.community", number=community[node]),
            size=divided.weights[node],
            **_said(brokers, node),
        )
        for node in _by_community(divided.drawn_nodes, community)
    ]
    lines = [{"source": one, "target": other, "weight": weight} for (one, other), weight in divided.drawn.items()]
    return {"nodes": nodes, "lines": lines}


def _said(brokers: Mapping[str, ShownBroker], node: str) -> dict[str, str]:
    return {"said": brokers[node].sentence} if node in brokers else {}


def _by_community(nodes: Iterable[str], community: Mapping[str, int]) -> list[str]:
    return sorted(nodes, key=lambda node: (community[node], node))
