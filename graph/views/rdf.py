"""The RDF dataset in Oxigraph: the resolved triples once in the default graph, and one named graph a source record with what it said."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyoxigraph as ox

from ontology.model import BASE, KN, ontology
from ontology.statement import TYPE

_RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_ENTITY = f"{BASE}id/"


@dataclass(frozen=True, slots=True)
class Dataset:
    """The dataset of a snapshot by its id: ``path`` is an Oxigraph store that nobody writes to any more."""

    snapshot: str
    path: Path


def iri(identifier: str) -> str:
    """The IRI of a node: ``scheme/…`` and ``record/…`` are paths already, everything else is an entity's id."""
    return f"{BASE}{identifier}" if "/" in identifier else f"{BASE}id/{identifier}"


def identifier_of(node: str) -> str | None:
    """The id of a node from its IRI, or ``None`` where it is none of ours."""
    if node.startswith(_ENTITY):
        return node[len(_ENTITY) :]
    return node[len(BASE) :] if node.startswith(BASE) else None


def _node(column: str) -> str:
    return f"'<{BASE}' || CASE WHEN contains({column}, '/') THEN '' ELSE 'id/' END || {column} || '>'"


def triple_text() -> str:
    """SQL that writes a row's triple in N-Triples, without the closing point."""
    cases = " ".join(
        f"WHEN property = '{p.name}' THEN '^^<{p.datatype}>'"
        for p in ontology().properties.values()
        if p.datatype and p.datatype not in (_STRING, _LANG_STRING)
    )
    escaped = "value"
    for raw, written in ((r"\\", r"\\\\"), ('"', r"\""), ("\n", r"\n"), ("\r", r"\r")):
        raw_sql = {r"\\": "chr(92)", '"': "chr(34)", "\n": "chr(10)", "\r": "chr(13)"}[raw]
        written_sql = {
            r"\\\\": "chr(92) || chr(92)",
            r"\"": "chr(92) || chr(34)",
            r"\n": "chr(92) || 'n'",
            r"\r": "chr(92) || 'r'",
        }[written]
        escaped = f"replace({escaped}, {raw_sql}, {written_sql})"
    literal = (
        f"chr(34) || {escaped} || chr(34) || CASE WHEN language IS NOT NULL THEN '@' || language {cases} ELSE '' END"
    )
    target = f"CASE WHEN property = '{TYPE}' THEN '<{KN}' || value || '>' WHEN object IS NOT NULL THEN {_node('object')} ELSE {literal} END"
    predicate = f"CASE WHEN property = '{TYPE}' THEN '{_RDF_TYPE}' ELSE '<{KN}' || property || '>' END"
    return f"{_node('entity')} || ' ' || {predicate} || ' ' || {target}"


def _write_lines(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    # neither the delimiter nor the quote can occur: both are control characters that no lexical form keeps
    con.execute(f"COPY ({query}) TO '{path}' (FORMAT csv, HEADER false, DELIMITER E'\\x01', QUOTE '', ESCAPE '')")


def default_graph_lines(con: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    """Write a resolved table's triples as N-Quads of the default graph."""
    _write_lines(con, f"SELECT {triple_text()} || ' .' FROM {table}", path)


def named_graph_lines(con: duckdb.DuckDBPyConnection, facts: str, path: Path) -> None:
    """Write what each record said as N-Quads of the record's graph."""
    _write_lines(con, f"SELECT {triple_text()} || ' <{BASE}record/' || record || '> .' FROM {facts}", path)


def write_files(con: duckdb.DuckDBPyConnection, work: Path) -> list[Path]:
    """Write the dataset of ``resolved`` and ``facts`` as files for :func:`load_files`."""
    default, named = work / "default.nq", work / "named.nq"
    default_graph_lines(con, "resolved", default)
    named_graph_lines(con, "facts", named)
    return [default, named]


def load_files(directory: Path, files: list[Path]) -> None:
    """Build the dataset in a new directory from files, which are removed. The interpreter is free meanwhile."""
    store = ox.Store(str(directory))
    for path in files:
        store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
        path.unlink()
    store.flush()


def copy_closed(old: Path, new: Path) -> None:
    """A second store with the same content: data files are never changed once written, so they are shared by hard links."""
    new.mkdir()
    for file in old.iterdir():
        if file.suffix == ".sst":
            os.link(file, new / file.name)
        elif file.name != "LOCK":
            shutil.copy2(file, new / file.name)


def change(
    con: duckdb.DuckDBPyConnection, directory: Path, work: Path, removed: str, added: str, records: str, facts: str
) -> None:
    """Apply a difference to a dataset that nobody else has open.

    :param removed: table of resolved rows that went, :param added: of those that came
    :param records: table of the records whose graphs are made anew from ``facts``
    """
    store = ox.Store(str(directory))
    for (record,) in con.execute(f"SELECT record FROM {records}").fetchall():
        store.remove_graph(ox.NamedNode(f"{BASE}record/{record}"))
    gone = work / "gone.nq"
    default_graph_lines(con, removed, gone)
    for quad in ox.parse(path=str(gone), format=ox.RdfFormat.N_QUADS):
        store.remove(quad)
    came = work / "came.nq"
    default_graph_lines(con, added, came)
    store.bulk_load(path=str(came), format=ox.RdfFormat.N_QUADS)
    named_graph_lines(con, facts, came)
    store.bulk_load(path=str(came), format=ox.RdfFormat.N_QUADS)
    gone.unlink()
    came.unlink()
    store.flush()
