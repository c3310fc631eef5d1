"""The classification of research fields as a JSON tree of three levels (Decision 12/2008/QĐ-BKHCN), read as a concept scheme."""

from collections.abc import Iterator
from typing import Any

from ontology.statement import TYPE, Item, Record, Reject, Statement, concept_path

SHAPE, SOURCE, LICENCE = "research-fields", "research-fields-2008", "legal text"
_SCHEME = "research-fields/2008"
_LEVELS = ("level1", "level2", "level3")


def recognises(document: Any) -> bool:
    """Whether a JSON document is this tree."""
    return isinstance(document, dict) and "research-fields" in (document.get("vhdata") or {})


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
    yield from _read_level(document["vhdata"]["research-fields"], 0, None, [1])


def _read_level(node: dict[str, Any], depth: int, parent: str | None, line: list[int]) -> Iterator[Item]:
    if depth == len(_LEVELS):
        return
    children = node.get(_LEVELS[depth]) or {}
    for child in children.values():
        line[0] += 1
        code, name = str(child.get("full-code") or ""), str(child.get("name") or "").strip()
        if not code or not name:
            yield Reject(line[0], "full-code" if not code else "name", "is empty", str(child)[:200])
            continue
        concept = concept_path(_SCHEME, code)
        said = [
            Statement(concept, TYPE, None, "Concept"),
            Statement(concept, "name", None, name, "vi"),
            Statement(concept, "notation", None, code),
            Statement(concept, "inScheme", f"scheme/{_SCHEME}"),
        ]
        if note := str(child.get("note") or "").strip():
            said.append(Statement(concept, "description", None, note, "vi"))
        if parent:
            said.append(Statement(concept, "broader", parent))
        yield Record(concept, line[0], said)
        yield from _read_level(child, depth + 1, concept, line)
