"""Nodes and lines as the script that draws networks reads them. Names and addresses are the server's; the script only lays them out."""

from collections.abc import Iterable
from typing import Any

from api.links import address
from api.surroundings import Beside
from graph.views.entity import NodeRef
from ontology.model import ontology

_EACH = 4
"""Neighbours of one group that the first picture shows; more come when the group or the node is expanded."""


def drawn_node(node: NodeRef, made_up: bool, language: str, **more: Any) -> dict[str, Any]:
    """A node of a picture: id, name, class in words, address, and whether it was made up."""
    kind = ontology().label(node.type, language)
    return {
        "id": node.id,
        "name": node.name or node.id,
        "kind": kind,
        "href": address(node.id),
        "made": made_up,
        **more,
    }


def neighbourhood(centre: NodeRef, made_up: bool, groups: Iterable[Beside], language: str) -> dict[str, Any]:
    """The picture of a node with the first neighbours of each group."""
    nodes = {centre.id: drawn_node(centre, made_up, language, centre=True)}
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    for group in groups:
        for one in group.neighbours[:_EACH]:
            nodes.setdefault(one.node.id, drawn_node(one.node, one.illustrative, language))
            line = {"source": centre.id, "target": one.node.id, "name": group.label, "weight": one.count}
            lines.setdefault((centre.id, one.node.id), line)
    return {"nodes": list(nodes.values()), "lines": list(lines.values())}
