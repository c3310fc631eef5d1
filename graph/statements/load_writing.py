"""Writes loads: one directory each, renamed into place. An unchanged record writes nothing; one that left its source an empty version."""

import json
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from graph.statements.garbage import collector_paused
from graph.statements.home import Home, HomeError, now, sync_directory, write_durably
from graph.statements.loads import RECORDS, STATEMENTS, Load, LoadError, Origin, active, connect
from graph.statements.readings import read_readings, write_readings
from graph.statements.tombstones import Tombstones, read_tombstones
from ontology.statement import Gone, Item, Record, Reject, Remembered, record_id

_ALWAYS = ("line", "field", "reason", "row")
"""What is written of every reject; the rest only where there is something."""
_FLUSH = 200_000
"""Statements kept in memory before they are written."""


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
        pq.ParquetWriter(prepared / "records.parquet", RECORDS, compression="zstd") as record_file,
        pq.ParquetWriter(prepared / "statements.parquet", STATEMENTS, compression="zstd") as statement_file,
    ):
        records, statements = _Columns(record_file, RECORDS), _Columns(statement_file, STATEMENTS)
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


_ABANDONED = 86_400
"""Seconds after which nobody can be writing a load any more."""


def sweep(home: Home) -> None:
    """Drop what a crash left half-written; nothing of it was acknowledged."""
    with home.lock("loads"):
        for path in home.loads.glob(".*"):
            if now().timestamp() - path.stat().st_mtime > _ABANDONED:
                shutil.rmtree(path, ignore_errors=True)
