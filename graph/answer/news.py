"""What is new in the first ten of an answer: a need, firm, technology or expert that nobody had recorded at the last look.

What moved up because weights changed, days passed or others went is no news, nor is what got another name or was found to be the same as
something known: an entity is new where the first record that speaks of any of its mentions was loaded after the last look.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

from graph.answer.expert_model import Expert, Experts
from graph.answer.model import Answer, Route

FIRST = 10
"""How many of each answer are watched."""
Kind = Literal["need", "firm", "technology", "expert"]
_SIDES: tuple[Literal["need", "firm", "technology"], ...] = ("need", "firm", "technology")
_BASE_RATE = "base_rate"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Place(_Part):
    """What stands at a place of an answer, by ids: the ends of a route without its intermediary, or an expert."""

    technology: str | None = None
    firm: str | None = None
    need: str | None = None
    expert: str | None = None

    def entities(self) -> Iterator[tuple[Kind, str]]:
        """Whom it names, what was asked for most closely first."""
        kinds: tuple[Kind, ...] = (*_SIDES, "expert")
        for kind in kinds:
            if identifier := getattr(self, kind):
                yield kind, identifier


class FirstTen(_Part):
    """The first ten routes and experts of an answer."""

    routes: tuple[Place, ...] = ()
    experts: tuple[Place, ...] = ()

    def entities(self) -> frozenset[str]:
        """All that is among them."""
        return frozenset(identifier for place in (*self.routes, *self.experts) for _, identifier in place.entities())


class Fit(_Part):
    """Something new at a rank.

    :param new: who is new, by kind and id
    :param key: of its route; none for an expert
    :param through: the intermediary of the route
    :param instead: what stood at that rank before, if something else did
    :param reasons: what speaks for it most, by language
    """

    new: tuple[tuple[Kind, str], ...]
    rank: int
    place: Place
    key: str | None = None
    through: str | None = None
    instead: Place | None = None
    reasons: dict[str, str] = {}


class News(_Part):
    """What is new since the last look; ``left`` is what stood among the first ten before and no longer does."""

    fits: tuple[Fit, ...]
    left: tuple[Place, ...] = ()


def first_ten(answer: Answer, experts: Experts | None, own: Collection[str] = ()) -> FirstTen:
    """The first ten of an answer.

    :param own: ids that are the question's own: a case and who has it
    """
    return FirstTen(
        routes=tuple(_place(route, own) for route in answer.routes[:FIRST]),
        experts=tuple(Place(expert=one.expert.id) for one in experts.experts[:FIRST]) if experts else (),
    )


def _place(route: Route, own: Collection[str]) -> Place:
    ends = {side: getattr(route, side) for side in _SIDES}
    return Place(**{side: ref.id for side, ref in ends.items() if ref and ref.id and ref.id not in own})


def find_news(
    before: FirstTen, answer: Answer, experts: Experts | None, own: Collection[str], is_new: Callable[[str], bool]
) -> News | None:
    """What is new in an answer, the routes first; None where nothing is.

    :param before: the first ten of the last look
    :param is_new: whether an entity is on record only since then and was never among them
    """
    now = first_ten(answer, experts, own)
    told: set[str] = set()
    fits = []
    for places, earlier in ((now.routes, before.routes), (now.experts, before.experts)):
        for at, place in enumerate(places):
            new = tuple((kind, one) for kind, one in place.entities() if one not in told and is_new(one))
            if not new:
                continue
            told |= {one for _, one in new}
            fit = Fit(new=new, rank=at + 1, place=place, instead=_instead(earlier, at, place))
            fits.append(_routed(fit, answer.routes[at]) if place.expert is None else fit)
    if not fits:
        return None
    sides = set(now.routes) | set(now.experts)
    left = dict.fromkeys(place for place in (*before.routes, *before.experts) if place not in sides)
    return News(fits=tuple(fits), left=tuple(left))


def _instead(earlier: tuple[Place, ...], at: int, place: Place) -> Place | None:
    return earlier[at] if at < len(earlier) and earlier[at] != place else None


def _routed(fit: Fit, route: Route) -> Fit:
    through = route.intermediary.id if route.intermediary else None
    return fit.model_copy(update={"key": route.key, "through": through})


def explained(news: News, answer: Answer, experts: Experts | None, language: str) -> News:
    """The same news with what speaks most for each in the language of an answer.

    :param language: of the answer
    """
    routes = {route.key: route for route in answer.routes}
    known = {one.expert.id: one for one in experts.experts} if experts else {}
    fits = []
    for fit in news.fits:
        reason = _of_expert(known.get(fit.place.expert)) if fit.place.expert else _of_route(routes.get(fit.key or ""))
        fits.append(fit.model_copy(update={"reasons": fit.reasons | {language: reason}}) if reason else fit)
    return news.model_copy(update={"fits": tuple(fits)})


def _of_route(route: Route | None) -> str:
    parts = [part for part in route.contributions if part.feature != _BASE_RATE and part.value > 0] if route else []
    return max(parts, key=lambda part: part.value).reason if parts else ""


def _of_expert(expert: Expert | None) -> str:
    return max(expert.reasons, key=lambda part: part.value).sentence if expert and expert.reasons else ""
