"""What the pages of the desk show: a desk with its introductions, a case with what is proposed for it and whom to call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import Response

from api.case_access import visible_case, visible_cases
from api.case_documents import FORMS, PLACES, POWERS, TEXT
from api.cases import own_figures
from api.catalogue import Words
from api.dependencies import HomeDep, NewestDep, PagesDep, SignedInDep, WordsDep
from api.dossier import Parts
from api.outcome_documents import REASONS
from api.outcomes import told_document, told_of
from api.pages import Pages
from api.presenting import answer_cards
from api.reading import Views
from api.routes_picture import gate_sign
from api.tokens import Identity
from graph.answer.case_proposals import LEVELS, Proposed
from graph.answer.desk import STATES, state_of
from graph.answer.model import Question, Route
from graph.answer.told_outcomes import ToldOutcome
from graph.statements.audit import record
from graph.statements.cases import Case
from graph.statements.home import Home, today
from graph.statements.watches import Watches
from ontology.schemes import schemes

_ROUTES = 10
_SHOWN = 200
Ends = tuple[str, str, str]
"""Technology, intermediary and firm of an introduction."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A concept that may be chosen, with the words that it rests on."""

    value: str
    label: str
    chosen: bool
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of who is signed in, in the language of the page."""

    request: Request
    home: Home
    views: Views
    pages: Pages
    words: Words
    who: Identity

    def case(self, identifier: str) -> Case:
        """A case that may be opened here.

        :raises HTTPException: 404 where there is none
        """
        return visible_case(self.home, identifier, self.who)

    def page(self, problem: str = "", text: str = "") -> Response:
        """Own cases, what waits for an answer, own figures, and where a new case begins."""
        record(self.home, self.who.name, "cases.listed", "")
        told = told_of(self.home, self.views, self.who)
        shown = told_document(self.home, self.views, self.who, self.words.language, _SHOWN).outcomes
        day = today()
        states = [
            (state, [document for one, document in zip(told, shown, strict=False) if state_of(one, day) == state])
            for state in STATES
        ]
        return self.pages.render(
            self.request,
            "cases.html",
            422 if problem else 200,
            form=True,
            snapshot=self.views.snapshot,
            cases=visible_cases(self.home, self.who),
            states=states,
            figures=own_figures(told, self.who),
            problem=problem,
            text=text,
            longest=TEXT,
        )

    def case_page(self, case: Case, problem: str = "", told: str = "") -> Response:
        """What is proposed for a case, to be corrected, and whom to call."""
        answer = self.views.answer(Question(case=case.id, limit=_ROUTES, language=self.words.language), case)
        outcomes = {
            (one.technology, one.intermediary, one.firm): one for one in told_of(self.home, self.views, self.who)
        }
        return self.pages.render(
            self.request,
            "case.html",
            422 if problem else 200,
            form=True,
            snapshot=self.views.snapshot,
            case=case,
            own=self.who.name == case.owner,
            watched=any(watch.about == case.id for watch in Watches(self.home).of(self.who.name)),
            answer=answer,
            cards=[_card(card, case, outcomes) for card in answer_cards(answer)],
            sign=lambda gate: gate_sign(gate, self.words),
            reasons=REASONS,
            problem=problem,
            told=told,
            **self._form(case),
        )

    def _form(self, case: Case) -> dict[str, Any]:
        proposals = self.views.propose("\n".join((case.title, case.text)))
        levels = tuple(f"scheme/{LEVELS}/{code}" for code in schemes().codes(LEVELS))
        return {
            "choices": {
                "fields": self._choices(case.fields, proposals.fields),
                "patent_classes": self._choices(case.patent_classes, proposals.patent_classes),
            },
            "levels": self._choices(levels, proposals.levels),
            "keywords": proposals.keywords,
            "party": case.party_name or self._name(case.party),
            "broker": self._name(case.broker),
            "places": self._places(),
            "powers": schemes().codes(POWERS),
            "forms": schemes().codes(FORMS),
        }

    def _name(self, node: str | None) -> str:
        return self.views.ref(node, self.words.language).name if node else ""

    def _choices(self, chosen: Iterable[str], proposals: Iterable[Proposed]) -> list[Choice]:
        """What was chosen, then what is proposed besides."""
        rests = {one.value: one.words for one in proposals}
        chosen = tuple(chosen)
        return [
            Choice(value, self._label(value), value in chosen, rests.get(value, ()))
            for value in dict.fromkeys((*chosen, *rests))
        ]

    def _label(self, concept: str) -> str:
        return f"{concept.rsplit('/', 1)[-1]} · {schemes().label(concept, self.words.language)}"

    def _places(self) -> list[tuple[str, str]]:
        """The country, then its provinces by name."""
        found = [one for one in schemes().concepts.values() if one.scheme == PLACES and one.code.startswith("VN")]
        labelled = [(one.id, one.label(self.words.language)) for one in found]
        return sorted(labelled, key=lambda one: (one[0].rsplit("/", 1)[-1] != "VN", one[1]))


def _desk(
    request: Request, home: HomeDep, views: NewestDep, pages: PagesDep, words: WordsDep, who: SignedInDep
) -> Desk:
    return Desk(request, home, views, pages, words, who)


DeskDep = Annotated[Desk, Depends(_desk)]


def _card(card: dict[str, Any], case: Case, outcomes: Mapping[Ends, ToldOutcome]) -> dict[str, Any]:
    """A route with what the desk shows of it: what to clear first, where its dossier is, what was told of it."""
    route: Route = card["route"]
    parts = _parts(route, case)
    technology = case.id if case.kind == "technology" else route.technology.id
    query = {"case": case.id, "technology": parts.technology, "intermediary": parts.intermediary}
    query |= {"firm": parts.firm, "need": parts.need}
    return card | {
        "technology": technology,
        "open": [gate for gate in route.gates if gate.state != "pass"],
        "dossier": urlencode({name: value for name, value in query.items() if value}),
        "told": outcomes.get((technology, parts.intermediary, parts.firm)),
    }


def _parts(route: Route, case: Case) -> Parts:
    """The ends of a route; the case itself is none of them."""
    technology, between, firm, need = (
        ref.id if ref and ref.id != case.id else ""
        for ref in (route.technology, route.intermediary, route.firm, route.need)
    )
    return Parts(technology or None, between, firm, need or None)
