"""What a record says, in words that a test can spell out: bodies by their class and name in place of their ids."""

from pathlib import Path

from loaders.reading import open_file
from ontology.statement import Gone, Item, Record, Reject

Said = tuple[str, str, str]
"""Subject, property, and value or object; a value with a language ends in ``@language``."""


def items_of(kind: str, path: Path, source: str | None = "test") -> list[Item]:
    return list(open_file(kind, path, source).items)


def records_of(kind: str, path: Path, source: str | None = "test") -> list[Record]:
    """The records of a file that has nothing to be refused."""
    items = items_of(kind, path, source)
    assert not [item for item in items if isinstance(item, Reject | Gone)]
    return [item for item in items if isinstance(item, Record)]


def said_of(record: Record) -> set[Said]:
    """The statements of a record.

    A body is ``Class name``; an event, which has no name, is ``Class`` alone; an identifier is ``scheme value``.
    """
    first: dict[str, dict[str, str]] = {}
    for s in record.statements:
        if s.value is not None:
            first.setdefault(s.subject, {}).setdefault(s.property, s.value)

    def shown(mention: str) -> str:
        known = first.get(mention, {})
        if known.get("type") == "Identifier":
            return f"{known['identifierScheme']} {known['identifierValue']}"
        return f"{known['type']} {known.get('name', '')}".strip() if known else mention

    def value(text: str, language: str | None) -> str:
        return f"{text}@{language}" if language else text

    return {
        (shown(s.subject), s.property, shown(s.object) if s.object else value(s.value or "", s.language))
        for s in record.statements
        if s.property not in ("type", "identifierScheme", "identifierValue")
    }
