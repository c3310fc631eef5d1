"""Pages and the API on the published sample: every form of an entity, the answer, search, sources one step away."""

import csv
import html
import io
import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pyoxigraph as ox
import pytest
from openpyxl import load_workbook

from api.catalogue import Words
from api.links import iri
from ontology.model import BASE, ontology

BROWSER = {"accept": "text/html"}
FORMS = [(".json", "application/json"), (".jsonld", "application/ld+json"), (".ttl", "text/turtle")]
LIMIT = 300_000
"""Bytes that no page or data may exceed."""


@pytest.fixture(scope="session")
def some(sample_client: httpx.Client) -> dict[str, str]:
    """The id of one node of each of the classes that pages are about."""
    words = {"Technology": "công nghệ", "Enterprise": "công ty", "Intermediary": "trung tâm", "University": "đại học"}
    found = {}
    for kind, text in words.items():
        hits = sample_client.get("/api/search", params={"q": text, "class": kind, "limit": 1}).json()["hits"]
        assert hits, kind
        found[kind] = hits[0]["id"]
    return found


@pytest.fixture(scope="session")
def answer(sample_client: httpx.Client, some: dict[str, str]) -> dict[str, Any]:
    content = sample_client.get("/api/transfer", params={"technology": some["Technology"]})
    assert content.status_code == 200
    found: dict[str, Any] = content.json()
    return found


def test_the_front_page_counts_what_there_is(sample_client: httpx.Client) -> None:
    page = sample_client.get("/", headers=BROWSER)
    assert page.status_code == 200
    counted = dict(re.findall(r'class=(\w+)"><span class="count">([\d.]+)</span>', page.text))
    assert int(counted["Intermediary"]) >= 40
    assert int(counted["Technology"]) >= 400


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_class_has_a_page_in_both_languages(
    sample_client: httpx.Client, some: dict[str, str], language: str
) -> None:
    for kind, identifier in some.items():
        page = sample_client.get(f"/id/{identifier}", params={"lang": language}, headers=BROWSER)
        assert (kind, page.status_code) == (kind, 200)
        assert f'<html lang="{language}">' in page.text
        assert ontology().label(kind, language) in page.text
        assert 'href="/record/' in page.text
        assert len(page.content) < LIMIT


def test_illustrative_nodes_are_marked_and_real_ones_not(sample_client: httpx.Client, some: dict[str, str]) -> None:
    note = Words("vi")("illustrative.note")
    for identifier in some.values():
        document = sample_client.get(f"/api/entities/{identifier}").json()
        page = sample_client.get(f"/id/{identifier}", params={"lang": "vi"}, headers=BROWSER).text
        assert (note in page) is document["illustrative"]


@pytest.mark.parametrize(("suffix", "media"), FORMS)
def test_an_entity_by_suffix_and_by_accept_is_the_same(
    sample_client: httpx.Client, some: dict[str, str], suffix: str, media: str
) -> None:
    path = f"/id/{some['Technology']}"
    by_suffix = sample_client.get(path + suffix)
    by_accept = sample_client.get(path, headers={"accept": media})
    assert by_suffix.headers["content-type"].split(";")[0] == media
    assert by_suffix.content == by_accept.content
    assert "Accept" in by_accept.headers["vary"]


def test_turtle_and_json_ld_hold_the_same_triples(sample_client: httpx.Client, some: dict[str, str]) -> None:
    for identifier in some.values():
        turtle = sample_client.get(f"/id/{identifier}.ttl").content
        linked = sample_client.get(f"/id/{identifier}.jsonld").content
        triples = {quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)}
        assert triples == {quad.triple for quad in ox.parse(linked, format=ox.RdfFormat.JSON_LD)}
        assert {triple.subject.value for triple in triples} == {iri(identifier)}


