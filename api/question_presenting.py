"""A named question as a page shows it: fields of its form, cells of its rows, its picture."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from api.catalogue import Words
from api.charts import MOST_BARS, Bar, Line, Node, bars, network
from api.links import address
from api.reading import Views
from graph.questions.named import Bars, Column, NamedQuestion, Parameter
from graph.questions.running import Result
from ontology.schemes import schemes

_CHOICES = 80
"""Concepts of a scheme that are offered to choose from; of larger ones a code or name is typed."""
_UNGROUPED = 10_000
"""Whole numbers below are written without separators: many are years."""


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter in the form. ``values`` are its texts, one input each; ``choices`` are (value, label)."""

    name: str
    label: str
    kind: str
    values: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a cell; ``href`` leads to the node's page."""

    text: str
    href: str | None = None
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; ``number`` is set to the right."""

    items: tuple[Item, ...]
    number: bool = False


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def fields(question: NamedQuestion, given: Mapping[str, Sequence[str]], language: str) -> list[Field]:
    """The form: what was given, else the defaults; one more input where several values may be given."""
    return [_field(name, one, given.get(name, ()), language) for name, one in question.parameters.items()]


def _field(name: str, parameter: Parameter, given: Sequence[str], language: str) -> Field:
    default = parameter.default if isinstance(parameter.default, tuple) else (parameter.default,)
    values = tuple(text for text in given if text.strip()) or tuple(_text(one) for one in default if one is not None)
    if parameter.several or not values:
        values = (*values, "")
    return Field(
        name=name,
        label=parameter.label.said(language),
        kind=parameter.type,
        values=values,
        choices=_choices(parameter, values, language),
        required=parameter.required,
    )


def coded(label: str, code: str) -> str:
    """A concept's name with its code, where that is a number that people know it by; words in English say nothing more."""
    return f"{label} ({code})" if any(letter.isdigit() for letter in code) else label


def _choices(parameter: Parameter, values: Sequence[str], language: str) -> tuple[tuple[str, str], ...]:
    """Its few values, or the concepts of a small scheme; none where something else was typed, so that it is not lost."""
    if parameter.words and set(values) <= {*parameter.words, ""}:
        return tuple((code, words.said(language)) for code, words in parameter.words.items())
    if parameter.scheme is None:
        return ()
    found = [one for one in schemes().concepts.values() if one.scheme == parameter.scheme]
    known = {one.id for one in found} | {""}
    if len(found) > _CHOICES or not set(values) <= known:
        return ()
    return tuple((one.id, coded(one.label(language), one.code)) for one in found)


class Cells:
    """Shows the values of rows in one language.

    :param views: where ids get their names
    """

    def __init__(self, views: Views, words: Words) -> None:
        self._views, self._words = views, words

    def rows(self, question: NamedQuestion, rows: Sequence[Mapping[str, Any]]) -> list[list[Cell]]:
        """Rows as cells, in the order of the columns."""
        return [[self.cell(column, row[name]) for name, column in question.columns.items()] for row in rows]

    def cell(self, column: Column, value: Any) -> Cell:
        """One value."""
        if value is None:
            return Cell(())
        if column.type in ("id", "concept", "ids"):
            return Cell(tuple(self.node(one) for one in (value if isinstance(value, list) else [value])))
        if column.type == "texts":
            return Cell(tuple(Item(one) for one in value))
        return Cell((Item(self.said(column, value)),), column.type in ("integer", "number", "money", "share"))

    def said(self, column: Column, value: Any) -> str:
        """A value in the words of the language."""
        words = self._words
        if column.type == "share":
            return f"{words.number(100 * value, 1)} %"
        if column.type in ("integer", "money"):
            return str(value) if 0 <= value < _UNGROUPED else words.number(value)
        if column.type == "number":
            return words.number(value, 0 if float(value).is_integer() else 3)
        if column.type == "day":
            return words.day(value)
        if column.type == "boolean":
            return words("value.yes") if value else words("value.no")
        text = str(value)
        return column.words[text].said(words.language) if text in column.words else text

    def node(self, identifier: str) -> Item:
        """A node by its name."""
        made_up = not identifier.startswith(("scheme/", "record/")) and self._views.illustrative(identifier)
        name = self._views.ref(identifier, self._words.language).name or identifier
        return Item(name, address(identifier), made_up)

    def mark(self, made_up: bool) -> str:
        """The word that marks what was made up."""
        return self._words("illustrative") if made_up else ""


def picture(question: NamedQuestion, result: Result, cells: Cells, language: str) -> Markup | None:
    """The question's picture, where it has one and there is something to draw."""
    said = question.picture
    if said is None or not result.rows:
        return None
    title = question.title.said(language)
    if isinstance(said, Bars):
        return bars(list(_bars(question, said, result, cells)), title)
    lines = [
        Line(row[said.source], row[said.target], str(row[said.label] or "") if said.label else "")
        for row in result.rows
        if row[said.source] and row[said.target]
    ]
    items = {one: cells.node(one) for line in lines for one in (line.source, line.target)}
    return network(lines, {one: Node(item.text, cells.mark(item.illustrative)) for one, item in items.items()}, title)


def _bars(question: NamedQuestion, said: Bars, result: Result, cells: Cells) -> Iterator[Bar]:
    name, length = question.columns[said.x], question.columns[said.y]
    for row in result.rows[:MOST_BARS]:
        if row[said.y] is not None:
            items = cells.cell(name, row[said.x]).items
            marks = [item.text for item in items] + [cells.mark(True)] * any(item.illustrative for item in items)
            yield Bar(" · ".join(marks), float(row[said.y]), cells.said(length, row[said.y]))
