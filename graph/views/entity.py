"""Everything that one page shows of an entity, with the source of each value one step away."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RecordRef:
    """A source record: where a value is from. ``line`` counts from 1; ``date`` is the day on which the file was taken in."""

    record: str
    source: str
    file: str | None = None
    line: int | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class NodeRef:
    """A node that a page links to, by id, with a name to show and its most specific class."""

    id: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Member:
    """A concept as the list of its scheme shows it. ``parent`` is the id of a broader one in the same scheme."""

    id: str
    code: str
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Fact:
    """A value or an edge of an entity. Exactly one of ``value`` and ``object`` is set."""

    property: str
    value: str | None
    language: str | None
    object: NodeRef | None
    sources: tuple[RecordRef, ...]


@dataclass(frozen=True, slots=True)
class EntityPage:
    """An entity as its page shows it.

    ``types`` are its classes, the most specific first; ``facts`` in the ontology's order of properties; ``incoming`` are edges that
    point here: (property, the node that they come from), at most ``limit`` a property, with the count of all of them in
    ``incoming_counts``; ``claims`` are what other sources said where another value won.
    """

    id: str
    name: str
    types: tuple[str, ...]
    illustrative: bool
    facts: tuple[Fact, ...]
    incoming: tuple[tuple[str, NodeRef], ...] = ()
    incoming_counts: dict[str, int] = field(default_factory=dict)
    claims: tuple[Fact, ...] = ()
