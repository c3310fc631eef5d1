"""The dossier of a route: what a broker takes to the telephone, on one page, as sections that a page and a DOCX show alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from api.catalogue import Words
from api.links import external
from api.presenting import BASE_RATE, band, relation_label
from api.reading import Views
from graph.answer.model import Answer, Contact, Gate, Question, Ref, Route, SourceRef
from graph.answer.person_contacts import PersonContact
from graph.statements.cases import Case
from ontology.model import ontology
from ontology.schemes import schemes

_LOOKED_THROUGH = 20
"""Routes of the ranking that somebody saw, among which the one that is meant is looked for first."""
_REASONS = 6
_DESCRIPTION = 1_500
"""Characters of a description."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line, and the address behind it."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line: what it is about, what it says, where that is from; ``pieces`` are its text where some of it leads to somewhere."""

    text: str
    label: str = ""
    source: str = ""
    state: str = ""
    pieces: tuple[Piece, ...] = ()


def _leads_to(contact: Contact) -> str | None:
    """The address behind a contact point."""
    if contact.kind == "telephone":
        return "tel:" + quote(contact.value.replace(" ", ""))
    return "mailto:" + quote(contact.value) if contact.kind == "email" else external(contact.value)


def _headed(line: Line) -> Line:
    """A line whose label begins with a large letter, as the ontology's do not."""
    return replace(line, label=line.label[:1].upper() + line.label[1:])


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the dossier."""

    key: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """All of it: ``note`` says what it is worth, ``illustrative`` that somebody in it was made up."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    note: str
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """The ends of a route by id; the technology or the need may be a case."""

    technology: str | None
    intermediary: str
    firm: str
    need: str | None = None


def find_route(views: Views, parts: Parts, case: Case | None, language: str) -> tuple[Route | None, Answer]:
    """The route between these ends: as it was ranked among others, else asked for by itself; with the answer that it stands in."""
    asked = {"case": case.id if case else None, "language": language, "limit": _LOOKED_THROUGH}
    given = {} if case and case.kind == "technology" else {"technology": parts.technology}
    alone = given | {"intermediary": parts.intermediary}
    if not (case and case.kind == "need"):
        alone |= {"firm": parts.firm}
        if parts.need:
            alone |= {"need": parts.need}
    for more in (given, alone):
        answer = views.answer(Question.model_validate(asked | more), case)
        route = next((one for one in answer.routes if _is(one, parts, case)), None)
        if route is not None:
            return route, answer
    return None, answer


def _is(route: Route, parts: Parts, case: Case | None) -> bool:
    ends = (route.intermediary, route.firm)
    if tuple(end.id if end else None for end in ends) != (parts.intermediary, parts.firm):
        return False
    technology = case.id if case and case.kind == "technology" else parts.technology
    if technology is not None and route.technology.id != technology:
        return False
    return parts.need is None or bool(case and case.kind == "need") or bool(route.need and route.need.id == parts.need)


