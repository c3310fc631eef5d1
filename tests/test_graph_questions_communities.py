"""Communities of networks that were drawn so that anybody sees them."""

from itertools import combinations

from graph.questions.communities import DRAWN_NODES, DRAWN_TIES, divided
from graph.questions.networks import Network, Tie, projections

A_PROJECTION = next(iter(projections().values()))


def network(*ties: tuple[str, str, int]) -> Network:
    return Network(A_PROJECTION, tuple(Tie(one, other, 2020, weight) for one, other, weight in ties))


def two_cliques() -> Network:
    """Two groups of five, everybody tied to everybody within, and one thin tie between."""
    within = [(f"{side}{a}", f"{side}{b}", 3) for side in "xy" for a, b in combinations(range(5), 2)]
    return network(*within, ("x0", "y0", 1))


def test_two_cliques_are_two_communities() -> None:
    found = divided(two_cliques())
    assert {frozenset(one.nodes) for one in found.communities} == {
        frozenset(f"{side}{a}" for a in range(5)) for side in "xy"
    }
    # of 61 units of weight 60 lie within; both halves carry the same, so chance would give a half
    assert round(found.modularity, 4) == round(60 / 61 - 0.5, 4)
    assert [one.inside for one in found.communities] == [30, 30]
    assert found.communities[0].nodes[0] in ("x0", "y0")
    assert found.weights["x0"] == 13
    assert found.whole


def test_the_same_network_has_the_same_communities_in_any_order() -> None:
    ties = two_cliques().ties
    assert divided(Network(A_PROJECTION, ties)) == divided(Network(A_PROJECTION, ties[::-1]))


def test_years_and_directions_are_one_pair_and_a_node_is_not_tied_to_itself() -> None:
    found = divided(Network(A_PROJECTION, (Tie("a", "b", 2019, 1), Tie("b", "a", None, 2), Tie("a", "a", 2020, 9))))
    assert found.drawn == {("a", "b"): 3}
    assert found.weights == {"a": 3, "b": 3}


def test_of_a_large_network_the_heaviest_part_is_drawn_and_no_node_stands_alone() -> None:
    star = [("hub", f"leaf{at:05d}", 1 + at) for at in range(DRAWN_NODES + 200)]
    crowd = [(f"leaf{a:05d}", f"leaf{b:05d}", 1) for a, b in combinations(range(700, 800), 2)]
    found = divided(network(*star, *crowd))
    assert len(found.drawn_nodes) <= DRAWN_NODES
    assert len(found.drawn) <= DRAWN_TIES
    assert {node for pair in found.drawn for node in pair} == set(found.drawn_nodes)
    assert "leaf00000" not in found.drawn_nodes
    assert "hub" in found.drawn_nodes


def test_nothing_has_no_communities() -> None:
    found = divided(network())
    assert (found.communities, found.drawn, found.modularity) == ((), {}, 0.0)
