"""Computes the indicators of the strategy from the rows of named questions."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from graph.questions.running import Result
from graph.views.naming import Names, called
from ontology.indicators import Indicator, Measure, Target, indicators

Asking = Callable[[str, Mapping[str, Any]], Result]
"""Asks a named question with parameters."""


class Figure(BaseModel):
    """An indicator on a day. ``value`` is null where there is nothing to compute it from; a share has all of its parts beside it."""

    model_config = ConfigDict(frozen=True)

    id: str
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    unknown: float | None = None
    rows: int
    truncated: bool = False


def figures(ask: Asking, as_of: str) -> list[Figure]:
    """All indicators on a day.

    :param ask: asks the snapshot whose indicators they are
    """
    return [figure(one, ask(one.question, {**one.parameters, "as_of": as_of})) for one in indicators().indicators]


def figure(indicator: Indicator, result: Result) -> Figure:
    """An indicator from the answer to its question."""
    measure, rows = indicator.measure, result.rows
    said: dict[str, Any] = {"id": indicator.id, "rows": len(rows), "truncated": result.truncated}
    if measure.kind == "ratio":
        numerator, denominator, unknown = (
            _sum(rows, measure.column, where) for where in (measure.numerator, measure.denominator, measure.unknown)
        )
        said |= {"numerator": numerator, "denominator": denominator, "unknown": unknown}
        return Figure(value=numerator / denominator if denominator else None, **said)
    return Figure(value=_single(measure, rows), **said)


def _single(measure: Measure, rows: Iterable[Mapping[str, Any]]) -> float | None:
    found = [row[measure.column] for row in rows if _fits(row, measure.where)]
    if measure.kind == "count":
        return float(len(set(found)))
    return max((float(value) for value in found if value is not None), default=None)


def _sum(rows: Iterable[Mapping[str, Any]], column: str, where: Mapping[str, Any] | None) -> float:
    return float(sum(row[column] or 0 for row in rows if _fits(row, where or {})))


def _fits(row: Mapping[str, Any], where: Mapping[str, Any]) -> bool:
    return all(row[column] == value for column, value in where.items())


def target_of(indicator: Indicator, names: Names) -> Target | None:
    """The target of an indicator, where the body that set it is in the graph; a target of somebody else's says nothing here."""
    if indicator.target is None:
        return None
    exact, _ = called(names, indicator.target.set_by, "Organization")
    return indicator.target if exact else None
