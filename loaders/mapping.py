"""Table shapes as data: a mapping is a small YAML file that says what the columns of a table mean in the ontology.

::

    shape: listed-companies            # the shape's name; the source is KIND/shape where nobody names one
    kinds: [enterprise]                # under which KIND of ``ketnoi load`` it is recognised
    title: {vi: "…", en: "…"}
    source: ror                        # a register with one issuer, or the sender that the shape itself names (optional)
    licence: CC0-1.0                   # of the data (optional)
    key: [symbol]                      # columns of the record key; without them the table is always taken whole
    language: vi                       # of texts that have no language of their own
    about: Enterprise                  # class of the body that a row is about
    types: [Intermediary]              # classes that it has besides (optional)
    constants: {illustrative: "true"}  # values of every ``about`` (optional)
    edges: {approvedBy: authority}     # edges of ``about`` to nodes, bodies of a column, or concepts (scheme/…)
    columns:
      ten_don_vi:                      # a canonical header; others by which it goes are listed
        headers: [Tên đơn vị, Tên cơ quan]
        property: name                 # property of ``about``, or of the node or body column named in ``of``
        required: true
      linh_vuc: {property: hasField, scheme: ford/2015, split: ";"}      # a text that means a concept
      chu_tri: {property: hostedBy, class: Organization}                 # a body, named by the cell
      don_vi: {property: lead, class: Organization, bodies: true}        # several bodies in Vietnamese prose
      cong_nghe: {class: Technology, identifier: technology-code}        # a body that the cell names by its code
      ma_so_thue: {identifier: tax-code}                                 # an identifier of ``about``
      dien_thoai: {contact: telephone}                                   # a public contact point of ``about``
      kinh_phi: {property: budget, factor: 1000000}                      # amounts in million dong
      loai: {classes: {"Đại học": University}}                           # the class of ``about`` by the cell's text
      bao_mat: {visibility: {"Có": member}}                              # the record's mark
      thoi_gian: [{property: timing}, {property: deadline, reader: deadline, lenient: true}]
    nodes:                             # further nodes of a row
      nghiem_thu: {class: Acceptance, when: [ngay_nghiem_thu], edges: {accepts: ket_qua}}
      holding: {class: RightsHolding, each: firm, edges: {holder: firm, over: about, power: scheme/power/1/own}}

A node exists in a row where all columns in its ``when`` hold something; with ``each`` there is one for every body of that column.
An edge's target is ``about``, a node, a body column (all its bodies; in a node made for ``each`` of it, that one) or a concept.
A column's ``of`` may name a node or a body column. ``lenient`` leaves a text aside that is not understood, where the row's
text is kept by another property; elsewhere such a row is refused whole.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model, model_validator

from loaders.row_values import NAMED_READERS, column_reader
from ontology.errors import Explained
from ontology.model import LEVELS, ontology
from ontology.statement import ABOUT, is_concept
from ontology.text import fold
from ontology.yaml_reading import read_yaml


class MappingError(Explained, ValueError):
    """A mapping names what the ontology or the mapping itself does not have."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Column(_Strict):
    """What one column says; see the module's text."""

    headers: tuple[str, ...] = ()
    of: str = ABOUT
    property: str | None = None
    cls: str | None = Field(None, alias="class")
    identifier: str | None = None
    contact: str | None = None
    scheme: str | None = None
    open: bool = False
    classes: dict[str, str] | None = None
    visibility: dict[str, str] | None = None
    values: dict[str, str] | None = None
    split: str | None = None
    bodies: bool = False
    language: str | None = None
    factor: int = 1
    reader: str | None = None
    lenient: bool = False
    required: bool = False
    pattern: str | None = None


class Node(_Strict):
    """A further node of a row."""

    cls: str = Field(alias="class")
    when: tuple[str, ...] = ()
    each: str | None = None
    edges: dict[str, str | tuple[str, ...]] = {}
    values: dict[str, str] = {}
    constants: dict[str, str] = {}


