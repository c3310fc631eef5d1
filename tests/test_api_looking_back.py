"""Looking back, on the real engines: after loads, withdrawals, corrections and links, the past day and the kept snapshot answer as before."""

import gzip
import hashlib
import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from api.catalogue import Words
from api.serving import LiveSource, LiveViews
from api.sessions import TOKEN_COOKIE
from api.snapshots import look_up
from api.tokens import create_token
from graph.answer.asking import ask
from graph.answer.model import Question
from graph.answer.reading import Reading, StoredReading
from graph.links.linking import link
from graph.questions.gate_facts import TWINS
from graph.questions.named import questions
from graph.questions.networks import projections
from graph.resolve.publish_log import note_published, publish_log
from graph.resolve.snapshots import Snapshot, read_snapshot
from graph.statements.home import Home, day_of, today
from graph.statements.judgements import correct, judge_pair
from graph.statements.loads import loads, withdraw
from graph.views.engine import Engine
from graph.views.errors import NothingKnown, UnknownSnapshot
from graph.views.exporting import export_nquads
from graph.views.kept import Kept, being_kept, dump_path, keep, kept_snapshots
from graph.views.publishing import publish
from graph.views.reading import SnapshotViews
from tests.conftest import free_port, ketnoi, ketnoi_json, serve

pytestmark = pytest.mark.neo4j

AS_OF = "2026-11-24"
ASKED = (
    {"text": "xử lý nước thải bằng màng lọc"},
    {"text": "wastewater treatment", "language": "en"},
)
QUERIES = (
    "SELECT * { ?s <https://w3id.org/ketnoi/ontology#name> ?name } ORDER BY ?name ?s",
    "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "CONSTRUCT { ?s ?p ?o } { ?s a <https://w3id.org/ketnoi/ontology#Intermediary> ; ?p ?o }",
    "ASK { ?s a <https://w3id.org/ketnoi/ontology#TechnologyTransfer> }",
)


def days_ago(count: int) -> str:
    return (date.fromisoformat(today()) - timedelta(days=count)).isoformat()


def earlier(home: Home, days: int) -> None:
    """Let everything have been loaded around noon in Vietnam, some days ago."""
    noon = datetime.fromisoformat(f"{days_ago(days)}T12:00:00+07:00").astimezone(UTC)
    for at, path in enumerate(sorted(home.loads.iterdir())):
        content = json.loads((path / "load.json").read_text(encoding="utf-8"))
        content["instant"] = (noon + timedelta(seconds=at)).isoformat()
        (path / "load.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


@dataclass
class Before:
    """What was answered while the first snapshot was the newest."""

    snapshot: Snapshot
    kept: Kept
    quads: bytes
    rows: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)
    networks: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass
class Installation:
    """A home with what was answered before, and two publishes since."""

    home: Home
    engine: Engine
    source: LiveSource
    before: Before


def parts(views: LiveViews) -> list[Question]:
    """Questions by text, and by each kind of part, that the sample has routes for."""
    found = views.answer(Question(text="xử lý nước thải", as_of=AS_OF, limit=3)).routes[0]
    assert found.firm and found.intermediary
    named = [{"technology": found.technology.id}, {"firm": found.firm.id}, {"intermediary": found.intermediary.id}]
    return [Question.model_validate({"as_of": AS_OF, "limit": 10} | one) for one in (*ASKED, *named)]


def ids(views: SnapshotViews) -> dict[str, tuple[str, list[str]]]:
    """Each query about ids, with the name of its parameter and all ids of the sample that it can be asked about."""
    arrays = views.arrays.ids
    return {
        "technology_rights": ("technologies", arrays["technology"]),
        "broker_standing": ("organisations", arrays["organisation"]),
        "contacts": ("organisations", arrays["organisation"]),
        "related_deeds": ("events", arrays["deed"]),
    }


def facts(reading: Reading, name: str) -> list[dict[str, Any]]:
    """All that one of the queries about ids can say."""
    parameter, known = ids(reading.views)[name]
    return sorted(reading.ask(name, **{parameter: known}), key=str)


def told(answer: Any) -> dict[str, Any]:
    """An answer but for the day that was asked."""
    said: dict[str, Any] = answer.model_dump(by_alias=True, mode="json", exclude={"known_at"})
    return said


def remember(source: LiveSource, snapshot: Snapshot, kept: Kept, quads: bytes) -> tuple[Before, list[Question]]:
    views = source.current()
    assert views.snapshot == snapshot.snapshot
    before = Before(snapshot, kept, quads)
    for name, question in questions().items():
        given = {**question.example, "as_of": AS_OF}
        before.rows[name] = (
            ask(views.reading, question, given, "cypher").rows,
            ask(views.reading, question, given, "sparql").rows,
        )
    asked = parts(views)
    before.answers = [told(views.answer(question)) for question in asked]
    before.networks = {name: views.network(one, AS_OF) for name, one in projections().items()}
    before.facts = {name: facts(views.reading, name) for name in TWINS}
    return before, asked


def change(home: Home, engine: Engine, views: LiveViews) -> None:
    """Two publishes: loads withdrawn and made, a correction, and links."""
    register = next(load for load in loads(home) if load.file == "dang-ky-quyen-cong-nghe.csv")
    withdraw(home, register.load)
    gone = next(load for load in loads(home) if load.file == "chao-ban-cong-nghe.csv")
    withdraw(home, gone.load)
    publish(home, engine)
    brokers = [
        node
        for node in views.arrays.ids["organisation"]
        if "Intermediary" in views.types(node) and views.name(node, "vi")
    ]
    technology = views.arrays.ids["technology"][0]
    correct(home, technology, tuple(views.types(technology)), "name", "Một tên khác hẳn", "vi", "an")
    judge_pair(home, brokers[1], brokers[0], True, "an", "the same body")
    link(home)
    publish(home, engine)


@pytest.fixture(scope="module")
def installation(
    sample_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Installation, list[Question]]]:
    path = tmp_path_factory.mktemp("back") / "home"
    home = Home(path)
    shutil.copytree(sample_home / "loads", home.loads, dirs_exist_ok=True)
    earlier(home, 3)
    engine = Engine(home)
    source = LiveSource(home, engine)
    first = publish(home, engine)
    kept = keep(home, first.number, "Dữ liệu & ví dụ", "Cho một bài báo")
    export_nquads(home, first.number, path / "first.nq")
    before, asked = remember(source, first, kept, (path / "first.nq").read_bytes())
    change(home, engine, source.current())
    yield Installation(home, engine, source, before), asked
    source.close()


