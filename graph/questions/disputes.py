"""Whom sources name as owner where they name different ones, with the records that do: read from the graphs of these records."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import pyoxigraph as ox

from graph.questions.nodes import Node, identifier, record_of, term
from graph.views.rdf import iri

_ENDS = ("over", "power", "holder")


class Said(NamedTuple):
    """What a source says of one holding: the power, the holder, and the records in which it does."""

    power: str | None
    source: str | None
    holder: str
    records: frozenset[str]


def claims_of_holder(about: Node) -> list[dict[str, Any]]:
    """The competing claims about who holds rights over a node: holder and records, by holder."""
    claims = [
        claim.end("claimObject")
        for claim in about.starts("claimAbout", "CompetingClaim")
        if claim.value("claimProperty") == "holder"
    ]
    if not claims:
        return []
    said = list(standing(about))
    answers: dict[str | None, dict[str | None, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in said:
        answers[one.power][one.source].add(one.holder)
    disputed = {power for power, given in answers.items() if len(set(map(frozenset, given.values()))) > 1}
    records: dict[str, set[str]] = defaultdict(set)
    for one in said:
        if one.power in disputed:
            records[one.holder] |= one.records
    return [{"holder": holder, "sources": sorted(records[holder])} for holder in sorted(filter(None, claims))]


def standing(about: Node) -> Iterator[Said]:
    """What sources say of holdings over a node that have not ended, as the competition of the ontology compares it."""
    store = about.store
    spoken = store.quads_for_pattern(None, term("over"), ox.NamedNode(iri(about.id)), None)
    for holding in sorted({identifier(quad.subject) for quad in spoken}):
        by_source: dict[str | None, list[ox.Quad]] = defaultdict(list)
        for quad in store.quads_for_pattern(ox.NamedNode(iri(holding)), None, None, None):
            if isinstance(quad.graph_name, ox.NamedNode):
                by_source[Node(store, f"record/{record_of(quad)}").end("fromSource")].append(quad)
        for source, quads in by_source.items():
            over, power, holder = (_named(quads, prop) for prop in _ENDS)
            ended = any(quad.predicate == term("validUntil") for quad in quads)
            if not ended and over == about.id and holder:
                yield Said(power, source, holder, frozenset(map(record_of, quads)))


def _named(quads: list[ox.Quad], prop: str) -> str | None:
    """The end that a source names; of several the last by id, as the competition takes it."""
    return max((identifier(quad.object) for quad in quads if quad.predicate == term(prop)), default=None)
