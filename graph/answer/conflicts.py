"""Conflicts of a reviewer with a proposal that the graph can find, each with its path of records."""

from collections.abc import Iterator

from graph.answer.employment import employment
from graph.answer.expert_model import Employment
from graph.answer.model import Hop
from graph.answer.parties import Parties, hop
from graph.answer.reading import Reading
from graph.answer.review_model import Conflict, ConflictKind

_DEPTH = 6
"""Steps of a family of organisations that are followed."""
_TIES = 200
"""Works of one person that are looked through."""
_SENTENCES: dict[ConflictKind, dict[str, str]] = {
    "participant": {"vi": "{expert} tham gia đề xuất này.", "en": "{expert} takes part in the proposal."},
    "employer": {
        "vi": "{expert} công tác tại {body}, một bên của đề xuất, vào ngày này.",
        "en": "{expert} works at {body}, a party to the proposal, on the day.",
    },
    "family": {
        "vi": "{expert} công tác tại đơn vị cùng hệ thống với {body}, một bên của đề xuất.",
        "en": "{expert} works in the same family of organisations as {body}, a party to the proposal.",
    },
    "colleague": {
        "vi": "{expert} công tác cùng đơn vị với {person}, người tham gia đề xuất, vào ngày này.",
        "en": "{expert} has the same employer on the day as {person}, who takes part in the proposal.",
    },
    "co_inventor": {
        "vi": "{expert} là đồng tác giả một công nghệ với {person}, người tham gia đề xuất.",
        "en": "{expert} made a technology together with {person}, who takes part in the proposal.",
    },
    "co_worker": {
        "vi": "{expert} cùng thực hiện một nhiệm vụ với {person}, người tham gia đề xuất.",
        "en": "{expert} worked on a task together with {person}, who takes part in the proposal.",
    },
    "owner": {
        "vi": "{expert} nắm quyền đối với kết quả của đề xuất.",
        "en": "{expert} holds a right over what comes of the proposal.",
    },
}


class Conflicts:
    """Looks for conflicts with one proposal on a day, the day of the review."""

    def __init__(self, reading: Reading, parties: Parties, day: str, language: str) -> None:
        self.reading, self.parties, self.day, self.language = reading, parties, day, language
        self._family = {body: self._kin(body) for body in parties.bodies}
        self._colleagues = [
            (person, stay) for person in parties.persons for stay in employment(reading, person, day, language)
        ]
        self._works: dict[str, list[tuple[str, Hop]]] = {}
        for person in parties.persons:
            for task, way in self._tasks(person):
                if task != parties.task:
                    self._works.setdefault(task, []).append((person, way))

    def of(self, expert: str, stays: tuple[Employment, ...]) -> tuple[Conflict, ...]:
        """All conflicts of an expert, who has some employers on the day."""
        if expert in self.parties.persons:
            return (self._conflict("participant", expert, [self.parties.persons[expert]]),)
        found = [*self._by_employer(expert, stays), *self._by_work(expert)]
        if expert in self.parties.owners:
            found.append(self._conflict("owner", expert, [self.parties.owners[expert]]))
        return tuple(found)

    def _by_employer(self, expert: str, stays: tuple[Employment, ...]) -> Iterator[Conflict]:
        for stay in stays:
            own = self._stay(expert, stay)
            for body, tie in self.parties.bodies.items():
                if stay.organization.id == body:
                    yield self._conflict("employer", expert, [own, tie], body=body)
                elif stay.organization.id in self._family[body]:
                    steps = self._family[body][stay.organization.id]
                    yield self._conflict("family", expert, [own, *steps, tie], body=body)
            for person, other in self._colleagues:
                at_party = other.organization.id in self.parties.bodies
                if other.organization.id == stay.organization.id and not at_party:
                    path = [own, self._stay(person, other), self.parties.persons[person]]
                    yield self._conflict("colleague", expert, path, person=person)

    def _stay(self, person: str, stay: Employment) -> Hop:
        return hop(
            self.reading, self.language, person, "organization", stay.organization.id, stay.sources, valid=stay.valid
        )

    def _kin(self, body: str) -> dict[str, list[Hop]]:
        """Bodies of the same family, each with the hops that lead from it to the body: units, parents, who controls and is controlled."""
        views = self.reading.views
        found: dict[str, list[Hop]] = {body: []}
        edge = [body]
        for _ in range(_DEPTH):
            further = []
            for one in edge:
                for prop in ("unitOf", "controlledBy"):
                    near = [(target, one, target) for target in views.values(one, prop)]
                    near += [(subject, subject, one) for subject in views.subjects(prop, one)]
                    for other, start, end in near:
                        if other not in found:
                            records = self.reading.stated(start, prop, end)
                            found[other] = [hop(self.reading, self.language, start, prop, end, records), *found[one]]
                            further.append(other)
            edge = further
        del found[body]
        return found

    def _by_work(self, expert: str) -> Iterator[Conflict]:
        views = self.reading.views
        for technology in views.subjects("inventor", expert, limit=_TIES):
            for person in set(views.values(technology, "inventor")) & self.parties.persons.keys():
                path = [
                    self._inventor(technology, expert),
                    self._inventor(technology, person),
                    self.parties.persons[person],
                ]
                yield self._conflict("co_inventor", expert, path, person=person)
        for task, own in self._tasks(expert):
            for person, theirs in self._works.get(task, ()):
                path = [own, theirs, self.parties.persons[person]]
                yield self._conflict("co_worker", expert, path, person=person)

    def _inventor(self, technology: str, person: str) -> Hop:
        records = self.reading.stated(technology, "inventor", person)
        return hop(self.reading, self.language, technology, "inventor", person, records)

    def _tasks(self, person: str) -> Iterator[tuple[str, Hop]]:
        """Tasks that a person takes part in, with the hop to each."""
        views = self.reading.views
        for event in views.subjects("person", person, limit=_TIES):
            if "TaskParticipation" in views.types(event):
                records = self.reading.stated(event, "person", person)
                for task in views.values(event, "task"):
                    yield task, hop(self.reading, self.language, task, "person", person, records, event)

    def _conflict(
        self,
        kind: ConflictKind,
        expert: str,
        path: list[Hop | None],
        body: str | None = None,
        person: str | None = None,
    ) -> Conflict:
        names = {"expert": expert, "body": body, "person": person}
        said = {key: self.reading.views.name(node, self.language) for key, node in names.items() if node}
        sentence = _SENTENCES[kind][self.language].format(**said)
        return Conflict(kind=kind, sentence=sentence, path=tuple(one for one in path if one is not None))
