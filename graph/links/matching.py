"""Which profiles are one body: rules with a probability and a reason each.

Identifiers decide first and can forbid; names are compared as :mod:`ontology.text` says. The probabilities are judgements, written
down here once; what is learned from data replaces them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph.links.profiles import Profile
from ontology.text import fold, name_key, same_name

SAME_IDENTIFIER, SAME_NAME, SAME_SITE, OTHER_NAME, CORRECTED, SAME_SURROUNDINGS = 0.99, 0.95, 0.93, 0.9, 0.9, 0.9

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


def contradict(a: Profile, b: Profile) -> bool:
    """Whether two profiles can't be one body: another identifier of one scheme, another country, or a kind that excludes the other."""
    schemes = {scheme for scheme, _ in a.identifiers} & {scheme for scheme, _ in b.identifiers}
    if any({v for s, v in a.identifiers if s == scheme}.isdisjoint({v for s, v in b.identifiers if s == scheme}) for scheme in schemes):
        return True
    if a.country and b.country and a.country != b.country:
        return True
    kinds_a = {at for at, kind in enumerate(_KINDS) if kind & a.classes}
    kinds_b = {at for at, kind in enumerate(_KINDS) if kind & b.classes}
    return bool(kinds_a) and bool(kinds_b) and kinds_a.isdisjoint(kinds_b)


def _parent_allows(a: Profile, b: Profile) -> bool:
    """A unit named generically ("Trường Đại học Kinh tế" of a parent) meets only what names the same parent."""
    if a.parent is None and b.parent is None:
        return True
    if a.parent is not None and b.parent is not None:
        return fold(a.parent) == fold(b.parent)
    unit, other = (a, b) if a.parent is not None else (b, a)
    # an identifier as the parent's name (a GUID) says nothing to others
    return any(fold(unit.parent or "") in fold(name) for name in other.names)


def within_profiles(profiles: Iterable[Profile]) -> Iterator[Link]:
    """Mentions of one profile are one body where it has a name or an identifier."""
    for profile in profiles:
        if profile.parent is None and (profile.names or profile.identifiers):
            for member in profile.members[1:]:
                yield Link(member, profile.first, SAME_NAME, "same name from the same source")


def by_identifier(profiles: Iterable[Profile]) -> Iterator[Link]:
    """Profiles that share an identifier."""
    first: dict[tuple[str, str], Profile] = {}
    for profile in profiles:
        for identifier in sorted(profile.identifiers):
            earlier = first.setdefault(identifier, profile)
            if earlier is not profile:
                yield Link(profile.first, earlier.first, SAME_IDENTIFIER, f"same {identifier[0]} {identifier[1]}")


def by_name(profiles: Iterable[Profile]) -> Iterator[Link]:
    """Profiles that share a name once legal forms are off and nothing contradicts."""
    blocks: dict[str, list[tuple[Profile, str]]] = defaultdict(list)
    for profile in profiles:
        for name in profile.names:
            core = name_key(name).core
            if core:
                blocks[core].append((profile, name))
    for core, entries in blocks.items():
        if len(entries) > 1:
            yield from _in_block(core, entries)


def _in_block(core: str, entries: list[tuple[Profile, str]]) -> Iterator[Link]:
    spellings = {key.spelling for _, name in entries if (key := name_key(name)).typed}
    # typed without diacritics, "duong" may be any of them: it joins none where several are known
    ambiguous = len(spellings) > 1
    leaders: list[tuple[Profile, str]] = []
    for profile, name in entries:
        key = name_key(name)
        if ambiguous and not key.typed:
            continue
        for leader, other in leaders:
            if leader is profile:
                break
            if same_name(key, name_key(other)) and not contradict(profile, leader) and _parent_allows(profile, leader):
                yield Link(profile.first, leader.first, SAME_NAME, f"same name «{name}»" if name == other else f"«{name}» is «{other}»")
                break
        else:
            leaders.append((profile, name))


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
