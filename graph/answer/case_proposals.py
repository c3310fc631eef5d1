"""Proposes what a pasted text is about: fields, patent subclasses, readiness and keywords, each with the words that it rests on.

All of it is for somebody to correct. Concepts are learned from the technologies of the snapshot (:mod:`graph.answer.proposing`); where
these teach nothing, labels of schemes decide. Keywords are runs of telling words between those that join others (RAKE, Rose et al. 2010),
weighed by how rare their words are among the technologies.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log1p

from graph.answer.labels import near_labels
from graph.answer.proposing import Proposer
from graph.answer.ranker import said_words
from graph.answer.reading import Reading
from graph.answer.understanding import concepts_in
from graph.answer.wording import shared_phrases, telling_runs
from graph.views.bridge import expanded
from ontology.schemes import schemes
from ontology.statement import concept_path
from ontology.text import fold, has_diacritics, spell
from ontology.yaml_reading import read_yaml

FIELDS, PATENT_CLASSES, LEVELS = "ford/2015", "ipc/2024", "trl/1"
_MOST, _KEYWORDS, _TITLE = 5, 8, 120
_LONGEST_KEYWORD, _LONG_WORD = 6, 7
_NAMED = re.compile(
    r"\bTRL[\s:=-]*([1-9])\b|\b(?:technology readiness level|mức độ? sẵn sàng(?: công nghệ)?)[\s:=-]*([1-9])\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A concept or a keyword, how much speaks for it (0 to 1), and the words of the text that it rests on."""

    value: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposals:
    """What a text was understood to say, the best of each kind first."""

    title: str
    language: str
    fields: tuple[Proposed, ...]
    patent_classes: tuple[Proposed, ...]
    levels: tuple[Proposed, ...]
    keywords: tuple[Proposed, ...]


def propose(reading: Reading, text: str) -> Proposals:
    """Everything that is proposed for a text."""
    said = _Said(reading, text)
    return Proposals(
        title=title_of(text),
        language="vi" if has_diacritics(text) else "en",
        fields=said.concepts(reading.field_proposer, FIELDS, {}),
        patent_classes=said.concepts(reading.proposer, PATENT_CLASSES, near_labels(said_words(text, said.besides))),
        levels=levels_in(text),
        keywords=said.keywords(),
    )


def title_of(text: str) -> str:
    """The first sentence or line of a text, cut at a word where it is long."""
    first = re.split(r"(?<=[.!?;])\s|\n", text.strip(), maxsplit=1)[0].strip().rstrip(".;")
    if len(first) <= _TITLE:
        return first
    return first[:_TITLE].rsplit(" ", 1)[0].rstrip(",;:") + "…"


class _Said:
    """A text, with what it is called in the other language."""

    def __init__(self, reading: Reading, text: str) -> None:
        self.text, self._ranker = text, reading.ranker
        self._bridged = reading.views.bridge.find(text)
        self.besides = expanded(self._bridged)
        self._profile = reading.ranker.profile_of_text(text, [], besides=self.besides)
        self._named = concepts_in(text)

    def concepts(self, proposer: Proposer, scheme: str, labelled: Mapping[str, float]) -> tuple[Proposed, ...]:
        """Concepts of a scheme: as learned, then by their labels."""
        found: dict[str, Proposed] = {}
        for one in proposer.propose(self._profile, _MOST):
            if words := self._written(word for word, _ in one.words):
                found[one.concept] = Proposed(one.concept, round(one.score, 4), words)
        labels = [one for one in self._named if one.startswith(f"scheme/{scheme}/")]
        for concept in (*labels, *sorted(labelled, key=lambda one: -labelled[one])):
            if concept not in found and len(found) < _MOST and (words := self._written(_label_words(concept))):
                # of a label nobody has learned how often it is right
                found[concept] = Proposed(concept, 0.0, words)
        return tuple(found.values())

    def _written(self, words: Iterable[str]) -> tuple[str, ...]:
        """Words as they stand in the text, together where they stand together; for one of the other language the phrase that it is for."""
        wanted = {fold(word) for word in words}
        for one in self._bridged:
            if not wanted.isdisjoint(word for term in one.terms for word in fold(term).split()):
                wanted.update(fold(one.typed).split())
        phrases = shared_phrases([self.text], sorted(wanted))
        if phrases:
            return tuple(phrases)
        return tuple(dict.fromkeys(word for word in re.findall(r"\w{4,}", self.text) if fold(word) in wanted))[:4]

    def keywords(self) -> tuple[Proposed, ...]:
        """Phrases under which it should be found: those known in both languages, then the rarest runs of telling words."""
        found: dict[str, Proposed] = {}
        for one in self._bridged:
            if len(one.typed.split()) > 1:
                found[fold(one.typed)] = Proposed(one.typed.casefold(), 1.0, (one.typed,))
        runs = {
            " ".join(run): sum(map(self._rarity, run)) / len(run)
            for run in telling_runs(self.text)
            if 1 < len(run) <= _LONGEST_KEYWORD or len(run[0]) >= _LONG_WORD
        }
        strongest = max(runs.values(), default=1.0) or 1.0
        for phrase in sorted(runs, key=lambda key: (-runs[key], key)):
            if not any(fold(phrase) in other or other in fold(phrase) for other in found):
                found[fold(phrase)] = Proposed(phrase.casefold(), round(runs[phrase] / strongest, 4), (phrase,))
        return tuple(found.values())[:_KEYWORDS]

    def _rarity(self, word: str) -> float:
        """How rare a word is among technologies and needs; one that none of them has may be a name, or a slip."""
        arrays = self._ranker.arrays
        number = arrays.number("word", spell(word))
        documents = arrays.size("technology") + arrays.size("need")
        return log1p(documents / (1.0 + float(arrays.word_df[number]))) if number is not None else 1.0


def _label_words(concept: str) -> list[str]:
    known = schemes().concepts[concept]
    labels = (*known.labels.values(), *(synonym for _, synonym in known.synonyms))
    return [word for label in labels for word in fold(label).split()]


@cache
def _cues() -> dict[str, list[str]]:
    content = read_yaml(files("graph.answer").joinpath("readiness_cues.yaml").read_text(encoding="utf-8"))
    known = schemes().codes(LEVELS)
    return {
        level: [cue for cues in by_language.values() for cue in cues]
        for level, by_language in content.items()
        if level in known
    }


def levels_in(text: str) -> tuple[Proposed, ...]:
    """Levels of readiness that a text tells, the likeliest first, with the words that tell them."""
    found: dict[str, Proposed] = {}
    for match in _NAMED.finditer(text):
        level = concept_path(LEVELS, match[1] or match[2])
        found.setdefault(level, Proposed(level, 1.0, (match[0],)))
    for level in sorted(_cues(), reverse=True):
        told = tuple(written for cue in _cues()[level] if (written := _stands(text, cue)))
        if told:
            concept = concept_path(LEVELS, level)
            found.setdefault(concept, Proposed(concept, 0.5, told[:3]))
    return tuple(found.values())[:3]


def _stands(text: str, cue: str) -> str | None:
    """A cue as it is written in a text; diacritics that were typed have to be right."""
    read = spell if has_diacritics(text) else fold
    words = [(match[0], match.start(), match.end()) for match in re.finditer(r"\w+", text)]
    wanted = read(cue).split()
    said = [read(word) for word, _, _ in words]
    for at in range(len(said) - len(wanted) + 1):
        if said[at : at + len(wanted)] == wanted:
            return text[words[at][1] : words[at + len(wanted) - 1][2]]
    return None
