"""Snapshots that are kept to be cited: whole copies by hard links, which no publish removes.

``kept/ID/`` holds what a publish's directory holds, ``kept.json`` with what is said of it, and the dataset as canonical N-Quads,
compressed. The data files are never changed once written, so they cost the disk nothing while the publish stays, and stay when it goes.
Only an erasure makes one anew, as ``kept/ID-1/`` and so on, and says so: nobody goes on reading from where it was.
"""

import gzip
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pyoxigraph as ox

from graph.resolve.snapshots import Snapshot, directory, read_snapshot, snapshot_in, write_snapshot
from graph.statements.home import Home, HomeError, now, sync_directory, today, write_durably
from graph.views import rdf, search
from graph.views.errors import NotReady, UnknownSnapshot
from graph.views.exporting import export_dataset
from ontology.model import KN

_ID = re.compile(r"[0-9a-f]{32}")
_DIRECTORY = re.compile(r"([0-9a-f]{32})(?:-(\d+))?")
_DUMP = "dataset.nq.gz"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class SourceLicence:
    """A source of a kept snapshot, and the licence of what it says, where one is known."""

    source: str
    licence: str | None


@dataclass(frozen=True, slots=True)
class Rewritten:
    """That something was erased from a kept snapshot: the day, and the SHA-256 that its N-Quads had before."""

    on: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What is said of a kept snapshot.

    ``instant`` is when it was published, ``kept`` when it was kept, both in UTC; ``sha256`` and ``bytes`` are those of its canonical
    N-Quads, uncompressed; ``rewritten`` says what was erased from it since.
    """

    snapshot: str
    title: str | None
    note: str | None
    instant: str
    kept: str
    publish: int
    last_load: int
    nodes: int
    edges: int
    quads: int
    bytes: int
    sha256: str
    parameters: dict[str, str]
    licences: tuple[SourceLicence, ...]
    rewritten: tuple[Rewritten, ...] = ()


def keep(home: Home, number: int, title: str | None = None, note: str | None = None) -> Kept:
    """Keep a publish that is on disk. A snapshot that is kept already stays as it is, with the title that it has.

    :param number: the number of the publish
    :raises NotReady: where its views are no longer on disk
    :raises graph.statements.home.HomeError: where the disk is full
    """
    made_of = read_snapshot(home, number)
    if made_of is None:
        raise NotReady(f"the views of publish {number} are not in this home; run «ketnoi publish --rebuild»")
    try:
        with home.lock("kept"):
            found = next((one for one in kept_snapshots(home) if one.snapshot == made_of.snapshot), None)
            return found or _keep(home, made_of, title, note)
    except OSError as error:
        raise HomeError(f"the snapshot was not kept: {error}") from None


def _keep(home: Home, made_of: Snapshot, title: str | None, note: str | None) -> Kept:
    for left in home.kept.glob(".*"):
        shutil.rmtree(left, ignore_errors=True)
    prepared = home.kept / f".{made_of.snapshot}-{uuid4().hex}"
    prepared.mkdir()
    try:
        _link(directory(home, made_of.number), prepared)
        quads, length, digest = _write_dump(home, prepared)
        said = Kept(
            made_of.snapshot,
            title,
            note,
            made_of.instant,
            now().isoformat(),
            made_of.number,
            made_of.last_load,
            made_of.nodes,
            made_of.edges,
            quads,
            length,
            digest,
            made_of.parameters,
            tuple(_licences(prepared / "rdf")),
        )
        write_durably(prepared / "kept.json", json.dumps(asdict(said), ensure_ascii=False, indent=1))
        prepared.rename(home.kept / said.snapshot)
        sync_directory(home.kept)
    finally:
        shutil.rmtree(prepared, ignore_errors=True)
    return said


def being_kept(home: Home, snapshot: str) -> float | None:
    """Seconds since somebody began to keep a snapshot who is still at it, in whatever process; ``None`` where nobody is."""
    if not _ID.fullmatch(snapshot) or not home.locked("kept"):
        return None
    try:
        return max(0.0, now().timestamp() - min(path.stat().st_mtime for path in home.kept.glob(f".{snapshot}-*")))
    except (ValueError, FileNotFoundError):  # nobody began, or it is there by now
        return None


def _link(published: Path, target: Path) -> None:
    rdf.copy_closed(published / "rdf", target / "rdf")
    search.copy_closed(published / "search", target / "search")
    (target / "arrays").mkdir()
    for file in (*(published / "arrays").iterdir(), *published.glob("entities*.parquet"), published / "snapshot.json"):
        os.link(file, target / file.relative_to(published))


def _write_dump(home: Home, target: Path) -> tuple[int, int, str]:
    """Write the canonical N-Quads, compressed: number of quads, bytes and SHA-256 of the uncompressed."""
    digest, length = sha256(), 0
    with TemporaryDirectory(dir=home.path) as scratch:
        plain = Path(scratch) / "dataset.nq"
        quads = export_dataset(home, target / "rdf", plain)
        # no name and no time in the head, so that the same content gives the same bytes here too
        with (
            plain.open("rb") as file,
            (target / _DUMP).open("wb") as out,
            gzip.GzipFile("", "wb", 6, out, mtime=0) as packed,
        ):
            while block := file.read(_BLOCK):
                digest.update(block)
                length += packed.write(block)
    return quads, length, digest.hexdigest()


def _licences(store: Path) -> Iterator[SourceLicence]:
    rows = ox.Store.read_only(str(store)).query(
        f"PREFIX kn: <{KN}> SELECT ?name ?licence WHERE {{ ?source a kn:Source ; kn:name ?name OPTIONAL {{ ?source kn:licence ?licence }} }} "
        "ORDER BY ?name ?licence"
    )
    assert isinstance(rows, ox.QuerySolutions)
    for row in rows:
        name, licence = row["name"], row["licence"]
        assert isinstance(name, ox.Literal)
        yield SourceLicence(name.value, licence.value if isinstance(licence, ox.Literal) else None)


def kept_snapshots(home: Home) -> list[Kept]:
    """All kept snapshots, the one that was kept last first."""
    identifiers = {named.group(1) for path in home.kept.iterdir() if (named := _DIRECTORY.fullmatch(path.name))}
    found = [_read(kept_path(home, one)) for one in identifiers]
    return sorted(found, key=lambda one: one.kept, reverse=True)


def _read(path: Path) -> Kept:
    content = json.loads((path / "kept.json").read_text(encoding="utf-8"))
    licences = tuple(SourceLicence(**one) for one in content["licences"])
    rewritten = tuple(Rewritten(**one) for one in content.get("rewritten", ()))
    return Kept(**content | {"licences": licences, "rewritten": rewritten})


def kept_path(home: Home, snapshot: str) -> Path:
    """The directory of a kept snapshot.

    :raises UnknownSnapshot: where none of that id is kept
    """
    found = (
        [path for path in home.kept.glob(f"{snapshot}*") if _DIRECTORY.fullmatch(path.name)]
        if _ID.fullmatch(snapshot)
        else []
    )
    if not found:
        raise UnknownSnapshot("No snapshot of that id is kept.")
    return max(found, key=_edition)


def _edition(path: Path) -> int:
    found = _DIRECTORY.fullmatch(path.name)
    return int(found.group(2) or 0) if found else -1


def kept_snapshot(home: Home, snapshot: str) -> Kept:
    """What is said of a kept snapshot.

    :raises UnknownSnapshot: where none of that id is kept
    """
    return _read(kept_path(home, snapshot))


def dump_path(home: Home, snapshot: str) -> Path:
    """The canonical N-Quads of a kept snapshot, compressed by gzip.

    :raises UnknownSnapshot: where none of that id is kept
    """
    return kept_path(home, snapshot) / _DUMP


def make_anew(home: Home, snapshot: str, build: Callable[[Snapshot, Path], None]) -> Kept:
    """Put what ``build`` makes in the place of a kept snapshot; it keeps its id, by which it was cited, and says what happened.

    :param build: makes views in a directory, from the loads that the snapshot was made of
    :raises OSError: where the disk is full
    """
    with home.lock("kept"):
        old = kept_path(home, snapshot)
        said, made_of = _read(old), snapshot_in(old)
        prepared = home.kept / f".{uuid4().hex}"
        prepared.mkdir()
        try:
            build(made_of, prepared)
            made = snapshot_in(prepared)
            write_snapshot(
                prepared,
                replace(made_of, sums=made.sums, nodes=made.nodes, edges=made.edges, parameters=made.parameters),
            )
            quads, length, digest = _write_dump(home, prepared)
            anew = replace(
                said,
                nodes=made.nodes,
                edges=made.edges,
                quads=quads,
                bytes=length,
                sha256=digest,
                parameters=made.parameters,
                licences=tuple(_licences(prepared / "rdf")),
                rewritten=(*said.rewritten, Rewritten(today(), said.sha256)),
            )
            write_durably(prepared / "kept.json", json.dumps(asdict(anew), ensure_ascii=False, indent=1))
            prepared.rename(home.kept / f"{snapshot}-{_edition(old) + 1}")
            sync_directory(home.kept)
        finally:
            shutil.rmtree(prepared, ignore_errors=True)
        for path in home.kept.glob(f"{snapshot}*"):
            if path != kept_path(home, snapshot):
                shutil.rmtree(path, ignore_errors=True)
    return anew
