"""Partners of an intermediary: who covers what it lacks for a technology, and who knows those who might buy."""

from collections import Counter

import numpy as np

from graph.answer.acquaintance import Acquaintances, warm_contacts
from graph.answer.coverage import Coverage, Place
from graph.answer.facts import RouteFacts, broker_facts
from graph.answer.gates import Gates
from graph.answer.gathering import Asked, gather
from graph.answer.model import Ref
from graph.answer.partner_model import Aspect, Buyer, Covered, Partner, PartnerQuestion, Partners, Wanted
from graph.answer.reading import Reading
from graph.answer.score import score
from graph.answer.understanding import resolve_node
from graph.statements.home import today
from graph.views.arrays import NO_DAY, day_number

_SERVICES = "scheme/service-kind/1/"
_BUYERS = 20
_WEIGHTS: dict[Aspect, float] = {"service": 1.0, "field": 1.0, "industry": 0.5, "area": 0.5, "language": 0.25}
_KNOWING = 1.0
"""How much it counts to know all buyers that the intermediary does not know, beside covering all that is lacking of an aspect."""
_NAMED = 20
"""Buyers that are named of those that a partner knows."""
_PLACES = 3
"""Areas and languages that count as wanted: the commonest among the buyers."""
_BASIS = {
    "vi": "Phần đáp ứng được trong những gì còn thiếu (dịch vụ và lĩnh vực tính 1, ngành và địa bàn 0,5, ngôn ngữ 0,25) và phần bên mua "
    "đã quen biết (1), chia cho mức tối đa; dùng để xếp hạng, không phải xác suất",
    "en": "The part covered of what is lacking (services and fields count 1, industries and areas 0.5, languages 0.25) and the part known of "
    "the buyers (1), divided by the most that could be; it ranks and is no probability",
}


def find_partners(reading: Reading, question: PartnerQuestion) -> Partners:
    """Rank partners on one snapshot.

    With a technology, its fields and industries are wanted, and the areas and languages of the firms that the main question would ask;
    without one, what open needs ask for. Services are all kinds that there are.

    :raises graph.answer.errors.AnswerError: where intermediary or technology is not known
    :raises graph.views.neo4j_connection.GraphError: where the property graph does not answer
    """
    return _Finding(reading, question).partners()


