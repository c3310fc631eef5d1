"""A case as answers read it: what its owner stated is laid over the snapshot for one answer, and nothing of it stays in the snapshot's reading."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from graph.answer.gathering import Asked
from graph.answer.model import Question, Ref, SourceRef
from graph.answer.reading import Reading
from graph.answer.understanding import Described, Understood, describe, understand
from graph.statements.cases import Case
from graph.views.reading import SnapshotViews
from ontology.statement import concept_path

_FIRM_MISSING = {
    "vi": "Doanh nghiệp có nhu cầu này chưa có trong dữ liệu; hãy chọn một tổ chức đã có, hoặc nạp tổ chức đó trước",
    "en": "The firm that has this need is not on record; name one that is, or have it loaded first",
}


def _stated(case: Case) -> Iterator[tuple[str, str, str]]:
    """What a case says that answers look up: (subject, property, value or object)."""
    yield case.id, "name", case.title
    yield case.id, "description", case.text
    if case.party_name and case.party_id:
        yield case.party_id, "name", case.party_name
    if case.kind == "need":
        if case.party_id:
            yield case.id, "needOf", case.party_id
        if case.level:
            yield case.id, "requiredLevel", concept_path("trl/1", case.level)
    elif case.level:
        yield case.level_id, "assesses", case.id
        yield case.level_id, "level", concept_path("trl/1", case.level)
        yield case.level_id, "date", case.day


class CaseViews:
    """The views of a snapshot with a case laid over them."""

    def __init__(self, views: SnapshotViews, case: Case) -> None:
        self._views, self._case = views, case
        self._said: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._pointing: dict[tuple[str, str], list[str]] = defaultdict(list)
        for subject, prop, value in _stated(case):
            self._said[subject, prop].append(value)
            self._pointing[prop, value].append(subject)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._views, name)

    def owns(self, node: str) -> bool:
        """Whether a node is one that the case alone speaks of."""
        return any(subject == node for subject, _ in self._said)

    def values(self, identifier: str, prop: str) -> list[str]:
        return [
            *self._said.get((identifier, prop), ()),
            *([] if self.owns(identifier) else self._views.values(identifier, prop)),
        ]

    def subjects(self, prop: str, target: str) -> list[str]:
        return [
            *self._pointing.get((prop, target), ()),
            *([] if self.owns(target) else self._views.subjects(prop, target)),
        ]

    def name(self, identifier: str, language: str) -> str:
        return next(iter(self._said.get((identifier, "name"), ())), None) or self._views.name(identifier, language)


class CaseReading(Reading):
    """The reading of a snapshot with a case laid over it."""

    def __init__(self, base: Reading, case: Case) -> None:
        super().__init__(CaseViews(base.views, case), base.graph)  # type: ignore[arg-type]
        self._base, self._case = base, case
        # computed for the snapshot, whatever is asked of it
        self.__dict__["ranker"] = base.ranker

    def _own(self, node: str) -> bool:
        views: Any = self.views
        return bool(views.owns(node))

    def about(self, question: str, parameter: str, nodes: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        wanted = set(nodes)
        own = {node for node in wanted if self._own(node)}
        found = self._base.about(question, parameter, wanted - own)
        rows = [rights_of(self._case)] if question == "technology_rights" else []
        return found | dict.fromkeys(own, rows)

    def _ref(self, node: str, language: str) -> Ref:
        if not self._own(node):
            return self._base.ref(node, language)
        kinds = {self._case.id: "Technology" if self._case.kind == "technology" else "TechnologyNeed"}
        name = self.views.name(node, language)
        return Ref(id=node, name=name, type=kinds.get(node, "Organization"), illustrative=self._case.illustrative)

    def _source(self, record: str) -> SourceRef:
        if record != self._case.record:
            return self._base.source(record)
        return SourceRef(record=record, source=self._case.source, date=self._case.day)

    def stated(self, node: str, prop: str, target: str | None = None, most: int = 3) -> tuple[SourceRef, ...]:
        if node in (self._case.id, self._case.level_id):
            return (self.source(self._case.record),)
        return () if self._own(node) else self._base.stated(node, prop, target, most)


def rights_of(case: Case) -> dict[str, Any]:
    """What the owner stated of the rights, in the form of the row that the property graph gives of a technology on record."""
    rights, sources = case.rights, [case.record]
    holdings = []
    if rights.power and case.party_id:
        holdings.append(
            {
                "id": case.right_id,
                "holder": case.party_id,
                "power": concept_path("power/1", rights.power),
                "share": None,
                "exclusive": rights.exclusive or None,
                "sublicensable": rights.sublicensable or None,
                "territory": list(rights.territory),
                "field": list(case.patent_classes) if rights.fields else [],
                "regime": None,
                "from": None,
                "until": rights.until,
                "sources": sources,
            }
        )
    forms = [concept_path("transfer-form/1", form) for form in case.forms]
    offer = {
        "id": case.offer_id,
        "by": case.party_id,
        "forms": forms,
        "price": case.price,
        "from": case.day,
        "until": None,
    }
    nothing: dict[str, list[Any]] = {
        name: [] for name in ("listings", "permits", "tasks", "consents", "claims", "authors")
    }
    return {
        "id": case.id,
        "holdings": holdings,
        "ipc": [concept.rsplit("/", 1)[-1] for concept in case.patent_classes],
        "offers": [offer | {"sources": sources}],
        **nothing,
    }


def understand_case(reading: Reading, case: Case, question: Question) -> Understood:
    """A case as numbers, with the other parts of the question.

    :raises AnswerError: where one of these is not known
    """
    others = question.model_copy(update={"text": None})
    given = any(getattr(question, part) for part in ("technology", "firm", "need", "intermediary"))
    found = understand(reading, others) if given else Understood(Asked())
    found.described = described = _described(reading, case)
    found.shown += [
        reading.ref(concept, question.language) for concept in described.concepts if reading.views.types(concept)
    ]
    found.parts[case.kind] = case.id
    if case.kind == "technology":
        found.asked.text = described.profile
        return found
    firm = reading.views.arrays.number("organisation", case.party) if case.party else None
    if firm is None:
        found.asked = Asked()
        found.missing.append(_FIRM_MISSING[question.language])
        return found
    found.asked.firm, found.asked.need_text = firm, described.profile
    return found


def _described(reading: Reading, case: Case) -> Described:
    """By its words and by the concepts that its owner let stand; by those that its words name where she chose none."""
    text = "\n".join((case.title, *case.keywords, case.text))
    return describe(reading.ranker, reading.views.bridge, text, [*case.fields, *case.patent_classes])
