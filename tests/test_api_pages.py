"""Pages and the API on the published sample: every form of an entity, the answer, search, sources one step away."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import httpx
import pyoxigraph as ox
import pytest

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
    for card, route in zip(cards, answer["routes"], strict=False):
        assert card.count("<svg") >= 2
        assert f"/id/{route['intermediary']['id']}" in card
        assert Words("vi")("band.high").split(":")[0] in card
        assert "%" not in card.split("</header>")[0]
    records = {source["record"] for hop in answer["routes"][0]["hops"] for source in hop["sources"]}
    assert records
    assert all(f'href="/record/{record}"' in cards[0] for record in records)


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


def test_loads_name_files_and_no_paths(sample_client: httpx.Client) -> None:
    listed = sample_client.get("/api/loads").json()["loads"]
    assert listed
    for load in listed:
        assert load["records"] == load["accepted"] + load["refused"]
        assert "/" not in load["file"]
    assert "rejects" not in json.dumps(listed)


def test_pages_link_to_our_own_pages_only(sample_client: httpx.Client, some: dict[str, str]) -> None:
    for path in ("/", "/search?q=hoc", "/ontology", "/sign-in", f"/id/{some['Technology']}"):
        html = sample_client.get(path, headers=BROWSER).text
        for tag in re.findall(r"<a [^>]*href=\"[a-z]+:[^>]*>", html):
            assert 'rel="noopener nofollow external"' in tag
            assert re.search(r'href="https?://', tag)


def test_ready_when_published(sample_client: httpx.Client) -> None:
    assert sample_client.get("/readyz").status_code == 200
    assert sample_client.get("/healthz").status_code == 200
