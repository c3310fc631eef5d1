"""Links strings to bodies: candidates, comparisons, probabilities, and which of those that want the same words is meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from graph.links.strings.bodies import Body
from graph.links.strings.candidates import candidates
from graph.links.strings.comparing import FEATURES, Comparison, compare_all
from graph.links.strings.index import Name, NameIndex
from graph.links.strings.parameters import Parameters
from graph.links.strings.reading import read_text
from graph.links.strings.ready import Reading, make_ready
from graph.links.strings.surroundings import is_common
from ontology.institution_words import institution_words

_SURE = 0.65
"""Probability from which on a body is linked beside a likelier one although not all words of its name are there."""
_CONTENDERS = 16
"""Bodies among which the probability is shared."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A string that names organisations; ``country`` is the code of ISO 3166-1, where its sender gives one."""

    text: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A body that a string may mean: how probable, by which of its names, and the contributions in log-odds.

    ``outright`` says that this name fills a segment of the string and that no place contradicts.
    """

    body: str
    probability: float
    name: str
    linked: bool
    outright: bool
    contributions: tuple[tuple[str, float], ...]


@dataclass(slots=True)
class _Scored:
    comparison: Comparison
    vector: np.ndarray
    score: float
    covered: frozenset[int]
    probability: float = 0.0
    linked: bool = False


class StringLinker:
    """Links strings to the bodies of an index."""

    def __init__(self, index: NameIndex, weights: np.ndarray, threshold: float) -> None:
        self.index, self.weights, self.threshold = index, weights, threshold

    @classmethod
    def of(cls, bodies: Sequence[Body], parameters: Parameters) -> "StringLinker":
        """A linker to bodies, with what was learned."""
        index = NameIndex(bodies, parameters.words, parameters.bodies)
        return cls(index, parameters.weights(), parameters.threshold)

    def link_strings(self, mentions: Iterable[Mention]) -> list[list[Match]]:
        """For each mention the bodies that it may mean, the most probable first; those that it is linked to are marked."""
        return [self._link(mention) for mention in mentions]

    def _link(self, mention: Mention) -> list[Match]:
        scored, reading = self._score(mention)
        _share(scored, self.index)
        if reading is not None:
            _choose([item for item in scored if not _like_place(item, reading)], self.threshold, self.index)
            _leave_to_hosts(scored, self.index)
            _add_parents(scored, reading, self.index)
        scored.sort(key=lambda item: (not item.linked, -item.probability))
        return [self._match(item) for item in scored]

    def _score(self, mention: Mention) -> tuple[list[_Scored], Reading | None]:
        index = self.index
        reading = make_ready(read_text(mention.text), index, mention.country)
        found = compare_all(reading, (index.names[name] for name in candidates(reading, index)), index)
        if not found:
            return [], None
        vectors = np.array([item.vector() for item in found])
        scores = vectors @ self.weights
        best: dict[int, _Scored] = {}
        for at in np.argsort(-scores, kind="stable").tolist():
            comparison = found[at]
            known = best.setdefault(
                comparison.name.body, _Scored(comparison, vectors[at], float(scores[at]), comparison.covered)
            )
            # a body's other names in the string are its own too: "Hanoi School of Business (HSB)"
            if comparison.values["complete"] and not comparison.values["gapped"]:
                known.covered |= comparison.covered
        # the order of np.argsort: the best first; those far behind take no noticeable share
        return list(best.values())[:_CONTENDERS], reading

    def _match(self, item: _Scored) -> Match:
        name = item.comparison.name
        contributions = tuple(
            (feature, float(value))
            for feature, value in zip(FEATURES * 2, item.vector * self.weights, strict=True)
            if value
        )
        body = self.index.bodies[name.body].id
        return Match(body, item.probability, name.text, item.linked, _outright(item.comparison), contributions)


def _outright(comparison: Comparison) -> bool:
    values = comparison.values
    contradicted = values.get("country_differs", 0.0) or values.get("place_differs", 0.0) or values["gapped"]
    return bool(values["complete"] and values["whole"] and not contradicted)


def _share(scored: Sequence[_Scored], index: NameIndex) -> None:
    """Probabilities: of the bodies that want the same words, and none of them, one is meant."""
    for item in scored:
        rivals = [
            other.score
            for other in scored
            if other is item
            or (_wants(other, item) and not _unit_behind(other, item, index) and not _names_within(item, other, index))
        ]
        top = max([0.0, *rivals])
        total = np.exp(-top) + sum(np.exp(score - top) for score in rivals)
        item.probability = float(np.exp(item.score - top) / total)


def _unit_behind(item: _Scored, of: _Scored, index: NameIndex) -> bool:
    """Whether an item is a unit of another one and less likely: whoever means the unit names that one all the same."""
    return item.score <= of.score and index.is_part(item.comparison.name.body, of.comparison.name.body)


def _names_within(longer: _Scored, shorter: _Scored, index: NameIndex) -> bool:
    """Whether a body's whole name is there, and a shorter one within it: "University of Education, University of Examplebridge".

    It must be the name of its parent, or the longer name fills its segments in its own order.
    """
    values = longer.comparison.values
    if not values["complete"] or values["gapped"] or not longer.comparison.covered > shorter.comparison.covered:
        return False
    fills = values["whole"] and not (values["disorder"] or values["abbreviated"] or values["place_apart"])
    return bool(fills) or index.is_part(longer.comparison.name.body, shorter.comparison.name.body)


def _wants(other: _Scored, item: _Scored) -> bool:
    """Whether another body takes words of a body's best name, by any name of its own that is there."""
    mine = item.comparison.covered
    return any(
        len(mine & theirs) > 0.3 * min(len(mine), len(theirs)) for theirs in (other.comparison.covered, other.covered)
    )


