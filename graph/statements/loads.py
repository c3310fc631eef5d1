"""Loads: what one file or form said, one directory each, renamed into place and never changed.

A record is replaced whole: on any day it says what its last load up to that day said. An unchanged record writes nothing; one
that left its source writes an empty version, so that its history stays.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from graph.statements.home import Home, HomeError, now, write_durably
from ontology.errors import Explained
from ontology.statement import Remembered

RECORDS = pa.schema(
    [
        ("record", pa.string()),
        ("key", pa.string()),
        ("hash", pa.string()),
        ("line", pa.int32()),
        ("present", pa.bool_()),
        ("visibility", pa.string()),
        ("owner", pa.string()),
    ]
)
"""Columns of the records that a load is made of."""
STATEMENTS = pa.schema(
    [
        ("record", pa.string()),
        ("subject", pa.string()),
        ("property", pa.string()),
        ("object", pa.string()),
        ("value", pa.string()),
        ("language", pa.string()),
        ("probability", pa.float32()),
        ("reason", pa.string()),
    ]
)
"""Columns of what a load says."""


class LoadError(Explained, ValueError):
    """A load can't be made or found; the message says why."""


class UnknownLoad(LoadError):
    """There is no load of that number."""


@dataclass(slots=True)
class Load:
    """What is known of a load: its number, where it came from, when, and how many records it had.

    ``changed`` counts new records too, ``new`` those alone; ``instant`` is when it was acknowledged; ``withdrawn`` when it was
    taken back, if it was; ``found`` says in sentences how the file was read: its format and encoding, where its header stood, what was
    left aside; ``sender`` is who loaded it by a form; ``until`` the moment, by the clock of a repository that was harvested, from which
    the next harvest goes on.
    """

    load: str
    source: str
    kind: str
    shape: str
    file: str
    sha256: str
    licence: str | None
    instant: str
    records: int = 0
    accepted: int = 0
    refused: int = 0
    changed: int = 0
    new: int = 0
    unchanged: int = 0
    gone: int = 0
    seconds: float = 0.0
    withdrawn: str | None = None
    rejects: str | None = None
    found: list[str] = field(default_factory=list)
    sender: str | None = None
    until: str | None = None

    @property
    def number(self) -> int:
        return int(self.load)


@dataclass(slots=True)
class Origin:
    """Where the items of a load come from.

    ``whole`` says that they are everything the source has; ``found`` are sentences on how the file was read, which may grow while the
    items are; ``sender`` is who gave the file; ``until`` as of :class:`Load`. ``remembered`` is filled, before the first item is asked
    for, with what readings of the source gave before.
    """

    source: str
    kind: str
    shape: str
    file: str = ""
    sha256: str = ""
    licence: str | None = None
    whole: bool = False
    found: list[str] = field(default_factory=list)
    sender: str | None = None
    until: str | None = None
    remembered: dict[str, Remembered] = field(default_factory=dict)


def loads(home: Home) -> list[Load]:
    """All loads, the earliest first."""
    return [_read(path) for path in sorted(home.loads.iterdir()) if path.name.isdigit()]


def _read(path: Path) -> Load:
    content = json.loads((path / "load.json").read_text(encoding="utf-8"))
    mark = path / "withdrawn.json"
    if mark.exists():
        content["withdrawn"] = json.loads(mark.read_text(encoding="utf-8"))["instant"]
    if content["rejects"]:
        content["rejects"] = str(path / Path(content["rejects"]).name)
    return Load(**content)


def active(home: Home, known_at: datetime | None = None) -> list[Load]:
    """The loads that count at an instant: acknowledged by then, and not withdrawn by then.

    :param known_at: in UTC, as the instants of loads are
    """
    if known_at is None:
        return [load for load in loads(home) if load.withdrawn is None]
    mark = known_at.isoformat()
    return [load for load in loads(home) if load.instant <= mark and (load.withdrawn is None or load.withdrawn > mark)]


def find_load(home: Home, number: str) -> Load:
    """A load by its number.

    :raises UnknownLoad: where there is none
    """
    path = home.loads / number.zfill(6)
    if not (number.isascii() and number.isdigit()) or not path.is_dir():
        raise UnknownLoad(f"there is no load {number[:20]}; «ketnoi loads» lists them")
    return _read(path)


