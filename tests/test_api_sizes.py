"""No answer is heavier than 300 kB, with the largest limit that an operation takes; what does not fit is one link away."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import Request

from api.finding_examples import PARTNERS
from api.fitting import HEAVIEST, fitting, following, light
from api.tokens import create_token
from graph.answer.partner_model import Partners
from graph.questions.ecosystem import ecosystem_questions
from graph.questions.named import analyses, questions, registers
from graph.questions.networks import projections
from graph.statements.home import Home
from tests.answer_pages import answer_pages
from tests.conftest import SAMPLE_DAY

SLOW = (
    "/api/review",
    "/api/questions/{name}",
    "/api/analysis",
    "/api/analysis/{name}",
    "/api/networks/{name}/communities",
)
"""What is computed when it is asked for first, and asked by other tests too."""
TECHNOLOGY, TEXT = "TdT5APT7asje", "xử lý nước thải"


def test_as_many_fit_as_there_is_room_for_and_at_least_one() -> None:
    assert fitting([10] * 5, 0) == 5
    assert fitting([HEAVIEST // 3] * 5, 0) == 2
    assert fitting([HEAVIEST // 3] * 5, HEAVIEST // 2) == 1
    assert fitting([HEAVIEST * 2], 0) == 1
    assert fitting([99_999] * 9, 0) * 100_000 <= HEAVIEST


def test_the_next_page_keeps_what_was_asked() -> None:
    scope = {"type": "http", "scheme": "http", "server": ("a", 80), "path": "/api/x", "query_string": b"q=1&offset=3", "headers": []}  # fmt: skip
    assert following(Request(scope), 7) == {"link": '<http://a/api/x?q=1&offset=7>; rel="next"'}


@pytest.fixture(scope="module")
def curator(sample_home: Path) -> dict[str, str]:
    return {"authorization": f"Bearer {create_token(Home(sample_home), 'curator', 'sizes')}"}


def operations(client: httpx.Client) -> Iterator[tuple[str, dict[str, Any]]]:
    """Paths that answer GET with JSON → parameters with their largest limit."""
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        said = methods.get("get")
        if said and "application/json" in said["responses"]["200"]["content"]:
            largest = {one["name"]: one["schema"].get("maximum") for one in said.get("parameters", ())}
            yield path, {"limit": largest["limit"]} if "limit" in largest else {}


def examples(client: httpx.Client) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Path of the description → addresses that have much to say on the sample. A new operation needs one here."""
    route = client.get("/api/transfer", params={"text": TEXT, "limit": 1}).json()["routes"][0]
    broker, firm = route["intermediary"]["id"], route["firm"]["id"]
    bodies = [TECHNOLOGY, broker, firm]
    result = client.get("/api/rights").json()["entries"][0]["result"]["id"]
    task = client.get("/api/ecosystem/course", params={"as_of": SAMPLE_DAY}).json()["rows"][0]["task"]

    def named(path: str, asked: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        return [(f"{path}/{name}", {**one.example, "as_of": SAMPLE_DAY}) for name, one in asked.items()]

    return {
        "/api/transfer": [("/api/transfer", {"text": TEXT}), ("/api/transfer", {"intermediary": broker})],
        "/api/search": [("/api/search", {"q": "công nghệ"})],
        "/api/suggest": [("/api/suggest", {"q": "c"})],
        "/api/entities/{identifier}": [(f"/api/entities/{one}", {}) for one in bodies],
        "/api/entities/{identifier}/statements": [(f"/api/entities/{one}/statements", {}) for one in bodies],
        "/api/entities/{identifier}/neighbours": [(f"/api/entities/{one}/neighbours", {}) for one in bodies],
        "/api/entities/{identifier}/history": [(f"/api/entities/{one}/history", {}) for one in bodies],
        "/api/experts": [("/api/experts", {"text": TEXT}), ("/api/experts", {"firm": firm})],
        "/api/partners": [
            ("/api/partners", {"intermediary": broker, "technology": TECHNOLOGY}),
            ("/api/partners", {"intermediary": broker}),
        ],
        "/api/questions": [("/api/questions", {})],
        "/api/questions/{name}": named("/api/questions", dict(questions())),
        "/api/ecosystem": [("/api/ecosystem", {})],
        "/api/ecosystem/{name}": named("/api/ecosystem", dict(ecosystem_questions())),
        "/api/registers/{name}": named("/api/registers", dict(registers())),
        "/api/analysis": [("/api/analysis", {})],
        "/api/analysis/{name}": named("/api/analysis", dict(analyses())),
        "/api/networks": [("/api/networks", {})],
        "/api/networks/{name}": [(f"/api/networks/{name}", {}) for name in projections()],
        "/api/networks/{name}/communities": [(f"/api/networks/{name}/communities", {}) for name in projections()],
        "/api/rights": [("/api/rights", {}), ("/api/rights", {"technology": TECHNOLOGY, "to": firm})],
        "/api/rights/{identifier}": [(f"/api/rights/{result}", {})],
        "/api/diff": [("/api/diff", {"from": "2020-01-01", "to": SAMPLE_DAY, "by": "as_of"})],
        "/api/reviewers": [("/api/reviewers", {"task": task})],
        "/api/councils": [("/api/councils", {})],
        "/api/whatif": [("/api/whatif", {"add_field": "1.4", "add_place": "VN-HN", "technology": TECHNOLOGY})],
        "/api/snapshots": [("/api/snapshots", {})],
        "/api/affiliations": [("/api/affiliations", {"q": "Đại học Bách khoa Hà Nội, Việt Nam"})],
        "/api/review": [("/api/review", {})],
        "/api/outcomes": [("/api/outcomes", {})],
        "/api/cases": [("/api/cases", {})],
        # nobody's case is there to be read
        "/api/cases/{identifier}": [],
        "/api/claims": [("/api/claims", {})],
        "/api/loads": [("/api/loads", {})],
        "/api/loads/{number}": [("/api/loads/000001", {})],
    }


def prepared(client: httpx.Client, path: str, parameters: dict[str, Any], headers: dict[str, str]) -> httpx.Response:
    """The answer, once what it needs is made."""
    for _ in range(120):
        answer = client.get(path, params=parameters, headers=headers)
        if answer.status_code != 503:
            break
        time.sleep(0.5)
    return answer


def heavy(client: httpx.Client, curator: dict[str, str], paths: Callable[[str], bool]) -> tuple[int, list[Any]]:
    """How many addresses were asked, and which of them answer with too much."""
    known, found, asked = examples(client), [], 0
    for path, limits in operations(client):
        assert path in known, f"tests/test_api_sizes.py has no example for {path}"
        for address, parameters in known[path] if paths(path) else ():
            answer = prepared(client, address, {**limits, **parameters}, curator)
            assert answer.status_code == 200, (address, answer.text[:300])
            asked += 1
            found += [(address, parameters, len(answer.content))] if len(answer.content) > HEAVIEST else []
    return asked, found


@pytest.mark.neo4j
def test_no_operation_answers_heavily(sample_client: httpx.Client, curator: dict[str, str]) -> None:
    asked, found = heavy(sample_client, curator, lambda path: path not in SLOW)
    assert asked > 40
    assert found == []


@pytest.mark.neo4j
@pytest.mark.long
def test_nor_does_what_takes_long(sample_client: httpx.Client, curator: dict[str, str]) -> None:
    asked, found = heavy(sample_client, curator, lambda path: path in SLOW)
    assert asked > 30
    assert found == []


@pytest.mark.neo4j
def test_the_links_of_the_main_answer_lead_through_all_routes(sample_client: httpx.Client) -> None:
    asked = {"text": TEXT, "limit": 100, "as_of": SAMPLE_DAY}
    ranks = [route["rank"] for page in answer_pages(sample_client, "/api/transfer", asked) for route in page["routes"]]
    assert len(ranks) >= 100
    assert ranks == list(range(1, len(ranks) + 1))


@pytest.mark.neo4j
def test_the_links_of_a_view_lead_through_all_rows(sample_client: httpx.Client) -> None:
    asked = {"as_of": SAMPLE_DAY, "stage": "approved", "reached": "yes"}
    pages = list(answer_pages(sample_client, "/api/ecosystem/course", asked))
    whole = sample_client.get("/api/ecosystem/course.csv", params=asked).text.splitlines()
    codes = [row["task"] for page in pages for row in page["rows"]]
    assert len(codes) == len(set(codes)) == len(whole) - 1


@pytest.mark.neo4j
def test_the_links_of_partners_lead_through_all_partners_and_all_buyers(sample_client: httpx.Client) -> None:
    broker = sample_client.get("/api/transfer", params={"text": TEXT, "limit": 1}).json()["routes"][0]["intermediary"]
    asked = {"intermediary": broker["id"], "as_of": SAMPLE_DAY, "limit": 7}
    pages = list(answer_pages(sample_client, "/api/partners", asked))
    ranks = [one["rank"] for page in pages for one in page["partners"]]
    buyers = [one["firm"]["id"] for page in pages for one in page["buyers"]]
    assert len(pages) > 3 and ranks == list(range(1, len(ranks) + 1))
    assert len(buyers) == len(set(buyers)) == pages[0]["buyers_total"] > 20
    assert all(len(one["knows"]) == min(20, one["knows_total"]) for page in pages for one in page["partners"])


def test_two_lists_are_cut_so_that_both_fit() -> None:
    scope = {"type": "http", "scheme": "http", "server": ("a", 80), "path": "/x", "query_string": b"", "headers": []}
    short = PARTNERS.model_copy(update={"partners": PARTNERS.partners * 10, "truncated": False})
    heavy = short.model_copy(update={"buyers": PARTNERS.buyers * 9_000})
    answer = light(Request(scope), heavy, "partners", 0, beside="buyers")
    told = Partners.model_validate_json(bytes(answer.body))
    assert HEAVIEST - 10_000 < len(answer.body) <= HEAVIEST
    assert len(told.partners) == 10 and 10 < len(told.buyers) < 9_000 and told.truncated
    assert f"offset={len(told.buyers)}" in answer.headers["link"]
    whole = light(Request(scope), short, "partners", 0, beside="buyers")
    assert "link" not in whole.headers and len(Partners.model_validate_json(bytes(whole.body)).partners) == 10
