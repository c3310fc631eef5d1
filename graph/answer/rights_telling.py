"""Tells what is on record about one result's rights: owners, powers, events, parts of the profit, deadlines, what can't be right."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Literal

from graph.answer.hops import valid
from graph.answer.model import Ref
from graph.answer.reading import Reading
from graph.answer.rights_facts import ResultFacts
from graph.answer.rights_model import (
    Coded,
    Contradiction,
    Deadline,
    Event,
    EventKind,
    Permit,
    Power,
    ProfitPart,
    RecordedShare,
    Share,
)
from graph.answer.rights_on_record import code_of, holding_in_form, is_decision
from graph.policy.case import Holding
from graph.policy.consistency import excess, exclusive_clashes
from graph.policy.law import Provision, Regime, law
from graph.policy.ownership import Ownership
from graph.policy.profit import Party, novelty_deadline, parts
from graph.policy.rights import Basis
from graph.questions.nodes import Node
from ontology.schemes import schemes

Language = Literal["vi", "en"]
_PERMITS: dict[str | None, Permit] = {
    None: "unknown",
    "none": "not_needed",
    "encouraged": "not_needed",
    "restricted": "needed",
    "prohibited": "prohibited",
}
_SHARES: dict[Party, str] = {"authors": "authorsShare", "broker": "brokerShare"}
_BASIS = "brokerShareBasis"
_FILINGS = ("Patent", "UtilitySolution")


class Telling:
    """Tells of one snapshot, on a day, in a language."""

    def __init__(self, reading: Reading, day: str, language: Language) -> None:
        self.reading, self.day, self.language = reading, day, language
        self.on = date.fromisoformat(day)

    def ref(self, node: str) -> Ref:
        return self.reading.ref(node, self.language)

    def maybe(self, node: str | None) -> Ref | None:
        return self.ref(node) if node else None

    def coded(self, concept: str) -> Coded:
        """A concept by its code; one that the schemes lack by its id."""
        known = schemes().concepts.get(concept)
        name = known.label(self.language) if known else self.reading.views.name(concept, self.language) or concept
        return Coded(id=concept, code=known.code if known else code_of(concept), name=name)

    def basis(self, provision: Provision) -> Basis:
        return Basis(id=provision.id, name=provision.name(self.language), certainty=provision.certainty)

    def regime_basis(self, regime: Regime, approved: str | None) -> tuple[Basis, ...]:
        """The provisions that put a task approved on a day under a regime."""
        if regime == "unknown" or approved is None:
            return ()
        rule = f"{regime.replace('_', '-')}-regime"
        day = date.fromisoformat(approved)
        return tuple(self.basis(item) for item in law().by_rule(rule) if item.applies_to(day))

    def owners(self, title: Ownership) -> tuple[Share, ...]:
        """Who owns, each once; nobody while it is undecided."""
        if title.undecided:
            return ()
        named = dict.fromkeys(claim.holder for claim in title.claims)
        return tuple(Share(owner=self.ref(body), share=title.shares.get(body)) for body in named)

    def permit(self, listed: str | None) -> Permit:
        return _PERMITS[listed]

    def powers(self, facts: ResultFacts) -> tuple[Power, ...]:
        """Who holds which power over what, running ones first, then by their beginnings."""
        found = [self._power(item) for item in facts.rights["holdings"]]
        return tuple(sorted(found, key=lambda one: (not one.valid, one.valid_from or "", one.holding.id)))

    def _power(self, item: dict[str, Any]) -> Power:
        return Power(
            holding=self.ref(item["id"]),
            holder=self.maybe(item["holder"]),
            over=self.ref(Node(self.reading.store, item["id"]).end("over") or item["id"]),
            power=self.coded(item["power"]) if item["power"] else None,
            share=item["share"],
            exclusive=bool(item["exclusive"]),
            sublicensable=bool(item["sublicensable"]),
            territory=tuple(map(self.coded, item["territory"])),
            field=tuple(map(self.coded, item["field"])),
            decision=is_decision(item),
            valid_from=_text(item["from"]),
            valid_until=_text(item["until"]),
            valid=valid(item, self.day),
            sources=self.reading.sources(item["sources"]),
        )

    def events(self, facts: ResultFacts) -> tuple[Event, ...]:
        """What has happened by the day, in its order."""
        found = (event for event in self._events(facts) if event.day <= self.day)
        return tuple(sorted(found, key=lambda event: (event.day, event.kind, event.of.id)))

    def _events(self, facts: ResultFacts) -> Iterator[Event]:
        if facts.task and facts.approved:
            yield self._event(facts.approved, "approved", facts.task["id"], facts.host, facts.task["sources"])
        for day, acceptance in facts.acceptances:
            if day:
                yield self._event(day, "accepted", acceptance, None, Node(self.reading.store, acceptance).sources)
        for paper in facts.requests:
            if paper.day:
                records = Node(self.reading.store, paper.event).sources
                yield self._event(paper.day, "requested", paper.event, facts.applicant(paper), records)
        for paper in facts.announcements:
            if paper.day:
                records = Node(self.reading.store, paper.event).sources
                yield self._event(paper.day, "published", paper.event, None, records)
        for item in facts.rights["holdings"]:
            yield from self._of_holding(item)
        for offer in facts.rights["offers"]:
            if offer["from"]:
                yield self._event(str(offer["from"]), "offered", offer["id"], offer["by"], offer["sources"])
        for deal in facts.deals:
            kind: EventKind = "assigned" if deal.forms == ("assignment",) else "licensed"
            yield self._event(deal.day, kind, deal.id, deal.taker, Node(self.reading.store, deal.id).sources)
        yield from self._of_novelty(facts)

    def document(self, event: str) -> str | None:
        """The number of the document by which an event happened."""
        return Node(self.reading.store, event).document

    def _of_holding(self, item: dict[str, Any]) -> Iterator[Event]:
        if not item["holder"] or not item["power"]:
            return
        if item["from"] and (is_decision(item) or code_of(item["power"]) == "use"):
            kind: EventKind = "decided" if is_decision(item) else "licensed"
            yield self._event(str(item["from"]), kind, item["id"], item["holder"], item["sources"])
        if item["until"]:
            yield self._event(str(item["until"]), "ended", item["id"], item["holder"], item["sources"])

    def _of_novelty(self, facts: ResultFacts) -> Iterator[Event]:
        for technology in facts.technologies:
            node = Node(self.reading.store, technology)
            if disclosed := node.value("firstDisclosure"):
                yield self._event(str(disclosed), "disclosed", technology, None, node.sources)
            for right in node.starts("protects", "IPRight"):
                steps: tuple[tuple[str, EventKind], ...] = (("filedOn", "filed"), ("grantedOn", "granted"))
                for prop, kind in steps:
                    if happened := right.value(prop):
                        yield self._event(str(happened), kind, right.id, None, right.sources)

    def _event(self, day: str, kind: EventKind, of: str, to: str | None, records: list[str] | None) -> Event:
        return Event(
            day=day,
            kind=kind,
            of=self.ref(of),
            to=self.maybe(to),
            document=self.document(of),
            sources=self.reading.sources(records),
        )

    def deadlines(self, facts: ResultFacts) -> Iterator[Deadline]:
        """Last days for filing, one a technology that was made public by the day."""
        for technology in facts.technologies:
            shown = next((one for one in facts.disclosures(technology) if (one.day or "") <= self.day), None)
            if shown is None or shown.day is None:
                continue
            last, provision = novelty_deadline(date.fromisoformat(shown.day))
            node = Node(self.reading.store, technology)
            rights = (right for cls in _FILINGS for right in node.starts("protects", cls))
            filed = [right.value("filedOn") for right in rights]
            yield Deadline(
                technology=self.ref(technology),
                disclosed=shown.day,
                disclosed_by=self.ref(shown.event),
                deadline=last.isoformat(),
                filed=any(day is None or day <= self.on for day in filed),
                passed=last < self.on,
                basis=self.basis(provision),
            )

    def profit(self, facts: ResultFacts) -> tuple[ProfitPart, ...]:
        """The least parts of the profit by law, and who of those with a part is on record."""
        approved = date.fromisoformat(facts.approved) if facts.approved else None
        authors = tuple(self.ref(person) for person in facts.rights["authors"])
        titles = tuple(map(self.ref, self._granted(facts)))
        return tuple(
            ProfitPart(
                party=part.party,
                minimum=part.minimum,
                state_part_only=part.state_part_only,
                titles_only=part.titles_only,
                titles=titles if part.titles_only else (),
                basis=self.basis(part.provision),
                payees=authors if part.party == "authors" else (),
            )
            for part in parts(approved, self.on)
        )

    def _granted(self, facts: ResultFacts) -> Iterator[str]:
        """Titles of protection that were granted by the day."""
        for technology in facts.technologies:
            for right in Node(self.reading.store, technology).starts("protects", "IPRight"):
                granted = right.value("grantedOn")
                if granted is not None and granted <= self.on:
                    yield right.id

    def recorded_profit(self, facts: ResultFacts) -> Iterator[RecordedShare]:
        """The parts of the profit that contracts signed by the day give."""
        for deal in facts.deals:
            node = Node(self.reading.store, deal.id)
            for party, prop in _SHARES.items():
                share = node.value(prop)
                if share is not None and deal.day <= self.day:
                    yield RecordedShare(
                        deal=self.ref(deal.id),
                        day=deal.day,
                        party=party,
                        share=share,
                        basis=node.value(_BASIS) if party == "broker" else None,
                        sources=self.reading.stated(deal.id, prop),
                    )

    def warnings(self, facts: ResultFacts, title: Ownership) -> Iterator[Contradiction]:
        """What the record says that can't be right together; shares are compared for each thing that is owned."""
        if title.undecided and facts.licences(self.day):
            yield Contradiction(kind="licensed_undecided", bodies=())
        over: dict[str, list[Holding]] = {}
        for item in facts.rights["holdings"]:
            if item["holder"] and item["power"]:
                thing = Node(self.reading.store, item["id"]).end("over") or ""
                over.setdefault(thing, []).append(Holding.model_validate(holding_in_form(item)))
        for holdings in over.values():
            if found := excess(holdings, self.on):
                yield Contradiction(
                    kind="shares_exceed_whole",
                    bodies=self._bodies(found.holders),
                    share=found.total,
                    territory=found.territory,
                    field=found.field,
                )
            for clash in exclusive_clashes(holdings, self.on):
                kind: Literal["exclusive_overlap", "exclusive_may_overlap"] = (
                    "exclusive_overlap" if clash.state == "yes" else "exclusive_may_overlap"
                )
                yield Contradiction(kind=kind, bodies=self._bodies(clash.holders))
        if facts.rights["claims"]:
            named = dict.fromkeys(claim["holder"] for claim in facts.rights["claims"] if claim["holder"])
            yield Contradiction(kind="owners_disputed", bodies=self._bodies(list(named)))

    def _bodies(self, nodes: Sequence[str]) -> tuple[Ref, ...]:
        return tuple(map(self.ref, nodes))


def _text(day: Any) -> str | None:
    return str(day) if day is not None else None
