"""A notice in words: who is new, at which rank, in whose place and why. The page and the mail say the same."""

from dataclasses import dataclass

from api.catalogue import Words
from api.reading import Views
from api.watching import Watched
from graph.answer.errors import AnswerError
from graph.answer.narrowing import FILTERS
from graph.answer.news import Fit, Kind, News, Place
from graph.statements.watches import Notice

_SHORT = 120
"""Characters of a question that name it."""


@dataclass(frozen=True, slots=True)
class ShownNode:
    """A node by its kind, name and id, and whether it was made up."""

    kind: Kind
    id: str
    name: str
    illustrative: bool


@dataclass(frozen=True, slots=True)
class ShownFit:
    """Something new: the nodes, its rank, the rest of its route, and sentences on whose place it has and why."""

    new: tuple[ShownNode, ...]
    rank: int
    route: str
    instead: str
    reason: str


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice. ``href`` leads to the answer as of now, ``lasting`` to that of the day where it can be asked again."""

    number: int
    title: str
    href: str
    lasting: str | None
    day: str
    snapshot: str
    fits: tuple[ShownFit, ...]
    left: tuple[str, ...]
    unread: bool


def title_of(watched: Watched, views: Views, words: Words) -> str:
    """What is watched, in words: the title of a case, or what was asked with its filters."""
    if watched.case is not None:
        return watched.case.title
    said = [_named(views, text, words) for name, text in watched.given.items() if name not in FILTERS]
    narrowed = [f"{words('filter.' + name)}: {watched.given[name]}" for name in FILTERS if name in watched.given]
    return " · ".join([*said, *narrowed])


def _named(views: Views, text: str, words: Words) -> str:
    # a part of a question may be given by its id
    if text.isascii() and " " not in text and len(text) < 40 and views.types(text):
        return views.ref(text, words.language).name
    return text if len(text) <= _SHORT else text[:_SHORT].rsplit(" ", 1)[0] + " …"


def address_of(watched: Watched, words: Words, day: str | None = None) -> str | None:
    """Where the answer is: as of now, or as it was on a day, where that can be asked."""
    if watched.case is not None:
        return None if day else f"/cases/{watched.case.id}"
    try:
        asked = watched.page_question(words.language)
    except AnswerError:
        return None
    return asked.address(other={"as_of": day, "known_at": day} if day else {})


def shown(notice: Notice, watched: Watched, views: Views, words: Words) -> ShownNotice:
    """A notice in the words of a language. What is no longer on record is not named any more."""
    news = News.model_validate_json(notice.news)
    showing = _Showing(views, words)
    return ShownNotice(
        number=notice.id,
        title=title_of(watched, views, words),
        href=address_of(watched, words) or "/",
        lasting=address_of(watched, words, notice.day),
        day=notice.day,
        snapshot=notice.snapshot,
        fits=tuple(showing.fit(fit) for fit in news.fits),
        left=tuple(name for place in news.left if (name := showing.place(place))),
        unread=notice.read is None,
    )


class _Showing:
    def __init__(self, views: Views, words: Words) -> None:
        self._views, self._words = views, words

    def fit(self, fit: Fit) -> ShownFit:
        words = self._words
        nodes = tuple(node for kind, one in fit.new if (node := self._node(kind, one)) is not None)
        if not nodes:
            return ShownFit((), fit.rank, "", "", "")
        instead = self.place(fit.instead) if fit.instead else ""
        return ShownFit(
            new=nodes,
            rank=fit.rank,
            route=self._route(fit),
            instead=words("notices.instead", name=instead) if instead else "",
            reason=fit.reasons.get(words.language) or next(iter(fit.reasons.values()), ""),
        )

    def _node(self, kind: Kind, identifier: str) -> ShownNode | None:
        survivor = identifier if self._views.types(identifier) else self._views.redirect(identifier)
        if survivor is None:
            return None
        name = self._views.ref(survivor, self._words.language).name
        return ShownNode(kind, survivor, name or survivor, self._views.illustrative(survivor))

    def _route(self, fit: Fit) -> str:
        if fit.place.expert:
            return ""
        through = self._node("firm", fit.through) if fit.through else None
        firm = self._node("firm", fit.place.firm) if fit.place.firm else None
        return " → ".join(node.name for node in (through, firm) if node)

    def place(self, place: Place) -> str:
        """What stands at a place, by the names of those of it that are still on record."""
        nodes = (self._node(kind, one) for kind, one in place.entities())
        return ", ".join(node.name for node in nodes if node)
