"""Corrected spellings: a mention that left its place, and the one that came there in the same load and differs by a slip of the pen.

Both ends are told by the loads, not by likeness alone: a body that was there before has its own id, whatever went beside it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import duckdb
import pyarrow as pa

from graph.links.matching import CORRECTED, Link, contradict
from graph.links.profiles import Profile
from ontology.schemes import schemes
from ontology.text import fold, name_key

_NUMERAL = re.compile(r"^(?:[ivx]+|.)$")


@dataclass(slots=True)
class _Place:
    """Where mentions went and came in one load: in one record, or in the records that left and joined the source."""

    load: int
    went: list[str]
    came: list[str]


def corrections(con: duckdb.DuckDBPyConnection, profiles: list[Profile]) -> Iterator[Link]:
    """Links of new mentions to those whose spelling they correct.

    :param con: over the statements, see :func:`graph.statements.loads.open_statements`
    :param profiles: all of a class
    """
    gone = [member for profile in profiles if profile.gone for member in profile.members]
    if not gone:
        return
    places = _places(con, gone, [member for profile in profiles for member in profile.members])
    wanted = {subject for place in places for subject in (*place.went, *place.came)}
    by_member = {member: profile for profile in profiles for member in profile.members if member in wanted}
    standing = _standing(profiles)
    for place in places:
        index = _Ends(by_member, place.went)
        for new in place.came:
            profile = by_member[new]
            matches = {
                old: match
                for old in index.like(profile)
                if _corrects(profile, match := by_member[old]) and not contradict(profile, match)
            }
            # of several that look alike nobody can say which was meant
            if len({match.names for match in matches.values()}) == 1:
                old, match = next(iter(matches.items()))
                if not _both_stand(place, profile, match, standing):
                    yield Link(new, old, CORRECTED, f"corrected from «{match.names[0] if match.names else old}»")


def _places(con: duckdb.DuckDBPyConnection, gone: list[str], known: list[str]) -> list[_Place]:
    con.register("gone_subjects", pa.table({"subject": gone}))
    con.register("known_subjects", pa.table({"subject": known}))
    rows = con.execute(
        """
        WITH left_at AS (
            SELECT a.subject, any_value(a.record) AS record, max(a.load) AS load FROM all_statements a JOIN gone_subjects g USING (subject)
            WHERE a.property = 'type' GROUP BY a.subject
        ), went AS (
            SELECT g.subject, g.record, g.load AS said_in, min(r.load) AS load, arg_min(r.present, r.load) AS stays
            FROM left_at g JOIN all_records r ON r.record = g.record AND r.load > g.load GROUP BY ALL
        ), joined AS (
            SELECT record, min(load) AS load FROM all_records GROUP BY record
        ), came AS (
            SELECT f.subject, any_value(a.record) AS record, f.rank >> 36 AS load FROM founded f JOIN known_subjects USING (subject)
            JOIN all_statements a ON a.subject = f.subject AND a.load = f.rank >> 36 AND a.property = 'type'
            WHERE f.rank >> 36 IN (SELECT load FROM went) GROUP BY ALL
        ), ends AS (
            SELECT w.subject, CASE WHEN stays THEN w.record ELSE '' END AS place, w.load, true AS went, w.record, w.said_in FROM went w
            UNION ALL
            SELECT c.subject, CASE WHEN j.load = c.load THEN '' ELSE c.record END, c.load, false, c.record, c.load
            FROM came c JOIN joined j USING (record)
        )
        SELECT e.load, e.place, p.property, list(DISTINCT e.subject) FILTER (e.went) AS went, list(DISTINCT e.subject) FILTER (NOT e.went) AS came
        FROM ends e LEFT JOIN all_statements p ON p.object = e.subject AND p.load = e.said_in AND p.record = e.record
        GROUP BY e.load, e.place, p.property HAVING went IS NOT NULL AND came IS NOT NULL
        ORDER BY e.load, e.place, p.property
        """
    ).fetchall()
    con.unregister("gone_subjects")
    con.unregister("known_subjects")
    return [_Place(load, sorted(went), sorted(came)) for load, _, _, went, came in rows]


class _Ends:
    """Gone mentions by the ends of their names and by their sites: a slip of the pen leaves one end of a name as it was."""

    def __init__(self, profiles: dict[str, Profile], subjects: list[str]) -> None:
        self._by_end: dict[str, dict[str, None]] = defaultdict(dict)
        for subject in subjects:
            for end in self._ends(profiles[subject]):
                self._by_end[end][subject] = None

    def like(self, profile: Profile) -> list[str]:
        return list(dict.fromkeys(subject for end in self._ends(profile) for subject in self._by_end.get(end, ())))

    @staticmethod
    def _ends(profile: Profile) -> set[str]:
        ends = {f"@{host}" for host in profile.hosts}
        for name in profile.names:
            for text in {fold(name), name_key(name).core}:
                size = 3 if len(text) < 16 else 7
                ends |= {f"^{text[:size]}", f"{text[-size:]}$"}
        return ends


def _standing(profiles: list[Profile]) -> dict[str, list[Profile]]:
    """Present profiles by folded name."""
    standing: dict[str, list[Profile]] = defaultdict(list)
    for profile in profiles:
        if not profile.gone:
            for name in profile.names:
                standing[fold(name)].append(profile)
    return standing


def _both_stand(place: _Place, new: Profile, old: Profile, standing: dict[str, list[Profile]]) -> bool:
    """Whether both names are of bodies that are there besides: then one was put in place of the other."""
    earlier = (
        profile for name in new.names for profile in standing.get(fold(name), ()) if profile.rank >> 36 < place.load
    )
    return any(fold(name) in standing for name in old.names) and any(True for _ in earlier)


def _corrects(new: Profile, old: Profile) -> bool:
    if new.hosts and new.hosts == old.hosts:
        return True
    return any(near_names(a, b) for a in new.names for b in old.names)


def near_names(a: str, b: str) -> bool:
    """Whether one name is a misspelling of the other. What a legal form adds in length makes no two short names alike."""
    key_a, key_b = name_key(a), name_key(b)
    if not key_a.core or not key_b.core or (None not in (key_a.form, key_b.form) and key_a.form != key_b.form):
        return False
    if near(key_a.core, key_b.core):
        return not _tells_apart(key_a.core, key_b.core)
    # the slip may be in the legal form: then it is no form, and stands beside the name
    return (_at_an_end(key_a.core, key_b.core) or _at_an_end(key_b.core, key_a.core)) and near(fold(a), fold(b))


def _at_an_end(inner: str, outer: str) -> bool:
    return outer.startswith(f"{inner} ") or outer.endswith(f" {inner}")


def _tells_apart(a: str, b: str) -> bool:
    """Whether the words that differ are meant to: numerals, letters, and names of two places ("Hà Nam", "Hà Nội")."""
    words_a, words_b = a.split(), b.split()
    if len(words_a) == len(words_b) and any(
        x != y and (_NUMERAL.match(x) or _NUMERAL.match(y)) for x, y in zip(words_a, words_b, strict=True)
    ):
        return True
    if len(words_a) != len(words_b) and {*words_a} ^ {*words_b} and all(map(_NUMERAL.match, {*words_a} ^ {*words_b})):
        return True
    places_a, places_b = ({place for place in _place_names() if f" {place} " in f" {text} "} for text in (a, b))
    return bool(places_a - places_b) and bool(places_b - places_a)


@cache
def _place_names() -> frozenset[str]:
    concepts = schemes().concepts.values()
    return frozenset(
        fold(text) for c in concepts if c.scheme.startswith("place/") for text in c.labels.values() if fold(text)
    )


def near(a: str, b: str) -> bool:
    """Whether two folded names differ by one or two letters only; never in a digit, and never in short names."""
    if a == b:
        return True
    if (
        min(len(a), len(b)) < 8
        or abs(len(a) - len(b)) > 2
        or [c for c in a if c.isdigit()] != [c for c in b if c.isdigit()]
    ):
        return False
    return _distance(a, b) <= (1 if min(len(a), len(b)) < 16 else 2)


def _distance(a: str, b: str) -> int:
    """Edit distance with neighbouring letters swapped as one step (Damerau, restricted)."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        following = [i]
        for j, right in enumerate(b, 1):
            cost = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        before, row = row, following
    return row[-1]
