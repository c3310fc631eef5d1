"""What experts are wanted for, out of a text: its own words, and the names of the concepts that it was understood to be about."""

from collections.abc import Sequence

from graph.answer.expert_index import ExpertIndex, Wanted, stem
from graph.answer.understanding import concepts_in
from ontology.schemes import schemes
from ontology.text import tokens

_NAMED = 0.3
"""How much a word counts that stands in the names of a concept and not in the text, where the documents know all words of the text."""


def want(index: ExpertIndex, text: str, concepts: Sequence[str] | None = None) -> Wanted:
    """The words to look for.

    Schemes name a concept in both languages, so that a text in one finds documents in the other: the fewer of its words the documents
    know, the more these names count.

    :param concepts: that the text is about, where they were found before
    """
    wanted = Wanted()
    wanted.add(text)
    words = {stem(word) for word in tokens(text)}
    unknown = sum(word not in index.number for word in words) / len(words) if words else 1.0
    for concept in concepts_in(text) if concepts is None else concepts:
        known = schemes().concepts.get(concept)
        if known is not None:
            for name in (*known.labels.values(), *(synonym for _, synonym in known.synonyms)):
                wanted.add(name, _NAMED + (1 - _NAMED) * unknown)
    return wanted
