"""What is private is on no way out: every address of the application is walked, as public, another member, the owner and a curator."""

import json
import re
import urllib.parse
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from api.app import create_app
from api.settings import Settings
from graph.questions.ecosystem import ecosystem_questions
from graph.questions.named import analyses, questions, registers
from graph.statements.home import Home, today
from graph.statements.outgoing_mail import OutgoingMail
from graph.statements.watches import Watches
from tests.conftest import free_port, ketnoi, ketnoi_json, serve
from tests.desk import BROKER, CONSENTED, FIRM, NOT_CONSENTED, bearer, form_token, signed_in, small_city, token
from tests.test_api_app import Unpublished
from tests.walking import FORMS, Address, addresses, filled, words_of

pytestmark = pytest.mark.neo4j

ASKED, MARK = "kinkhutomimat", "xanhbiecmat"
"""Two words of the private case: one is asked for, which answers may repeat, the other must never come."""
PARTY, MANDATE, FLOOR = "Xonvirmat", "uyquyenzzmat", "777123457"
TELLER, OWNER, ADDRESS = "kegioithieu", "chuhosorieng", "hopthurieng@thunghiem.example"
"""Who told an introduction for members to see, who owns the private case and its introduction, and where her notices are mailed."""
CASE_MARKS = (MARK, PARTY, MANDATE, FLOOR)
OF_OWNER = {"/notices"}
"""Where the owner alone reads it."""
WITH_CASE = {
    "/cases",
    "/cases/{identifier}",
    "/api/cases",
    "/api/cases/{identifier}",
    "/api/transfer",
    "/dossier",
    "/dossier.docx",
    "/outcomes",
    "/api/outcomes",
    "/claims",
    "/api/claims",
}
"""Where owner and curators read the case."""
WITH_TELLER = {"/outcomes", "/api/outcomes", "/cases", "/cases/{identifier}"}
"""Where members read who told what."""
OF_LOADS = {"/loads/{number}", "/api/loads/{number}"}
"""Where curators read whose a load is."""
OF_MEMBERS = {"/members", "/audit", "/claims", "/api/claims"}
"""Where curators read who there is, and who did what."""
WRITES = {
    "/api/snapshots",
    "/snapshots",
    "/api/judgements/pairs",
    "/review",
    "/api/judgements",
    "/id/{identifier}",
    "/sign-in",
    "/sign-out",
    "/api/outcomes",
    "/outcomes",
    "/api/cases",
    "/api/cases/proposals",
    "/api/cases/{identifier}",
    "/api/cases/{identifier}/published",
    "/cases",
    "/cases/{identifier}",
    "/cases/{identifier}/outcomes",
    "/password",
    "/members",
    "/join/{secret}",
    "/claims",
    "/claims/corrections",
    "/claims/decisions",
    "/api/claims",
    "/api/claims/{identifier}",
    "/api/corrections",
    "/api/corrections/{identifier}",
    "/notices",
    "/notices/stop/{token}",
    "/notices/confirm/{token}",
    "/api/loads",
    "/api/loads/{number}/withdraw",
    "/loads/files",
    "/loads/files/{identifier}",
    "/loads/{number}",
    "/persons/{identifier}",
    "/own-data/{secret}",
}
"""Addresses that take what somebody writes; whatever they answer is what was sent, or leads to an address that is walked."""
EVERYTHING = "SELECT ?g ?s ?p ?o WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
NODES, EDGES = "MATCH (n) RETURN n", "MATCH (a)-[r]->(b) RETURN a.id, type(r), properties(r), b.id"
QUERIES: dict[str, list[dict[str, str]]] = {
    "/sparql": [{"query": EVERYTHING}, {"query": "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"}, {}],
    "/cypher": [{"query": NODES}, {"query": EDGES}],
    "/workbench": [{"query": EVERYTHING, "on": "sparql"}, {"query": NODES, "on": "cypher"}, {}],
    "/workbench/rows.csv": [{"query": EVERYTHING, "on": "sparql"}, {"query": NODES, "on": "cypher"}],
    "/workbench/terms.json": [{}],
    "/reconcile": [{"queries": json.dumps({"q0": {"query": ASKED}, "q1": {"query": PARTY[:4]}})}],
}
"""What is asked where a query is an address's whole sense."""


@dataclass(frozen=True)
class Planted:
    """A small city with a private case, a private and a member's introduction, and a contact without consent."""

    url: str
    home: Path
    case: str
    technology: str
    broker: str
    firm: str
    tokens: dict[str, str]
    links: list[str]
    """Tokens of links in mails about the case."""


