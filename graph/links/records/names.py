"""Personal names as they are compared: family name, given names, and how many persons may bear the whole name.

Vietnamese names put the family name first, most others last; both orders occur for either, so given names are compared without
order too.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import ontology
from ontology.text import fold, spell
from ontology.yaml_reading import read_yaml

_RARE = 1


@dataclass(frozen=True, slots=True)
class PersonalName:
    """A name in parts, folded. ``given`` is what is left without the family name, joined; ``initials`` are those of the words
    behind the first of it; ``spelled`` is the whole as typed, where it was typed with diacritics, else empty."""

    family: str
    given: str
    given_sorted: str
    first: str
    initials: str
    spelled: str

    @property
    def whole(self) -> str:
        """The key by which others recognise the person."""
        return f"{self.family} {self.given}"


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How many of ``total`` distinct names have a family name and given names; what is not listed is rare."""

    total: int
    families: Mapping[str, int]
    given: Mapping[str, int]

    def with_counts(self, other: "Frequencies") -> "Frequencies":
        """The larger of two counts, name by name: one may hold what the other counted too."""
        return Frequencies(
            max(self.total, other.total),
            dict(Counter(self.families) | Counter(other.families)),
            dict(Counter(self.given) | Counter(other.given)),
        )

    def namesakes(self, name: PersonalName) -> float:
        """The number of persons of this name to be expected among as many as were counted, were the parts independent."""
        vietnamese = _vietnamese_namesakes(name)
        if vietnamese is not None:
            return vietnamese
        given, family = self.given.get(name.given, _RARE), self.families.get(name.family, _RARE)
        return given * family / max(self.total, 1)


@cache
def _vietnam() -> dict[str, Any]:
    text = (Path(ontology.__file__).parent / "personal_names.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = read_yaml(text)
    content["titles"] = frozenset(content["titles"])
    content["shares"] = {fold(name): share / 100 for name, share in content["families"].items()}
    return content


def _vietnamese_namesakes(name: PersonalName) -> float | None:
    """The same for a Vietnamese name, by its family name and number of syllables; ``None`` for other names."""
    share = _vietnam()["shares"].get(name.family)
    syllables = 1 + len(name.initials)
    # Lee, Ho, Cao and Mai are names elsewhere too: without diacritics, three syllables tell Vietnamese names
    if share is None or not (name.spelled or syllables > 1) or len(name.first) > 6:
        return None
    return float(_vietnam()["persons"] * share / _vietnam()["namesakes"][min(syllables, 3)])


@lru_cache(maxsize=200_000)
def read_name(text: str, family: str | None = None) -> PersonalName | None:
    """A name in parts.

    :param text: the whole name, or what is not the family name where that is given
    :param family: the family name, where it is known apart
    :return: ``None`` for what is no full name
    """
    words = _words(text)
    if family is None:
        before, _, behind = text.partition(",")
        at = len(_words(before)) - 1 if _words(behind) and _words(before) else _family_at(words)
        ending = [words.pop(at)] if at is not None and len(words) > 1 else []
    else:
        ending = _words(family)
    if not ending or not words:
        return None
    given = [fold(word) for word in words]
    spelled = " ".join(sorted(ending + words))
    return PersonalName(
        "".join(fold(word) for word in ending),
        "".join(given),
        "".join(sorted(given)),
        given[0],
        "".join(word[0] for word in given[1:]),
        "" if spelled.isascii() else spelled,
    )


def _words(text: str) -> list[str]:
    """The words of a name as spelled, without titles."""
    return [word for word in spell(text).split() if fold(word) not in _vietnam()["titles"]]


_TELLING = 4
"""Letters from which a Vietnamese family name is taken for one between other words: "Anh Nguyen Van", but not "Jean Le Roy"."""


def _family_at(words: list[str]) -> int | None:
    """Which word is the family name: the Vietnamese one where there is one, at an end first, else the last."""
    if len(words) < 2:
        return None
    shares, folded = _vietnam()["shares"], [fold(word) for word in words]
    for at in (0, len(words) - 1):
        if folded[at] in shares:
            return at
    return next((at for at, word in enumerate(folded) if word in shares and len(word) >= _TELLING), len(words) - 1)
