"""Parquet files: rows out of column groups."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from loaders.formats.nested import flat
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
            for batch in file.iter_batches(batch_size=5000, columns=table.wanted if not nested else None):
                for cells in batch.to_pylist():
                    line += 1
                    yield checked(line, flat(cells) if nested else cells)
        except (OSError, pa.ArrowException) as error:
            raise FileRefused(f"{path.name} is damaged after record {line}: {error}") from None

    schema = file.schema_arrow
    headers = [header for column in schema for header in _headers(column.name, column.type)]
    nested = headers != schema.names
    table = Table("parquet", headers, rows(), file.metadata.num_rows)  # its rows ask what is wanted
    return table


def _headers(name: str, kind: pa.DataType) -> Iterator[str]:
    """The dotted headers of a column that may hold objects, or lists of them."""
    while pa.types.is_list(kind) or pa.types.is_large_list(kind):
        kind = kind.value_type
    if not pa.types.is_struct(kind):
        yield name
        return
    for inner in kind:
        yield from _headers(f"{name}.{inner.name}", inner.type)
