"""The picture of an answer as nodes and lines, for the browser to lay out and draw."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MOST_NODES = 400
"""Nodes of a picture; the table holds all."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node: what it is called, the label of its class, its page, and whether it was made up."""

    name: str
    kind: str = ""
    href: str | None = None
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line from a node to another, by their ids, and what it is called."""

    source: str
    target: str
    name: str


def picture(lines: Iterable[Line]) -> tuple[list[str], list[Line], bool]:
    """The ids of the nodes that lines join, those lines, each once, and whether some were left out.

    The first nodes are drawn, up to ``MOST_NODES``, with the lines between them.
    """
    nodes: dict[str, None] = {}
    drawn: dict[Line, None] = {}
    cut = False
    for line in lines:
        new = {line.source, line.target} - nodes.keys()
        if len(nodes) + len(new) > MOST_NODES:
            cut = True
            continue
        nodes |= dict.fromkeys((line.source, line.target))
        drawn[line] = None
    return list(nodes), list(drawn), cut


def document(nodes: Mapping[str, Node], lines: Iterable[Line], cut: bool) -> dict[str, Any] | None:
    """The picture for the browser; ``None`` where there is no line to draw."""
    numbers = {identifier: at for at, identifier in enumerate(nodes)}
    drawn = [{"source": numbers[one.source], "target": numbers[one.target], "name": one.name} for one in lines]
    if not drawn:
        return None
    listed = [
        {"name": one.name, "kind": one.kind, "href": one.href, "illustrative": one.illustrative}
        for one in nodes.values()
    ]
    return {"nodes": listed, "lines": drawn, "cut": cut}
