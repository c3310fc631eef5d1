"""Which of our nodes a name means: organisations by linking strings, everything else by search and likeness of names.

What is asked may state a class and values, such as a country or an identifier: an identifier decides alone, what contradicts counts
against a candidate, what agrees for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from graph.links.strings.linker import Match, Mention, StringLinker
from graph.links.strings.parameters import read_parameters
from graph.views.reading import SnapshotViews
from ontology.identifiers import canonical
from ontology.model import ontology
from ontology.schemes import schemes
from ontology.text import fold, spell

_ORGANISATION = "Organization"
_SURE = 0.8
"""Probability from which a match needs nobody to look at it."""
_LIKE = 0.9
"""Likeness of names from which a hit of the search is one."""
_FAR, _NEAR = 0.3, 0.7
"""Likeness from which a hit may be meant, where a class is asked for and where none is."""
_CONTRADICTED = 0.3
"""What a value that differs leaves of a probability."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A name, the classes that it may be of (any where there are none), and stated values by property or identifier scheme."""

    text: str
    classes: tuple[str, ...] = ()
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    limit: int = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A node that may be meant: how probable, and what spoke for and against it, by name.

    ``linked`` says that it is meant, ``sure`` that it alone is, and nobody needs to look.
    """

    id: str
    probability: float
    linked: bool
    features: tuple[tuple[str, float], ...] = ()
    sure: bool = False


class Reconciler:
    """Finds nodes of one snapshot. The index of names is made when it is first needed."""

    def __init__(self, views: SnapshotViews) -> None:
        self._views = views

    @cached_property
    def _linker(self) -> StringLinker:
        return StringLinker.of(self._views.bodies, read_parameters())

    def find(self, asked: Sequence[Asked]) -> list[list[Candidate]]:
        """For each name the candidates, the most probable first."""
        of_bodies = [at for at, one in enumerate(asked) if one.text and _may_be_body(one.classes)]
        mentions = [Mention(asked[at].text, _country(asked[at])) for at in of_bodies]
        linked = dict(zip(of_bodies, self._linker.link_strings(mentions) if mentions else [], strict=True))
        return [self._of(one, linked.get(at)) for at, one in enumerate(asked)]

    def _of(self, asked: Asked, matches: Sequence[Match] | None) -> list[Candidate]:
        by_identifier = self._identified(asked)
        if by_identifier is not None:
            return [Candidate(by_identifier, 1.0, True, (("identifier", 1.0),), True)]
        found: dict[str, Candidate] = {}
        for match in matches or ():
            found[match.body] = Candidate(match.body, match.probability, match.linked, match.contributions)
        if not asked.classes or not all(ontology().is_a(name, _ORGANISATION) for name in asked.classes):
            for candidate in self._searched(asked):
                found.setdefault(candidate.id, candidate)
        fitting = [self._weighed(one, asked) for one in found.values() if self._fits(one.id, asked.classes)]
        fitting.sort(key=lambda one: (-one.probability, one.id))
        sure = [one for one in fitting if one.linked and one.probability >= _SURE]
        only = sure[0].id if len(sure) == 1 else None
        return [replace(one, sure=one.id == only) for one in fitting[: asked.limit]]

    def _identified(self, asked: Asked) -> str | None:
        for name, values in asked.values.items():
            for value in values:
                found = self._views.identified.get((name, canonical(name, value)))
                if found is not None and self._fits(found, asked.classes):
                    return found
        return None

    def _searched(self, asked: Asked) -> list[Candidate]:
        hits = self._views.search(asked.text, limit=4 * asked.limit, classes=asked.classes)
        likeness = [(hit.id, hit.type, self._likeness(hit.id, asked.text)) for hit in hits]
        return [
            Candidate(identifier, like * 0.95, like >= _LIKE, (("name", like),))
            for identifier, kind, like in likeness
            if like > (_FAR if asked.classes else _NEAR) and (asked.classes or not ontology().is_a(kind, _ORGANISATION))
        ]

    def _likeness(self, identifier: str, text: str) -> float:
        """Share of the words of both names that they have in common; diacritics that were typed have to be right."""
        names = [*self._views.values(identifier, "name"), *self._views.values(identifier, "alternativeName")]
        return max((_alike(name, text) for name in names), default=0.0)

    def _fits(self, identifier: str, classes: Sequence[str]) -> bool:
        return not classes or bool(set(classes) & set(self._views.types(identifier)))

    def _weighed(self, candidate: Candidate, asked: Asked) -> Candidate:
        """A candidate after the stated values."""
        probability = candidate.probability
        features = list(candidate.features)
        for name, values in asked.values.items():
            said = self._views.values(candidate.id, name) if name in ontology().properties else []
            if not said or name == "country":
                continue
            agrees = bool(_texts(said) & _texts(values))
            features.append((name, 1.0 if agrees else -1.0))
            probability = 1 - (1 - probability) * 0.5 if agrees else probability * _CONTRADICTED
        return Candidate(candidate.id, probability, candidate.linked and probability >= _SURE, tuple(features))


def _alike(a: str, b: str) -> float:
    if spell(a) == spell(b):
        return 1.0
    one, other = set(fold(a).split()), set(fold(b).split())
    if not one or not other:
        return 0.0
    share = max(2 * len(one & other) / (len(one) + len(other)), 0.7 * len(one & other) / len(other))
    return share * 0.95 if fold(a) == fold(b) else share * 0.85


def _texts(values: Sequence[str]) -> set[str]:
    """Values as they are compared, concepts by their labels too."""
    found = set()
    for value in values:
        concept = schemes().concepts.get(value)
        found |= {fold(value), *(fold(label) for label in (concept.labels.values() if concept else ()))}
    return found


def _may_be_body(classes: Sequence[str]) -> bool:
    return not classes or any(ontology().is_a(name, _ORGANISATION) for name in classes)


def _country(asked: Asked) -> str | None:
    return next((value.upper() for value in asked.values.get("country", ()) if len(value) == 2), None)