def test_each_value_leads_to_its_record_with_file_line_and_day(
    sample_client: httpx.Client, some: dict[str, str]
) -> None:
    document = sample_client.get(f"/api/entities/{some['Technology']}").json()
    assert document["facts"]
    for fact in document["facts"]:
        assert fact["sources"], fact["property"]
        for source in fact["sources"]:
            assert source["file"]
            assert source["line"] >= 1
            assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", source["date"])
    record = document["facts"][0]["sources"][0]
    page = sample_client.get(f"/record/{record['record']}", headers=BROWSER)
    assert page.status_code == 200
    assert record["file"] in page.text
    said = sample_client.get(f"/api/entities/record/{record['record']}/statements").json()["statements"]
    assert said


def test_statements_are_facts_and_claims(sample_client: httpx.Client, some: dict[str, str]) -> None:
    document = sample_client.get(f"/api/entities/{some['University']}").json()
    said = sample_client.get(f"/api/entities/{some['University']}/statements").json()
    assert len(said["statements"]) == len(document["facts"]) + len(document["claims"])
    assert said["snapshot"] == document["snapshot"]


def test_an_iri_names_an_entity_too(sample_client: httpx.Client, some: dict[str, str]) -> None:
    identifier = some["Technology"]
    assert sample_client.get(f"/api/entities/{BASE}id/{identifier}").json()["id"] == identifier


def test_a_concept_has_a_page(sample_client: httpx.Client) -> None:
    page = sample_client.get("/scheme/trl/1/7", headers=BROWSER)
    assert page.status_code == 200
    assert ontology().label("Concept", "vi") in page.text
    assert sample_client.get("/scheme/trl/1/7.ttl").status_code == 200


@pytest.mark.parametrize(
    "path", ["/id/nothing", "/id/nothing.ttl", "/record/nothing", "/scheme/trl/1/99", "/id/a%20b%3E", "/id/%00"]
)
def test_what_is_not_there_is_404(sample_client: httpx.Client, path: str) -> None:
    assert sample_client.get(path).status_code == 404


def test_search_finds_with_and_without_diacritics(sample_client: httpx.Client) -> None:
    typed = sample_client.get("/api/search", params={"q": "đại học", "limit": 5}).json()["hits"]
    bare = sample_client.get("/api/search", params={"q": "dai hoc", "limit": 5}).json()["hits"]
    assert typed
    assert bare
    page = sample_client.get("/search", params={"q": "dai hoc"}, headers=BROWSER)
    assert f'href="/id/{bare[0]["id"]}"' in page.text


@pytest.mark.parametrize("q", ["xử lý nước thải bằng màng", "xu ly nuoc thai bang mang"])
def test_what_was_looked_for_in_the_other_language_is_said(sample_client: httpx.Client, q: str) -> None:
    for document in ("/api/search?q=", "/api/transfer?limit=1&text="):
        bridged = sample_client.get(document + q).json()["bridged"]
        assert bridged[0]["terms"][0] == "wastewater treatment", document
        assert "membrane" in bridged[-1]["terms"], document
    for page in ("/search?q=", "/?q="):
        text = sample_client.get(page + q, headers=BROWSER).text
        assert re.search(r"(màng|mang) ≈ membrane", text), page


def test_a_text_in_one_language_finds_what_is_described_in_both(sample_client: httpx.Client) -> None:
    def found(q: str) -> set[str]:
        hits = sample_client.get("/api/search", params={"q": q, "class": "Technology", "limit": 20}).json()["hits"]
        return {hit["id"] for hit in hits}

    assert len(found("màng lọc nước") & found("water filtration membrane")) >= 3


def test_finding_nothing_is_said(sample_client: httpx.Client) -> None:
    page = sample_client.get("/search", params={"q": "<b>qqqxxq</b>", "lang": "vi"}, headers=BROWSER)
    assert "&lt;b&gt;qqqxxq&lt;/b&gt;" in page.text
    assert "<b>qqq" not in page.text