def _like_place(item: _Scored, reading: Reading) -> bool:
    """Whether words of a name without its kind stand alone behind something else: "…, Khánh Hòa" is no university of that province."""
    words, covered = reading.text.words, item.comparison.covered
    uncovered = {word.segment for at, word in enumerate(words) if at not in covered and not word.text.isdigit()}
    alone = {words[at].segment for at in covered} - uncovered - {0}
    return bool(item.comparison.values["missing_kind"] and alone)


def _choose(scored: Sequence[_Scored], threshold: float, index: NameIndex) -> None:
    """Mark the most probable that don't want the same words; of a unit and a parent named within it, the unit."""
    likely = [item for item in scored if item.probability >= threshold]
    chosen: list[_Scored] = []
    for item in sorted(likely, key=lambda item: -item.probability):
        if any(_names_within(other, item, index) for other in likely):
            continue
        # beside a body that is named, half a name is rather a place or a street
        if chosen and not item.comparison.values["complete"] and item.probability < _SURE:
            continue
        if not any(_wants(other, item) for other in chosen):
            item.linked = True
            chosen.append(item)


def _is_key_laboratory(name: Name) -> bool:
    return ("key", "laboratory") in pairwise(word.text for word in read_text(name.text).words)


def _leave_to_hosts(scored: Sequence[_Scored], index: NameIndex) -> None:
    """Take links away that belong to an institution which is named beside.

    A key laboratory is a state's facility at an institution: where the work was done; who did it is the institution. A unit by a
    name of common words ("Faculty of Information Technology") is the institution's own, and no body elsewhere that is called so.
    """
    linked = [item for item in scored if item.linked]
    laboratories = [item for item in linked if _is_key_laboratory(item.comparison.name)]
    if len(laboratories) < len(linked):
        for item in laboratories:
            item.linked = False
    hosts = [item for item in linked if item.linked and not _is_unit(item, index)]
    for item in linked:
        related = (index.is_part(item.comparison.name.body, host.comparison.name.body) for host in hosts)
        if hosts and _is_unit(item, index) and not item.comparison.values.get("place_agrees") and not any(related):
            item.linked = False


_LITTLE = 12.0
"""Weights of a name below it may be those of a unit anywhere."""


def _is_unit(item: _Scored, index: NameIndex) -> bool:
    name = item.comparison.name
    begins = institution_words().units | {"institute", "center", "college"}
    little = sum(index.weights[word] for word in name.words) < _LITTLE
    return little and is_common(name, index) and not begins.isdisjoint(name.written.split()[:1])


_NAMING = 3.5
"""Weight of a word that tells whose name it is, not only of what kind."""


def _add_parents(scored: Sequence[_Scored], reading: Reading, index: NameIndex) -> None:
    """A parent is named with its unit where all words that tell it are there: "Max-Planck-Institut für Physik"."""
    by_body = {item.comparison.name.body: item for item in scored}
    for item in [item for item in scored if item.linked]:
        for parent in index.bodies[item.comparison.name.body].parents:
            other = by_body.get(index.by_id.get(parent, -1))
            if other is not None and not other.linked and _named(other, reading, index):
                other.linked, other.probability = True, max(other.probability, item.probability * 0.9)


def _named(item: _Scored, reading: Reading, index: NameIndex) -> bool:
    body = item.comparison.name.body
    for name in index.names_of[body]:
        telling = [
            word
            for word in index.names[name].words
            if index.weights[word] >= _NAMING and word not in index.place_words[body]
        ]
        if (
            telling
            and sum(index.weights[word] for word in telling) >= 2 * _NAMING
            and all(any(quality == 1.0 for _, quality in reading.found.get(word, ())) for word in telling)
        ):
            return True
    return False
