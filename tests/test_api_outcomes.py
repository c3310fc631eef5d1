"""What members tell of introductions: written, told again, seen by members alone, on no public way out, and learned from."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.tokens import create_token
from graph.answer.past_questions import told_questions
from graph.answer.ranker import Ranker
from graph.answer.told_outcomes import ToldOutcome, all_told
from graph.resolve.snapshots import directory, published
from graph.statements.home import Home, today
from graph.views.arrays import Arrays, day_number
from loaders.mapping import shipped_mappings
from tests.conftest import built, copied, free_port, ketnoi, ketnoi_json, serve

pytestmark = pytest.mark.neo4j

TABLES = {
    "technologies": ("university", [
        {"Mã công nghệ": "CN-1", "Tên công nghệ": "Màng lọc Thử Nghiệm", "Mã IPC": "C02F"},
        {"Mã công nghệ": "CN-2", "Tên công nghệ": "Cảm biến Thử Nghiệm", "Mã IPC": "G01N"}]),
    "firms": ("enterprise", [
        {"Mã doanh nghiệp": str(number), "Tên doanh nghiệp": f"Công ty {name} Thử Nghiệm"} for number, name in enumerate(("Nước", "Đo", "Giấy"))]),
    "intermediaries": ("city", [
        {"Tên tổ chức": "Trung tâm Kết nối Thử Nghiệm", "Loại hình": "trung tâm giao dịch công nghệ"}]),
}  # fmt: skip


def headers_of(shape: str) -> list[str]:
    (mapping,) = (one for one in shipped_mappings() if one.shape == shape)
    specs = [
        spec for specs in mapping.columns.values() for spec in (specs if isinstance(specs, tuple | list) else [specs])
    ]
    return [spec.headers[0] for spec in specs if spec.headers]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = copied(built, tmp_path_factory.mktemp("outcomes"))
    for name, (kind, rows) in TABLES.items():
        file = path / f"{name}.csv"
        with file.open("w", encoding="utf-8", newline="") as target:
            table = csv.DictWriter(target, headers_of(name), restval="")
            table.writeheader()
            table.writerows(row | {"Dữ liệu minh họa": "có"} for row in rows)
        assert ketnoi_json(path, "load", kind, str(file), "--source", f"test/{name}")["refused"] == 0
    ketnoi_json(path, "build")
    return path


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    port = free_port()
    process = serve(home, port)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=60)


@pytest.fixture(scope="module")
def public(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=60) as opened:
        yield opened


@pytest.fixture(scope="module")
def member(url: str, home: Path) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {create_token(Home(home), 'member', 'quyenkin')}"}
    with httpx.Client(base_url=url, timeout=60, headers=headers) as opened:
        yield opened


def told(firm: str = "Công ty Nước Thử Nghiệm", technology: str = "CN-1", **more: Any) -> dict[str, Any]:
    return {"technology": technology, "intermediary": "Trung tâm Kết nối Thử Nghiệm", "firm": firm, **more}


def outcomes(client: httpx.Client) -> dict[str, Any]:
    content: dict[str, Any] = client.get("/api/outcomes").json()
    return content


def test_an_introduction_is_told_and_told_again(member: httpx.Client) -> None:
    first = member.post("/api/outcomes", json=told(day="2026-01-05"))
    assert first.status_code == 202, first.text
    (only,) = outcomes(member)["outcomes"]
    assert (only["result"], only["day"], only["who"], only["illustrative"]) == (None, "2026-01-05", "quyenkin", True)
    again = told(day="2026-01-05", result="declined", reason="price", answered="2026-01-09")
    assert member.post("/api/outcomes", json=again).status_code == 202
    (only,) = outcomes(member)["outcomes"]
    assert (only["result"], only["reason"], only["answered"]) == ("declined", "price", "2026-01-09")
    assert only["firm"]["name"] == "Công ty Nước Thử Nghiệm"
    assert outcomes(member)["results"] == {"declined": 1}
    assert outcomes(member)["reasons"] == {"price": 1}


@pytest.mark.parametrize(
    "sent",
    [
        told(result="declined"),
        told(result="accepted", reason="price"),
        told(result="declined", reason="weather"),
        told(technology="CN-404"),
        told(firm="Trung tâm Kết nối Thử Nghiệm"),
        told(day="2999-01-01"),
        told(day="2026-02-02", result="accepted", answered="2026-02-01"),
        told(answered="2026-02-01"),
        {"technology": "CN-1", "firm": "1"},
    ],
)
def test_what_can_not_be_is_refused(member: httpx.Client, sent: dict[str, Any]) -> None:
    before = outcomes(member)
    answer = member.post("/api/outcomes", json=sent)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert outcomes(member) == before


def test_only_members_tell_and_see(public: httpx.Client) -> None:
    assert public.get("/api/outcomes").status_code == 401
    assert public.post("/api/outcomes", json=told()).status_code == 401
    assert public.get("/api/outcomes", headers={"authorization": "Bearer no"}).status_code == 401
    assert public.get("/outcomes").status_code == 403


def test_what_was_told_is_on_no_public_way_out(home: Path, public: httpx.Client, member: httpx.Client) -> None:
    assert member.post("/api/outcomes", json=told("Công ty Đo Thử Nghiệm", "CN-2", result="later")).status_code == 202
    ketnoi_json(home, "publish")
    assert public.get("/api/search", params={"q": "quyenkin"}).json()["hits"] == []
    for path in ("/api/loads", "/loads", "/api/snapshots", "/networks", "/search?class=Introduction"):
        assert "quyenkin" not in public.get(path).text, path
    counted = public.post("/cypher", json={"query": "MATCH (n:Introduction) RETURN count(n) AS n"}).json()
    assert counted["rows"] == [[0]]
    asked = "PREFIX kn: <https://w3id.org/ketnoi/ontology#> ASK { { ?s a kn:Introduction } UNION { GRAPH ?g { ?s kn:outcome ?o } } }"
    assert (
        public.get("/sparql", params={"query": asked}, headers={"accept": "application/sparql-results+json"}).json()[
            "boolean"
        ]
        is False
    )
    ketnoi(home, "export", "nquads", "--out", str(home / "all.nq"))
    text = (home / "all.nq").read_text(encoding="utf-8")
    assert "Màng lọc Thử Nghiệm" in text
    assert "quyenkin" not in text
    assert "Introduction" not in text


def test_the_form_tells_too(url: str, home: Path) -> None:
    token = create_token(Home(home), "member", "formkin")
    with httpx.Client(base_url=url, timeout=60, follow_redirects=True) as browser:
        browser.get("/sign-in")
        form = browser.get("/sign-in").text.split('name="form_token" value="')[1].split('"')[0]
        browser.post("/sign-in", data={"token": token, "form_token": form})
        page = browser.get("/outcomes").text
        form = page.split('name="form_token" value="')[1].split('"')[0]
        sent = told("Công ty Giấy Thử Nghiệm", result="accepted", reason="price", form_token=form)
        page = browser.post("/outcomes", data=sent).text
    assert "Công ty Giấy Thử Nghiệm" in page
    assert "formkin" in page
    assert "Chấp nhận" in page


def test_what_was_told_becomes_questions_of_the_next_learning(home: Path, member: httpx.Client) -> None:
    """CN-1 by one centre: the paper firm agreed, the water firm declined; CN-2 was put off and teaches nothing."""
    number = published(Home(home))[-1]
    path = directory(Home(home), number)
    arrays = Arrays(path / "arrays")
    (question,) = told_questions(Ranker(arrays), all_told(Home(home), path))
    ids = arrays.ids["organisation"]
    named = {one["firm"]["name"]: one["firm"]["id"] for one in outcomes(member)["outcomes"]}
    assert [ids[firm] for firm in question.firms] == [named["Công ty Giấy Thử Nghiệm"]]
    assert [ids[firm] for firm in question.refusing] == [named["Công ty Nước Thử Nghiệm"]]
    assert (question.transfer, question.day) == (True, day_number(today()))
    candidates = question.candidates(Ranker(arrays), broker=question.brokers[0])
    weighed = candidates.with_firms(question.firms + question.refusing, question.brokers[0])
    assert set(weighed.firm.tolist()) >= {*question.firms, *question.refusing}
    assert set(weighed.broker.tolist()) == {question.brokers[0]}


def test_the_last_word_counts(home: Path) -> None:
    told_of = {
        (one.technology, one.firm): one
        for one in all_told(Home(home), directory(Home(home), published(Home(home))[-1]))
    }
    assert all(isinstance(one, ToldOutcome) and not one.public for one in told_of.values())
    assert sorted(str(one.result) for one in told_of.values()) == ["accepted", "declined", "later"]
