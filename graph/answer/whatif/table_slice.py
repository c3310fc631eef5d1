"""Fills the part of a snapshot that queries speak of from its resolved table, which is many times quicker than from the dataset."""

from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyoxigraph as ox

from graph.answer.whatif.store import Filling, from_dataset
from graph.resolve.snapshots import attach_table
from graph.statements.loads import connect
from graph.views.rdf import default_graph_lines
from graph.views.reading import SnapshotViews, StoredViews
from ontology.statement import TYPE


def filling(views: SnapshotViews) -> Filling:
    """How the part of a snapshot is filled: from its table; a kept snapshot and one of a past day have their dataset alone."""
    if isinstance(views, StoredViews):
        return from_dataset(views.store)

    def fill(terms: set[str], store: ox.Store) -> None:
        with TemporaryDirectory() as directory, connect() as con:
            path = Path(directory) / "part.nq"
            try:
                attach_table(con, views.home, views.made_of, "resolved")
                _write(con, terms, path)
            except duckdb.IOException:  # a later publish has dropped the table meanwhile
                from_dataset(views.store)(terms, store)
            else:
                store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)

    return fill


def _write(con: duckdb.DuckDBPyConnection, terms: set[str], path: Path) -> None:
    """The triples of some properties, and the types of what is of some classes."""
    con.execute("CREATE TABLE named AS SELECT unnest($terms) AS term", {"terms": sorted(terms)})
    con.execute(
        f"CREATE VIEW part AS SELECT * FROM resolved WHERE property <> '{TYPE}' AND property IN (SELECT term FROM named) "
        f"OR property = '{TYPE}' AND value IN (SELECT term FROM named)"
    )
    default_graph_lines(con, "part", path)
