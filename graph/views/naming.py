"""Which node somebody means by an id, an IRI or an exact name."""

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from graph.views.rdf import identifier_of
from ontology.text import fold, has_diacritics, spell

_ID = re.compile(r"[A-Za-z0-9]{12}\Z")
_PATH = re.compile(r"(?:scheme|record)/[\w.\-/]{1,300}\Z", re.ASCII)
_CALLED = ("name", "alternativeName", "acronym", "number", "identifierValue")
_LOOKED_AT = 10
"""Hits of a search among which an exact name is looked for."""


class Found(Protocol):
    """A node that a search found."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


class Names(Protocol):
    """What a snapshot knows of names; :class:`graph.views.reading.SnapshotViews` is one."""

    def types(self, identifier: str) -> Sequence[str]: ...

    def values(self, identifier: str, prop: str) -> Sequence[str]: ...

    def redirect(self, identifier: str) -> str | None: ...

    def search(
        self, text: str, limit: int = 20, classes: Sequence[str] = (), language: str = "vi"
    ) -> Iterable[Found]: ...


def identified(names: Names, text: str, cls: str) -> str | None:
    """The node of a class that an id or IRI means today, or ``None`` where the text is none or means nothing of that class."""
    identifier = identifier_of(text) or text
    if not _ID.match(identifier) and not _PATH.match(identifier):
        return None
    types = names.types(identifier)
    if not types and _ID.match(identifier):
        # the id of a mention that was merged into another; a node that is there is meant itself
        identifier = names.redirect(identifier) or identifier
        types = names.types(identifier)
    return identifier if cls in types else None


def called(names: Names, text: str, cls: str, language: str = "vi") -> tuple[list[str], list[Found]]:
    """The nodes of a class that bear a name, and the best hits of a search for it.

    A name, an acronym, a number or an identifier counts; diacritics that were typed have to be right.
    """
    hits = list(names.search(text, _LOOKED_AT, (cls,), language))
    return [hit.id for hit in hits if bears(names, hit.id, text)], hits


def meant(names: Names, text: str, cls: str, language: str = "vi") -> str | None:
    """The node of a class that a text means: by an id or IRI, or because it alone is called so."""
    node = identified(names, text, cls)
    if node is None:
        exact, _ = called(names, text, cls, language)
        node = exact[0] if len(exact) == 1 else None
    return node


def bears(names: Names, node: str, text: str) -> bool:
    """Whether a node is called so."""
    known = [name for prop in _CALLED for name in names.values(node, prop)]
    for identifier in names.values(node, "hasIdentifier"):
        known += names.values(identifier, "identifierValue")
    read = spell if has_diacritics(text) else fold
    return any(read(name) == read(text) for name in known)


def near(hits: Sequence[Found], most: int = 3) -> str:
    """Hits as a sentence's end names them."""
    return ", ".join(f"«{hit.name}» ({hit.id})" for hit in hits[:most])
