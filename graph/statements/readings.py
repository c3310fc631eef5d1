"""What readings of a source gave before: from the hash of a row to the key of its record and the fingerprint of what that says.

No truth lies here: it is what a pure function gave, so it holds whatever is loaded or withdrawn, and all of it may go at any time. A
loader that knows it need not state again what it reads as before.
"""

from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from graph.statements.home import Home
from ontology.statement import Remembered

_SCHEMA = pa.schema([("reading", pa.string()), ("key", pa.string()), ("fingerprint", pa.string())])


def _path(home: Home, name: str) -> Path:
    return home.path / "readings" / f"{name}.parquet"


def read_readings(home: Home, name: str) -> dict[str, Remembered]:
    """What is remembered of a source; nothing where there is no file, or where a crash left it damaged.

    :param name: of the source, as in the names of files
    """
    try:
        columns = pq.read_table(_path(home, name), schema=_SCHEMA).to_pydict()
    except (OSError, pa.ArrowException):
        return {}
    known = map(Remembered, columns["key"], columns["fingerprint"])
    return dict(zip(columns["reading"], known, strict=True))


def write_readings(home: Home, name: str, readings: Mapping[str, Remembered]) -> None:
    """Remember these readings of a source, in place of earlier ones; whoever calls this holds the source's lock.

    :raises OSError: where they can't be written
    """
    path = _path(home, name)
    path.parent.mkdir(exist_ok=True)
    beside = path.with_name(f".{uuid4().hex}")
    known = readings.values()
    columns = [[*readings], [one.key for one in known], [one.fingerprint for one in known]]
    try:
        pq.write_table(pa.table(columns, schema=_SCHEMA), beside, compression="zstd")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
