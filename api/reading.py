"""What the HTTP side asks of the rest: one snapshot's views to read from, and a way to write a curator's correction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import pyoxigraph as ox

from api.computing import Key
from api.intake import Intake, TakenIn
from graph.answer.case_proposals import Proposals
from graph.answer.expert_model import ExpertQuestion, Experts
from graph.answer.indicators import Figure
from graph.answer.model import Answer, Question
from graph.answer.partner_model import PartnerQuestion, Partners
from graph.answer.reading import Reading
from graph.answer.reconciling import Reconciler
from graph.answer.whatif.model import Outcome as Tried
from graph.answer.whatif.scenario import Scenario
from graph.questions.communities import Overview
from graph.questions.named import NamedQuestion
from graph.questions.networks import Network, Projection
from graph.questions.running import Prepared, Result
from graph.questions.twins import Language
from graph.resolve.snapshots import Snapshot
from graph.statements.cases import Case
from graph.statements.consents import Consent
from graph.statements.home import Home
from graph.statements.loads import Load
from graph.statements.outcomes import Outcome
from graph.statements.tombstones import Tombstone
from graph.views.bridge import Bridge, Bridged
from graph.views.entity import EntityPage, Fact, Member, NodeRef, RecordRef
from graph.views.facets import Narrowed
from graph.views.history import Beginning, History
from graph.views.kept import Kept
from graph.views.rdf import Dataset
from graph.views.search import Found
from graph.views.surroundings import Around

T = TypeVar("T")
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Hit(Protocol):
    """One result of a search; the higher the score the better."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def snippet(self) -> str: ...
    @property
    def score(self) -> float: ...


class Told(Protocol):
    """What is told of nodes and by records. An identifier is the path of an IRI without ``id/`` (``scheme/trl/1/7``)."""

    def redirect(self, identifier: str) -> str | None:
        """The surviving id of a merged one."""

    def triples(self, identifier: str) -> Sequence[ox.Triple | ox.Quad]:
        """What the default graph says of an entity."""

    def ref(self, identifier: str, language: str) -> NodeRef:
        """A node to link to."""

    def record(self, record: str) -> RecordRef:
        """Where a source record is from."""

    def said(self, record: str, limit: int = 500) -> Iterable[tuple[str, str, Term]]:
        """What a record said, as it said it: the id of whom, property, value or target."""

    def fact(self, prop: str, term: Term, language: str) -> Fact:
        """A statement of a record as a fact."""


class Views(Told, Protocol):
    """The views of one published snapshot."""

    @property
    def snapshot(self) -> str: ...
    @property
    def made_of(self) -> Snapshot:
        """Which loads it was made of."""

    @property
    def home(self) -> Home:
        """The home that it is in."""

    @property
    def reconciler(self) -> Reconciler:
        """Finds the nodes that names mean."""

    @property
    def bridge(self) -> Bridge:
        """The phrases that are known in both languages."""

    def search(
        self,
        text: str,
        limit: int = 20,
        classes: Sequence[str] = (),
        language: str = "vi",
        bridged: Sequence[Bridged] = (),
    ) -> Sequence[Hit]: ...

    def narrow(
        self,
        text: str,
        narrowed: Narrowed,
        limit: int = 20,
        offset: int = 0,
        language: str = "vi",
        bridged: Sequence[Bridged] = (),
    ) -> Found:
        """A page of the hits for a text, narrowed by facets, and what it can be narrowed by further.

        :raises NotReady: where the snapshot was published before there were facets
        """

    def suggest(self, text: str, limit: int = 8, language: str = "vi") -> Sequence[Hit]:
        """Nodes whose name may be what somebody is typing."""

    def entity(self, identifier: str, language: str = "vi", limit: int = 25) -> EntityPage | None: ...

    def tombstone(self, identifier: str) -> Tombstone | None:
        """What is left of something that was erased."""

    def types(self, identifier: str) -> Sequence[str]:
        """The classes of a node, the most specific first."""

    def values(self, identifier: str, prop: str) -> Sequence[str]:
        """The values or targets of a property, as text or ids."""

    def subjects(self, prop: str, identifier: str) -> Sequence[str]:
        """The nodes that point to a node by a property."""

    def illustrative(self, identifier: str) -> bool:
        """Whether an entity was made up."""

    def edge_sources(self, identifier: str, prop: str, target: str, limit: int = 12) -> tuple[RecordRef, ...]:
        """The records that state an edge between two nodes, at most ``limit``."""

    def value_sources(self, identifier: str, prop: str, limit: int = 12) -> tuple[RecordRef, ...]:
        """The records that state any value of a property, at most ``limit``."""

    def around(self, identifier: str) -> Around:
        """What stands around a node: neighbours by the way that leads to them, and days."""

    def history(self, identifier: str, offset: int = 0, limit: int = 50) -> History:
        """What records said of a node, load by load, and which links made its mentions one; the newest first."""

    def beginning(self, identifier: str) -> Beginning:
        """Since when there is a node, by the loads of this snapshot."""

    def members(self, scheme: str, language: str = "vi") -> Sequence[Member]:
        """The concepts of a scheme, by code."""

    def counts(self) -> dict[str, int]:
        """Class → number of its nodes."""

    def answer(self, question: Question, case: Case | None = None) -> Answer:
        """The answer to the main question, with a case in the place of a saved technology or need."""

    def propose(self, text: str) -> Proposals:
        """What a text is about, for somebody to correct."""

    def experts(self, question: ExpertQuestion) -> Experts:
        """Experts who can help."""

    def partners(self, question: PartnerQuestion) -> Partners:
        """Partners of an intermediary."""

    def question(self, question: NamedQuestion, given: Mapping[str, Any], on: Language = "cypher") -> Result:
        """The answer to a named question."""

    def prepared(self, question: NamedQuestion, given: Mapping[str, Any]) -> Prepared:
        """A named question with its values, not asked yet."""

    def consistently(self, ask: Callable[[Reading], T]) -> T:
        """What ``ask`` finds out from this one snapshot; it is asked again where the snapshot was switched meanwhile."""

    def computed(self, key: Key, what: Mapping[str, str], ask: Callable[[Reading], T]) -> T:
        """What ``ask`` finds out, which may take long: once of a snapshot.

        :param key: what is asked, by all that it depends on besides the snapshot
        :param what: what it is called while it is being computed, in both languages
        :raises Preparing: where it takes longer than whoever asks waits
        """

    def network(self, projection: Projection, as_of: str) -> Network:
        """A projection of the snapshot, of what had happened by a day."""

    def overview(self, projection: Projection, as_of: str, since: int | None, until: int | None) -> Overview:
        """What is shown of a projection, of some years."""

    def try_out(self, scenario: Scenario) -> Tried:
        """What a scenario would change."""

    def indicators(self, as_of: str) -> Sequence[Figure]:
        """The indicators of the strategy on a day."""


