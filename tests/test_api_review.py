"""The review queue on a home of its own: what is uncertain comes, what is decided goes and stays decided, and can be split again;
and what who speaks for an organisation proposes."""

import csv
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from api.tokens import create_token
from graph.answer.reviewing import decisions
from graph.statements.audit import newest
from graph.statements.home import Home
from graph.statements.loads import loads
from tests.conftest import built, copied, free_port, ketnoi, ketnoi_json, serve
from tests.desk import bearer

pytestmark = pytest.mark.neo4j

HEADERS = ("Mã doanh nghiệp", "Tên doanh nghiệp", "Tên tiếng Anh", "MST", "Mã ngành", "Địa chỉ")
FIRMS = {
    "A": [("1", "Công ty Cổ phần Công nghệ Sao Mai Thử Nghiệm", "", "", "", ""), ("9", "Công ty TNHH Gạch Ngói Đông Thử", "", "", "", "")],
    "B": [("2", "Công ty Công nghệ Sao Mai Thử", "", "", "", "")],
    "C": [("3", "Công ty Cổ phần Công nghệ Sao Mai Thử Nghiệm", "", "", "", "")],
}  # fmt: skip


PATENTS = [
    # one made-up inventor at one firm in other fields, ten years apart: likely one person, and linked
    ("T1", "Máy Ví Dụ", "2019-05-01", "A01B", ["Phan Minh Triết"], "Ví Dụ Một Co."),
    ("T2", "Lò Thử", "2009-05-01", "H04L", ["Phan Minh Triết"], "Ví Dụ Một Co."),
    # another one with other co-workers, twenty years apart: rather two persons, and left apart
    ("T3", "Bơm Mẫu", "2019-05-01", "C07D", ["Trần Ví Dụ", "Qpo Nmlkson"], "Ví Dụ Hai Co."),
    ("T4", "Đèn Nháp", "1999-05-01", "G06F", ["Trần Ví Dụ", "Abc Defghson"], "Ví Dụ Hai Co."),
]


def send_patents(home: Path) -> None:
    rows = [
        {"patent_id": key, "title": title, "abstract": None, "date": day, "filing_date": day, "cpc_subclass": [field],
         "coinventors": people, "inventor_country": None, "firm": [firm], "intermediary": ["Ví Dụ Sáng Chế LLP"]}
        for key, title, day, field, people, firm in PATENTS
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows), home / "patents.parquet")
    ketnoi_json(home, "load", "patents", str(home / "patents.parquet"), "--source", "vi-du/patents")


