"""What is in a file, and a mapping proposed from its headers: ``ketnoi inspect``."""

from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from loaders.column_choices import AS_PROPOSED, Corrections
from loaders.formats.table import Row, Table
from loaders.mapping import Mapping, mapping_text, shipped_mappings
from loaders.proposal import Proposal, propose, recognised
from loaders.reading import document_kinds
from loaders.table_reading import read_table
from loaders.tables import TableReader
from loaders.values import cell_text
from ontology.statement import Record, Reject

_READ = 50_000
"""Rows by which a mapping is proposed."""
_EXAMPLE = 60


def inspect_file(path: Path, said: Corrections = AS_PROPOSED) -> dict[str, Any]:
    """What was found, as lines for people; the columns with what they are taken for; and the text of a mapping for
    :func:`loaders.mapping.read_mapping` to be corrected, or ``None`` for what needs none.

    :param said: what somebody says of it in place of what is proposed
    :raises loaders.table_reading.FileRefused: where the file is no table that can be read
    """
    if said is AS_PROPOSED and (kinds := document_kinds(path)):
        return _document(path, kinds)
    shipped = shipped_mappings()
    table = read_table(path, lambda headers: max((len(m.match(headers) or ()) for m in shipped), default=0), recognised)
    rows = list(islice(table.rows, _READ))
    proposal = propose(path.stem, table.headers, [row for row in rows if isinstance(row, Row)], table.titles, said)
    known = sorted(
        (mapping for mapping in shipped if said is AS_PROPOSED and mapping.match(table.headers)),
        key=lambda mapping: -len(mapping.match(table.headers) or ()),
    )
    columns = [_column(header, rows, proposal) for header in dict.fromkeys(table.headers) if header]
    return {
        "found": [*_found(path, table, known, rows, proposal), *map(_line, columns)],
        "shapes": [mapping.shape for mapping in known],
        "kinds": list(dict.fromkeys(kind for one in known for kind in one.kinds)) or proposal.mapping["kinds"],
        "about": proposal.mapping["about"],
        "key": proposal.mapping.get("key", []),
        "columns": columns,
        "mapping": mapping_text(known[0])
        if known
        else yaml.safe_dump(proposal.mapping, allow_unicode=True, sort_keys=False, default_flow_style=None, width=150),
    }


def _document(path: Path, kinds: dict[str, str]) -> dict[str, Any]:
    """What is said of a file that is no table, or is one of a shape that needs no mapping."""
    shapes = list(dict.fromkeys(kinds.values()))
    line = f"{path.name}: known shape: {', '.join(shapes)}; it loads without a mapping, as KIND {' or '.join(kinds)}"
    return {
        "found": [line],
        "shapes": shapes,
        "kinds": list(kinds),
        "about": None,
        "key": [],
        "columns": [],
        "mapping": None,
    }


def _found(path: Path, table: Table, known: list[Mapping], rows: list[Row | Reject], proposal: Proposal) -> list[str]:
    lines = [
        f"{path.name}: {table.described}, {len([h for h in table.headers if h])} columns, about {table.size} rows",
        *table.notes,
    ]
    if known:
        kinds = dict.fromkeys(kind for mapping in known for kind in mapping.kinds)
        shapes = ", ".join(mapping.shape for mapping in known)
        return [*lines, f"known shape: {shapes}; it loads without a mapping, as KIND {' or '.join(kinds)}"]
    lines.append("no known shape; the mapping below is a proposal to be corrected")
    accepted, refused = _tried(rows, table.headers, proposal)
    if accepted or refused:
        lines.append(f"by this mapping {accepted} of {accepted + refused} rows would load")
    if "key" not in proposal.mapping:
        lines.append("no column is a key: name one under «key» if it numbers the rows, else load with --source")
    return lines


def _tried(rows: list[Row | Reject], headers: list[str], proposal: Proposal) -> tuple[int, int]:
    """How many rows the proposed mapping accepts and refuses."""
    mapping = Mapping.model_validate(proposal.mapping)
    found = mapping.match(headers)
    if found is None:
        return 0, 0
    items = [*TableReader(mapping, found, "inspect").read(Table("", headers, iter(rows)), {})]
    accepted = sum(isinstance(item, Record) for item in items)
    return accepted, len(items) - accepted


def _column(header: str, rows: list[Row | Reject], proposal: Proposal) -> dict[str, str | None]:
    texts = (cell_text(row.cells.get(header)).strip() for row in rows if isinstance(row, Row))
    return {"header": header, "says": proposal.says.get(header), "example": next(filter(None, texts), "")[:_EXAMPLE]}


def _line(column: dict[str, str | None]) -> str:
    return f"  {column['header']}: {column['says'] or 'not recognised'} — for example «{column['example']}»"