@pytest.fixture(scope="module")
def it(installation: tuple[Installation, list[Question]]) -> Installation:
    return installation[0]


@pytest.fixture(scope="module")
def asked(installation: tuple[Installation, list[Question]]) -> list[Question]:
    return installation[1]


def test_much_is_answered_otherwise_now(it: Installation) -> None:
    views = it.source.current()
    assert views.snapshot != it.before.snapshot.snapshot
    now = {
        name: ask(views.reading, question, {**question.example, "as_of": AS_OF}).rows
        for name, question in questions().items()
        if name not in ("intermediaries_for_transfer", "path_of_trust")
    }
    differing = [name for name, rows in now.items() if rows != it.before.rows[name][0]]
    assert len(differing) >= 3, "else that the past answers otherwise would say nothing"
    assert facts(views.reading, "technology_rights") != it.before.facts["technology_rights"]


def test_the_past_snapshot_is_the_one_that_was_current(it: Installation) -> None:
    past = it.source.known_at(days_ago(3), wait=True)
    made, first = past.made_of, it.before.snapshot
    assert (made.snapshot, made.nodes, made.edges, made.loads) == (
        first.snapshot,
        first.nodes,
        first.edges,
        first.loads,
    )
    assert it.source.known_at(days_ago(1), wait=True) is past
    with pytest.raises(NothingKnown):
        it.source.known_at(days_ago(4), wait=True)


@pytest.mark.parametrize("name", questions())
def test_a_question_gives_the_rows_that_both_twins_gave(name: str, it: Installation) -> None:
    by_cypher, by_sparql = it.before.rows[name]
    question = questions()[name]
    assert by_cypher and by_cypher == by_sparql
    for views in (it.source.known_at(days_ago(2), wait=True), it.source.named(it.before.snapshot.snapshot)):
        found = views.question(question, {**question.example, "as_of": AS_OF})
        assert found.rows == by_cypher
        assert found.snapshot == it.before.snapshot.snapshot


def test_the_main_question_is_answered_as_it_was(it: Installation, asked: list[Question]) -> None:
    assert all(answer["routes"] for answer in it.before.answers)
    for views in (it.source.known_at(days_ago(2), wait=True), it.source.named(it.before.snapshot.snapshot)):
        for question, before in zip(asked, it.before.answers, strict=True):
            assert told(views.answer(question)) == before


