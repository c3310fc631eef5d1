"""The reconciliation API over the sample, asked as OpenRefine asks it; and affiliations as they are written."""

import json
from typing import Any

import httpx
import pytest

from ontology.model import ontology

pytestmark = pytest.mark.neo4j

HUST = "Đại học Bách khoa Hà Nội"


def batch(client: httpx.Client, **queries: Any) -> dict[str, list[dict[str, Any]]]:
    """Send a batch as OpenRefine does: a form with one field of JSON."""
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    return {name: one["result"] for name, one in answer.json().items()}


def identifier(client: httpx.Client, name: str) -> str:
    hits = client.get("/api/search", params={"q": name, "class": "Organization"}).json()["hits"]
    return str(next(hit["id"] for hit in hits if hit["name"] == name))


def test_the_manifest_says_what_the_service_does(sample_client: httpx.Client) -> None:
    said = sample_client.get("/reconcile").json()
    assert "0.2" in said["versions"]
    assert {"name", "identifierSpace", "schemaSpace", "view", "preview", "suggest", "extend"} <= set(said)
    assert "{{id}}" in said["view"]["url"] and "{{id}}" in said["preview"]["url"]
    assert all(one["id"] in ontology().classes and one["name"] for one in said["defaultTypes"])
    for one in said["suggest"].values():
        assert sample_client.get(one["service_path"], params={"prefix": "h"}).status_code == 200
    hust = identifier(sample_client, HUST)
    page = said["view"]["url"].replace("{{id}}", hust)
    assert httpx.get(page).headers["location"] == f"/id/{hust}"


def test_a_batch_finds_names_short_forms_and_nothing(sample_client: httpx.Client) -> None:
    found = batch(
        sample_client,
        q0={"query": HUST},
        q1={"query": "DAI HOC BACH KHOA HA NOI", "type": "Organization", "limit": 3},
        q2={"query": "ĐHBKHN", "type": ["University"]},
        q3={"query": "Zzyzx Qwxyz Institute", "type": "Organization"},
    )
    hust = identifier(sample_client, HUST)
    for name in ("q0", "q1", "q2"):
        best = found[name][0]
        assert (best["id"], best["name"], best["match"]) == (hust, HUST, True), name
        assert 80 <= best["score"] <= 100
        assert best["type"][0]["id"] in ontology().classes
        assert best["features"]
        assert [one["match"] for one in found[name]].count(True) == 1
    assert not any(one["match"] for one in found["q3"])
    assert len(found["q1"]) <= 3


def test_a_class_leaves_out_what_is_of_another(sample_client: httpx.Client) -> None:
    found = batch(sample_client, q={"query": HUST, "type": "Technology"})
    assert identifier(sample_client, HUST) not in [one["id"] for one in found["q"]]


def test_other_classes_are_found_by_name(sample_client: httpx.Client) -> None:
    hit = sample_client.get("/api/search", params={"q": "xử lý nước thải", "class": "Technology"}).json()["hits"][0]
    best = batch(sample_client, q={"query": hit["name"], "type": "Technology"})["q"][0]
    assert (best["id"], best["match"]) == (hit["id"], True)


def test_an_identifier_decides_and_a_value_that_differs_counts_against(sample_client: httpx.Client) -> None:
    rows = sample_client.post(
        "/cypher",
        json={
            "query": "MATCH (o:Organization)-[:HAS_IDENTIFIER]->(i:Identifier {identifierScheme: 'tax-code'}) "
            "RETURN o.id, i.identifierValue ORDER BY o.id LIMIT 1"
        },
    ).json()["rows"]
    (one, code), *_ = rows
    found = batch(
        sample_client,
        by_code={"query": "something else", "properties": [{"pid": "tax-code", "v": code}]},
        agrees={"query": HUST, "properties": [{"pid": "country", "v": "VN"}]},
        differs={"query": HUST, "properties": [{"pid": "homepage", "v": "https://nowhere.example/"}]},
        plain={"query": HUST},
    )
    assert [(best["id"], best["match"], best["score"]) for best in found["by_code"]] == [(one, True, 100)]
    assert found["agrees"][0]["id"] == found["plain"][0]["id"]
    assert found["differs"][0]["score"] < found["plain"][0]["score"]
    assert not found["differs"][0]["match"]


