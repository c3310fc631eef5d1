"""JSON: an array of objects, one object a line, or the only array inside an object."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from loaders.formats import typed_fonts
from loaders.formats.encodings import Text, open_text
from loaders.formats.nested import flat
from loaders.formats.table import FileRefused, Row, Table, checked, shown
from ontology.statement import Reject

_SAMPLE = 1_000
"""Objects by which fonts are found."""
Objects = list[tuple[int, Any]]
"""Objects with their lines; a line that is no JSON is a :class:`Reject`."""


def json_objects(path: Path) -> list[Any]:
    """The objects of a JSON array, of JSON lines, or of the only array inside a JSON object.

    :raises FileRefused: where the file is no JSON
    """
    found, _ = _objects(path, open_text(path))
    for line, item in found:
        if isinstance(item, Reject):
            raise FileRefused(f"{path.name} is no JSON: line {line}, {item.reason}")
    return [item for _, item in found]


def _objects(path: Path, text: Text) -> tuple[Objects, str]:
    """The objects of a document, counted from 1, or of lines; and which of them it is."""
    try:
        document = json.loads(text.text)
    except RecursionError:
        raise FileRefused(f"{path.name} is nested too deep") from None
    except ValueError as error:
        lines = [*_lines(text.text)]
        if not any(isinstance(item, dict) for _, item in lines):
            at = str(error)
            if isinstance(error, json.JSONDecodeError):
                at = f"line {error.lineno}, column {error.colno}: {error.msg}"
            raise FileRefused(f"{path.name} is no JSON: {at}") from None
        return lines, "jsonl"
    if isinstance(document, list):
        return [*enumerate(document, 1)], "json"
    arrays = [value for value in document.values() if isinstance(value, list)] if isinstance(document, dict) else []
    return [*enumerate(arrays[0] if len(arrays) == 1 else [document], 1)], "json"


def _lines(text: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except json.JSONDecodeError as error:
            yield number, Reject(number, "", f"is no JSON: column {error.colno}: {error.msg}", shown(line))
        except (ValueError, RecursionError):
            yield number, Reject(number, "", "is no JSON that can be read", shown(line))


def read_objects(path: Path) -> Table:
    """A table whose rows are the objects of a JSON file.

    :raises FileRefused: where the file is no JSON
    """
    text = open_text(path)
    objects, form = _objects(path, text)
    table = table_of(form, [(line, flat(item) if isinstance(item, dict) else item) for line, item in objects])
    table.encoding = text.encoding
    return table


def table_of(form: str, objects: Objects) -> Table:
    """A table of objects that are flat already; what was typed in old fonts is converted.

    :param form: name of the format
    """
    headers: dict[str, None] = {}
    for _, item in objects:
        if isinstance(item, dict):
            headers.update(dict.fromkeys(item))
    fonts = _fonts(list(headers), objects)
    names = {header: typed_fonts.convert(header, font) if (font := fonts.get(header)) else header for header in headers}

    def rows() -> Iterator[Row | Reject]:
        for line, item in objects:
            if isinstance(item, Reject):
                yield item
            elif not isinstance(item, dict):
                yield Reject(line, "", "is no object", shown(item))
            elif fonts:
                cells = {
                    names[header]: typed_fonts.convert(cell, font) if (font := fonts.get(header)) else cell
                    for header, cell in item.items()
                }
                yield checked(line, cells)
            else:
                yield checked(line, item)

    found = {names[header]: font for header, font in fonts.items()}
    return Table(form, list(names.values()), rows(), len(objects), notes=typed_fonts.told(found))


def _fonts(headers: list[str], objects: Objects) -> dict[str, str]:
    """Header → font of the values that were typed in one."""
    samples: dict[str, list[str]] = {header: [header] for header in headers}
    for _, item in islice(objects, _SAMPLE):
        for header, value in item.items() if isinstance(item, dict) else ():
            samples[header] += [part for part in (value if type(value) is list else [value]) if type(part) is str]
    return {
        header: font for header, font in zip(headers, typed_fonts.find_fonts(samples.values()), strict=True) if font
    }
