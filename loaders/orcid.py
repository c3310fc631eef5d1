"""ORCID records, as XML and as the public API's JSON, message versions 2 and 3 (https://info.orcid.org/documentation/integration-guide).

Of each item only what its owner made public is read. Electronic addresses of persons need a consent, which no record of ORCID's holds.
Education, distinctions, works and fundings are left aside: the ontology has no place for what a person alone claims of them.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from loaders.hardened_xml import elements, local_name, namespace, text_of
from loaders.json_records import Json, json_items, part, parts, read_keyed, text
from loaders.partial_days import first_day, last_day
from loaders.stating import (
    person_names,
    state_country,
    state_identifiers,
    state_names,
    state_own_identifier,
    state_stay,
)
from ontology.identifiers import canonical, fits
from ontology.schemes import schemes
from ontology.statement import ABOUT, Item, Mentions
from ontology.text import fold

SHAPE, SOURCE, LICENCE = "orcid", "orcid", "CC0-1.0"
_NAMESPACE = "http://www.orcid.org/ns/record"
_STAYS = ("employment", "invited-position", "membership", "service")
_EXTERNAL = {"scopus author id": "scopus-author", "researcherid": "researcher-id", "isni": "isni"}
_GRID = re.compile(r"grid\.[0-9]+\.[0-9a-f]+")


def recognises_xml(root: str) -> bool:
    """Whether the outermost element of an XML file is a record of ORCID's."""
    return local_name(root) == "record" and namespace(root).startswith(_NAMESPACE)


def recognises_json(item: Json) -> bool:
    """Whether the first object of a JSON file is a record of ORCID's."""
    return isinstance(item.get("orcid-identifier"), dict)


def read_xml(path: Path, source: str) -> Iterator[Item]:
    """The record of an XML file."""
    return _read(((found.line, _as_json(found.element)) for found in elements(path, frozenset(["record"]))), source)


def read_json(path: Path, source: str) -> Iterator[Item]:
    """The records of a JSON file: one, an array, or one a line."""
    return _read(json_items(path), source)


def _read(items: Iterator[Any], source: str) -> Iterator[Item]:
    return read_keyed(items, source, "orcid-identifier", _key, _state)


def _as_json(element: Element) -> Any:
    """An element as the JSON of the API has it; what may come several times is an array wherever it does."""
    if not len(element):
        return text_of(element) if not element.attrib else dict(element.attrib) | {"content": text_of(element)}
    found: dict[str, Any] = dict(element.attrib)
    for child in element:
        name, value = local_name(child.tag), _as_json(child)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    return found


def _key(record: Json) -> str | None:
    identifier = part(record.get("orcid-identifier") or None, "orcid-identifier")
    value = canonical("orcid", text(identifier.get("path") or identifier.get("uri"), "orcid-identifier").strip("/"))
    return value if fits("orcid", value) else None


def _state(mentions: Mentions, record: Json) -> None:
    about = mentions.mention(ABOUT, "Person")
    state_own_identifier(mentions, about, "orcid", _key(record), "orcid-identifier")
    person = part(record.get("person") or None, "person")
    state_names(mentions, about, _names(person))
    biography = _public(person.get("biography"))
    for one in biography[:1]:
        mentions.value(about, "description", _value(one.get("content"), "biography"))
    for one in _public(_items(person, "external-identifiers", "external-identifier")):
        scheme = _EXTERNAL.get(_value(one.get("external-id-type"), "external-id-type").casefold())
        if scheme:
            state_identifiers(mentions, about, [(scheme, _value(one.get("external-id-value"), "external-id-value"))])
    for one in _public(_items(person, "addresses", "address"))[:1]:
        state_country(mentions, about, _value(one.get("country"), "country"))
    for one in _public(_items(person, "keywords", "keyword")):
        field = schemes().find("ford/2015", _value(one.get("content"), "keyword"), strict=True)
        if field:
            mentions.edge(about, "hasField", field)
    activities = part(record.get("activities-summary") or None, "activities-summary")
    for kind in _STAYS:
        for one in _public(list(_summaries(activities, kind))):
            _state_stay(mentions, about, one)


def _names(person: Json) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for name in _public(person.get("name")):
        given, family, shown = (
            _value(name.get(field), field) for field in ("given-names", "family-name", "credit-name")
        )
        found += person_names(given, family, shown)
    others = _public(_items(person, "other-names", "other-name"))
    return found + [(_value(one.get("content"), "other-name"), None) for one in others]


def _items(parent: Json, container: str, name: str) -> Any:
    return part(parent.get(container) or None, container).get(name)


def _public(items: Any) -> list[Json]:
    """The items that everybody may see, in the order that their owner gave them."""
    listed = parts(items if isinstance(items, list) else [items] if items else [], "person")
    shown = [item for item in listed if text(item.get("visibility"), "visibility").casefold() == "public"]
    return sorted(shown, key=lambda item: -int(item.get("display-index") or 0))


def _value(value: Any, field: str) -> str:
    """A text, which the API puts into an object of its own."""
    return text(value.get("value", value.get("content")) if isinstance(value, dict) else value, field)


def _summaries(node: Any, kind: str) -> Iterator[Json]:
    """Affiliations of a kind, which versions group in different ways."""
    if isinstance(node, list):
        for item in node:
            yield from _summaries(item, kind)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == f"{kind}-summary":
                yield from (item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict))
            elif key in (f"{kind}s", "affiliation-group", "summaries"):
                yield from _summaries(value, kind)


def _state_stay(mentions: Mentions, person: str, stay: Json) -> None:
    organization = part(stay.get("organization"), "organization")
    name = _value(organization.get("name"), "organization")
    if not name:
        return
    body = mentions.mention(f"Organization/{fold(name) or name}", "Organization")
    state_names(mentions, body, [(name, None)])
    known = part(organization.get("disambiguated-organization") or None, "disambiguated-organization")
    state_identifiers(mentions, body, _identifiers(known))
    address = part(organization.get("address") or None, "address")
    state_country(mentions, body, _value(address.get("country"), "country"), _value(address.get("city"), "city"))
    title, part_of = (_value(stay.get(field), field) for field in ("role-title", "department-name"))
    begin, end = _day(stay.get("start-date")), _day(stay.get("end-date"))
    state_stay(mentions, person, body, first_day(begin), last_day(end), title, part_of)


def _identifiers(known: Json) -> Iterator[tuple[str, str]]:
    value = _value(known.get("disambiguated-organization-identifier"), "disambiguated-organization-identifier")
    source = _value(known.get("disambiguation-source"), "disambiguation-source").upper()
    if "ror.org/" in value:
        yield "ror", value
    elif "10.13039/" in value:
        yield "fundref", value.rpartition("10.13039/")[2]
    elif source == "GRID" and _GRID.fullmatch(value):
        yield "grid", value
    elif source == "LEI":
        yield "lei", value


def _day(value: Any) -> str:
    """Year, month and day, as far as they are given."""
    day = part(value or None, "date")
    given = [_value(day.get(field), field).zfill(2) for field in ("year", "month", "day") if day.get(field)]
    return "-".join(given)
