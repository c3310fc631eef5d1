"""Filters of the main question: which technologies, firms and intermediaries may be in an answer, and how many lack what is asked for.

They are applied before anything is ranked or cut: what an answer holds is the best of what they let through, not what they left of
the best. What is not on record does not pass, and is counted apart.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from graph.answer.errors import AnswerError
from graph.answer.model import Filter, FilterName, Question, Ref
from graph.answer.reading import Reading
from graph.answer.within import EVERYTHING, Within
from graph.views.arrays import day_number
from graph.views.naming import identified
from graph.views.rdf import identifier_of
from ontology.model import ontology
from ontology.schemes import schemes

_SCHEMES = {
    "field": ("ford/2015", "ipc/2024"),
    "industry": ("vsic/2018", "vsic/2025"),
    "region": ("place/2025", "place/2024"),
    "intermediary_kind": ("intermediary-kind/2014",),
}
"""Filter → schemes in which a code or name is looked for, the first that has it; an id may be of any scheme."""
_HOLDERS = "Organization"
_MOST_RECOGNISED = 100_000


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a filter finds: which end of a route it is about, which nodes pass, and of which nothing is on record."""

    end: str
    passing: np.ndarray
    known: np.ndarray
    value: Ref


def narrow(reading: Reading, question: Question, day: str) -> tuple[Within, tuple[Filter, ...]]:
    """What the filters of a question let through on a day, and what each does.

    :raises AnswerError: where a filter names what is not known
    """
    within, told = EVERYTHING, []
    for name, look in _LOOKS.items():
        given = getattr(question, name)
        if given is None:
            continue
        seen = look(reading, question, day)
        within = within.also(seen.end, seen.passing)
        told.append(
            Filter(
                name=name,
                value=seen.value,
                of="technology" if seen.end == "technologies" else "organization",
                passed=int(np.count_nonzero(seen.passing)),
                failed=int(np.count_nonzero(seen.known & ~seen.passing)),
                unknown=int(np.count_nonzero(~seen.known)),
            )
        )
    return within, tuple(told)


def _concept(reading: Reading, name: FilterName, text: str) -> str:
    """The concept that a code, a name, an id or an IRI means.

    :raises AnswerError: where there is none
    """
    candidates: Iterable[str | None] = (
        identifier_of(text) or text,
        *(schemes().find(scheme, text) for scheme in _SCHEMES[name]),
        # a scheme that was loaded from a file is not among the shipped ones, but its concepts are nodes under their codes
        *(f"scheme/{scheme}/{text}" for scheme in _SCHEMES[name]),
    )
    for candidate in candidates:
        if candidate and candidate.startswith("scheme/") and identified(reading.views, candidate, "Concept"):
            return candidate
    known = " or ".join(_SCHEMES[name])
    raise AnswerError(f"{name}: «{text}» is no concept of {known}; give its code, name, id or IRI")


def _stating(reading: Reading, matrix: str, end: str, name: FilterName, question: Question) -> _Seen:
    """Nodes of which a concept, or one below it, is stated."""
    arrays, concept = reading.views.arrays, _concept(reading, name, getattr(question, name))
    stated = arrays.matrices[matrix]
    number = arrays.number("concept", concept)
    passing = np.zeros(stated.shape[0], dtype=bool)
    if number is not None:
        below = np.asarray(arrays.matrices["concept_above"][:, [number]].todense()).ravel() > 0
        passing = np.asarray(stated @ below.astype(np.float32)).ravel() > 0
    known = np.diff(stated.indptr) > 0
    return _Seen(end, passing, known, reading.ref(concept, question.language))


def _field(reading: Reading, question: Question, _: str) -> _Seen:
    return _stating(reading, "technology_fields", "technologies", "field", question)


def _industry(reading: Reading, question: Question, _: str) -> _Seen:
    return _stating(reading, "organisation_industries", "firms", "industry", question)


def _region(reading: Reading, question: Question, _: str) -> _Seen:
    return _stating(reading, "organisation_places", "firms", "region", question)


def _holder_class(reading: Reading, question: Question, _: str) -> _Seen:
    """Technologies that bodies of a class own."""
    name = question.holder_class or ""
    classes = ontology().classes
    if name not in classes or _HOLDERS not in (name, *classes[name].ancestors):
        raise AnswerError(f"holder_class: «{name}» is no class of organisations")
    arrays = reading.views.arrays
    owners = reading.ranker.lookups.owners[:-1]
    of_class = np.zeros(owners.shape[1], dtype=np.float64)
    numbers = (arrays.number("organisation", node) for node in reading.of_class(name))
    of_class[[number for number in numbers if number is not None]] = 1
    known = np.diff(owners.indptr) > 0
    value = Ref(id="", name=ontology().label(name, question.language), type=name)
    return _Seen("technologies", np.asarray(owners @ of_class).ravel() > 0, known, value)


def _intermediary_kind(reading: Reading, question: Question, day: str) -> _Seen:
    """Bodies with a recognition of a kind that is valid on the day."""
    views, arrays = reading.views, reading.views.arrays
    concept = _concept(reading, "intermediary_kind", question.intermediary_kind or "")
    size = arrays.size("organisation")
    passing, known = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    recognised = arrays.tables["recognition"]["organisation"]
    known[recognised] = True
    for recognition in views.subjects("kind", concept, _MOST_RECOGNISED):
        if "Recognition" not in views.types(recognition) or not _valid(reading, recognition, day):
            continue
        for holder in views.values(recognition, "holder"):
            number = arrays.number("organisation", holder)
            if number is not None:
                passing[number] = True
    return _Seen("brokers", passing, known, reading.ref(concept, question.language))


def _valid(reading: Reading, event: str, day: str) -> bool:
    """Whether an event holds on a day, both ends included; an end that is not on record is open."""
    first, last, revoked = (reading.views.values(event, name) for name in ("validFrom", "validUntil", "revokedOn"))
    return all(one <= day for one in first) and all(one >= day for one in last) and all(one > day for one in revoked)


def _trl(reading: Reading, question: Question, day: str) -> _Seen:
    """Technologies whose last assessed level by the day is the one asked for or above."""
    every = np.arange(reading.views.arrays.size("technology"))
    levels = reading.ranker.lookups.last_levels(every, day_number(day))
    value = Ref(id="", name=f"TRL ≥ {question.trl}", type="Concept")
    return _Seen("technologies", levels >= (question.trl or 0), levels > 0, value)


def _price(reading: Reading, question: Question, day: str) -> _Seen:
    """Technologies with a current public price up to the one asked for."""
    every = np.arange(reading.views.arrays.size("technology"))
    prices = reading.ranker.lookups.lowest_prices(every, day_number(day))
    value = Ref(id="", name=f"≤ {question.price} VND", type="TechnologyOffer")
    return _Seen("technologies", prices <= (question.price or 0), np.isfinite(prices), value)


_LOOKS: dict[FilterName, Callable[[Reading, Question, str], _Seen]] = {
    "field": _field,
    "industry": _industry,
    "region": _region,
    "holder_class": _holder_class,
    "intermediary_kind": _intermediary_kind,
    "trl": _trl,
    "price": _price,
}
FILTERS: tuple[FilterName, ...] = tuple(_LOOKS)
"""The filters in the order in which they are told."""
