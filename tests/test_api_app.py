"""The application as it is served before anything is published: errors, limits, headers, signing in, description."""

import html
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from pydantic import TypeAdapter

from api.app import create_app
from api.catalogue import Words
from api.reading import Views
from api.settings import Settings
from api.tokens import create_token
from graph.answer.model import Answer
from graph.statements.home import Home
from graph.views.errors import NotReady

BROWSER = {"accept": "text/html,*/*;q=0.8"}
NASTY = "<img src=x onerror=alert(1)>"


class Unpublished:
    """A source of views before the first publish."""

    closed = False

    def current(self) -> Views:
        raise NotReady("nothing is published yet")

    def ready(self) -> tuple[bool, str]:
        return False, "nothing is published yet"

    def close(self) -> None:
        self.closed = True


class Broken(Unpublished):
    """A source with a fault that nobody foresaw."""

    def current(self) -> Views:
        raise KeyError("a value that nobody may see")


class Named(Unpublished):
    """A source whose views have a name and answer nothing."""

    snapshot = "none"

    def current(self) -> Views:
        return self  # type: ignore[return-value]


@contextmanager
def served(home: Home, source: Unpublished, rate: float = 0) -> Iterator[httpx.Client]:
    """A client of the application, which is really served on loopback."""
    app = create_app(Settings(home=home.path, rate_limit=rate), source)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=20) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def unpublished(home: Home) -> Iterator[httpx.URL]:
    with served(home, Unpublished()) as client:
        yield client.base_url


@pytest.fixture(scope="module")
def named(home: Home) -> Iterator[httpx.URL]:
    with served(home, Named()) as client:
        yield client.base_url


@pytest.fixture
def client(unpublished: httpx.URL) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=unpublished, timeout=20) as client:
        yield client


def test_the_source_is_closed_with_the_app(home: Home) -> None:
    source = Unpublished()
    with served(home, source):
        assert not source.closed
    assert source.closed


def test_health_and_readiness_differ(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["detail"]) == (503, "nothing is published yet")
    assert ready.headers["retry-after"]


def test_before_the_first_publish_questions_are_answered_503(client: httpx.Client) -> None:
    for path in (
        "/",
        "/search",
        "/id/abc",
        "/api/transfer?text=x",
        "/api/search?q=x",
        "/api/entities/abc",
        "/questions",
        "/api/questions/firms_in_park",
    ):
        answer = client.get(path)
        assert (path, answer.status_code) == (path, 503)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["retry-after"]
    assert client.get("/api/loads").json() == {"loads": []}


def test_an_error_is_a_page_for_a_browser_in_its_language(client: httpx.Client) -> None:
    for language in ("vi", "en"):
        page = client.get("/nowhere", headers={**BROWSER, "accept-language": language})
        assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert Words(language)("error.404") in page.text  # type: ignore[arg-type]


def test_the_api_answers_problems_even_to_browsers(client: httpx.Client) -> None:
    problem = client.get("/api/nowhere", headers=BROWSER)
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json() == {"type": "about:blank", "title": "Not Found", "status": 404}


@pytest.mark.parametrize(
    "path",
    [
        f"/api/transfer?text=x&as_of={NASTY}", "/api/transfer?text=x&as_of=2026-02-30", "/api/transfer?text=x&limit=0",
        "/api/transfer?text=x&limit=1e9", f"/api/transfer?text=x&language={NASTY}", "/api/search", "/api/search?q=",
        f"/api/search?q=x&limit={NASTY}", "/?q=x&as_of=yesterday", "/?q=" + "x" * 3000,
    ],
)  # fmt: skip
def test_what_is_not_understood_is_422_and_never_repeated(named: httpx.URL, path: str) -> None:
    answer = httpx.get(named.join(path))
    assert answer.status_code == 422
    assert "<img" not in answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_fault_is_500_without_what_it_knows(home: Home) -> None:
    with served(home, Broken()) as client:
        problem = client.get("/api/transfer?text=x")
        page = client.get("/", headers=BROWSER)
    assert (problem.status_code, page.status_code) == (500, 500)
    assert "nobody" not in problem.text + page.text
    assert "content-security-policy" in problem.headers
    assert "content-security-policy" in page.headers


def test_every_answer_forbids_inline_script_and_frames(client: httpx.Client) -> None:
    for path in ("/sign-in", "/docs", "/nowhere", "/healthz", "/static/ketnoi.css", "/ontology"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/sign-in", "/docs", "/ontology", "/nowhere"])
def test_pages_have_no_inline_script_or_style_and_no_foreign_host(client: httpx.Client, path: str) -> None:
    text = client.get(path, headers=BROWSER).text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text)
    assert not re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", text)


