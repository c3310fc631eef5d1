"""The filters of the main question as fields of a form: what may be chosen, in the words of the language."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.asking import PageQuestion
from api.catalogue import Words
from api.form_names import shown_parts
from api.reading import Views
from graph.answer.model import FilterName
from graph.answer.narrowing import FILTERS
from ontology.model import ontology
from ontology.schemes import schemes

_SCHEMES = {
    "field": ("ford/2015", ""),
    "industry": ("vsic/2018", ""),
    "region": ("place/2025", "VN"),
    "intermediary_kind": ("intermediary-kind/2014", ""),
}
"""Filter → scheme, and what the codes that are offered begin with; what a select lacks may stand in an address all the same."""
_LEVELS = range(1, 10)
_PRICES = (100_000_000, 500_000_000, 1_000_000_000, 2_000_000_000, 5_000_000_000, 10_000_000_000)
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class FilterField:
    """A filter in the form: ``choices`` are values with their words, ``value`` is the one that is chosen or empty."""

    name: FilterName
    value: str
    choices: tuple[tuple[str, str], ...]


def form_values(asked: PageQuestion, views: Views, words: Words) -> dict[str, Any]:
    """What the form of the main question shows."""
    given = asked.given
    return {
        "asked": asked,
        "q": asked.text,
        "parts": asked.parts,
        "shown": shown_parts(views, asked.parts, words.language),
        "as_of": given.get("as_of", ""),
        "filters": filter_fields(asked, words),
    }


def filter_fields(asked: PageQuestion, words: Words) -> list[FilterField]:
    """The fields, with what was given; a value that is not among the choices is added to them."""
    found = []
    for name in FILTERS:
        choices = list(_choices(name, words))
        value = asked.given.get(name, "")
        if value and value not in dict(choices):
            choices.append((value, amount(float(value), words) if name == "price" else value))
        found.append(FilterField(name, value, tuple(choices)))
    return found


def _choices(name: FilterName, words: Words) -> Iterator[tuple[str, str]]:
    if name in _SCHEMES:
        scheme, beginning = _SCHEMES[name]
        for one in schemes().concepts.values():
            if one.scheme == scheme and one.code.startswith(beginning):
                yield one.code, one.label(words.language)
    elif name == "holder_class":
        for cls in ontology().classes.values():
            if "Organization" in cls.ancestors:
                yield cls.name, ontology().label(cls.name, words.language)
    elif name == "trl":
        for level in _LEVELS:
            yield str(level), words("filter.at_least", value=level)
    else:
        for price in _PRICES:
            yield str(price), amount(price, words)


def amount(price: float, words: Words) -> str:
    """An upper bound of a price: in millions where it is whole ones."""
    if price % _MILLION:
        return words("filter.at_most_dong", value=words.number(price))
    return words("filter.at_most_million", value=words.number(price / _MILLION))
