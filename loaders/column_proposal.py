"""What one column says, proposed from its header and tried on its cells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from loaders.header_terms import CLASS, CODE, CONCEPT, IDENTIFIER, PROPERTY, Meaning, Term, factor_of, language_of
from loaders.mapping import Column
from loaders.row_values import column_reader
from loaders.usual import family, identified_family, own_code, usual_properties, usual_schemes
from loaders.values import cell_text
from ontology.model import ROOT, Property, ontology
from ontology.yaml_reading import read_yaml

Spec = dict[str, Any]
_UNDERSTOOD = 0.7
"""Share of a column's cells that have to be understood."""
_TRIED = 300
_NEAR = 0.3
"""How much worse than the best a meaning of a header may fit."""
CONTACTS = {"telephone": "telephone", "email": "email"}
_LISTED = re.compile(r"[^;]+;\s*[^;]+")
_NAMES_IN_ROW = re.compile(r"^[^,;\d]{4,40}(?:,\s*[^,;\d]{4,40})+$")


@dataclass(slots=True)
class Proposed:
    """What a column says, as a mapping has it.

    ``says`` is the term in words; ``takes`` tells two columns that would say the one value of a property; ``node`` is an event that
    the column makes, with its name.
    """

    specs: list[Spec]
    says: str
    fit: float
    takes: tuple[str, ...] = ()
    node: tuple[str, dict[str, Any]] | None = None
    understood: float = 1.0


@dataclass(slots=True)
class Cells:
    """A column: its header and its cells, and what one of an amount stands for by the titles above the table."""

    header: str
    values: list[Any] = field(default_factory=list)
    factor: int = 1

    @property
    def filled(self) -> list[Any]:
        return [value for value in self.values if cell_text(value).strip()]


@cache
def _fragments() -> tuple[dict[str, Any], ...]:
    return tuple(read_yaml(Path(__file__).with_name("fragments.yaml").read_text(encoding="utf-8")))


def propose_column(about: str, cells: Cells, found: Sequence[Meaning]) -> Proposed | None:
    """What a column says of things of a class; ``None`` where its header means nothing of theirs, or its cells say something else."""
    period = _period(about, cells, found)
    if period is not None:
        return period
    for meaning in sorted(found, key=lambda meaning: (-round(meaning.fit, 2), _distance(about, meaning))):
        # a column headed as a tax code that holds none is no other number for all that
        if meaning.fit < found[0].fit - _NEAR:
            break
        for proposed in _of(about, cells, meaning):
            share = _share(proposed.specs, cells)
            if share >= _UNDERSTOOD:
                proposed.understood = share
                return proposed
    return None


def as_meant(about: str, cells: Cells, term: Term) -> Proposed | None:
    """What a column says of things of a class by a term that somebody chose, read the way that most of its cells are understood by."""
    ways = list(_of(about, cells, Meaning(term, 1.0)))
    for way in ways:
        way.understood = _share(way.specs, cells)
    return max(ways, key=lambda way: way.understood, default=None)


def fragment_terms(about: str) -> list[str]:
    """The terms that stand for events beside rows about a class."""
    return [fragment["term"] for fragment in _fragments() if fragment["about"] in ontology().classes[about].types]


def _distance(about: str, meaning: Meaning) -> int:
    """Which of two meanings is nearer to a class: a register's number before an office's own, a property of the class before one of
    everything."""
    if meaning.term.kind != PROPERTY:
        return -1 if meaning.term.kind == IDENTIFIER else 1
    types = ontology().classes[about].types
    domain = ontology().properties[meaning.term.name].domain
    return types.index(domain) if domain in types else len(types)


def _of(about: str, cells: Cells, meaning: Meaning) -> Iterator[Proposed]:
    term, types = meaning.term, ontology().classes[about].types
    for fragment in _fragments():
        if fragment["about"] in types and fragment["term"] == term.name:
            yield from _by_fragment(about, cells, meaning, fragment)
    if term.kind == IDENTIFIER:
        kin = identified_family(term.name)
        if kin in (None, family(about)):
            yield Proposed([{"identifier": term.name}], _said(meaning), meaning.fit)
    elif term.kind == CODE:
        if ontology().is_a(about, term.name) or ontology().is_a(term.name, about):
            yield from _by_number(about, meaning)
    elif term.kind == CLASS:
        yield from _by_class(about, cells, meaning)
    elif term.kind != CONCEPT:
        yield from _by_property(about, cells, meaning)


def _by_property(about: str, cells: Cells, meaning: Meaning) -> Iterator[Proposed]:
    prop, types = ontology().properties[meaning.term.name], ontology().classes[about].types
    if prop.name in CONTACTS and "Organization" in types:
        yield Proposed([{"contact": CONTACTS[prop.name]}], _said(meaning), meaning.fit)
        return
    if prop.name == "number":
        yield from _by_number(about, meaning)
        return
    usual = usual_properties(family(about))
    if prop.domain not in types or (prop.domain == ROOT and prop.name not in usual and prop.name != "name"):
        return
    language = language_of(cells.header) if prop.per_language else None
    takes = (prop.name, language or "") if prop.single else ()
    for spec in _specs(about, cells, prop):
        yield Proposed([spec | ({"language": language} if language else {})], _said(meaning), meaning.fit, takes)


