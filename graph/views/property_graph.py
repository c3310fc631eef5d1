"""The property graph: nodes and edges out of the resolved table, as files for Neo4j's import and as one transaction's difference.

Labels, relationship types and property keys come from the ontology. A node carries the records that state its class, an edge those
that state it; a value's records are found in the named graphs of the dataset.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import neo4j

from graph.views.neo4j_snapshots import SNAPSHOT_LABEL
from ontology.model import ROOT, ontology
from ontology.statement import TYPE

SEPARATOR = "\x1f"
"""Between the members of a list in the import files; no lexical form keeps it."""
_BATCH = 5000
_XSD = "http://www.w3.org/2001/XMLSchema#"
_IMPORT_TYPES = {
    f"{_XSD}date": "date",
    f"{_XSD}integer": "long",
    f"{_XSD}double": "double",
    f"{_XSD}decimal": "double",
    f"{_XSD}boolean": "boolean",
    f"{_XSD}gYear": "long",
}


def node_value(prop: str, text: str) -> Any:
    """A value as the property graph holds it."""
    kind = _IMPORT_TYPES.get(ontology().properties[prop].datatype or "", "string")
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "long":
        return int(text)
    if kind == "double":
        return float(text)
    return text == "true" if kind == "boolean" else text


def _quote(path: Path) -> str:
    return str(path).replace("'", "''")


def write_import_files(con: duckdb.DuckDBPyConnection, directory: Path) -> tuple[int, int]:
    """Write ``nodes-*.csv`` and ``rels-*.csv`` of the table ``resolved`` for the offline import.

    :return: how many nodes and edges
    """
    options = "(FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', FORCE_QUOTE *)"
    con.execute(
        f"""
        CREATE OR REPLACE TABLE nodes AS
        SELECT entity, string_agg(DISTINCT value, chr(31) ORDER BY value) AS labels,
            list_aggregate(list_sort(list_distinct(flatten(list(sources)))), 'string_agg', chr(31)) AS sources
        FROM resolved WHERE property = '{TYPE}' GROUP BY entity
        """
    )
    groups = con.execute("SELECT labels, count(*) FROM nodes GROUP BY labels ORDER BY labels").fetchall()
    con.execute(
        f"CREATE OR REPLACE TABLE node_values AS SELECT r.entity, r.property, r.language, r.value, n.labels FROM resolved r "
        f"JOIN nodes n ON n.entity = r.entity WHERE r.value IS NOT NULL AND r.property <> '{TYPE}'"
    )
    keys = defaultdict(list)
    for labels, prop, language in con.execute(
        "SELECT DISTINCT labels, property, language FROM node_values ORDER BY ALL"
    ).fetchall():
        keys[labels].append((prop, language))
    for at, (labels, _) in enumerate(groups):
        columns = ['n.entity AS "id:ID"', 'n.labels AS ":LABEL"', 'n.sources AS "sources:string[]"']
        for prop, language in keys[labels]:
            columns.append(f'v.{_column(prop, language)} AS "{_header(prop, language)}"')
        aggregates = ", ".join(
            f"string_agg(value, chr(31) ORDER BY value) FILTER (property = '{prop}' AND language IS NOT DISTINCT FROM "
            f"{'NULL' if language is None else chr(39) + language + chr(39)}) AS {_column(prop, language)}"
            for prop, language in keys[labels]
        )
        values = (
            f"LEFT JOIN (SELECT entity, {aggregates} FROM node_values WHERE labels = '{labels}' GROUP BY entity) v ON v.entity = n.entity"
            if aggregates
            else ""
        )
        con.execute(
            f"COPY (SELECT {', '.join(columns)} FROM nodes n {values} WHERE n.labels = '{labels}') "
            f"TO '{_quote(directory / f'nodes-{at:03}.csv')}' {options}"
        )
    cases = " ".join(
        f"WHEN '{p.name}' THEN '{p.relationship_type}'" for p in ontology().properties.values() if p.is_edge
    )
    con.execute(
        f"""
        COPY (SELECT entity AS ":START_ID", object AS ":END_ID", CASE property {cases} END AS ":TYPE",
            list_aggregate(sources, 'string_agg', chr(31)) AS "sources:string[]" FROM resolved WHERE object IS NOT NULL)
        TO '{_quote(directory / "rels-000.csv")}' {options}
        """
    )
    edges = con.execute("SELECT count(*) FROM resolved WHERE object IS NOT NULL").fetchone()
    assert edges is not None
    return sum(count for _, count in groups), edges[0]


def _column(prop: str, language: str | None) -> str:
    return '"' + ontology().properties[prop].key(language).replace('"', "") + '"'


def _header(prop: str, language: str | None) -> str:
    definition = ontology().properties[prop]
    kind = _IMPORT_TYPES.get(definition.datatype or "", "string")
    return f"{definition.key(language).replace(chr(34), '')}:{kind}{'' if definition.single else '[]'}"


def node_rows(con: duckdb.DuckDBPyConnection, table: str, only: str) -> Iterator[tuple[str, list[str], dict[str, Any]]]:
    """Id, labels and properties of the nodes of a resolved table whose ids are in ``only``."""
    found = con.execute(
        f"SELECT entity, property, value, language, sources FROM {table} WHERE object IS NULL AND entity IN (SELECT entity FROM {only}) "
        "ORDER BY entity, property, language, value"
    ).fetchall()
    at = 0
    while at < len(found):
        entity, labels, values, sources = found[at][0], [], {"id": found[at][0]}, set()
        while at < len(found) and found[at][0] == entity:
            _, prop, value, language, told = found[at]
            if prop == TYPE:
                labels.append(value)
                sources.update(told)
            elif ontology().properties[prop].single:
                values[ontology().properties[prop].key(language)] = node_value(prop, value)
            else:
                values.setdefault(ontology().properties[prop].key(language), []).append(node_value(prop, value))
            at += 1
        # as in the import files, what no record states has no sources, rather than an empty list of them
        yield entity, labels, values | ({"sources": sorted(sources)} if sources else {})


def edge_rows(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, list[dict[str, Any]]]:
    """Edges of a resolved table by relationship type."""
    edges: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entity, prop, target, sources in con.execute(
        f"SELECT entity, property, object, sources FROM {table} WHERE object IS NOT NULL ORDER BY ALL"
    ).fetchall():
        edges[ontology().properties[prop].relationship_type].append({"a": entity, "b": target, "sources": sources})
    return edges


def _batches(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for at in range(0, len(rows), _BATCH):
        yield rows[at : at + _BATCH]


def write_nodes(tx: neo4j.Transaction, nodes: list[tuple[str, list[str], dict[str, Any]]]) -> None:
    """Make nodes, or make them say just this: labels and properties are replaced whole."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for _, labels, values in nodes:
        groups[tuple(sorted(set(labels) - {ROOT}))].append(values)
    known = sorted(set(ontology().classes) - {ROOT})
    for group, rows in groups.items():
        put = "".join(f":`{label}`" for label in group)
        take = "".join(f":`{label}`" for label in known if label not in group)
        for batch in _batches(rows):
            tx.run(
                f"UNWIND $rows AS row MERGE (n:{ROOT} {{id: row.id}}) SET n = row "
                + (f"SET n{put} " if put else "")
                + f"REMOVE n{take}",
                rows=batch,
            ).consume()


