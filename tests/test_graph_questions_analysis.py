"""Paths, articulation points and brokers' roles on small graphs drawn by hand."""

from itertools import permutations
from typing import Any

import pytest

from graph.questions.analysis import ANALYSES, ROLES, brokerage_roles, keystones, role, shortest_path


def _edges(*pairs: tuple[str, str], relation: str = "transfer", day: str | None = None) -> list[dict[str, Any]]:
    return [{"source": a, "target": b, "relation": relation, "event": f"{a}{b}", "day": day} for a, b in pairs]


ENDS = {"firm": "F", "technology": "T"}


def _way(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["source"], row["target"]) for row in shortest_path(rows, ENDS)]


def test_the_path_is_the_shortest_and_ends_with_the_owner() -> None:
    long = _edges(("F", "a"), ("a", "b"), ("b", "O"))
    owner = _edges(("O", "T"), relation="owner")
    assert _way(long + owner) == [("F", "a"), ("a", "b"), ("b", "O"), ("O", "T")]
    assert _way(long + _edges(("O", "a")) + owner) == [("F", "a"), ("a", "O"), ("O", "T")]
    assert shortest_path(_edges(("F", "T"), relation="owner"), ENDS) == [
        {"step": 1, "source": "F", "target": "T", "relation": "owner", "event": "FT", "day": None}
    ]


def test_of_paths_of_one_length_the_one_with_the_least_ids_is_taken_whatever_the_order_of_rows() -> None:
    rows = _edges(
        ("F", "z"), ("F", "b"), ("F", "a"), ("b", "O"), ("z", "O"), ("a", "x"), ("O", "T"), ("P", "T"), ("P", "z")
    )
    for shuffled in list(permutations(rows))[:: 9 * 8 * 7]:
        assert _way(list(shuffled)) == [("F", "b"), ("b", "O"), ("O", "T")]


@pytest.mark.parametrize("rows", [[], _edges(("F", "a"), ("O", "T")), _edges(("O", "T"))])
def test_no_path_where_firm_and_owner_are_not_connected(rows: list[dict[str, Any]]) -> None:
    assert shortest_path(rows, ENDS) == []


def test_between_two_bodies_the_latest_tie_is_named_then_the_first_by_name() -> None:
    between = _edges(("F", "T"), relation="unitOf") + _edges(("T", "F"), relation="engagement", day="2020-01-01")
    newest = between + _edges(("F", "T"), relation="transfer", day="2021-01-01")
    same_day = newest + _edges(("F", "T"), relation="engagement", day="2021-01-01")
    assert shortest_path(between, ENDS)[0]["relation"] == "engagement"
    assert shortest_path(newest, ENDS)[0]["relation"] == "transfer"
    assert shortest_path(same_day, ENDS)[0]["relation"] == "engagement"


def _ties(broker: str = "", direct: str = "", supply: str = "", demand: str = "") -> list[dict[str, Any]]:
    """Ties as pairs of letters, sides as letters."""
    pairs = [
        (pair[0], pair[1], side) for side, text in (("broker", broker), ("direct", direct)) for pair in text.split()
    ]
    sides = [(node, None, side) for side, text in (("supply", supply), ("demand", demand)) for node in text]
    return [{"source": a, "target": b, "side": side} for a, b, side in [*pairs, *sides]]


def test_a_broker_alone_between_supply_and_demand_cuts_all_pairs() -> None:
    # suppliers s, t and firms f, g, h, all of them through b: six pairs; x neither supplies nor needs
    rows = _ties("bs bt bf bg bh bx", supply="st", demand="fgh")
    assert keystones(rows, {}) == [{"broker": "b", "pairs": 6, "share": 1.0, "suppliers": 2, "firms": 3}]


def test_a_second_broker_or_a_direct_transfer_keeps_pairs_connected() -> None:
    # s–f also through c, and g directly from s; only h hangs on b: one pair of three
    rows = _ties("bs cs bf cf bg bh", direct="sg", supply="s", demand="fgh")
    assert keystones(rows, {}) == [{"broker": "b", "pairs": 1, "share": round(1 / 3, 12), "suppliers": 1, "firms": 3}]


def test_two_brokers_in_a_row_are_both_keystones() -> None:
    # s – b – m – c – f, where m both supplies and needs. Connected: s→m, s→f, m→f; without b s→m and s→f are cut, without c s→f and m→f
    rows = _ties("bs bm cm cf", supply="sm", demand="mf")
    assert [(row["broker"], row["pairs"]) for row in keystones(rows, {})] == [("b", 2), ("c", 2)]


