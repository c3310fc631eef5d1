"""A mapping proposed from a table that nobody knows: what its rows are about, and what each column says."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from loaders.column_choices import AS_PROPOSED, NAME, Corrections, chosen
from loaders.column_proposal import Cells, Proposed, propose_column
from loaders.formats.table import Row
from loaders.header_terms import (
    CLASS,
    IDENTIFIER,
    PROPERTY,
    Meaning,
    factor_of,
    is_english,
    is_name,
    is_vietnamese,
    known_terms,
    language_of,
    meanings,
    without_language,
)
from loaders.usual import identified_family, usual_kinds
from loaders.values import cell_text
from ontology.model import ROOT, ontology
from ontology.text import fold

_FALLBACK = "Organization"


@dataclass(slots=True)
class Proposal:
    """A proposed mapping as its YAML has it, and for each header what it is taken for, if for anything."""

    mapping: dict[str, Any]
    says: dict[str, str] = field(default_factory=dict)


def recognised(headers: Sequence[str]) -> int:
    """How many headers may mean something."""
    return sum(bool(header and (meanings(header) or is_name(header))) for header in headers)


def propose(
    name: str,
    headers: Sequence[str],
    rows: Sequence[Row],
    titles: Sequence[str],
    said: Corrections = AS_PROPOSED,
) -> Proposal:
    """Propose a mapping.

    :param name: of the file, without its ending
    :param rows: as many as there are; whether a column is a key is seen by all of them
    :param titles: what stands above the header
    :param said: what somebody says of it
    """
    columns = _columns(headers, rows, titles)
    found = {cells.header: meanings(cells.header) for cells in columns}
    about = said.about or _about(found, [name, *titles])
    told = [cells for cells in columns if cells.header in said.columns]
    naming = next((cells.header for cells in told if said.columns[cells.header] == NAME), None) or _naming(
        about, [cells for cells in columns if cells not in told], found
    )
    proposed = _chosen(about, [cells for cells in columns if cells not in told], found, naming)
    corrected = {cells.header: chosen(about, cells, said.columns[cells.header]) for cells in told}
    says = proposed | {header: one for header, one in corrected.items() if one is not None}
    chosen_columns = {cells.header: says[cells.header] for cells in columns if cells.header in says}
    key = _key(columns, chosen_columns) if said.key is None else [one for one in said.key if one in chosen_columns]
    nodes = {node[0]: node[1] for proposed in chosen_columns.values() if (node := proposed.node)}
    written = {
        header: _written(proposed, header in key or header == naming) for header, proposed in chosen_columns.items()
    }
    mapping: dict[str, Any] = {
        "shape": fold(name).replace(" ", "-") or "table",
        "kinds": list(usual_kinds(about)),
        "title": {"vi": titles[0] if titles else name, "en": name},
        **({"key": key} if key else {}),
        "language": _language(headers, rows, naming),
        "about": about,
        "columns": written or {"name": {"property": "name"}},
        **({"nodes": nodes} if nodes else {}),
    }
    return Proposal(mapping, {header: proposed.says for header, proposed in chosen_columns.items()})


def _columns(headers: Sequence[str], rows: Sequence[Row], titles: Sequence[str]) -> list[Cells]:
    """Each column once: of two with one header the first counts when the table is read."""
    factor = next((factor for title in titles if (factor := factor_of(title))), 1)
    once = {fold(header): header for header in reversed([header for header in headers if header])}
    return [
        Cells(header, [row.cells.get(header) for row in rows], factor)
        for header in headers
        if header and once[fold(header)] == header
    ]


def _about(found: Mapping[str, list[Meaning]], titles: Sequence[str]) -> str:
    """The class that the rows are about: whose names a column holds, whose code, whose properties, what the title says."""
    known = ontology()
    own: dict[str, float] = defaultdict(float)
    candidates: dict[str, float] = defaultdict(float)
    for ways in found.values():
        classes: dict[str, float] = {}
        for meaning in ways:
            kind, name = meaning.term.kind, meaning.term.name
            if kind == CLASS:
                classes[name] = max(classes.get(name, 0), (4.0 if meaning.named else 1.5) * meaning.fit)
            elif kind == IDENTIFIER and (kin := identified_family(name)) is not None and meaning.fit >= 0.7:
                classes[kin] = max(classes.get(kin, 0), 2.0)
            elif kind == PROPERTY and meaning is ways[0] and (domain := known.properties[name].domain) != ROOT:
                own[domain] += meaning.fit
        for name, weight in classes.items():
            candidates[name] += weight
    for title in titles:
        for name in _classes_in(title):
            candidates[name] += 1.0
    for name, weight in candidates.items():
        own[name] += weight
    names = candidates or own
    return max(
        names,
        key=lambda name: (
            sum(own[above] for above in known.classes[name].types if above != ROOT),
            -len(known.classes[name].types),
        ),
        default=_FALLBACK,
    )


def _classes_in(title: str) -> set[str]:
    """The classes that a title speaks of; of two wordings, one within the other, the longer counts."""
    singular = re.sub(r"(?<=[a-z]{3})s\b", "", fold(title))
    words = f" {fold(title)} {singular} "
    inside = [text for text in known_terms() if f" {text} " in words and len(text) > 3]
    longest = [text for text in inside if not any(text != other and f" {text} " in f" {other} " for other in inside)]
    return {term.name for text in longest for term in known_terms()[text] if term.kind == CLASS}


def _naming(about: str, columns: Sequence[Cells], found: Mapping[str, list[Meaning]]) -> str | None:
    """The column with the names of what the rows are about."""
    best: tuple[float, str | None] = (0.0, None)
    for cells in columns:
        score = 3.0 if is_name(cells.header) else 0.0
        for meaning in found[cells.header]:
            if meaning.term.kind == CLASS and _is_kin(about, meaning.term.name):
                score = max(score, (5.0 if meaning.named else 2.0) * meaning.fit + (about == meaning.term.name))
            elif meaning.term.name == "name":
                score = max(score, 3.0 * meaning.fit)
            elif meaning.fit == 1 and meaning.term.kind == PROPERTY and score < 5:
                score = min(score, 1.0)  # word for word something else
        if score > best[0] and cells.filled and language_of(cells.header) is None:
            best = (score, cells.header)
    return best[1]


def _is_kin(about: str, cls: str) -> bool:
    return ontology().is_a(about, cls) or ontology().is_a(cls, about)


def _chosen(
    about: str, columns: Sequence[Cells], found: Mapping[str, list[Meaning]], naming: str | None
) -> dict[str, Proposed]:
    """What each column says. A property with one value is said by the column that fits it best."""
    proposals: dict[str, Proposed] = {}
    for cells in columns:
        if cells.header == naming:
            proposed: Proposed | None = Proposed([{"property": "name"}], "name", 2.0, ("name", ""))
        elif (language := language_of(cells.header)) and _is_name_in_language(about, cells.header):
            spec = {"property": "name", "language": language}
            proposed = Proposed([spec], f"name ({language})", 1.0, ("name", language))
        else:
            proposed = propose_column(about, cells, found[cells.header]) if found[cells.header] else None
        if proposed is not None and cells.filled:
            proposals[cells.header] = proposed
    taken: dict[tuple[str, ...], str] = {}
    for header, proposed in sorted(proposals.items(), key=lambda pair: -pair[1].fit):
        if proposed.takes and taken.setdefault(proposed.takes, header) != header:
            del proposals[header]
    return proposals


def _is_name_in_language(about: str, header: str) -> bool:
    rest = without_language(header)
    return is_name(rest) or any(
        meaning.term.kind == CLASS and meaning.named and _is_kin(about, meaning.term.name) for meaning in meanings(rest)
    )


def _key(columns: Sequence[Cells], chosen: Mapping[str, Proposed]) -> list[str]:
    """The column of codes or numbers that is filled in every row and never twice the same; none where there is no such."""
    for wanted in ("-code", "", None):
        for cells in columns:
            specs = chosen[cells.header].specs if cells.header in chosen else []
            scheme = next((spec["identifier"] for spec in specs if "identifier" in spec), None)
            is_code = (
                scheme is not None and scheme.endswith(wanted)
                if wanted is not None
                else any(spec.get("property") == "number" for spec in specs)
            )
            texts = [fold(cell_text(value)) for value in cells.values]
            if is_code and texts and all(texts) and len(set(texts)) == len(texts):
                return [cells.header]
    return []


def _written(proposed: Proposed, required: bool) -> Any:
    specs = [dict(spec) for spec in proposed.specs]
    if required:
        specs[0]["required"] = True
    return specs[0] if len(specs) == 1 else specs


def _language(headers: Sequence[str], rows: Sequence[Row], naming: str | None) -> str:
    """Vietnamese, unless neither headers nor names have a Vietnamese letter and the headers are English."""
    texts = [*headers, *(cell_text(row.cells.get(naming)) for row in rows[:200] if naming)]
    return "vi" if any(map(is_vietnamese, texts)) or not is_english(headers) else "en"
