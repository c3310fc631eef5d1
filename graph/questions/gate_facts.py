"""What answers ask about bodies, technologies and events, read from a dataset: each function gives the rows of the query in Cypher.

These four queries hold lists in lists, which SPARQL's rows can't, so their twins are functions over the dataset.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox

from graph.questions.disputes import claims_of_holder
from graph.questions.nodes import Node

Row = dict[str, Any]
_AUTHORS = 50


def _period(event: Node) -> Row:
    return {"from": event.value("validFrom"), "until": event.value("validUntil")}


def _known(store: ox.Store, ids: Sequence[str], cls: str) -> Iterator[Node]:
    return (node for one in ids if (node := Node(store, one)).is_a(cls))


def broker_standing(store: ox.Store, organisations: Sequence[str]) -> Iterator[Row]:
    """What is on record about organisations as brokers."""
    for body in _known(store, organisations, "Organization"):
        yield {
            "id": body.id,
            "recognitions": [
                {"id": one.id, "kind": one.end("kind"), "revoked": one.value("revokedOn"), "sources": one.sources}
                | _period(one)
                for one in body.starts("holder", "Recognition")
            ],
            "offerings": [
                {"id": one.id, "kind": one.end("serviceKind"), "sources": one.sources} | _period(one)
                for one in body.starts("provider", "ServiceOffering")
            ],
            "engagements": body.count_starts("provider", "ServiceEngagement")
            + body.count_starts("broker", "TechnologyTransfer"),
            "controllers": body.end_ids("controlledBy") + body.end_ids("unitOf"),
        }


def contacts(store: ox.Store, organisations: Sequence[str]) -> Iterator[Row]:
    """Public contact points of organisations."""
    for body in _known(store, organisations, "Organization"):
        for point in body.starts("contactOf", "ContactPoint"):
            yield {
                "id": body.id,
                "kind": point.value("contactKind"),
                "value": point.value("contactValue"),
                "sources": point.sources,
            }
        for page in body.values("homepage"):
            yield {"id": body.id, "kind": "page", "value": page, "sources": body.sources}


def related_deeds(store: ox.Store, events: Sequence[str]) -> Iterator[Row]:
    """Ends and days of events."""
    for event in _known(store, events, "Entity"):
        days = (event.value(prop) for prop in ("signedOn", "date", "validFrom"))
        yield {
            "id": event.id,
            "day": next((day for day in days if day is not None), None),
            "until": event.value("validUntil"),
            "sources": event.sources,
            "ends": [{"relation": kind, "id": node.id} for kind, node in event.edges() if not node.is_a("Concept")],
        }


def technology_rights(store: ox.Store, technologies: Sequence[str]) -> Iterator[Row]:
    """What is on record about the rights over technologies."""
    for technology in _known(store, technologies, "Technology"):
        yield {
            "id": technology.id,
            "holdings": [holding_facts(one) for one in technology.starts("over", "RightsHolding")],
            "listings": [
                {"listing": one.end("listing"), "sources": one.sources} | _period(one)
                for one in technology.starts("statusOf", "RegulatoryStatus")
            ],
            "permits": [
                {"sources": one.sources} | _period(one) for one in technology.starts("permits", "TransferPermit")
            ],
            "tasks": list(_tasks(technology)),
            "consents": [one.id for one in technology.starts("consentsTo", "Organization")],
            "claims": claims_of_holder(technology),
            "authors": technology.end_ids("inventor")[:_AUTHORS],
            "ipc": [one.value("notation") for one in technology.ends("hasPatentClass")],
            "offers": [_offer(one) for one in technology.starts("offers", "TechnologyOffer")],
        }


def holding_facts(one: Node) -> Row:
    """What a holding says."""
    return {
        "id": one.id,
        "holder": one.end("holder"),
        "power": one.end("power"),
        "share": one.value("share"),
        "exclusive": one.value("exclusive"),
        "sublicensable": one.value("sublicensable"),
        "territory": one.end_ids("territory"),
        "field": one.end_ids("fieldOfUse"),
        "regime": one.end("regime"),
        "sources": one.sources,
    } | _period(one)


def _tasks(technology: Node) -> Iterator[Row]:
    """The tasks whose results a technology embodies."""
    return (row for result in technology.ends("embodies") for row in result_tasks(result))


def result_tasks(result: Node) -> Iterator[Row]:
    """The tasks that a result came from."""
    for task in result.ends("resultOf"):
        if result.is_a("ResearchResult") and task.is_a("STTask"):
            yield {
                "id": task.id,
                "approved": task.value("approvedOn"),
                "host": task.end("hostedBy"),
                "state": result.end("state"),
                "sources": task.sources,
                "certified": any(
                    one.is_a("Identifier") and one.value("identifierScheme") == "result-certificate"
                    for one in result.ends("hasIdentifier")
                ),
                "funding": [
                    {"by": one.end("funder"), "state": one.value("stateMoney"), "amount": one.value("amount")}
                    for one in task.starts("task", "Funding")
                ],
            }


def _offer(one: Node) -> Row:
    return {
        "id": one.id,
        "by": one.end("offeredBy"),
        "forms": one.end_ids("transferForm"),
        "price": one.value("price"),
        "sources": one.sources,
    } | _period(one)


TWINS: Mapping[str, Callable[[ox.Store, Sequence[str]], Iterator[Row]]] = MappingProxyType(
    {
        "broker_standing": broker_standing,
        "contacts": contacts,
        "related_deeds": related_deeds,
        "technology_rights": technology_rights,
    }
)
"""By the name of the query in Cypher. Each takes the dataset and the ids that the query takes."""
