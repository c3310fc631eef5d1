"""Snapshots: the resolved table as a base and its differences, and what each published snapshot is made of.

``snapshots/000007/`` holds the views of one publish; ``snapshots/segments/`` the parts of the table, shared between publishes. A later
segment replaces, unit by unit, what earlier ones say; the segments of a snapshot are never changed.
"""

import json
import shutil
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from graph.resolve.table import COLUMNS
from graph.statements.home import Home, now, write_durably
from ontology.schemes import identifier_issuers

COUNTED = "counted"
"""Part of a publish that only the next one reads: counts of words, from which it goes on."""
_KEPT = 5
"""Publishes whose views stay on disk: whoever reads an older one has had time to see the switch."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A publish: its number, the snapshot's id and sums, the instant, the loads that count in it, and the segments of its table."""

    number: int
    snapshot: str
    sums: tuple[int, int]
    instant: str
    last_load: int
    loads: tuple[int, ...]
    segments: tuple[str, ...]
    nodes: int = 0
    edges: int = 0
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.number:06d}"

    def node(self) -> dict[str, Any]:
        """What the snapshot node of the property graph says."""
        return {
            "publish": self.number,
            "snapshot": self.snapshot,
            "instant": self.instant,
            "lastLoad": self.last_load,
            "nodes": self.nodes,
            "edges": self.edges,
        }


def snapshot_id(sums: tuple[int, int]) -> str:
    """The id of a snapshot from the sums of its triples' hashes: 32 hexadecimal digits."""
    return f"{sums[0] % 2**64:016x}{sums[1] % 2**64:016x}"


def triple_sums(con: duckdb.DuckDBPyConnection, table: str, triple: str) -> tuple[int, int]:
    """Sums of two 64-bit hashes of all triples of a resolved table.

    :param triple: SQL that writes a row's triple, see :func:`graph.views.rdf.triple_text`
    """
    row = con.execute(
        f"SELECT coalesce(sum(md5_number_lower(t)::HUGEINT), 0), coalesce(sum(md5_number_upper(t)::HUGEINT), 0) "
        f"FROM (SELECT {triple} AS t FROM {table})"
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def parameters() -> dict[str, str]:
    """What a snapshot depends on besides the loads; where it changed everything is made anew."""
    return {
        "ontology": sha256(files("ontology").joinpath("ketnoi.ttl").read_bytes()).hexdigest(),
        "search": "with facets",
        "arrays": "with names, people, countries, spellings, a bridge, days of needs, keywords and counts of words",
        "issuers": ", ".join(f"{scheme} {source}" for scheme, source in sorted(identifier_issuers().items())),
    }


def directory(home: Home, number: int) -> Path:
    return home.snapshots / f"{number:06d}"


def read_snapshot(home: Home, number: int) -> Snapshot | None:
    """What a publish was made of, or ``None`` where its views are no longer kept."""
    path = directory(home, number)
    return snapshot_in(path) if (path / "snapshot.json").exists() else None


def snapshot_in(path: Path) -> Snapshot:
    """What the views in a directory were made of."""
    content = json.loads((path / "snapshot.json").read_text(encoding="utf-8"))
    return Snapshot(**content | {key: tuple(content[key]) for key in ("sums", "loads", "segments")})


def write_snapshot(path: Path, snapshot: Snapshot) -> None:
    write_durably(path / "snapshot.json", json.dumps(asdict(snapshot)))


def segments(home: Home) -> Path:
    path = home.snapshots / "segments"
    path.mkdir(exist_ok=True)
    return path


def _listed(paths: list[Path]) -> str:
    return "[" + ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths) + "]"


def attach_table(con: duckdb.DuckDBPyConnection, home: Home, snapshot: Snapshot, view: str) -> None:
    """Make a view of the resolved table of a snapshot."""
    parts = [segments(home) / f"{name}.parquet" for name in snapshot.segments]
    replaced = [segments(home) / f"{name}.units.parquet" for name in snapshot.segments[1:]]
    if not replaced:
        con.execute(f"CREATE OR REPLACE VIEW {view} AS SELECT {COLUMNS} FROM read_parquet({_listed(parts)})")
        return
    con.execute(f"CREATE OR REPLACE TABLE {view}_parts (file VARCHAR, place INTEGER)")
    con.executemany(
        f"INSERT INTO {view}_parts VALUES (?, ?)",
        [(str(path), at) for at, path in enumerate(parts)] + [(str(path), at) for at, path in enumerate(replaced, 1)],
    )
    con.execute(
        f"CREATE OR REPLACE TABLE {view}_latest AS SELECT u.unit, max(p.place) AS place FROM read_parquet({_listed(replaced)}, filename=true) u "
        f"JOIN {view}_parts p ON p.file = u.filename GROUP BY u.unit"
    )
    con.execute(
        f"CREATE OR REPLACE VIEW {view} AS SELECT {', '.join('t.' + name.strip() for name in COLUMNS.split(','))} "
        f"FROM read_parquet({_listed(parts)}, filename=true) t JOIN {view}_parts p ON p.file = t.filename "
        f"LEFT JOIN {view}_latest l ON l.unit = t.unit WHERE p.place >= coalesce(l.place, 0)"
    )


def write_segment(con: duckdb.DuckDBPyConnection, home: Home, name: str, units: str | None) -> None:
    """Write the table ``resolved`` as a segment; ``units`` is the table of the units that it replaces."""
    target = str(segments(home) / name).replace("'", "''")
    con.execute(f"COPY (SELECT {COLUMNS} FROM resolved) TO '{target}.parquet' (FORMAT parquet, COMPRESSION zstd)")
    if units:
        con.execute(f"COPY (SELECT unit FROM {units}) TO '{target}.units.parquet' (FORMAT parquet, COMPRESSION zstd)")


def published(home: Home) -> list[int]:
    """Numbers of the publishes whose views are on disk."""
    return sorted(int(path.name) for path in home.snapshots.iterdir() if path.name.isdigit())


def sweep(home: Home, current: int) -> None:
    """Drop the views of old publishes and what a crash left half-prepared; nothing that the current snapshot needs."""
    numbers = published(home)
    stale = now().timestamp() - 600
    older = [number for number in numbers if number < current]
    for number in [*older[: -_KEPT or None], *(number for number in numbers if number > current)]:
        path = directory(home, number)
        if number > current or path.stat().st_mtime < stale:
            shutil.rmtree(path, ignore_errors=True)
    for number in older:
        shutil.rmtree(directory(home, number) / COUNTED, ignore_errors=True)
    for path in home.snapshots.glob(".*"):
        shutil.rmtree(path, ignore_errors=True)
    used = {name for number in published(home) if (kept := read_snapshot(home, number)) for name in kept.segments}
    for path in segments(home).iterdir():
        if path.name.split(".")[0] not in used:
            path.unlink(missing_ok=True)
