"""What is supposed: a new intermediary, rights assigned, a broker closed, two units merged; and of what it is asked."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from graph.answer.errors import AnswerError
from graph.answer.reading import Reading
from graph.answer.understanding import resolve_node
from graph.statements.home import today
from graph.views.naming import called, identified, near
from ontology.schemes import schemes
from ontology.statement import ABOUT, CURATOR_PREFIX, mention_id

SOURCE = f"{CURATOR_PREFIX}whatif"
"""The source of hypothetical records. Nothing is loaded under it: as a curator's it goes before what registers say."""
FIELDS, SERVICES, PLACES, POWERS = "ford/2015", "service-kind/1", "place/2025", "power/1"
MOST_FIELDS, MOST_RESULTS, MOST_ASKED, MOST_ROUTES = 10, 50, 5, 20
"""What one scenario may name; it is to answer while somebody waits."""
_NAME = {"vi": "Tổ chức trung gian giả định", "en": "Hypothetical intermediary"}


class Scenario(BaseModel):
    """A scenario as its address says it: bodies, results and concepts by id, IRI, exact name or code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    add_field: tuple[str, ...] = Field((), max_length=MOST_FIELDS)
    add_service: tuple[str, ...] = Field((), max_length=MOST_FIELDS)
    add_place: str = Field("", max_length=200)
    add_name: str = Field("", max_length=200)
    assign: tuple[str, ...] = Field((), max_length=MOST_RESULTS)
    assign_to: str = Field("", max_length=300)
    assign_power: Literal["own", "use"] = "own"
    close: str = Field("", max_length=300)
    merge: str = Field("", max_length=300)
    into: str = Field("", max_length=300)
    technology: tuple[str, ...] = Field((), max_length=MOST_ASKED)
    firm: tuple[str, ...] = Field((), max_length=MOST_ASKED)
    limit: int = Field(10, ge=1, le=MOST_ROUTES)
    as_of: str = Field("", pattern=r"^(\d{4}-\d{2}-\d{2})?$")
    language: Literal["vi", "en"] = "vi"
    known_at: str | None = Field(None, max_length=10)
    snapshot: str | None = Field(None, max_length=40)
    """Which snapshot is asked; whoever reads the address picks it."""

    @field_validator("add_field", "add_service", "assign", "technology", "firm", mode="before")
    @classmethod
    def _listed(cls, given: Any) -> Any:
        """Values as a list, without the blanks of a form; several may stand in one field, a line each."""
        several = [given] if isinstance(given, str) else given
        if not isinstance(several, list | tuple) or not all(isinstance(one, str) for one in several):
            return given
        return tuple(line.strip() for one in several for line in one.splitlines() if line.strip())

    @property
    def supposes(self) -> bool:
        """Whether anything is supposed."""
        return bool(self.add_field or self.assign or self.close or self.merge)


class Supposed(BaseModel):
    """A scenario with everything in it found: ids of nodes of one snapshot, and its day."""

    model_config = ConfigDict(frozen=True)

    day: str
    name: str = ""
    added: str | None = None
    """The intermediary that is added: nobody knows its id but who asks."""
    fields: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    place: str | None = None
    results: tuple[str, ...] = ()
    holder: str | None = None
    power: str = ""
    closed: str | None = None
    merged: str | None = None
    into: str | None = None


def suppose(reading: Reading, scenario: Scenario) -> Supposed:
    """Find what a scenario names.

    :raises AnswerError: where something in it is unknown, missing or contradicts the rest
    """
    if not scenario.supposes:
        raise AnswerError("suppose something: add_field, assign, close or merge")
    if (scenario.add_service or scenario.add_place or scenario.add_name) and not scenario.add_field:
        raise AnswerError("add_field: name the fields of the intermediary that is added")
    name = scenario.add_name.strip() or _NAME[scenario.language]
    found = Supposed(
        day=scenario.as_of or today(),
        name=name,
        added=mention_id(SOURCE, f"add/{name}", ABOUT) if scenario.add_field else None,
        fields=_concepts(reading, "add_field", FIELDS, scenario.add_field),
        services=_concepts(reading, "add_service", SERVICES, scenario.add_service or ("brokerage",)),
        place=_concept(reading, "add_place", PLACES, scenario.add_place) if scenario.add_place else None,
        results=tuple(dict.fromkeys(_result(reading, text, scenario.language) for text in scenario.assign)),
        holder=_paired(reading, scenario, "assign_to", bool(scenario.assign)),
        power=f"scheme/{POWERS}/{scenario.assign_power}",
        closed=_body(reading, scenario, "close") if scenario.close else None,
        merged=_body(reading, scenario, "merge") if scenario.merge else None,
        into=_paired(reading, scenario, "into", bool(scenario.merge)),
    )
    _contradictions(reading, found)
    return found


def _contradictions(reading: Reading, found: Supposed) -> None:
    if found.closed and "Intermediary" not in reading.views.types(found.closed):
        raise AnswerError("close: this body is no intermediary; only an intermediary can be closed here")
    if found.merged is not None and found.merged == found.into:
        raise AnswerError("merge and into are one body already")
    if found.closed is not None and found.closed in (found.merged, found.into):
        raise AnswerError("close: a unit that is merged can't be closed in the same scenario")


def _paired(reading: Reading, scenario: Scenario, part: str, wanted: bool) -> str | None:
    """A body that goes with another part of the scenario: both are given or neither."""
    given = bool(getattr(scenario, part))
    if given != wanted:
        other = "assign" if part == "assign_to" else "merge"
        raise AnswerError(f"{part} and {other} go together; give both or neither")
    return _body(reading, scenario, part) if given else None


def _body(reading: Reading, scenario: Scenario, part: str) -> str:
    try:
        return resolve_node(reading, "intermediary", getattr(scenario, part), scenario.language)
    except AnswerError as error:
        raise AnswerError(f"{part}: {str(error).replace('no intermediary', 'no organisation')}") from None


def _result(reading: Reading, text: str, language: str) -> str:
    """A research result or a technology."""
    for cls in ("ResearchResult", "Technology"):
        node = identified(reading.views, text, cls)
        if node is not None:
            return node
    hits = []
    for cls in ("ResearchResult", "Technology"):
        exact, found = called(reading.views, text, cls, language)
        if exact:
            return exact[0]
        hits += found
    raise AnswerError(
        f"assign: no result or technology is called «{text}»" + (f"; near are {near(hits)}" if hits else "")
    )


def _concepts(reading: Reading, part: str, scheme: str, given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_concept(reading, part, scheme, one) for one in given))


def _concept(reading: Reading, part: str, scheme: str, text: str) -> str:
    prefix = f"scheme/{scheme}/"
    for candidate in (schemes().find(scheme, text), text, f"{prefix}{text}"):
        if candidate and candidate.startswith(prefix) and identified(reading.views, candidate, "Concept"):
            return candidate
    raise AnswerError(f"{part}: the scheme {scheme} has no concept «{text}»; give its code, name or IRI")
