"""Organisations that stand apart and may be one body: where the name of one would be linked to the other, were the one not known.

What identifiers, kinds or countries forbid is no pair, nor is a unit and its parent.
"""

from collections.abc import Iterator
from math import exp

from graph.answer.review_pairs import LEAST, Found, Weights, in_order
from graph.links.matching import other_identifier, other_kind
from graph.links.strings.bodies import NAME, Body
from graph.links.strings.linker import Match, Mention, StringLinker
from graph.links.strings.parameters import read_parameters
from graph.views.reading import SnapshotViews

_CONSTANT = "certainty"
"""What every candidate starts from, which says nothing of a pair."""
_SPOKEN = 4
"""Comparisons that are named for a pair, the strongest first: a match has some forty."""


def uncertain_bodies(views: SnapshotViews) -> Iterator[Found]:
    """The pairs of a published snapshot."""
    bodies = views.bodies
    linker = StringLinker.of(bodies, read_parameters())
    by_id = {body.id: body for body in bodies}
    identifiers = _identifiers(views)
    found: dict[frozenset[str], Found] = {}
    for body, match in _matches(bodies, linker):
        pair, probability = frozenset((body.id, match.body)), alone(match)
        if probability < LEAST or _forbidden(body, by_id[match.body], views, identifiers):
            continue
        known = found.get(pair)
        if known is None or known.probability < probability:
            found[pair] = Found(body.id, match.body, False, probability, _reasons(match), "", ((), ()))
    yield from found.values()


def _matches(bodies: list[Body], linker: StringLinker) -> Iterator[tuple[Body, Match]]:
    """Each body's main names as strings, with the other bodies that they may mean."""
    asked = [(body, Mention(text, body.country)) for body in bodies for prop, text, _ in body.names if prop == NAME]
    for (body, _), matches in zip(asked, linker.link_strings(mention for _, mention in asked), strict=True):
        yield from ((body, match) for match in matches if match.body != body.id)


def alone(match: Match) -> float:
    """How probable a match is, were no other body known: its log-odds against none."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, sum(value for _, value in match.contributions)))))


def _reasons(match: Match) -> Weights:
    return in_order((name, value) for name, value in match.contributions if name != _CONSTANT)[:_SPOKEN]


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
