"""Legal entities of GLEIF as JSON: the API's JSON:API form and the golden copy's (https://www.gleif.org/en/lei-data/gleif-api)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loaders.json_records import Json, json_items, part, read_keyed, text
from loaders.stating import Name, state_country, state_identifiers, state_names, state_own_identifier
from ontology.identifiers import fits
from ontology.schemes import schemes
from ontology.statement import ABOUT, Item, Mentions

SHAPE, SOURCE, LICENCE = "gleif-json", "gleif", "CC0-1.0"
_CLASSES = {
    "FUND": "Fund",
    "RESIDENT_GOVERNMENT_ENTITY": "PublicAuthority",
    "INTERNATIONAL_ORGANIZATION": "Organization",
}


def recognises(item: Json) -> bool:
    """Whether the first object of a JSON file is a legal entity of GLEIF."""
    return item.get("type") == "lei-records" or {"LEI", "Entity"} <= set(item)


def read(path: Path, source: str) -> Iterator[Item]:
    """Records and rejects of a file."""
    return read_keyed(json_items(path), source, "LEI", _key, _state)


def _plain(node: Any) -> Any:
    """The golden copy's nodes (``{"$": text, "@xml:lang": …}``, capitals) in the words of the API, without depth beyond what is known."""
    if isinstance(node, list):
        return [_plain(one) for one in node]
    if not isinstance(node, dict):
        return node
    if "$" in node:
        language = node.get("@xml:lang")
        kind = node.get("@type")
        return {"name": node["$"], "language": language, "type": kind} if language or kind else node["$"]
    return {_lower(key): _plain(value) for key, value in node.items()}


def _lower(key: str) -> str:
    return key.casefold() if key.isupper() else key[:1].lower() + key[1:]


def _key(item: Json) -> str | None:
    record = item["attributes"] if isinstance(item.get("attributes"), dict) else item
    value = text(_plain(record.get("lei", record.get("LEI"))), "LEI")
    return value if fits("lei", value) else None


def _state(mentions: Mentions, item: Json) -> None:
    record = _plain(item["attributes"] if isinstance(item.get("attributes"), dict) else item)
    entity = part(record.get("entity"), "Entity")
    category = text(entity.get("category") or entity.get("entityCategory"), "EntityCategory")
    about = mentions.mention(ABOUT, _CLASSES.get(category, "Enterprise"))
    state_own_identifier(mentions, about, "lei", _key(item), "LEI")
    state_names(mentions, about, [_name(entity.get("legalName")), *_others(entity, names=True)])
    for name, language in _others(entity, names=False):
        mentions.value(about, "alternativeName", name, language)
    address = part(entity.get("legalAddress"), "LegalAddress")
    country, city, region = (text(address.get(field), field) for field in ("country", "city", "region"))
    state_country(mentions, about, country, region if schemes().find("place/2025", region) else city)
    mentions.value(about, "address", ", ".join(_lines(address)))
    created = text(entity.get("creationDate") or entity.get("entityCreationDate"), "EntityCreationDate")
    mentions.value(about, "founded", _year(created))
    expired = entity.get("entityExpirationDate") or part(entity.get("expiration"), "expiration").get("date")
    mentions.value(about, "dissolved", _year(text(expired, "EntityExpirationDate")))
    if country == "VN":
        # in Viet Nam the number in the register of enterprises is the tax code
        authority = part(entity.get("registrationAuthority"), "RegistrationAuthority")
        number = entity.get("registeredAs") or authority.get("registrationAuthorityEntityID")
        state_identifiers(mentions, about, [("tax-code", text(number, "registeredAs"))])


_NAMES_TOO = "ALTERNATIVE_LANGUAGE_LEGAL_NAME"
"""The type of names that are the legal one in another language; the others are former, traded under, or transliterated."""


def _others(entity: Json, names: bool) -> Iterator[Name]:
    for field, inner in (
        ("otherNames", ""),
        ("transliteratedOtherNames", ""),
        ("otherEntityNames", "otherEntityName"),
        ("transliteratedOtherEntityNames", "transliteratedOtherEntityName"),
    ):
        listed = entity.get(field) or []
        if inner and isinstance(listed, dict):
            listed = listed.get(inner) or []
        for one in listed if isinstance(listed, list) else [listed]:
            if (isinstance(one, dict) and one.get("type") == _NAMES_TOO) is names:
                yield _name(one)


def _name(value: Any) -> Name:
    if isinstance(value, dict):
        return text(value.get("name"), "name"), text(value.get("language"), "language").lower() or None
    return text(value, "name"), None


def _lines(address: Json) -> Iterator[str]:
    listed = address.get("addressLines")
    lines = listed if isinstance(listed, list) else [address.get("firstAddressLine")]
    additional = address.get("additionalAddressLine") or []
    for line in [*lines, *(additional if isinstance(additional, list) else [additional]), address.get("city")]:
        if found := text(line["name"] if isinstance(line, dict) else line, "address"):
            yield found


def _year(day: str) -> str | None:
    return day[:4] if re.match(r"[12][0-9]{3}-", day) else None