def test_networks_are_as_they_were(it: Installation) -> None:
    views = it.source.known_at(days_ago(2), wait=True)
    assert all(network.ties for network in it.before.networks.values())
    for name, projection in projections().items():
        assert views.network(projection, AS_OF) == it.before.networks[name]


@pytest.mark.parametrize("name", TWINS)
def test_the_dataset_gives_the_facts_that_the_property_graph_gave(name: str, it: Installation) -> None:
    past = it.source.known_at(days_ago(2), wait=True)
    assert isinstance(past.reading, StoredReading)
    assert len(it.before.facts[name]) >= 100
    assert facts(past.reading, name) == it.before.facts[name]


@pytest.mark.parametrize("name", TWINS)
def test_both_give_the_same_facts_of_the_newest_snapshot(name: str, it: Installation) -> None:
    views = it.source.current()
    assert facts(StoredReading(views), name) == facts(views.reading, name)


def test_every_kind_of_fact_was_compared(it: Installation) -> None:
    """None of the lists in the facts is empty for all, so that equal ones say something."""
    rights, brokers = it.before.facts["technology_rights"], it.before.facts["broker_standing"]
    for key in ("holdings", "listings", "permits", "tasks", "claims", "ipc", "offers"):
        assert any(row[key] for row in rights), key
    for key in ("recognitions", "offerings", "controllers", "engagements"):
        assert any(row[key] for row in brokers), key
    assert any(task["funding"] for row in rights for task in row["tasks"])
    assert any(claim["sources"] for row in rights for claim in row["claims"])
    assert {row["kind"] for row in it.before.facts["contacts"]} >= {"page"}
    assert all(row["ends"] and row["day"] for row in it.before.facts["related_deeds"])


def test_what_is_kept_is_cited_and_stays(it: Installation) -> None:
    kept = it.before.kept
    assert kept_snapshots(it.home) == [kept]
    assert (kept.snapshot, kept.title, kept.publish) == (it.before.snapshot.snapshot, "Dữ liệu & ví dụ", 1)
    with gzip.open(dump_path(it.home, kept.snapshot)) as file:
        assert file.read() == it.before.quads
    assert kept.sha256 == hashlib.sha256(it.before.quads).hexdigest()
    assert (kept.bytes, kept.quads) == (len(it.before.quads), it.before.quads.count(b"\n"))
    assert ("ketnoi/schemes", "Apache-2.0") in {(one.source, one.licence) for one in kept.licences}
    views = it.source.named(kept.snapshot)
    quads = sorted(f"{quad.subject} {quad.predicate} {quad.object}" for quad in views.triples("scheme/trl/1/7"))
    assert quads and views.counts()["Technology"] == 500


def test_to_keep_it_again_changes_nothing(it: Installation) -> None:
    again = keep(it.home, it.engine.current() or 0, "Mới")
    assert again.snapshot != it.before.kept.snapshot
    assert keep(it.home, again.publish, "Tên khác") == again
    assert [one.snapshot for one in kept_snapshots(it.home)] == [again.snapshot, it.before.kept.snapshot]
    with pytest.raises(UnknownSnapshot):
        it.source.named("0" * 32)
    with pytest.raises(UnknownSnapshot):
        it.source.named("../loads")


def test_the_log_says_what_was_published(it: Installation) -> None:
    log = publish_log(it.home)
    assert [one.publish for one in log] == [1, 2, 3]
    assert (log[0].snapshot, log[0].last_load) == (it.before.snapshot.snapshot, it.before.snapshot.last_load)
    assert log[2].snapshot == it.source.current().snapshot
    last = read_snapshot(it.home, 3)
    assert last and log[2].parameters == last.parameters
    note_published(it.home, last)
    assert len(publish_log(it.home)) == 3
    path = it.home.path / "publishes.jsonl"
    whole = path.read_bytes()
    try:
        path.write_bytes(whole[:-10])  # killed while it wrote
        assert len(publish_log(it.home)) == 2
        note_published(it.home, last)
        assert publish_log(it.home) == log
    finally:
        path.write_bytes(whole)


# Over HTTP


@pytest.fixture(scope="module")
def client(it: Installation) -> Iterator[httpx.Client]:
    port = free_port()
    process = serve(it.home.path, port)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        yield client
    process.terminate()
    process.wait(timeout=60)


def waited(client: httpx.Client, path: str, **headers: str) -> httpx.Response:
    """The answer, asked for again as long as it is being prepared."""
    for _ in range(300):
        found = client.get(path, headers=headers)
        if found.status_code != 503:
            return found
        time.sleep(float(found.headers["retry-after"]) / 10)
    raise AssertionError(found.text)


