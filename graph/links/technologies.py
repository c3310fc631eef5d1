"""Technologies: by identifier, and by a model of their titles, holders, inventors and classes where two offices describe one.

Two technologies of one holder are often worded alike, so precision goes first: what is as well the one as the other is asked, not linked.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa

from graph.links.matching import Link
from graph.links.records.comparisons import reasons
from graph.links.records.model import Pairs, predict
from graph.links.records.parameters import TechnologyParameters, read_record_parameters, read_technology_parameters
from graph.links.records.technologies import Described, Frequent, excludes, make_technology_records
from graph.links.records.technology_comparisons import AMONG, NEARLY_THE_SAME, OTHERS, SHARED_INVENTOR, TECHNOLOGIES
from graph.links.records.technology_mentions import describe_technologies
from ontology.statement import LINKER, SAME_AS

LINKED = 0.9
"""Probability from which two descriptions are linked; below it a curator is asked, and where several ways are nearly as sure."""
CONSIDERED = 0.01
_MARGIN = 2.0
"""Log-odds by which a pair has to be surer than any other way to link one of the two to the same source."""
_SUREST = 20.0
"""Log-odds beyond which nothing is surer."""
_DIGITS = 4
"""Of a probability: statements keep it as a float of 32 bits."""
_AT = {one.name: at for at, one in enumerate(TECHNOLOGIES.comparisons)}


def technologies(
    con: duckdb.DuckDBPyConnection,
    standing: Mapping[str, str],
    identified: Mapping[str, str],
    changed: set[str] | None,
) -> Iterator[Link]:
    """The links between technologies besides those by identifier.

    :param con: over the statements, see :func:`graph.statements.loads.open_statements`
    :param standing: mention of an organisation → the one that stands for it
    :param identified: mention of a technology → the one that stands for all with its identifiers
    :param changed: the mentions that are decided anew; all where it is ``None``
    """
    told = describe_technologies(con, standing, identified)
    place = {member: at for at, one in enumerate(told) for member in one.members}
    only = None if changed is None else sorted({place[subject] for subject in changed if subject in place})
    if only == []:
        return
    kept = [] if only is None else _between(_links_of_before(con), place, {*only})
    pairs = compared(con, told, read_technology_parameters(), only)
    for at in joined(told, pairs, kept):
        earlier, later = told[int(pairs.left[at])], told[int(pairs.right[at])]
        why = "; ".join(reasons(TECHNOLOGIES, pairs.outcomes[at].tolist()))
        probability = round(float(pairs.probability[at]), _DIGITS)
        yield Link(*_ends(later, earlier, changed), probability, f"«{later.titles[0]}»: {why}")


def compared(
    con: duckdb.DuckDBPyConnection,
    told: Sequence[Described],
    parameters: TechnologyParameters,
    only: Sequence[int] | None = None,
) -> Pairs:
    """Pairs of technologies, by their places in the list, as the model compares them.

    :param only: places in the list; pairs are then those with at least one of them
    """
    frequent = Frequent(parameters.words, parameters.classes, read_record_parameters().names)
    if not make_technology_records(con, told, frequent):
        nothing = np.empty(0, dtype=np.int64)
        return Pairs(nothing, nothing, np.empty(0), np.empty((0, len(TECHNOLOGIES.comparisons)), dtype=np.int8))
    if only is not None:
        con.register("asked_here", pa.table({"number": pa.array(only, pa.int64())}))
        con.execute("CREATE OR REPLACE TEMP TABLE technologies_asked AS SELECT number FROM asked_here")
        con.unregister("asked_here")
    return predict(con, TECHNOLOGIES, parameters.learned, CONSIDERED, None if only is None else "technologies_asked")


def joined(told: Sequence[Described], pairs: Pairs, before: Sequence[tuple[int, int]] = ()) -> Iterator[int]:
    """By which pairs technologies become one, the surest first, as numbers of pairs.

    :param before: pairs of places in the list that are one already
    """
    groups = {at: [at] for at in range(len(told))}
    for one, other in before:
        _unite(groups, one, other)
    rivals = Rivals(told, pairs)
    sure = np.flatnonzero((pairs.probability >= LINKED) & linkable(pairs))
    for at in sure[np.argsort(-pairs.probability[sure], kind="stable")].tolist():
        one, other = int(pairs.left[at]), int(pairs.right[at])
        mine, theirs = groups[one], groups[other]
        if mine is theirs or rivals.are_near(at, {*mine, *theirs}):
            continue
        if not any(excludes(told[a], told[b]) for a in mine for b in theirs):
            _unite(groups, one, other)
            yield at


def linkable(pairs: Pairs) -> np.ndarray:
    """Which pairs may be linked without asking: those of nearly the same title by no others, of a longer title and a shared inventor, or
    of one title of protection. A team's technologies share all the rest, and most are listed by one office alone."""
    title, who, rights = (pairs.outcomes[:, _AT[name]] for name in ("title", "who", "rights"))
    found: np.ndarray = (
        (np.isin(title, NEARLY_THE_SAME) & ~np.isin(who, OTHERS))
        | ((title == AMONG) & np.isin(who, SHARED_INVENTOR))
        | (rights == 0)
    )
    return found


