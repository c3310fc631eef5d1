"""SQL dumps: rows of INSERT statements, read as text; nothing is executed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from loaders.formats.encodings import open_text
from loaders.formats.table import FileRefused, Row, Table, by_header, checked, shown
from ontology.statement import Reject


def read_inserts(path: Path) -> Table:
    """Rows of the INSERT statements of a dump, parsed as text. Other statements are left aside.

    :raises FileRefused: where it can't be parsed
    """
    text, encoding = open_text(path)
    try:
        parsed = sqlglot.parse(text, error_level=sqlglot.ErrorLevel.RAISE)
    except (SqlglotError, RecursionError) as error:
        raise FileRefused(f"{path.name} can't be read as SQL: {str(error).splitlines()[0]}") from None
    headers: list[str] = []
    found: list[list[Any]] = []
    for statement in parsed:
        if not isinstance(statement, exp.Insert) or not isinstance(statement.expression, exp.Values):
            continue
        names = [column.name for column in statement.this.expressions] if isinstance(statement.this, exp.Schema) else []
        headers = headers or names
        if names == headers:
            found += [[_literal(cell) for cell in row.expressions] for row in statement.expression.expressions]
    return Table("sql", headers, _rows(text, headers, found), len(found), encoding=encoding)


def _literal(node: exp.Expression) -> Any:
    if isinstance(node, exp.Null):
        return None
    return node.this if isinstance(node, exp.Literal) else node.sql()


def _rows(text: str, headers: list[str], found: list[list[Any]]) -> Iterator[Row | Reject]:
    at, line = 0, 1
    for cells in found:
        # sqlglot keeps no line of a literal: it is found again by its text, in the order of the file
        literal = "'" + str(cells[0]).replace("'", "''") + "'" if cells else ""
        here = max(at, text.find(literal, at))
        line += text.count("\n", at, here)
        at = here
        if len(cells) == len(headers):
            yield checked(line, by_header(headers, cells))
        else:
            reason = f"has {len(cells)} values where the table has {len(headers)} columns"
            yield Reject(line, "", reason, shown(cells))
        line += text.count("\n", at, at + len(literal))
        at += len(literal)
