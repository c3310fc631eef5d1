"""The review queue: pairs that may be one body and links that are not sure, for a curator to decide, the most valuable first.

What a curator decided does not come again. The queue of a snapshot is made once and kept beside the loads.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from graph.answer.review_pairs import Found, Ground, Pair, Side
from graph.answer.uncertain_bodies import uncertain_bodies
from graph.answer.weak_links import weak_links
from graph.statements.home import Home, HomeError, write_durably
from graph.statements.loads import active, open_statements
from graph.views.reading import SnapshotViews
from ontology.statement import CURATOR_PREFIX, DIFFERENT_FROM, SAME_AS

LONGEST = 10_000
"""Pairs of one snapshot that are kept, the most valuable ones: more than curators decide before the next."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a curator decided of two mentions."""

    later: str
    earlier: str
    same: bool
    who: str
    instant: str
    reason: str


def open_pairs(home: Home, views_number: int, snapshot: str) -> list[Pair]:
    """The queue of a snapshot without what was decided since; it is made where it was not, and kept beside the loads.

    It takes a process of its own some seconds for a thousand organisations.
    """
    kept = _kept(home, snapshot)
    if kept is None:
        _keep(home, snapshot, uncertain_pairs(home, views_number)[:LONGEST])
        kept = _kept(home, snapshot) or []
    return without_decided(home, kept)


def kept_pairs(home: Home, snapshot: str) -> list[Pair] | None:
    """The queue of a snapshot without what was decided since, or ``None`` where it was not made yet."""
    kept = _kept(home, snapshot)
    return None if kept is None else without_decided(home, kept)


def without_decided(home: Home, pairs: list[Pair]) -> list[Pair]:
    """The pairs that no curator decided."""
    decided = {frozenset((one.later, one.earlier)) for one in decisions(home)}
    return [one for one in pairs if frozenset((one.later, one.earlier)) not in decided]


def _file(home: Home, snapshot: str) -> Path:
    return home.path / "review" / f"{snapshot}.pairs.json"


def _kept(home: Home, snapshot: str) -> list[Pair] | None:
    try:
        said = json.loads(_file(home, snapshot).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return [_pair(one) for one in said]


def _pair(said: dict[str, Any]) -> Pair:
    later, earlier = (Side(side["statements"], tuple(side["records"])) for side in said["sides"])
    reasons = tuple((name, value) for name, value in said["reasons"])
    return Pair(**said | {"reasons": reasons, "sides": (later, earlier)})


def _keep(home: Home, snapshot: str, pairs: list[Pair]) -> None:
    path = _file(home, snapshot)
    try:
        path.parent.mkdir(exist_ok=True)
        write_durably(path, json.dumps([asdict(one) for one in pairs]))
    except OSError as error:
        raise HomeError(f"the queue was not kept: {error}") from None
    for other in path.parent.glob("*.json"):
        if other != path:
            other.unlink(missing_ok=True)


def uncertain_pairs(home: Home, number: int) -> list[Pair]:
    """The queue of a published snapshot, the most valuable first."""
    views = SnapshotViews(home, number)
    ground = Ground.of(home, views.made_of)
    try:
        decided = {
            frozenset(ground.entity.get(end, end) for end in (one.later, one.earlier)) for one in decisions(home)
        }
        found = [
            one for one in _found(ground, views) if one.joined or frozenset((one.later, one.earlier)) not in decided
        ]
        pairs = ground.weighed(found)
    finally:
        ground.close()
    return without_decided(home, pairs)


def _found(ground: Ground, views: SnapshotViews) -> Iterator[Found]:
    # Splink takes most of a second to import, and few commands review
    from graph.answer.uncertain_organisations import ComparedOrganisations
    from graph.answer.uncertain_persons import ComparedPersons
    from graph.answer.uncertain_technologies import uncertain_technologies

    organisations, persons = ComparedOrganisations(ground), ComparedPersons(ground)
    records = [*organisations.apart(), *persons.apart(), *uncertain_technologies(ground)]
    yield from records
    known = {frozenset((one.later, one.earlier)) for one in records}
    yield from (one for one in uncertain_bodies(views) if frozenset((one.later, one.earlier)) not in known)
    yield from weak_links(ground, lambda *ends: persons.weights(*ends) or organisations.weights(*ends))


def decisions(home: Home) -> list[Decision]:
    """What curators decided of pairs and still stands, the newest first."""
    counted = [load for load in active(home) if load.kind == "judgement" and load.shape == "pair"]
    con: duckdb.DuckDBPyConnection = open_statements(home, counted)
    try:
        rows = con.execute(
            "SELECT s.subject, s.object, s.property, l.source, l.instant, s.reason FROM said s JOIN loads l ON l.load = s.load "
            "WHERE s.property IN (?, ?) ORDER BY l.load DESC",
            [SAME_AS, DIFFERENT_FROM],
        ).fetchall()
    finally:
        con.close()
    return [
        Decision(later, earlier, prop == SAME_AS, source.removeprefix(CURATOR_PREFIX), instant, reason or "")
        for later, earlier, prop, source, instant, reason in rows
    ]
