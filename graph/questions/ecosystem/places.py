"""What is where: counts for each part of a place, computed from the rows of the query ``places``."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from graph.questions.ecosystem.funnel import KINDS_OF_DATA, chosen
from graph.questions.twins import Rows
from graph.views.property_graph import SEPARATOR
from graph.views.rdf import identifier_of

COUNTED: Mapping[str, str] = MappingProxyType(
    {
        "organisations": "Organization",
        "universities": "University",
        "institutes": "ResearchInstitute",
        "enterprises": "Enterprise",
        "intermediaries": "Intermediary",
        "parks": "Park",
        "tasks": "STTask",
        "technologies": "Technology",
        "needs": "TechnologyNeed",
    }
)
"""Column → class of what it counts."""
KNOWN = ("whole", "part", "none", "elsewhere")
"""How much is known of a place, in the order of the rows."""
_COUNTRY = "scheme/place/2025/"

Row = Mapping[str, Any]


class _Places:
    """Which part of a place others lie in."""

    def __init__(self, rows: Iterable[Row], within: str) -> None:
        self._above: dict[str, set[str]] = defaultdict(set)
        self._within = within
        for row in rows:
            if row["kind"] == "part":
                self._above[_identifier(row["part"])].update(_listed(row["places"]))
        self.parts = {place for place, above in self._above.items() if within in above and self._of_today(place)}
        self._found: dict[str, frozenset[str]] = {}

    def _of_today(self, place: str) -> bool:
        # units of before are brought to those of today, and are no parts beside them
        return place.rpartition("/")[0] == self._within.rpartition("/")[0]

    def shown(self, places: Sequence[str], country: str | None) -> frozenset[str]:
        """The rows in which something with these places counts; none where nothing is on record.

        :param country: its code, for what has no place on record
        """
        known = places or ([f"{_COUNTRY}{country}"] if country else [])
        found = frozenset[str]().union(*(self._of(place) for place in known))
        return found - {self._within} if found & self.parts else found

    def _of(self, place: str) -> frozenset[str]:
        if place not in self._found:
            self._found[place] = self._climb(place)
        return self._found[place]

    def _climb(self, place: str) -> frozenset[str]:
        line, waiting, parts, tops = {place}, [place], set(), set()
        while waiting:
            one = waiting.pop()
            if one in self.parts:
                parts.add(one)
                continue
            above = self._above.get(one, set())
            tops |= set() if above else {one}
            waiting += above - line
            line |= above
        if len(parts) == 1:
            return frozenset(parts)
        # a unit that was divided lies in several: only what holds them all is known
        return frozenset({self._within} if parts or self._within in line else tops)


def places(rows: Sequence[Row], parameters: Mapping[str, Any]) -> Rows:
    """A row for each part of the place ``within``, then what is only known to be in it, elsewhere, or nowhere on record.

    :raises QuestionError: where ``data`` is no kind of data
    """
    data = chosen(parameters, "data", KINDS_OF_DATA)
    within: str = parameters["within"]
    where = _Places(rows, within)
    counts: dict[tuple[str, bool], Counter[str | None]] = defaultdict(Counter)
    for row in rows:
        if row["kind"] == "part":
            continue
        shown: Iterable[str | None] = where.shown(_listed(row["places"]), row["country"]) or (None,)
        for place in shown:
            counts[row["kind"], row["illustrative"]][place] += int(row["number"])
    made_up = {
        column: data == "illustrative" if data else not counts[cls, False] and bool(counts[cls, True])
        for column, cls in COUNTED.items()
    }
    counted = {column: counts[cls, made_up[column]] for column, cls in COUNTED.items()}
    every = {place for found in counted.values() for place in found} | where.parts | {within}
    whole = not _above_any(rows, within)
    return [
        {
            "place": place,
            "known": known,
            **{column: found[place] for column, found in counted.items()},
            "illustrative": [column for column, made in made_up.items() if made],
        }
        for place in every
        for known in [_known(place, where.parts, within)]
        if whole or known in ("part", "whole")
    ]


def _above_any(rows: Iterable[Row], within: str) -> bool:
    """Whether a place is itself part of another one."""
    return any(row["kind"] == "part" and _identifier(row["part"]) == within and _listed(row["places"]) for row in rows)


def _known(place: str | None, parts: set[str], within: str) -> str:
    if place is None:
        return "none"
    return "part" if place in parts else "whole" if place == within else "elsewhere"


def _identifier(text: str) -> str:
    return identifier_of(text) or text


def _listed(value: Any) -> list[str]:
    """Ids, from a list or from text with separators."""
    several = value.split(SEPARATOR) if isinstance(value, str) else value or ()
    return [_identifier(one) for one in several if one]


ANALYSES = {"places": places}
"""By the name that a question gives under ``after``."""
