"""What is in a file, and a mapping proposed from its headers: ``ketnoi inspect``."""

from pathlib import Path
from typing import Any

import yaml

from loaders.mapping import shipped_mappings
from loaders.table_reading import Row, read_table
from loaders.values import cell_text
from ontology.model import Property, ontology
from ontology.text import fold

_SAMPLE = 20


def _known_headers() -> dict[str, str]:
    """Folded header → property, from the ontology's labels and column titles, and from the mappings that are shipped."""
    found: dict[str, str] = {}
    for mapping in shipped_mappings():
        for column, specs in mapping.columns.items():
            for spec in specs:
                if spec.property:
                    for header in mapping.accepted_headers(column):
                        found.setdefault(header, spec.property)
    for prop in ontology().properties.values():
        for text in (prop.name, *prop.labels.values(), *prop.synonyms):
            found.setdefault(fold(text), prop.name)
    return found


def _propose(header: str, known: dict[str, str]) -> Property | None:
    folded = fold(header)
    name = known.get(folded)
    if name is None:
        # the longest known header that stands inside this one as whole words
        inside = [text for text in known if len(text) > 3 and f" {text} " in f" {folded} "]
        name = known[max(inside, key=len)] if inside else None
    return ontology().properties[name] if name else None


def inspect_file(path: Path) -> dict[str, Any]:
    """What was found, as lines for people, and the text of a mapping for :func:`loaders.mapping.read_mapping` to be corrected.

    :raises loaders.table_reading.FileRefused: where the file is no table that can be read
    """
    known = _known_headers()
    matched = list(shipped_mappings())
    table = read_table(
        path,
        lambda headers: (
            any(m.match(headers) for m in matched) or sum(bool(_propose(h, known)) for h in headers if h) >= 2
        ),
    )
    rows = []
    for row in table.rows:
        if isinstance(row, Row):
            rows.append(row)
        if len(rows) == _SAMPLE:
            break
    shapes = [m.shape for m in matched if m.match(table.headers)]
    lines = [f"{path.name}: {table.format}, {len([h for h in table.headers if h])} columns, about {table.size} rows"]
    lines.append(
        f"known shape: {', '.join(shapes)}"
        if shapes
        else "no known shape; the mapping below is a proposal to be corrected"
    )
    columns: dict[str, Any] = {}
    for header in table.headers:
        if not header:
            continue
        example = next((text for row in rows if (text := cell_text(row.cells.get(header)).strip())), "")
        prop = _propose(header, known)
        lines.append(
            f"  {header}: {prop.labels.get('en', prop.name) if prop else 'not recognised'} — for example «{example[:60]}»"
        )
        if prop is not None:
            columns[header] = {"property": prop.name} | (
                {"class": prop.range} if prop.is_edge and prop.range != "Concept" else {}
            )
            if prop.name == "name" and not any("required" in spec for spec in columns.values()):
                columns[header]["required"] = True
    proposal = {
        "shape": fold(path.stem).replace(" ", "-") or "table",
        "kinds": ["enterprise"],
        "title": {"vi": path.stem, "en": path.stem},
        "language": "vi",
        "about": "Organization",
        "columns": columns or {"name": {"property": "name"}},
    }
    return {"found": lines, "shapes": shapes, "mapping": yaml.safe_dump(proposal, allow_unicode=True, sort_keys=False)}