class Rivals:
    """The other ways to link an end of a pair to a source that describes its other end."""

    def __init__(self, told: Sequence[Described], pairs: Pairs) -> None:
        self._told, self._pairs = told, pairs
        with np.errstate(divide="ignore"):
            self._odds = np.log(pairs.probability) - np.log1p(-pairs.probability)
        self._of: dict[int, list[int]] = defaultdict(list)
        for at, (left, right) in enumerate(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)):
            self._of[left].append(at)
            self._of[right].append(at)

    def are_near(self, at: int, group: set[int]) -> bool:
        """Whether another pair of either end is nearly as sure, and only one of both can be true.

        :param group: those that would be one then
        """
        return any(
            rival not in group and self._odds[another] > self._odds[at] - _MARGIN for rival, another in self._rivals(at)
        )

    def probability(self, at: int) -> float:
        """How probable a pair is beside its rivals, of which one at most is true."""
        odds = float(np.exp(min(self._odds[at], _SUREST)))
        others = {another for _, another in self._rivals(at)}
        return odds / (1 + odds + sum(float(np.exp(min(self._odds[one], _SUREST))) for one in others))

    def _rivals(self, at: int) -> Iterator[tuple[int, int]]:
        """Who else an end may be, with the number of that pair."""
        ends = int(self._pairs.left[at]), int(self._pairs.right[at])
        for end, other in (ends, ends[::-1]):
            for another in self._of[end]:
                rival = int(self._pairs.left[another] + self._pairs.right[another]) - end
                if rival != other and not self._told[rival].sources.isdisjoint(self._told[other].sources):
                    yield rival, another


def _unite(groups: dict[int, list[int]], one: int, other: int) -> None:
    mine, theirs = groups[one], groups[other]
    if mine is not theirs:
        mine += theirs
        groups.update(dict.fromkeys(theirs, mine))


def _ends(later: Described, earlier: Described, changed: set[str] | None) -> tuple[str, str]:
    """The mention that a link is said of, and the one that it leads to. Only what changed is written, so it is one of these."""
    if changed is None or later.first in changed:
        return later.first, earlier.first
    for one, other in ((later, earlier), (earlier, later)):
        for member in one.members:
            if member in changed:
                return member, other.first
    return later.first, earlier.first


def _links_of_before(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return con.execute(
        f"SELECT s.subject, s.object FROM said s JOIN loads l ON s.load = l.load AND l.source = '{LINKER}' "
        f"WHERE s.property = '{SAME_AS}' AND s.subject IN (SELECT subject FROM technologies_said)"
    ).fetchall()


def _between(links: list[tuple[str, str]], place: Mapping[str, int], anew: set[int]) -> list[tuple[int, int]]:
    """The links between technologies that are not decided anew, as places in the list."""
    ends = ((place.get(one, -1), place.get(other, -1)) for one, other in links)
    return [(a, b) for a, b in ends if a != b and min(a, b) >= 0 and a not in anew and b not in anew]