def test_rows_are_extended_by_values_and_by_nodes(sample_client: httpx.Client) -> None:
    hust = identifier(sample_client, HUST)
    wanted = {"ids": [hust, "nothing1234x"], "properties": [{"id": "homepage"}, {"id": "locatedIn"}, {"id": "none"}]}
    said = sample_client.post("/reconcile", data={"extend": json.dumps(wanted)}).json()
    assert [one["id"] for one in said["meta"]] == ["homepage", "locatedIn"]
    facts = {
        (fact["property"], fact["value"] or fact["object"]["name"])
        for fact in sample_client.get(f"/api/entities/{hust}").json()["facts"]
        if fact["property"] in ("homepage", "locatedIn")
    }
    row = said["rows"][hust]
    assert {("homepage", cell["str"]) for cell in row["homepage"]} <= facts
    assert {("locatedIn", cell["name"]) for cell in row["locatedIn"]} <= facts
    assert len(facts) == len(row["homepage"]) + len(row["locatedIn"]) > 0
    assert said["rows"]["nothing1234x"] == {"homepage": [], "locatedIn": []}


def test_properties_and_suggestions(sample_client: httpx.Client) -> None:
    offered = sample_client.get("/reconcile/properties", params={"type": "Enterprise", "limit": 5}).json()
    assert (offered["type"], offered["limit"], len(offered["properties"])) == ("Enterprise", 5, 5)
    assert sample_client.get("/reconcile/properties", params={"type": "Nothing"}).status_code == 404
    types = sample_client.get("/reconcile/suggest/type", params={"prefix": "doanh ng"}).json()["result"]
    assert types[0]["id"] == "Enterprise"
    assert not {"Identifier", "SourceRecord"} & {one["id"] for one in types}
    named = sample_client.get("/reconcile/suggest/property", params={"prefix": "homep"}).json()["result"]
    assert [one["id"] for one in named] == ["homepage"]
    hidden = {prop.name for prop in ontology().properties.values() if prop.visibility != "public"}
    every = sample_client.get("/reconcile/suggest/property", params={"prefix": ""}).json()["result"]
    assert hidden and not hidden & {one["id"] for one in every}
    entities = sample_client.get("/reconcile/suggest/entity", params={"prefix": "bach khoa"}).json()["result"]
    assert identifier(sample_client, HUST) in [one["id"] for one in entities]
    later = sample_client.get("/reconcile/suggest/entity", params={"prefix": "bach khoa", "cursor": 1}).json()["result"]
    assert [one["id"] for one in later][:3] == [one["id"] for one in entities][1:4]


def test_a_preview_may_be_framed_and_runs_nothing(sample_client: httpx.Client) -> None:
    answer = sample_client.get("/reconcile/preview", params={"id": identifier(sample_client, HUST)})
    assert answer.status_code == 200
    assert HUST in answer.text and "<script" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors *" in policy and "default-src 'none'" in policy
    for unknown in ("nothing1234x", "../x", "<img>"):
        assert sample_client.get("/reconcile/preview", params={"id": unknown}).status_code == 404


@pytest.mark.parametrize(
    ("queries", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ('{"q": 1}', 400),
        ('{"q": {"query": "x", "limit": 0}}', 400),
        ('{"q": {"query": "x", "type": "Nothing"}}', 400),
        ("[" * 50_000, 400),
        (json.dumps({f"q{at}": {"query": "x"} for at in range(101)}), 413),
        (json.dumps({"q": {"query": "x" * 1_001}}), 400),
    ],
)
def test_what_is_no_batch_is_refused(sample_client: httpx.Client, queries: str, status: int) -> None:
    answer = sample_client.post("/reconcile", data={"queries": queries})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_an_empty_name_and_odd_values_find_nothing(sample_client: httpx.Client) -> None:
    found = batch(
        sample_client,
        empty={"query": ""},
        spaces={"query": " \t", "type": "Organization"},
        values={"query": "", "properties": [{"pid": "x", "v": {"id": None}}, {"pid": "ror", "v": [1, None, True]}]},
    )
    assert found == {"empty": [], "spaces": [], "values": []}


def test_affiliations_are_linked_with_reasons(sample_client: httpx.Client) -> None:
    texts = [f"Khoa Cơ khí, {HUST}, Hà Nội, Việt Nam", "Zzyzx Qwxyz"]
    said = sample_client.get("/api/affiliations", params={"q": texts, "country": "vn"}).json()
    known, unknown = said["affiliations"]
    assert [known["text"], unknown["text"]] == texts
    best = known["organisations"][0]
    assert (best["name"], best["linked"]) == (HUST, True)
    assert best["reasons"]
    assert not any(one["linked"] for one in unknown["organisations"])
    assert sample_client.get("/api/affiliations").status_code == 422
