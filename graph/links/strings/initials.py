"""What initials in a Vietnamese string may stand for: consecutive syllables of a name that is known ("ĐHKHTN", "TN&MT", "KTQD")."""

from collections.abc import Callable, Iterator

from graph.links.strings.reading import STOP
from ontology.institution_words import institution_words
from ontology.text import fold, nfc

_LONGEST = 12
"""Syllables that initials stand for at most."""
_AND = "va"

Pieces = list[tuple[int, int, tuple[str, ...]]]


class Initials:
    """The runs of syllables of Vietnamese names and phrases, by their initials."""

    def __init__(self, number: Callable[[str], int]) -> None:
        """
        :param number: the number of a word, made where it is new
        """
        self._number = number
        self._runs: dict[str, set[frozenset[int]]] = {}
        for phrase in institution_words().vietnamese:
            if len(phrase) > 1:
                self.add(" ".join(phrase))

    def add(self, name: str) -> None:
        """Take in the runs of a Vietnamese name."""
        syllables = fold(nfc(name)).split()
        for initials, words in _runs(syllables, institution_words().canonical(syllables, True)):
            self._runs.setdefault(initials, set()).add(frozenset(map(self._number, words)))

    def meanings(self, letters: str) -> tuple[frozenset[int], ...]:
        """The sets of words that initials may stand for; none where no known name has such syllables."""
        return tuple(self._runs.get(letters, ()))


def _runs(syllables: list[str], pieces: Pieces) -> Iterator[tuple[str, list[str]]]:
    """Initials and canonical words of each run of pieces that has two syllables or more; «và» may be left out."""
    for first, (begin, length, meaning) in enumerate(pieces):
        for start in range(begin, begin + length):
            # "đại học" is what "trường đại học" is, "hàn lâm" what "viện hàn lâm" is
            if (
                start > begin
                and institution_words().canonical(syllables[start : begin + length], True)[0][2] != meaning
            ):
                continue
            words: list[str] = []
            for at, size, canonical in pieces[first:]:
                run = syllables[start : at + size]
                if len(run) > _LONGEST:
                    break
                words += [word for word in canonical if word not in STOP]
                if len(run) > 1 and words and _AND not in (run[0], run[-1]):
                    for spoken in {tuple(run), tuple(syllable for syllable in run if syllable != _AND)}:
                        yield "".join(syllable[0] for syllable in spoken), words
