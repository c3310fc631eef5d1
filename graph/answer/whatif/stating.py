"""A scenario as records: the statements that an office or a curator would send if it came true.

They are made by the same means as those of a loader, and speak of mentions that are tied to the nodes that there are; so a test can
really load them and compare.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from graph.answer.whatif.scenario import SOURCE, Supposed
from graph.views.reading import SnapshotViews
from ontology.statement import ABOUT, SAME_AS, Mentions, Record, Statement

_ON_REQUEST, _DECIDED = "scheme/regime/1/on-request", "scheme/rights-state/1/decided"
"""The regime of a decision, and the state of a result with one, but for the power decided."""


def records(views: SnapshotViews, supposed: Supposed) -> list[Record]:
    """What would be sent."""
    found = [
        *_added(supposed),
        *_assigned(views, supposed),
        *_closed(views, supposed),
        *_merged(views, supposed),
    ]
    for line, record in enumerate(found, 1):
        record.line = line
    return found


def _added(supposed: Supposed) -> Iterator[Record]:
    """A new intermediary and one offering for each service."""
    if not supposed.fields:
        return
    said = Mentions(SOURCE, f"add/{supposed.name}", 1)
    body = said.mention(ABOUT, "Intermediary")
    said.value(body, "name", supposed.name, "vi")
    said.value(body, "illustrative", "true")
    for field in supposed.fields:
        said.edge(body, "hasField", field)
    if supposed.place:
        said.edge(body, "locatedIn", supposed.place)
    for service in supposed.services:
        offering = said.mention(f"service/{service}", "ServiceOffering")
        said.edge(offering, "provider", body)
        said.edge(offering, "serviceKind", service)
        said.value(offering, "validFrom", supposed.day)
        said.value(offering, "illustrative", "true")
        for field in supposed.fields:
            said.edge(offering, "hasField", field)
        if supposed.place:
            said.edge(offering, "area", supposed.place)
    yield said.record


def _assigned(views: SnapshotViews, supposed: Supposed) -> Iterator[Record]:
    """A decision for each technology that comes from a result, under the regime on request; and the result's state."""
    for result in supposed.results:
        embodied = views.subjects("embodies", result)
        for over in embodied or [result]:
            said = Mentions(SOURCE, f"assign/{over}/{supposed.holder}", 1)
            holding = said.mention(ABOUT, "RightsHolding")
            said.edge(holding, "holder", _meant(said, "holder", views, str(supposed.holder)))
            said.edge(holding, "over", _meant(said, "over", views, over))
            said.edge(holding, "power", supposed.power)
            said.edge(holding, "regime", _ON_REQUEST)
            said.value(holding, "validFrom", supposed.day)
            said.value(holding, "illustrative", "true")
            yield said.record
        if "ResearchResult" in views.types(result):
            said = Mentions(SOURCE, f"state/{result}", 1)
            said.edge(_meant(said, ABOUT, views, result), "state", f"{_DECIDED}-{supposed.power.rsplit('/', 1)[-1]}")
            yield said.record


def _closed(views: SnapshotViews, supposed: Supposed) -> Iterator[Record]:
    """A closed broker: its recognitions are revoked on the day, its services ended the day before."""
    if supposed.closed is None:
        return
    last = (date.fromisoformat(supposed.day) - timedelta(days=1)).isoformat()
    for prop, cls, ends, day in (
        ("holder", "Recognition", "revokedOn", supposed.day),
        ("provider", "ServiceOffering", "validUntil", last),
    ):
        for event in sorted(views.subjects(prop, supposed.closed)):
            stands = min(views.values(event, ends), default=None)
            if cls in views.types(event) and (stands is None or stands > day):
                said = Mentions(SOURCE, f"close/{event}", 1)
                said.value(_meant(said, ABOUT, views, event), ends, day)
                yield said.record


def _merged(views: SnapshotViews, supposed: Supposed) -> Iterator[Record]:
    """Two units that are one body from now on, as a curator judges two nodes to be one."""
    if supposed.merged is not None and supposed.into is not None:
        said = Statement(supposed.merged, SAME_AS, supposed.into, probability=1.0, reason="a hypothetical merger")
        yield Record(f"merge/{supposed.merged}/{supposed.into}", 1, [said])


def _meant(said: Mentions, role: str, views: SnapshotViews, node: str) -> str:
    """A mention of a node that there is."""
    mention = said.mention(role, views.types(node)[0])
    said.record.statements.append(Statement(mention, SAME_AS, node, probability=1.0, reason="named in the scenario"))
    return mention
