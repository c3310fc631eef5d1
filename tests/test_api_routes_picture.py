"""A route as a picture: everything in it is escaped, named and wrapped."""

import xml.etree.ElementTree as ET

import pytest

from api.catalogue import Words
from api.examples import TRANSFER
from api.presenting import band, route_card
from api.routes_picture import gate_sign, picture, route_sentence, stops, wrap
from graph.answer.model import Gate, Ref, Route

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "<img src=x onerror=alert(1)> \"'&{{7*7}}{} 'Robby' DETACH DELETE n //"


def _route(**changes: object) -> Route:
    return TRANSFER.routes[0].model_copy(update=changes)


def _drawings(route: Route, language: str = "vi") -> list[ET.Element]:
    drawn = picture(route, Words(language))  # type: ignore[arg-type]
    return list(ET.fromstring(f'<r xmlns="http://www.w3.org/2000/svg">{drawn}</r>'))


def test_both_layouts_show_all_stops_and_are_named() -> None:
    drawings = _drawings(_route())
    assert [drawing.get("class") for drawing in drawings] == ["route-picture wide", "route-picture narrow"]
    for drawing in drawings:
        assert len(drawing.findall(f".//{SVG}rect")) == 4
        ids = (drawing.get("aria-labelledby") or "").split()
        named = [drawing.find(f"{SVG}title"), drawing.find(f"{SVG}desc")]
        assert [one.get("id") for one in named if one is not None] == ids
        assert "Viện Vật liệu Ví Dụ" in (named[1].text or "")  # type: ignore[union-attr]
        assert "chưa rõ" in (named[1].text or "")  # type: ignore[union-attr]


def test_markup_in_a_name_is_text() -> None:
    nasty = Ref(id="a", name=NASTY, type="Enterprise")
    route = _route(firm=nasty, technology=nasty)
    for drawing in _drawings(route):
        assert {one.tag.removeprefix(SVG) for one in drawing.iter()} == {
            "svg",
            "title",
            "desc",
            "g",
            "rect",
            "text",
            "path",
        }
        assert NASTY in (drawing.findtext(f"{SVG}desc") or "")
    assert "<img" not in picture(route, Words("vi"))


def test_no_style_and_no_script_in_the_drawing() -> None:
    drawn = picture(_route(), Words("en"))
    assert "style=" not in drawn
    assert " on" not in drawn.replace(" one", "")


def test_illustrative_nodes_are_marked() -> None:
    texts = ["".join(one.itertext()) for one in _drawings(_route())[0].iter(f"{SVG}text")]
    assert sum("minh họa" in text and "·" in text for text in texts) == 4


def test_a_chain_and_a_missing_end_are_drawn() -> None:
    other = Ref(id="z", name="Other broker", type="Intermediary")
    route = _route(chain=(_route().intermediary, other), firm=None)
    assert [stop.part for stop in stops(route, Words("en"))] == ["technology", "holder", "intermediary", "intermediary"]
    assert "Other broker" in route_sentence(route, Words("en"))


def test_an_unknown_holder_is_drawn_as_unknown() -> None:
    drawing = _drawings(_route(holder=None))[0]
    assert len(drawing.findall(f".//{SVG}rect")) == 4
    assert "Chủ thể nắm giữ: chưa rõ" in (drawing.findtext(f"{SVG}desc") or "")


@pytest.mark.parametrize(
    ("state", "sign", "word"), [("pass", "✓", "đạt"), ("fail", "✕", "không đạt"), ("unknown", "?", "chưa rõ")]
)
def test_a_gate_is_a_sign_and_a_word(state: str, sign: str, word: str) -> None:
    shown = gate_sign(Gate(gate="law", state=state, reason=""), Words("vi"))  # type: ignore[arg-type]
    assert sign in shown
    assert f">{word}<" in shown


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("ngắn", ["ngắn"]),
        ("một hai ba bốn năm", ["một hai ba", "bốn năm"]),
        ("một hai ba bốn năm sáu bảy tám", ["một hai ba", "bốn năm s…"]),
        ("x" * 30, ["xxxxxxxxx…"]),
        ("", [""]),
    ],
)
def test_names_are_wrapped(text: str, rows: list[str]) -> None:
    assert wrap(text, 10, 2) == rows


def test_the_band_speaks_of_what_stands_above_the_base_rate() -> None:
    route = _route()
    assert band(route) == "middle"
    assert band(route.model_copy(update={"log_odds": -1.8})) == "low"
    assert band(route.model_copy(update={"log_odds": 0.1})) == "high"


def test_bars_start_in_the_middle_and_stay_inside() -> None:
    for _, bar in route_card(_route())["rows"]:
        assert bar.x + bar.width <= 200
        assert bar.x >= 0
        assert (bar.x == 100) is bar.positive
