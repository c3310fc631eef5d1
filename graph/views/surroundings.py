"""What stands around a node: its neighbours, over edges and over events that have both as ends, and the days that are told of it.

Read from the dataset, so that it is the same for today's snapshot, a past day's and one that was kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pyoxigraph as ox
from rdflib import RDF, XSD

from graph.views.rdf import identifier_of, iri
from graph.views.search import HIDDEN, most_specific
from ontology.model import KN, ontology

FOLLOWED = 10_000
"""Edges to a node that are followed to what lies behind them; of a concept that half of all bodies share the rest is only counted."""
_BELONGING = 20
"""Nodes that belong to one alone (a task's results) and whose own events are told with its own; of more none are."""
_DEFAULT = ox.DefaultGraph()
_DAYS = {str(XSD.date), str(XSD.gYear)}
_BEGIN, _END = (
    ("validFrom", "startDate", "appliesFrom", "founded"),
    ("revokedOn", "validUntil", "endDate", "appliesUntil", "dissolved"),
)
"""Properties that say from when until when a node is what it is said to be."""


class Dataset(Protocol):
    """Where the triples are."""

    @property
    def store(self) -> ox.Store: ...


@dataclass(frozen=True, slots=True)
class Way:
    """How a neighbour is reached: by an edge ``first``, which points here where ``inward``; or over an event of the class ``event``.

    Then ``first`` leads from the event here, and ``second`` from it to the neighbour.
    """

    first: str
    inward: bool
    event: str | None = None
    second: str | None = None

    @property
    def key(self) -> str:
        """The way in an address: ``out.hasField``, ``in.hostedBy``, ``in.provider.ServiceEngagement.client``."""
        return ".".join(part for part in ("in" if self.inward else "out", self.first, self.event, self.second) if part)


@dataclass(frozen=True, slots=True)
class Validity:
    """From when until when something is valid, both included, as ISO dates or years; an open end is ``None``."""

    since: str | None = None
    until: str | None = None

    @property
    def known(self) -> bool:
        return self.since is not None or self.until is not None

    def state(self, day: str) -> str:
        """``valid``, ``ended`` or ``future`` on a day; ``undated`` where neither end is on record.

        A year stands for all of its days.

        :param day: an ISO date
        """
        if not self.known:
            return "undated"
        if self.until is not None and self.until < day[: len(self.until)]:
            return "ended"
        if self.since is not None and self.since > day[: len(self.since)]:
            return "future"
        return "valid"


@dataclass(frozen=True, slots=True)
class Met:
    """One edge or event that ties the node to a neighbour. ``event`` is the event's id; ``last`` the last day told of it."""

    node: str
    event: str | None
    validity: Validity
    last: str | None


@dataclass(frozen=True, slots=True)
class Happening:
    """A day told of ``node``: by which property of it."""

    day: str
    prop: str
    node: str


@dataclass(frozen=True, slots=True)
class Around:
    """Everything around a node. ``unfollowed`` counts, by property, edges to it that nobody followed.

    ``met`` has what ``ways`` has by neighbour: those met most often first, then those met last.
    """

    validity: Validity
    ways: dict[Way, list[Met]] = field(default_factory=dict)
    met: dict[Way, dict[str, list[Met]]] = field(default_factory=dict)
    days: tuple[Happening, ...] = ()
    unfollowed: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Node:
    """What the default graph says of one node."""

    types: list[str] = field(default_factory=list)
    edges: list[tuple[str, str]] = field(default_factory=list)
    days: list[tuple[str, str]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return most_specific(self.types) if self.types else "Entity"

    @property
    def is_event(self) -> bool:
        cls = ontology().classes.get(self.kind)
        return cls is not None and cls.event

    @property
    def validity(self) -> Validity:
        told = dict(self.days)
        since = next((told[name] for name in _BEGIN if name in told), None)
        return Validity(since, min((told[name] for name in _END if name in told), default=None))

    @property
    def last(self) -> str | None:
        return max((day for _, day in self.days), default=None)


def around(dataset: Dataset, identifier: str) -> Around:
    """What stands around a node, as the snapshot says it."""
    return _Walk(dataset.store).around(identifier)


class _Walk:
    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._days = {prop.name for prop in ontology().properties.values() if prop.datatype in _DAYS}

    def around(self, identifier: str) -> Around:
        own = self._read(identifier)
        ways: defaultdict[Way, list[Met]] = defaultdict(list)
        days = [Happening(day, prop, identifier) for prop, day in own.days]
        belonging: list[str] = []
        for prop, target in own.edges:
            node = self._read(target)
            if node.kind not in HIDDEN:
                ways[Way(prop, False)].append(Met(target, None, node.validity, node.last))
                days += [Happening(day, told, target) for told, day in node.days if node.is_event]
        unfollowed: dict[str, int] = {}
        for prop, source in self._pointing(identifier, unfollowed):
            node = self._read(source)
            if node.kind in HIDDEN:
                continue
            days += [Happening(day, told, source) for told, day in node.days]
            for way, met in self._over(prop, identifier, source, node):
                ways[way].append(met)
            if not node.is_event and ontology().properties[prop].single:
                belonging.append(source)
        days += self._told_of(belonging, identifier)
        gathered = {way: _by_neighbour(several) for way, several in ways.items()}
        return Around(own.validity, dict(ways), gathered, tuple(sorted(set(days), key=_place)), unfollowed)

    def _over(self, prop: str, here: str, source: str, node: _Node) -> Iterator[tuple[Way, Met]]:
        """The neighbours behind what points here: the other ends of an event, or the node itself."""
        ends = [
            (name, target)
            for name, target in node.edges
            if node.is_event and target != here and not target.startswith("scheme/")
        ]
        for name, target in ends:
            yield Way(prop, True, node.kind, name), Met(target, source, node.validity, node.last)
        if not ends:
            yield Way(prop, True), Met(source, None, node.validity, node.last)

    def _told_of(self, nodes: Sequence[str], here: str) -> Iterator[Happening]:
        """Days of the events of nodes that belong to this one alone."""
        if len(nodes) > _BELONGING:
            return
        for node in nodes:
            for _, source in self._pointing(node, {}):
                event = self._read(source)
                if event.is_event and source != here and event.kind not in HIDDEN:
                    yield from (Happening(day, told, source) for told, day in event.days)

    def _pointing(self, identifier: str, unfollowed: dict[str, int]) -> Iterator[tuple[str, str]]:
        """Edges that point here: property and the node that they come from."""
        for at, quad in enumerate(self._store.quads_for_pattern(None, None, ox.NamedNode(iri(identifier)), _DEFAULT)):
            prop = quad.predicate.value.removeprefix(str(KN))
            if at >= FOLLOWED:
                unfollowed[prop] = unfollowed.get(prop, 0) + 1
            elif isinstance(quad.subject, ox.NamedNode):
                source = identifier_of(quad.subject.value)
                if source and not source.startswith("record/"):
                    yield prop, source

    def _read(self, identifier: str) -> _Node:
        node = _Node()
        for quad in self._store.quads_for_pattern(ox.NamedNode(iri(identifier)), None, None, _DEFAULT):
            prop = quad.predicate.value.removeprefix(str(KN))
            if isinstance(quad.object, ox.NamedNode):
                if prop == str(RDF.type):
                    node.types.append(quad.object.value.removeprefix(str(KN)))
                elif target := identifier_of(quad.object.value):
                    node.edges.append((prop, target))
            elif prop in self._days and isinstance(quad.object, ox.Literal):
                node.days.append((prop, quad.object.value))
        return node


def _by_neighbour(met: Iterable[Met]) -> dict[str, list[Met]]:
    gathered: defaultdict[str, list[Met]] = defaultdict(list)
    for one in met:
        gathered[one.node].append(one)
    # the last by each key in turn, the most telling one last: sorting keeps the order of equals
    order = sorted(gathered)
    order.sort(key=lambda node: max(one.last or "" for one in gathered[node]), reverse=True)
    order.sort(key=lambda node: len(gathered[node]), reverse=True)
    return {node: gathered[node] for node in order}


def _place(one: Happening) -> tuple[str, str, str]:
    return one.day, one.prop, one.node
