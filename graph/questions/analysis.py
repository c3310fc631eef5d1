"""What questions and analyses compute from the rows of either query: a path, what removal cuts, roles, communities, concentration."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import Any

import networkx as nx

from graph.questions.centrality import betweenness_of
from graph.questions.cut_points import pairs_cut
from graph.questions.ecosystem import assignments, funnel, gaps, places, reporting
from graph.questions.errors import QuestionError
from graph.questions.louvain import Pair, louvain

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]
Analysis = Callable[[Sequence[Row], Mapping[str, Any]], Rows]
ROLES = ("coordinator", "itinerant", "gatekeeper", "representative", "liaison", "ungrouped")


def shortest_path(rows: Sequence[Row], parameters: Mapping[str, Any]) -> Rows:
    """The shortest path from ``firm`` to ``technology``, whose last step is its owner; none where they are not connected.

    Of paths of one length it is the one with the least sequence of ids; of several relations between two nodes the
    latest is named, then the first by name.

    :param rows: edges with ``source``, ``target``, ``relation``, ``event``, ``day``; their direction does not matter
    :return: the edges of the path in its order and direction, with ``step`` from 1
    """
    firm, technology = parameters["firm"], parameters["technology"]
    ties = _closest_ties(rows)
    network: nx.Graph[str] = nx.Graph()
    network.add_edges_from((tie["source"], tie["target"]) for tie in ties.values())
    if firm not in network or technology not in network:
        return []
    far = nx.single_source_shortest_path_length(network, technology)
    path: Rows = []
    here = firm
    while here != technology and here in far:
        following = min(node for node in network[here] if far[node] < far[here])
        tie = ties[frozenset((here, following))]
        path.append(
            {
                "step": len(path) + 1,
                "source": here,
                "target": following,
                "relation": tie["relation"],
                "event": tie["event"],
                "day": tie["day"],
            }
        )
        here = following
    return path


def _closest_ties(rows: Iterable[Row]) -> dict[frozenset[str], Row]:
    ties: dict[frozenset[str], Row] = {}
    # of ties of one day the last one stays: the first by name
    for row in sorted(rows, key=lambda row: row["relation"], reverse=True):
        pair = frozenset((row["source"], row["target"]))
        if pair not in ties or (row["day"] or "") >= (ties[pair]["day"] or ""):
            ties[pair] = row
    return ties


def keystones(rows: Sequence[Row], parameters: Mapping[str, Any]) -> Rows:
    """The intermediaries without which pairs of supply and demand are no longer connected.

    :param rows: ``source``, ``target``, ``side``: that the source worked for the target (``broker``) or transferred to it without
        a broker (``direct``), or, without a target, that it supplies (``supply``) or has a need (``demand``)
    :return: ``broker``, ``pairs`` cut, their ``share`` of all connected pairs, and how many ``suppliers`` and ``firms``
        (in need) stand beside it
    """
    supply, demand = ({row["source"] for row in rows if row["side"] == side} for side in ("supply", "demand"))
    sides = supply | demand
    brokered = [(row["source"], row["target"]) for row in rows if row["side"] == "broker" and row["target"] in sides]
    ties = brokered + [
        (row["source"], row["target"])
        for row in rows
        if row["side"] == "direct" and row["source"] in supply and row["target"] in demand
    ]
    cuts = pairs_cut(ties, supply, demand)
    beside: dict[str, set[str]] = {broker: set() for broker, _ in brokered if broker in cuts.pairs}
    for one, other in chain(ties, map(reversed, ties)):
        if one in beside:
            beside[one].add(other)
    return [
        {
            "broker": broker,
            "pairs": cuts.pairs[broker],
            "share": round(cuts.pairs[broker] / cuts.connected, 12),
            "suppliers": len(around & supply),
            "firms": len(around & demand),
        }
        for broker, around in sorted(beside.items())
    ]


def role(giver: str | None, broker: str | None, taker: str | None) -> str:
    """The role of a broker between two bodies, by the groups of the three.

    Gould & Fernandez 1989, "Structures of mediation: a formal approach to brokerage in transaction networks",
    Sociological Methodology 19.
    """
    if giver is None or broker is None or taker is None:
        return "ungrouped"
    if giver == taker:
        return "coordinator" if broker == giver else "itinerant"
    if broker == taker:
        return "gatekeeper"
    return "representative" if broker == giver else "liaison"


def brokerage_roles(rows: Sequence[Row], parameters: Mapping[str, Any]) -> Rows:
    """How often each broker plays each role, by year.

    A triple of transferor, broker and transferee counts once a year, and not where the transferor also transferred to
    the transferee by itself that year: brokerage needs that the two are not tied to each other. Nobody brokers its own deal.

    :param rows: parties with ``transfer``, ``year``, ``role`` (transferor, broker, transferee), ``body``, ``group``
    """
    groups = {row["body"]: row["group"] for row in rows}
    triples, tied = set[tuple[int, str, str, str]](), set[tuple[int, str, str]]()
    for year, parties in _transfers(rows):
        for giver in parties["transferor"]:
            for taker in parties["transferee"]:
                triples |= {(year, giver, broker, taker) for broker in parties["broker"] - {giver, taker}}
                if not parties["broker"]:
                    tied.add((year, giver, taker))
    counts: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for year, giver, broker, taker in triples:
        if (year, giver, taker) not in tied:
            counts[year, broker][role(groups[giver], groups[broker], groups[taker])] += 1
    return [
        {"year": year, "broker": broker, **{name: counted[name] for name in ROLES}}
        for (year, broker), counted in sorted(counts.items())
    ]


def _transfers(rows: Sequence[Row]) -> Iterator[tuple[int, dict[str, set[str]]]]:
    parties: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    years = {row["transfer"]: row["year"] for row in rows}
    for row in rows:
        parties[row["transfer"]][row["role"]].add(row["body"])
    for transfer, roles in parties.items():
        yield years[transfer], roles


def communities(rows: Sequence[Row], parameters: Mapping[str, Any]) -> Rows:
    """Groups of bodies that work with each other more than with the rest; see :func:`communities_of`.

    :raises QuestionError: where the network is so large that whoever asks would wait too long
    """
    if len(rows) > MOST_TIES:
        raise QuestionError(f"there are more than {MOST_TIES} ties; give since, so that fewer are looked at")
    return communities_of(rows)


def communities_of(rows: Sequence[Row]) -> Rows:
    """The communities of a network, see :mod:`graph.questions.louvain`. Ties count as often as two bodies worked together.

    :param rows: ties with ``source``, ``target``, ``weight``; direction does not matter
    :return: of each group, the largest first, ``bodies`` and ``ties`` in it, their ``weight``, the weight ``outside`` of ties to others,
        and its ``members``, those with the most work first, as many as are shown
    """
    pairs: Counter[Pair] = Counter()
    for row in rows:
        if row["source"] != row["target"]:
            pairs[min(row["source"], row["target"]), max(row["source"], row["target"])] += row["weight"]
    groups, _ = louvain(pairs)
    group_of = {node: at for at, group in enumerate(groups) for node in group}
    work: Counter[str] = Counter()
    ties, inside = Counter[int](), Counter[int]()
    for (one, other), weight in pairs.items():
        work.update({one: weight, other: weight})
        if group_of[one] == group_of[other]:
            ties[group_of[one]] += 1
            inside[group_of[one]] += weight
    found: Rows = [
        {
            "bodies": len(group),
            "ties": ties[at],
            "weight": inside[at],
            "outside": sum(work[node] for node in group) - 2 * inside[at],
            "members": sorted(group, key=lambda node: (-work[node], node))[:_MEMBERS],
        }
        for at, group in enumerate(groups)
    ]
    found.sort(key=lambda row: (-row["bodies"], -row["weight"], row["members"]))
    return [{"community": number, **row} for number, row in enumerate(found, 1)]


def concentration(rows: Sequence[Row], parameters: Mapping[str, Any]) -> Rows:
    """How far deals are in the hands of few brokers: the Herfindahl–Hirschman index, the sum of the squared shares of the deals.

    Herfindahl 1950; Hirschman 1964, "The paternity of an index", American Economic Review 54. From 1/n with n brokers alike to 1 with one.

    :param rows: ``deal``, ``broker``, ``year``, ``field``; a deal about several fields, or by several brokers, counts in each
    :param parameters: ``by`` says what deals are grouped by: year, field, or both
    :raises QuestionError: where it says something else
    """
    by = parameters.get("by", "year")
    if by not in _GROUPED_BY:
        raise QuestionError(f"by: one of {', '.join(_GROUPED_BY)}")
    groups: dict[tuple[int | None, str | None], set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        key = (row["year"] if by != "field" else None, row["field"] if by != "year" else None)
        groups[key].add((row["deal"], row["broker"]))
    found = []
    for (year, field), deals in groups.items():
        counts = Counter(broker for _, broker in deals)
        largest = min(counts, key=lambda broker: (-counts[broker], broker))
        total = sum(counts.values())
        found.append(
            {
                "year": year,
                "field": field,
                "deals": total,
                "brokers": len(counts),
                "index": round(sum((count / total) ** 2 for count in counts.values()), 12),
                "largest": largest,
                "share": round(counts[largest] / total, 12),
            }
        )
    return found


def betweenness(rows: Sequence[Row], parameters: Mapping[str, Any]) -> Rows:
    """On how many shortest paths between others each broker lies; see :func:`graph.questions.centrality.betweenness_of`.

    :param rows: ties with ``source``, ``target`` and ``broker``, whether the source is a broker
    """
    brokers = {row["source"] for row in rows if row["broker"]}
    pairs = sorted({tuple(sorted((row["source"], row["target"]))) for row in rows if row["source"] != row["target"]})
    nodes, values, exact = betweenness_of(pairs)
    degree = Counter(node for pair in pairs for node in pair)
    found = [
        {"broker": node, "betweenness": round(value, 12), "ties": degree[node], "exact": exact}
        for node, value in zip(nodes, values, strict=True)
        if node in brokers and value > 0
    ]
    return sorted(found, key=lambda row: (-row["betweenness"], row["broker"]))


MOST_TIES = 300_000
"""Ties up to which communities are drawn: half a minute of a processor, in which nobody waits without being told."""
_GROUPED_BY = ("year", "field", "both")
_MEMBERS = 12
"""Members of a community that are named."""
ANALYSES: Mapping[str, Analysis] = MappingProxyType(
    {
        "shortest_path": shortest_path,
        "keystones": keystones,
        "brokerage_roles": brokerage_roles,
        "communities": communities,
        "concentration": concentration,
        "betweenness": betweenness,
        **funnel.ANALYSES,
        **reporting.ANALYSES,
        **gaps.ANALYSES,
        **places.ANALYSES,
        **assignments.ANALYSES,
    }
)
"""By the name that a question gives under ``after``."""
