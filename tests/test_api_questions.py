"""Named questions over HTTP and as pages: test questions over the published sample, asked of a real Neo4j and of the dataset."""

import csv
import io
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import uvicorn
from openpyxl import load_workbook

from api.app import create_app
from api.catalogue import Words
from api.exporting import neutral
from api.negotiation import CSV, XLSX
from api.serving import LiveSource
from api.settings import Settings
from graph.questions.named import read_questions
from graph.statements.home import Home, today
from graph.views.engine import Engine
from ontology.text import fold
from tests.question_files import TOML, write_question

pytestmark = pytest.mark.neo4j

BROWSER = {"accept": "text/html"}
HOA_LAC = "Khu công nghệ cao Hòa Lạc"
NASTY = "<img src=x onerror=alert(1)>"
FORMULAS = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1"]
KN = "PREFIX kn: <https://w3id.org/ketnoi/ontology#>"

IN_PARK = f"""
number = 7
audience = "B"
order = ["firm"]
title = {{vi = "Doanh nghiệp trong khu", en = "Firms in a park"}}
definition = {{vi = "Ở trong khu.", en = "Those in the park."}}
[parameters.park]
type = "id"
class = "Park"
label = {{vi = "Khu", en = "Park"}}
[parameters.industry]
type = "concept"
scheme = "vsic/2018"
several = true
optional = true
label = {{vi = "Ngành", en = "Industry"}}
[columns.firm]
type = "id"
label = {{vi = "Doanh nghiệp", en = "Firm"}}
[columns.industries]
type = "ids"
label = {{vi = "Ngành", en = "Industries"}}
[columns.founded]
type = "integer"
label = {{vi = "Thành lập", en = "Founded"}}
[example]
park = "{HOA_LAC}"
[picture]
kind = "bar"
x = "firm"
y = "founded"
"""
IN_PARK_CYPHER = """
MATCH (f:Enterprise)-[:LOCATED_IN_PARK]->(:Park {id: $park})
WHERE $industry IS NULL OR EXISTS { (f)-[:HAS_INDUSTRY]->(i) WHERE i.id IN $industry }
RETURN f.id AS firm, [(f)-[:HAS_INDUSTRY]->(i) | i.id] AS industries, f.founded AS founded
"""
IN_PARK_SPARQL = (
    KN
    + """
SELECT ?firm (GROUP_CONCAT(DISTINCT STR(?any); separator="\\u001F") AS ?industries) ?founded WHERE {
  {
    SELECT DISTINCT ?firm WHERE {
      #@ park industry
      ?firm a kn:Enterprise ; kn:locatedInPark ?park .
      OPTIONAL { ?firm kn:hasIndustry ?own }
      FILTER (!BOUND(?industry) || ?own = ?industry)
    }
  }
  OPTIONAL { ?firm kn:hasIndustry ?any }
  OPTIONAL { ?firm kn:founded ?founded }
}
GROUP BY ?firm ?founded
"""
)
ECHO = TOML.replace("number = 1", "number = 8").replace('audience = "B"', 'audience = "C"')


