"""The words of the pages, in Vietnamese and English. Terms speak from the ontology and concepts from the schemes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, get_args

from graph.statements.home import VIETNAM
from ontology.yaml_reading import read_yaml

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT: Language = "vi"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Key → language → words, of all areas.

    :raises ValueError: where two areas have the same key
    """
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted((Path(__file__).parent / "words").glob("*.yaml")):
        area = read_yaml(path.read_text(encoding="utf-8"))
        if twice := found.keys() & area.keys():
            raise ValueError(f"{path.name}: {', '.join(sorted(twice))} stand in another area too")
        found |= area
    return MappingProxyType(found)


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue, numbers and days in one language."""

    language: Language

    def __call__(self, key: str, **values: object) -> str:
        """The words under a key, with its ``{names}`` filled in.

        :raises KeyError: where the catalogue lacks the key
        """
        words = catalogue()[key][self.language]
        return words.format(**values) if values else words

    def number(self, value: float, digits: int = 0) -> str:
        """A number with the language's separators."""
        text = f"{value:,.{digits}f}"
        return text if self.language == "en" else text.translate(str.maketrans(",.", ".,"))

    def signed(self, value: float, digits: int = 2) -> str:
        """A number with its sign; the minus is a minus, not a hyphen."""
        sign = "+" if value >= 0 else "\u2212"
        return sign + self.number(abs(value), digits)

    def day(self, text: str) -> str:
        """An ISO date or instant as a day; anything else word for word."""
        if text[4:5] != "-":
            return text
        try:
            # an instant is told by the day in Vietnam, as everywhere
            day = (
                datetime.fromisoformat(text).astimezone(VIETNAM).date() if len(text) > 10 else date.fromisoformat(text)
            )
        except ValueError:
            return text
        if self.language == "en":
            return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
        return f"{day.day}/{day.month}/{day.year}"

    def moment(self, text: str) -> str:
        """An ISO instant as day and time in Vietnam; anything else word for word."""
        try:
            local = datetime.fromisoformat(text).astimezone(VIETNAM)
        except ValueError:
            return text
        return f"{self.day(local.date().isoformat())} {local:%H:%M:%S}"


def choose_language(asked: str | None, kept: str | None, accepted: str | None) -> Language:
    """The language by address, then cookie, then the browser's preference; Vietnamese where nothing decides."""
    for candidate in (asked, kept):
        for language in LANGUAGES:
            if candidate == language:
                return language
    return _preferred(accepted or "")


def _preferred(header: str) -> Language:
    best, weight = DEFAULT, 0.0
    for part in header.split(",")[:20]:
        tag, _, parameter = part.partition(";")
        name, _, value = parameter.strip().partition("=")
        try:
            quality = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            continue
        for language in LANGUAGES:
            if tag.strip().lower().split("-")[0] == language and quality > weight:
                best, weight = language, quality
    return best
