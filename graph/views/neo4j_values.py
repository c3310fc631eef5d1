"""The values of Neo4j's driver as plain Python."""

from __future__ import annotations

from typing import Any

import neo4j.graph
import neo4j.spatial
import neo4j.time


def plain(value: Any) -> Any:
    """A value of the driver as plain Python: nodes and relationships as dicts, days as ``date``.

    A path is the list of its nodes and relationships in turn, a duration its ISO text, a point a dict.
    """
    if isinstance(value, neo4j.graph.Node):
        return {"id": value.element_id, "labels": sorted(value.labels), "properties": plain(dict(value))}
    if isinstance(value, neo4j.graph.Relationship):
        ends = {
            end: node.element_id if node is not None else None
            for end, node in zip(("start", "end"), value.nodes, strict=True)
        }
        return {"id": value.element_id, "type": value.type, **ends, "properties": plain(dict(value))}
    if isinstance(value, neo4j.graph.Path):
        steps = [plain(value.start_node)]
        for edge, node in zip(value.relationships, value.nodes[1:], strict=True):
            steps += [plain(edge), plain(node)]
        return steps
    if isinstance(value, neo4j.time.Date | neo4j.time.DateTime | neo4j.time.Time):
        return value.to_native()
    if isinstance(value, neo4j.time.Duration):
        return value.iso_format()
    if isinstance(value, neo4j.spatial.Point):
        return {"srid": value.srid, "coordinates": list(value)}
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value
