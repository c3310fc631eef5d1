"""Groups of organisations: by the model's pairs, the surest first, where nothing forbids that two groups are one body.

What forbids is never traded against anything: another identifier of one scheme, another country, an excluding kind, another legal form
or other diacritics of one name, another number in it, another parent of a unit.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph.links.matching import other_identifier, other_kind, parent_allows
from graph.links.profiles import Profile
from graph.links.records.model import Pairs
from ontology.text import NameKey, name_key, same_name

_NUMERAL = re.compile(r"^(?:[ivx]+|\d+|.)$")


_Spoken = dict[str, tuple[frozenset[str], frozenset[str]]]
"""Words of a name, folded and in one order → the legal forms and the spellings that it has; none where one of its names says none."""


@dataclass(slots=True)
class _Group:
    """What is known of those that are one body."""

    members: list[int]
    identifiers: frozenset[tuple[str, str]]
    countries: frozenset[str]
    classes: frozenset[str]
    names: _Spoken

    def excludes(self, other: "_Group") -> bool:
        """Whether something that is known of two groups can't be of one body."""
        return (
            other_identifier(self.identifiers, other.identifiers)
            or bool(self.countries and other.countries and self.countries.isdisjoint(other.countries))
            or other_kind(self.classes, other.classes)
            or self._other_names(other)
        )

    def _other_names(self, other: "_Group") -> bool:
        """Whether they share folded names, and each of these has other forms or another spelling on the other side."""
        small, large = sorted((self.names, other.names), key=len)
        shared = [name for name in small if name in large]
        return bool(shared) and all(
            any(
                mine and theirs and mine.isdisjoint(theirs)
                for mine, theirs in zip(small[name], large[name], strict=True)
            )
            for name in shared
        )

    def take(self, other: "_Group") -> None:
        """Take in another group; a form or spelling that one of its bodies says is the group's."""
        self.members += other.members
        self.identifiers |= other.identifiers
        self.countries |= other.countries
        self.classes |= other.classes
        for name, (forms, spellings) in other.names.items():
            mine = self.names.get(name, (frozenset(), frozenset()))
            self.names[name] = (mine[0] | forms, mine[1] | spellings)


def _group(number: int, profile: Profile) -> _Group:
    names: _Spoken = {}
    said: dict[str, list[NameKey]] = defaultdict(list)
    for key in map(name_key, profile.names):
        said[" ".join(sorted(key.core.split()))].append(key)
    for name, keys in said.items():
        forms = frozenset(key.form for key in keys if key.form) if all(key.form for key in keys) else frozenset()
        typed = all(key.typed for key in keys)
        spellings = frozenset(" ".join(sorted(key.spelling.split())) for key in keys) if typed else frozenset()
        names[name] = (forms, spellings)
    countries = frozenset((profile.country,) if profile.country else ())
    return _Group([number], profile.identifiers, countries, profile.classes, names)


def joined(profiles: list[Profile], pairs: Pairs, before: Iterable[tuple[int, int]]) -> Iterator[int]:
    """By which pairs profiles become one body besides, the surest first, where nothing forbids it; as numbers of pairs.

    :param pairs: of places in the list
    :param before: pairs of places in the list that are one body already
    """
    groups = {at: _group(at, profile) for at, profile in enumerate(profiles)}
    for first, second in before:
        _unite(groups, first, second)
    for at in (-pairs.probability).argsort(kind="stable").tolist():
        earlier, later = int(pairs.left[at]), int(pairs.right[at])
        group, another = groups[earlier], groups[later]
        if group is not another and not group.excludes(another) and not tells_apart(profiles[earlier], profiles[later]):
            _unite(groups, earlier, later)
            yield at


def excludes(a: Profile, b: Profile) -> bool:
    """Whether two profiles can't be one body."""
    return _group(0, a).excludes(_group(1, b)) or tells_apart(a, b)


def _unite(groups: dict[int, _Group], one: int, other: int) -> None:
    large, small = sorted((groups[one], groups[other]), key=lambda group: -len(group.members))
    if large is not small:
        large.take(small)
        groups.update(dict.fromkeys(small.members, large))


def tells_apart(a: Profile, b: Profile) -> bool:
    """Whether two profiles are units of other parents, bodies that a number tells apart, or two that one source describes."""
    if not parent_allows(a, b) or (a.source == b.source and _described(a) and _described(b)):
        return True
    mine, theirs = ([name_key(name) for name in profile.names] for profile in (a, b))
    if any(same_name(one, other) for one in mine for other in theirs):
        return False
    return any(_numbered_apart(one.core, other.core) for one in mine for other in theirs)


def _described(profile: Profile) -> bool:
    """Whether its source says more of a body than its name: then it has a record of its own there, and two of these are two bodies."""
    return bool(profile.hosts or profile.places or profile.acronyms or profile.identifiers or profile.country)


def _numbered_apart(a: str, b: str) -> bool:
    one, other = {*a.split()}, {*b.split()}
    return bool(one & other) and bool(one ^ other) and all(map(_NUMERAL.match, one ^ other))
