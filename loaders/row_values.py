"""From a cell to the canonical texts of each thing that its column says, as the ontology's datatypes and schemes ask."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from loaders.bodies import split_bodies
from loaders.values import READERS, cell_text, read_date, read_integer, read_text
from ontology.model import ontology
from ontology.schemes import schemes
from ontology.statement import concept_path
from ontology.text import fold

if TYPE_CHECKING:
    from loaders.mapping import Column

Reader = Callable[[str], str]
_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,40}$")
_QUARTER = {"i": "03-31", "ii": "06-30", "iii": "09-30", "iv": "12-31"}


def read_deadline(text: str) -> str:
    """The last day by which something is due: a day, a month, a quarter ("Quý II/2025") or a year ("2025 - 2026" is the latter)."""
    words = fold(text)
    if found := re.match(r"^quy (i{1,3}|iv) (\d{4})$", words):
        return f"{found.group(2)}-{_QUARTER[found.group(1)]}"
    if found := re.match(r"^(?:nam )?(?:\d{4} )?(\d{4})$", words):
        return f"{found.group(1)}-12-31"
    return read_date(text)


_EMPTY = {"n/a", "#n/a", "null", "none", "nan", "-", "--", "–", "—", "…", "...", "không có", "chưa có"}
"""What offices write into a cell that has nothing to say."""

_LONGEST_EMPTY = max(map(len, _EMPTY))

NAMED_READERS: dict[str, Reader] = {"deadline": read_deadline, "date": read_date}


def _concept_reader(scheme: str, open_scheme: bool) -> Reader:
    @lru_cache(maxsize=10_000)
    def read(text: str) -> str:
        found = schemes().find(scheme, text)
        if found:
            return found
        if open_scheme and _CODE.match(text.strip()):
            return concept_path(scheme, text.strip())
        raise ValueError(f"«{text[:80]}» is no entry of the scheme {scheme}")

    return read


def _choice_reader(choices: dict[str, str]) -> Reader:
    by_text = {fold(key): value for key, value in choices.items()}

    def read(text: str) -> str:
        if fold(text) not in by_text:
            raise ValueError(f"«{text[:80]}» is none of {', '.join(choices)}")
        return by_text[fold(text)]

    return read


def _bounded(read: Reader, minimum: float | None, maximum: float | None) -> Reader:
    def bounded(text: str) -> str:
        value = read(text)
        if (minimum is not None and float(value) < minimum) or (maximum is not None and float(value) > maximum):
            low, high = "" if minimum is None else f"{minimum:g}", "" if maximum is None else f"{maximum:g}"
            raise ValueError(f"«{text}» is not within {low}…{high}")
        return value

    return bounded


def text_reader(spec: "Column") -> Reader:
    """The reader of one text of a column."""
    if spec.reader:
        return NAMED_READERS[spec.reader]
    choices = spec.classes or spec.visibility or spec.values
    if choices:
        return _choice_reader(choices)
    if spec.scheme:
        return _concept_reader(spec.scheme, spec.open)
    prop = ontology().properties.get(spec.property or "")
    if prop is None or prop.is_edge or prop.datatype is None:
        return read_text
    if spec.factor != 1:
        factor = spec.factor
        return _bounded(lambda text: read_integer(text, factor), prop.minimum, prop.maximum)
    reader = READERS.get(prop.datatype, read_text)
    if prop.minimum is None and prop.maximum is None:
        return reader
    return _bounded(reader, prop.minimum, prop.maximum)


def column_reader(name: str, specs: "Sequence[Column]") -> Callable[[Any], list[list[str]]]:
    """The validator of a column: cell → for each thing that it says, canonical texts.

    :param name: the column's canonical header, for messages
    """
    readers = [(spec, text_reader(spec)) for spec in specs]

    def parts(cell: Any, spec: "Column") -> list[str]:
        if isinstance(cell, list | tuple):
            found = [item if type(item) is str else cell_text(item) for item in cell]
        else:
            text = cell if type(cell) is str else cell_text(cell)
            if spec.bodies:
                return split_bodies(text)
            found = re.split(spec.split, text) if spec.split else [text]
        texts = {text: None for part in found if (text := part.strip())}
        return [text for text in texts if len(text) > _LONGEST_EMPTY or text.casefold() not in _EMPTY]

    def read_one(cell: Any, spec: "Column", reader: Reader) -> list[str]:
        values: list[str] = []
        for part in parts(cell, spec):
            if spec.pattern and not re.fullmatch(spec.pattern, part):
                if spec.lenient:
                    continue
                raise ValueError(f"«{part[:80]}» has not the form that {name} has")
            try:
                values.append(reader(part))
            except ValueError:
                if not spec.lenient:
                    raise
        if spec.required and not values:
            raise ValueError(f"{name} is empty")
        return values

    return lambda cell: [read_one(cell, spec, reader) for spec, reader in readers]
