"""Loads: what one file or form said, one directory each, renamed into place and never changed.

A record is replaced whole: on any day it says what its last load up to that day said. An unchanged record writes nothing; one
that left its source writes an empty version, so that its history stays.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from graph.statements.garbage import collector_paused
from graph.statements.home import Home, HomeError, now, sync_directory, write_durably
from graph.statements.readings import read_readings, write_readings
from graph.statements.tombstones import Tombstones, read_tombstones
from ontology.statement import Gone, Item, Record, Reject, Remembered, record_id

_RECORDS = pa.schema(
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
_ALWAYS = ("line", "field", "reason", "row")
"""What is written of every reject; the rest only where there is something."""
_FLUSH = 200_000
"""Statements kept in memory before they are written."""


class LoadError(ValueError):
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


@dataclass(slots=True)
class _Columns:
    """Rows gathered as columns and written in groups."""

    writer: pq.ParquetWriter
    schema: pa.Schema
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def flush(self) -> None:
        if self.rows:
            columns = [
                pa.array(column, type=kind)
                for column, kind in zip(zip(*self.rows, strict=True), self.schema.types, strict=True)
            ]
            self.writer.write_table(pa.Table.from_arrays(columns, schema=self.schema))
            self.rows = []


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


def _known(home: Home, source: str) -> dict[str, tuple[str, str]]:
    """Record id → (key, hash) of what a source's records say now, gone ones left out."""
    files = [str(home.loads / load.load / "records.parquet") for load in active(home) if load.source == source]
    if not files:
        return {}
    with connect() as con:
        rows = con.execute(
            "SELECT record, last(key ORDER BY filename), last(hash ORDER BY filename) FROM read_parquet($files, filename=true) "
            "GROUP BY record HAVING last(present ORDER BY filename)",
            {"files": files},
        ).fetchall()
    return {record: (key, mark) for record, key, mark in rows}


