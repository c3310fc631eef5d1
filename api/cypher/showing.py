"""Cypher's answers as the workbench shows them: values with their links, and a picture of the nodes and relationships in them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.links import address
from api.workbench.naming import Naming
from api.workbench.pictures import Line, Node, document, picture
from api.workbench.shown import Answer, Value
from ontology.model import ROOT, ontology

_IDENTIFIER = re.compile(r"[A-Za-z0-9]{12}\Z|(?:scheme|record)/[\w.\-/]{1,300}\Z", re.ASCII)
_NODE = {"id", "labels", "properties"}
_RELATIONSHIP = {"id", "type", "start", "end", "properties"}


def answer(content: Mapping[str, Any], naming: Naming, language: str) -> Answer:
    """An answer to show.

    :param content: columns and rows as JSON has them
    """
    rows = [[value(one, naming, language) for one in row] for row in content["rows"]]
    drawn = _drawn(content["rows"], naming, language)
    return Answer(content["snapshot"], content["truncated"], content["columns"], rows, picture=drawn)


def value(one: Any, naming: Naming, language: str) -> Value:
    """A value; a node, and a text that is the id of one, lead to its page."""
    if one is None:
        return Value()
    if isinstance(one, str):
        known = _IDENTIFIER.match(one) and naming.node(one).kind
        return Value(one, href=address(one) if known else None, illustrative=bool(known) and naming.illustrative(one))
    if isinstance(one, bool | int | float):
        return Value(json.dumps(one))
    if _is_node(one):
        node = _node(one, naming, language)
        return Value(node.name, node.href, note=" ".join(map(str, one["labels"])), illustrative=node.illustrative)
    return Value(json.dumps(one, ensure_ascii=False), code=True)


def _is_node(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and one.keys() == _NODE
        and isinstance(one["labels"], list)
        and isinstance(one["properties"], dict)
    )


def _node(one: Mapping[str, Any], naming: Naming, language: str) -> Node:
    """A node by its own properties, or as it is called elsewhere where it has no name; a map that looks like one may hold anything."""
    said = one["properties"]
    identifier = said.get("id") if isinstance(said.get("id"), str) else None
    names = (said.get(key) for key in (f"name_{language}", "name_vi", "name_en", "name"))
    name = next((text for text in names if isinstance(text, str) and text), "")
    name = name or (naming.node(identifier).name if identifier else "")
    href = address(identifier) if identifier else None
    return Node(name, _kind(one["labels"], language), href, said.get("illustrative") is True)


def _kind(labels: Sequence[Any], language: str) -> str:
    """The label of the most specific class among a node's labels."""
    classes = [ontology().classes[one] for one in labels if isinstance(one, str) and one in ontology().classes]
    deepest = max(classes, key=lambda cls: (len(cls.ancestors), cls.name), default=None)
    return ontology().label(deepest.name if deepest else ROOT, language)


def _drawn(rows: Sequence[Sequence[Any]], naming: Naming, language: str) -> Mapping[str, Any] | None:
    found: dict[str, Node] = {}
    lines: list[Line] = []
    names = {one.relationship_type: one.name for one in ontology().properties.values() if one.is_edge}
    for one in _things(list(rows)):
        if _is_node(one):
            found.setdefault(str(one["id"]), _node(one, naming, language))
        elif one["start"] is not None and one["end"] is not None:
            kind = str(one["type"])
            lines.append(Line(str(one["start"]), str(one["end"]), ontology().label(names.get(kind, kind), language)))
    nodes, kept, cut = picture(lines)
    # an end of a relationship that came without its nodes has no name
    return document({one: found.get(one, Node("")) for one in nodes}, kept, cut)


def _things(values: list[Any]) -> Iterator[Mapping[str, Any]]:
    """Nodes and relationships in values, however deep, in their order."""
    values.reverse()
    while values:
        one = values.pop()
        if isinstance(one, list):
            values.extend(reversed(one))
        elif isinstance(one, dict):
            if _is_node(one) or one.keys() == _RELATIONSHIP:
                yield one
            else:
                values.extend(reversed(one.values()))
