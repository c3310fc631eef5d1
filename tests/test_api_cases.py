"""The desk over HTTP: a case is stated, asks, is corrected, is called about and published; documents; dossiers."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from docx import Document

from api.catalogue import Words
from api.limits import UPLOADS
from graph.statements.audit import newest
from graph.statements.home import Home
from tests.bad_documents import bad_documents, docx, paragraphs
from tests.conftest import free_port, serve
from tests.desk import (
    BROKER,
    CONSENTED,
    FIRM,
    HOLDER,
    NOT_CONSENTED,
    TEXT,
    bearer,
    form_token,
    signed_in,
    small_city,
    token,
)

pytestmark = [pytest.mark.neo4j, pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("desk")
    small_city(path)
    return path


@pytest.fixture(scope="module")
def secrets(home: Path) -> dict[str, str]:
    return {
        "lan": token(home, "member", "lan"),
        "an": token(home, "member", "an"),
        "minh": token(home, "curator", "minh"),
    }


@pytest.fixture(scope="module")
def url(home: Path, secrets: dict[str, str]) -> Iterator[str]:
    port = free_port()
    process = serve(home, port)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=60)


@pytest.fixture(scope="module")
def lan(url: str, secrets: dict[str, str]) -> Iterator[httpx.Client]:
    with bearer(url, secrets["lan"]) as client:
        yield client


@pytest.fixture(scope="module")
def desk(url: str, secrets: dict[str, str]) -> Iterator[httpx.Client]:
    browser = signed_in(url, secrets["lan"])
    yield browser
    browser.close()


def state(client: httpx.Client, **more: Any) -> dict[str, Any]:
    said = {
        "title": "Màng lọc nước lợ",
        "text": TEXT,
        "fields": ["2.7"],
        "patent_classes": ["C02F"],
        "level": "7",
    } | more
    answer = client.post("/api/cases", json=said)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def loads_of(home: Path) -> int:
    return sum(path.name.isdigit() for path in Home(home).loads.iterdir())


def test_a_text_gets_proposals_with_its_own_words_and_nothing_is_kept(home: Path, lan: httpx.Client) -> None:
    before = loads_of(home)
    for sent in ({"data": {"text": TEXT}}, {"files": {"document": ("a.docx", docx(document=paragraphs(TEXT)))}}):
        answer = lan.post("/api/cases/proposals", **sent)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert found["text"] == TEXT
        assert "scheme/ipc/2024/C02F" in [one["value"] for one in found["patent_classes"]]
        assert [one["value"] for one in found["levels"]] == ["scheme/trl/1/7"]
        for kind in ("fields", "patent_classes", "levels", "keywords"):
            assert found[kind]
            assert all(word.casefold() in TEXT.casefold() for one in found[kind] for word in one["words"]), kind
    assert loads_of(home) == before


def test_a_hundred_bad_documents_are_refused_in_both_languages_and_nothing_is_kept(
    home: Path, lan: httpx.Client
) -> None:
    def kept() -> set[Path]:
        return {path for path in home.rglob("*") if path.is_file() and "neo4j" not in path.parts}

    before, refused = kept(), 0
    for bad in bad_documents():
        answer = lan.post("/api/cases/proposals", files={"document": (bad.name, bad.content)})
        if not bad.content:
            assert answer.status_code == 422
            continue
        if len(bad.content) > UPLOADS["/api/cases/proposals"]:
            # no body of that length is read, whatever it is
            assert answer.status_code == 413, bad.name
            refused += 1
            continue
        content = answer.json()
        assert (answer.status_code, content.get("reason") in bad.reasons) == (422, True), (bad.name, content)
        assert content["reasons"] == {one: Words(one)(f"refused.{content['reason']}") for one in ("vi", "en")}  # type: ignore[arg-type]
        refused += 1
    assert refused >= 100
    assert kept() - before == set()
    assert lan.get("/healthz").status_code == 200


def test_only_owner_and_curators_open_a_case(url: str, secrets: dict[str, str], lan: httpx.Client) -> None:
    case = state(lan)["id"]
    targets = (f"/api/cases/{case}", f"/api/transfer?case={case}")
    for who, status in (("lan", 200), ("minh", 200), ("an", 404), (None, 401)):
        with bearer(url, secrets.get(who or "")) as client:
            assert [client.get(target).status_code for target in targets] == [status, status], who
            found = client.get("/api/cases")
            assert (case in found.text) == (status == 200)
    with bearer(url, secrets["an"]) as other:
        assert other.post(f"/api/cases/{case}", json={"title": "x", "text": "y"}).status_code == 404
        assert other.post(f"/api/cases/{case}/published", json={"published": True}).status_code == 404
    with bearer(url, secrets["minh"]) as curator:
        assert curator.post(f"/api/cases/{case}/published", json={"published": True}).status_code == 404
    assert lan.get(f"/api/transfer?case={case}&text=x").status_code == 422
    assert lan.get(f"/api/transfer?case={case}").headers["cache-control"] == "no-store"


def gate(answer: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in answer["routes"][0]["gates"] if one["gate"] == name)
    return found


def test_rights_that_are_not_stated_are_unknown_with_what_to_clear_and_stated_ones_count(lan: httpx.Client) -> None:
    unknown = lan.get("/api/transfer", params={"case": state(lan)["id"], "language": "en"}).json()
    assert unknown["routes"]
    assert (gate(unknown, "right")["state"], bool(gate(unknown, "right")["basis"])) == ("unknown", True)
    assert unknown["routes"][0]["next_steps"]
    rights = {"power": "own", "territory": ["VN"], "within_classes": True}
    case = state(lan, party="Công ty Chưa Ai Biết", rights=rights)
    known = lan.get("/api/transfer", params={"case": case["id"], "language": "en"}).json()
    assert (gate(known, "right")["state"], known["routes"][0]["holder"]["name"]) == ("pass", "Công ty Chưa Ai Biết")
    (source,) = known["routes"][0]["hops"][0]["sources"]
    assert source["source"] == "member/lan"
    # over, the right is over
    ended = state(lan, party="Công ty Chưa Ai Biết", rights=rights | {"until": "2020-01-01"})
    answer = lan.get("/api/transfer", params={"case": ended["id"]}).json()
    assert not [
        one for one in answer["routes"] if any(g["gate"] == "right" and g["state"] == "pass" for g in one["gates"])
    ]
    assert (
        lan.post("/api/cases", json={"title": "x", "text": "y", "rights": {"power": "own"}}).json()["reason"]
        == "whose_right"
    )


def test_a_need_is_a_case_too(lan: httpx.Client) -> None:
    need = {"kind": "need", "title": "Cần màng lọc", "level": "5"}
    found = lan.get("/api/transfer", params={"case": state(lan, **need, party=FIRM)["id"]}).json()
    route = next(one for one in found["routes"] if one["technology"]["name"] == "Màng lọc nước thải Thử Nghiệm")
    assert (route["firm"]["name"], route["need"]["name"]) == (FIRM, "Cần màng lọc")
    assert route["holder"]["name"] == HOLDER
    nobody = lan.get("/api/transfer", params={"case": state(lan, **need, party="Công ty Mới Tinh")["id"]}).json()
    assert (nobody["routes"], len(nobody["missing"])) == ([], 1)


def test_a_case_is_corrected_called_about_and_seen_on_the_desk(desk: httpx.Client, lan: httpx.Client) -> None:
    page = desk.get("/cases")
    page = desk.post("/cases", data={"text": TEXT, "form_token": form_token(page.text)})
    assert page.status_code == 200
    case = page.url.path.rsplit("/", 1)[-1]
    stated = lan.get(f"/api/cases/{case}").json()
    assert (stated["published"], stated["level"], len(stated["patent_classes"])) == (False, "7", 1)
    sent = {
        "action": "save",
        "title": "Tên sửa lại",
        "text": TEXT,
        "patent_classes_more": "B01D; nothing",
        "form_token": form_token(page.text),
    }
    assert desk.post(f"/cases/{case}", data=sent).status_code == 422
    assert (
        desk.post(f"/cases/{case}", data=sent | {"patent_classes_more": "B01D", "price": "500.000.000"}).status_code
        == 200
    )
    stated = lan.get(f"/api/cases/{case}").json()
    assert (stated["title"], stated["patent_classes"], stated["level"], stated["price"]) == (
        "Tên sửa lại",
        ["scheme/ipc/2024/B01D"],
        None,
        500_000_000,
    )
    route = lan.get(f"/api/transfer?case={case}").json()["routes"][0]
    call = {
        "technology": case,
        "intermediary": route["intermediary"]["id"],
        "firm": route["firm"]["id"],
        "form_token": form_token(page.text),
    }
    assert (
        desk.post(f"/cases/{case}/outcomes", data=call | {"result": "declined", "reason": "price"}).status_code == 200
    )
    (told,) = (one for one in lan.get("/api/outcomes").json()["outcomes"] if one["technology"]["id"] == case)
    assert (told["result"], told["reason"], told["technology"]["name"]) == ("declined", "price", "Tên sửa lại")
    figures = lan.get("/api/cases").json()["figures"]
    assert (figures["closed"], figures["reasons"]) == (1, {"price": 1})
    assert desk.post(f"/cases/{case}/outcomes", data=call | {"form_token": "no"}).status_code == 403
    # dropped, it is gone
    assert (
        desk.post(f"/cases/{case}", data={"action": "forget", "form_token": form_token(page.text)}).url.path == "/cases"
    )
    assert lan.get(f"/api/cases/{case}").status_code == 404


def test_acts_on_a_case_are_written_down_with_ids_alone(
    home: Path, url: str, secrets: dict[str, str], lan: httpx.Client
) -> None:
    case = state(lan, title="Tên không ai được biết", party="Công ty Kín")["id"]
    with bearer(url, secrets["an"]) as other, bearer(url, secrets["minh"]) as curator:
        assert other.get(f"/api/cases/{case}").status_code == 404
        assert curator.get(f"/api/transfer?case={case}").status_code == 200
        route = lan.get(f"/api/transfer?case={case}").json()["routes"][0]
        ends = {part: route[part]["id"] for part in ("intermediary", "firm")}
        assert lan.post("/api/outcomes", json=ends | {"case": case, "result": "later"}).status_code == 202
        for public in (True, False):
            assert lan.post(f"/api/cases/{case}/published", json={"published": public}).status_code == 202
        curator.get("/api/outcomes")
    lines = newest(Home(home), 50)
    opened = ("lan", "case.opened")
    assert [(one.who, one.act) for one in reversed(lines) if one.subject.startswith(case)] == [
        ("lan", "case.changed"),
        ("minh", "case.opened"),
        opened,
        opened,
        ("lan", "outcome.told"),
        opened,
        ("lan", "case.published"),
        opened,
        ("lan", "case.taken_back"),
    ]
    assert (lines[0].who, lines[0].act) == ("minh", "outcomes.read")
    log = (home / "audit.jsonl").read_text(encoding="utf-8")
    assert not [text for text in ("không ai được biết", "Công ty Kín", TEXT[:20]) if text in log]


def dossier(client: httpx.Client, language: str, **parts: str) -> httpx.Response:
    return client.get(f"/dossier?{urlencode(parts | {'lang': language})}")


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_dossier_as_page_and_as_docx(
    home: Path, url: str, desk: httpx.Client, lan: httpx.Client, language: str
) -> None:
    words = Words(language)  # type: ignore[arg-type]
    route = lan.get("/api/transfer?technology=CN-1").json()["routes"][0]
    ends = {part: route[part]["id"] for part in ("technology", "intermediary", "firm")}
    page = dossier(desk, language, **ends)
    assert page.status_code == 200, page.text
    said = text_of(page.text)
    sections = [words(f"dossier.{part}") for part in ("what", "why", "through", "gates", "open", "contacts", "attach")]
    assert all(one in said for one in sections)
    assert words("illustrative") in said
    # nobody of the small city has a public contact but persons, of whom one agreed
    assert said.count(words("dossier.ask", name="\0").split("\0")[0].strip()) >= 2
    assert CONSENTED in said
    seen, read = newest(Home(home), 2)
    assert (seen.who, seen.act, read.act) == ("lan", "contact.seen", "dossier.read")
    assert not [contact for contact in NOT_CONSENTED if contact in said]
    public = httpx.get(f"{url}/dossier?{urlencode(ends)}")
    assert public.status_code == 200
    assert CONSENTED not in public.text
    file = desk.get(f"/dossier.docx?{urlencode(ends | {'lang': language})}")
    document = Document(io.BytesIO(file.content))
    written = [paragraph.text for paragraph in document.paragraphs]
    assert [one for one in written if one in sections] == sections
    assert any(BROKER in one and FIRM in one for one in written)
    case = state(lan)["id"]
    first = lan.get(f"/api/transfer?case={case}").json()["routes"][0]
    own = dossier(desk, language, case=case, intermediary=first["intermediary"]["id"], firm=first["firm"]["id"])
    assert "Màng lọc nước lợ" in own.text
    assert httpx.get(str(own.url)).status_code == 403
    assert dossier(desk, language, technology="CN-404", intermediary="x", firm="y").status_code == 422


def test_ten_routes_of_the_sample_have_a_contact_or_somebody_to_ask(sample_client: httpx.Client) -> None:
    found = sample_client.get("/api/transfer", params={"text": "xử lý nước thải", "limit": 10}).json()["routes"]
    assert len(found) == 10
    ask = re.escape(Words("vi")("dossier.ask", name="\0")).replace("\0", r"\S.+")
    for route in found:
        ends = {part: route[part]["id"] for part in ("technology", "intermediary", "firm", "need") if route[part]}
        page = sample_client.get(f"/dossier?{urlencode(ends)}", headers={"accept-language": "vi"})
        assert page.status_code == 200, page.text
        contacts = page.text.split('id="contacts"')[1].split("</section>")[0]
        lines = re.findall(r"<li[^>]*>(.*?)</li>", contacts, re.DOTALL)
        bodies = [route[part]["name"] for part in ("firm", "intermediary", "holder") if route[part]]
        assert len(lines) == len(bodies)
        for body, line in zip(bodies, lines, strict=True):
            said = text_of(line)
            reached = [one["value"] for one in route["contacts"] if one["organization"]["name"] == body]
            assert all(value in line for value in reached)
            assert bool(reached) != bool(re.search(ask, said)), said
