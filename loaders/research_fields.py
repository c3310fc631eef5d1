"""The classification of research fields as a JSON tree of three levels (Decision 12/2008/QĐ-BKHCN), read as a concept scheme."""

import re
from collections.abc import Iterator
from typing import Any

from loaders.table_reading import shown
from ontology.statement import TYPE, Item, Record, Reject, Statement, concept_path
from ontology.text import nfc

SHAPE, SOURCE, LICENCE = "research-fields", "research-fields-2008", "legal text"
_SCHEME = "research-fields/2008"
_LEVELS = ("level1", "level2", "level3")


def recognises(document: Any) -> bool:
    """Whether a JSON document is this tree."""
    data = document.get("vhdata") if isinstance(document, dict) else None
    return isinstance(data, dict) and isinstance(data.get("research-fields"), dict)


def read(document: Any) -> Iterator[Item]:
    """One record a concept and one for the scheme itself."""
    scheme = f"scheme/{_SCHEME}"
    yield Record(
        scheme,
        1,
        [
            Statement(scheme, TYPE, None, "ConceptScheme"),
            Statement(scheme, "name", None, "Bảng phân loại lĩnh vực nghiên cứu khoa học và công nghệ 2008", "vi"),
            Statement(scheme, "name", None, "Vietnamese classification of research fields, 2008", "en"),
        ],
    )
    yield from _read_level(document["vhdata"]["research-fields"], 0, None, {scheme: 1})


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
