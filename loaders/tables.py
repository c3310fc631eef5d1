"""Reads a table by its mapping: rows in, records and rejects out."""

from collections.abc import Callable, Iterator
from collections.abc import Mapping as ReadOnly
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from pydantic import ValidationError

from loaders.bodies import split_title
from loaders.mapping import Column, Mapping, row_model
from loaders.readings import reading_of, seed
from loaders.table_reading import Row, Table
from loaders.values import cell_text
from ontology.model import LEVELS, ontology
from ontology.statement import ABOUT, Item, Mentions, ReadBefore, Reject, Remembered, is_concept, unique
from ontology.text import fold

Said = dict[str, list[list[str]]]
"""A row as its model gives it: column → for each thing that it says, canonical texts."""


_LONGEST_SHOWN = 32_000
"""Characters of a refused cell that are kept; a spreadsheet's cell holds 32,767."""


class TableReader:
    """Reads the rows of one shape from one source.

    :param mapping: the shape
    :param headers: canonical column → the file's header
    """

    def __init__(self, mapping: Mapping, headers: dict[str, str], source: str) -> None:
        self.mapping, self.headers, self.source = mapping, headers, source
        self._seed = seed(mapping.model_dump_json(), source)
        self._read_headers = [headers.get(name, "") for name in mapping.columns]  # no cell has an empty header
        self._model = row_model(mapping)
        self._fields = {name: f"c{at}" for at, name in enumerate(mapping.columns)}
        # what is made up stays marked in every node of its row
        self._marks = {"illustrative": "true"} if mapping.constants.get("illustrative") == "true" else {}
        self._about_edges = _flat_edges(mapping.edges)
        self._node_edges = {name: _flat_edges(node.edges) for name, node in mapping.nodes.items()}
        self._deciding = [
            (name, at, spec)
            for name, specs in mapping.columns.items()
            for at, spec in enumerate(specs)
            if spec.classes or spec.visibility
        ]
        self._body_columns = [
            (name, at, spec) for name, specs in mapping.columns.items() for at, spec in enumerate(specs) if spec.cls
        ]
        self._said_columns = [
            (name, at, spec, self._writer(spec))
            for name, specs in mapping.columns.items()
            for at, spec in enumerate(specs)
            if not spec.cls and (spec.property or spec.identifier or spec.contact)
        ]
        # a title before a person's name is taken off, unless a column of its own says it
        self._titled = not any(spec.property == "academicTitle" for specs in mapping.columns.values() for spec in specs)

    def read(self, table: Table, remembered: ReadOnly[str, Remembered]) -> Iterator[Item]:
        """The table's records and rejects, in its order. Identical rows are one record; of two
        rows with one key that say different things the later is refused.

        :param remembered: what readings gave before; may be filled until the first row is asked for
        """
        seen: dict[str, tuple[int, str]] = {}
        for row in table.rows:
            if isinstance(row, Reject):
                yield row
                continue
            item = self._item(row, remembered)
            if isinstance(item, Reject):
                yield replace(item, cells=_shown(row))
                continue
            mark = item.fingerprint()
            earlier = seen.setdefault(item.key, (item.line, mark))
            if earlier[1] == mark:
                yield item
            else:
                field = ", ".join(self.headers[column] for column in self.mapping.key)
                reason = f"has the key of line {earlier[0]}, but says something else"
                yield Reject(item.line, field, reason, item.key[:200], _shown(row))

    def _item(self, row: Row, remembered: ReadOnly[str, Remembered]) -> Any:
        """The row's record, or its reject; what was read alike before is not stated again."""
        reading = reading_of(self._seed, [row.cells.get(header) for header in self._read_headers])
        if known := remembered.get(reading):
            return ReadBefore(row.line, reading, known, partial(self._record, row))
        item = self._record(row)
        if not isinstance(item, Reject):
            item.reading = reading
        return item

    def _record(self, row: Row) -> Any:
        cells = {column: row.cells.get(header) for column, header in self.headers.items()}
        try:
            model = self._model.model_validate({name: cells.get(name) for name in self.mapping.columns})
        except ValidationError as error:
            found = [(str(one["loc"][0]), str(one["msg"]).removeprefix("Value error, ")) for one in error.errors()]
            (header, reason), *others = [(self.headers.get(column, column), reason) for column, reason in found]
            return Reject(row.line, header, reason, cell_text(cells.get(found[0][0]))[:200], others=tuple(others))
        values = model.__dict__
        said: Said = {name: values[field] for name, field in self._fields.items()}
        key = self._key(cells, said)
        if not key:
            return Reject(row.line, ", ".join(self.mapping.key), "has no key", "")
        return self._state(Mentions(self.source, key, row.line), said)

    def _key(self, cells: dict[str, Any], said: Said) -> str:
        if self.mapping.key:
            parts = [next((texts[0] for texts in said[column] if texts), "") for column in self.mapping.key]
            return "" if not any(parts) else "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)
        return "#" + "|".join(fold(_flat(cells.get(column))) for column in self.mapping.columns)

    def _state(self, mentions: Mentions, said: Said) -> Any:
        mapping = self.mapping
        classes = [mapping.about]
        for name, at, spec in self._deciding:
            if spec.classes and said[name][at]:
                classes = said[name][at]
            if spec.visibility and said[name][at]:
                mentions.record.visibility = max(said[name][at][0], mentions.record.visibility, key=LEVELS.index)
        targets: dict[str, list[str]] = {ABOUT: [mentions.mention(ABOUT, classes[0])]}
        for cls in (*classes[1:], *mapping.types):
            mentions.mention(ABOUT, cls)
        about = targets[ABOUT][0]
        for prop, value in mapping.constants.items():
            mentions.value(about, prop, value)
        for name, at, spec in self._body_columns:
            targets.setdefault(name, []).extend(self._body(mentions, name, spec, text) for text in said[name][at])
        each: dict[str, list[tuple[str, str]]] = {}
        for name, node in mapping.nodes.items():
            if all(any(said[column]) for column in node.when):
                bodies = targets.get(node.each, []) if node.each else [""]
                each[name] = [(mentions.mention(f"{name}/{body}" if body else name, node.cls), body) for body in bodies]
                targets[name] = [subject for subject, _ in each[name]]
        for name, _, spec in self._body_columns:
            if spec.property:
                for subject in targets.get(spec.of, ()):
                    for body in targets.get(name, ()):
                        mentions.edge(subject, spec.property, body)
        for name, at, spec, write in self._said_columns:
            for subject in targets.get(spec.of, ()):
                for text in said[name][at]:
                    write(mentions, subject, text)
        _state_edges(mentions, about, self._about_edges, targets)
        for name, made in each.items():
            self._node(mentions, name, made, targets, said)
        mentions.record.statements = list(unique(mentions.record.statements))
        return mentions.record

    def _node(
        self, mentions: Mentions, name: str, made: list[tuple[str, str]], targets: dict[str, list[str]], said: Said
    ) -> None:
        node = self.mapping.nodes[name]
        for subject, body in made:
            own = targets | {node.each: [body]} if node.each else targets
            _state_edges(mentions, subject, self._node_edges[name], own)
            for prop, column in node.values.items():
                for text in said[column][0]:
                    mentions.value(subject, prop, text)
            for prop, value in node.constants.items():
                mentions.value(subject, prop, value)
            for prop, value in self._marks.items():
                mentions.value(subject, prop, value)

    def _body(self, mentions: Mentions, column: str, spec: Column, text: str) -> str:
        assert spec.cls is not None
        title, name, folded = _person(text) if spec.cls == "Person" else ("", text, fold(text) or text)
        subject = mentions.mention(f"{column}/{folded}", spec.cls)
        if spec.identifier:
            mentions.identifier(subject, spec.identifier, text)
        else:
            mentions.value(subject, "name", name, self._language(spec))
        mentions.value(subject, "academicTitle", title)
        for prop, value in self._marks.items():
            mentions.value(subject, prop, value)
        return subject

    def _writer(self, spec: Column) -> Callable[[Mentions, str, str], None]:
        if spec.identifier:
            scheme = spec.identifier
            return lambda mentions, subject, text: mentions.identifier(subject, scheme, text)
        if spec.contact:
            kind = spec.contact
            return lambda mentions, subject, text: mentions.contact(subject, kind, text)
        assert spec.property is not None
        prop = ontology().properties[spec.property]
        if prop.is_edge:
            return lambda mentions, subject, text: mentions.edge(subject, prop.name, text)
        if prop.name == "name" and spec.of == ABOUT and ontology().is_a(self.mapping.about, "Person"):
            return lambda mentions, subject, text: self._person_name(mentions, subject, text, self._language(spec))
        language = self._language(spec) if prop.datatype and prop.datatype.endswith("langString") else None
        return lambda mentions, subject, text: mentions.value(subject, prop.name, text, language)

    def _person_name(self, mentions: Mentions, subject: str, text: str, language: str | None) -> None:
        title, name, _ = _person(text)
        mentions.value(subject, "name", name, language)
        if self._titled:
            mentions.value(subject, "academicTitle", title)

    def _language(self, spec: Column) -> str | None:
        language = spec.language or self.mapping.language
        return None if language == "none" else language


@lru_cache(maxsize=100_000)
def _person(text: str) -> tuple[str, str, str]:
    """Title, name, and the name folded."""
    title, name = split_title(text)
    return title, name, fold(name) or name


_Edges = list[tuple[str, str, bool]]
"""Property, target, and whether the target is a concept."""


def _flat_edges(edges: dict[str, str | tuple[str, ...]]) -> _Edges:
    return [(p, t, is_concept(t)) for p, to in edges.items() for t in ((to,) if isinstance(to, str) else to)]


def _state_edges(mentions: Mentions, subject: str, edges: _Edges, targets: dict[str, list[str]]) -> None:
    for prop, target, concept in edges:
        if concept:
            mentions.edge(subject, prop, target)
        else:
            for found in targets.get(target, ()):
                mentions.edge(subject, prop, found)


def _shown(row: Row) -> tuple[tuple[str, str], ...]:
    """All cells of a row that is refused, to be corrected and sent again."""
    return tuple((header, _flat(cell)[:_LONGEST_SHOWN]) for header, cell in row.cells.items() if header)


def _flat(cell: Any) -> str:
    return " ".join(map(cell_text, cell)) if isinstance(cell, list) else cell_text(cell)