def test_a_past_day_is_being_prepared_and_then_answered(client: httpx.Client, it: Installation) -> None:
    for path in it.home.past.iterdir():
        shutil.rmtree(path)
    day = days_ago(3)
    first = client.get("/api/transfer", params={"text": "nước thải", "known_at": day})
    assert first.status_code == 503 and first.headers["content-type"] == "application/problem+json"
    assert int(first.headers["retry-after"]) > 0 and day in first.json()["detail"]
    page = client.get(f"/?q=nuoc&known_at={day}", headers={"accept": "text/html"})
    if page.status_code == 202:  # else it was made in between
        assert 'http-equiv="refresh"' in page.text and Words("vi")("preparing.past") in page.text
    found = waited(
        client, f"/api/transfer?text=wastewater%20treatment&language=en&as_of={AS_OF}&limit=10&known_at={day}"
    )
    assert found.json()["known_at"] == day
    assert {key: value for key, value in found.json().items() if key != "known_at"} == it.before.answers[1]
    page = client.get(f"/?q=nuoc&known_at={day}", headers={"accept": "text/html"})
    assert page.status_code == 200 and it.before.snapshot.snapshot in page.text and "looked-back" in page.text


@pytest.mark.parametrize("path", ["/api/transfer?text=x", "/api/search?q=x", "/api/questions/city_tasks_by_field?"])
def test_days_that_cannot_be_known(client: httpx.Client, path: str) -> None:
    for day, said in ((days_ago(4), "nothing was known"), (days_ago(-1), "future"), ("2026-02-30", "no day")):
        refused = client.get(f"{path}&known_at={day}")
        assert refused.status_code == 422 and said in refused.json()["detail"]
    both = client.get(f"{path}&known_at={days_ago(2)}&snapshot={'0' * 32}")
    assert both.status_code == 422 and "not both" in both.json()["detail"]
    unknown = client.get(f"{path}&snapshot={'0' * 32}")
    assert unknown.status_code == 404 and unknown.json()["detail"] == "No snapshot of that id is kept."


def test_pages_and_documents_look_back(client: httpx.Client, it: Installation) -> None:
    now = it.source.current()
    technology = now.arrays.ids["technology"][0]
    old = it.source.named(it.before.snapshot.snapshot).name(technology, "vi")
    assert now.name(technology, "vi") == "Một tên khác hẳn" != old
    for chosen in (f"snapshot={it.before.snapshot.snapshot}", f"known_at={days_ago(2)}"):
        found = waited(client, f"/api/entities/{technology}?{chosen}").json()
        assert (found["name"], found["snapshot"]) == (old, it.before.snapshot.snapshot)
        assert old in client.get(f"/id/{technology}.ttl?{chosen}").text
        page = client.get(f"/id/{technology}?{chosen}", headers={"accept": "text/html"}).text
        assert old in page and "looked-back" in page
        asked = client.get(f"/questions/city_tasks_by_field?{chosen}", headers={"accept": "text/html"})
        assert asked.status_code == 200 and it.before.snapshot.snapshot in asked.text
        rows = client.get(f"/api/questions/city_tasks_by_field?as_of={AS_OF}&{chosen}").json()
        assert (rows["rows"], rows["snapshot"]) == (
            it.before.rows["city_tasks_by_field"][0],
            it.before.snapshot.snapshot,
        )
        network = client.get(f"/api/networks/broker_firm?as_of={AS_OF}&{chosen}").json()
        assert sum(year["ties"] for year in network["years"]) == len(it.before.networks["broker_firm"].ties)
        page = client.get(f"/networks/broker_firm?as_of={AS_OF}&{chosen}", headers={"accept": "text/html"}).text
        files = re.findall(r'href="(/api/networks/[^"]+)" download', page)
        assert len(files) == 3 and all(chosen in file for file in files)
        name, _, value = chosen.partition("=")
        assert f'<input type="hidden" name="{name}" value="{value}">' in page
    assert client.get(f"/api/entities/{technology}").json()["name"] == "Một tên khác hẳn"


