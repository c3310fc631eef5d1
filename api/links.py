"""Addresses: of our own pages for ids, and of others where a value is an address that may be followed."""

import re
from urllib.parse import quote, urlsplit

from ontology.model import BASE

_LONGEST = 2_000
_UNSAFE = re.compile(r"[\s\x00-\x20\x7f<>\"'`\\^{}|]")
_PATHS = ("scheme/", "record/")
_SIMPLE = re.compile(r"[\w.\-/]{1,300}\Z", re.ASCII)


def address(identifier: str) -> str:
    """The page of an entity, concept or record by its id."""
    if identifier.startswith(_PATHS):
        return "/" + quote(identifier, safe="/")
    return "/id/" + quote(identifier, safe="")


def record_address(record: str) -> str:
    """The page of a source record by its id, with or without its path."""
    return "/record/" + quote(record.removeprefix("record/"), safe="")


def iri(identifier: str) -> str:
    """The IRI of an entity, concept or record."""
    return BASE + address(identifier).removeprefix("/")


def known_form(identifier: str) -> bool:
    """Whether an id can be one of ours: plain letters, digits and a few signs. Nothing else reaches a view."""
    return _SIMPLE.match(identifier) is not None


def external(value: str) -> str | None:
    """The value itself where it is an http(s) address that a page may link to, else None."""
    if len(value) > _LONGEST or _UNSAFE.search(value):
        return None
    try:
        parts = urlsplit(value)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return value if named and parts.scheme in ("http", "https") else None
