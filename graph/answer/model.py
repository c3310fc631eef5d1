"""What an answer to the main question is made of. ``/api/transfer`` and ``ketnoi ask --json`` print it as it stands."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from graph.policy.rights import Basis
from graph.views.bridge import Bridged

GateState = Literal["pass", "fail", "unknown"]
GateName = Literal["law", "right", "broker", "conflict", "need"]
FilterName = Literal["field", "industry", "region", "holder_class", "intermediary_kind", "trl", "price"]
MOST_ROUTES = 200
"""Routes of one answer at most, from the first."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Ref(_Part):
    """A node by its id, with its name in the language asked for, and its class."""

    id: str
    name: str
    type: str
    illustrative: bool = False


class SourceRef(_Part):
    """The record behind something: one step to file, line and day."""

    record: str
    source: str
    file: str | None = None
    line: int | None = None
    date: str | None = None


class Hop(_Part):
    """One step of a route. ``asserted`` is false for what was derived; ``valid`` is a period as text, where one is known."""

    from_: Ref = Field(alias="from", serialization_alias="from")
    relation: str
    to: Ref
    asserted: bool
    sources: tuple[SourceRef, ...]
    valid: str | None = None
    via: Ref | None = None
    """The event node that the hop stands for, such as a rights holding."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class Contribution(_Part):
    """What a feature adds: ``value`` in log-odds, ``measure`` what it saw (null where nothing is on record), and a sentence that says why."""

    feature: str
    value: float
    measure: float | None
    reason: str


class Counterfactual(_Part):
    """The score and rank that the route would have without some statements."""

    without: str
    log_odds: float
    rank: int | None


class Gate(_Part):
    """A gate: pass, fail or unknown, why, and the provisions behind it."""

    gate: GateName
    state: GateState
    reason: str
    basis: tuple[Basis, ...] = ()
    sources: tuple[SourceRef, ...] = ()


class Contact(_Part):
    """A public contact point of an organisation."""

    organization: Ref
    kind: str
    value: str
    source: SourceRef | None = None


class Route(_Part):
    """One way for a technology to reach a firm. ``key`` names its ends, so that it can be asked for again (``route``)."""

    key: str
    rank: int
    technology: Ref
    holder: Ref | None
    intermediary: Ref | None
    chain: tuple[Ref, ...] = ()
    firm: Ref | None
    need: Ref | None
    score: float
    log_odds: float
    score_basis: str
    contributions: tuple[Contribution, ...]
    counterfactuals: tuple[Counterfactual, ...] = ()
    hops: tuple[Hop, ...]
    gates: tuple[Gate, ...]
    transferable_now: bool
    contacts: tuple[Contact, ...]
    next_steps: tuple[str, ...]


class Excluded(_Part):
    """A candidate that a gate shut out."""

    technology: Ref
    intermediary: Ref | None
    firm: Ref | None
    gate: GateName
    reason: str
    basis: tuple[Basis, ...] = ()


class Filter(_Part):
    """What a filter does to all that is known: of how many technologies or organisations it lets through how many (``passed``), shuts
    out how many (``failed``), and of how many nothing is on record (``unknown``), which do not pass either."""

    name: FilterName
    value: Ref
    of: Literal["technology", "organization"]
    passed: int
    failed: int
    unknown: int


class Answer(_Part):
    """The answer to the main question. ``missing`` names what was not understood or what to ask for besides, ``bridged`` the phrases of
    the text that were looked for in the other language too."""

    snapshot: str
    as_of: str
    known_at: str | None
    asked: dict[str, str | None]
    understood: tuple[Ref, ...] = ()
    filters: tuple[Filter, ...] = ()
    bridged: tuple[Bridged, ...] = ()
    missing: tuple[str, ...] = ()
    routes: tuple[Route, ...]
    excluded: tuple[Excluded, ...]
    truncated: bool


class Question(_Part):
    """The main question; each part is an id, an IRI or an exact name, ``text`` is free."""

    text: str | None = Field(None, description="A technology, a need, an organisation or a person, in words.")
    technology: str | None = Field(None, description="An id, an IRI or an exact name; so are the next three.")
    firm: str | None = Field(None, description="Who would take it.")
    need: str | None = Field(None, description="What it would meet.")
    intermediary: str | None = Field(None, description="Who would bring it.")
    case: str | None = Field(None, max_length=20, description="A case of the desk by its id, for who may open it.")
    field: str | None = Field(
        None, max_length=300, description="Field of the technology (FORD, IPC), or a narrower one."
    )
    industry: str | None = Field(None, max_length=300, description="Industry of the firm (VSIC), or a narrower one.")
    region: str | None = Field(None, max_length=300, description="Where the firm is: a province or commune.")
    holder_class: str | None = Field(
        None, max_length=60, description="Class of who owns the technology.", examples=["University"]
    )
    intermediary_kind: str | None = Field(
        None, max_length=300, description="Kind of a recognition that the intermediary has."
    )
    trl: int | None = Field(None, ge=1, le=9, description="Readiness of the technology, as last assessed, at least.")
    price: int | None = Field(None, ge=0, description="Current public price of the technology in VND, at most.")
    limit: int = Field(20, ge=1, le=MOST_ROUTES)
    offset: int = Field(0, ge=0, lt=MOST_ROUTES, description="Routes of better rank that are left out.")
    route: list[str] = Field([], max_length=10, description="Only these routes, by their keys, among the first 200.")
    as_of: str | None = Field(None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    known_at: str | None = Field(None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    language: Literal["vi", "en"] = "vi"