def withdraw(home: Home, number: str) -> Load:
    """Take a load back: its records say again what they said before it.

    :raises UnknownLoad: where there is no such load
    :raises LoadError: where it was withdrawn before
    :raises HomeError: where the disk is full or can't be written
    """
    load = find_load(home, number)
    path = home.loads / load.load
    if load.withdrawn:
        raise LoadError(f"load {number} was withdrawn before")
    try:
        with home.lock("loads"):
            write_durably(path / "withdrawn.json", json.dumps({"instant": now().isoformat()}))
    except OSError as error:
        raise HomeError(f"load {number} was not withdrawn: {error}") from None
    return _read(path)


MEMORY_LIMIT = "850MB"
"""What DuckDB may hold in memory; past that it spills to the work directory."""


def connect(database: str = ":memory:", **config: str | bool) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection within :data:`MEMORY_LIMIT` that writes nothing on standard output.

    Without that it prints a progress bar there, where only a command's answer belongs.
    """
    con = duckdb.connect(database, config={"memory_limit": MEMORY_LIMIT, **config})
    con.execute("SET enable_progress_bar = false")
    return con


def open_statements(home: Home, counted: list[Load], work: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection over the loads that count.

    :param counted: see :func:`active`
    :param work: a directory for the tables that are made of them; without it they are made in memory

    Views: ``loads(load, source, instant, file, licence, …)``; ``versions(record, load, present, line, key, visibility, owner)``,
    the version of each record that counts; ``said(record, load, subject, property, object, value, language, probability, reason,
    pos)``, what those versions say, where ``pos`` is the row within the load; ``founded(subject, rank)``, the first time that each
    mention was ever spoken of (by load, then row), gone ones included.
    """
    con = connect(
        str(work / "work.duckdb") if work else ":memory:",
        preserve_insertion_order=False,
        temp_directory=str((work or home.path) / "spill"),
    )
    # tables of a publish live for minutes: to look for the best compression of each column costs more than half of the time
    con.execute("SET force_compression = 'uncompressed'")
    con.execute(
        "CREATE TABLE loads (load INTEGER, source VARCHAR, kind VARCHAR, shape VARCHAR, file VARCHAR, sha256 VARCHAR, licence VARCHAR, "
        "instant VARCHAR, records_file VARCHAR, statements_file VARCHAR)"
    )
    rows = [
        (
            load.number,
            load.source,
            load.kind,
            load.shape,
            load.file,
            load.sha256,
            load.licence,
            load.instant,
            str(home.loads / load.load / "records.parquet"),
            str(home.loads / load.load / "statements.parquet"),
        )
        for load in counted
    ]
    if rows:
        con.executemany(f"INSERT INTO loads VALUES ({', '.join('?' * 10)})", rows)
    for view, at, schema in (("all_records", 8, RECORDS), ("all_statements", 9, STATEMENTS)):
        files = [str(row[at]) for row in rows]
        column = "records_file" if view == "all_records" else "statements_file"
        if files:
            listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
            con.execute(
                f"CREATE VIEW {view} AS SELECT p.* EXCLUDE (filename, file_row_number), p.file_row_number AS pos, l.load FROM "
                f"read_parquet([{listed}], filename=true, file_row_number=true) p JOIN loads l ON p.filename = l.{column}"
            )
        else:
            columns = ", ".join(
                f"NULL::{_sql_type(kind)} AS {name}" for name, kind in zip(schema.names, schema.types, strict=True)
            )
            con.execute(f"CREATE VIEW {view} AS SELECT {columns}, 0::BIGINT AS pos, 0 AS load WHERE false")
    con.execute(
        "CREATE TABLE versions AS SELECT record, max(load) AS load, arg_max(present, load) AS present, arg_max(line, load) AS line, "
        "arg_max(key, load) AS key, arg_max(visibility, load) AS visibility, arg_max_null(owner, load) AS owner FROM all_records GROUP BY record"
    )
    con.execute(
        "CREATE VIEW said AS SELECT s.* FROM all_statements s JOIN versions v ON s.record = v.record AND s.load = v.load WHERE v.present"
    )
    con.execute(
        "CREATE VIEW founded AS SELECT subject, min(load::BIGINT * (1::BIGINT << 36) + pos) AS rank "
        "FROM all_statements WHERE property = 'type' GROUP BY subject"
    )
    return con


def _sql_type(kind: pa.DataType) -> str:
    return {"int32": "INTEGER", "bool": "BOOLEAN", "float": "FLOAT"}.get(str(kind), "VARCHAR")


def rejects_of(load: Load) -> Iterator[dict[str, Any]]:
    """The rejects of a load."""
    if load.rejects:
        with Path(load.rejects).open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
