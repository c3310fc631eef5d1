"""Linking of strings to organisations against a gold file, with an interval and two baselines in the same run."""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from graph.evaluate.bootstrap import interval
from graph.evaluate.linking_baselines import Bm25, Ranked, by_exact_name
from graph.links.strings.bodies import Body
from graph.links.strings.linker import Match, Mention, StringLinker
from graph.links.strings.parameters import Parameters
from ontology.errors import Explained

_NAMES, _IDS, _COUNTRIES = ("name", "original_affiliation", "affiliation"), ("id", "labels", "ids"), ("country",)
"""Headers, the first of them that of this project, the others those of files that are about."""
_LITERAL = re.compile(r"'([^']*)'")
_COLUMNS = ("proposed", "right", "wanted", "reciprocal", "has_wanted", "nil", "said_nil", "right_nil")


class GoldRefused(Explained, ValueError):
    """A gold file without the columns that it needs."""


@dataclass(frozen=True, slots=True)
class Row:
    """A string and the ids that it means, none where it means no body that a register has."""

    text: str
    ids: frozenset[str]
    country: str | None = None


def read_gold(path: Path) -> list[Row]:
    """Read a CSV with ``name`` and ``id`` (several separated by ``|``), optionally ``country``.

    :raises GoldRefused: where a column is missing
    :raises OSError: where the file can't be read
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        headers = [header.strip() for header in reader.fieldnames or []]
        reader.fieldnames = headers
        name, identifier = (next((h for h in known if h in headers), None) for known in (_NAMES, _IDS))
        if name is None or identifier is None:
            raise GoldRefused(f"{path.name} needs the columns name and id; it has {', '.join(headers) or 'none'}")
        country = next((h for h in _COUNTRIES if h in headers), None)
        return [Row(row[name] or "", _ids(row[identifier] or ""), _country(row, country)) for row in reader]


def _ids(cell: str) -> frozenset[str]:
    """Ids as the registry has them; a set as Python writes it is understood, and the address of an id is the id."""
    parts = _LITERAL.findall(cell) if cell.lstrip().startswith(("{", "set(")) else cell.split("|")
    return frozenset(part.strip().rsplit("/", 1)[-1] for part in parts if part.strip())


def _country(row: dict[str, str], header: str | None) -> str | None:
    return ((row[header] or "").strip().upper() or None) if header else None


def evaluate_linking(rows: Sequence[Row], bodies: Sequence[Body], parameters: Parameters) -> dict[str, Any]:
    """Link all rows and count.

    Ids that the registry lacks are dropped first; a row without an id left means no body (NIL). Precision is of all links proposed,
    recall of all ids left, MRR over the rows that have one, of all bodies ranked by probability. ``named_outright`` counts links that
    are wrong by the gold although a registered name of the body fills a segment of the string, and no place contradicts: a reader can
    tell from it how much of the loss is the gold's age.
    """
    linker = StringLinker.of(bodies, parameters)
    known = {identifier: body.id for body in bodies for identifier in (body.id, *body.former)}
    rows = [Row(row.text, frozenset(known[i] for i in row.ids if i in known), row.country) for row in rows]
    start = perf_counter()
    matches = linker.link_strings(Mention(row.text, row.country) for row in rows)
    seconds = perf_counter() - start
    texts = [row.text for row in rows]
    ours = [[(match.body, match.linked) for match in found] for found in matches]
    return {
        **_figures(rows, ours, seconds),
        "registry": len(bodies),
        "parameters": parameters.day,
        "named_outright": _named_outright(rows, matches),
        "baselines": {
            "exact_name": _timed(rows, lambda: by_exact_name(bodies, texts)),
            "bm25": _timed(rows, lambda: Bm25(bodies).link(texts)),
        },
    }


def _timed(rows: Sequence[Row], link: Callable[[], list[Ranked]]) -> dict[str, Any]:
    start = perf_counter()
    ranked = link()
    return _figures(rows, ranked, perf_counter() - start)


def _named_outright(rows: Sequence[Row], matches: Sequence[Sequence[Match]]) -> int:
    return sum(
        match.linked and match.outright and match.body not in row.ids
        for row, found in zip(rows, matches, strict=True)
        for match in found
    )


def _figures(rows: Sequence[Row], ranked: Sequence[Ranked], seconds: float) -> dict[str, Any]:
    counted = np.array([_count(row, found) for row, found in zip(rows, ranked, strict=True)], dtype=float)
    counted = counted.reshape(len(rows), len(_COLUMNS))
    sums = counted.sum(axis=0)
    return {
        "n": len(rows),
        **{name: figure(sums) for name, figure in _FIGURES.items()},
        "ci95": {name: interval(counted, figure) for name, figure in _FIGURES.items()},
        "per_second": len(rows) / seconds if seconds else 0.0,
    }


def _count(row: Row, found: Ranked) -> tuple[float, ...]:
    linked = {identifier for identifier, is_linked in found if is_linked}
    ranks = (1 / rank for rank, (identifier, _) in enumerate(found, 1) if identifier in row.ids)
    nil, said_nil = not row.ids, not linked
    right = len(linked & row.ids)
    return len(linked), right, len(row.ids), next(ranks, 0.0), not nil, nil, said_nil, nil and said_nil


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def _figure(part: str, *wholes: str) -> Callable[[np.ndarray], float]:
    at, of = _COLUMNS.index(part), [_COLUMNS.index(whole) for whole in wholes]
    return lambda sums: _share(sums[at] * len(of), sum(sums[whole] for whole in of))


_FIGURES = {
    "precision": _figure("right", "proposed"),
    "recall": _figure("right", "wanted"),
    # 2 · right / (proposed + wanted) is the harmonic mean of both
    "f1": _figure("right", "proposed", "wanted"),
    "mrr": _figure("reciprocal", "has_wanted"),
    "nil_precision": _figure("right_nil", "said_nil"),
    "nil_recall": _figure("right_nil", "nil"),
}
