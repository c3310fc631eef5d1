"""What is usual in the tables that are shipped: by it a proposal knows which schemes, codes and KINDs go with a class."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache

from loaders.mapping import Column, shipped_mappings
from ontology.model import ROOT, ontology
from ontology.statement import ABOUT

_MANY = 2
"""Families by which a property is usual everywhere, among things or among events."""


def family(cls: str) -> str:
    """The class directly below the root that a class belongs to: Enterprise is an Organization."""
    types = [name for name in ontology().classes[cls].types if name != ROOT]
    return types[-1] if types else cls


def _columns() -> Iterator[tuple[str, Column]]:
    """Family of what a shipped table is about, and what each of its columns says of that."""
    for mapping in shipped_mappings():
        for specs in mapping.columns.values():
            yield from ((family(mapping.about), spec) for spec in specs if spec.of == ABOUT)


@cache
def usual_properties(kin: str) -> frozenset[str]:
    """The properties that tables about a family have, or tables about many families."""
    families: dict[str, set[str]] = defaultdict(set)
    for one, spec in _columns():
        if spec.property:
            families[spec.property].add(one)
    many = {
        prop
        for prop, names in families.items()
        if len([one for one in names if _is_event(one) == _is_event(kin)]) >= _MANY
    }
    return frozenset(prop for prop, names in families.items() if kin in names or prop in many)


def _is_event(kin: str) -> bool:
    return ontology().classes[kin].event


@cache
def usual_schemes(kin: str, prop: str) -> tuple[str, ...]:
    """The schemes by which a property's concepts are told, those of the family first, the most frequent first."""
    own = Counter(spec.scheme for one, spec in _columns() if spec.property == prop and spec.scheme and one == kin)
    every = Counter(
        spec.scheme
        for mapping in shipped_mappings()
        for specs in mapping.columns.values()
        for spec in specs
        if spec.property == prop and spec.scheme
    )
    return tuple(dict.fromkeys(scheme for scheme, _ in [*own.most_common(), *every.most_common()] if scheme))


@cache
def identified_family(scheme: str) -> str | None:
    """The family that a kind of identifier is given to; ``None`` where no shipped table says it."""
    return next((kin for kin, spec in _columns() if spec.identifier == scheme and not spec.cls), None)


@cache
def own_code(kin: str) -> str | None:
    """The kind of identifier by which offices number what is of a family."""
    codes = (
        spec.identifier
        for one, spec in _columns()
        if one == kin and spec.identifier and spec.identifier.endswith("-code")
    )
    return next((code for code in codes if code != "tax-code"), None)


@cache
def usual_kinds(cls: str) -> tuple[str, ...]:
    """The KINDs under which tables about a class, or its family, are sent."""
    for wanted in (lambda about: about == cls, lambda about: family(about) == family(cls)):
        kinds = [
            kind
            for mapping in shipped_mappings()
            if wanted(mapping.about) and not mapping.source
            for kind in mapping.kinds
        ]
        if kinds:
            return tuple(dict.fromkeys(kinds))
    return ("city",)