def test_the_answer_adds_up_and_names_its_snapshot(answer: dict[str, Any]) -> None:
    assert answer["snapshot"]
    assert answer["routes"]
    for route in answer["routes"]:
        total = sum(part["value"] for part in route["contributions"])
        assert total == pytest.approx(route["log_odds"], abs=1e-6)
        assert route["score_basis"]
        assert route["gates"]
        assert route["hops"]


def test_the_page_shows_the_routes_of_the_api(
    sample_client: httpx.Client, some: dict[str, str], answer: dict[str, Any]
) -> None:
    page = sample_client.get("/", params={"technology": some["Technology"], "lang": "vi"}, headers=BROWSER)
    assert page.status_code == 200
    assert len(page.content) < LIMIT
    cards = re.split(r'<article class="route"', page.text)[1:]
    assert len(cards) == min(len(answer["routes"]), 10)
    picture = page.text.split('class="routes-network"')[1].split("</svg>")[0]
    for card, route in zip(cards, answer["routes"], strict=False):
        for end in ("technology", "intermediary", "firm"):
            assert f"/id/{route[end]['id']}" in card
            assert f"/id/{route[end]['id']}" in picture
        assert Words("vi")("band.high").split(":")[0] in card
        assert "%" not in card.split("</header>")[0]
        assert f'value="{route["key"]}"' in card


def test_evidence_is_one_step_from_a_card(
    sample_client: httpx.Client, some: dict[str, str], answer: dict[str, Any]
) -> None:
    page = sample_client.get("/", params={"technology": some["Technology"], "lang": "vi"}, headers=BROWSER).text
    (why, *_) = re.findall(r'class="why" href="([^"]+)"', page)
    evidence = sample_client.get(html.unescape(why), headers=BROWSER)
    assert len(evidence.content) < LIMIT
    route = answer["routes"][0]
    records = {source["record"] for hop in route["hops"] for source in hop["sources"]}
    assert records
    assert all(f'href="/record/{record}"' in evidence.text for record in records)
    assert evidence.text.count("<svg") >= 2
    for part in route["contributions"]:
        assert part["reason"] in html.unescape(evidence.text)
    # a route of another question, or none, is no page
    assert sample_client.get("/route", params={"technology": some["Technology"], "route": "a.b.c.d"}).status_code == 404
    assert sample_client.get("/route", params={"route": route["key"]}).status_code == 422


def test_up_to_three_routes_stand_side_by_side(
    sample_client: httpx.Client, some: dict[str, str], answer: dict[str, Any]
) -> None:
    keys = [route["key"] for route in answer["routes"][:4]]
    asked = {"technology": some["Technology"], "lang": "en"}
    page = html.unescape(sample_client.get("/compare", params={**asked, "route": keys}, headers=BROWSER).text)
    assert Words("en")("beside.too_many", count=3) in page
    header = page.split("<thead>")[1].split("</thead>")[0]
    assert re.findall(r">Rank (\d+)</a>", header) == ["1", "2", "3"]
    for route in answer["routes"][:3]:
        assert Words("en").signed(route["log_odds"]) in page
    states = [{gate["gate"]: gate["state"] for gate in route["gates"]} for route in answer["routes"][:3]]
    differing = sum(len({of.get(gate) for of in states}) > 1 for gate in states[0])
    gates = page.split(Words("en")("route.gates"))[1].split("</tbody>")[0]
    assert gates.count('<tr class="differs">') == differing
    alone = sample_client.get("/compare", params={**asked, "route": keys[1]}, headers=BROWSER)
    assert alone.text.count('<th scope="col">') == 1
    assert sample_client.get("/compare", headers=BROWSER).status_code == 200