@pytest.mark.parametrize("query", QUERIES)
def test_the_same_query_on_a_kept_snapshot_gives_the_same_bytes(
    query: str, client: httpx.Client, it: Installation
) -> None:
    """As the dataset of the first publish itself gave them, whose directory is still there."""
    store = ox.Store.read_only(str(it.home.snapshots / "000001" / "rdf"))
    found = client.get("/sparql", params={"query": query, "snapshot": it.before.snapshot.snapshot})
    assert found.status_code == 200, found.text
    solutions = store.query(query)
    if isinstance(solutions, ox.QueryTriples):
        expected = ox.serialize(solutions, format=ox.RdfFormat.TURTLE)
        triples = {str(one.triple) for one in ox.parse(expected, format=ox.RdfFormat.TURTLE)}
        assert {str(one.triple) for one in ox.parse(found.content, format=ox.RdfFormat.TURTLE)} == triples
    else:
        assert json.loads(found.content) == json.loads(solutions.serialize(format=ox.QueryResultsFormat.JSON))
    again = client.get("/sparql", params={"query": query, "snapshot": it.before.snapshot.snapshot})
    assert again.content == found.content
    newest = client.get("/sparql", params={"query": query})
    assert newest.status_code == 200, newest.text
    assert newest.content != found.content or query.startswith("ASK")


def test_the_page_of_a_kept_snapshot_and_its_documents(client: httpx.Client, it: Installation) -> None:
    kept = it.before.kept
    iri = f"https://w3id.org/ketnoi/snapshots/{kept.snapshot}"
    year = day_of(datetime.fromisoformat(kept.instant))[:4]
    vi = f"Kết nối. ({year}). Dữ liệu & ví dụ (phiên bản {kept.snapshot}) [Bộ dữ liệu]. {iri}"
    en = f"Ketnoi. ({year}). Dữ liệu & ví dụ (snapshot {kept.snapshot}) [Data set]. {iri}"
    said = client.get(f"/snapshots/{kept.snapshot}.json").json()
    assert said["citation"] == {"vi": vi, "en": en} and said["iri"] == iri
    page = client.get(f"/snapshots/{kept.snapshot}", headers={"accept": "text/html"}).text
    assert vi.replace("&", "&amp;") in page and kept.sha256 in page and "Apache-2.0" in page
    entry = client.get(f"/snapshots/{kept.snapshot}.bib")
    assert entry.headers["content-type"].startswith("application/x-bibtex")
    assert r"title = {Dữ liệu \& ví dụ}" in entry.text and f"url = {{{iri}}}" in entry.text
    listed = client.get("/api/snapshots").json()
    assert kept.snapshot in {one["snapshot"] for one in listed["kept"]}
    assert [one["publish"] for one in listed["published"]] == [3, 2, 1]
    page = client.get("/snapshots", headers={"accept": "text/html"}).text
    assert f'href="/snapshots/{kept.snapshot}"' in page and "Dữ liệu &amp; ví dụ" in page
    assert client.get(f"/snapshots/{'0' * 32}").status_code == 404


def test_its_record_is_dcat(client: httpx.Client, it: Installation) -> None:
    kept = it.before.kept
    stores = []
    for suffix, form in ((".ttl", ox.RdfFormat.TURTLE), (".jsonld", ox.RdfFormat.JSON_LD)):
        answer = client.get(f"/snapshots/{kept.snapshot}{suffix}")
        assert answer.status_code == 200
        stores.append(ox.Store())
        stores[-1].load(answer.content, format=form)
    assert set(stores[0]) == set(stores[1])
    rows = stores[0].query(
        """PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dct: <http://purl.org/dc/terms/> PREFIX spdx: <http://spdx.org/rdf/terms#>
        PREFIX prov: <http://www.w3.org/ns/prov#>
        SELECT ?sum ?bytes ?url (COUNT(DISTINCT ?source) AS ?sources) (COUNT(DISTINCT ?rights) AS ?licences) {
            ?set a dcat:Dataset ; dcat:distribution ?file ; prov:wasDerivedFrom ?source .
            ?file a dcat:Distribution ; dcat:downloadURL ?url ; dcat:byteSize ?bytes ; spdx:checksum/spdx:checksumValue ?sum .
            ?service a dcat:DataService ; dcat:servesDataset ?set . OPTIONAL { ?source dct:rights ?rights }
        } GROUP BY ?sum ?bytes ?url"""
    )
    ((digest, length, url, sources, licences),) = [[one.value for one in row] for row in rows]
    assert (digest, int(length)) == (kept.sha256, kept.bytes)
    assert int(sources) == len(kept.licences) and int(licences) == len({one.licence for one in kept.licences} - {None})
    assert httpx.get(url, headers={"accept-encoding": "identity"}, timeout=60).content == it.before.quads
    assert httpx.get(url, headers={"accept-encoding": "gzip"}, timeout=60).content == it.before.quads


