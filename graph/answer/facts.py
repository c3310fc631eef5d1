"""Gate facts and contacts of the candidates that come up for an answer, by named questions, in batches."""

from dataclasses import dataclass
from typing import Any

from graph.answer.reading import Reading

Facts = dict[str, dict[str, Any]]
Contacts = dict[str, list[tuple[str, str, list[str]]]]


def _one(reading: Reading, question: str, parameter: str, nodes: list[str]) -> Facts:
    """The row of each node; where it has several rows, the last."""
    return {node: rows[-1] for node, rows in reading.about(question, parameter, nodes).items() if rows}


@dataclass(slots=True)
class RouteFacts:
    """What is on record about the technologies and brokers of an answer."""

    technologies: Facts
    brokers: Facts


def technology_facts(reading: Reading, technologies: list[str]) -> Facts:
    """Ask for what the gates of law and of right need to know."""
    return _one(reading, "technology_rights", "technologies", technologies)


def broker_facts(reading: Reading, brokers: list[str]) -> Facts:
    """Ask for what the gates of intermediaries need to know."""
    return _one(reading, "broker_standing", "organisations", brokers)


def contacts(reading: Reading, organisations: list[str]) -> Contacts:
    """Organisation → its public contact points as (kind, value, records)."""
    found = reading.about("contacts", "organisations", organisations)
    return {
        node: [
            (row["kind"], row["value"], row["sources"] or [])
            for row in sorted(rows, key=lambda row: (row["kind"] == "page", row["kind"], row["value"]))
        ]
        for node, rows in found.items()
        if rows
    }


def deeds(reading: Reading, events: list[str]) -> Facts:
    """Events with their day, their records and their ends."""
    return _one(reading, "related_deeds", "events", events)