def _by_number(about: str, meaning: Meaning) -> Iterator[Proposed]:
    """A code that the office itself gives: one of a kind of its own where things of the class have such codes."""
    if code := own_code(family(about)):
        yield Proposed([{"identifier": code}], code, meaning.fit, (code,))
    elif "number" in usual_properties(family(about)):
        yield Proposed([{"property": "number"}], "number", meaning.fit, ("number", ""))


def _specs(about: str, cells: Cells, prop: Property) -> Iterator[Spec]:
    """The ways to read a property's values."""
    spec: Spec = {"property": prop.name}
    if prop.range == "Concept":
        for scheme in usual_schemes(family(about), prop.name):
            yield spec | {"scheme": scheme} | _split(cells, ";")
    elif prop.is_edge:
        yield spec | {"class": prop.range} | _several(cells, prop.range or "")
    elif prop.unit == "VND":
        factor = factor_of(cells.header) or cells.factor
        yield spec | ({"factor": factor} if factor != 1 else {})
    else:
        yield spec


def _by_class(about: str, cells: Cells, meaning: Meaning) -> Iterator[Proposed]:
    """A header that names things of another class: the one property that leads there."""
    known, types = ontology(), ontology().classes[about].types
    named = known.classes[meaning.term.name]
    leading = [
        prop
        for prop in known.properties.values()
        if prop.range in named.types and prop.range != ROOT and prop.domain in types and prop.domain != ROOT
    ]
    if len(leading) == 1 and named.name not in types:
        prop = leading[0]
        spec = {"property": prop.name, "class": named.name} | _several(cells, named.name)
        yield Proposed([spec], known.label(prop.name, "en"), meaning.fit, (prop.name, "") if prop.single else ())
    for fragment in _fragments():
        if (
            fragment["about"] in types
            and "class" in fragment["column"]
            and fragment["column"]["class"] in named.types
            and about == "Person"
        ):
            yield from _by_fragment(about, cells, meaning, fragment)


def _by_fragment(about: str, cells: Cells, meaning: Meaning, fragment: dict[str, Any]) -> Iterator[Proposed]:
    name = fragment["name"]
    spec: Spec = {key: name if value == "NODE" else value for key, value in fragment["column"].items()}
    prop = ontology().properties.get(spec.get("property", ""))
    if "class" in spec:
        spec |= _several(cells, spec["class"])
    elif prop is not None and prop.unit == "VND":
        spec |= next(_specs(about, cells, prop))
    node = _written(fragment["node"], cells.header)
    yield Proposed([spec], _said(meaning), meaning.fit, (name,), (name, node))


def _written(part: Any, header: str) -> Any:
    """A fragment's node with the column's header in its place."""
    if isinstance(part, dict):
        return {key: _written(value, header) for key, value in part.items()}
    if isinstance(part, list):
        return [_written(value, header) for value in part]
    return header if part == "COLUMN" else part


def _period(about: str, cells: Cells, found: Sequence[Meaning]) -> Proposed | None:
    """A column whose header means a start and an end alike holds both."""
    best = {meaning.term.name for meaning in found if meaning.fit >= max(found[0].fit, 0.7)} if found else set()
    if not {"startDate", "endDate"} <= best or "startDate" not in usual_properties(family(about)):
        return None
    specs = [{"property": "startDate", "reader": "period-start"}, {"property": "endDate", "reader": "period-end"}]
    share = _share(specs, cells)
    if share < _UNDERSTOOD:
        return None
    return Proposed(specs, "start and end", found[0].fit, ("startDate", ""), understood=share)


def _split(cells: Cells, sign: str) -> Spec:
    return {"split": sign} if any(_LISTED.search(cell_text(value)) for value in cells.filled) else {}


def _several(cells: Cells, cls: str) -> Spec:
    """How the bodies of a cell are parted."""
    texts = [cell_text(value) for value in cells.filled]
    if any(";" in text for text in texts):
        return {"split": ";"}
    persons = ontology().is_a(cls, "Person")
    if persons and any(_NAMES_IN_ROW.match(text.strip()) for text in texts):
        return {"split": ","}
    if any("\n" in text.strip() for text in texts):
        return {"split": "\n"} if persons else {"bodies": True}
    return {}


def _share(specs: list[Spec], cells: Cells) -> float:
    """The share of a column's cells that are understood."""
    try:
        columns = tuple(
            Column.model_validate({key: value for key, value in spec.items() if key != "of"}) for spec in specs
        )
    except ValidationError:
        return 0.0
    read = column_reader(cells.header, columns)
    values = cells.filled[:_TRIED]
    right = 0
    for value in values:
        try:
            right += bool(any(read(value)) or not values)
        except ValueError:
            continue
    return right / len(values) if values else 1.0


def _said(meaning: Meaning) -> str:
    name = meaning.term.name
    if meaning.term.kind == IDENTIFIER:
        return name
    return name.rsplit("/", 1)[-1] if meaning.term.kind == CONCEPT else ontology().label(name, "en")
