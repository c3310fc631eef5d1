"""Parquet files: rows out of column groups."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from loaders.formats.table import FileRefused, Row, Table, checked
from ontology.statement import Reject


def read_parquet(path: Path) -> Table:
    """A table whose rows are read by groups.

    :raises FileRefused: where the file is damaged
    """
    try:
        file = pq.ParquetFile(path)
    except (OSError, ValueError) as error:
        raise FileRefused(f"{path.name} is damaged: {error}") from None

    def rows() -> Iterator[Row | Reject]:
        line = 0
        try:
            for batch in file.iter_batches(batch_size=5000, columns=table.wanted):
                for cells in batch.to_pylist():
                    line += 1
                    yield checked(line, cells)
        except (OSError, pa.ArrowException) as error:
            raise FileRefused(f"{path.name} is damaged after record {line}: {error}") from None

    table = Table("parquet", file.schema_arrow.names, rows(), file.metadata.num_rows)  # its rows ask what is wanted
    return table
