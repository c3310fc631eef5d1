"""What the ledger of rights over state-funded results says. ``/api/rights`` prints it as it stands."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from graph.answer.model import Ref, SourceRef
from graph.policy.case import Form
from graph.policy.law import Regime
from graph.policy.rights import Basis, GateResult, Registration, Step
from graph.policy.scope import State

StateBasis = Literal["event", "register", "law", "none"]
Permit = Literal["needed", "not_needed", "prohibited", "unknown"]
EventKind = Literal[
    "approved", "accepted", "requested", "decided", "published", "offered", "licensed", "assigned", "ended", "disclosed", "filed",
    "granted",
]  # fmt: skip
Text = Field(None, max_length=2_000)
_DAY = r"^\d{4}-\d{2}-\d{2}$"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class RightsQuestion(_Part):
    """Which results, and whether a technology may be given. ``technology``, ``host``, ``to``, ``giver`` are an id, an IRI or an exact name.

    ``state`` is a code of the scheme ``rights-state``, ``field`` a code, name or id of OECD FORD for results, an IPC symbol where a
    technology is asked about; ``territory`` a place code.
    """

    technology: str | None = Text
    to: str | None = Text
    giver: str | None = Text
    form: Form = "licence"
    territory: str | None = Field(None, max_length=200)
    field: str | None = Field(None, max_length=200)
    state: str | None = Field(None, max_length=40)
    host: str | None = Text
    regime: Regime | None = None
    limit: int = Field(50, ge=1, le=10_000)
    offset: int = Field(0, ge=0)
    as_of: str | None = Field(None, pattern=_DAY)
    known_at: str | None = Field(None, pattern=_DAY)
    language: Literal["vi", "en"] = "vi"


class Coded(_Part):
    """A concept by its code and its name."""

    id: str
    code: str
    name: str


class Share(_Part):
    """An owner and its part, 1 being the whole; null where the record does not settle it."""

    owner: Ref
    share: float | None


class Power(_Part):
    """A power over the result or a technology that comes from it. ``until`` null is open; an empty scope is not on record."""

    holding: Ref
    holder: Ref | None
    over: Ref
    power: Coded | None
    share: float | None
    exclusive: bool
    sublicensable: bool
    territory: tuple[Coded, ...]
    field: tuple[Coded, ...]
    decision: bool
    valid_from: str | None
    valid_until: str | None
    valid: bool
    sources: tuple[SourceRef, ...]


class Event(_Part):
    """Something dated that happened to the rights. ``of`` is the node that says so, ``to`` whom it concerns.

    ``document`` is the number of the document by which it happened, where it is on record.
    """

    day: str
    kind: EventKind
    of: Ref
    to: Ref | None
    document: str | None
    sources: tuple[SourceRef, ...]


class ProfitPart(_Part):
    """The least part of the profit that a party has by law. ``payees`` are those on record; none means that nobody can be paid yet.

    ``titles_only``: of the profit from titles of protection; ``titles`` are those that were granted by the day.
    """

    party: Literal["authors", "broker"]
    minimum: float
    state_part_only: bool
    titles_only: bool
    titles: tuple[Ref, ...]
    basis: Basis
    payees: tuple[Ref, ...]


class RecordedShare(_Part):
    """The part of the profit that a party has by a signed contract; ``basis`` is what the record says: ``agreed`` or ``statutory``."""

    deal: Ref
    day: str
    party: Literal["authors", "broker"]
    share: float
    basis: str | None
    sources: tuple[SourceRef, ...]


class Deadline(_Part):
    """The last day for filing that keeps novelty. ``filed`` is true where an application is on record.

    ``disclosed_by`` is what made it public first: the technology itself, with its day of disclosure, or an announcement of its result.
    """

    technology: Ref
    disclosed: str
    disclosed_by: Ref
    deadline: str
    filed: bool
    passed: bool
    basis: Basis


class Contradiction(_Part):
    """What the record says that can't be right together."""

    kind: Literal[
        "shares_exceed_whole", "exclusive_overlap", "exclusive_may_overlap", "owners_disputed", "licensed_undecided"
    ]
    bodies: tuple[Ref, ...]
    share: float | None = None
    territory: str | None = None
    field: str | None = None


class Entry(_Part):
    """A line of the ledger, as of the day. ``state_basis``: a dated event, the register's word without a day, or the law itself.
    The event is ``state_event``, the number of its document ``state_document``.

    ``clear`` is false where it is not known who owns: undecided, unnamed, disputed or not on record.
    """

    result: Ref
    task: Ref | None
    host: Ref | None
    fields: tuple[Coded, ...]
    approved_on: str | None
    accepted_on: str | None
    regime: Regime
    regime_basis: tuple[Basis, ...]
    state: Coded | None
    state_since: str | None
    state_basis: StateBasis
    state_event: Ref | None
    state_document: str | None
    owners: tuple[Share, ...]
    clear: bool
    technologies: tuple[Ref, ...]
    registration: Registration
    permit: Permit
    novelty_deadline: str | None
    warnings: tuple[Contradiction, ...]


class ResultRights(Entry):
    """All that the ledger says of one result."""

    snapshot: str
    as_of: str
    known_at: str | None
    events: tuple[Event, ...]
    powers: tuple[Power, ...]
    profit: tuple[ProfitPart, ...]
    recorded_profit: tuple[RecordedShare, ...]
    deadlines: tuple[Deadline, ...]
    next_steps: tuple[Step, ...]


class Given(_Part):
    """The answer for one who might give."""

    giver: Ref | None
    may: State
    gate: str | None
    registration: Registration
    reason: str
    basis: tuple[Basis, ...]
    gates: tuple[GateResult, ...]
    next_steps: tuple[Step, ...]


class May(_Part):
    """May the technology be given today? The best answer among those who might give it, the others beside it."""

    technology: Ref
    to: Ref | None
    form: Form
    territory: tuple[str, ...]
    field: tuple[str, ...]
    cross_border: bool | None
    answer: Given
    others: tuple[Given, ...]


class RightsLedger(_Part):
    """The ledger: ``total`` lines fit the question, ``states`` and ``regimes`` count them; ``may`` where a technology is asked about."""

    snapshot: str
    as_of: str
    known_at: str | None
    total: int
    states: dict[str, int]
    regimes: dict[str, int]
    entries: tuple[Entry, ...]
    may: May | None
    truncated: bool
