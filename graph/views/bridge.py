"""The bridge between Vietnamese and English: which phrases of a text are known in the other language, and how they are called there.

No language model: phrases are looked up, the longest first ("xử lý nước thải" before "nước"), in terms that curators loaded, in the
shipped glossary, in pairs learned from titles and in labels of schemes. Diacritics that were typed mean what they say; a text without
any is folded, and of a word that may be several all are meant.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from graph.views.bilingual import SCHEME, TERM, TITLES
from ontology.glossary import Entry, glossary
from ontology.syllables import is_bare_syllable
from ontology.text import fold, has_diacritics, nfc, spell

_SOURCES = (TERM, "glossary", TITLES, SCHEME)
"""Who is believed first: a phrase that one of them knows is not looked up in those behind it."""
_LONGEST = 7
_MOST_TERMS = 8
_WORDS = 40
"""Words of a text that are looked at."""
_VIETNAMESE = 2 / 3
"""Part of the words of a text without diacritics that have to look like syllables, if it is to be Vietnamese."""
BRIDGED, LOOKS_ALIKE = 0.6, 0.3
"""What counts a word that the bridge adds, and one that looks alike without the diacritics that were typed; a typed one counts 1."""


@dataclass(frozen=True, slots=True)
class Bridged:
    """A phrase as it was typed, what it is called in the other language, by whom (:data:`_SOURCES`), and the nodes that say so."""

    typed: str
    terms: tuple[str, ...]
    source: str
    nodes: tuple[str, ...]


class Bridge:
    """Entries by phrase, in both directions.

    :param entries: of a snapshot; those that are shipped are added
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._spelled: dict[str, list[tuple[Entry, bool]]] = {}
        self._folded: dict[str, list[tuple[Entry, bool]]] = {}
        self._english: dict[str, list[tuple[Entry, bool]]] = {}
        for entry in (*entries, *glossary()):
            for text in entry.vi:
                self._spelled.setdefault(spell(text), []).append((entry, True))
                self._folded.setdefault(fold(text), []).append((entry, True))
            for text in entry.en:
                for form in singular_forms(fold(text)):
                    self._english.setdefault(form, []).append((entry, False))

    def find(self, text: str) -> list[Bridged]:
        """The phrases of a text that are known, in its order."""
        typed = nfc(text).split()[:_WORDS]
        words = [part for word in typed for part in _split(word)]
        spelled, folded = [spell(word) for word in words], [fold(word) for word in words]
        marked = has_diacritics(text)
        # words from abroad stand in Vietnamese texts, and words that look like syllables in English ones
        bare = not marked and sum(map(is_bare_syllable, folded)) >= _VIETNAMESE * len(folded)
        found: dict[int, Bridged] = {}
        free = [True] * len(words)
        for length in range(min(_LONGEST, len(words)), 0, -1):
            for at in range(len(words) - length + 1):
                span = slice(at, at + length)
                if not all(free[span]):
                    continue
                known = self._known(spelled[span], folded[span], marked, bare)
                if known:
                    found[at] = _bridged(" ".join(words[span]), known)
                    free[span] = [False] * length
        return [found[at] for at in sorted(found) if found[at].terms]

    def _known(
        self, spelled: Sequence[str], folded: Sequence[str], marked: bool, bare: bool
    ) -> list[tuple[Entry, bool]]:
        """What a phrase may mean, by whoever is believed first."""
        known: list[tuple[Entry, bool]] = []
        if marked:
            known += self._spelled.get(" ".join(spelled), ())
        elif bare or len(folded) > 1:
            known += self._folded.get(" ".join(folded), ())
        # in a Vietnamese text "in" and "may" are no English words
        if not (marked or bare) or not all(map(is_bare_syllable, folded)):
            known += next(
                (found for form in singular_forms(" ".join(folded)) if (found := self._english.get(form))), ()
            )
        first = min((_SOURCES.index(entry.source) for entry, _ in known), default=0)
        return [one for one in known if _SOURCES.index(one[0].source) == first]


def _split(word: str) -> list[str]:
    """A typed word by its parts of letters and digits, as it was typed."""
    return "".join(character if character.isalnum() else " " for character in word).split()


def _bridged(typed: str, known: list[tuple[Entry, bool]]) -> Bridged:
    """What was found for one phrase: main terms of all entries first."""
    others = [entry.en if vietnamese else entry.vi for entry, vietnamese in known]
    ranked = [terms[at] for at in range(max(map(len, others))) for terms in others if at < len(terms)]
    # a term that is there already, whatever its case, and one that was typed says nothing more
    distinct = {fold(term): term for term in reversed(ranked) if spell(term) != spell(typed)}
    terms = tuple(dict.fromkeys(distinct[fold(term)] for term in ranked if fold(term) in distinct))[:_MOST_TERMS]
    return Bridged(
        typed, terms, known[0][0].source, tuple(dict.fromkeys(entry.node for entry, _ in known if entry.node))
    )


def singular_forms(phrase: str) -> tuple[str, ...]:
    """A folded English phrase and its last word as a singular (the S-stemmer, Harman 1991)."""
    if phrase.endswith("ies") and not phrase.endswith(("eies", "aies")):
        return (phrase, phrase[:-3] + "y")
    if phrase.endswith("es") and phrase.endswith(("xes", "ches", "shes", "sses")):
        return (phrase, phrase[:-2])
    if phrase.endswith("s") and not phrase.endswith(("us", "ss", "is")):
        return (phrase, phrase[:-1])
    return (phrase,)


def plural(word: str) -> str:
    """A folded English word as a plural."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("x", "ch", "sh", "ss")) else "s")


def expanded(bridged: Iterable[Bridged]) -> Mapping[str, float]:
    """Words that a text is taken to say besides those that were typed, and what each counts: folded, and spelled where that differs.

    Of several terms for one phrase each counts less (balanced translation, Levow & Oard 2000).
    """
    found: dict[str, float] = {}
    for one in bridged:
        weight = BRIDGED / sqrt(len(one.terms))
        for word in (word for term in one.terms for word in spell(term).split()):
            bare = fold(word)
            english = dict.fromkeys((*singular_forms(bare), plural(bare)), weight)
            for form, counts in (english if word == bare else {word: weight, bare: LOOKS_ALIKE * weight}).items():
                found[form] = max(found.get(form, 0.0), counts)
    return found
