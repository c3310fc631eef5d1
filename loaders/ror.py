"""ROR records in JSON, schema versions 1 and 2, also mixed in one file (https://ror.readme.io/docs/data-structure)."""

import json
from collections.abc import Iterator
from typing import Any

from loaders.table_reading import shown
from loaders.values import read_uri, read_year
from ontology.schemes import schemes
from ontology.statement import ABOUT, Item, Mentions, Reject

SHAPE, SOURCE, LICENCE = "ror", "ror", "CC0-1.0"
CLASSES = {
    "education": "University",
    "company": "Enterprise",
    "government": "PublicAuthority",
    "nonprofit": "Association",
    "facility": "ResearchInstitute",
    "healthcare": "Organization",
    "archive": "Organization",
    "other": "Organization",
    "funder": "Organization",
}
_PLACES = "place/2025"


def recognises(objects: list[Any]) -> bool:
    """Whether a JSON file's objects are ROR records."""
    return any(
        isinstance(item, dict) and str(item.get("id", "")).startswith("https://ror.org/") for item in objects[:100]
    )


def read(objects: list[Any], source: str) -> Iterator[Item]:
    """Records and rejects of ROR objects."""
    seen: dict[str, int] = {}
    for line, item in enumerate(objects, 1):
        identifier = item.get("id") if isinstance(item, dict) else None
        if not isinstance(identifier, str) or not identifier.startswith("https://ror.org/"):
            yield Reject(line, "id", "is no ROR id", shown(item))
        elif seen.setdefault(identifier, line) != line:
            yield Reject(line, "id", f"has the key of line {seen[identifier]}", identifier)
        else:
            try:
                json.dumps(item, ensure_ascii=False).encode()  # half of a character can't be written
                yield _record(item, identifier, line, source)
            except (LookupError, TypeError, AttributeError, ValueError, RecursionError) as error:
                yield Reject(line, "", f"is no ROR record: {error!r}", identifier)


def _record(item: dict[str, Any], identifier: str, line: int, source: str) -> Any:
    mentions = Mentions(source, identifier, line)
    kinds = [str(kind).casefold() for kind in item.get("types") or []]
    # a university that also funds is a university: the class that says most comes first
    classes = sorted(
        {CLASSES.get(kind, "Organization") for kind in kinds} or {"Organization"},
        key=lambda name: name == "Organization",
    )
    about = mentions.mention(ABOUT, classes[0])
    for cls in classes[1:]:
        mentions.mention(ABOUT, cls)
    mentions.identifier(about, "ror", identifier.rsplit("/", 1)[-1])
    names, homepages, identifiers, places, country = _version_2(item) if "names" in item else _version_1(item)
    shown: set[str | None] = set()
    for kind, text, language in names:
        if kind == "acronym":
            mentions.value(about, "acronym", text)
        elif kind == "name" and language not in shown:
            shown.add(language)
            mentions.value(about, "name", text, language)
        else:
            mentions.value(about, "alternativeName", text, language)
    for scheme, value in identifiers:
        mentions.identifier(about, scheme, value)
    for link in homepages:
        try:
            mentions.value(about, "homepage", read_uri(link))
        except ValueError:
            continue
    if item.get("established"):
        mentions.value(about, "founded", read_year(str(item["established"])))
    mentions.value(about, "country", country)
    for place in places:
        mentions.value(about, "locality", place)
    for place in places[:1]:
        found = schemes().find(_PLACES, place) if country == "VN" else None
        if found:
            mentions.edge(about, "locatedIn", found)
    withdrawn = item.get("status") == "withdrawn"
    for relation in item.get("relationships") or []:
        kind = str(relation.get("type", "")).casefold()
        # a successor of a record that is in force is a later body; that of a withdrawn one is the same body's other record
        edge = "unitOf" if kind == "parent" else "withdrawnFor" if kind == "successor" and withdrawn else None
        if edge and str(relation.get("id", "")).startswith("https://ror.org/"):
            other = mentions.mention(f"{kind}/{relation['id']}", "Organization")
            mentions.identifier(other, "ror", relation["id"].rsplit("/", 1)[-1])
            mentions.value(other, "name", relation.get("label"), "en")
            mentions.edge(about, edge, other)
    return mentions.record


_Names = list[tuple[str, str, str | None]]
_Parts = tuple[_Names, list[str], list[tuple[str, str]], list[str], str]


def _version_2(item: dict[str, Any]) -> _Parts:
    def rank(name: dict[str, Any]) -> int:
        return 0 if "ror_display" in name["types"] else 1 if "label" in name["types"] else 2

    names: _Names = []
    for name in sorted(item["names"], key=rank):
        kind = (
            "acronym"
            if "acronym" in name["types"]
            else "alias"
            if "alias" in name["types"] and rank(name) == 2
            else "name"
        )
        names.append((kind, name["value"], name.get("lang")))
    links = [link["value"] for link in item.get("links") or [] if link.get("type") == "website"]
    identifiers = [
        (str(entry["type"]), entry.get("preferred") or entry["all"][0])
        for entry in item.get("external_ids") or []
        if entry.get("preferred") or entry.get("all")
    ]
    details = [place.get("geonames_details") or {} for place in item.get("locations") or []]
    places = [text for place in details for text in (place.get("name"), place.get("country_subdivision_name")) if text]
    country = next((place["country_code"] for place in details if place.get("country_code")), "")
    return names, links, identifiers, places, country


def _version_1(item: dict[str, Any]) -> _Parts:
    names: _Names = [("name", item["name"], "en")]
    names += [("name", label["label"], label.get("iso639")) for label in item.get("labels") or []]
    names += [("alias", alias, None) for alias in item.get("aliases") or []]
    names += [("acronym", acronym, None) for acronym in item.get("acronyms") or []]
    identifiers = []
    for scheme, entry in (item.get("external_ids") or {}).items():
        every = entry.get("all")
        value = entry.get("preferred") or (every[0] if isinstance(every, list) and every else every)
        if value:
            identifiers.append((scheme.casefold(), str(value)))
    places = [text for place in item.get("addresses") or [] for text in (place.get("city"), _region(place)) if text]
    return names, item.get("links") or [], identifiers, places, (item.get("country") or {}).get("country_code", "")


def _region(address: dict[str, Any]) -> str | None:
    region = (address.get("geonames_city") or {}).get("geonames_admin1") or {}
    return region.get("name")
