"""What experts are wanted for, out of a text: its own words, what they are called in the other language, and the names of its concepts."""

from collections.abc import Sequence
from math import sqrt

from graph.answer.expert_index import ExpertIndex, Wanted, stem
from graph.answer.understanding import concepts_in
from graph.views.bridge import Bridge
from ontology.schemes import schemes
from ontology.text import tokens

_NAMED = 0.3
"""How much a word counts that stands for others and not in the text, where the documents know all words that it stands for."""


def want(index: ExpertIndex, text: str, bridge: Bridge, concepts: Sequence[str] | None = None) -> Wanted:
    """The words to look for.

    The bridge and the schemes name things in both languages, so that a text in one finds documents in the other: the fewer of its words
    the documents know, the more these names count.

    :param concepts: that the text is about, where they were found before
    """
    wanted = Wanted()
    wanted.add(text)
    for one in bridge.find(text):
        weight = _standing_in(index, one.typed) / sqrt(len(one.terms))
        for term in one.terms:
            wanted.add(term, weight)
    named = _standing_in(index, text)
    for concept in concepts_in(text) if concepts is None else concepts:
        known = schemes().concepts.get(concept)
        if known is not None:
            for name in (*known.labels.values(), *(synonym for _, synonym in known.synonyms)):
                wanted.add(name, named)
    return wanted


def _standing_in(index: ExpertIndex, text: str) -> float:
    """How much words count that stand for those of a text."""
    words = {stem(word) for word in tokens(text)}
    unknown = sum(word not in index.number for word in words) / len(words) if words else 1.0
    return _NAMED + (1 - _NAMED) * unknown
