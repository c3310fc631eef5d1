"""The map as a page on the sample: every province a link with its number, the same numbers in table and data, and what is not known said."""

import re
from html import unescape
from typing import Any

import httpx
import pytest

from api.province_map import SHADES, Province, breaks, outlines, province_map, shade
from ontology.schemes import schemes
from tests.conftest import SAMPLE_DAY

BROWSER = {"accept": "text/html"}
LARGEST = 300_000


def page(client: httpx.Client, **parameters: Any) -> str:
    answer = client.get("/map", params={"as_of": SAMPLE_DAY, "lang": "en", **parameters}, headers=BROWSER)
    assert answer.status_code == 200, answer.text
    assert len(answer.content) < LARGEST
    assert "<script>" not in answer.text and " style=" not in answer.text
    return answer.text


def areas(text: str) -> dict[str, tuple[str, str]]:
    """Name of a province on the map → its number and where it leads."""
    links = re.findall(r'<a href="([^"]+)" class="shade-\d[^"]*" aria-label="([^":]+): ([\d,]+) \(', text)
    return {unescape(name): (number, unescape(href)) for href, name, number in links}


@pytest.mark.parametrize("highest", [0, 1, 2, 3, 5, 7, 60, 200, 12_345])
def test_shades_cover_every_number_once_and_the_highest_is_darkest(highest: int) -> None:
    steps = breaks(highest)
    assert [number for first, last in steps for number in range(first, last + 1)] == list(range(1, highest + 1))
    assert len(steps) <= SHADES
    found = [shade(number, steps) for number in range(highest + 1)]
    assert found == sorted(found) and found[0] == 0
    assert highest == 0 or found[-1] == SHADES


def test_names_are_text_on_the_map() -> None:
    drawn = province_map([Province("VN-HN", "<b>&", 1, '"><script>', "/map?a=1&b=2")], "<i>")
    assert "<b>" not in drawn and "<script>" not in drawn and "<i>" not in drawn
    assert 'href="/map?a=1&amp;b=2"' in drawn


def test_a_province_without_an_outline_is_left_out_and_a_near_one_fills_the_picture() -> None:
    some = [Province(code, code, 1, code, "/map") for code in (*outlines(), "VN-XX")]
    whole = province_map(some, "")
    assert "VN-XX" not in whole and ">VN-HN</text>" in whole
    x, y, width, height = map(
        int, re.findall(r'viewBox="(-?\d+) (-?\d+) (\d+) (\d+)"', province_map(some, "", "VN-HN"))[0]
    )
    left, top, right, low = outlines()["VN-HN"].box
    assert x < left < right < x + width < x + 5 * (right - left) and y < top < low < y + height


@pytest.mark.neo4j
def test_map_table_and_data_say_the_same(sample_client: httpx.Client) -> None:
    for shown in ("universities", "tasks"):
        answer = sample_client.get("/api/ecosystem/places", params={"as_of": SAMPLE_DAY}).json()
        rows = {schemes().label(row["place"], "en"): row for row in answer["rows"] if row["known"] == "part"}
        text = page(sample_client, shown=shown)
        drawn = areas(text)
        assert {name: int(number.replace(",", "")) for name, (number, _) in drawn.items()} == {
            name: row[shown] for name, row in rows.items()
        }
        assert len(drawn) == 34
        for name, row in rows.items():
            (line,) = re.findall(rf'<tr><th scope="row"><a [^>]*>{re.escape(name)}</a></th>(.*?)</tr>', text)
            assert re.findall(r'<td class="number[^"]*">([\d,]+)', line)[:1] == [f"{row['organisations']:,}"]
            assert f'/?region={row["place"].rsplit("/", 1)[-1]}"' in line


@pytest.mark.neo4j
def test_a_click_on_hanoi_shows_its_units_and_keeps_day_and_column(sample_client: httpx.Client) -> None:
    _, href = areas(page(sample_client, shown="enterprises", data="illustrative"))["Hanoi"]
    answer = sample_client.get(href, params={"lang": "en"} | dict(httpx.URL(href).params), headers=BROWSER)
    assert answer.status_code == 200
    text = answer.text
    assert "<h1>Map: Hanoi</h1>" in text
    assert f"as_of={SAMPLE_DAY}" in text and 'aria-current="true">Enterprises' in text
    assert "no outlines of communes with a clear licence" in text
    # the neighbourhood, not the far south
    assert {"Hanoi", "Bac Ninh", "Phu Tho"} <= set(areas(text)) and "Ca Mau" not in areas(text)
    asked = sample_client.get("/", params={"region": "VN-HN"}, headers=BROWSER).text
    assert re.search(r'<option value="VN-HN" selected>', asked)


@pytest.mark.neo4j
def test_what_is_not_on_the_map_is_said(sample_client: httpx.Client) -> None:
    text = page(sample_client)
    rows = sample_client.get("/api/ecosystem/places", params={"as_of": SAMPLE_DAY}).json()["rows"]
    nowhere = sum(row["organisations"] for row in rows if row["known"] == "none")
    assert f"No place on record: {nowhere:,}" in text
    for islands in ("Hoàng Sa", "Trường Sa"):
        assert f"{islands} (" in text
    assert "belong to Viet Nam" in text and "Natural Earth" in text
    assert "Khánh Hòa" in text or "Khanh Hoa" in text


@pytest.mark.neo4j
def test_what_is_asked_wrongly_is_an_error_on_the_page(sample_client: httpx.Client) -> None:
    answer = sample_client.get("/map", params={"within": "nowhere"}, headers=BROWSER)
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert sample_client.get("/map", params={"shown": "<b>"}, headers=BROWSER).status_code == 200


@pytest.mark.neo4j
def test_what_is_kept_of_an_answer_is_of_its_day_and_place(sample_client: httpx.Client) -> None:
    def tasks(**parameters: str) -> int:
        answer = sample_client.get("/api/ecosystem/places", params=parameters).json()
        assert answer["as_of"] == parameters["as_of"]
        return sum(row["tasks"] for row in answer["rows"])

    now, then = tasks(as_of=SAMPLE_DAY), tasks(as_of="2018-06-30")
    assert 0 < then < now
    assert (tasks(as_of=SAMPLE_DAY), tasks(as_of="2018-06-30")) == (now, then)
    assert tasks(as_of=SAMPLE_DAY, within="VN-HN") < now
    assert tasks(as_of=SAMPLE_DAY, data="real") == 0
    for on in ("cypher", "sparql"):
        assert tasks(as_of=SAMPLE_DAY, on=on) == now