class Mapping(_Strict):
    """A table shape. Columns may say several things each; they are kept as (header, things)."""

    shape: str
    kinds: tuple[str, ...]
    title: dict[str, str]
    source: str | None = None
    licence: str | None = None
    key: tuple[str, ...] = ()
    language: str | None = None
    about: str
    types: tuple[str, ...] = ()
    constants: dict[str, str] = {}
    edges: dict[str, str | tuple[str, ...]] = {}
    columns: dict[str, tuple[Column, ...]]
    nodes: dict[str, Node] = {}

    @model_validator(mode="before")
    @classmethod
    def _one_is_many(cls, data: Any) -> Any:
        columns = data.get("columns") or {}
        return data | {
            "columns": {name: spec if isinstance(spec, list) else [spec or {}] for name, spec in columns.items()}
        }

    @model_validator(mode="after")
    def _check(self) -> "Mapping":
        known = ontology()
        classes = [self.about, *self.types, *(node.cls for node in self.nodes.values())]
        properties = [*self.constants, *self.edges]
        for specs in self.columns.values():
            for spec in specs:
                classes += [spec.cls] if spec.cls else []
                classes += list((spec.classes or {}).values())
                properties += [spec.property] if spec.property else []
                if spec.of not in (ABOUT, *self.nodes, *self.columns):
                    raise ValueError(f"{self.shape}: «of: {spec.of}» is neither a node nor a column")
                if set((spec.visibility or {}).values()) - set(LEVELS):
                    raise ValueError(f"{self.shape}: unknown visibility")
        for node in self.nodes.values():
            properties += [*node.edges, *node.values, *node.constants]
            if {*node.when, *node.values.values(), *([node.each] if node.each else [])} - set(self.columns):
                raise ValueError(f"{self.shape}: a node names a column that there is not")
        if unknown := (set(classes) - set(known.classes)) | (set(properties) - set(known.properties)):
            raise ValueError(f"{self.shape}: the ontology has no {sorted(unknown)}")
        if missing := set(self.key) - set(self.columns):
            raise ValueError(f"{self.shape}: the key names {sorted(missing)}, which are no columns")
        self._check_edges()
        for name, specs in self.columns.items():
            for spec in specs:
                self._check_column(name, spec)
        return self

    def _check_edges(self) -> None:
        bodies = {name for name, specs in self.columns.items() if any(spec.cls for spec in specs)}
        for edges in (self.edges, *(node.edges for node in self.nodes.values())):
            for prop, to in edges.items():
                for target in (to,) if isinstance(to, str) else to:
                    if not is_concept(target) and target not in {ABOUT, *self.nodes, *bodies}:
                        raise ValueError(f"{self.shape}: {prop} leads to {target}, which is no node, body or concept")
        for name, node in self.nodes.items():
            if node.each and node.each not in bodies:
                raise ValueError(f"{self.shape}: {name} is made for each of {node.each}, which names no bodies")

    def _check_column(self, name: str, spec: Column) -> None:
        prop = ontology().properties.get(spec.property or "")
        # a text that is written where a body or a concept belongs would be an edge to nowhere
        if prop and prop.is_edge != bool(spec.cls or spec.scheme or (prop.is_edge and spec.values)):
            raise ValueError(f"{self.shape}: {name} and its property {prop.name} don't go together")
        if spec.reader and spec.reader not in NAMED_READERS:
            raise ValueError(f"{self.shape}: {name} has the reader {spec.reader}, which there is not")
        for field, pattern in (("pattern", spec.pattern), ("split", spec.split)):
            try:
                re.compile(pattern or "")
            except re.error as error:
                raise ValueError(f"{self.shape}: {field} of {name} is no regular expression: {error}") from None

    def accepted_headers(self, column: str) -> set[str]:
        """Folded headers by which a column goes."""
        return {fold(column), *(fold(header) for spec in self.columns[column] for header in spec.headers)}

    def match(self, headers: Iterable[str]) -> dict[str, str] | None:
        """Canonical column → the file's header; ``None`` where a required or key column is missing, or fewer than half are there."""
        by_text = {fold(header): header for header in reversed(list(headers)) if header}
        found: dict[str, str] = {}
        for column, specs in self.columns.items():
            header = next(
                (by_text[text] for text in (fold(column), *map(fold, specs[0].headers)) if text in by_text), None
            )
            if header is not None:
                found[column] = header
            elif column in self.key or any(spec.required for spec in specs):
                return None
        return found if 2 * len(found) >= len(self.columns) else None


def read_mapping(path: Path) -> Mapping:
    """Read a mapping.

    :raises MappingError: where it is no YAML, or names what there is not
    """
    try:
        return Mapping.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise MappingError(f"{path.name}: {error}") from None


@cache
def _shipped() -> tuple[tuple[Mapping, Path], ...]:
    return tuple((read_mapping(path), path) for path in sorted((Path(__file__).parent / "tables").glob("*.yaml")))


@cache
def shipped_mappings() -> tuple[Mapping, ...]:
    """The mappings in ``loaders/tables``."""
    return tuple(mapping for mapping, _ in _shipped())


def mapping_text(mapping: Mapping) -> str:
    """The YAML of a shipped mapping, as it is."""
    return next(path.read_text(encoding="utf-8") for shipped, path in _shipped() if shipped is mapping)


def row_model(mapping: Mapping) -> type[BaseModel]:
    """The pydantic model of a row, computed from mapping and ontology.

    A field holds, for each thing that the column says, a list of canonical texts.
    """
    fields: dict[str, Any] = {
        f"c{at}": (Annotated[list[list[str]], BeforeValidator(column_reader(name, specs))], Field(alias=name))
        for at, (name, specs) in enumerate(mapping.columns.items())
    }
    return create_model(
        f"Row_{mapping.shape.replace('-', '_')}", __config__=ConfigDict(populate_by_name=True), **fields
    )
