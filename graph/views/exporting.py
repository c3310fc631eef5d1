"""Canonical exports: sorted, with stable ids, the same bytes for the same content."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from graph.resolve.snapshots import directory
from graph.statements.home import Home
from graph.statements.loads import connect

_LONGEST = 20_000_000
"""Bytes of a line, and of the buffer that lines are read into: left to itself DuckDB takes sixteen times as much, more than it may have."""


def _lines(path: Path) -> str:
    """SQL that reads a file line by line: as a table of one column, whose delimiter can't occur."""
    return (
        f"read_csv('{path}', columns={{'line': 'VARCHAR'}}, header=false, delim='\x01', quote='', escape='', auto_detect=false, "
        f"max_line_size={_LONGEST}, buffer_size={_LONGEST})"
    )


def export_nquads(home: Home, number: int, out: Path | None) -> int:
    """Write the dataset of a publish, see :func:`export_dataset`."""
    return export_dataset(home, directory(home, number) / "rdf", out)


def export_dataset(home: Home, dataset: Path, out: Path | None) -> int:
    """Write a dataset as N-Quads in the order of their bytes; no blank nodes occur, so that is canonical.

    :param dataset: an Oxigraph store that nobody writes to
    :param out: a file, or ``None`` for standard output
    :return: how many quads
    """
    with TemporaryDirectory(dir=home.path) as scratch:
        raw, ordered = Path(scratch) / "raw.nq", Path(scratch) / "sorted.nq"
        ox.Store.read_only(str(dataset)).dump(str(raw), format=ox.RdfFormat.N_QUADS)
        con = connect(temp_directory=str(Path(scratch) / "spill"))
        # the binary collation of DuckDB orders by bytes
        con.execute(
            f"COPY (SELECT line FROM {_lines(raw)} ORDER BY line) "
            f"TO '{ordered}' (FORMAT csv, HEADER false, DELIMITER E'\\x01', QUOTE '', ESCAPE '')"
        )
        count = con.execute(f"SELECT count(*) FROM {_lines(ordered)}").fetchone()
        con.close()
        if out is not None:
            ordered.replace(out)
        else:
            with ordered.open("rb") as file:
                while block := file.read(1 << 20):
                    sys.stdout.buffer.write(block)
    return int(count[0]) if count else 0
