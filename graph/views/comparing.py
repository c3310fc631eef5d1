"""Which entities two snapshots may tell differently of: those that the records of differing loads spoke of, and those that moved.

Only these are looked at, so the cost is that of what was loaded between the two, not that of the whole.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from graph.resolve.difference import attach_entities
from graph.statements.loads import connect
from graph.views.rdf import identifier_of, iri
from graph.views.reading import SnapshotViews

_DEFAULT = ox.DefaultGraph()
_KEPT = 4
"""Pairs of snapshots whose differences are kept: a table is paged through."""
_RECORDS = ("record/", "source/")


@lru_cache(maxsize=_KEPT)
def differing_entities(old: SnapshotViews, new: SnapshotViews) -> tuple[str, ...]:
    """The entities of which two snapshots of one home tell something different, by id; records and sources are none."""
    if old.snapshot == new.snapshot:
        return ()
    spoken = _spoken_of(old, new) | _moved(old, new)
    around = {target for entity in spoken for views in (old, new) for target in _targets(views, entity)}
    claims = {
        claim for entity in spoken | around for views in (old, new) for claim in views.subjects("claimAbout", entity)
    }
    wanted = (entity for entity in spoken | claims if not entity.startswith(_RECORDS))
    return tuple(sorted(entity for entity in wanted if _triples(old, entity) != _triples(new, entity)))


def _spoken_of(old: SnapshotViews, new: SnapshotViews) -> set[str]:
    """Whatever the records of the loads that count in one of the two only say something of, in either."""
    differing = set(old.made_of.loads) ^ set(new.made_of.loads)
    files = [str(new.home.loads / f"{load:06d}" / "records.parquet") for load in sorted(differing)]
    if not files:
        return set()
    with connect() as con:
        records = con.execute("SELECT DISTINCT record FROM read_parquet($files)", {"files": files}).fetchall()
    return {entity for (record,) in records for views in (old, new) for entity in _subjects(views, record)}


def _subjects(views: SnapshotViews, record: str) -> Iterator[str]:
    graph = ox.NamedNode(iri(f"record/{record}"))
    for quad in views.store.quads_for_pattern(None, None, None, graph):
        if isinstance(quad.subject, ox.NamedNode):
            yield identifier_of(quad.subject.value) or quad.subject.value


def _moved(old: SnapshotViews, new: SnapshotViews) -> set[str]:
    """Entities that gained or lost a mention that both know."""
    with connect() as con:
        for views, table in ((old, "before"), (new, "after")):
            attach_entities(con, Path(views.path), table)
        rows = con.execute(
            "SELECT DISTINCT b.entity, a.entity FROM before b JOIN after a ON a.subject = b.subject WHERE a.entity <> b.entity"
        ).fetchall()
    return {entity for row in rows for entity in row}


def _targets(views: SnapshotViews, entity: str) -> Iterable[str]:
    for quad in views.triples(entity):
        target = identifier_of(quad.object.value) if isinstance(quad.object, ox.NamedNode) else None
        if target and "/" not in target:
            yield target


def _triples(views: SnapshotViews, entity: str) -> frozenset[ox.Triple]:
    return frozenset(quad.triple for quad in views.triples(entity))
