"""Proves that the views agree with the statements: the table is resolved anew from the loads and held against every view."""

import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import pyarrow as pa
import pyoxigraph as ox

from graph.links.entities import make_entities
from graph.resolve.snapshots import directory, read_snapshot, snapshot_id, triple_sums
from graph.resolve.table import make_facts, make_table
from graph.statements.home import Home
from graph.statements.loads import loads, open_statements
from graph.views import rdf
from graph.views.engine import Engine
from graph.views.errors import NotReady
from graph.views.property_graph import node_value
from ontology.model import ROOT, ontology
from ontology.statement import TYPE

_SHOWN = 20


def check_views(home: Home, engine: Engine) -> dict[str, Any]:
    """Hold property graph and dataset against the statements, node for node, edge for edge and value for value.

    :return: whether all agree, counts by view, and the first differences as sentences
    :raises NotReady: where nothing is published
    """
    # a publish meanwhile would change one side under the other's eyes
    with home.lock("publish"):
        return _checked(home, engine)


def _checked(home: Home, engine: Engine) -> dict[str, Any]:
    number = engine.current()
    snapshot = read_snapshot(home, number) if number is not None else None
    if snapshot is None or number is None:
        raise NotReady("nothing is published yet; run «ketnoi build»")
    work = home.snapshots / f".check-{uuid4().hex}"
    work.mkdir()
    differences: list[str] = []
    try:
        counted = [load for load in loads(home) if load.number in set(snapshot.loads)]
        con = open_statements(home, counted, work)
        make_entities(con)
        make_facts(con)
        make_table(con)
        sums = triple_sums(con, "resolved", rdf.triple_text())
        if snapshot_id(sums) != snapshot.snapshot:
            differences.append(f"the statements give snapshot {snapshot_id(sums)}, published is {snapshot.snapshot}")
        views = {
            "statements": _count(con),
            "dataset": _check_dataset(con, directory(home, number) / "rdf", work, differences),
            "property graph": _check_graph(con, engine, differences),
        }
        con.close()
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return {
        "agree": not differences,
        "snapshot": snapshot.snapshot,
        "views": views,
        "differences": differences[:_SHOWN],
    }