def write_load(
    home: Home,
    origin: Origin,
    items: Iterable[Item],
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Load:
    """Write one load, or only count what it would change.

    Nothing is acknowledged before the directory is synced and renamed; a load that changes nothing and refuses nothing still
    leaves its report.

    :param items: records and rejects, in the order of the file
    :param progress: called now and then with the number of items read
    :raises HomeError: where the disk is full or can't be written
    """
    started = now()
    load = Load(
        "0",
        origin.source,
        origin.kind,
        origin.shape,
        origin.file,
        origin.sha256,
        origin.licence,
        started.isoformat(),
        sender=origin.sender,
        until=origin.until,
    )
    name = blake2b(origin.source.encode(), digest_size=8).hexdigest()
    prepared = home.loads / f".{uuid4().hex}"
    try:
        with home.lock(f"source-{name}"):
            erased = read_tombstones(home)
            prepared.mkdir()
            with collector_paused():
                origin.remembered.update(read_readings(home, name))
                readings = _write_parts(home, prepared, load, origin, items, progress, erased)
            load.found = list(origin.found)
            load.seconds = round((now() - started).total_seconds(), 3)
            if dry_run:
                load.load = "dry run"
                return load
            done = _commit(home, prepared, load, erased)
            if readings != origin.remembered:
                with suppress(OSError):  # the load is acknowledged; the next one states more than it had to
                    write_readings(home, name, readings)
            return done
    except OSError as error:
        raise HomeError(f"the load was not written: {error}") from None
    finally:
        shutil.rmtree(prepared, ignore_errors=True)


def _write_parts(
    home: Home,
    prepared: Path,
    load: Load,
    origin: Origin,
    items: Iterable[Item],
    progress: Callable[[int], None] | None,
    erased: Tombstones | None,
) -> dict[str, Remembered]:
    """Write records, statements and rejects, and count them. Returns the readings to remember."""
    known = _known(home, origin.source)
    seen: dict[str, str] = {}
    left_out = 0
    readings: dict[str, Remembered] = {}
    rejects: list[Reject] = []
    with (
        pq.ParquetWriter(prepared / "records.parquet", _RECORDS, compression="zstd") as record_file,
        pq.ParquetWriter(prepared / "statements.parquet", STATEMENTS, compression="zstd") as statement_file,
    ):
        records, statements = _Columns(record_file, _RECORDS), _Columns(statement_file, STATEMENTS)
        for count, item in enumerate(items, 1):
            if progress and count % 500 == 0:
                progress(count)
            if isinstance(item, Gone):
                identifier = record_id(origin.source, item.key)
                if identifier in known and identifier not in seen:
                    load.gone += 1
                    seen[identifier] = ""
                    records.rows.append((identifier, item.key, "", 0, False, "public", None))
                continue
            load.records += 1
            if isinstance(item, Reject):
                rejects.append(erased.hushed(item) if erased else item)
                load.refused += 1
                continue
            identifier = record_id(origin.source, item.key)
            load.accepted += 1
            if erased is not None and known.get(identifier, ("", ""))[1] != item.fingerprint():
                whole = item.stated()
                item = erased.left_of(whole, origin.source)
                left_out += item is not whole
                if item is not whole and not item.statements:
                    # of a record that speaks of nobody but who was erased nothing is kept, not even that there is one
                    load.unchanged += 1
                    continue
            mark = item.fingerprint()
            if item.reading is not None:
                readings[item.reading] = Remembered(item.key, mark)
            if seen.get(identifier, known.get(identifier, ("", ""))[1]) == mark:
                load.unchanged += 1
            else:
                load.changed += 1
                load.new += identifier not in known and identifier not in seen
                _add(records, statements, item.stated(), identifier, mark)
            seen[identifier] = mark
            if len(statements.rows) >= _FLUSH:
                statements.flush()
        if origin.whole:
            # in one order: the same file gives the same load
            for identifier, (key, _) in sorted(known.items()):
                if identifier not in seen:
                    load.gone += 1
                    records.rows.append((identifier, key, "", 0, False, "public", None))
        records.flush()
        statements.flush()
    if rejects:
        load.rejects = "rejects.jsonl"
        with (prepared / load.rejects).open("w", encoding="utf-8") as file:
            for reject in rejects:
                said = {key: value for key, value in asdict(reject).items() if key in _ALWAYS or value}
                file.write(json.dumps({"file": origin.file, **said}, ensure_ascii=False) + "\n")
    if progress:
        progress(load.records)
    if left_out:
        origin.found.append(f"{left_out} records speak of what was erased here; it was left out of them")
    return _still_said(origin, known, seen) | readings


def _still_said(origin: Origin, known: dict[str, tuple[str, str]], seen: dict[str, str]) -> dict[str, Remembered]:
    """Earlier readings of records that this file did not speak of, and that still say what was read then."""
    return {
        reading: told
        for reading, told in origin.remembered.items()
        if (identifier := record_id(origin.source, told.key)) not in seen
        and known.get(identifier) == (told.key, told.fingerprint)
        and not origin.whole
    }


def _add(records: _Columns, statements: _Columns, item: Record, identifier: str, mark: str) -> None:
    records.rows.append((identifier, item.key, mark, item.line, True, item.visibility, item.owner))
    statements.rows.extend((identifier, *said) for said in item.statements)


def _commit(home: Home, prepared: Path, load: Load, erased: Tombstones | None) -> Load:
    with home.lock("loads"):
        if len(read_tombstones(home) or ()) != len(erased or ()):
            raise LoadError("something was erased while this was being read; load it again")
        numbers = [int(path.name) for path in home.loads.iterdir() if path.name.isdigit()]
        load.load = f"{max(numbers, default=0) + 1:06d}"
        load.instant = now().isoformat()
        content = {key: value for key, value in asdict(load).items() if key != "withdrawn"}
        # the file's name alone is kept, so that a home can be moved
        write_durably(prepared / "load.json", json.dumps(content, ensure_ascii=False, indent=1))
        if load.rejects:
            load.rejects = str(home.loads / load.load / load.rejects)
        for part in prepared.iterdir():
            with part.open("rb") as file:
                os.fsync(file.fileno())
        sync_directory(prepared)
        prepared.rename(home.loads / load.load)
        sync_directory(home.loads)
    return load


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


_ABANDONED = 86_400
"""Seconds after which nobody can be writing a load any more."""


def sweep(home: Home) -> None:
    """Drop what a crash left half-written; nothing of it was acknowledged."""
    with home.lock("loads"):
        for path in home.loads.glob(".*"):
            if now().timestamp() - path.stat().st_mtime > _ABANDONED:
                shutil.rmtree(path, ignore_errors=True)


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
    for view, at, schema in (("all_records", 8, _RECORDS), ("all_statements", 9, STATEMENTS)):
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
