"""The places of the navigation: what everybody looks for first, then what researchers and those who keep the data use."""

from dataclasses import dataclass

from api.tokens import Identity, Role


@dataclass(frozen=True, slots=True)
class Place:
    """A page of ours in the navigation. ``key`` is its word in the catalogue, below ``nav.``; ``role`` is what one needs to open it."""

    href: str
    key: str
    role: Role | None = None
    here: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Places under one heading; ``here`` says that the page shown is one of them."""

    key: str
    places: tuple[Place, ...]
    here: bool = False


# one line a page: whoever adds a page adds its line here, and the catalogue's word
_FIRST = (
    Place("/", "ask"),
    Place("/search", "search"),
    Place("/experts", "experts"),
    Place("/partners", "partners"),
    Place("/cases", "cases", "member"),
    Place("/notices", "notices", "member"),
)
_GROUPS = (
    Group(
        "policy",
        (
            Place("/ecosystem", "ecosystem"),
            Place("/map", "map"),
            Place("/registers", "registers"),
            Place("/rights", "rights"),
            Place("/reviewers", "reviewers"),
            Place("/councils", "councils"),
            Place("/analysis", "analysis"),
            Place("/whatif", "whatif"),
            Place("/diff", "diff"),
        ),
    ),
    Group(
        "research",
        (
            Place("/questions", "questions"),
            Place("/networks", "networks"),
            Place("/ontology", "ontology"),
            Place("/workbench", "workbench"),
            Place("/docs", "api"),
        ),
    ),
    Group(
        "data",
        (
            Place("/loads", "loads"),
            Place("/snapshots", "snapshots"),
            Place("/review", "review", "curator"),
            Place("/outcomes", "outcomes", "member"),
            Place("/claims", "claims", "member"),
            Place("/members", "members", "curator"),
            Place("/audit", "audit", "curator"),
            Place("/persons", "persons", "curator"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Navigation:
    """What a visitor sees of it on a page."""

    first: tuple[Place, ...]
    groups: tuple[Group, ...]


def navigation(path: str, identity: Identity | None) -> Navigation:
    """The navigation on a page, with its own place marked; what a visitor may not open is left out.

    :param path: the address of the page; pages below another belong to that one's place
    """
    groups = []
    for group in _GROUPS:
        places = _seen(group.places, path, identity)
        groups.append(Group(group.key, places, any(place.here for place in places)))
    return Navigation(_seen(_FIRST, path, identity), tuple(groups))


def _seen(places: tuple[Place, ...], path: str, identity: Identity | None) -> tuple[Place, ...]:
    return tuple(
        Place(place.href, place.key, place.role, _below(path, place.href))
        for place in places
        if place.role is None or (identity is not None and identity.may(place.role))
    )


def _below(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(href + "/"))