def test_a_curator_keeps_the_newest_snapshot(client: httpx.Client, it: Installation) -> None:
    assert client.post("/api/snapshots", json={}).status_code == 401
    member = {"authorization": f"Bearer {create_token(it.home, 'member', 'binh')}"}
    assert client.post("/api/snapshots", json={}, headers=member).status_code == 403
    curator = {"authorization": f"Bearer {create_token(it.home, 'curator', 'an')}"}
    assert client.post("/api/snapshots", json={"name": "x"}, headers=curator).status_code == 422
    done = client.post("/api/snapshots", json={"note": "Cho báo cáo"}, headers=curator)
    assert done.status_code == 201 and done.json()["snapshot"] == it.source.current().snapshot
    assert client.get(done.headers["location"]).status_code == 200
    assert client.post("/snapshots", data={"title": "x"}).status_code == 403


def test_a_curator_keeps_it_by_the_form_and_does_not_wait(client: httpx.Client, it: Installation) -> None:
    signed_in = {"cookie": f"{TOKEN_COOKIE}={create_token(it.home, 'curator', 'form')}", "accept": "text/html"}
    form = client.get("/snapshots", headers=signed_in).text.split('name="form_token" value="')[1].split('"')[0]
    done = client.post("/snapshots", data={"form_token": form, "title": "Bằng biểu mẫu"}, headers=signed_in)
    assert (done.status_code, done.headers["location"]) == (303, f"/snapshots/{it.source.current().snapshot}")
    for _ in range(100):
        page = client.get(done.headers["location"], headers={"accept": "text/html"})
        if page.status_code == 200:
            break
        assert page.status_code == 202
        time.sleep(0.2)
    assert it.source.current().snapshot in page.text and page.status_code == 200


def test_a_snapshot_that_is_being_kept_says_so(client: httpx.Client, it: Installation) -> None:
    """As long as somebody is at it: what a crash left is nothing that anybody keeps."""
    snapshot = "f" * 32
    left = it.home.kept / f".{snapshot}-0"
    with it.home.lock("kept"):
        left.mkdir()
        page = client.get(f"/snapshots/{snapshot}", headers={"accept": "text/html"})
        assert page.status_code == 202 and Words("vi")("snapshots.keep") in page.text
        said = client.get(f"/snapshots/{snapshot}.json", headers={"accept": "application/json"})
        assert said.status_code == 503 and int(said.headers["retry-after"]) > 0
        assert client.get(f"/snapshots/{'e' * 32}").status_code == 404
    assert client.get(f"/snapshots/{snapshot}").status_code == 404
    left.rmdir()


def test_a_snapshot_that_is_kept_between_two_looks_is_found(it: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(it.home, it.source.current().made_of.number)
    snapshot = it.source.current().snapshot
    place, aside = it.home.kept / snapshot, it.home.kept / f".{snapshot}-aside"
    place.rename(aside)

    def done_meanwhile(home: Home, asked: str) -> float | None:
        aside.rename(place)
        return being_kept(home, asked)

    monkeypatch.setattr("api.snapshots.being_kept", done_meanwhile)
    assert look_up(it.home, snapshot).snapshot == snapshot


def test_the_program_keeps_and_asks_of_the_past(it: Installation) -> None:
    kept = ketnoi_json(it.home.path, "keep", "--title", "Bằng lệnh")
    assert kept["snapshot"] == it.source.current().snapshot
    assert "is kept" in ketnoi(it.home.path, "keep").stdout
    first = it.before.snapshot.snapshot
    for chosen in (("--known-at", days_ago(2)), ("--snapshot", first)):
        rows = ketnoi_json(it.home.path, "question", "city_tasks_by_field", f"as_of={AS_OF}", *chosen)
        assert (rows["rows"], rows["snapshot"]) == (it.before.rows["city_tasks_by_field"][0], first)
        answer = ketnoi_json(it.home.path, "ask", "nước thải", "--as-of", AS_OF, *chosen)
        assert answer["snapshot"] == first
    for wrong in (
        ("--known-at", days_ago(-1)),
        ("--known-at", "2026-02-30"),
        ("--known-at", days_ago(9)),
        ("--snapshot", "x"),
    ):
        refused = ketnoi(it.home.path, "ask", "nước thải", *wrong, check=False)
        assert refused.returncode == 1 and refused.stderr.startswith("ketnoi: "), refused.stderr
