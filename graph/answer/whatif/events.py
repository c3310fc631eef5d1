"""Arrays with a scenario applied: organisations, then the rows of the events that it touches, read from the changed dataset."""

from bisect import bisect_left
from typing import Any, cast

import numpy as np
import pyoxigraph as ox

from graph.answer.whatif.organisations import (
    HypotheticalArrays,
    add_organisation,
    merge_organisations,
    sort,
    with_rows,
)
from graph.answer.whatif.scenario import Supposed
from graph.answer.whatif.store import HypotheticalStore
from graph.questions.nodes import Node, identifier, term
from graph.views.arrays import NO_DAY, Arrays, Table, day_number
from ontology.model import KN

_OF_OFFERINGS = {"offering_fields": "hasField", "offering_areas": "area", "offering_industries": "hasIndustry"}


def hypothetical_arrays(base: Arrays, store: HypotheticalStore, supposed: Supposed) -> HypotheticalArrays:
    """The arrays that a publish of the changed dataset would build.

    :param store: with the scenario applied
    """
    arrays = HypotheticalArrays(base)
    if supposed.merged and supposed.into:
        merge_organisations(arrays, supposed.merged, supposed.into)
    for cls, node in _touched(store, "Organization"):
        if cls == "new":
            body = Node(cast(ox.Store, store), node)
            properties = ("name", "alternativeName", "hasField", "hasIndustry", "locatedIn", "worksInLanguage")
            said = {prop: body.values(prop) or body.end_ids(prop) for prop in properties}
            add_organisation(arrays, node, said)
    for _, node in _touched(store, "ServiceOffering"):
        _offering(arrays, Node(cast(ox.Store, store), node))
    _holdings(arrays, store)
    _recognitions(arrays, store, supposed)
    return arrays


def _touched(store: HypotheticalStore, cls: str) -> list[tuple[str, str]]:
    """Nodes of a class of which something changed: whether they are new, and their id."""
    difference = store.difference
    resolved = [quad for quad in difference.added if quad.graph_name == ox.DefaultGraph()]
    founding = {quad.subject for quad in resolved if quad.object == ox.NamedNode(f"{KN}{cls}")}
    subjects = {quad.subject for quad in resolved}
    found = []
    for node in sorted(map(identifier, subjects)):
        one = Node(cast(ox.Store, store), node)
        if one.is_a(cls):
            new = any(identifier(subject) == node for subject in founding)
            found.append(("new" if new else "old", node))
    return found


def _day(value: Any) -> int:
    return NO_DAY if value is None else day_number(str(value))


def _offering(arrays: HypotheticalArrays, offering: Node) -> None:
    """The row of a service, anew or for the first time."""
    provider = arrays.number("organisation", offering.end("provider") or "")
    at = arrays.number("offering", offering.id)
    table = arrays.tables["offering"]
    if at is None:
        ids = arrays.ids["offering"]
        at = bisect_left(ids, offering.id)
        arrays.listed("offering", [*ids[:at], offering.id, *ids[at:]])
        table = Table(table.columns | {"offering": table["offering"] + (table["offering"] >= at).astype(np.int32)})
        for name, prop in _OF_OFFERINGS.items():
            columns = arrays.concepts(offering.end_ids(prop))
            arrays.matrices[name] = with_rows(arrays.matrices[name], at, columns)
    kept = table["offering"] != at
    rows = []
    if provider is not None:
        kind = arrays.number("concept", offering.end("serviceKind") or "")
        rows.append(
            {
                "offering": at,
                "organisation": provider,
                "kind": -1 if kind is None else kind,
                "start": _day(offering.value("validFrom")),
                "until": _day(offering.value("validUntil")),
            }
        )
    arrays.tables["offering"] = _with(table, kept, rows, "offering")


def _with(table: Table, kept: np.ndarray, rows: list[dict[str, int]], name: str) -> Table:
    """Some rows of a table and more, in order."""
    columns = {
        column: np.concatenate([values[kept], np.array([row[column] for row in rows], dtype=values.dtype)])
        for column, values in table.columns.items()
    }
    return sort(name, Table(columns))


def _holdings(arrays: HypotheticalArrays, store: HypotheticalStore) -> None:
    """Who owns the technologies over which a holding came, went or changed."""
    technologies: set[str] = set()
    for quad in store.difference.added | store.difference.removed:
        if quad.predicate == term("holder"):
            technologies |= set(Node(cast(ox.Store, store), identifier(quad.subject)).end_ids("over"))
        elif quad.predicate == term("over"):
            technologies.add(identifier(quad.object))
    numbers = {node: number for node in technologies if (number := arrays.number("technology", node)) is not None}
    table = arrays.tables["holding"]
    rows = []
    for node, number in sorted(numbers.items()):
        for one in Node(cast(ox.Store, store), node).starts("over", "RightsHolding"):
            holder = arrays.number("organisation", one.end("holder") or "")
            if holder is not None and (one.end("power") or "").endswith("/own"):
                start = _day(one.value("validFrom"))
                rows.append({"technology": number, "organisation": holder, "start": start})
    kept = ~np.isin(table["technology"], list(numbers.values()))
    arrays.tables["holding"] = _with(table, kept, rows, "holding")


def _recognitions(arrays: HypotheticalArrays, store: HypotheticalStore, supposed: Supposed) -> None:
    """The recognitions of the bodies that were closed or merged."""
    bodies = {
        node: number
        for node in (supposed.closed, supposed.into)
        if node and (number := arrays.number("organisation", node)) is not None
    }
    table = arrays.tables["recognition"]
    rows = [
        {"organisation": number}
        | {column: _day(one.value(prop)) for column, prop in zip(("start", "until", "revoked"), _DAYS, strict=True)}
        for node, number in bodies.items()
        for one in Node(cast(ox.Store, store), node).starts("holder", "Recognition")
    ]
    kept = ~np.isin(table["organisation"], list(bodies.values()))
    arrays.tables["recognition"] = _with(table, kept, rows, "recognition")


_DAYS = ("validFrom", "validUntil", "revokedOn")
