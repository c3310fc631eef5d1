"""Gate facts and contacts of the candidates that come up for an answer, by named questions, in batches."""

from dataclasses import dataclass
from typing import Any

from graph.answer.reading import Reading

Facts = dict[str, dict[str, Any]]


def _ask(reading: Reading, question: str, **parameters: list[str]) -> Facts:
    """Rows by id; where an id has several rows, the last."""
    return {row["id"]: row for row in reading.ask(question, **parameters)}


@dataclass(slots=True)
class RouteFacts:
    """What is on record about the technologies and brokers of an answer."""

    technologies: Facts
    brokers: Facts


def route_facts(reading: Reading, technologies: list[str], brokers: list[str]) -> RouteFacts:
    """Ask for what the gates need to know."""
    return RouteFacts(
        _ask(reading, "technology_rights", technologies=sorted(set(technologies))),
        _ask(reading, "broker_standing", organisations=sorted(set(brokers))),
    )


def contacts(reading: Reading, organisations: list[str]) -> dict[str, list[tuple[str, str, list[str]]]]:
    """Organisation → its public contact points as (kind, value, records)."""
    rows = reading.ask("contacts", organisations=sorted(set(organisations)))
    found: dict[str, list[tuple[str, str, list[str]]]] = {}
    for row in sorted(rows, key=lambda row: (row["id"], row["kind"] == "page", row["kind"], row["value"])):
        found.setdefault(row["id"], []).append((row["kind"], row["value"], row["sources"] or []))
    return found


def deeds(reading: Reading, events: list[str]) -> Facts:
    """Events with their day, their records and their ends."""
    return _ask(reading, "related_deeds", events=sorted(set(events))) if events else {}