def watched(home: Path, url: str, secret: str, case: str) -> list[str]:
    """The owner watches her case, with something new to be told and an address; the tokens of the links that she is sent."""
    with closing(signed_in(url, secret)) as browser:
        sent = {"action": "watch", "case": case, "form_token": form_token(browser.get("/sign-in").text)}
        assert browser.post("/notices", data=sent).status_code == 200
    watches = Watches(Home(home))
    (watch,) = watches.of(OWNER)
    address = OutgoingMail(Home(home)).ask_for(OWNER, watch.id, ADDRESS, "vi")
    return [watches.token("stop", watch.id), watches.token("confirm", address.id)]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    home = tmp_path_factory.mktemp("canary")
    small_city(home)
    tokens = {
        "owner": token(home, "member", OWNER),
        "other": token(home, "member", "nguoikhac"),
        "curator": token(home, "curator", "phutrach"),
    }
    teller = token(home, "member", TELLER)
    port = free_port()
    with pytest.MonkeyPatch.context() as environment:
        # nobody else asks as often as a walk does
        environment.setenv("KETNOI_RATE_LIMIT", "0")
        process = serve(home, port)
    url = f"http://127.0.0.1:{port}"
    with bearer(url, tokens["owner"]) as owner, bearer(url, teller) as member:
        stated = {
            "title": f"Màng lọc nước {ASKED} {MARK}",
            "text": f"Màng lọc nước lợ {ASKED} để xử lý nước thải {MARK}.",
            "party": f"Công ty {PARTY}",
            "mandate": MANDATE,
            "floor_price": FLOOR,
            "fields": ["2.7"],
            "patent_classes": ["C02F"],
            "rights": {"power": "own"},
        }
        case = owner.post("/api/cases", json=stated)
        assert case.status_code == 201, case.text
        told = {"intermediary": BROKER, "firm": FIRM, "result": "later"}
        assert owner.post("/api/outcomes", json=told | {"case": case.json()["id"]}).status_code == 202
        done = member.post("/api/outcomes", json=told | {"technology": "CN-1"})
        assert done.status_code == 202, done.text
        ends = done.json()
        # what waits for a curator is nobody else's business, nor is it when the case is published
        claim = owner.post("/api/claims", json={"organization": ends["intermediary"], "note": MANDATE})
        assert claim.status_code == 201, claim.text
        # whatever a publish makes of it is walked too, and what is kept to be cited
        assert owner.get(f"/api/transfer?case={case.json()['id']}").status_code == 200
    links = watched(home, url, tokens["owner"], case.json()["id"])
    ketnoi(home, "build")
    with bearer(url, tokens["curator"]) as curator, bearer(url, tokens["owner"]) as owner:
        accepted = curator.post(f"/api/claims/{claim.json()['id']}", json={"accepted": True, "answer": MANDATE})
        assert accepted.status_code == 200, accepted.text
        proposed = {"entity": ends["intermediary"], "property": "alternativeName", "value": MANDATE, "note": MANDATE}
        assert owner.post("/api/corrections", json=proposed).status_code == 201
        assert curator.post("/api/snapshots", json={"title": "kept"}).status_code == 201
    yield Planted(url, home, case.json()["id"], ends["technology"], ends["intermediary"], ends["firm"], tokens, links)
    process.terminate()
    process.wait(timeout=60)


