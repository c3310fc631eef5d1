"""What a curator sees of the two sides of a pair: what their source records say of them and of what stands beside them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from rdflib import XSD

from api.catalogue import Words
from api.documents import PairDocument, ReasonDocument, SideDocument
from api.reading import Told, statements
from graph.answer.review_pairs import Pair, Side
from graph.views.entity import Fact, NodeRef, RecordRef
from ontology.model import ontology
from ontology.statement import TYPE

_VALUES = 6
"""Values of one line that are shown."""
_DAYS = {str(XSD.date), str(XSD.gYear)}


@dataclass(frozen=True, slots=True)
class Line:
    """Values of one kind: what they are called, the first of them, and how many there are besides."""

    label: str
    values: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ShownSide:
    """One side of a pair: the node that it is today, how many statements speak of the side, and what its records say."""

    node: NodeRef
    statements: int
    lines: tuple[Line, ...]
    records: tuple[RecordRef, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """What one comparison said of a pair, in words and in log-odds."""

    comparison: str
    text: str
    weight: float


def reasons_of(pair: Pair, words: Words) -> list[Reason]:
    """What spoke for a pair and against it, the strongest first."""
    return [Reason(name, words("compare." + name), weight) for name, weight in pair.reasons]


def pair_document(pair: Pair, views: Told, words: Words) -> PairDocument:
    """A pair with all that a curator is shown of it."""
    later, earlier = sides_of(pair, views, words.language)
    return PairDocument(
        later=pair.later,
        later_name=later.node.name,
        later_side=SideDocument.model_validate(later),
        earlier=pair.earlier,
        earlier_name=earlier.node.name,
        earlier_side=SideDocument.model_validate(earlier),
        joined=pair.joined,
        probability=pair.probability,
        value=pair.value,
        reasons=[ReasonDocument.model_validate(one) for one in reasons_of(pair, words)],
        written=pair.written,
    )


def sides_of(pair: Pair, views: Told, language: str) -> tuple[ShownSide, ShownSide]:
    """The later side of a pair and the earlier one."""
    later, earlier = pair.sides
    return (
        _side(living(views, pair.later), later, views, language),
        _side(living(views, pair.earlier), earlier, views, language),
    )


def living(views: Told, identifier: str) -> str:
    """The node that an id means today; to look for a merged one is slow, so only where the id has nothing of its own."""
    return identifier if views.triples(identifier) else views.redirect(identifier) or identifier


def _side(node: str, side: Side, views: Told, language: str) -> ShownSide:
    """What the records of a side say of it, then what else they name."""
    lines: dict[_Term, set[str]] = {}
    for record in side.records:
        for subject, facts in statements(views, f"record/{record}", language):
            for term, value in _own(facts) if subject.id == node else _of_another(subject, facts):
                lines.setdefault(term, set()).add(value)
    return ShownSide(
        views.ref(node, language),
        side.statements,
        tuple(_line(name, sorted(lines[beside, at, name]), language) for beside, at, name in sorted(lines)),
        tuple(views.record(record) for record in side.records),
    )


_Term = tuple[bool, int, str]
"""A property or a class: whether it is of what stands beside, and its place in the ontology; both sides are told in one order."""


def _own(facts: list[Fact]) -> Iterator[tuple[_Term, str]]:
    for fact in facts:
        if fact.property != TYPE:
            yield (False, _place(fact.property), fact.property), _text(fact)


def _of_another(subject: NodeRef, facts: list[Fact]) -> Iterator[tuple[_Term, str]]:
    """The name of what stands beside the side, its days and its concepts: by these, records are compared too."""
    cls = ontology().classes.get(subject.type)
    if cls is None or subject.type == "Identifier":
        return
    if not cls.event:
        yield (True, -1, subject.type), subject.name
    for fact in facts:
        prop = ontology().properties.get(fact.property)
        if prop is not None and (
            prop.datatype in _DAYS or (fact.object is not None and fact.object.id.startswith("scheme/"))
        ):
            yield (True, _place(prop.name), prop.name), _text(fact)


@cache
def _places() -> dict[str, int]:
    return {name: at for at, name in enumerate(ontology().properties)}


def _place(prop: str) -> int:
    return -1 if prop == "name" else _places().get(prop, len(_places()))


def _line(name: str, values: list[str], language: str) -> Line:
    return Line(ontology().label(name, language), tuple(values[:_VALUES]), max(0, len(values) - _VALUES))


def _text(fact: Fact) -> str:
    return fact.value if fact.value is not None else fact.object.name if fact.object is not None else ""