def _count(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    row = con.execute(
        f"SELECT (SELECT count(DISTINCT entity) FROM resolved), (SELECT count(*) FROM resolved WHERE object IS NOT NULL), "
        f"(SELECT count(*) FROM resolved WHERE object IS NULL AND property <> '{TYPE}')"
    ).fetchall()[0]
    return {"nodes": row[0], "edges": row[1], "values": row[2]}


def _lines(con: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    con.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT DISTINCT line FROM read_csv('{path}', columns={{'line': 'VARCHAR'}}, header=false, "
        "delim='\x01', quote='', escape='', max_line_size=20000000, auto_detect=false)"
    )


def _compare(con: duckdb.DuckDBPyConnection, left: str, right: str, what: str, differences: list[str]) -> None:
    for a, b, sentence in ((left, right, "is missing"), (right, left, "is too much")):
        for row in con.execute(f"SELECT * FROM (SELECT * FROM {a} EXCEPT SELECT * FROM {b}) LIMIT {_SHOWN}").fetchall():
            differences.append(f"{what} {sentence}: {' | '.join(map(str, row))[:300]}")


def _check_dataset(con: duckdb.DuckDBPyConnection, store: Path, work: Path, differences: list[str]) -> dict[str, int]:
    expected, found = work / "expected.nq", work / "found.nq"
    rdf.default_graph_lines(con, "resolved", expected)
    rdf.named_graph_lines(con, "facts", found)
    with expected.open("ab") as file, found.open("rb") as more:
        shutil.copyfileobj(more, file)
    # both sides pass through the same writer, so that only content can differ
    scratch = ox.Store(str(work / "scratch"))
    scratch.bulk_load(path=str(expected), format=ox.RdfFormat.N_QUADS)
    scratch.dump(str(expected), format=ox.RdfFormat.N_QUADS)
    del scratch
    ox.Store.read_only(str(store)).dump(str(found), format=ox.RdfFormat.N_QUADS)
    _lines(con, "quads_expected", expected)
    _lines(con, "quads_found", found)
    _compare(con, "quads_expected", "quads_found", "in the dataset a quad", differences)
    row = con.execute(
        "SELECT count(*), count(*) FILTER (NOT ends_with(line, '/> .') AND NOT contains(line, '/record/')) FROM quads_found"
    ).fetchall()[0]
    return {"quads": row[0]}


def _check_graph(con: duckdb.DuckDBPyConnection, engine: Engine, differences: list[str]) -> dict[str, int]:
    """Compare nodes with labels and sources, edges with sources, and every property, as texts made the same way on both sides."""
    nodes: list[tuple[str, str, str]] = []
    values: list[tuple[str, str, str]] = []

    def take(rows: Any) -> list[Any]:
        for identifier, labels, properties in rows:
            nodes.append((identifier, ";".join(sorted(labels)), ";".join(properties.get("sources", []))))
            for key, value in properties.items():
                if key not in ("id", "sources"):
                    for one in value if isinstance(value, list) else [value]:
                        values.append((identifier, key, str(one)))
        return []

    engine.graph.read(f"MATCH (n:{ROOT}) RETURN n.id, labels(n), properties(n)", timeout=600, take=take)
    _, edges = engine.graph.read(
        f"MATCH (a:{ROOT})-[e]->(b:{ROOT}) RETURN a.id, type(e), b.id, reduce(t = '', s IN e.sources | t + s + ' ')",
        timeout=600,
    )
    for name, columns, rows in (
        ("graph_nodes", ("entity", "labels", "sources"), nodes),
        ("graph_values", ("entity", "key", "value"), values),
        ("graph_edges", ("a", "kind", "b", "sources"), edges),
    ):
        table = pa.table(
            {column: pa.array([row[at] for row in rows], type=pa.string()) for at, column in enumerate(columns)}
        )
        con.register("found", table)
        con.execute(f"CREATE TABLE {name} AS SELECT * FROM found")
        con.unregister("found")
    _expected_graph(con)
    _compare(con, "expected_nodes", "graph_nodes", "in the property graph a node", differences)
    _compare(con, "expected_values", "graph_values", "in the property graph a value", differences)
    _compare(con, "expected_edges", "graph_edges", "in the property graph an edge", differences)
    return {"nodes": len(nodes), "edges": len(edges), "values": len(values)}


def _expected_graph(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        f"CREATE TABLE expected_nodes AS SELECT entity, string_agg(DISTINCT value, ';' ORDER BY value) AS labels, "
        "coalesce(list_aggregate(list_sort(list_distinct(flatten(list(sources)))), 'string_agg', ';'), '') AS sources FROM resolved "
        f"WHERE property = '{TYPE}' GROUP BY entity"
    )
    rows = con.execute(
        f"SELECT entity, property, language, value FROM resolved WHERE object IS NULL AND property <> '{TYPE}'"
    ).fetchall()
    table = pa.table(
        {
            "entity": [row[0] for row in rows],
            "key": [ontology().properties[row[1]].key(row[2]) for row in rows],
            "value": [str(node_value(row[1], row[3])) for row in rows],
        }
    )
    con.register("found", table)
    con.execute("CREATE TABLE expected_values AS SELECT DISTINCT * FROM found")
    con.unregister("found")
    cases = " ".join(
        f"WHEN '{p.name}' THEN '{p.relationship_type}'" for p in ontology().properties.values() if p.is_edge
    )
    con.execute(
        f"CREATE TABLE expected_edges AS SELECT entity AS a, CASE property {cases} END AS kind, object AS b, "
        "coalesce(list_aggregate(list_transform(sources, lambda s: s || ' '), 'string_agg', ''), '') AS sources FROM resolved WHERE object IS NOT NULL"
    )
