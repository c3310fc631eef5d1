"""JSON: an array of objects, one object a line, or the only array inside an object."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loaders.formats.encodings import read_text
from loaders.formats.table import FileRefused, Row, Table, checked, shown
from ontology.statement import Reject


def json_objects(path: Path) -> list[Any]:
    """The objects of a JSON array, of JSON lines, or of the only array inside a JSON object.

    :raises FileRefused: where the file is no JSON
    """
    text = read_text(path)
    try:
        document = json.loads(text)
    except RecursionError:
        raise FileRefused(f"{path.name} is nested too deep") from None
    except ValueError as error:
        at = str(error)
        if isinstance(error, json.JSONDecodeError):
            at = f"line {error.lineno}, column {error.colno}: {error.msg}"
        try:
            return [json.loads(line) for line in text.split("\n") if line.strip()]
        except (ValueError, RecursionError):
            raise FileRefused(f"{path.name} is no JSON: {at}") from None
    if isinstance(document, list):
        return document
    arrays = [value for value in document.values() if isinstance(value, list)] if isinstance(document, dict) else []
    return arrays[0] if len(arrays) == 1 else [document]


def read_objects(path: Path) -> Table:
    """A table whose rows are the objects of a JSON file.

    :raises FileRefused: where the file is no JSON
    """
    objects = json_objects(path)
    headers: dict[str, None] = {}
    for item in objects:
        if isinstance(item, dict):
            headers.update(dict.fromkeys(item))

    def rows() -> Iterator[Row | Reject]:
        for line, item in enumerate(objects, 1):
            if isinstance(item, dict):
                yield checked(line, item)
            else:
                yield Reject(line, "", "is no object", shown(item))

    return Table("json", list(headers), rows(), len(objects))
