"""What-if and analysis over HTTP: a scenario in an address, the same on the page without script, refusals with reasons, files."""

import csv
import io
import re
from html import unescape
from typing import Any

import httpx
import pytest

from graph.questions.named import analyses
from ontology.indicators import indicators

pytestmark = pytest.mark.neo4j
BROWSER = {"accept": "text/html"}
DAY = "2026-11-24"


@pytest.fixture(scope="module")
def gap(sample_client: httpx.Client) -> dict[str, Any]:
    """A field with needs and no broker."""
    rows = sample_client.get("/api/questions/fields_without_broker", params={"as_of": DAY}).json()["rows"]
    found: dict[str, Any] = rows[0]
    return found


def tried(client: httpx.Client, **parameters: Any) -> dict[str, Any]:
    answer = client.get("/api/whatif", params={"as_of": DAY, **parameters})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_scenario_stands_in_its_address(sample_client: httpx.Client, gap: dict[str, Any]) -> None:
    found = tried(sample_client, add_field=gap["field"], add_place="VN-HN", language="en")
    assert found["hypothetical"] is True
    assert [one["field"]["id"] for one in found["gaps"] if one["change"] == "closed"] == [gap["field"]]
    changed = {one["id"]: one for one in found["indicators"] if one["today"]["value"] != one["supposed"]["value"]}
    assert (
        changed["fields-without-broker"]["supposed"]["value"] == changed["fields-without-broker"]["today"]["value"] - 1
    )
    again = tried(sample_client, add_field=gap["field"], add_place="VN-HN", language="en")
    assert {**again, "seconds": 0} == {**found, "seconds": 0}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_shows_what_the_api_says_and_marks_it(
    sample_client: httpx.Client, gap: dict[str, Any], language: str
) -> None:
    firm = sample_client.get(f"/id/{gap['need_ids'][0]}.json").json()
    owner = next(fact["object"]["id"] for fact in firm["facts"] if fact["property"] == "needOf")
    asked = {"add_field": gap["field"], "firm": owner, "as_of": DAY, "lang": language}
    page = sample_client.get("/whatif", params=asked, headers=BROWSER)
    assert page.status_code == 200
    text = unescape(page.text)
    assert {"vi": "Giả định: không điều nào", "en": "Hypothetical: none of what"}[language] in text
    assert 'class="hypothetical"' in text and "<script>" not in text
    # the address of the JSON answers the same
    address = re.search(r'href="(/api/whatif\?[^"]+)"', text)
    assert address and sample_client.get(address[1]).json()["scenario"]["firm"] == [owner]


def test_the_form_alone_asks_nothing(sample_client: httpx.Client) -> None:
    page = sample_client.get("/whatif", headers=BROWSER)
    assert page.status_code == 200
    assert 'name="add_field"' in page.text and 'class="hypothetical"' not in page.text
    blank = sample_client.get("/whatif", params={"add_place": " ", "assign": "", "close": ""}, headers=BROWSER)
    assert 'class="hypothetical"' not in blank.text


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({}, "suppose something"),
        ({"add_field": "nonsense"}, "ford/2015"),
        ({"close": "nobody"}, "close"),
        ({"add_field": "2.5", "as_of": "2026-13-01"}, "as_of"),
        ({"add_field": "2.5", "limit": "500"}, "limit"),
        ({"add_field": ["2.5"] * 11}, "add_field"),
        ({"add_field": "2.5", "erase": "everything"}, "erase"),
    ],
)
def test_refusals(sample_client: httpx.Client, parameters: dict[str, Any], reason: str) -> None:
    answer = sample_client.get("/api/whatif", params=parameters)
    assert answer.status_code == 422
    assert reason in answer.text


def test_a_page_with_an_error_says_it_and_keeps_the_form(sample_client: httpx.Client) -> None:
    page = sample_client.get("/whatif", params={"close": "<b>nobody</b>"}, headers=BROWSER)
    assert page.status_code == 422
    assert "&lt;b&gt;nobody" in page.text and "<b>nobody" not in page.text


@pytest.mark.parametrize("name", list(analyses()))
def test_every_analysis_gives_the_same_rows_from_both_languages_and_as_files(
    sample_client: httpx.Client, name: str
) -> None:
    address = f"/api/analysis/{name}"
    answers = [sample_client.get(address, params={"as_of": DAY, "on": on}).json() for on in ("cypher", "sparql")]
    assert answers[0]["rows"] == answers[1]["rows"] != []
    table = list(
        csv.reader(io.StringIO(sample_client.get(f"{address}.csv", params={"as_of": DAY}).text.lstrip("\ufeff")))
    )
    assert len(table) == len(answers[0]["rows"]) + 1
    page = sample_client.get(f"/analysis/{name}", params={"as_of": DAY}, headers=BROWSER)
    assert page.status_code == 200
    assert unescape(page.text).count(analyses()[name].definition.vi) == 1
    assert f'href="{address}.xlsx' in page.text and 'class="query"' in page.text


@pytest.mark.parametrize("by", ["year", "field", "both"])
def test_concentration_by(sample_client: httpx.Client, by: str) -> None:
    rows = sample_client.get("/api/analysis/concentration", params={"as_of": DAY, "by": by}).json()["rows"]
    assert rows and all(1 / row["brokers"] - 1e-9 <= row["index"] <= 1 for row in rows)
    assert all((row["year"] is None) == (by == "field") for row in rows)
    assert sample_client.get("/api/analysis/concentration", params={"by": "moon"}).status_code == 422


def test_unknown_analyses(sample_client: httpx.Client) -> None:
    assert sample_client.get("/api/analysis/astrology").status_code == 404
    assert sample_client.get("/analysis/astrology", headers=BROWSER).status_code == 404


def test_indicators_are_computed_from_the_questions_that_they_name(sample_client: httpx.Client) -> None:
    found = sample_client.get("/api/analysis", params={"as_of": DAY}).json()
    by_id = {one["id"]: one for one in found["indicators"]}
    assert list(by_id) == [one.id for one in indicators().indicators]
    rows = sample_client.get("/api/questions/fields_without_broker", params={"as_of": DAY}).json()["rows"]
    assert by_id["fields-without-broker"]["value"] == len(rows)
    applied = {
        row["figure"]: row["results"]
        for row in sample_client.get("/api/questions/results_applied", params={"as_of": DAY}).json()["rows"]
    }
    share = by_id["applied-results"]
    assert (share["numerator"], share["denominator"], share["unknown"]) == (
        applied["applied"],
        applied["accepted"],
        applied["unknown"],
    )
    # all targets are those of the made-up city, and say so
    targets = [one["target"] for one in by_id.values() if one["target"]]
    assert targets and all(one["certainty"] == "m" and "(hư cấu)" in one["set_by"] for one in targets)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_of_indicators_shows_target_source_and_question(sample_client: httpx.Client, language: str) -> None:
    page = unescape(sample_client.get("/analysis", params={"as_of": DAY, "lang": language}, headers=BROWSER).text)
    for one in indicators().indicators:
        assert one.title.model_dump()[language] in page
        assert f"/questions/{one.question}?" in page
    assert {"vi": "hư cấu, cho dữ liệu mẫu", "en": "made up, with the sample"}[language] in page
