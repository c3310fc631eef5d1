"""A first build on a named server: in batches over Bolt, and not ready before the snapshot's node is written."""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from graph.views.neo4j_connection import PropertyGraph
from graph.views.neo4j_errors import GraphError
from graph.views.neo4j_snapshots import SNAPSHOT_LABEL
from graph.views.property_graph import SEPARATOR, write_edges, write_nodes, write_snapshot
from ontology.model import ROOT

_BATCH = 5000
_BEGUN = "_KetnoiImport"
"""Label of the node that marks a database while it is filled."""


class GraphRefused(GraphError):
    """The named database is not Ketnoi's to fill; the message says what to do."""


def import_over_bolt(graph: PropertyGraph, files: Path, snapshot: dict[str, Any]) -> None:
    """Replace whatever Ketnoi has on the server by the content of import files.

    :raises GraphRefused: where the database holds nodes and Ketnoi never wrote to it
    """
    from graph.views.engine import make_constraints

    _, rows = graph.read(
        f"RETURN EXISTS {{ MATCH (:{SNAPSHOT_LABEL}) }} OR EXISTS {{ MATCH (:{_BEGUN}) }}, EXISTS {{ MATCH (n) }}"
    )
    ours, filled = rows[0]
    if filled and not ours:
        raise GraphRefused("the database holds nodes that Ketnoi did not make; name an empty one in KETNOI_NEO4J_URI")
    # not ready from here on, and known as ours if this ends half-way
    graph.write(lambda tx: tx.run(f"MERGE (:{_BEGUN})").consume() and None)
    graph.write(lambda tx: tx.run(f"MATCH (s:{SNAPSHOT_LABEL}) DELETE s").consume() and None)
    while _removed(graph, ROOT):
        pass
    make_constraints(graph)
    for path in sorted(files.glob("nodes-*.csv")):
        for batch in _in_batches(_nodes(path)):
            graph.write(lambda tx, rows=batch: write_nodes(tx, rows))  # type: ignore[misc]
    for path in sorted(files.glob("rels-*.csv")):
        for edges in _in_batches(_edges(path)):
            by_type: dict[str, list[dict[str, Any]]] = defaultdict(list)
            for kind, row in edges:
                by_type[kind].append(row)
            graph.write(lambda tx, rows=by_type: write_edges(tx, rows))  # type: ignore[misc]
    graph.write(lambda tx: _finish(tx, snapshot))


def _finish(tx: Any, snapshot: dict[str, Any]) -> None:
    tx.run(f"MATCH (b:{_BEGUN}) DELETE b").consume()
    write_snapshot(tx, snapshot)


def _removed(graph: PropertyGraph, root: str) -> int:
    def remove(tx: Any) -> int:
        row = tx.run(f"MATCH (n:{root}) WITH n LIMIT 20000 DETACH DELETE n RETURN count(*)").single()
        return int(row[0]) if row else 0

    return graph.write(remove)


def _in_batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _rows(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _typed(text: str, kind: str) -> Any:
    if kind.endswith("[]"):
        return [_typed(part, kind[:-2]) for part in text.split(SEPARATOR)]
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "long":
        return int(text)
    if kind == "double":
        return float(text)
    return text == "true" if kind == "boolean" else text


def _nodes(path: Path) -> Iterator[tuple[str, list[str], dict[str, Any]]]:
    for row in _rows(path):
        values: dict[str, Any] = {}
        for header, text in row.items():
            key, _, kind = header.rpartition(":")
            if text and kind not in ("ID", "LABEL"):
                values[key] = _typed(text, kind)
        identifier = row["id:ID"]
        yield identifier, row[":LABEL"].split(SEPARATOR), {"id": identifier} | values


def _edges(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in _rows(path):
        sources = row["sources:string[]"].split(SEPARATOR) if row["sources:string[]"] else []
        yield row[":TYPE"], {"a": row[":START_ID"], "b": row[":END_ID"], "sources": sources}
