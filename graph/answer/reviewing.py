"""Pairs of organisations that may be one body, for a curator to decide: the most valuable first.

A pair is uncertain where the name of one would be linked to the other, were the one not known. What identifiers, kinds or countries
forbid is no pair, nor is a unit and its parent; what a curator decided does not come again.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import exp, log2
from pathlib import Path

import duckdb

from graph.links.matching import other_identifier, other_kind
from graph.links.strings.bodies import NAME, Body
from graph.links.strings.linker import Match, Mention, StringLinker
from graph.links.strings.parameters import read_parameters
from graph.resolve.snapshots import attach_table
from graph.statements.home import Home, HomeError, write_durably
from graph.statements.loads import active, connect, open_statements
from graph.views.reading import SnapshotViews
from ontology.statement import CURATOR_PREFIX, DIFFERENT_FROM, SAME_AS

LEAST = 0.3
"""Probability below which two bodies are left apart without asking anybody."""
_CONSTANT = "certainty"
"""What every candidate starts from, which says nothing of a pair."""
_SPOKEN = 4
"""Comparisons that are named for a pair, the strongest first."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two nodes that may be one body: ``later`` would be taken into ``earlier``.

    ``value`` orders the queue: how uncertain the pair is, times how much is said of the lesser of the two. ``reasons`` are the
    comparisons that spoke for it and against it (:data:`graph.links.strings.comparing.MEANINGS`), in log-odds.
    """

    later: str
    earlier: str
    probability: float
    value: float
    reasons: tuple[tuple[str, float], ...]


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
        _keep(home, snapshot, uncertain_pairs(home, views_number))
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
    return home.path / "review" / f"{snapshot}.json"


def _kept(home: Home, snapshot: str) -> list[Pair] | None:
    try:
        said = json.loads(_file(home, snapshot).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return [Pair(**one | {"reasons": tuple((name, value) for name, value in one["reasons"])}) for one in said]


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
    decided = {frozenset((one.later, one.earlier)) for one in decisions(home)}
    weights, founded = _spoken_of(home, views), _founded(home)
    bodies = views.bodies
    linker = StringLinker.of(bodies, read_parameters())
    by_id = {body.id: body for body in bodies}
    identifiers = _identifiers(views)
    found: dict[frozenset[str], Pair] = {}
    for body, match in _matches(bodies, linker):
        pair = frozenset((body.id, match.body))
        probability = alone(match)
        if probability < LEAST or pair in decided:
            continue
        other = by_id[match.body]
        if _forbidden(body, other, views, identifiers):
            continue
        known = found.get(pair)
        if known is None or known.probability < probability:
            earlier, later = sorted(pair, key=lambda one: (founded.get(one, 0), one))
            value = probability * (1.1 - probability) * log2(2 + min(weights.get(one, 0) for one in pair))
            found[pair] = Pair(later, earlier, round(probability, 4), round(value, 4), _reasons(match))
    return sorted(found.values(), key=lambda one: (-one.value, one.later, one.earlier))


def _matches(bodies: list[Body], linker: StringLinker) -> Iterator[tuple[Body, Match]]:
    """Each body's main names as strings, with the other bodies that they may mean."""
    asked = [(body, Mention(text, body.country)) for body in bodies for prop, text, _ in body.names if prop == NAME]
    for (body, _), matches in zip(asked, linker.link_strings(mention for _, mention in asked), strict=True):
        yield from ((body, match) for match in matches if match.body != body.id)


def alone(match: Match) -> float:
    """How probable a match is, were no other body known: its log-odds against none."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, sum(value for _, value in match.contributions)))))


def _reasons(match: Match) -> tuple[tuple[str, float], ...]:
    said = [(name, value) for name, value in match.contributions if name != _CONSTANT]
    strongest = sorted(said, key=lambda pair: -abs(pair[1]))[:_SPOKEN]
    return tuple((name, round(value, 2)) for name, value in strongest)


def _forbidden(a: Body, b: Body, views: SnapshotViews, identifiers: dict[str, frozenset[tuple[str, str]]]) -> bool:
    if a.id in b.parents or b.id in a.parents:
        return True
    if a.country and b.country and a.country != b.country:
        return True
    if other_identifier(identifiers.get(a.id, frozenset()), identifiers.get(b.id, frozenset())):
        return True
    return other_kind(frozenset(views.types(a.id)), frozenset(views.types(b.id)))


def _identifiers(views: SnapshotViews) -> dict[str, frozenset[tuple[str, str]]]:
    """Organisation → its identifiers, as (scheme, value)."""
    found: dict[str, set[tuple[str, str]]] = {}
    for identifier, entity in views.identified.items():
        found.setdefault(entity, set()).add(identifier)
    return {entity: frozenset(several) for entity, several in found.items()}


def _spoken_of(home: Home, views: SnapshotViews) -> dict[str, int]:
    """How many statements speak of a node, from it or to it."""
    with connect() as con:
        attach_table(con, home, views.made_of, "resolved")
        return dict(
            con.execute(
                "SELECT id, count(*) FROM (SELECT entity AS id FROM resolved UNION ALL SELECT object FROM resolved "
                "WHERE object IS NOT NULL) GROUP BY id"
            ).fetchall()
        )


def _founded(home: Home) -> dict[str, int]:
    con = open_statements(home, active(home))
    try:
        return dict(con.execute("SELECT subject, rank FROM founded").fetchall())
    finally:
        con.close()


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