@pytest.fixture(scope="module")
def client(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the application over the sample, with the questions of this file."""
    directory = tmp_path_factory.mktemp("questions")
    write_question(directory, "in_park", IN_PARK, IN_PARK_CYPHER, IN_PARK_SPARQL)
    write_question(directory, "echo", ECHO)
    home = Home(sample_home)
    source = LiveSource(home, Engine(home))
    app = create_app(Settings(home=home.path, rate_limit=0), source, None, read_questions(directory))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=60) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


def in_the_files(home: Path) -> list[str]:
    """Names of the firms that the sample's own file puts in the park, folded: another source may write one without diacritics."""
    with (home / "sample" / "doanh-nghiep.csv").open(encoding="utf-8-sig", newline="") as file:
        return sorted(fold(row["Tên doanh nghiệp"]) for row in csv.DictReader(file) if row["Khu"] == HOA_LAC)


def test_the_list_says_what_can_be_asked(client: httpx.Client) -> None:
    document = client.get("/api/questions").json()
    assert [one["number"] for one in document["questions"]] == [7, 8]
    question = document["questions"][0]
    assert question["name"] == "in_park"
    assert question["title"] == {"vi": "Doanh nghiệp trong khu", "en": "Firms in a park"}
    assert question["example"] == {"park": HOA_LAC}
    park, industry = question["parameters"]
    assert (park["name"], park["type"], park["class"], park["required"]) == ("park", "id", "Park", True)
    assert (industry["scheme"], industry["several"], industry["required"]) == ("vsic/2018", True, False)


def test_an_answer_is_as_the_contract_says_and_the_same_from_both(client: httpx.Client) -> None:
    answers = [
        client.get("/api/questions/in_park", params={"park": HOA_LAC, "on": on}).json() for on in ("cypher", "sparql")
    ]
    assert answers[0] == answers[1]
    answer = answers[0]
    assert set(answer) == {
        "columns", "rows", "queries", "parameters", "truncated", "snapshot", "as_of", "known_at",
    }  # fmt: skip
    assert answer["columns"] == ["firm", "industries", "founded"]
    assert all(list(row) == answer["columns"] for row in answer["rows"])
    assert len(answer["rows"]) > 10
    assert answer["rows"] == sorted(answer["rows"], key=lambda row: row["firm"])
    assert answer["queries"]["cypher"] == IN_PARK_CYPHER
    assert f"/id/{answer['parameters']['park']}>" in answer["queries"]["sparql"]
    assert (answer["truncated"], answer["as_of"], answer["known_at"]) == (False, today(), None)
    assert answer["snapshot"] == client.get("/api/search?q=x").json()["snapshot"]


def test_days_are_echoed(client: httpx.Client) -> None:
    days = {"as_of": "2026-07-01", "known_at": today()}
    answer = client.get("/api/questions/echo", params={"text": "x", **days}).json()
    assert {key: answer[key] for key in days} == days


def test_several_values_are_repeated_parameters(client: httpx.Client) -> None:
    every = client.get("/api/questions/in_park", params={"park": HOA_LAC}).json()["rows"]
    wanted = sorted({code for row in every for code in row["industries"]})[:2]
    codes = [one.rsplit("/", 1)[-1] for one in wanted]
    found = client.get("/api/questions/in_park", params={"park": HOA_LAC, "industry": codes}).json()
    assert found["parameters"]["industry"] == wanted
    assert found["rows"] == [row for row in every if set(row["industries"]) & set(wanted)]
    assert 0 < len(found["rows"]) < len(every)


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("in_park", 422, "in_park needs park: Park (a Park)"),
        ("in_park?park=", 422, "in_park needs park"),
        ("in_park?park=nowhere", 422, "no Park is called so"),
        (f"in_park?park={quote(HOA_LAC)}&industry=99999", 422, "no such concept"),
        ("echo?text=x&text=y", 422, "give one value"),
        ("echo?text=x&words=y", 422, "echo takes text, as_of"),
        ("echo?text=x&as_of=2026-02-30", 422, "a day such as"),
        ("echo?text=x&known_at=2026-02-30", 422, "known_at is no day"),
        ("echo?text=x&known_at=2020-01-01", 422, "nothing was known"),
        ("echo?text=x&on=sql", 422, "not understood"),
        ("echo?text=x&format=pdf", 422, "not understood"),
        ("echo?text=" + "x" * 2_001, 422, "at most 2000"),
        ("nothing?text=x", 404, "no question of that name"),
        ("..%2Fcontacts", 404, ""),
        ("echo.pdf?text=x", 404, "no question of that name"),
        (f"echo?text=x&{quote(NASTY)}=1", 422, "echo takes text"),
        (f"in_park?park={quote(NASTY)}", 422, "no Park is called so"),
    ],
)
def test_a_bad_question_is_a_problem_that_says_why(client: httpx.Client, query: str, status: int, said: str) -> None:
    answer = client.get(f"/api/questions/{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert said in answer.json().get("detail", "")
    assert "<img" not in answer.text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_by_suffix_format_and_accept_is_the_same(client: httpx.Client, form: str) -> None:
    media = {"csv": CSV, "xlsx": XLSX}[form]
    by_suffix = client.get(f"/api/questions/echo.{form}?text=x")
    by_format = client.get(f"/api/questions/echo?text=x&format={form}")
    by_accept = client.get("/api/questions/echo?text=x", headers={"accept": media})
    for answer in (by_suffix, by_format, by_accept):
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == media
        assert answer.headers["content-disposition"].endswith(f'.{form}"')
        assert answer.headers["ketnoi-truncated"] == "false"
        assert answer.headers["ketnoi-snapshot"]
    assert by_accept.headers["vary"] == "Accept"
    if form == "csv":
        assert by_suffix.content == by_format.content == by_accept.content
    assert client.get("/api/questions/echo?text=x", headers={"accept": "image/png"}).status_code == 406


def test_csv_has_ids_and_the_names_of_the_sample_s_file(client: httpx.Client, sample_home: Path) -> None:
    rows = client.get("/api/questions/in_park", params={"park": HOA_LAC}).json()["rows"]
    text = client.get("/api/questions/in_park.csv", params={"park": HOA_LAC}).text
    assert "\r\n" in text
    table = list(csv.DictReader(io.StringIO(text, newline="")))
    assert list(table[0]) == ["firm", "firm_name", "industries", "industries_name", "founded"]
    assert [row["firm"] for row in table] == [row["firm"] for row in rows]
    assert [row["industries"] for row in table] == ["; ".join(row["industries"]) for row in rows]
    assert [row["founded"] for row in table] == ["" if row["founded"] is None else str(row["founded"]) for row in rows]
    assert sorted(fold(row["firm_name"]) for row in table) == in_the_files(sample_home)


def test_xlsx_has_labels_and_says_what_it_is(client: httpx.Client) -> None:
    answer = client.get("/api/questions/in_park.xlsx", params={"park": HOA_LAC, "language": "en"})
    book = load_workbook(io.BytesIO(answer.content))
    rows, about = book.worksheets
    assert [cell.value for cell in rows[1]] == ["Firm", "Firm: name", "Industries", "Industries: name", "Founded"]
    document = client.get("/api/questions/in_park", params={"park": HOA_LAC}).json()
    assert [row[0].value for row in rows.iter_rows(min_row=2)] == [row["firm"] for row in document["rows"]]
    said = {row[0].value: row[1].value for row in about.iter_rows()}
    assert said["Park"] == document["parameters"]["park"]
    assert said["Data snapshot"] == document["snapshot"]
    assert said["SPARQL"] == document["queries"]["sparql"]
    assert "Firms in a park" in said


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_file_is_a_formula(client: httpx.Client, text: str) -> None:
    # what is typed is stripped, so only what begins with a sign comes back as it was
    given = {"text": text}
    said = client.get("/api/questions/echo", params=given).json()["rows"][0]["name"]
    assert neutral(text) == f"'{text}"
    ((cell,),) = list(csv.reader(io.StringIO(client.get("/api/questions/echo.csv", params=given).text, newline="")))[1:]
    assert cell == (f"'{said}" if said == text else said)
    book = load_workbook(io.BytesIO(client.get("/api/questions/echo.xlsx", params=given).content))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for one in row:
                assert one.data_type != "f"
                assert not str(one.value or "").startswith(tuple(FORMULAS[at][0] for at in range(len(FORMULAS))))


def test_numbers_stay_numbers() -> None:
    assert [neutral(cell) for cell in (-1, -0.5, None, True, "x-1", "")] == [-1, -0.5, None, True, "x-1", ""]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_list_of_questions_is_a_page_by_audience(client: httpx.Client, language: str) -> None:
    page = client.get("/questions", params={"lang": language}, headers=BROWSER)
    assert page.status_code == 200
    words = Words(language)  # type: ignore[arg-type]
    at = [page.text.index(words(f"questions.audience.{audience}")) for audience in "BC"]
    assert at == sorted(at)
    assert words("questions.audience.A") not in page.text
    assert at[0] < page.text.index('href="/questions/in_park"') < at[1] < page.text.index('href="/questions/echo"')
    assert {"vi": "Doanh nghiệp trong khu", "en": "Firms in a park"}[language] in page.text
    assert f'<a href="/questions" aria-current="page">{words("nav.questions")}</a>' in page.text


def test_a_page_asks_for_what_it_needs_and_offers_an_example(client: httpx.Client) -> None:
    page = client.get("/questions/in_park?lang=en", headers=BROWSER).text
    assert 'name="park"' in page
    assert 'class="note bad"' not in page
    assert 'class="result"' not in page
    (example,) = re.findall(r'href="(/questions/in_park\?park=[^"]+)"', page)
    answer = client.get(example, headers=BROWSER)
    assert 'class="result"' in answer.text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_page_shows_rows_links_files_and_both_queries(client: httpx.Client, language: str) -> None:
    given = {"park": HOA_LAC, "as_of": "2026-07-01", "lang": language}
    page = client.get("/questions/in_park", params=given, headers=BROWSER).text
    document = client.get("/api/questions/in_park", params={"park": HOA_LAC, "as_of": "2026-07-01"}).json()
    words = Words(language)  # type: ignore[arg-type]
    for row in document["rows"]:
        assert f'<a href="/id/{row["firm"]}">' in page
    assert words("question.rows", count=len(document["rows"])) in page
    assert words("illustrative") in page
    assert words("question.as_of_day", day=words.day("2026-07-01")) in page
    assert document["snapshot"] in page
    assert "MATCH (f:Enterprise)" in page
    assert "VALUES ?park" in page
    assert f'value="{HOA_LAC}"' in page
    links = re.findall(r'href="(/api/questions/in_park\.(json|csv|xlsx)\?[^"]+)"', page)
    assert [form for _, form in links] == ["json", "csv", "xlsx"]
    for link, _ in links:
        assert client.get(link.replace("&amp;", "&")).status_code == 200
    drawn = re.findall(r'<rect class="(?:for|against)"', page)
    assert len(drawn) == min(30, sum(row["founded"] is not None for row in document["rows"]))


def test_a_page_works_without_scripts_and_has_none_of_its_own(client: httpx.Client) -> None:
    for path in ("/questions", "/questions/in_park?park=" + quote(HOA_LAC), "/questions/echo?text=x"):
        html = client.get(path, headers=BROWSER).text
        assert "<script" not in html
        assert not re.search(r"<style|\sstyle=|\son\w+=\"", html)
        assert not re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", html)
        assert html.count("<form") == html.count('method="get"')


def test_a_page_says_what_is_wrong_and_keeps_what_was_typed(client: httpx.Client) -> None:
    page = client.get("/questions/in_park", params={"park": NASTY, "lang": "en"}, headers=BROWSER)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert "No park is called so" in page.text
    assert 'value="&lt;img' in page.text
    assert "<img" not in page.text
    assert client.get("/questions/nothing", headers=BROWSER).status_code == 404


def test_names_and_values_are_escaped(client: httpx.Client) -> None:
    page = client.get("/questions/echo", params={"text": NASTY}, headers=BROWSER).text
    assert "&lt;img" in page
    assert "<img" not in page
    document = client.get("/api/questions/echo", params={"text": NASTY, "on": "sparql"})
    assert document.json()["rows"] == [{"name": NASTY}]


def test_words_that_look_like_queries_stay_words(client: httpx.Client) -> None:
    for text in ('x" } DELETE WHERE {', "Robby' WITH true MATCH (n) DETACH DELETE n //", "$as_of", "#@ text", "a\nb"):
        for on in ("cypher", "sparql"):
            answer = client.get("/api/questions/echo", params={"text": text, "on": on})
            assert answer.json()["rows"] == [{"name": text}]


def test_the_form_is_filled_with_what_was_given(client: httpx.Client) -> None:
    given = {"park": HOA_LAC, "industry": ["10", "26"], "on": "sparql"}
    page = client.get("/questions/in_park", params=given, headers=BROWSER).text  # type: ignore[arg-type]
    assert '<option value="sparql" selected>' in page
    inputs = re.findall(r'<(?:input|select)[^>]*name="industry"', page)
    assert len(inputs) == 3  # two values and one more


def test_the_description_names_the_forms(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()["paths"]["/api/questions/{name}"]["get"]
    assert {CSV, XLSX, "application/json"} <= set(described["responses"]["200"]["content"])
    example = described["responses"]["200"]["content"]["application/json"]["example"]
    assert set(example["rows"][0]) == set(example["columns"])
    assert json.dumps(example)