class _Finding:
    """One question on its way to an answer."""

    def __init__(self, reading: Reading, question: PartnerQuestion) -> None:
        self.reading, self.question, self.language = reading, question, question.language
        self.day = question.as_of or today()
        self.number = day_number(self.day)
        self.arrays = reading.views.arrays
        self.broker = resolve_node(reading, "intermediary", question.intermediary, self.language)
        self.technology = (
            resolve_node(reading, "technology", question.technology, self.language) if question.technology else None
        )
        self.coverage = Coverage(reading, self.number)
        self.buyers = self._buyers()
        self.known = Acquaintances(reading, self.buyers, self.number, self.language)
        me = self.arrays.number("organisation", self.broker)
        wanted = self._wanted()
        own = [False] * len(wanted) if me is None else self.coverage.covering(np.array([me]), wanted)[0].tolist()
        self.wanted = dict(zip(wanted, own, strict=True))

    def partners(self) -> Partners:
        lacking = [place for place, covered in self.wanted.items() if not covered]
        known = self.known.firms(self.broker)
        strangers = [firm for firm in self.buyers if firm not in known]
        scored = self._scored(lacking, strangers)
        first, last = self.question.offset, self.question.offset + self.question.limit
        shown = scored[first:last]
        facts = RouteFacts({}, broker_facts(self.reading, [body for body, _ in shown]))
        gates = Gates(self.reading, facts, self.day, self.language)
        return Partners(
            snapshot=self.reading.views.snapshot,
            as_of=self.day,
            known_at=self.question.known_at,
            intermediary=self._ref(self.broker),
            technology=self._ref(self.technology) if self.technology else None,
            wanted=tuple(
                Wanted(aspect=aspect, concept=self._concept(number), covered=covered)
                for (aspect, number), covered in self.wanted.items()
            ),
            buyers=tuple(
                Buyer(firm=self._ref(firm), known=self.known.of(self.broker, firm)) for firm in self.buyers[first:last]
            ),
            buyers_total=len(self.buyers),
            partners=tuple(
                self._partner(rank, body, value, lacking, strangers, gates)
                for rank, (body, value) in enumerate(shown, first + 1)
            ),
            warm_contacts=warm_contacts(self.reading, self.technology, self.buyers, self.day, self.language)
            if self.technology
            else (),
            score_basis=_BASIS[self.language],
            truncated=max(len(scored), len(self.buyers)) > last,
        )

    def _ref(self, node: str) -> Ref:
        return self.reading.ref(node, self.language)

    def _concept(self, number: int) -> Ref:
        return self._ref(self.arrays.ids["concept"][number])

    def _buyers(self) -> list[str]:
        """The firms that the main question would ask for the technology; without one, those with open needs."""
        if self.technology is None:
            needs = self.arrays.tables["need"]
            firms = needs["organisation"][self._open_needs()]
            return [self.arrays.ids["organisation"][int(at)] for at in np.unique(firms[firms >= 0])]
        number = self.arrays.number("technology", self.technology)
        if number is None:
            return []
        candidates = gather(self.reading.ranker, Asked(technologies=[number]), self.number)
        order = np.lexsort((candidates.firm, -score(candidates).log_odds))
        best = dict.fromkeys(int(candidates.firm[at]) for at in order)
        found = [self.arrays.ids["organisation"][at] for at in list(best)[: _BUYERS + 1]]
        return [firm for firm in found if firm != self.broker][:_BUYERS]

    def _open_needs(self) -> np.ndarray:
        needs = self.arrays.tables["need"]
        found: np.ndarray = np.flatnonzero((needs["deadline"] <= NO_DAY) | (needs["deadline"] >= self.number))
        return found

    def _wanted(self) -> list[Place]:
        services = (at for at, concept in enumerate(self.arrays.ids["concept"]) if concept.startswith(_SERVICES))
        found: dict[Place, None] = dict.fromkeys(("service", at) for at in services)
        asked: tuple[tuple[Aspect, str], ...] = (("field", "fields"), ("industry", "industries"))
        for aspect, matrix in asked:
            found.update(dict.fromkeys((aspect, concept) for concept in self._asked_for(matrix)))
        numbered = (self.arrays.number("organisation", firm) for firm in self.buyers)
        firms = [number for number in numbered if number is not None]
        theirs: tuple[tuple[Aspect, str], ...] = (
            ("area", "organisation_places"),
            ("language", "organisation_languages"),
        )
        for aspect, matrix in theirs:
            common = Counter(self.arrays.matrices[matrix][firms].indices.tolist())
            commonest = sorted(common, key=lambda concept: (-common[concept], concept))[:_PLACES]
            found.update(dict.fromkeys((aspect, concept) for concept in commonest))
        return list(found)

    def _asked_for(self, matrix: str) -> list[int]:
        if self.technology is not None:
            number = self.arrays.number("technology", self.technology)
            return [] if number is None else self.coverage.concepts(f"technology_{matrix}", number)
        needs = self.arrays.tables["need"]["need"][self._open_needs()]
        asked: list[int] = np.unique(self.arrays.matrices[f"need_{matrix}"][needs].indices).tolist()
        return asked

    def _scored(self, lacking: list[Place], strangers: list[str]) -> list[tuple[str, float]]:
        """Bodies that cover or know anything, the best first."""
        sizes = Counter(aspect for aspect, _ in lacking)
        most = sum(_WEIGHTS[aspect] for aspect in sizes) + (_KNOWING if strangers else 0.0)
        known = self.coverage.bodies() | {at for body in self.known.brokers() if (at := self._number(body)) is not None}
        numbers = np.array(sorted(known - {self._number(self.broker)}), dtype=np.int64)
        covered = self.coverage.covering(numbers, lacking)
        values = np.zeros(len(numbers))
        for at, (aspect, _) in enumerate(lacking):
            values += covered[:, at] * (_WEIGHTS[aspect] / sizes[aspect])
        bodies = dict(zip((self.arrays.ids["organisation"][at] for at in numbers), values.tolist(), strict=True))
        strange = set(strangers)
        found = []
        for body in (bodies.keys() | self.known.brokers()) - {self.broker}:
            acquainted = len(self.known.firms(body) & strange)
            value = bodies.get(body, 0.0) + (_KNOWING * acquainted / len(strange) if strange else 0.0)
            if value > 0:
                found.append((body, value / most))
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def _number(self, body: str) -> int | None:
        return self.arrays.number("organisation", body)

    def _partner(
        self, rank: int, body: str, value: float, lacking: list[Place], strangers: list[str], gates: Gates
    ) -> Partner:
        at = self._number(body)
        covers = tuple(
            Covered(aspect=aspect, concept=self._concept(number), sources=self.coverage.sources(at, (aspect, number)))
            for aspect, number in lacking
            if at is not None and self.coverage.covers(at, (aspect, number))
        )
        firms = self.known.firms(body)
        knows = [firm for firm in strangers if firm in firms]
        return Partner(
            rank=rank,
            intermediary=self._ref(body),
            score=value,
            covers=covers,
            knows=tuple(event for firm in knows[:_NAMED] for event in self.known.of(body, firm)[:1]),
            knows_total=len(knows),
            gate=gates.broker(body),
        )
