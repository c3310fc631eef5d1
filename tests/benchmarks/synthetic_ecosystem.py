"""A made-up ecosystem of any size, for measuring: organisations, intermediaries with services, technologies with their holders, past
deals and needs. Everything in it is synthetic and marked illustrative.

How things hang together follows what patents show: few intermediaries have most deals, a firm returns to those it knows, technologies
cluster in fields, and words are as unevenly frequent as in any language.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Origin
from ontology.schemes import schemes
from ontology.statement import ABOUT, Mentions, Record, concept_path, mention_id

_SOURCE = "bench/ecosystem"
_SYLLABLES = [a + b + c for a in "bdghklmnprstv" for b in ("a", "e", "i", "o", "u") for c in ("", "n", "m", "ng", "t")]


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything; in all about 2,000,000 edges at 100,000 organisations.

    ``market`` adds what gaps are told by: technologies on offer, and fields and industries of needs.
    """

    organisations: int = 100_000
    market: bool = False

    @property
    def intermediaries(self) -> int:
        return max(20, self.organisations // 50)

    @property
    def technologies(self) -> int:
        return 3 * self.organisations

    @property
    def deals(self) -> int:
        return 2 * self.organisations

    @property
    def needs(self) -> int:
        return max(20, self.organisations // 5)

    @property
    def offers(self) -> int:
        return self.technologies // 10 if self.market else 0


def write_ecosystem(directory: Path, size: Size, seed: int = 11) -> Home:
    """Write a home of about that size as one load; it is to be published."""
    home = Home(directory)
    write_load(home, Origin(_SOURCE, "city", "synthetic", "synthetic"), iter(_Ecosystem(size, seed).records()))
    return home


def node(kind: str, number: int) -> str:
    """The id of the synthetic thing with a number."""
    return mention_id(_SOURCE, f"{kind}/{number}", ABOUT)


class _Ecosystem:
    """Writes one ecosystem, always the same for a size and a seed."""

    def __init__(self, size: Size, seed: int) -> None:
        self.size, self.random = size, random.Random(seed)
        self.classes = [code for code in sorted(schemes().codes("ipc/2024")) if len(code) == 4]
        self.fields = [code for code in sorted(schemes().codes("ford/2015")) if "." in code]
        self.industries = [code for code in sorted(schemes().codes("vsic/2018")) if len(code) == 2]
        self.places = [code for code in sorted(schemes().codes("place/2025")) if code.startswith("VN-")]
        words = [a + b for a in _SYLLABLES for b in self.random.sample(_SYLLABLES, 30)]
        self.random.shuffle(words)
        self.words = words
        self.weights = [1 / (rank + 10) for rank in range(len(words))]

    def records(self) -> Iterator[Record]:
        """All records, a thing each."""
        for number in range(self.size.organisations):
            yield self._organisation(number)
        for number in range(self.size.intermediaries):
            yield self._offering(number)
        for number in range(self.size.technologies):
            yield self._technology(number)
        for number in range(self.size.deals):
            yield self._deal(number)
        for number in range(self.size.needs):
            yield self._need(number)
        for number in range(self.size.offers):
            yield self._offer(number)

    def _begin(self, kind: str, number: int, cls: str) -> tuple[Mentions, str]:
        mentions = Mentions(_SOURCE, f"{kind}/{number}", number)
        about = mentions.mention(ABOUT, cls)
        mentions.value(about, "illustrative", "true")
        return mentions, about

    def _said(self, count: int, topic: int) -> str:
        """Words of which half belong to a topic."""
        own = self.words[topic * 37 % len(self.words) :][:60] or self.words[:60]
        return " ".join(
            self.random.choices(own, k=count // 2) + self.random.choices(self.words, self.weights, k=count - count // 2)
        )

    def _topic(self, number: int) -> int:
        """What an organisation is about: two neighbouring fields of the whole."""
        return (number * 7919) % len(self.classes)

    def _class(self, topic: int) -> str:
        return concept_path("ipc/2024", self.classes[topic % len(self.classes)])

    def _field(self, topic: int) -> str:
        return concept_path("ford/2015", self.fields[topic % len(self.fields)])

    def _industry(self) -> str:
        return concept_path("vsic/2018", self.random.choice(self.industries))

    def _organisation(self, number: int) -> Record:
        broker = number < self.size.intermediaries
        mentions, about = self._begin("organisation", number, "Intermediary" if broker else "Enterprise")
        mentions.value(about, "name", f"Synthetic {self._said(3, self._topic(number))} {number}", "vi")
        mentions.edge(about, "locatedIn", concept_path("place/2025", self.random.choice(self.places)))
        mentions.edge(about, "hasIndustry", self._industry())
        return mentions.record

    def _offering(self, number: int) -> Record:
        mentions, about = self._begin("offering", number, "ServiceOffering")
        mentions.edge(about, "provider", node("organisation", number))
        mentions.edge(about, "serviceKind", concept_path("service-kind/1", "brokerage"))
        for field in self.random.sample(self.fields, 2):
            mentions.edge(about, "hasField", concept_path("ford/2015", field))
        mentions.value(about, "validFrom", f"{self.random.randrange(2015, 2026)}-01-01")
        return mentions.record

    def _firm(self, topic: int) -> int:
        """A firm; half of the time one that is about the topic."""
        firms = self.size.organisations - self.size.intermediaries
        number = self.size.intermediaries + self.random.randrange(firms)
        if self.random.random() < 0.5:
            step = number - number % len(self.classes)
            number = step + next((at for at in range(len(self.classes)) if self._topic(step + at) == topic), 0)
        return min(max(number, self.size.intermediaries), self.size.organisations - 1)

    def _technology(self, number: int) -> Record:
        topic = self.random.randrange(len(self.classes))
        mentions, about = self._begin("technology", number, "Technology")
        mentions.value(about, "name", self._said(8, topic), "vi")
        mentions.edge(about, "hasPatentClass", self._class(topic))
        if self.random.random() < 0.5:
            mentions.edge(about, "hasPatentClass", self._class(topic + self.random.randrange(1, 30)))
        mentions.edge(about, "hasField", self._field(topic))
        if self.size.market:
            mentions.edge(about, "targetIndustry", self._industry())
        holding = mentions.mention("holding", "RightsHolding")
        mentions.value(holding, "illustrative", "true")
        mentions.edge(holding, "holder", node("organisation", self._firm(topic)))
        mentions.edge(holding, "over", about)
        mentions.edge(holding, "power", concept_path("power/1", "own"))
        mentions.value(holding, "validFrom", f"{self.random.randrange(2005, 2025)}-06-01")
        return mentions.record

    def _deal(self, number: int) -> Record:
        technology = self.random.randrange(self.size.technologies)
        mentions, about = self._begin("deal", number, "ServiceEngagement")
        broker = int(self.size.intermediaries * self.random.random() ** 2.5)
        mentions.edge(about, "provider", node("organisation", broker))
        mentions.edge(about, "client", node("organisation", self._firm(technology % len(self.classes))))
        mentions.edge(about, "object", node("technology", technology))
        day = (
            f"{self.random.randrange(2008, 2026)}-{self.random.randrange(1, 13):02d}-{self.random.randrange(1, 29):02d}"
        )
        mentions.value(about, "date", day)
        return mentions.record

    def _need(self, number: int) -> Record:
        topic = self.random.randrange(len(self.classes))
        mentions, about = self._begin("need", number, "TechnologyNeed")
        mentions.value(about, "name", self._said(8, topic), "vi")
        mentions.edge(about, "needOf", node("organisation", self._firm(topic)))
        mentions.edge(about, "hasPatentClass", self._class(topic))
        mentions.value(about, "budget", str(self.random.randrange(100, 9000) * 1_000_000))
        if self.size.market:
            mentions.edge(about, "hasField", self._field(topic))
            mentions.edge(about, "targetIndustry", self._industry())
        return mentions.record

    def _offer(self, number: int) -> Record:
        """An offer of one technology in ten; of a third of them by a broker, half of them until some day."""
        technology = 10 * number
        mentions, about = self._begin("offer", number, "TechnologyOffer")
        mentions.edge(about, "offers", node("technology", technology))
        mentions.edge(about, "offeredBy", node("organisation", self._firm(technology % len(self.classes))))
        if number % 3 == 0:
            mentions.edge(about, "broker", node("organisation", self.random.randrange(self.size.intermediaries)))
        mentions.value(about, "validFrom", f"{self.random.randrange(2018, 2026)}-01-01")
        if number % 2:
            mentions.value(about, "validUntil", f"{self.random.randrange(2025, 2029)}-12-31")
        return mentions.record
