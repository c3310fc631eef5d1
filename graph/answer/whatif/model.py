"""What a scenario would change, side by side with today. ``/api/whatif`` prints it as it stands."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from graph.answer.indicators import Figure
from graph.answer.model import Ref
from graph.answer.whatif.scenario import Scenario

Change = Literal["new", "gone", "moved", "same"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Side(_Part):
    """A route on one side: its place and score, and what the gates say."""

    rank: int
    score: float
    log_odds: float
    transferable_now: bool
    gates: dict[str, str]


class RouteChange(_Part):
    """A route of today, of the scenario, or of both. ``reason`` says which gate shuts it out under the scenario, where one does."""

    technology: Ref
    intermediary: Ref | None
    firm: Ref | None
    need: Ref | None
    change: Change
    today: Side | None
    supposed: Side | None
    reason: str | None = None


class Counts(_Part):
    """How many routes there are among the best, how many are open now, and how many candidates a gate shut out."""

    routes: int
    transferable_now: int
    excluded: int


class Asked(_Part):
    """The routes of one question of technology or firm. ``through`` are the best ones of the intermediary that is added, if one is, with
    their rank among themselves: it may stand below the routes that are compared."""

    part: Literal["technology", "firm"]
    about: Ref
    today: Counts
    supposed: Counts
    routes: tuple[RouteChange, ...]
    through: tuple[RouteChange, ...] = ()


class Gap(_Part):
    """A field with open needs and no broker, today or under the scenario."""

    field: Ref
    needs: int
    firms: int
    budget: int
    change: Literal["opened", "closed", "same"]


class IndicatorChange(_Part):
    """An indicator today and under the scenario."""

    id: str
    today: Figure
    supposed: Figure


class Outcome(_Part):
    """What a scenario would change. Nothing of it is in the graph: ``hypothetical`` is always true.

    ``facts`` counts the triples that the scenario adds and takes away.
    """

    hypothetical: Literal[True] = True
    snapshot: str
    as_of: str
    scenario: Scenario
    supposed: tuple[str, ...]
    facts: dict[Literal["added", "removed"], int]
    notes: tuple[str, ...]
    asked: tuple[Asked, ...]
    gaps: tuple[Gap, ...]
    indicators: tuple[IndicatorChange, ...]
    seconds: float
