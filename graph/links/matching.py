"""Which profiles are one body: rules with a probability and a reason each.

Identifiers decide first and can forbid; names are compared as :mod:`ontology.text` says. The probabilities are judgements, written
down here once; what is learned from data replaces them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph.links.profiles import Profile
from ontology.text import NameKey, fold, name_key, same_name

SAME_IDENTIFIER, SAME_NAME, SAME_SITE, OTHER_NAME, CORRECTED = 0.99, 0.95, 0.93, 0.9, 0.9

_PUBLIC = frozenset({"PublicAuthority", "Ministry", "ProvincialDepartment"})
_LEARNED = frozenset({"University", "ResearchInstitute"})
_BUSINESS = frozenset({"Enterprise"})
_KINDS = (_PUBLIC, _LEARNED, _BUSINESS)
"""Kinds of organisations that are never one body, whatever they are called."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two mentions that are one body: the later one, the earlier one, how sure, and why."""

    later: str
    earlier: str
    probability: float
    reason: str


_Name = tuple[str, NameKey]


def other_identifier(a: frozenset[tuple[str, str]], b: frozenset[tuple[str, str]]) -> bool:
    """Whether there is a scheme in which both have identifiers and share none."""
    schemes = {scheme for scheme, _ in a} & {scheme for scheme, _ in b}
    return any({v for s, v in a if s == scheme}.isdisjoint({v for s, v in b if s == scheme}) for scheme in schemes)


def contradict(a: Profile, b: Profile) -> bool:
    """Whether two profiles can't be one body: another identifier of one scheme, another country, or a kind that excludes the other."""
    if other_identifier(a.identifiers, b.identifiers):
        return True
    if a.country and b.country and a.country != b.country:
        return True
    return other_kind(a.classes, b.classes)


def other_kind(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether the classes of two organisations are of kinds that exclude each other."""
    kinds_a = {at for at, kind in enumerate(_KINDS) if kind & a}
    kinds_b = {at for at, kind in enumerate(_KINDS) if kind & b}
    return bool(kinds_a) and bool(kinds_b) and kinds_a.isdisjoint(kinds_b)


_TELLING_END = 2
"""Words: "Hà Nội", "Minh Họa"."""


def parent_allows(a: Profile, b: Profile) -> bool:
    """A unit named generically ("Trường Đại học Kinh tế" of a parent) meets only what names the same parent."""
    if a.parent is None and b.parent is None:
        return True
    if a.parent is not None and b.parent is not None:
        return fold(a.parent) == fold(b.parent)
    unit, other = (a, b) if a.parent is not None else (b, a)
    # an identifier as the parent's name (a GUID) says nothing to others
    return any(_names_parent(fold(name), fold(unit.parent or "")) for name in other.names)


def _names_parent(name: str, parent: str) -> bool:
    """Whether a folded name says whose unit it is: by the parent's name, or by the two words and more with which both end."""
    return parent in name or len(_common_end(name.split(), parent.split())) >= _TELLING_END


def _common_end(a: list[str], b: list[str]) -> list[str]:
    """The words with which both lists end."""
    count = 0
    while count < min(len(a), len(b)) and a[-1 - count] == b[-1 - count]:
        count += 1
    return a[len(a) - count :]


def within_profiles(profiles: Iterable[Profile]) -> Iterator[Link]:
    """Mentions of one profile are one body where it has a name or an identifier."""
    for profile in profiles:
        if profile.parent is None and (profile.names or profile.identifiers):
            for member in profile.members[1:]:
                yield Link(member, profile.first, SAME_NAME, "same name from the same source")


def by_identifier(profiles: Iterable[Profile]) -> Iterator[Link]:
    """Mentions that share an identifier, unless their one source tells them apart by another."""
    sharing: dict[tuple[str, str], list[Profile]] = defaultdict(list)
    for profile in profiles:
        if profile.identifiers:
            scheme, value = min(profile.identifiers)
            for member in profile.members[1:]:
                yield Link(member, profile.first, SAME_IDENTIFIER, f"same {scheme} {value}")
        for identifier in sorted(profile.identifiers):
            known = sharing[identifier]
            if any(
                other.source == profile.source and other_identifier(other.identifiers, profile.identifiers)
                for other in known
            ):
                continue
            if known:
                yield Link(profile.first, known[0].first, SAME_IDENTIFIER, f"same {identifier[0]} {identifier[1]}")
            known.append(profile)


def by_name(profiles: Iterable[Profile]) -> Iterator[Link]:
    """Profiles that share a name once legal forms are off and nothing contradicts."""
    blocks: dict[str, dict[int, tuple[Profile, list[_Name]]]] = defaultdict(dict)
    for profile in profiles:
        for name in profile.names:
            key = name_key(name)
            if key.core:
                blocks[key.core].setdefault(profile.rank, (profile, []))[1].append((name, key))
    for entries in blocks.values():
        if len(entries) > 1:
            yield from _in_block([*entries.values()])


def _in_block(entries: list[tuple[Profile, list[_Name]]]) -> Iterator[Link]:
    leaders: list[tuple[Profile, list[_Name]]] = []
    for at, (profile, names) in enumerate(entries):
        # typed without diacritics, "duong" may be any of them: it joins none where others have several
        plain = any(key.typed is False for _, key in names) and _several_spellings(entries[:at] + entries[at + 1 :])
        usable = [(name, key) for name, key in names if key.typed or not plain]
        for leader, theirs in leaders:
            same = next(
                ((name, other) for name, key in usable for other, their in theirs if same_name(key, their)), None
            )
            if same and not contradict(profile, leader) and parent_allows(profile, leader):
                name, other = same
                yield Link(
                    profile.first,
                    leader.first,
                    SAME_NAME,
                    f"same name «{name}»" if name == other else f"«{name}» is «{other}»",
                )
                break
        else:
            leaders.append((profile, usable))


def _several_spellings(entries: list[tuple[Profile, list[_Name]]]) -> bool:
    """Whether profiles are spelled with diacritics in ways that no one of them joins."""
    groups: list[set[str]] = []
    for _, names in entries:
        spelled = {key.spelling for _, key in names if key.typed}
        if spelled:
            apart = [group for group in groups if group.isdisjoint(spelled)]
            groups = [*apart, spelled.union(*(group for group in groups if not group.isdisjoint(spelled)))]
    return len(groups) > 1


def by_site(profiles: Iterable[Profile]) -> Iterator[Link]:
    """Profiles of different sources that have one web site, where each source has one body there."""
    hosts: dict[str, list[Profile]] = defaultdict(list)
    for profile in profiles:
        if not profile.gone:
            for host in profile.hosts:
                hosts[host].append(profile)
    for host, sharing in hosts.items():
        sources = [profile.source for profile in sharing]
        if len(sharing) < 2 or len(set(sources)) != len(sources):
            continue
        first = sharing[0]
        for profile in sharing[1:]:
            if not contradict(profile, first):
                yield Link(profile.first, first.first, SAME_SITE, f"same web site {host}")


def organisations(profiles: list[Profile]) -> Iterator[Link]:
    """All links between organisations."""
    yield from within_profiles(profiles)
    yield from by_identifier(profiles)
    yield from by_name(profiles)
    yield from by_site(profiles)


def named_things(profiles: list[Profile]) -> Iterator[Link]:
    """Links between parks, programmes, instruments: by identifier and by their whole name."""
    yield from within_profiles([profile for profile in profiles if profile.names])
    yield from by_identifier(profiles)
    yield from by_name(profiles)
