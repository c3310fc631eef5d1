"""The rows of a query as CSV for spreadsheets, whichever language was asked."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rdflib import XSD
from starlette.responses import Response

from api.exporting import Cell, neutral
from api.negotiation import CSV

ROWS = 10_000
BYTES = 16 * 1_048_576
"""What a file holds at most."""
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows for a file, whose cells no spreadsheet takes for formulas, of one snapshot."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    snapshot: str
    truncated: bool


def as_csv(found: Rows) -> Response:
    """Rows as CSV (RFC 4180), to be kept as a file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(neutral(name) for name in found.columns)
    writer.writerows(found.rows)
    headers = {
        "content-disposition": f'attachment; filename="query-{found.snapshot[:8]}.csv"',
        "ketnoi-snapshot": found.snapshot,
        "ketnoi-truncated": str(found.truncated).lower(),
        "cache-control": "no-cache",
    }
    return Response(text.getvalue(), 200, headers, CSV)


def of_term(term: Mapping[str, Any] | None) -> Cell:
    """A term of SPARQL's JSON results: a number as it is written, anything else as text that is no formula."""
    if term is None:
        return None
    if term["type"] == "triple":
        return neutral(" ".join(str(of_term(term["value"][part])) for part in ("subject", "predicate", "object")))
    text = f"_:{term['value']}" if term["type"] == "bnode" else str(term["value"])
    number = str(term.get("datatype", "")).startswith(str(XSD)) and _NUMBER.match(text)
    return text if number else neutral(text)


def of_value(value: Any) -> Cell:
    """A value of Cypher's JSON rows; lists, maps, nodes and relationships as JSON."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float | None):
        return neutral(value)
    return neutral(json.dumps(value, ensure_ascii=False))