def test_whoever_takes_directly_and_supplies_too_counts_on_both_sides() -> None:
    # s – b – f takes directly from nobody; t gives to f, which supplies too: s→f, t→f and f→nobody, so b cuts s→f alone
    assert keystones(_ties("bs bf", direct="tf", supply="stf", demand="f"), {}) == [
        {"broker": "b", "pairs": 1, "share": 0.5, "suppliers": 2, "firms": 1}
    ]


def test_only_intermediaries_are_named_and_their_own_pairs_are_left_out() -> None:
    # c brings b's own offer to f: without c it is cut, without b nothing but its own pair
    assert keystones(_ties("cb cf", supply="b", demand="f"), {}) == [
        {"broker": "c", "pairs": 1, "share": 1.0, "suppliers": 1, "firms": 1}
    ]
    # b holds s and f together and has an offer of its own: its pair with f does not count as cut
    assert keystones(_ties("bs bf", supply="bs", demand="f"), {}) == [
        {"broker": "b", "pairs": 1, "share": 0.5, "suppliers": 1, "firms": 1}
    ]
    # supplier s is an articulation point, but no intermediary
    assert keystones(_ties("bs bg", direct="sf sg", supply="s", demand="fg"), {}) == []


@pytest.mark.parametrize(
    ("giver", "broker", "taker", "expected"),
    [
        ("x", "x", "x", "coordinator"),
        ("x", "y", "x", "itinerant"),
        ("x", "y", "y", "gatekeeper"),
        ("x", "x", "y", "representative"),
        ("x", "y", "z", "liaison"),
        (None, "y", "z", "ungrouped"),
        ("x", None, "x", "ungrouped"),
        ("x", "y", None, "ungrouped"),
    ],
)
def test_roles(giver: str | None, broker: str | None, taker: str | None, expected: str) -> None:
    assert role(giver, broker, taker) == expected


GROUPS = {"a": "x", "b": "x", "c": "x", "d": "y", "e": "z"}


def _transfer(number: str, year: int, parties: str) -> list[dict[str, Any]]:
    """Parties as letters: transferor, transferee, brokers."""
    roles = ("transferor", "transferee", *["broker"] * (len(parties) - 2))
    return [
        {"transfer": number, "year": year, "role": role, "body": body, "group": GROUPS[body]}
        for role, body in zip(roles, parties, strict=True)
    ]


def _counts(rows: list[dict[str, Any]]) -> dict[tuple[int, str], dict[str, int]]:
    return {
        (row["year"], row["broker"]): {name: row[name] for name in ROLES if row[name]}
        for row in brokerage_roles(rows, {})
    }


def test_roles_are_counted_by_broker_and_year() -> None:
    rows = [
        *_transfer("1", 2020, "acb"),  # all of x: coordinator
        *_transfer("2", 2020, "adb"),  # a, b of x, d of y: representative
        *_transfer("3", 2020, "adb"),  # the same triple again: counted once
        *_transfer("4", 2021, "adb"),
        *_transfer("5", 2021, "dae"),  # y → z → x: liaison
        *_transfer("6", 2021, "acd"),  # x → y → x: itinerant
        *_transfer("7", 2021, "dab"),  # y → x → x: gatekeeper
    ]
    assert _counts(rows) == {
        (2020, "b"): {"coordinator": 1, "representative": 1},
        (2021, "b"): {"representative": 1, "gatekeeper": 1},
        (2021, "d"): {"itinerant": 1},
        (2021, "e"): {"liaison": 1},
    }


def test_a_direct_transfer_in_the_same_year_closes_the_triple_and_parties_broker_nothing_for_themselves() -> None:
    rows = [
        *_transfer("1", 2020, "adb"),
        *_transfer("2", 2020, "ad"),
        *_transfer("3", 2021, "ada"),
        *_transfer("4", 2022, "adbe"),
    ]
    assert _counts(rows) == {(2022, "b"): {"representative": 1}, (2022, "e"): {"liaison": 1}}


OF_NETWORKS = ("shortest_path", "keystones", "brokerage_roles", "communities", "concentration", "betweenness")
"""Those of the ecosystem, which tell stages that nothing reached too, have tests of their own."""


def test_every_analysis_of_a_network_gives_nothing_for_nothing() -> None:
    assert {name: ANALYSES[name]([], ENDS) for name in OF_NETWORKS} == {key: [] for key in OF_NETWORKS}
