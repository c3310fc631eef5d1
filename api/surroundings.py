"""The neighbours of a node, grouped by the way that leads to them: what the API tells, and what pages and pictures show."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.catalogue import Words
from api.links import address
from api.reading import Views
from graph.views.entity import NodeRef, RecordRef
from graph.views.surroundings import Met, Way
from ontology.model import ontology
from ontology.statement import TYPE

MOST = 200
"""Neighbours of all groups together that one answer tells, so that it stays below 300 kB."""
_SOURCES = 2
_STATES = ("valid", "undated", "future", "ended")
"""States of what ties two nodes, that first which counts for the neighbour where several do."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A node beside another: ``kind`` is its class in words, ``href`` its page.

    ``count`` is how many edges or events tie them, ``last`` the last day told of these, ``event`` the latest one. ``state`` says what
    holds on the day asked for: ``valid``, ``ended``, ``future`` or ``undated``.
    """

    node: NodeRef
    kind: str
    href: str
    illustrative: bool
    count: int
    last: str | None
    state: str
    event: NodeRef | None
    sources: tuple[RecordRef, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """A page of the neighbours that one way leads to. ``total`` counts nodes, ``meetings`` edges or events; ``next`` is where the next page begins."""

    way: str
    label: str
    total: int
    meetings: int
    neighbours: tuple[Neighbour, ...]
    next: int | None


class Surroundings:
    """Tells what stands around one node on a day.

    :param day: an ISO date
    """

    def __init__(self, views: Views, identifier: str, words: Words, day: str) -> None:
        self._views, self._id, self._words, self._day = views, identifier, words, day
        self.around = views.around(identifier)

    def groups(self, each: int) -> list[Beside]:
        """The groups, the largest first, each with at most ``each`` neighbours, fewer where there are many groups."""
        ways = self.around.ways
        each = max(1, min(each, MOST // max(1, len(ways))))
        return sorted((self.group(way, 0, each) for way in ways), key=lambda one: (-one.total, one.way))

    def of(self, key: str, offset: int, limit: int) -> Beside | None:
        """A page of one group, or ``None`` where no such way leads from here."""
        way = next((way for way in self.around.ways if way.key == key), None)
        return None if way is None else self.group(way, offset, limit)

    def group(self, way: Way, offset: int, limit: int) -> Beside:
        """A page of the neighbours that a way leads to: those met most often first, then those met last."""
        met = self.around.ways[way]
        gathered = self.around.met[way]
        # in this order already
        order = list(gathered)
        shown = order[offset : offset + limit]
        following = offset + limit if offset + limit < len(order) else None
        return Beside(
            way.key,
            way_label(way, self._words, self._views.ref(order[0], self._words.language).type),
            len(order),
            len(met),
            tuple(self._neighbour(way, node, gathered[node]) for node in shown),
            following,
        )

    def _neighbour(self, way: Way, node: str, met: Sequence[Met]) -> Neighbour:
        views, language = self._views, self._words.language
        ref = views.ref(node, language)
        latest = max(met, key=lambda one: (one.last or "", one.event or ""))
        return Neighbour(
            ref,
            ontology().label(ref.type, language),
            address(node),
            views.illustrative(node),
            len(met),
            latest.last,
            min((one.validity.state(self._day) for one in met), key=_STATES.index),
            views.ref(latest.event, language) if latest.event else None,
            self._stated(way, node, latest.event),
        )

    def _stated(self, way: Way, node: str, event: str | None) -> tuple[RecordRef, ...]:
        """The records that state the tie."""
        if event is not None:
            return self._views.edge_sources(event, way.second or "", node, _SOURCES)
        ends = (node, self._id) if way.inward else (self._id, node)
        return self._views.edge_sources(ends[0], way.first, ends[1], _SOURCES)


def way_label(way: Way, words: Words, kind: str) -> str:
    """What a way is called: by the property, and by the class of what stands at its other end or between.

    :param kind: the class of a neighbour
    """
    terms = ontology()

    def said(name: str) -> str:
        return words("entity.type") if name == TYPE else terms.label(name, words.language)

    if way.event is not None:
        return words("around.way_event", event=said(way.event), first=said(way.first), second=said(way.second or ""))
    return words("around.way_in", kind=said(kind), first=said(way.first)) if way.inward else said(way.first)