def statements(views: Told, record: str, language: str) -> list[tuple[NodeRef, list[Fact]]]:
    """What a record said, by whom it said it of, in the record's order."""
    gathered: dict[str, list[Fact]] = {}
    for subject, prop, term in views.said(record):
        gathered.setdefault(subject, []).append(views.fact(prop, term, language))
    return [(views.ref(subject, language), facts) for subject, facts in gathered.items()]


class ViewsSource(Protocol):
    """Where a request gets the views of the newest snapshot."""

    def current(self) -> Views:
        """The newest snapshot's views.

        :raises NotReady: where nothing is published yet
        :raises GraphUnavailable: where the property graph does not answer
        """

    def known_at(self, day: str) -> Views:
        """The views of what was known up to the end of a day in Vietnam.

        :param day: an ISO date that is not in the future
        :raises Preparing: where they have to be made first, which is begun
        :raises NothingKnown: where nothing was known on that day
        """

    def named(self, snapshot: str) -> Views:
        """The views of a snapshot by its id.

        :raises UnknownSnapshot: where it is neither kept nor the newest
        """

    def dataset(self, snapshot: str | None) -> Dataset:
        """The dataset of the newest snapshot, or of one by its id.

        :raises UnknownSnapshot: where it is neither kept nor the newest
        """

    def ready(self) -> tuple[bool, str]:
        """Whether questions can be answered, and why not."""

    def close(self) -> None: ...


class Writer(Protocol):
    """Writes by forms."""

    def correct(
        self, entity: str, property: str, value: str, language: str | None, who: str, proposal: str | None = None
    ) -> str:
        """Write a curator's value as a load of its own and start a publish; the answer is the load's number.

        :param proposal: the id of the proposal that the curator accepted, where it is one
        """

    def judge_pair(self, later: str, earlier: str, same: bool, who: str, reason: str) -> Load:
        """Write a curator's decision on two mentions and start a publish."""

    def tell(self, outcome: Outcome, who: str) -> Load:
        """Write what a member tells of an introduction; members see it at once."""

    def state(self, case: Case, seen: bool) -> Load:
        """Write a case; where everybody sees it, or did so far (``seen``), start a build."""

    def forget(self, case: Case) -> Load:
        """Take a case away; where everybody saw it, start a build."""

    def agree(self, stated: Iterable[Consent], who: str) -> None:
        """Write consents, or that they were withdrawn. Nothing public says them, so there is nothing to publish."""

    def erase(self, person: str, properties: Sequence[str], reason: str, who: str) -> int:
        """Begin to erase a person, or properties of theirs, and start a build; the number of statements that go.

        :raises ErasureError: where nothing of the kind can be erased
        """

    def take_in(self, intake: Intake, dry_run: bool) -> TakenIn:
        """Load a file and start a build, or only count what it would change.

        :raises FileRefused: where it can't be read, or nobody can tell whose it is
        :raises MappingError: where its mapping is not right
        """

    def withdraw(self, number: str) -> Load:
        """Take a load back and start a build.

        :raises LoadError: where there is none, or it was withdrawn before
        """

    def keep(self, title: str | None, note: str | None) -> Kept:
        """Keep the newest snapshot, to be cited."""

    def begin_to_keep(self, title: str | None, note: str | None) -> str:
        """The same, while nobody waits for it; the snapshot's id."""

    def close(self) -> None:
        """Finish what was begun."""
