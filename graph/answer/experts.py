"""Experts who can help with a text, a technology, a need or a firm, and what on record speaks for each."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from graph.answer.employment import employment
from graph.answer.expert_finder import ExpertFinder
from graph.answer.expert_index import Ranked, Wanted
from graph.answer.expert_model import Evidence, Expert, ExpertQuestion, Experts, Kind, Reason
from graph.answer.model import Ref, SourceRef
from graph.answer.reading import Reading
from graph.answer.understanding import concepts_in, resolve_node
from graph.answer.wanting import want
from graph.answer.wording import quoted, shared_phrases, told
from graph.statements.home import today
from graph.views.arrays import NO_DAY, day_number
from graph.views.expert_arrays import KINDS

_EVIDENCE = 5
_NAMED = 3
_AS_NEAR = 0.5
_FIRM_TECHNOLOGIES = 20
_SENTENCES = {
    "documents": {
        "vi": "Tài liệu gần với điều được hỏi nhất: {names}",
        "en": "The documents nearest to what was asked: {names}",
    },
    "related": {
        "vi": "Tài liệu dùng những từ thường đi cùng điều được hỏi: {words}",
        "en": "The documents use words that go along with what was asked: {words}",
    },
    "profile": {
        "vi": "Toàn bộ {count} tài liệu về người này gộp lại gần với điều được hỏi",
        "en": "All {count} documents about this person taken together are near to what was asked",
    },
    "made": {
        "vi": "Là tác giả của: {names}",
        "en": "Is among those who made: {names}",
    },
    "fields": {
        "vi": "Lĩnh vực trùng hoặc gần: {fields}",
        "en": "Fields that agree or are near: {fields}",
    },
}
_BASIS = {
    "vi": "Tổng các phần, mỗi phần so với chuyên gia có nhiều nhất trong câu trả lời này; dùng để xếp hạng, không phải xác suất",
    "en": "A sum of parts, each relative to the expert of this answer who has most of it; it ranks and is no probability",
}
_NOTHING_ASKED = {
    "vi": "Hãy nêu nội dung, công nghệ, nhu cầu hoặc doanh nghiệp",
    "en": "Give a text, a technology, a need or a firm",
}
_NOBODY = {
    "vi": "Không có tài liệu nào của chuyên gia nói về điều được hỏi",
    "en": "No document of an expert speaks of what was asked",
}


@dataclass
class _Asked:
    """What is asked: the texts in question, the concepts that they are about, and what was understood."""

    texts: list[str] = field(default_factory=list)
    things: list[str] = field(default_factory=list)
    concepts: dict[str, None] = field(default_factory=dict)
    shown: list[Ref] = field(default_factory=list)


def find_experts(reading: Reading, question: ExpertQuestion) -> Experts:
    """Rank experts on one snapshot.

    :param reading: the snapshot that ``known_at`` of the question picks
    :raises graph.answer.errors.AnswerError: where a part of the question is not known
    :raises graph.views.errors.NotReady: where the snapshot was published without arrays for experts
    """
    day = question.as_of or today()
    number = day_number(day)
    asked = _ask(reading, question)
    finder = reading.experts
    wanted = _wanted(reading, finder, asked)
    ranked = finder.index.rank(wanted, finder.counted(number))
    order = ranked.order()
    missing = [] if len(order) else [_NOBODY[question.language] if asked.texts else _NOTHING_ASKED[question.language]]
    explaining = _Explaining(reading, ranked, day, question.language)
    first, last = question.offset, question.offset + question.limit
    shown = [explaining.expert(int(at), rank) for rank, at in enumerate(order[first:last], first + 1)]
    return Experts(
        snapshot=reading.views.snapshot,
        as_of=day,
        known_at=question.known_at,
        asked={part: getattr(question, part) for part in ("text", "technology", "need", "firm")},
        understood=tuple(asked.shown),
        missing=tuple(missing),
        score_basis=_BASIS[question.language],
        experts=tuple(shown),
        truncated=len(order) > last,
    )


def _ask(reading: Reading, question: ExpertQuestion) -> _Asked:
    asked = _Asked()
    for part in ("technology", "need", "firm"):
        text = getattr(question, part)
        if text:
            node = resolve_node(reading, part, text, question.language)
            asked.shown.append(reading.ref(node, question.language))
            for thing in _things(reading, node) if part == "firm" else (node,):
                _describe(reading, thing, asked)
    if question.text:
        found = concepts_in(question.text)
        asked.texts.append(question.text)
        asked.concepts.update(dict.fromkeys(found))
        asked.shown += [reading.ref(concept, question.language) for concept in found if reading.views.types(concept)]
    return asked


def _things(reading: Reading, firm: str) -> list[str]:
    """What a firm is about: its needs; where it has none, the technologies that it owns or took last; and itself."""
    arrays = reading.views.arrays
    number = arrays.number("organisation", firm)
    needs, holdings, deeds = (arrays.tables[name] for name in ("need", "holding", "deed"))
    wanted = [arrays.ids["need"][int(at)] for at in needs["need"][needs["organisation"] == number]]
    if not wanted:
        own = holdings["technology"][holdings["organisation"] == number]
        taken = deeds["technology"][(deeds["client"] == number) & (deeds["technology"] >= 0)]
        known = dict.fromkeys(int(at) for at in [*own[::-1], *taken[::-1]])
        wanted = [arrays.ids["technology"][at] for at in list(known)[:_FIRM_TECHNOLOGIES]]
    return [*wanted, firm] if wanted else [firm]


def _describe(reading: Reading, node: str, asked: _Asked) -> None:
    """A thing by its name, description and fields; a firm by its fields alone, for its name is no field of knowledge."""
    views = reading.views
    asked.things.append(node)
    if "Organization" not in views.types(node):
        asked.texts += [text for prop in ("name", "description") for text in views.values(node, prop)]
    for prop in ("hasField", "hasPatentClass"):
        asked.concepts.update(dict.fromkeys(views.values(node, prop)))


def _wanted(reading: Reading, finder: ExpertFinder, asked: _Asked) -> Wanted:
    concepts = list(asked.concepts)
    wanted = want(finder.index, " ".join(asked.texts), reading.views.bridge, concepts)
    made = (finder.number("technology", thing) for thing in asked.things)
    wanted.documents = [document for document in made if document is not None]
    if concepts:
        stated = csr_array(np.ones((1, len(concepts)), dtype=np.float32))
        wanted.fields = reading.ranker.field_vectors(concepts, stated)
    return wanted


class _Explaining:
    """Says of ranked persons why, by what is on record."""

    def __init__(self, reading: Reading, ranked: Ranked, day: str, language: str) -> None:
        self.reading, self.finder, self.ranked = reading, reading.experts, ranked
        self.day, self.language = day, language
        direct = [_relative(values) for part, values in ranked.similar.items() if part != "related"]
        self.near = _relative(np.sum(direct, axis=0))

    def expert(self, person: int, rank: int) -> Expert:
        node = self.finder.arrays.experts[person]
        stays = employment(self.reading, node, self.day, self.language)
        return Expert(
            rank=rank,
            expert=self.reading.ref(node, self.language),
            organization=stays[0].organization if stays else None,
            employment=stays,
            score=float(self.ranked.score[person]),
            reasons=tuple(self._reasons(person)),
            evidence=tuple(self._evidence(at, node) for at in self._best(person, self.near)[:_EVIDENCE]),
        )

    def _best(self, person: int, near: np.ndarray) -> list[int]:
        """The documents of a person that are near, the nearest first."""
        documents = self.finder.index.documents_of(person)
        order = documents[np.lexsort((documents, -near[documents]))]
        return [int(at) for at in order if near[at] > 0]

    def _reasons(self, person: int) -> Iterator[Reason]:
        parts = {name: float(values[person]) for name, values in self.ranked.parts.items()}
        for feature in sorted(parts, key=lambda name: -parts[name]):
            if parts[feature] > 0:
                said = _SENTENCES[feature][self.language].format(**self._facts(feature, person))
                yield Reason(feature=feature, value=parts[feature], sentence=said)

    def _facts(self, feature: str, person: int) -> dict[str, object]:
        """What a reason's sentence names."""
        if feature == "related":
            return {"words": told(self._beside(person), self.language)}
        if feature == "profile":
            return {"count": len(self.finder.index.documents_of(person))}
        best = self._best(person, self.ranked.similar[feature])
        if feature == "fields":
            return {"fields": ", ".join(self._fields(best))}
        names = dict.fromkeys(self._name(self.finder.arrays.nodes[at]) for at in best)
        return {"names": quoted(list(names)[:_NAMED], self.language, between="; ")}

    def _beside(self, person: int) -> list[str]:
        """Words that go along with those asked, as they stand together in the nearest document that has any; none where they stand alone."""
        views, arrays = self.reading.views, self.finder.arrays
        for at in self._best(person, self.ranked.similar["related"])[:_EVIDENCE]:
            texts = [text for prop in ("name", "description") for text in views.values(arrays.nodes[at], prop)]
            if phrases := shared_phrases(texts, self.ranked.beside):
                return phrases
        return []

    def _fields(self, best: list[int]) -> list[str]:
        """The fields stated by the documents that are about as near in field as the nearest."""
        similar = self.ranked.similar["fields"]
        nearest = np.array([at for at in best if similar[at] >= _AS_NEAR * similar[best[0]]])
        stated = np.unique(self.finder.arrays.fields[nearest].tocoo().col)
        return [self._name(self.finder.arrays.concepts[int(at)]) for at in stated[:_EVIDENCE]]

    def _name(self, node: str) -> str:
        return self.reading.views.name(node, self.language)

    def _evidence(self, document: int, person: str) -> Evidence:
        arrays = self.finder.arrays
        node, kind, start = arrays.nodes[document], KINDS[arrays.kind[document]], int(arrays.start[document])
        return Evidence(
            kind=kind,
            about=self.reading.ref(node, self.language),
            day=str(np.datetime64(start, "D")) if start > NO_DAY else None,
            similarity=float(self.near[document]),
            sources=self._sources(kind, node, person),
        )

    def _sources(self, kind: Kind, node: str, person: str) -> tuple[SourceRef, ...]:
        """The records that say that a document speaks for a person."""
        reading = self.reading
        if kind == "technology":
            return reading.stated(node, "inventor", person)
        if kind == "list":
            return reading.stated(node, "hasField")
        if kind == "task":
            shares = set(reading.views.subjects("task", node)) & set(reading.views.subjects("person", person))
            return tuple(source for share in sorted(shares) for source in reading.stated(share, "person", person))
        return reading.stated(node, "person", person)


def _relative(values: np.ndarray) -> np.ndarray:
    found: np.ndarray = values / max(float(values.max(initial=0.0)), 1e-9)
    return found
