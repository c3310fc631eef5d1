"""The difference between two days as a table: by what was known at their ends, or by what was true on them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graph.answer.difference_model import Change, Difference, DifferenceQuestion, Kind, Value
from graph.answer.errors import AnswerError
from graph.answer.model import Ref, SourceRef
from graph.answer.reading import Reading
from graph.answer.reports import REPORTS, Report, columns_of
from graph.statements.home import today
from graph.views.comparing import differing_entities
from graph.views.rdf import identifier_of
from ontology.model import KN, ontology
from ontology.statement import TYPE

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_DATE = "http://www.w3.org/2001/XMLSchema#date"
ENDS = ("validUntil", "revokedOn", "appliesUntil", "endDate")
"""Properties whose day is the last on which something is true; a revocation counts from its own day."""
_FROM_OWN_DAY = ("revokedOn",)
_NO_HAPPENING = ("retrievedOn", "deadline")
"""Days on which nothing becomes true."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, before names and records are looked up."""

    entity: str
    kind: Kind
    property: str | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    day: str | None = None


def difference(old: Reading, new: Reading, question: DifferenceQuestion) -> Difference:
    """The difference between two days.

    :param old: what was known at the end of the first day, or for the clock ``as_of`` the same as ``new``
    :raises AnswerError: where the class is none of the ontology's
    """
    if question.class_ and question.class_ not in ontology().classes:
        raise AnswerError(f"there is no class {question.class_}; /ontology lists them")
    lines = [line for line in _lines(old, new, question) if _of_class(old, new, line.entity, question.class_)]
    shown = lines[question.offset : question.offset + question.limit]
    return Difference(
        first=question.first,
        second=question.second,
        by=question.by,
        view=question.view,
        snapshots=(old.snapshot, new.snapshot),
        total=len(lines),
        kinds=dict(Counter(line.kind for line in lines)),
        changes=tuple(_told(old, new, line, question.language) for line in shown),
        truncated=question.offset + len(shown) < len(lines),
    )


def _lines(old: Reading, new: Reading, question: DifferenceQuestion) -> list[_Line]:
    if question.view:
        days = _days(question)
        report = REPORTS[question.view]
        return list(_compared(report(old, days[0]), report(new, days[1])))
    if question.by == "as_of":
        return sorted(_happened(new, question.first, question.second), key=lambda line: (line.day or "", line.entity))
    return [line for entity in differing_entities(old.views, new.views) for line in _of_entity(old, new, entity)]


def _days(question: DifferenceQuestion) -> tuple[str, str]:
    """The days on which the two reports are true."""
    if question.by == "as_of":
        return question.first, question.second
    day = question.as_of or today()
    return day, day


def _compared(before: Report, after: Report) -> Iterator[_Line]:
    for entity in sorted(before.keys() | after.keys()):
        one, other = before.get(entity), after.get(entity)
        if one is None or other is None:
            yield _Line(entity, "added" if one is None else "removed")
            continue
        for column in columns_of((one, other)):
            if one.get(column, ()) != other.get(column, ()):
                yield _Line(entity, "changed", column, one.get(column, ()), other.get(column, ()))


def _of_entity(old: Reading, new: Reading, entity: str) -> Iterator[_Line]:
    before, after = _said(old, entity), _said(new, entity)
    if not before or not after:
        yield _Line(entity, "added" if not before else "removed")
        return
    order = {name: at for at, name in enumerate(ontology().properties)}
    for prop in sorted(before.keys() | after.keys(), key=lambda name: (order.get(name, -1), name)):
        one, other = before.get(prop, ()), after.get(prop, ())
        if one != other:
            yield _Line(entity, "changed", prop, one, other)


def _said(reading: Reading, entity: str) -> dict[str, tuple[str, ...]]:
    """What a snapshot says of an entity: property → values and ids."""
    found: dict[str, list[str]] = {}
    for quad in reading.views.triples(entity):
        prop = TYPE if quad.predicate.value == _RDF_TYPE else quad.predicate.value.removeprefix(str(KN))
        found.setdefault(prop, []).append(_plain(quad.object))
    return {prop: tuple(sorted(values)) for prop, values in found.items()}


def _plain(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return identifier_of(term.value) or term.value
    value = str(getattr(term, "value", term))
    language = getattr(term, "language", None)
    return f"{value} ({language})" if language else value


def _happened(reading: Reading, first: str, second: str) -> Iterator[_Line]:
    """What began after the first day up to the second, and what ended from the first day on before the second."""
    for prop in ontology().properties.values():
        if prop.datatype != _DATE or prop.name in _NO_HAPPENING:
            continue
        ends = prop.name in ENDS
        last = ends and prop.name not in _FROM_OWN_DAY
        for entity, day in _dated(reading, prop.name, first, second, last):
            kind: Kind = "removed" if ends else "added"
            yield _Line(entity, kind, prop.name, (day,) if ends else (), () if ends else (day,), day)


def _dated(reading: Reading, prop: str, first: str, second: str, last: bool) -> Iterator[tuple[str, str]]:
    """Entities with a day of a property after the first day up to the second.

    :param last: the day is the last one of what ends, so that the change is the day behind it
    """
    after, before = ("<=", "<") if last else ("<", "<=")
    found = reading.store.query(
        f"SELECT ?entity ?day WHERE {{ ?entity <{KN}{prop}> ?day "
        f"FILTER ('{first}' {after} STR(?day) && STR(?day) {before} '{second}') }}"
    )
    assert isinstance(found, ox.QuerySolutions)
    for solution in found:
        subject = identifier_of(str(getattr(solution["entity"], "value", "")))
        if subject and not subject.startswith(("record/", "scheme/")):
            yield subject, str(getattr(solution["day"], "value", ""))


def _of_class(old: Reading, new: Reading, entity: str, cls: str | None) -> bool:
    return cls is None or any(cls in reading.views.types(entity) for reading in (new, old))


def _told(old: Reading, new: Reading, line: _Line, language: str) -> Change:
    gone = line.kind == "removed" and not new.views.types(line.entity)
    of = old if gone else new
    survivor = new.views.redirect(line.entity) if gone else None
    known = line.property is not None and line.property in ontology().properties
    return Change(
        entity=of.ref(line.entity, language),
        kind=line.kind,
        property=line.property,
        label=ontology().label(line.property, language) if line.property and known else None,
        before=_values(old, line.before, language),
        after=_values(new, line.after, language),
        day=line.day,
        merged_into=new.ref(survivor, language) if survivor else None,
        before_sources=_sources(old, line.entity, line.property if known else TYPE),
        after_sources=_sources(new, line.entity, line.property if known else TYPE),
    )


def _values(reading: Reading, values: Sequence[str], language: str) -> tuple[Value, ...]:
    return tuple(_value(reading, value, language) for value in values)


def _value(reading: Reading, value: str, language: str) -> Value:
    node: Ref | None = None
    if " " not in value and reading.views.types(value):
        node = reading.ref(value, language)
    return Value(text=None if node else value, node=node)


def _sources(reading: Reading, entity: str, prop: str | None) -> tuple[SourceRef, ...]:
    """The records that state a property of an entity; where it is none of its own, those that state the entity."""
    return (reading.stated(entity, prop) if prop else ()) or reading.stated(entity, TYPE)
