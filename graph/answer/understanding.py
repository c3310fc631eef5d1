"""Understands a question: ids, IRIs, exact names, and free text in Vietnamese or English, with or without diacritics."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from graph.answer.errors import AnswerError
from graph.answer.gathering import Asked
from graph.answer.labels import near_labels
from graph.answer.model import Question, Ref
from graph.answer.ranker import Profile, Ranker, said_words
from graph.answer.reading import Reading
from graph.answer.within import EVERYTHING, Within
from graph.views.bridge import Bridge, Bridged, expanded
from graph.views.naming import bears, called, identified, near
from ontology.schemes import schemes
from ontology.text import fold, nfc

_CLASSES = {
    "technology": "Technology",
    "firm": "Organization",
    "need": "TechnologyNeed",
    "intermediary": "Organization",
}
_KINDS = {"technology": "technology", "firm": "organisation", "need": "need", "intermediary": "organisation"}
_BRIDGES = ("ford/2015", "ipc/2024")
_LONGEST_PHRASE = 7
_NOTHING_ASKED = {
    "vi": "Hãy nêu công nghệ, doanh nghiệp, nhu cầu hoặc tổ chức trung gian",
    "en": "Name a technology, a firm, a need or an intermediary",
}
_NAMESAKES = 20
"""Persons that are looked at where a text may be their name."""
_NOTHING_MADE = {
    "vi": "Chưa ghi nhận công nghệ nào của «{text}»",
    "en": "No technology of “{text}” is on record",
}
_NOT_UNDERSTOOD = {
    "vi": "Không có gì được gọi hay mô tả như «{text}»",
    "en": "Nothing on record is called or described like “{text}”",
}


@dataclass(slots=True)
class Understood:
    """A question as numbers, with what each part was understood to be and what is missing."""

    asked: Asked
    parts: dict[str, str] = field(default_factory=dict)
    shown: list[Ref] = field(default_factory=list)
    described: "Described | None" = None
    """What a free text was understood to say."""
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Described:
    """A text as a technology that nobody has yet: its vectors, the concepts that it names, and its words in the other language."""

    profile: Profile
    concepts: list[str]
    bridged: list[Bridged]


def concepts_in(text: str) -> list[str]:
    """Concepts of fields and patent classes whose labels or keywords stand in a text, longest phrases first.

    This is the bridge between languages: a scheme names a thing in both.
    """
    known = schemes()
    words = re.findall(r"\w+", nfc(text))
    folded = [fold(word) for word in words]
    found: dict[str, None] = {}
    taken = [False] * len(folded)
    for length in range(min(_LONGEST_PHRASE, len(folded)), 0, -1):
        for at in range(len(folded) - length + 1):
            phrase = " ".join(folded[at : at + length])
            # one syllable, or a code of one or two letters, says too little
            if any(taken[at : at + length]) or (length == 1 and len(phrase) < 5):
                continue
            hits = [
                hit
                for scheme in _BRIDGES
                if (hit := known.find(scheme, " ".join(words[at : at + length]), strict=True)) and "." not in phrase
            ]
            if hits and not phrase.isdigit():
                found.update(dict.fromkeys(hits))
                taken[at : at + length] = [True] * length
    return list(found)


def describe(ranker: Ranker, bridge: Bridge, text: str, stated: list[str] | None = None) -> Described:
    """What a text describes, by its own words, the concepts that they name and what they are called in the other language.

    :param stated: concepts that somebody says it is about, in place of those that its words name
    """
    concepts, bridged = stated or concepts_in(text), bridge.find(text)
    besides = expanded(bridged)
    profile = ranker.profile_of_text(text, concepts, besides=besides)
    if profile.words.nnz or profile.fields.nnz or bridged:
        profile = ranker.with_near_fields(profile, near_labels(said_words(text, besides)))
    return Described(profile, concepts, bridged)


def resolve_node(reading: Reading, part: str, text: str, language: str) -> str:
    """The node that an id, an IRI or an exact name means.

    :raises AnswerError: where there is none, or none of that kind
    """
    return resolve_nodes(reading, part, text, language)[0]


def resolve_nodes(reading: Reading, part: str, text: str, language: str) -> list[str]:
    """The nodes that an id, an IRI or an exact name means; a patent or a research result means the technologies behind it.

    :raises AnswerError: where there is none, or none of that kind
    """
    node = identified(reading.views, text, _CLASSES[part])
    if node is not None:
        return [node]
    exact, hits = called(reading.views, text, _CLASSES[part], language)
    if exact:
        return exact[:1]
    if part == "technology" and (behind := _behind(reading, text, language)):
        return behind
    raise AnswerError(
        f"no {part} is called «{text}»" + (f"; near are {near(hits)}" if hits else "; search for it first")
    )


def _behind(reading: Reading, text: str, language: str) -> list[str]:
    """The technologies that a right protects, or that came from a research result."""
    for cls in ("IPRight", "ResearchResult"):
        node = identified(reading.views, text, cls) or next(iter(called(reading.views, text, cls, language)[0]), None)
        if node is not None:
            views = reading.views
            return views.values(node, "protects") if cls == "IPRight" else views.subjects("embodies", node)
    return []


def understand(reading: Reading, question: Question, within: Within = EVERYTHING) -> Understood:
    """Turn a question into numbers.

    :param within: what filters let through: a text is taken to mean the nearest of these technologies
    :raises AnswerError: where a part is not known
    """
    found = Understood(Asked())
    arrays = reading.views.arrays
    for part in ("technology", "firm", "need", "intermediary"):
        text = getattr(question, part)
        if not text:
            continue
        nodes = resolve_nodes(reading, part, text, question.language)
        found.parts[part] = nodes[0]
        for node in nodes:
            number = arrays.number(_KINDS[part], node)
            if number is None:
                raise AnswerError(f"{node} is not in the snapshot's arrays; run «ketnoi publish»")
            found.shown.append(reading.ref(node, question.language))
            _set(found.asked, part, number)
    if question.text:
        _free_text(reading, question.text, question.language, found, within.technologies)
    if not question.text and not found.parts:
        found.missing.append(_NOTHING_ASKED[question.language])
    return found


def _set(asked: Asked, part: str, number: int) -> None:
    if part == "technology":
        asked.technologies = [*asked.technologies, number]
    elif part == "firm":
        asked.firm = number
    elif part == "need":
        asked.need = number
    else:
        asked.broker = number


def _free_text(reading: Reading, text: str, language: str, found: Understood, allowed: np.ndarray | None) -> None:
    """A text names a node, or describes a technology (a need, where a technology was given)."""
    if _names_a_part(reading, text, language, found) or _names_a_person(reading, text, language, found):
        return
    found.described = described = describe(reading.ranker, reading.views.bridge, text)
    found.shown += [reading.ref(concept, language) for concept in described.concepts if reading.views.types(concept)]
    profile = described.profile
    if not profile.fields.nnz and not profile.words.nnz:
        found.missing.append(_NOT_UNDERSTOOD[language].format(text=text))
    elif found.parts.get("technology"):
        found.asked.need_text = profile
    elif "firm" in found.parts or "need" in found.parts:
        found.asked.text = profile
    else:
        _nearest(reading, profile, found, allowed)


def _names_a_part(reading: Reading, text: str, language: str, found: Understood) -> bool:
    """Whether a text is the name of a technology, a need or an organisation, or the number of a title or result; the question is then about that."""
    if "technology" not in found.parts and any(map(str.isdigit, text)) and (behind := _behind(reading, text, language)):
        for node in behind:
            number = reading.views.arrays.number("technology", node)
            if number is not None:
                found.parts.setdefault("technology", node)
                found.shown.append(reading.ref(node, language))
                _set(found.asked, "technology", number)
        return "technology" in found.parts
    for part in ("technology", "need", "firm"):
        if part in found.parts:
            continue
        hits = reading.views.search(text, 3, (_CLASSES[part],), language)
        exact = [hit for hit in hits if bears(reading.views, hit.id, text)]
        if exact:
            node = exact[0].id
            types, number = reading.views.types(node), reading.views.arrays.number(_KINDS[part], node)
            found.shown.append(reading.ref(node, language))
            if (
                part == "firm"
                and number is not None
                and "technology" not in found.parts
                and _brings(reading, number, types)
            ):
                found.asked.somebodys = _owned(reading, number)
                return True
            kind = "intermediary" if part == "firm" and "Intermediary" in types else part
            found.parts[kind] = node
            if number is not None:
                _set(found.asked, kind, number)
            return True
    return False


def _owned(reading: Reading, organisation: int) -> list[int]:
    """The technologies that an organisation owns."""
    found: list[int] = reading.ranker.lookups.owners[:-1, [organisation]].nonzero()[0].tolist()
    return found


def _brings(reading: Reading, organisation: int, types: Sequence[str]) -> bool:
    """Whether an organisation is asked about for what it has to give: one that owns technologies and neither trades nor brokers."""
    return not {"Enterprise", "Intermediary"} & set(types) and bool(_owned(reading, organisation))


def _names_a_person(reading: Reading, text: str, language: str, found: Understood) -> bool:
    """Whether a text is the name of a person, or of several; the question is then who can carry what they made."""
    if "technology" in found.parts:
        return False
    hits = reading.views.search(text, _NAMESAKES, ("Person",), language)
    persons = [hit.id for hit in hits if bears(reading.views, hit.id, text)]
    if not persons:
        return False
    found.shown += [reading.ref(person, language) for person in persons]
    made = dict.fromkeys(technology for person in persons for technology in made_by(reading, person))
    numbers = (reading.views.arrays.number("technology", technology) for technology in made)
    found.asked.somebodys = [number for number in numbers if number is not None]
    if not found.asked.somebodys:
        found.missing.append(_NOTHING_MADE[language].format(text=text))
    return True


def made_by(reading: Reading, person: str) -> list[str]:
    """The technologies that a person made, and those that came from results of tasks that he or she worked on."""
    views = reading.views
    found = dict.fromkeys(views.subjects("inventor", person))
    for part in views.subjects("person", person):
        for task in views.values(part, "task"):
            for result in views.subjects("resultOf", task):
                found.update(dict.fromkeys(views.subjects("embodies", result)))
    return list(found)


def _nearest(reading: Reading, profile: Profile, found: Understood, allowed: np.ndarray | None) -> None:
    """A text alone asks for the technologies that it describes; where nothing is near, it is a technology of its own."""
    numbers, similar = reading.ranker.nearest_technologies(profile, 10, allowed)
    near = [int(number) for number in numbers[similar > max(0.12, 0.5 * similar.max(initial=0.0))]]
    if near:
        found.asked.technologies, found.asked.described = near, profile
    elif allowed is not None:
        found.asked.somebodys = []
    else:
        found.asked.text = profile