def write_edges(tx: neo4j.Transaction, edges: dict[str, list[dict[str, Any]]]) -> None:
    """Make edges that are not there yet."""
    for kind, rows in edges.items():
        for batch in _batches(rows):
            tx.run(
                f"UNWIND $rows AS row MATCH (a:{ROOT} {{id: row.a}}), (b:{ROOT} {{id: row.b}}) "
                f"CREATE (a)-[e:`{kind}`]->(b) SET e.sources = row.sources",
                rows=batch,
            ).consume()


def remove_edges(tx: neo4j.Transaction, edges: dict[str, list[dict[str, Any]]]) -> None:
    """Take edges away."""
    for kind, rows in edges.items():
        for batch in _batches(rows):
            tx.run(
                f"UNWIND $rows AS row MATCH (:{ROOT} {{id: row.a}})-[e:`{kind}`]->(:{ROOT} {{id: row.b}}) DELETE e",
                rows=batch,
            ).consume()


def remove_nodes(tx: neo4j.Transaction, identifiers: list[str]) -> None:
    """Take nodes away, with whatever still hangs on them."""
    for at in range(0, len(identifiers), _BATCH):
        tx.run(
            f"UNWIND $ids AS id MATCH (n:{ROOT} {{id: id}}) DETACH DELETE n", ids=identifiers[at : at + _BATCH]
        ).consume()


def write_snapshot(tx: neo4j.Transaction, values: dict[str, Any]) -> None:
    """Name the snapshot that the graph now shows. Whoever reads it opens the other views of that snapshot."""
    tx.run(f"MERGE (s:{SNAPSHOT_LABEL} {{key: 'current'}}) SET s += $values", values=values).consume()
