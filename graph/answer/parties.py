"""The parties of a proposal: the bodies and persons with whom a reviewer must have nothing to do."""

from dataclasses import dataclass, field

from graph.answer.errors import AnswerError
from graph.answer.model import Hop, SourceRef
from graph.answer.reading import Reading
from graph.answer.review_model import ReviewQuestion
from graph.views.naming import meant

_MOST = 200
"""Persons and bodies of one proposal at most."""


@dataclass
class Parties:
    """Bodies and persons, each with the hop that ties it to the proposal; none where the question itself names it."""

    task: str | None = None
    texts: list[str] = field(default_factory=list)
    bodies: dict[str, Hop | None] = field(default_factory=dict)
    persons: dict[str, Hop | None] = field(default_factory=dict)
    owners: dict[str, Hop | None] = field(default_factory=dict)


def parties_of(reading: Reading, question: ReviewQuestion) -> Parties:
    """The parties that a question names, and for a task those on record: host, participants, inventors, owners of what came of it.

    :raises AnswerError: where a part is not known
    """
    found = Parties(texts=[question.text] if question.text else [])
    if question.task:
        found.task = named(reading, question.task, "STTask", question.language)
        _Task(reading, question.language, found.task).fill(found)
    if question.host:
        found.bodies.setdefault(named(reading, question.host, "Organization", question.language), None)
    for person in question.people:
        if person.strip():
            found.persons.setdefault(named(reading, person, "Person", question.language), None)
    return found


def named(reading: Reading, text: str, cls: str, language: str) -> str:
    """The node of a class that an id, an IRI or an exact name means.

    :raises AnswerError: where there is none, or more than one of that name
    """
    node = meant(reading.views, text, cls, language)
    if node is None:
        # of namesakes none is taken for another: who is in conflict with whom depends on it
        raise AnswerError(f"no {cls}, or more than one, is called «{text}»; search for it and give its id")
    return node


class _Task:
    """What is on record around a task."""

    def __init__(self, reading: Reading, language: str, task: str) -> None:
        self.reading, self.language, self.task = reading, language, task

    def fill(self, found: Parties) -> None:
        views, task = self.reading.views, self.task
        found.texts += [text for prop in ("name", "description") for text in views.values(task, prop)]
        for body in views.values(task, "hostedBy"):
            found.bodies[body] = self._hop(task, "hostedBy", body, self.reading.stated(task, "hostedBy", body))
        for event in views.subjects("task", task, limit=_MOST):
            if "TaskParticipation" in views.types(event):
                self._participation(found, event)
        for result in views.subjects("resultOf", task):
            found.texts += views.values(result, "name")
            for technology in views.subjects("embodies", result):
                self._technology(found, technology)

    def _participation(self, found: Parties, event: str) -> None:
        for prop, into in (("person", found.persons), ("organization", found.bodies)):
            for party in self.reading.views.values(event, prop):
                into.setdefault(
                    party, self._hop(self.task, prop, party, self.reading.stated(event, prop, party), event)
                )

    def _technology(self, found: Parties, technology: str) -> None:
        views = self.reading.views
        for person in views.values(technology, "inventor")[:_MOST]:
            records = self.reading.stated(technology, "inventor", person)
            found.persons.setdefault(person, self._hop(technology, "inventor", person, records))
        for holding in views.subjects("over", technology):
            for holder in views.values(holding, "holder"):
                into = found.owners if "Person" in views.types(holder) else found.bodies
                records = self.reading.stated(holding, "holder", holder)
                into.setdefault(holder, self._hop(technology, "holder", holder, records, holding))

    def _hop(self, start: str, relation: str, end: str, records: tuple[SourceRef, ...], via: str | None = None) -> Hop:
        return hop(self.reading, self.language, start, relation, end, records, via)


def hop(
    reading: Reading,
    language: str,
    start: str,
    relation: str,
    end: str,
    records: tuple[SourceRef, ...],
    via: str | None = None,
    valid: str | None = None,
) -> Hop:
    """An asserted hop between two nodes, over an event where there is one."""
    return Hop(
        from_=reading.ref(start, language),
        relation=relation,
        to=reading.ref(end, language),
        asserted=True,
        sources=records,
        valid=valid,
        via=reading.ref(via, language) if via else None,
    )
