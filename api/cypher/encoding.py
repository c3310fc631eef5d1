"""Answers as JSON, held to their limits while the rows arrive: a table, or the nodes and relationships in it."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import neo4j
import neo4j.graph

from graph.views.neo4j_errors import QueryInvalid
from graph.views.neo4j_values import for_json

_BATCH = 100
"""Rows that are written at once; each call of the encoder costs as much as a short row."""


class RowTooLong(Exception):
    """One row alone is longer than an answer may be."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The members of an answer that its rows make, as JSON, and whether there was more."""

    members: tuple[tuple[str, bytes], ...]
    truncated: bool


_encoder = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":"), default=for_json
)


def encode(value: Any) -> str:
    """A value as JSON. Integers keep all their digits; what JSON has no number for is said in words: "NaN", "Infinity".

    :raises QueryInvalid: where the driver has no such value
    """
    try:
        try:
            return _encoder.encode(value)
        except ValueError:
            return _encoder.encode(_worded(value))
    except TypeError as error:
        raise QueryInvalid(f"a value of the answer can't be shown: {error}") from error


def _worded(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else "NaN" if math.isnan(value) else f"{'-' if value < 0 else ''}Infinity"
    if isinstance(value, list | tuple):
        return [_worded(part) for part in value]
    if isinstance(value, dict):
        return {key: _worded(part) for key, part in value.items()}
    if isinstance(value, str | int | None):
        return value
    return _worded(for_json(value))


class _Room:
    """Counts rows and bytes."""

    def __init__(self, rows: int, size: int) -> None:
        self.rows, self.size = rows, size
        self._first = True

    def takes(self, rows: int, size: int) -> bool:
        """Whether so many rows of so many bytes still fit, which are then counted."""
        if rows > self.rows or size > self.size:
            if self._first and rows == 1:
                raise RowTooLong
            return False
        self._first = False
        self.rows -= rows
        self.size -= size
        return True


def table(records: Iterator[neo4j.Record], rows: int, size: int) -> Taken:
    """The rows, each a list.

    :param rows: how many at most, :param size: bytes at most
    :raises RowTooLong: where the first one alone is longer
    """
    room, taken, truncated = _Room(rows, size), [], False
    while not truncated and (batch := list(islice(records, min(_BATCH, room.rows + 1)))):
        text = encode(batch)[1:-1].encode()
        if room.takes(len(batch), len(text) + 1):
            taken.append(text)
            continue
        truncated = True
        for row in batch:  # as many of them as fit
            text = encode(row).encode()
            if not room.takes(1, len(text) + 1):
                break
            taken.append(text)
    return Taken((("rows", b"[" + b",".join(taken) + b"]"),), truncated)


def picture(records: Iterator[neo4j.Record], rows: int, size: int) -> Taken:
    """The nodes and relationships that stand anywhere in the rows, each once; limits and errors as of :func:`table`."""
    room, truncated = _Room(rows, size), False
    nodes: dict[str, bytes] = {}
    edges: dict[str, bytes] = {}
    ends: set[str] = set()
    for record in records:
        new_nodes: dict[str, bytes] = {}
        new_edges: dict[str, bytes] = {}
        for thing in _things(record.values()):
            if isinstance(thing, neo4j.graph.Node):
                if thing.element_id not in nodes:
                    new_nodes[thing.element_id] = encode(thing).encode()
            elif thing.element_id not in edges:
                new_edges[thing.element_id] = encode(thing).encode()
                ends.update(node.element_id for node in thing.nodes if node is not None)
        if not room.takes(1, sum(len(text) + 1 for text in (*new_nodes.values(), *new_edges.values()))):
            truncated = True
            break
        nodes |= new_nodes
        edges |= new_edges
    # the ends of a relationship that came without its nodes
    for bare in sorted(ends - nodes.keys()):
        nodes[bare] = encode({"id": bare, "labels": [], "properties": {}}).encode()
    members = ("nodes", nodes), ("relationships", edges)
    return Taken(tuple((name, b"[" + b",".join(texts.values()) + b"]") for name, texts in members), truncated)


def _things(values: list[Any]) -> Iterator[neo4j.graph.Node | neo4j.graph.Relationship]:
    """Nodes and relationships in values, however deep."""
    while values:
        value = values.pop()
        if isinstance(value, neo4j.graph.Node | neo4j.graph.Relationship):
            yield value
        elif isinstance(value, neo4j.graph.Path):
            yield from value.nodes
            yield from value.relationships
        elif isinstance(value, list):
            values.extend(value)
        elif isinstance(value, dict):
            values.extend(value.values())
