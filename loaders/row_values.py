"""From a cell to the canonical texts of each thing that its column says, as the ontology's datatypes and schemes ask."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from loaders.amounts import exact
from loaders.bodies import split_bodies
from loaders.days import read_date, read_deadline, read_period_end, read_period_start
from loaders.places import PLACES, read_place
from loaders.values import READERS, cell_text, read_integer, read_mail, read_telephone, read_text
from ontology.countries import country_code
from ontology.identifiers import canonical, fault
from ontology.model import ontology
from ontology.schemes import schemes
from ontology.statement import concept_path
from ontology.text import fold

if TYPE_CHECKING:
    from loaders.mapping import Column

Reader = Callable[[str], str | tuple[str, ...]]
"""From a text to its canonical form; a text may say several things at once."""
_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,40}$")
_LEVEL = re.compile(
    r"^(?:(?:muc(?: do)?|san sang|cong nghe|cap(?: do)?|level|technology readiness level|dat|trl) ?)*([1-9])(?: (?:(?:den|toi|to) )?(?:trl ?)?([1-9]))?$"
)


_EMPTY = {"n/a", "#n/a", "null", "none", "nan", "-", "--", "–", "—", "…", "...", "không có", "chưa có"}
"""What offices write into a cell that has nothing to say."""

_LONGEST_EMPTY = max(map(len, _EMPTY))

_LONGEST_TOWN = 60
"""Letters of the name of a town at most."""


def read_town(text: str) -> str:
    """The name of a town.

    :raises ValueError: where it has a number or is as long as an address
    """
    name = " ".join(text.split()).strip(" ,")
    if not name or len(name) > _LONGEST_TOWN or any(letter.isdecimal() for letter in name):
        raise ValueError(f"«{text[:80]}» is no town")
    return name


NAMED_READERS: dict[str, Reader] = {
    "deadline": read_deadline,
    "date": read_date,
    "period-start": read_period_start,
    "period-end": read_period_end,
    "country": country_code,
    "town": read_town,
}
_CONTACTS: dict[str, Reader] = {"telephone": read_telephone, "email": read_mail}
"""Readers of contacts, which are also properties of a person."""


def read_level(text: str) -> str:
    """The number of a readiness level: "TRL 6", "mức 6", "6/9"; of "TRL 6-7" the lower, which is certain."""
    found = _LEVEL.match(fold(re.sub(r"\s*/\s*9\s*$", "", text)))
    if found is None or (found[2] and found[2] < found[1]):
        raise ValueError(f"«{text[:80]}» is no readiness level")
    return found[1]


def read_identifier(scheme: str, text: str) -> str:
    """An identifier in its canonical form, its check digit being right.

    :param scheme: its scheme, such as ``tax-code``
    """
    value = canonical(scheme, text)
    if scheme == "tax-code" and re.fullmatch(r"\d{9}", value):
        value = f"0{value}"  # a spreadsheet drops the zero in front
    if wrong := fault(scheme, value):
        raise ValueError(f"«{text[:80]}» {wrong}")
    return value


def _concept_reader(scheme: str, open_scheme: bool) -> Reader:
    @lru_cache(maxsize=10_000)
    def read(text: str) -> str:
        found = schemes().find(scheme, text)
        if not found and scheme == "trl/1":
            found = schemes().find(scheme, read_level(text))
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
        value = str(read(text))
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
    if spec.identifier:
        identifiers = spec.identifier
        return lambda text: read_identifier(identifiers, text)
    if spec.scheme in PLACES:
        # what is located somewhere is small; a right for an old province is none for the larger new one
        places, within = spec.scheme, spec.property == "locatedIn"
        return lambda text: read_place(text, places, within)
    if spec.scheme:
        return _concept_reader(spec.scheme, spec.open)
    if reader := _CONTACTS.get(spec.contact or spec.property or ""):
        return reader
    prop = ontology().properties.get(spec.property or "")
    if prop is None or prop.is_edge or prop.datatype is None:
        return read_text
    if spec.factor != 1:
        factor = spec.factor
        return _bounded(lambda text: read_integer(text, factor), prop.minimum, prop.maximum)
    by_type = READERS.get(prop.datatype, read_text)
    if prop.minimum is None and prop.maximum is None:
        return by_type
    return _bounded(by_type, prop.minimum, prop.maximum)


def _text(cell: Any, spec: "Column") -> str:
    """What a cell says that is no text; a number where a number is meant keeps its point."""
    prop = ontology().properties.get(spec.property or "")
    if type(cell) is float and cell == cell and abs(cell) < 1e300 and prop is not None and prop.datatype in READERS:
        return exact(cell)
    return cell_text(cell)


def column_reader(name: str, specs: "Sequence[Column]") -> Callable[[Any], list[list[str]]]:
    """The validator of a column: cell → for each thing that it says, canonical texts.

    :param name: the column's canonical header, for messages
    """
    readers = [(spec, text_reader(spec)) for spec in specs]

    def parts(cell: Any, spec: "Column") -> list[str]:
        if isinstance(cell, list | tuple):
            found = [item if type(item) is str else _text(item, spec) for item in cell]
        else:
            text = cell if type(cell) is str else _text(cell, spec)
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
                value = reader(part)
                values += [value] if type(value) is str else value
            except ValueError:
                if not spec.lenient:
                    raise
        if spec.required and not values:
            raise ValueError(f"{name} is empty")
        return values

    return lambda cell: [read_one(cell, spec, reader) for spec, reader in readers]