def test_an_answer_is_had_as_a_file(sample_client: httpx.Client, some: dict[str, str], answer: dict[str, Any]) -> None:
    asked = {"technology": some["Technology"]}
    text = sample_client.get("/api/transfer", params={**asked, "format": "csv"})
    assert text.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(text.text)))
    assert [(row["rank"], row["key"], row["firm"]) for row in rows] == [
        (str(route["rank"]), route["key"], route["firm"]["id"]) for route in answer["routes"]
    ]
    assert [float(row["log_odds"]) for row in rows] == pytest.approx(
        [route["log_odds"] for route in answer["routes"]], abs=1e-6
    )
    book = load_workbook(io.BytesIO(sample_client.get("/api/transfer", params={**asked, "format": "xlsx"}).content))
    routes, evidence, excluded, about = book.worksheets
    assert [row[0].value for row in routes.iter_rows(min_row=2)] == [route["rank"] for route in answer["routes"]]
    records = {source["record"] for route in answer["routes"] for hop in route["hops"] for source in hop["sources"]}
    assert records <= {row[10].value for row in evidence.iter_rows(min_row=2) if len(row) > 10}
    assert excluded.max_row == 1 + len(answer["excluded"])
    assert answer["snapshot"] in {row[1].value for row in about.iter_rows()}


def test_a_lasting_link_keeps_the_question_and_the_day(sample_client: httpx.Client, some: dict[str, str]) -> None:
    asked = {"technology": some["Technology"], "region": "VN-HN", "as_of": "2026-06-30"}
    page = sample_client.get("/", params=asked, headers=BROWSER).text
    (link,) = re.findall(rf'href="([^"]+)">{Words("vi")("answer.lasting")}', page)
    kept = dict(parse_qsl(urlsplit(html.unescape(link)).query))
    assert {name: kept[name] for name in asked} == asked
    assert set(kept) - set(asked) in ({"known_at"}, {"snapshot"})


def test_filters_of_the_form_are_those_of_the_answer(sample_client: httpx.Client) -> None:
    asked = {"q": "xử lý nước thải", "region": "VN-HN", "trl": "8", "lang": "vi"}
    page = html.unescape(sample_client.get("/", params=asked, headers=BROWSER).text)
    assert '<option value="VN-HN" selected>' in page
    assert '<option value="8" selected>' in page
    found = sample_client.get("/api/transfer", params={"text": asked["q"], "region": "VN-HN", "trl": 8}).json()
    for one in found["filters"]:
        counted = {name: Words("vi").number(one[name]) for name in ("passed", "failed", "unknown")}
        assert Words("vi")(f"filter.said_{one['of']}", **counted) in page
    assert f'value="{found["routes"][0]["key"]}"' in page
    nonsense = sample_client.get("/", params={**asked, "industry": "<b>none</b>"}, headers=BROWSER)
    assert nonsense.status_code == 422
    assert "<b>none" not in nonsense.text


