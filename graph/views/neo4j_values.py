"""The values of Neo4j's driver as plain Python, and one level at a time for JSON."""

from __future__ import annotations

from typing import Any

import neo4j.graph
import neo4j.spatial
import neo4j.time

_DAY_OR_TIME = neo4j.time.Date | neo4j.time.DateTime | neo4j.time.Time


def plain(value: Any) -> Any:
    """A value of the driver as plain Python: nodes and relationships as dicts, days as ``date``.

    A path is the list of its nodes and relationships in turn, a duration its ISO text, a point a dict.
    """
    if isinstance(value, _DAY_OR_TIME):
        return value.to_native()
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    opened = _opened(value)
    return value if opened is None else plain(opened)


def for_json(value: Any) -> Any:
    """A value that JSON does not know as one whose parts it knows or asks here in turn (``default`` of ``json.dumps``).

    Like ``plain``, but days and times are their ISO text, to the nanosecond, and bytes hexadecimal text.

    :raises TypeError: where the driver has no such value
    """
    if isinstance(value, _DAY_OR_TIME):
        return value.iso_format()
    if isinstance(value, bytes | bytearray):
        return value.hex()
    opened = _opened(value)
    if opened is None:
        raise TypeError(f"{type(value).__name__} is no value of Neo4j's driver")
    return opened


def _opened(value: Any) -> Any:
    """One level of a value that only the driver has; ``None`` for any other."""
    if isinstance(value, neo4j.graph.Node):
        return {"id": value.element_id, "labels": sorted(value.labels), "properties": dict(value)}
    if isinstance(value, neo4j.graph.Relationship):
        start, end = (node.element_id if node is not None else None for node in value.nodes)
        return {
            "id": value.element_id,
            "type": value.type,
            "start": start,
            "end": end,
            "properties": dict(value),
        }
    if isinstance(value, neo4j.graph.Path):
        steps: list[Any] = [value.start_node]
        for edge, node in zip(value.relationships, value.nodes[1:], strict=True):
            steps += [edge, node]
        return steps
    if isinstance(value, neo4j.time.Duration):
        return value.iso_format()
    if isinstance(value, neo4j.spatial.Point):
        return {"srid": value.srid, "coordinates": list(value)}
    return None
