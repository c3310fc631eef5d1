"""What happened around a node, in order: the days that its own facts and the events beside it tell."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.catalogue import Words
from api.reading import Views
from graph.views.entity import NodeRef, RecordRef
from graph.views.surroundings import Happening
from ontology.model import ontology

_SOURCES = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A day: what is told of which node, and whether it lies after the day asked for. ``own`` says that it is the node's own day."""

    day: str
    said: str
    label: str
    node: NodeRef
    own: bool
    later: bool
    illustrative: bool
    sources: tuple[RecordRef, ...]


def rows_of(views: Views, identifier: str, days: Sequence[Happening], words: Words, day: str) -> list[Row]:
    """Days as rows of the timeline, in the order given.

    :param days: some of those around the node
    :param day: the day asked for, as an ISO date
    """
    return [
        Row(
            one.day,
            words.day(one.day),
            ontology().label(one.prop, words.language),
            views.ref(one.node, words.language),
            one.node == identifier,
            one.day[: len(day)] > day[: len(one.day)],
            views.illustrative(one.node),
            views.value_sources(one.node, one.prop, _SOURCES),
        )
        for one in days
    ]