def send(home: Path, source: str) -> None:
    path = home / f"{source}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADERS, *FIRMS[source]])
    ketnoi_json(home, "load", "enterprise", str(path), "--source", source)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = copied(built, tmp_path_factory.mktemp("review"))
    for source in FIRMS:
        send(path, source)
    send_patents(path)
    ketnoi_json(path, "build")
    return path


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[httpx.Client]:
    port = free_port()
    process = serve(home, port)
    token = create_token(Home(home), "curator", "lan")
    headers = {"authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, headers=headers) as opened:
        yield opened
    process.terminate()
    process.wait(timeout=60)


def waited(client: httpx.Client, path: str = "/api/review") -> dict[str, Any]:
    """The queue, once it is made."""
    end = time.monotonic() + 90
    while (answer := client.get(path)).status_code == 503:
        assert time.monotonic() < end
        assert int(answer.headers["retry-after"]) > 0
        time.sleep(0.5)
    content: dict[str, Any] = answer.json()
    return content


def published(client: httpx.Client, snapshot: str) -> None:
    """Wait for another snapshot."""
    end = time.monotonic() + 90
    while client.get("/api/snapshots").json()["snapshot"] == snapshot:
        assert time.monotonic() < end
        time.sleep(0.3)


def told(client: httpx.Client, entity: str, prop: str) -> dict[str, Any]:
    """The one fact that an entity has of a property, once it is published."""
    end = time.monotonic() + 90
    while not (
        facts := [one for one in client.get(f"/api/entities/{entity}").json()["facts"] if one["property"] == prop]
    ):
        assert time.monotonic() < end
        time.sleep(0.3)
    (fact,) = facts
    return dict(fact)


def test_what_is_uncertain_is_asked_decided_and_split_again(client: httpx.Client, home: Path) -> None:
    queue = waited(client)
    names = [{pair["later_name"], pair["earlier_name"]} for pair in queue["pairs"]]
    wanted = {"Công ty Cổ phần Công nghệ Sao Mai Thử Nghiệm", "Công ty Công nghệ Sao Mai Thử"}
    assert wanted in names  # and A's and C's firms of one name are one node already
    assert not [pair for pair in names if "Công ty TNHH Gạch Ngói Đông Thử" in pair]
    assert [pair["value"] for pair in queue["pairs"]] == sorted(
        (pair["value"] for pair in queue["pairs"]), reverse=True
    )
    pair = queue["pairs"][names.index(wanted)]
    assert 0.3 <= pair["probability"] <= 1 and pair["reasons"]

    decision = {"later": pair["later"], "earlier": pair["earlier"], "same": True, "reason": "một công ty"}
    answer = client.post("/api/judgements/pairs", json=decision)
    assert (answer.status_code, answer.json()["who"]) == (202, "lan")
    assert answer.json()["instant"] == decisions(Home(home))[0].instant
    published(client, queue["snapshot"])
    merged = client.get(f"/api/entities/{pair['later']}", follow_redirects=False)
    assert merged.status_code == 308 and merged.headers["location"].endswith(pair["earlier"])
    after = waited(client)
    assert wanted not in [{one["later_name"], one["earlier_name"]} for one in after["pairs"]]
    told = after["decisions"][0]
    assert (told["later"], told["earlier"], told["same"], told["who"], told["reason"]) == (
        pair["later"], pair["earlier"], True, "lan", "một công ty",
    )  # fmt: skip

    # reloading and linking anew change nothing of it
    for source in FIRMS:
        send(home, source)
    ketnoi_json(home, "link", "--full")
    ketnoi_json(home, "publish")
    assert client.get(f"/api/entities/{pair['later']}", follow_redirects=False).status_code == 308

    # split again: the later one has its own id back, and the pair does not come again
    before = client.get("/api/snapshots").json()["snapshot"]
    client.post("/api/judgements/pairs", json=decision | {"same": False, "reason": "hai công ty"}).raise_for_status()
    published(client, before)
    assert client.get(f"/api/entities/{pair['later']}", follow_redirects=False).status_code == 200
    assert wanted not in [{one["later_name"], one["earlier_name"]} for one in waited(client)["pairs"]]
    assert [(one.same, one.reason) for one in decisions(Home(home))] == [(False, "hai công ty")]


def _of(queue: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [pair for pair in queue["pairs"] if pair["later_name"] == pair["earlier_name"] == name]


def _side(pair: dict[str, Any], side: str) -> dict[str, list[str]]:
    return {line["label"]: line["values"] for line in pair[f"{side}_side"]["lines"]}


def test_a_weak_link_of_persons_is_asked_parted_and_joined_again(client: httpx.Client, home: Path) -> None:
    queue = waited(client, "/api/review?language=en")
    (pair,) = _of(queue, "Phan Minh Triết")
    assert pair["joined"] and 0.5 <= pair["probability"] < 0.9
    weights = {one["comparison"]: (one["text"], one["weight"]) for one in pair["reasons"]}
    assert weights["person.name.0"][0] == "same name" and weights["person.name.0"][1] > 0
    assert weights["person.fields.3"][0] == "no shared field" and weights["person.fields.3"][1] < 0
    # what was compared and what is probable beforehand add up to the probability
    total = sum(weight for _, weight in weights.values())
    assert 1 / (1 + math.exp(-total)) == pytest.approx(pair["probability"], abs=0.02)
    assert (_side(pair, "later")["Technology"], _side(pair, "earlier")["Technology"]) == (["Lò Thử"], ["Máy Ví Dụ"])
    assert [record["line"] for record in pair["later_side"]["records"]] == [2]

    decision = {"later": pair["later"], "earlier": pair["earlier"], "same": False, "reason": "cha và con"}
    client.post("/api/judgements/pairs", json=decision).raise_for_status()
    published(client, queue["snapshot"])
    assert client.get(f"/api/entities/{pair['later']}", follow_redirects=False).status_code == 200
    send_patents(home)
    ketnoi_json(home, "link", "--full")
    ketnoi_json(home, "publish")
    after = waited(client)
    assert not _of(after, "Phan Minh Triết")
    assert client.get(f"/api/entities/{pair['later']}", follow_redirects=False).status_code == 200

    client.post("/api/judgements/pairs", json=decision | {"same": True, "reason": "một người"}).raise_for_status()
    published(client, after["snapshot"])
    assert client.get(f"/api/entities/{pair['later']}", follow_redirects=False).status_code == 308
    assert not _of(waited(client), "Phan Minh Triết")  # confirmed: no longer weak


def test_persons_who_stand_apart_are_asked(client: httpx.Client) -> None:
    queue = waited(client)
    (pair,) = _of(queue, "Trần Ví Dụ")
    assert not pair["joined"] and 0.3 <= pair["probability"] < 0.5
    decision = {"later": pair["later"], "earlier": pair["earlier"], "same": True, "reason": "một người"}
    client.post("/api/judgements/pairs", json=decision).raise_for_status()
    published(client, queue["snapshot"])
    merged = client.get(f"/api/entities/{pair['later']}", follow_redirects=False)
    assert merged.status_code == 308 and merged.headers["location"].endswith(pair["earlier"])
    assert not _of(waited(client), "Trần Ví Dụ")


def test_the_terminal_lists_and_decides(client: httpx.Client, home: Path) -> None:
    said = ketnoi_json(home, "review")
    assert said["waiting"] == len(waited(client)["pairs"])
    refused = ketnoi(home, "review", "--different", "a" * 12, "b" * 12, check=False)
    assert refused.returncode == 1 and "--as NAME" in refused.stderr
    done = ketnoi_json(home, "review", "--different", "a" * 12, "b" * 12, "--as", "an", "--reason", "khác tỉnh")
    assert done["load"]
    newest = decisions(Home(home))[0]
    assert (newest.later, newest.earlier, newest.same, newest.who, newest.reason) == ("a" * 12, "b" * 12, False, "an", "khác tỉnh")  # fmt: skip


def test_only_a_curator_reviews_and_only_by_ids(client: httpx.Client) -> None:
    for path in ("/api/review", "/review"):
        assert httpx.get(f"{client.base_url}{path}").status_code in (401, 403)
    pair = {"later": "a" * 12, "earlier": "b" * 12, "same": True}
    assert httpx.post(f"{client.base_url}/api/judgements/pairs", json=pair).status_code == 401
    for bad in ({"later": "b" * 12}, {"later": "scheme/trl/1/7"}, {"later": "<x>"}, {"same": "maybe"}, {"more": 1}):
        assert client.post("/api/judgements/pairs", json=pair | bad).status_code == 422


def test_the_page_shows_the_queue_and_takes_a_decision(client: httpx.Client, home: Path) -> None:
    with httpx.Client(base_url=client.base_url, timeout=60) as browser:
        token = create_token(Home(home), "curator", "binh")

        def form_token(page: str) -> str:
            return page.split('name="form_token" value="', 1)[1].split('"', 1)[0]

        browser.post("/sign-in", data={"token": token, "form_token": form_token(browser.get("/sign-in").text)})
        page = browser.get("/review", params={"lang": "vi"}).text
        assert "Đã quyết định" in page and "hai công ty" in page
        fields = {"later": "c" * 12, "earlier": "d" * 12, "same": "no", "reason": "thử"}
        assert browser.post("/review", data=fields | {"form_token": "x"}).status_code == 403
        done = browser.post("/review", data=fields | {"form_token": form_token(page)})
        assert (done.status_code, done.headers["location"].startswith("/review?written=")) == (303, True)
        assert (decisions(Home(home))[0].who, decisions(Home(home))[0].same) == ("binh", False)


def test_what_who_speaks_for_an_organisation_proposes_waits_for_a_curator(client: httpx.Client, home: Path) -> None:
    firm, other = (
        client.get("/api/search", params={"q": name}).json()["hits"][0]["id"]
        for name in ("Công ty TNHH Gạch Ngói Đông Thử", "Ví Dụ Sáng Chế LLP")
    )
    binh, chi = create_token(Home(home), "member", "Bình"), create_token(Home(home), "member", "Chi")
    right = {"entity": firm, "property": "founded", "value": "2011", "note": "quyết định thành lập"}
    url = str(client.base_url)
    with bearer(url, binh) as member, bearer(url, chi) as stranger:
        assert httpx.get(f"{url}/api/claims").status_code == 401
        assert member.post("/api/corrections", json=right).status_code == 403
        assert member.post("/api/claims", json={"organization": "a" * 12}).status_code == 404
        assert member.post("/api/claims", json={"organization": "scheme/trl/1/7"}).status_code == 422
        claim = member.post("/api/claims", json={"organization": firm, "note": "gọi tổng đài"})
        assert (claim.status_code, claim.json()["state"]) == (201, "waiting")
        assert member.post("/api/claims", json={"organization": firm}).status_code == 409
        # while it waits, and for others ever, nothing may be proposed; nobody else sees it
        assert member.post("/api/corrections", json=right).status_code == 403
        assert stranger.get("/api/claims").json() == {"claims": [], "corrections": []}
        decide = f"/api/claims/{claim.json()['id']}"
        assert member.post(decide, json={"accepted": True}).status_code == 403
        done = client.post(decide, json={"accepted": True, "answer": "đã gọi"})
        assert (done.status_code, done.json()["by"], done.json()["answer"]) == (200, "lan", "đã gọi")
        assert client.post(decide, json={"accepted": True}).status_code == 409
        assert stranger.post("/api/corrections", json=right).status_code == 403
        assert member.post("/api/corrections", json=right | {"entity": other}).status_code == 403
        for wrong in ({"value": "năm 2011"}, {"property": "floorPrice"}, {"property": "nothing"}, {"value": ""}):
            assert member.post("/api/corrections", json=right | wrong).status_code == 422, wrong
        first = member.post("/api/corrections", json=right)
        assert (first.status_code, first.json()["load"]) == (201, None)
        assert member.post("/api/corrections", json=right).status_code == 409
        second = member.post("/api/corrections", json=right | {"value": "2012"}).json()
        before = len(loads(Home(home)))
        # accepted, it is a judgement of the curator's, which says where it came from
        accept = f"/api/corrections/{first.json()['id']}"
        assert member.post(accept, json={"accepted": True}).status_code == 403
        answer = client.post(accept, json={"accepted": True})
        assert (answer.status_code, answer.json()["state"]) == (202, "accepted")
        assert client.post(accept, json={"accepted": True}).status_code == 409
        fact = told(client, firm, "founded")
        assert (fact["value"], [one["source"] for one in fact["sources"]]) == ("2011", ["curator/lan"])
        *_, written = loads(Home(home))
        assert written.load == answer.json()["load"]
        assert [first.json()["id"] in line for line in written.found] == [True]
        # a claim that is ended takes along what still waits
        assert client.post(decide, json={"accepted": False}).json()["state"] == "refused"
        states = {one["id"]: one["state"] for one in member.get("/api/claims").json()["corrections"]}
        assert states == {first.json()["id"]: "accepted", second["id"]: "refused"}
        assert member.post("/api/corrections", json=right).status_code == 403
        assert len(loads(Home(home))) == before + 1
    acts = [(one.who, one.act) for one in reversed(newest(Home(home), 100)) if one.act.startswith(("claim.", "corr"))]
    assert acts == [
        ("Bình", "claim.made"),
        ("lan", "claim.accepted"),
        ("Bình", "correction.proposed"),
        ("Bình", "correction.proposed"),
        ("lan", "correction.accepted"),
        ("lan", "claim.refused"),
    ]
    log = (home / "audit.jsonl").read_text(encoding="utf-8")
    assert not [text for text in ("gọi tổng đài", "quyết định thành lập", "đã gọi") if text in log]
