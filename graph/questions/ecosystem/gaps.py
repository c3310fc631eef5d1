"""Fields by supply, demand and brokers, with the gaps among them ranked: computed from the rows of the query ``field_gaps``."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graph.questions.errors import QuestionError
from graph.questions.twins import Rows

SIDES = ("supply", "demand", "broker")
_LEVELS = (1, 2)


def field_gaps(rows: Sequence[Mapping[str, Any]], parameters: Mapping[str, Any]) -> Rows:
    """A row for each field that has any of the three, with the things themselves.

    A broker covers a field where a service names it or a broader one; with ``level`` 1, also where it names a narrower one.
    ``missing`` are the sides that a field lacks; ``stranded`` are its offered technologies and needs, where a side is missing:
    no route can join them within the field. Rank 1 has the most of them, then the most needs.

    :raises QuestionError: where there is no such level
    """
    level = parameters["level"]
    if level not in _LEVELS:
        raise QuestionError(f"level is one of {', '.join(map(str, _LEVELS))}")
    above: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["side"] == "part":
            above[row["field"]].add(row["node"])
    things, budget = _things(rows, above, level)
    found = [_row(field, sides, budget[field]) for field, sides in things.items() if sides["supply"] | sides["demand"]]
    found.sort(key=lambda row: (-row["stranded"], -row["demand"], -row["supply"], row["field"]))
    return [{"rank": rank, **row} for rank, row in enumerate(found, 1)]


def _row(field: str, sides: Mapping[str, set[str]], budget: int) -> dict[str, Any]:
    missing = [side for side in SIDES if not sides[side]]
    return {
        "field": field,
        **{side: len(sides[side]) for side in SIDES},
        "budget": budget,
        "missing": missing,
        "stranded": len(sides["supply"]) + len(sides["demand"]) if missing else 0,
        "technologies": sorted(sides["supply"]),
        "needs": sorted(sides["demand"]),
        "brokers": sorted(sides["broker"]),
    }


def _things(
    rows: Sequence[Mapping[str, Any]], above: Mapping[str, set[str]], level: int
) -> tuple[dict[str, dict[str, set[str]]], dict[str, int]]:
    things: dict[str, dict[str, set[str]]] = defaultdict(lambda: {side: set() for side in SIDES})
    budget: dict[str, int] = defaultdict(int)
    for row in rows:
        side, node = row["side"], row["node"]
        for field in _at_level(row["field"], above, level) if side in ("supply", "demand") else ():
            if node not in things[field][side]:
                budget[field] += int(row["money"] or 0)
            things[field][side].add(node)
    for row in rows:
        if row["side"] == "broker":
            # a service of a broader field covers those in it
            for field, sides in things.items():
                if field in _at_level(row["field"], above, level) or row["field"] in _line(field, above):
                    sides["broker"].add(row["node"])
    return things, budget


def _line(field: str, above: Mapping[str, set[str]]) -> set[str]:
    """A field and all that contain it."""
    found, waiting = {field}, [field]
    while waiting:
        new = above.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _at_level(field: str, above: Mapping[str, set[str]], level: int) -> Iterator[str]:
    """The field as it is on record, or the top groups that contain it."""
    if level > 1:
        yield field
        return
    yield from (one for one in _line(field, above) if not above.get(one))


ANALYSES = {"field_gaps": field_gaps}
"""By the name that a question gives under ``after``."""