class Writing:
    """Writes the dossier of a route in one language."""

    def __init__(self, views: Views, words: Words, case: Case | None, persons: Sequence[PersonContact] = ()) -> None:
        self._views, self._words, self._case, self._persons = views, words, case, persons

    def dossier(self, route: Route, answer: Answer) -> Dossier:
        """All sections, in the order in which somebody asks."""
        t = self._words
        parts = (
            ("what", t("dossier.what"), self._what(route)),
            ("why", t("dossier.why"), self._why(route)),
            ("through", t("dossier.through"), self._through(route)),
            ("gates", t("dossier.gates"), map(self._gate, route.gates)),
            ("open", t("dossier.open"), self._open(route)),
            ("contacts", t("dossier.contacts"), self._contacts(route)),
            ("attach", t("dossier.attach"), self._attach(route)),
        )
        ends = [route.technology, route.holder, route.intermediary, route.firm]
        return Dossier(
            title=t("dossier.title"),
            subtitle=" → ".join(ref.name for ref in ends if ref),
            sections=tuple(Section(key, title, tuple(map(_headed, lines))) for key, title, lines in parts),
            note=t("dossier.note", day=t.day(answer.as_of), snapshot=answer.snapshot),
            illustrative=any(ref.illustrative for ref in ends if ref),
        )

    def _what(self, route: Route) -> Iterator[Line]:
        yield from self._described(route.technology, "technology")
        if route.holder:
            yield Line(route.holder.name, self._words("part.holder"))
        if route.need:
            yield from self._described(route.need, "need")

    def _described(self, ref: Ref, part: str) -> Iterator[Line]:
        yield Line(ref.name, self._words(f"part.{part}"))
        if self._case is not None and ref.id == self._case.id:
            yield from self._of_case(self._case)
            return
        for prop in ("description", "hasPatentClass", "requiredLevel", "budget", "deadline"):
            values = self._views.values(ref.id, prop)
            if values:
                label = ontology().label(prop, self._words.language)
                yield Line(
                    "; ".join(self._value(prop, value) for value in values[: 1 if prop == "description" else 5]), label
                )

    def _of_case(self, case: Case) -> Iterator[Line]:
        language = self._words.language
        yield Line(case.text[:_DESCRIPTION], ontology().label("description", language))
        if case.patent_classes:
            yield Line(
                "; ".join(self._concept(one) for one in case.patent_classes),
                ontology().label("hasPatentClass", language),
            )
        if case.level:
            yield Line(schemes().label(f"scheme/trl/1/{case.level}", language), f"TRL {case.level}")
        if case.price is not None:
            yield Line(
                f"{self._words.number(case.price)} {self._words('unit.dong')}", ontology().label("price", language)
            )
        if case.mandate:
            yield Line(case.mandate, ontology().label("mandate", language))

    def _value(self, prop: str, value: str) -> str:
        if value.startswith("scheme/"):
            return self._concept(value)
        if prop == "budget":
            return f"{self._words.number(float(value))} {self._words('unit.dong')}"
        return self._words.day(value) if prop == "deadline" else value[:_DESCRIPTION]

    def _concept(self, concept: str) -> str:
        return f"{concept.rsplit('/', 1)[-1]} {schemes().label(concept, self._words.language)}"

    def _why(self, route: Route) -> Iterator[Line]:
        t = self._words
        yield Line(t("band." + band(route)), t("dossier.speaks"))
        reasons = sorted((one for one in route.contributions if one.feature != BASE_RATE), key=lambda one: -one.value)
        for one in [one for one in reasons if one.value > 0][:_REASONS]:
            yield Line(one.reason)
        yield Line(f"{t('answer.basis')} {route.score_basis}.", t("dossier.basis"))

    def _through(self, route: Route) -> Iterator[Line]:
        for hop in route.hops:
            known = self._words("route.asserted") if hop.asserted else self._words("route.derived")
            relation = relation_label(hop.relation, self._words)
            yield Line(f"{hop.from_.name} → {relation} → {hop.to.name} ({known})", source=self._source(hop.sources))

    def _gate(self, gate: Gate) -> Line:
        label = f"{self._words('gate.' + gate.gate)}: {self._words('state.' + gate.state)}"
        basis = "; ".join(one.name for one in gate.basis)
        said = f"{gate.reason} [{basis}]" if basis else gate.reason
        return Line(said, label, self._source(gate.sources), state=gate.state)

    def _source(self, sources: Sequence[SourceRef]) -> str:
        return "; ".join(dict.fromkeys(self._cited(one) for one in sources[:2]))

    def _cited(self, one: SourceRef) -> str:
        parts = [one.source, one.file or "", self._words.day(one.date) if one.date else ""]
        return ", ".join(part for part in parts if part)

    def _open(self, route: Route) -> Iterator[Line]:
        for step in route.next_steps:
            yield Line(step)
        if not route.next_steps:
            yield Line(self._words("dossier.nothing_open"))

    def _contacts(self, route: Route) -> Iterator[Line]:
        by_body: dict[str, list[Contact]] = {}
        for contact in route.contacts:
            by_body.setdefault(contact.organization.id, []).append(contact)
        for part, ref in (("firm", route.firm), ("intermediary", route.intermediary), ("holder", route.holder)):
            if ref is None:
                continue
            label = f"{self._words('part.' + part)}: {ref.name}"
            if ref.id in by_body:
                yield self._contact(by_body[ref.id], label)
            else:
                yield Line(self._whom_to_ask(ref, route, by_body), label)
        for one in self._persons:
            consent = self._words("dossier.consent", day=self._words.day(one.consent))
            cited = ", ".join(part for part in (one.source, one.file, self._words.day(one.date)) if part)
            yield Line(f"{one.value} ({consent})", self._views.ref(one.person, self._words.language).name, cited)

    def _contact(self, found: list[Contact], label: str) -> Line:
        """The contact points of one body in a line, with where they are from."""
        said = []
        for one in found:
            kind = one.kind if one.kind in ("email", "telephone", "page") else "other"
            said.append(Piece(f"{self._words('contact.' + kind)} {one.value}", _leads_to(one)))
        cited = dict.fromkeys(self._cited(one.source) for one in found if one.source)
        return Line("; ".join(piece.text for piece in said), label, "; ".join(cited), pieces=tuple(said))

    def _whom_to_ask(self, ref: Ref, route: Route, by_body: dict[str, list[Contact]]) -> str:
        """Somebody with a public contact who is near to a body that has none."""
        above = [body for prop in ("unitOf", "controlledBy") for body in self._views.values(ref.id, prop)]
        for body in above:
            if self._reachable(body):
                return self._words("dossier.ask", name=self._views.ref(body, self._words.language).name)
        others = [one for one in (route.intermediary, route.holder, route.firm) if one and one.id in by_body]
        if others:
            return self._words("dossier.ask", name=others[0].name)
        return self._words("dossier.ask", name=self._words("dossier.curator"))

    def _reachable(self, body: str) -> bool:
        return bool(self._views.values(body, "homepage") or self._views.subjects("contactOf", body))

    def _attach(self, route: Route) -> Iterator[Line]:
        """What the firm will ask to see, by what the gates left open."""
        t = self._words
        states = {gate.gate: gate.state for gate in route.gates}
        yield Line(t("dossier.attach_description"))
        yield Line(t("dossier.attach_right") if states.get("right") == "pass" else t("dossier.attach_right_open"))
        if states.get("law") != "pass":
            yield Line(t("dossier.attach_law"))
        if states.get("need") != "pass":
            yield Line(t("dossier.attach_level"))
        yield Line(t("dossier.attach_broker"))
        yield Line(t("dossier.attach_price"))
        yield Line(t("dossier.attach_secrecy"))
