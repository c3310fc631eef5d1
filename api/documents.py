"""An entity as JSON, JSON-LD and Turtle, and the shapes of the API's answers."""

import json
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox
from pydantic import BaseModel, ConfigDict, Field
from rdflib import RDF, XSD

from api.links import iri
from graph.questions.networks import Network
from graph.views.bridge import Bridged
from graph.views.entity import EntityPage, Fact, NodeRef
from ontology.model import KN, ontology

_TYPE = str(RDF.type)


class _Document(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class NodeDocument(_Document):
    """A node by its id, with a name and its most specific class."""

    id: str
    name: str
    type: str


class SourceDocument(_Document):
    """The record behind a value."""

    record: str
    source: str
    file: str | None
    line: int | None
    date: str | None


class FactDocument(_Document):
    """A value or an edge; one of ``value`` and ``object`` is set."""

    property: str
    value: str | None
    language: str | None
    object: NodeDocument | None
    sources: list[SourceDocument]


class IncomingDocument(_Document):
    """An edge that points here."""

    property: str
    node: NodeDocument


class EntityDocument(_Document):
    """An entity. ``claims`` are what other sources said where another value won."""

    snapshot: str
    id: str
    iri: str
    name: str
    types: list[str]
    illustrative: bool
    facts: list[FactDocument]
    incoming: list[IncomingDocument]
    incoming_counts: dict[str, int]
    claims: list[FactDocument]


class StatementDocument(FactDocument):
    """A statement about ``subject``. ``resolved`` is false where another source's value won."""

    subject: NodeDocument
    resolved: bool


class StatementsDocument(_Document):
    """The statements of an entity, or those of a source record."""

    snapshot: str
    id: str
    statements: list[StatementDocument]


class HitDocument(_Document):
    """A result of a search."""

    id: str
    name: str
    type: str
    snippet: str
    score: float


class HitsDocument(_Document):
    """The results of a search, the best first; ``bridged`` are the phrases that were looked for in the other language too."""

    snapshot: str
    bridged: list[Bridged]
    hits: list[HitDocument]


class MeantDocument(_Document):
    """An organisation that a string may mean; ``linked`` says that it does. ``reasons`` are parts of its log-odds, by name."""

    id: str
    name: str
    probability: float
    linked: bool
    reasons: dict[str, float]


class AffiliationDocument(_Document):
    """A string, and the organisations that it may mean, the most probable first."""

    text: str
    organisations: list[MeantDocument]


class AffiliationsDocument(_Document):
    """Strings linked to organisations."""

    snapshot: str
    affiliations: list[AffiliationDocument]


class ReasonDocument(_Document):
    """What one comparison said of a pair, in the language asked for; ``weight`` is its log-odds, below 0 against."""

    comparison: str
    text: str
    weight: float


class LineDocument(_Document):
    """Values of one kind that records say; ``more`` are not listed."""

    label: str
    values: list[str]
    more: int


class SideDocument(_Document):
    """One side of a pair: the node that it is today, how many statements speak of it, and what some of its records say."""

    node: NodeDocument
    statements: int
    lines: list[LineDocument]
    records: list[SourceDocument]


class PairDocument(_Document):
    """Two nodes that may be one body or, ``joined``, two mentions that a weak link makes one.

    ``value`` orders the queue. ``reasons`` are the strongest comparisons; where the linker followed a rule it is ``written``.
    """

    later: str
    later_name: str
    later_side: SideDocument
    earlier: str
    earlier_name: str
    earlier_side: SideDocument
    joined: bool
    probability: float
    value: float
    reasons: list[ReasonDocument]
    written: str


class PairJudgement(BaseModel):
    """A curator's decision on two mentions."""

    model_config = ConfigDict(extra="forbid")

    later: str = Field(max_length=40)
    earlier: str = Field(max_length=40)
    same: bool
    reason: str = Field("", max_length=500)


class DecisionDocument(_Document):
    """What was decided of a pair, by whom, when and why; ``load`` is set where it has just been written."""

    later: str
    earlier: str
    same: bool
    who: str
    instant: str
    reason: str
    load: str | None = None


class PairsDocument(_Document):
    """The queue, the most valuable first, with how many wait in all, and the newest decisions."""

    snapshot: str
    waiting: int
    pairs: list[PairDocument]
    decisions: list[DecisionDocument]


class LoadDocument(_Document):
    """What one file or form brought."""

    load: str
    source: str
    kind: str
    shape: str
    file: str
    sha256: str
    licence: str | None
    instant: str
    records: int
    accepted: int
    refused: int
    changed: int
    new: int
    unchanged: int
    gone: int
    withdrawn: str | None


class FaultDocument(_Document):
    """Why a field was refused."""

    field: str
    reason: str


class RefusedDocument(_Document):
    """A record that a load refused. ``cells`` is empty where it is no row of a table."""

    line: int
    faults: list[FaultDocument]
    row: str
    cells: dict[str, str]


class LoadReportDocument(LoadDocument):
    """What a load brought and what it refused; of a dry run ``load`` is no number. ``left_aside`` are headers without a use."""

    left_aside: list[str] = []
    rejects: list[RefusedDocument] = []


class LoadsDocument(_Document):
    """All loads, the newest first."""

    loads: list[LoadDocument]


class Judgement(BaseModel):
    """A curator's correction of a value."""

    model_config = ConfigDict(extra="forbid")

    entity: str = Field(max_length=300)
    property: str = Field(max_length=100)
    value: str = Field(min_length=1, max_length=20_000)
    language: str | None = Field(None, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20)


class JudgementDocument(_Document):
    """A judgement that is on disk; it is seen after the publish that it started."""

    load: str
    entity: str
    property: str


def entity_document(page: EntityPage, snapshot: str) -> EntityDocument:
    """An entity as the API gives it."""
    return EntityDocument(
        snapshot=snapshot,
        id=page.id,
        iri=iri(page.id),
        name=page.name,
        types=list(page.types),
        illustrative=page.illustrative,
        facts=[FactDocument.model_validate(fact) for fact in page.facts],
        incoming=[
            IncomingDocument(property=name, node=NodeDocument.model_validate(node)) for name, node in page.incoming
        ],
        incoming_counts=page.incoming_counts,
        claims=[FactDocument.model_validate(fact) for fact in page.claims],
    )


def statement_document(subject: NodeRef, fact: Fact, resolved: bool) -> StatementDocument:
    """One statement as the API gives it."""
    said = FactDocument.model_validate(fact)
    return StatementDocument(**dict(said), subject=NodeDocument.model_validate(subject), resolved=resolved)


def _triples(said: Iterable[ox.Triple | ox.Quad]) -> list[ox.Triple]:
    return [ox.Triple(one.subject, one.predicate, one.object) for one in said]


def turtle(said: Iterable[ox.Triple | ox.Quad]) -> bytes:
    """Triples as Turtle."""
    prefixes = {"kn": str(KN), "xsd": str(XSD)}
    written = ox.serialize(sorted(_triples(said), key=str), format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    return written or b""


def json_ld(said: Iterable[ox.Triple | ox.Quad]) -> bytes:
    """Triples as JSON-LD with the ontology's context written out, so that nobody has to fetch it."""
    nodes: dict[str, dict[str, Any]] = {}
    for triple in sorted(_triples(said), key=str):
        subject = _name(triple.subject)
        node = nodes.setdefault(subject, {"id": subject})
        predicate = triple.predicate.value
        if predicate == _TYPE:
            node.setdefault("type", []).append(_name(triple.object).removeprefix(str(KN)))
        else:
            name = predicate.removeprefix(str(KN))
            node.setdefault(name, []).append(_json_value(name, triple.object))
    content: dict[str, Any] = {"@context": dict(ontology().context)}
    listed = [{key: _single(value) for key, value in node.items()} for node in nodes.values()]
    content |= listed[0] if len(listed) == 1 else {"@graph": listed}
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _name(term: Any) -> str:
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else str(term.value)


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _json_value(name: str, term: Any) -> Any:
    context = ontology().context.get(name, {})
    if not isinstance(term, ox.Literal):
        return _name(term) if context.get("@type") == "@id" else {"id": _name(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    datatype = term.datatype.value
    if datatype == context.get("@type", str(XSD.string)):
        return term.value
    return {"@value": term.value, "@type": datatype}


class ProjectionDocument(_Document):
    """A network that there is: its name, title and definition by language, whether its ties have a direction, the classes of its ends."""

    name: str
    title: dict[str, str]
    definition: dict[str, str]
    directed: bool
    source: str
    target: str


class NetworksDocument(_Document):
    """The networks that there are."""

    snapshot: str
    networks: list[ProjectionDocument]


class YearDocument(_Document):
    """How much a network holds of a year (null where no day is on record)."""

    year: int | None
    ties: int
    weight: int
    sources: int
    targets: int


class NetworkDocument(_Document):
    """A network's counts by year."""

    snapshot: str
    as_of: str
    network: ProjectionDocument
    nodes: int
    years: list[YearDocument]

    @classmethod
    def of(cls, network: Network, snapshot: str, as_of: str) -> "NetworkDocument":
        """The counts of a network."""
        said = {"network": network.projection, "nodes": len(network.nodes()), "years": network.years()}
        return cls.model_validate({"snapshot": snapshot, "as_of": as_of, **said})