def test_an_answer_has_pages(sample_client: httpx.Client) -> None:
    asked = {"q": "xử lý nước thải"}
    found = sample_client.get("/api/transfer", params={"text": asked["q"], "limit": 20}).json()
    first = sample_client.get("/", params=asked, headers=BROWSER).text
    (behind,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = sample_client.get(html.unescape(behind), headers=BROWSER).text
    assert re.findall(r'id="route-(\d+)" aria', second) == [str(rank) for rank in range(11, 21)]
    for route in found["routes"][10:20]:
        assert f'value="{route["key"]}"' in second
    assert 'rel="prev"' in second


@pytest.mark.parametrize(
    "q",
    [
        "",
        "   ",
        "x" * 1900,
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "\u0000",
        "))((",
        "🦆" * 50,
        'AND OR NOT +-:"*',
    ],
)
def test_any_text_is_answered(sample_client: httpx.Client, q: str) -> None:
    for path in ("/", "/search"):
        page = sample_client.get(f"{path}?{urlencode({'q': q})}", headers=BROWSER)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
    assert sample_client.get("/api/transfer", params={"text": q or "x"}).status_code in (200, 422)


@pytest.mark.parametrize("part", ["technology", "firm", "need", "intermediary"])
def test_an_unknown_part_is_said_above_the_form(sample_client: httpx.Client, part: str) -> None:
    page = sample_client.get("/", params={part: "<i>nobody of that name</i>"}, headers=BROWSER)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert "<i>" not in page.text


def test_a_form_of_nobody_changes_nothing(sample_client: httpx.Client, some: dict[str, str]) -> None:
    path = f"/id/{some['University']}"
    before = sample_client.get(f"{path}.json").content
    with httpx.Client(base_url=sample_client.base_url) as stranger:
        assert 'method="post" action="/id/' not in stranger.get(path, headers=BROWSER).text
        assert stranger.post(path, data={"property": "homepage", "value": "https://a.vn/"}).status_code == 403
    assert sample_client.get(f"{path}.json").content == before


@pytest.mark.parametrize(
    ("before", "back"),
    [
        ("{own}/id/x?lang=vi", "/id/x?lang=vi"),
        ("{own}//elsewhere.example/", "/elsewhere.example/"),
        ("https://elsewhere.example/id/x", "/"),
        ("", "/"),
    ],
)
def test_an_expired_form_leads_back_to_a_page_of_ours(sample_client: httpx.Client, before: str, back: str) -> None:
    own = str(sample_client.base_url).rstrip("/")
    headers = BROWSER | {"referer": before.format(own=own)}
    page = sample_client.post("/snapshots", data={"form_token": "of another day"}, headers=headers)
    assert page.status_code == 403
    words = Words("vi")
    assert words("error.form") in page.text
    assert f'<a class="button" href="{html.escape(back)}">{words("error.again")}</a>' in page.text


def test_loads_name_files_and_no_paths(sample_client: httpx.Client) -> None:
    listed = sample_client.get("/api/loads").json()["loads"]
    assert listed
    for load in listed:
        assert load["records"] == load["accepted"] + load["refused"]
        assert "/" not in load["file"]
    assert "rejects" not in json.dumps(listed)


def test_pages_link_to_our_own_pages_only(sample_client: httpx.Client, some: dict[str, str]) -> None:
    for path in ("/", "/search?q=hoc", "/ontology", "/sign-in", f"/id/{some['Technology']}"):
        text = sample_client.get(path, headers=BROWSER).text
        for tag in re.findall(r"<a [^>]*href=\"[a-z]+:[^>]*>", text):
            assert 'rel="noopener nofollow external"' in tag
            assert re.search(r'href="https?://', tag)


def test_ready_when_published(sample_client: httpx.Client) -> None:
    assert sample_client.get("/readyz").status_code == 200
    assert sample_client.get("/healthz").status_code == 200


@pytest.mark.parametrize("page", ["/", "/experts", "/partners", "/rights"])
def test_a_box_shows_the_name_in_the_place_of_the_id_that_a_link_carried(
    sample_client: httpx.Client, some: dict[str, str], page: str
) -> None:
    given = {"technology": some["Technology"], "intermediary": some["Intermediary"]}
    shown = sample_client.get(page, params=given, headers={"accept": "text/html"}).text
    name = sample_client.get(f"/api/entities/{given['technology']}").json()["name"]
    assert f'<input name="technology" value="{html.escape(name)}"' in shown
    assert f'<input name="technology" value="{given["technology"]}"' not in shown


def test_a_name_that_is_plainly_of_the_other_language_says_so(sample_client: httpx.Client) -> None:
    """Who hears the page hears it in that language."""
    english = sample_client.get("/councils", params={"lang": "en"}, headers=BROWSER).text
    names = re.findall(r'<h2><a href="/id/\w+"([^>]*)>', english)
    assert names and set(names) == {' lang="vi"'}
    vietnamese = sample_client.get("/councils", params={"lang": "vi"}, headers=BROWSER).text
    assert set(re.findall(r'<h2><a href="/id/\w+"([^>]*)>', vietnamese)) == {""}