def test_the_files_of_pages_name_no_foreign_host(client: httpx.Client) -> None:
    for path in ("/static/ketnoi.css", "/static/ask.css", "/static/docs.css", "/static/mark.svg"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", answer.text)


def test_the_description_is_a_page_without_script(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    page = html.unescape(client.get("/docs", headers=BROWSER).text)
    assert "<script" not in page
    for path, methods in described["paths"].items():
        for method, said in methods.items():
            assert f'<span class="method {method}">{method.upper()}</span> <code>{path}</code>' in page
            # what stands between signs of code is shown as code
            assert re.sub("``(.+?)``", r"<code>\1</code>", said["description"]) in page
            for parameter in said.get("parameters", ()):
                assert f"<code>{parameter['name']}</code>" in page
    # what can be asked without a token and a part of the path is asked by a form
    assert set(re.findall(r'<form action="(/api[^"]*)"', page)) == {
        path
        for path, methods in described["paths"].items()
        if "get" in methods and methods["get"].get("parameters") and "{" not in path
        and "401" not in methods["get"]["responses"]
    }  # fmt: skip


def test_long_addresses_and_bodies_are_refused(client: httpx.Client) -> None:
    assert client.get("/api/search?q=" + "x" * 20_000).status_code == 414
    answer = client.post("/api/judgements", content=b"x" * 10_000_000)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


def test_asking_too_often_is_429_on_the_api_alone(home: Home) -> None:
    with served(home, Unpublished(), rate=5) as client:
        answers = [client.get("/api/loads") for _ in range(20)]
        assert {answer.status_code for answer in answers} == {200, 429}
        refused = next(answer for answer in answers if answer.status_code == 429)
        assert int(refused.headers["retry-after"]) >= 1
        assert all(client.get("/healthz").status_code == 200 for _ in range(20))


def test_head_is_get_without_the_body(client: httpx.Client) -> None:
    head, get = client.head("/sign-in"), client.get("/sign-in")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_reading_addresses_take_no_writing(client: httpx.Client, method: str) -> None:
    assert client.request(method, "/api/transfer").status_code == 405


@pytest.mark.parametrize("authorization", [None, "Basic x", "Bearer", "Bearer nonsense", "Bearer " + "x" * 5000])
def test_a_judgement_needs_a_token(client: httpx.Client, authorization: str | None) -> None:
    headers = {"authorization": authorization} if authorization else {}
    answer = client.post("/api/judgements", json={}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_member_may_not_judge_and_a_cookie_counts_for_nothing_there(client: httpx.Client, home: Home) -> None:
    member, curator = create_token(home, "member", "Bình"), create_token(home, "curator", "An")
    judgement = {"entity": "a" * 20, "property": "homepage", "value": "https://a.vn/"}
    assert (
        client.post("/api/judgements", json=judgement, headers={"authorization": f"Bearer {member}"}).status_code == 403
    )
    client.cookies.set("ketnoi_token", curator)
    assert client.post("/api/judgements", json=judgement).status_code == 401


def _form(client: httpx.Client) -> str:
    found = re.search(r'name="form_token" value="(\w+)"', client.get("/sign-in").text)
    assert found
    return found[1]


def test_signing_in_keeps_the_token_from_scripts_and_other_sites(client: httpx.Client, home: Home) -> None:
    token = create_token(home, "curator", "An <b>")
    answer = client.post("/sign-in", data={"token": token, "form_token": _form(client)}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "An &lt;b&gt;" in client.get("/sign-in").text
    client.post("/sign-out", data={"form_token": _form(client)})
    assert "An &lt;b&gt;" not in client.get("/sign-in").text


def test_a_wrong_token_does_not_sign_in(client: httpx.Client) -> None:
    answer = client.post("/sign-in", data={"token": "nonsense", "form_token": _form(client)})
    assert answer.status_code == 403
    assert "ketnoi_token" not in client.cookies


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
def test_forms_of_other_sites_are_refused(client: httpx.Client, path: str) -> None:
    good = _form(client)
    for data, headers in [
        ({}, {}),
        ({"form_token": "0" * 64}, {}),
        ({"form_token": "ế" * 64}, {}),
        ({"form_token": good}, {"origin": "https://evil.example"}),
        ({"form_token": good}, {"origin": "null"}),
    ]:
        assert client.post(path, data={"token": "x", **data}, headers=headers).status_code == 403
    client.cookies.clear()
    assert client.post(path, data={"token": "x", "form_token": good}).status_code == 403


@pytest.mark.parametrize("content", [b"{", b"[" * 100_000, b'"\xff"', b'{"entity": "\\ud800"}', b"null", b"\x00"])
def test_broken_json_is_no_fault_of_ours(client: httpx.Client, home: Home, content: bytes) -> None:
    headers = {"authorization": f"Bearer {create_token(home, 'curator', 'An')}", "content-type": "application/json"}
    answer = client.post("/api/judgements", content=content, headers=headers)
    assert answer.status_code in (400, 422, 503)


def test_the_language_is_kept(client: httpx.Client) -> None:
    assert '<html lang="vi">' in client.get("/sign-in").text
    assert '<html lang="en">' in client.get("/sign-in?lang=en").text
    assert '<html lang="en">' in client.get("/sign-in").text
    assert '<html lang="vi">' in client.get("/sign-in?lang=nonsense", headers={"cookie": "ketnoi_lang=x"}).text


def test_the_vocabulary_is_a_page_or_turtle(client: httpx.Client) -> None:
    page = client.get("/ontology", headers=BROWSER).text
    assert 'id="RightsHolding"' in page
    assert "Nắm giữ quyền" in page
    assert "Rights holding" in page
    turtle = client.get("/ontology", headers={"accept": "text/turtle"})
    assert turtle.headers["content-type"].startswith("text/turtle")
    assert turtle.content == client.get("/ontology.ttl").content
    assert client.get("/ontology", headers={"accept": "image/png"}).status_code == 406


def test_the_description_is_openapi_3_0_with_examples_that_fit(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    text = json.dumps(described)
    assert described["openapi"].startswith("3.0.")
    assert '"type": "null"' not in text
    assert '"const"' not in text
    operations = [one for path in described["paths"].values() for one in path.values()]
    assert len(operations) == 50
    for operation in operations:
        assert operation["description"]
        good = next(answer for code, answer in operation["responses"].items() if code.startswith("2"))
        if "application/json" in good["content"]:
            assert good["content"]["application/json"]["example"]
    example = described["paths"]["/api/transfer"]["get"]["responses"]["200"]["content"]["application/json"]["example"]
    TypeAdapter(Answer).validate_python(example)
    parts = [part["value"] for part in example["routes"][0]["contributions"]]
    assert sum(parts) == pytest.approx(example["routes"][0]["log_odds"])
