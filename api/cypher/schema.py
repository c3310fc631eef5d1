"""``/cypher/schema``: what a query can name, computed from the ontology, with how much of it there is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ontology.model import Ontology, Property

COUNTS = (
    "MATCH (n) UNWIND labels(n) AS label RETURN 'label' AS what, label AS name, count(*) AS count "
    "UNION ALL MATCH ()-[r]->() RETURN 'type' AS what, type(r) AS name, count(*) AS count "
    "UNION ALL MATCH (n) UNWIND keys(n) AS key RETURN 'key' AS what, key AS name, count(*) AS count"
)
"""Nodes by label, relationships by type, nodes by key."""


def describe(ontology: Ontology, counted: Iterable[tuple[str, str, int]], snapshot: str) -> dict[str, Any]:
    """The schema as a document: labels, relationship types with their ends, keys.

    :param counted: what, name and number, as :data:`COUNTS` gives them
    """
    counts: dict[str, Counter[str]] = {"label": Counter(), "type": Counter(), "key": Counter()}
    for what, name, count in counted:
        counts[what][name] += count
    public = [prop for prop in ontology.properties.values() if prop.visibility == "public"]
    return {
        "labels": [
            {
                "name": one.name,
                "label": dict(one.labels),
                "above": list(one.ancestors),
                "count": counts["label"][one.name],
            }
            for one in ontology.classes.values()
        ],
        "types": [
            {
                "name": prop.relationship_type,
                "property": prop.name,
                "label": dict(prop.labels),
                "from": prop.domain,
                "to": prop.range,
                "count": counts["type"][prop.relationship_type],
            }
            for prop in public
            if prop.is_edge
        ],
        "keys": sorted(_keys(public, counts["key"]), key=lambda key: str(key["name"])),
        "snapshot": snapshot,
    }


def _keys(public: Iterable[Property], counts: Mapping[str, int]) -> Iterable[dict[str, Any]]:
    """The keys of nodes; of a property with languages those that are there, in each."""
    yield _key("id", None, counts["id"])
    yield _key("sources", None, counts["sources"])
    for prop in public:
        if prop.is_edge:
            continue
        names = [prop.name]
        if prop.per_language:
            names = sorted(name for name in counts if name == prop.name or name.startswith(f"{prop.name}_"))
        for name in names:
            yield _key(name, prop, counts[name])


def _key(name: str, prop: Property | None, count: int) -> dict[str, Any]:
    return {
        "name": name,
        "property": prop.name if prop else None,
        "label": dict(prop.labels) if prop else {},
        "of": prop.domain if prop else "Entity",
        "datatype": prop.datatype.rpartition("#")[2] if prop and prop.datatype else "string",
        "several": not prop.single if prop else name == "sources",
        "count": count,
    }
