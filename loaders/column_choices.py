"""What a column may be said to mean by somebody who corrects a proposal: the choices, for rows about a class."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from loaders.column_proposal import CONTACTS, Cells, Proposed, as_meant, fragment_terms
from loaders.header_terms import CONCEPT, IDENTIFIER, PROPERTY, Term
from loaders.mapping import shipped_mappings
from loaders.usual import family, identified_family, usual_properties, usual_schemes
from ontology.model import ROOT, Property, ontology
from ontology.schemes import schemes

ASIDE = ""
"""The choice that leaves a column aside."""
_IDENTIFIERS = "identifier-scheme/1"


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice: ``value`` as a form sends it (kind of the term, its name, maybe a language), and its words by language."""

    value: str
    labels: dict[str, str]


@dataclass(frozen=True, slots=True)
class Corrections:
    """What is said of a table in place of what would be proposed.

    ``about`` is the class of its rows; ``columns`` header → a choice's value, the others as proposed; ``key`` the headers that number
    the rows, ``None`` for those proposed.
    """

    about: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    key: tuple[str, ...] | None = None


AS_PROPOSED = Corrections()
NAME = f"{PROPERTY}:name"
"""The choice of the column that names what the rows are about."""


def choices(about: str) -> list[Choice]:
    """The choices for rows about a class, by their Vietnamese words."""
    found = [*_names(), *_properties(about), *_identifiers(about), *_events(about)]
    return sorted({choice.value: choice for choice in found}.values(), key=lambda choice: choice.labels["vi"].lower())


def abouts() -> list[str]:
    """The classes that rows may be about: those that shipped tables are about, and what is near them."""
    known, told = ontology(), {mapping.about for mapping in shipped_mappings()}
    near = (name for name in known.classes if any(known.is_a(name, about) or known.is_a(about, name) for about in told))
    return sorted(name for name in near if name != ROOT)


def chosen(about: str, cells: Cells, value: str) -> Proposed | None:
    """What a column says by a choice; ``None`` where that is nothing of rows about the class."""
    if value not in {choice.value for choice in choices(about)}:
        return None
    kind, _, name = value.partition(":")
    name, _, language = name.partition("@")
    if name == "name":
        spec = {"property": "name"} | ({"language": language} if language else {})
        return Proposed([spec], f"name ({language})" if language else "name", 1.0, ("name", language))
    return as_meant(about, cells, Term(kind, name))


def _labels(name: str) -> dict[str, str]:
    return {language: ontology().label(name, language) for language in ("vi", "en")}


def _names() -> Iterator[Choice]:
    label = _labels("name")
    yield Choice(NAME, label)
    for code in ("vi", "en"):
        spoken = schemes().concepts[f"scheme/language/1/{code}"].labels
        yield Choice(f"{PROPERTY}:name@{code}", {at: f"{label[at]} ({spoken[at]})" for at in label})


def _properties(about: str) -> Iterator[Choice]:
    kin = family(about)
    for prop in ontology().properties.values():
        if _is_said_of(prop, about, kin) and prop.name not in ("name", "type"):
            yield Choice(f"{PROPERTY}:{prop.name}", _labels(prop.name))


def _is_said_of(prop: Property, about: str, kin: str) -> bool:
    if prop.name in CONTACTS:
        return ontology().is_a(about, "Organization") or prop.domain in ontology().classes[about].types
    if prop.domain not in ontology().classes[about].types:
        return False
    if prop.range == "Concept" and not usual_schemes(kin, prop.name):
        return False
    return prop.domain != ROOT or prop.name in usual_properties(kin)


def _identifiers(about: str) -> Iterator[Choice]:
    for concept in schemes().concepts.values():
        if concept.scheme == _IDENTIFIERS and identified_family(concept.code) in (None, family(about)):
            yield Choice(f"{IDENTIFIER}:{concept.code}", {at: concept.label(at) for at in ("vi", "en")})


def _events(about: str) -> Iterator[Choice]:
    for term in fragment_terms(about):
        if term.startswith("scheme/"):
            yield Choice(f"{CONCEPT}:{term}", {at: schemes().label(term, at) for at in ("vi", "en")})
        else:
            yield Choice(f"{PROPERTY}:{term}", _labels(term))