def walked(planted: Planted) -> tuple[list[Address], dict[str, list[str]], dict[str, list[str]]]:
    """The addresses, and values for the parameters of their paths and queries."""
    app = create_app(Settings(home=planted.home), Unpublished())  # type: ignore[arg-type]
    kept = [path.name for path in Home(planted.home).kept.iterdir()]
    snapshot = httpx.get(f"{planted.url}/api/snapshots").json()["snapshot"]
    nodes = [planted.case, planted.technology, planted.broker, planted.firm]
    of_path = {
        "identifier": nodes,
        "path": ["TechnologyOffer", "keyword", "mandate"],
        "/scheme/{}": ["ford/2015", "ipc/2024/C02F"],
        "/questions/{}": sorted(questions())[:3],
        "/api/questions/{}": sorted(questions()),
        "/networks/{}": ["broker_firm"],
        "/api/networks/{}": ["broker_firm"],
        "/registers/{}": sorted(registers()),
        "/api/registers/{}": sorted(registers()),
        "/analysis/{}": sorted(analyses()),
        "/api/analysis/{}": sorted(analyses()),
        "/api/ecosystem/{}": sorted(ecosystem_questions()),
        "/snapshots/{}": [snapshot, *kept],
        "snapshot": [snapshot],
        "secret": ["nobodys"],
        "token": planted.links,
        "number": [f"{number:06d}" for number in range(1, 40)],
        "shape": ["technology-offers"],
        "format": ["csv", "xlsx"],
    }
    of_query = {
        "case": [planted.case],
        "technology": [planted.technology, planted.case],
        "need": [planted.case],
        "intermediary": [planted.broker],
        "firm": [planted.firm],
        "snapshot": [snapshot],
        "language": ["en"],
        "lang": ["en"],
        "format": ["csv", "xlsx", "graphml", "gexf", "edges", "json"],
        "limit": ["200"],
        "class": ["Technology", "TechnologyOffer", "Introduction", "Entity", "Person"],
        "kind": ["person", "organization"],
        "id": nodes,
        "record": nodes,
        "as_of": [today()],
        "known_at": [today()],
    }
    return addresses(app), of_path, of_query


def targets(planted: Planted, forms: tuple[str, ...] = FORMS) -> Iterator[tuple[Address, str, dict[str, str]]]:
    """Everything that is asked: the address, its target, and headers."""
    known, of_path, of_query = walked(planted)
    # a route has several ends
    together = {name: {"firm": planted.firm} for name in ("case", "technology")}
    for address in known:
        if "GET" not in address.methods:
            continue
        if address.path in QUERIES:
            for query in QUERIES[address.path]:
                yield address, f"{address.path}?{urllib.parse.urlencode(query)}", {}
            continue
        for number, target in enumerate(filled(address, of_path, of_query, together, [ASKED])):
            for form in forms if number == 0 else ("*/*",):
                yield address, target, {"accept": form}


def headers_of(planted: Planted, role: str) -> dict[str, str]:
    """Who asks, by token and by cookie at once: whatever an address looks at."""
    secret = planted.tokens.get(role)
    return {"authorization": f"Bearer {secret}", "cookie": f"ketnoi_token={secret}"} if secret else {}


def forbidden(role: str, address: Address) -> list[str]:
    """What must not come at an address for somebody."""
    marks = [*NOT_CONSENTED]
    may_open = role in ("owner", "curator") and address.path in WITH_CASE
    may_open = may_open or (role == "owner" and address.path in OF_OWNER)
    marks += [] if may_open else [*CASE_MARKS]
    told = WITH_TELLER | OF_LOADS | OF_MEMBERS if role == "curator" else WITH_TELLER
    marks += [TELLER] if role == "public" or address.path not in told else []
    # the owner's own name stands on every page of hers; a curator reads it where the case is
    marks += [OWNER] if role in ("public", "other") else []
    marks += [] if role == "owner" and address.path in OF_OWNER else [ADDRESS]
    marks += [CONSENTED] if role == "public" or not address.path.startswith("/dossier") else []
    return marks


@pytest.mark.parametrize(
    "role",
    ["public", "curator", pytest.param("other", marks=pytest.mark.long), pytest.param("owner", marks=pytest.mark.long)],
)
def test_no_way_out_gives_what_is_private(planted: Planted, role: str) -> None:
    leaks: list[tuple[str, str]] = []
    seen: dict[str, set[int]] = {}
    found: set[str] = set()
    with httpx.Client(base_url=planted.url, timeout=60, headers=headers_of(planted, role)) as client:
        for address, target, headers in targets(planted):
            answer = client.get(target, headers=headers)
            seen.setdefault(address.path, set()).add(answer.status_code)
            # one that was turned away for asking too often would have shown nothing
            assert answer.status_code != 429, target
            assert answer.status_code < 500 or answer.status_code == 503, (target, answer.text[:300])
            said = words_of(answer.content)
            leaks += [(target, mark) for mark in forbidden(role, address) if mark in said]
            found |= {address.path for mark in CASE_MARKS if mark in said}
    assert leaks == []
    # a walk that meets nothing would see nothing: nearly every address answered, and who may read the case did
    answered = {path for path, statuses in seen.items() if statuses & {200, 202}}
    assert len(answered) > 40
    may_open = {
        "/cases",
        "/cases/{identifier}",
        "/api/cases",
        "/api/cases/{identifier}",
        "/dossier",
        "/dossier.docx",
        "/api/transfer",
    }
    assert (found >= may_open) == (role in ("owner", "curator")), found
    assert (found >= OF_OWNER) == (role == "owner"), found
    assert role in ("owner", "curator") or found == set()


