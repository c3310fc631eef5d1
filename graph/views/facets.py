"""What a search can be narrowed by: classes, regions, fields and sources, counted over all that was found.

Regions and fields are indexed with all that is broader, so that who narrows by a country gets its provinces too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

import tantivy

from ontology.model import ROOT
from ontology.schemes import schemes

FACETS: Mapping[str, str | None] = MappingProxyType(
    {"class": None, "region": "locatedIn", "field": "hasField", "source": None}
)
"""What may be narrowed by, with the property whose concepts it is; classes are types, sources those of the records."""
COUNTED = 15
"""Values of a facet that are told, the commonest."""

_BETWEEN = "\x1f"


def index_field(facet: str) -> str:
    """The field of the index that holds a facet's values, whole."""
    return f"facet_{facet}"


@lru_cache(maxsize=5_000)
def _with_broader(concept: str) -> tuple[str, ...]:
    return tuple(schemes().ancestors(concept))


def add_facets(document: tantivy.Document, classes: str, told: Mapping[str, str | None]) -> None:
    """Put what a node can be narrowed by into its document.

    :param classes: names with spaces between
    :param told: concepts by facet, and the sources, with ``\\x1f`` between
    """
    values = {"class": {name for name in classes.split(" ") if name != ROOT}}
    for facet, text in told.items():
        stated = text.split(_BETWEEN) if text else []
        values[facet] = {one for value in stated for one in (_with_broader(value) if FACETS[facet] else (value,))}
    for facet, found in values.items():
        for value in sorted(found):
            document.add_text(index_field(facet), value)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """By what a search is narrowed: for each facet the values of which one has to be there."""

    by: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.by.values())

    def query(self, schema: tantivy.Schema, query: tantivy.Query, besides: str | None = None) -> tantivy.Query:
        """A query narrowed; not by the facet ``besides``, whose other values are to be counted."""
        parts = [(tantivy.Occur.Must, query)]
        for facet, values in self.by.items():
            if values and facet != besides:
                wanted = tantivy.Query.term_set_query(schema, index_field(facet), list(values))
                # what narrows says nothing about how well a hit fits
                parts.append((tantivy.Occur.Must, tantivy.Query.const_score_query(wanted, 0.0)))
        return tantivy.Query.boolean_query(parts) if len(parts) > 1 else query


def counted(searcher: tantivy.Searcher, query: tantivy.Query, facet: str) -> tuple[tuple[str, int], ...]:
    """The commonest values of a facet among all that a query finds, each with how many nodes have it."""
    name = index_field(facet)
    said = searcher.aggregate(query, {name: {"terms": {"field": name, "size": COUNTED}}})
    return tuple((str(bucket["key"]), int(bucket["doc_count"])) for bucket in said[name]["buckets"])


def facet_columns() -> Iterator[str]:
    """SQL for the concepts of each facet that is a property, of a resolved table grouped by entity."""
    for facet, prop in FACETS.items():
        if prop:
            yield f"string_agg(DISTINCT object, chr(31) ORDER BY object) FILTER (property = '{prop}') AS facet_{facet}"


def facet_properties() -> Iterable[str]:
    """The properties whose concepts are facets."""
    return tuple(prop for prop in FACETS.values() if prop)
