"""Pictures of rows: well-formed, to scale, with everything escaped."""

from xml.etree import ElementTree

import pytest

from api.charts import MOST_BARS, MOST_NODES, Bar, Line, Node, bars, network

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '<img src=x onerror="alert(1)">&'


def read(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(str(markup).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def by_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [one for one in root.iter() if one.get("class") == name]


def part(element: ElementTree.Element, name: str) -> float:
    """A length, which is given as a part of a hundred of the picture's width."""
    number, sign, rest = element.get(name, "").partition("%")
    assert (sign, rest) == ("%", "")
    return float(number)


def test_bars_are_as_long_as_their_values() -> None:
    root = read(bars([Bar("a", 10, "10"), Bar("b", 5, "5"), Bar("c", 0, "0")], "title"))
    lengths = [part(one, "width") for one in by_class(root, "for")]
    assert lengths[0] == pytest.approx(2 * lengths[1])
    assert lengths[2] == 0
    assert {part(one, "x") for one in by_class(root, "for")} == {0}
    assert [one.text for one in by_class(root, "bar-name")] == ["a", "b", "c"]
    assert root.get("aria-label") == "title"


def test_negative_bars_go_to_the_left_of_zero() -> None:
    root = read(bars([Bar("a", 10, "10"), Bar("b", -5, "-5")], "title"))
    (right,), (left,) = by_class(root, "for"), by_class(root, "against")
    assert part(left, "x") == 0
    assert part(left, "width") == pytest.approx(part(right, "x"))
    assert part(right, "width") == pytest.approx(2 * part(left, "width"), abs=0.1)


def test_bars_of_nothing_but_zeros_are_drawn() -> None:
    assert len(by_class(read(bars([Bar("a", 0, "0")], "title")), "for")) == 1


def test_no_more_bars_and_boxes_are_drawn_than_can_be_read() -> None:
    assert len(by_class(read(bars([Bar("x", 1, "1")] * 100, "t")), "for")) == MOST_BARS
    lines = [Line(f"n{at}", f"n{at + 1}", "") for at in range(200)]
    nodes = {f"n{at}": Node("x") for at in range(201)}
    root = read(network(lines, nodes, "t"))
    assert len(by_class(root, "stop")) == MOST_NODES
    assert len(by_class(root, "tie")) == MOST_NODES - 1


def boxes(markup: str) -> dict[str, tuple[int, int]]:
    return {
        str(box.find(f"{SVG}title").text): (int(box.find(f"{SVG}rect").get("x", "")), int(box.find(f"{SVG}rect").get("y", "")))  # type: ignore[union-attr]
        for box in by_class(read(markup), "stop")
    }  # fmt: skip


def test_a_path_is_a_row_of_boxes_from_its_first_node() -> None:
    places = boxes(network([Line("f", "b", "x"), Line("b", "o", "y")], {one: Node(one) for one in "fbo"}, "t"))
    assert len({y for _, y in places.values()}) == 1
    assert sorted(places, key=lambda one: places[one][0]) == ["f", "b", "o"]


def test_parts_that_are_not_tied_stand_below_each_other_and_no_boxes_overlap() -> None:
    lines = [Line("a", "b", ""), Line("a", "c", ""), Line("b", "c", ""), Line("x", "y", "")]
    places = boxes(network(lines, {one: Node(one) for one in "abcxy"}, "t"))
    assert len(set(places.values())) == 5
    assert places["x"][1] > max(places[one][1] for one in "abc")
    assert places["b"][0] == places["c"][0] > places["a"][0]


def test_names_lead_to_their_pages_and_are_escaped() -> None:
    root = read(network([Line("a" * 12, "scheme/trl/1/7", NASTY)], {"a" * 12: Node(NASTY, "made up"), "scheme/trl/1/7": Node("7")}, "t"))  # fmt: skip
    assert [one.get("href") for one in root.iter(f"{SVG}a")] == ["/id/" + "a" * 12, "/scheme/trl/1/7"]
    assert by_class(root, "relation")[0].text == NASTY
    assert [one.text for one in by_class(root, "part")] == ["made up"]
    assert not list(root.iter(f"{SVG}img"))
    assert not list(read(bars([Bar(NASTY, 1, NASTY)], NASTY)).iter(f"{SVG}img"))