def test_addresses_that_take_something_are_known(planted: Planted) -> None:
    known, of_path, _ = walked(planted)
    writing = {one.path for one in known if one.methods - {"GET"} and one.path not in QUERIES}
    assert writing == WRITES, "a new address that takes something is to be looked at, then named here"
    assert set(QUERIES) <= {one.path for one in known}
    assert {one.path for one in known} >= WITH_CASE | WITH_TELLER
    assert of_path


@pytest.mark.parametrize("query", [NODES, EDGES])
def test_queries_are_answered_whole(planted: Planted, query: str) -> None:
    """What the walk asks of the query languages is not cut, so that nothing hides behind a limit."""
    answer = httpx.post(f"{planted.url}/cypher", json={"query": query}, timeout=60).json()
    assert answer["rows"]
    assert answer["truncated"] is False
    rows = httpx.get(f"{planted.url}/sparql", params={"query": EVERYTHING}, headers={"accept": "text/csv"}, timeout=60)
    assert len(rows.text.splitlines()) > 1_000


def test_files_and_logs_hold_nothing_of_it(planted: Planted) -> None:
    """Exports, what a publish wrote, kept snapshots and the log of the service; the loads alone know."""
    marks = [*CASE_MARKS, *NOT_CONSENTED, TELLER, OWNER, ADDRESS, CONSENTED]
    exported = planted.home / "all.nq"
    ketnoi(planted.home, "export", "nquads", "--out", str(exported))
    files = [exported, planted.home / "serve.log", planted.home / "publishes.jsonl"]
    for part in ("snapshots", "kept", "neo4j"):
        files += [path for path in (planted.home / part).rglob("*") if path.is_file()]
    assert len(files) > 20
    for path in files:
        content = path.read_bytes()
        said = words_of(content) if content[:2] in (b"\x1f\x8b",) else content.decode("utf-8", "replace")
        if path.suffix == ".parquet":
            said += _rows(path)
        for mark in marks:
            assert mark not in said, (path, mark)
    # the log of acts has names and ids, and no text of any case, claim or contact
    acts = (planted.home / "audit.jsonl").read_text(encoding="utf-8")
    assert [mark for mark in (*CASE_MARKS, *NOT_CONSENTED, CONSENTED) if mark in acts] == []
    assert {"case.opened", "outcome.told", "claim.made", "correction.proposed"} <= set(
        re.findall(r'"act": "([\w.]+)"', acts)
    )
    assert any(MARK in _rows(path) for path in (planted.home / "loads").rglob("statements.parquet"))


def _rows(path: Path) -> str:
    return str(duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall())


def test_published_it_is_an_offer_and_what_is_kept_back_stays_back(planted: Planted) -> None:
    with bearer(planted.url, planted.tokens["owner"]) as owner:
        done = owner.post(f"/api/cases/{planted.case}/published", json={"published": True})
        assert done.status_code == 202, done.text
    ketnoi(planted.home, "build")
    with httpx.Client(base_url=planted.url, timeout=60) as public:
        entity: dict[str, Any] = public.get(f"/api/entities/{planted.case}").json()
        assert MARK in entity["name"]
        offers = public.post(
            "/cypher",
            json={
                "query": "MATCH (o:TechnologyOffer)-[:OFFERS]->(t {id: $id}) RETURN o",
                "params": {"id": planted.case},
            },
        )
        assert len(offers.json()["rows"]) == 1
        assert [hit["id"] for hit in public.get("/api/search", params={"q": ASKED}).json()["hits"]][:1] == [
            planted.case
        ]
        assert public.get(f"/api/transfer?technology={planted.case}").json()["routes"]
        for address, target, headers in targets(planted):
            said = words_of(public.get(target, headers=headers).content)
            assert not [mark for mark in (MANDATE, FLOOR, TELLER, *NOT_CONSENTED) if mark in said], (address, target)
    # what was told of it follows, and other members see it now
    with bearer(planted.url, planted.tokens["other"]) as other:
        assert planted.case in {one["technology"]["id"] for one in other.get("/api/outcomes").json()["outcomes"]}
    assert ketnoi_json(planted.home, "check")
