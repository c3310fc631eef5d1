"""What the terms of other vocabularies mean in ours: computed from the ontology and its alignments.

A term is read as ours where it is equivalent, near, or named by ``readsFrom``. That ours is narrower is not enough: not every place
is a park. Of an event nearness is not enough either: not every trade is a transfer of technology.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

import ontology
from ontology.model import KN
from ontology.model import ontology as read_ontology

_OWL, _SKOS = "http://www.w3.org/2002/07/owl#", "http://www.w3.org/2004/02/skos/core#"
_MEANS = (f"{_OWL}equivalentClass", f"{_OWL}equivalentProperty", f"{_SKOS}closeMatch")
_INVERSE = f"{_OWL}inverseOf"


@dataclass(frozen=True, slots=True)
class Terms:
    """Class or property of ours by the IRI of the other vocabulary's term.

    ``properties`` are candidates, among which domain and range decide; the second part says that the other term points the other way.
    """

    classes: Mapping[str, str]
    properties: Mapping[str, tuple[tuple[str, bool], ...]]


@cache
def terms() -> Terms:
    """The terms as the shipped ontology has them."""
    known = read_ontology()
    classes: dict[str, set[str]] = defaultdict(set)
    properties: dict[str, set[tuple[str, bool]]] = defaultdict(set)

    def means(iri: str, name: str, inverse: bool = False) -> None:
        if name in known.classes:
            classes[iri].add(name)
        elif name in known.properties:
            properties[iri].add((name, inverse))

    for name in (*known.classes, *known.properties):
        means(f"{KN}{name}", name)
    for iri, name in known.terms_read.items():
        means(iri, name)
    path = Path(ontology.__file__).with_name("alignments.ttl")
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        subject, relation, target = quad.subject, quad.predicate.value, quad.object
        if isinstance(subject, ox.NamedNode) and isinstance(target, ox.NamedNode) and relation in (*_MEANS, _INVERSE):
            name = subject.value.removeprefix(str(KN))
            if name not in known.classes or not known.classes[name].event:
                means(target.value, name, relation == _INVERSE)
    return Terms(
        {iri: next(iter(names)) for iri, names in classes.items() if len(names) == 1},
        {iri: tuple(sorted(names)) for iri, names in properties.items()},
    )
