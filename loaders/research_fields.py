"""The classification of research fields (Decision 12/2008/QĐ-BKHCN) as a concept scheme: a JSON tree of three levels, or the table.

The table has the code of a field in the column of its level, and writes the names of the two upper levels in capitals; read either
way the same concept says the same.
"""

import re
from collections.abc import Iterator
from typing import Any

from loaders.table_reading import Table, shown
from loaders.values import cell_text
from ontology.statement import TYPE, Item, Record, Reject, Statement, concept_path
from ontology.text import fold, nfc

SHAPE, SOURCE, LICENCE = "research-fields", "research-fields-2008", "legal text"
_SCHEME = "research-fields/2008"
_LEVELS = ("level1", "level2", "level3")
_COLUMNS = ("ma cap 1", "ma cap 2", "ma cap 3")
_NAME, _NOTE = "ten goi", ("ghi chu", "chi chu")
_DIGITS = (1, 3, 5)
"""Digits of a code of each level; what stands above it is its beginning."""


def recognises(document: Any) -> bool:
    """Whether a JSON document is this tree."""
    data = document.get("vhdata") if isinstance(document, dict) else None
    return isinstance(data, dict) and isinstance(data.get("research-fields"), dict)


def is_header(headers: list[str]) -> bool:
    """Whether a row is the header of the table."""
    return {*_COLUMNS, _NAME} <= {fold(header) for header in headers}


def read_table(table: Table) -> Iterator[Item]:
    """One record a row and one for the scheme itself."""
    yield _scheme()
    by_text = {fold(header): header for header in table.headers}
    note = next((by_text[text] for text in _NOTE if text in by_text), "")
    lines = {f"scheme/{_SCHEME}": 1}
    for row in table.rows:
        if isinstance(row, Reject):
            yield row
            continue
        texts = [nfc(cell_text(row.cells.get(by_text[column]))) for column in _COLUMNS]
        name = _uncapitalised(nfc(cell_text(row.cells.get(by_text[_NAME]))))
        shown_row = tuple((header, cell_text(cell)) for header, cell in row.cells.items() if header)
        yield _read_row(row.line, texts, name, cell_text(row.cells.get(note)).strip(), lines, shown_row)


def _read_row(
    line: int, texts: list[str], name: str, note: str, lines: dict[str, int], cells: tuple[tuple[str, str], ...]
) -> Item:
    given = [(level, text) for level, text in enumerate(texts) if text]
    level, code = given[0] if len(given) == 1 else (0, "")
    parent = concept_path(_SCHEME, code[: _DIGITS[level - 1]]) if level else None
    concept = concept_path(_SCHEME, code)
    if len(given) > 1:
        return Reject(line, _COLUMNS[given[1][0]], "a row has the code of one level alone", " ".join(texts), cells)
    problem = _problem(code, name, lines.get(concept), parent is not None and parent not in lines)
    if problem is None and len(code) != _DIGITS[level]:
        problem = "full-code", f"has not the {_DIGITS[level]} digits of its level"
    if problem:
        field = _NAME if problem[0] == "name" else _COLUMNS[level]
        return Reject(line, field, problem[1].replace("number", "line"), code or name, cells)
    lines[concept] = line
    return _record(concept, line, code, name, note, parent)


def _uncapitalised(name: str) -> str:
    return name.capitalize() if name.isupper() else name


def read(document: Any) -> Iterator[Item]:
    """One record a concept and one for the scheme itself."""
    yield _scheme()
    scheme = f"scheme/{_SCHEME}"
    yield from _read_level(document["vhdata"]["research-fields"], 0, None, {scheme: 1})


def _scheme() -> Record:
    scheme = f"scheme/{_SCHEME}"
    return Record(
        scheme,
        1,
        [
            Statement(scheme, TYPE, None, "ConceptScheme"),
            Statement(scheme, "name", None, "Bảng phân loại lĩnh vực nghiên cứu khoa học và công nghệ 2008", "vi"),
            Statement(scheme, "name", None, "Vietnamese classification of research fields, 2008", "en"),
        ],
    )


def _read_level(node: dict[str, Any], depth: int, parent: str | None, lines: dict[str, int]) -> Iterator[Item]:
    """Concepts below a node; ``lines`` has the ordinal of each that was read, refused ones under names of their own."""
    if depth == len(_LEVELS):
        return
    children = node.get(_LEVELS[depth]) or {}
    for child in children.values() if isinstance(children, dict) else [children]:
        line = len(lines) + 1
        said = child if isinstance(child, dict) else {}
        code, name = nfc(str(said.get("full-code") or "")), nfc(str(said.get("name") or ""))
        concept = concept_path(_SCHEME, code)
        problem = _problem(code, name, lines.get(concept), depth > 0 and parent is None)
        if problem:
            lines[f"refused {line}"] = line
            yield Reject(line, *problem, shown(child))
            yield from _read_level(said, depth + 1, None, lines)
        else:
            lines[concept] = line
            yield _record(concept, line, code, name, str(said.get("note") or "").strip(), parent)
            yield from _read_level(said, depth + 1, concept, lines)


def _problem(code: str, name: str, earlier: int | None, orphan: bool) -> tuple[str, str] | None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", code):
        return "full-code", "is no code" if code else "is empty"
    if not name:
        return "name", "is empty"
    if earlier:
        return "full-code", f"has the code of number {earlier}"
    return ("full-code", "stands below one that was refused") if orphan else None


def _record(concept: str, line: int, code: str, name: str, note: str, parent: str | None) -> Record:
    said = [
        Statement(concept, TYPE, None, "Concept"),
        Statement(concept, "name", None, name, "vi"),
        Statement(concept, "notation", None, code),
        Statement(concept, "inScheme", f"scheme/{_SCHEME}"),
    ]
    if note:
        said.append(Statement(concept, "description", None, note, "vi"))
    if parent:
        said.append(Statement(concept, "broader", parent))
    return Record(concept, line, said)
