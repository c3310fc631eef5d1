"""Persons: what is held is shown by a link; a consent is withdrawn and the contact is gone; the person is erased and does not come back.

The tests follow each other, as the day of one person does; everybody in them is made up.
"""

import io
import json
import re
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

import duckdb
import httpx
import pytest
from docx import Document

from api.catalogue import Language, Words
from api.intake import Intake, open_intake, write_intake
from graph.statements.audit import newest, verify
from graph.statements.home import Home, today
from graph.statements.loads import loads
from ontology.statement import ABOUT, mention_id, record_id
from tests.conftest import free_port, ketnoi, ketnoi_json, serve
from tests.desk import BROKER, FIRM, form_token, headers_of, signed_in, small_city, token
from tests.erased_bytes import holding
from tests.test_api_canary import EVERYTHING, Planted, targets
from tests.walking import words_of

pytestmark = pytest.mark.neo4j

NAME, MAIL, CALL = "Tạ Thị Hoàng Anh Thử Nghiệm", "hoanganh.ta@thunghiem.example", "0912345678"
CONTACT = (MAIL, "912345678", "912 345 678")
WORDS = (NAME, *CONTACT, "CG-XOA")
WITHDRAWN = ("con.le@thunghiem.example", "987654321", "987 654 321")
"""Of somebody else, who withdrew a consent and stays."""
EXPERTS = [
    {"Mã chuyên gia": "CG-XOA", "Họ và tên": NAME, "Mã lĩnh vực": "2.7", "Điện thoại": CALL, "Thư điện tử": MAIL,
     "Ngày đồng ý cho liên hệ": "2026-01-15"},
    {"Mã chuyên gia": "CG-CON", "Họ và tên": "Lê Văn Còn Thử Nghiệm", "Mã lĩnh vực": "2.2", "Điện thoại": "0987654321",
     "Thư điện tử": "con.le@thunghiem.example"},
]  # fmt: skip
TABLES = {
    "experts": ("university", EXPERTS),
    "technologies": ("university", [
        {"Mã công nghệ": "CN-XOA", "Tên công nghệ": "Màng lọc nước lợ hai cấp Thử Nghiệm", "Mã IPC": "C02F", "Mã lĩnh vực": "2.7",
         "Mô tả": "Màng lọc để xử lý nước thải và khử mặn nước lợ.", "Mã tác giả": "CG-XOA;CG-CON"}]),
    "memberships": ("university", [{"Mã chuyên gia": "CG-XOA", "Đơn vị công tác": "Viện Nước Thử Nghiệm", "Từ ngày": "2019-01-01"}]),
}  # fmt: skip
ID = mention_id("office/experts", "CG-XOA", ABOUT)
OTHER = mention_id("office/experts", "CG-CON", ABOUT)
TECHNOLOGY = mention_id("office/technologies", "CN-XOA", ABOUT)


@dataclass
class Office:
    """The service, who acts, and the person's link."""

    url: str
    home: Path
    files: Path
    curator: httpx.Client
    member: httpx.Client
    tokens: dict[str, str]
    link: str = ""
    kept: str = ""
    erased: str = ""


def soon() -> str:
    """A day on which nobody will run this test any more."""
    return (date.fromisoformat(today()) + timedelta(days=2)).isoformat()


def send(office_files: Path, home: Path) -> list[int]:
    """Load the office's files, as they are; how many records each changed."""
    import csv

    changed = []
    for shape, (kind, rows) in TABLES.items():
        file = office_files / f"{shape}.csv"
        with file.open("w", encoding="utf-8", newline="") as target:
            table = csv.DictWriter(target, headers_of(shape), restval="")
            table.writeheader()
            table.writerows(rows)
        intake = Intake(kind, file, file.name, f"office/{shape}")
        changed.append(write_intake(Home(home), intake, open_intake(intake)).changed)
    return changed


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home, files = tmp_path_factory.mktemp("persons"), tmp_path_factory.mktemp("office")
    small_city(home)
    send(files, home)
    ketnoi_json(home, "build")
    tokens = {"curator": token(home, "curator", "phutrach"), "member": token(home, "member", "moigioi")}
    port = free_port()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("KETNOI_RATE_LIMIT", "0")
        process = serve(home, port)
    url = f"http://127.0.0.1:{port}"
    try:
        with closing(signed_in(url, tokens["curator"])) as curator, closing(signed_in(url, tokens["member"])) as member:
            yield Office(url, home, files, curator, member, tokens)
    finally:
        process.terminate()
        process.wait(timeout=60)


def dossier(office: Office, client: httpx.Client) -> tuple[str, str]:
    """The dossier of a route of the person's technology, as page and as DOCX."""
    routes = client.get(f"{office.url}/api/transfer", params={"technology": TECHNOLOGY, "limit": 1}).json()["routes"]
    ends = {part: routes[0][part]["id"] for part in ("technology", "intermediary", "firm")}
    page = client.get(f"{office.url}/dossier?{urlencode(ends)}")
    file = client.get(f"{office.url}/dossier.docx?{urlencode(ends)}")
    assert (page.status_code, file.status_code) == (200, 200)
    return page.text, "\n".join(one.text for one in Document(io.BytesIO(file.content)).paragraphs)


def seen(office: Office, client: httpx.Client) -> set[str]:
    page, file = dossier(office, client)
    found = {word for word in CONTACT if word in page}
    assert found == {word for word in CONTACT if word in file}
    return found


def act(client: httpx.Client, url: str, **said: str) -> httpx.Response:
    """Send a form of a page."""
    return client.post(url, data={"form_token": form_token(client.get(url).text), **said})


def planted(office: Office) -> Planted:
    """What the walk over all addresses takes: nodes that there are, and who asks."""
    ids = {}
    for name in (FIRM, BROKER):
        ids[name] = httpx.get(f"{office.url}/api/search", params={"q": name}).json()["hits"][0]["id"]
    return Planted(office.url, office.home, OTHER, TECHNOLOGY, ids[BROKER], ids[FIRM], office.tokens, ["nobodys"])


def walked(office: Office) -> list[tuple[str, str]]:
    """Addresses that give a curator, who sees most, something of who was erased, or the contact of who withdrew."""
    found: list[tuple[str, str]] = []
    answered: set[str] = set()
    asked: set[tuple[str, str]] = set()
    secret = office.tokens["curator"]
    headers = {"authorization": f"Bearer {secret}", "cookie": f"ketnoi_token={secret}"}
    with httpx.Client(base_url=office.url, timeout=60, headers=headers) as client:
        for address, target, more in targets(planted(office), ("text/html", "application/json")):
            if (target, str(more)) in asked:
                continue
            asked.add((target, str(more)))
            answer = client.get(target, headers=more)
            assert answer.status_code < 500 or answer.status_code == 503, (target, answer.text[:300])
            answered |= {address.path} if answer.status_code in (200, 202) else set()
            said = words_of(answer.content).casefold()
            # curators are shown what is held
            words = WORDS if address.path == "/persons/{identifier}" else (*WORDS, *WITHDRAWN)
            found += [(target, word) for word in words if word.casefold() in said]
    assert len(answered) > 40, "a walk that meets nothing sees nothing"
    assert "/persons/{identifier}" in answered
    return found


def mentions(office: Office) -> list[str]:
    """Under which ids the office's files speak of the person."""
    files = str(office.home / "loads" / "*" / "statements.parquet")
    asked = (
        "SELECT DISTINCT h.subject FROM read_parquet($files) h JOIN read_parquet($files) i ON i.subject = h.object "
        "WHERE h.property = 'hasIdentifier' AND i.value = 'CG-XOA'"
    )
    with duckdb.connect() as con:
        return [one for (one,) in con.execute(asked, {"files": files}).fetchall()]


def settled(office: Office, path: str, status: int) -> httpx.Response:
    """The answer at an address, once it is as expected."""
    for _ in range(240):
        answer = httpx.get(f"{office.url}{path}", timeout=60)
        if answer.status_code == status:
            return answer
        time.sleep(0.5)
    raise AssertionError((path, answer.status_code, answer.text[:500]))


def test_a_member_sees_the_contact_of_who_agreed(office: Office) -> None:
    assert MAIL in seen(office, office.member)
    with httpx.Client() as public:
        assert seen(office, public) == set()


def test_a_curator_makes_a_link_that_is_kept_hashed(office: Office) -> None:
    page = office.curator.get(f"{office.url}/id/{ID}")
    assert f'href="/persons/{ID}"' in page.text
    assert f'href="/persons/{ID}"' not in office.member.get(f"{office.url}/id/{ID}").text
    assert office.member.get(f"{office.url}/persons/{ID}").status_code == 403
    assert httpx.get(f"{office.url}/persons").status_code == 403
    assert office.curator.get(f"{office.url}/persons/{TECHNOLOGY}").status_code == 404
    far = (date.fromisoformat(today()) + timedelta(days=500)).isoformat()
    for until in ("", "2020-01-01", far):
        assert act(office.curator, f"{office.url}/persons/{ID}", action="link", until=until).status_code == 422
    made = act(office.curator, f"{office.url}/persons/{ID}", action="link", until=soon())
    office.link = re.findall(r"<code>(http://[^<]+/own-data/[\w-]{43})</code>", made.text)[0]
    secret = office.link.rsplit("/", 1)[-1]
    assert secret not in office.curator.get(f"{office.url}/persons/{ID}").text
    # one that was given to the wrong hands is ended
    wrong = act(office.curator, f"{office.url}/persons/{ID}", action="link", until=soon())
    link = re.findall(r"<code>(http://[^<]+/own-data/[\w-]{43})</code>", wrong.text)[0]
    assert httpx.get(link).status_code == 200
    key = re.findall(r'name="action" value="end"><input type="hidden" name="key" value="([^"]+)"', wrong.text)[0]
    act(office.curator, f"{office.url}/persons/{ID}", action="end", key=key)
    assert (httpx.get(link).status_code, httpx.get(office.link).status_code) == (404, 200)
    assert httpx.get(office.link[:-1] + ("A" if office.link[-1] != "A" else "B")).status_code == 404
    assert httpx.post(office.link, data={"action": "ask", "kind": "erasure", "form_token": "no"}).status_code == 403


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_person_sees_what_is_held_and_from_where(office: Office, language: Language) -> None:
    words = Words(language)
    with httpx.Client() as person:
        page = person.get(office.link, params={"lang": language})
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    for said in (NAME, MAIL, "CG-XOA", "experts.csv", "memberships.csv", "technologies.csv", "Viện Nước Thử Nghiệm"):
        assert said in page.text, said
    for key in ("held.title", "consent.title", "own.ask", "own.limit_texts", "held.visible.member", "certainty.s"):
        assert words(key) in page.text, key
    # each line with its file, line and load
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", page.text.split('id="held"')[1], re.DOTALL)
    assert len(rows) > 10
    number = {load.source: load.load for load in loads(Home(office.home))}
    (mail,) = [row for row in rows if MAIL in row]
    assert "office/experts" in mail
    assert number["office/experts"] in mail
    assert "con.le@thunghiem.example" not in page.text
    assert "2026" in page.text.split('id="consents"')[1].split("</section>")[0]


def test_a_consent_that_a_curator_records_counts_until_its_end(office: Office) -> None:
    page = f"{office.url}/persons/{OTHER}"
    for wrong in ({"means": ""}, {"purpose": "everything"}, {"given": "2099-01-01"}, {"until": "2020-01-01"}):
        said = {"purpose": "email", "given": today(), "until": "", "means": "phiếu số 7"} | wrong
        assert act(office.curator, page, action="consent", **said).status_code == 422, wrong
    assert "con.le@thunghiem.example" not in dossier(office, office.member)[0]
    done = act(office.curator, page, action="consent", purpose="email", given=today(), until=soon(), means="phiếu số 7")
    assert done.status_code == 200
    assert "phiếu số 7" in done.text
    shown = dossier(office, office.member)[0]
    assert "con.le@thunghiem.example" in shown
    assert "987654321" not in shown.replace(" ", "")
    act(office.curator, page, action="withdraw", key=re.findall(r'name="key" value="(consent/[^"]+)"', done.text)[0])
    assert "con.le@thunghiem.example" not in dossier(office, office.member)[0]


def test_withdrawn_by_the_link_the_contact_is_gone_at_once(office: Office) -> None:
    assert MAIL in seen(office, office.member)
    with httpx.Client(follow_redirects=True) as person:
        page = person.get(office.link)
        key = re.findall(r'name="key" value="(file/[^"]+)"', page.text)[0]
        assert act(person, office.link, action="withdraw", key="file/none").status_code == 422
        done = act(person, office.link, action="withdraw", key=key)
        assert done.status_code == 200
        assert Words("vi")("own.withdrawn") in done.text
        assert 'value="withdraw"' not in done.text
    assert seen(office, office.member) == set()
    assert seen(office, office.curator) == set()


def test_after_the_next_publish_it_is_on_no_way_out(office: Office) -> None:
    # the same file says again that the person agreed in January
    send(office.files, office.home)
    ketnoi_json(office.home, "build")
    kept = office.curator.post(
        f"{office.url}/api/snapshots",
        json={"title": "kept"},
        headers={"authorization": f"Bearer {office.tokens['curator']}"},
    )
    assert kept.status_code == 201
    office.kept = kept.json()["snapshot"]
    assert seen(office, office.member) == set()
    exported = office.files / "all.nq"
    ketnoi(office.home, "export", "nquads", "--out", str(exported))
    assert not [word for word in CONTACT if word in exported.read_text()]
    assert {name for name, _ in holding(office.home, CONTACT, but=("loads",))} == set(), "the loads alone know"


def test_what_a_person_asks_waits_for_a_curator(office: Office) -> None:
    with httpx.Client(follow_redirects=True) as person:
        assert act(person, office.link, action="ask", kind="correction", text=" ").status_code == 422
        assert (
            act(person, office.link, action="ask", kind="correction", text="Đơn vị công tác <b>sai</b>").status_code
            == 200
        )
        waiting = office.curator.get(f"{office.url}/persons")
        assert f'href="/persons/{ID}"' in waiting.text
        assert Words("vi")("wish.waiting") in waiting.text
        page = office.curator.get(f"{office.url}/persons/{ID}").text
        assert "&lt;b&gt;sai&lt;/b&gt;" in page
        key = re.findall(r'name="action" value="answer"><input type="hidden" name="key" value="([^"]+)"', page)[0]
        answer = {"action": "answer", "key": key, "answer": "refused"}
        assert act(office.curator, f"{office.url}/persons/{ID}", **answer).status_code == 422
        ground = "Quyết định số 12 nêu tên"
        assert act(office.curator, f"{office.url}/persons/{ID}", **answer, ground=ground).status_code == 200
        assert ground in person.get(office.link).text
        for _ in range(5):
            assert act(person, office.link, action="ask", kind="erasure", text=f"Xóa {NAME}").status_code == 200
        assert act(person, office.link, action="ask", kind="erasure").status_code == 422


def test_erased_by_a_curator_the_person_is_gone_and_the_address_says_so(office: Office) -> None:
    technology = httpx.get(f"{office.url}/api/entities/{TECHNOLOGY}").json()["name"]
    ids = mentions(office)
    assert len(ids) == 3
    page = office.curator.get(f"{office.url}/persons/{ID}")
    record = re.findall(r'href="/record/([^"]+)">office/experts', page.text)[0]
    assert record == record_id("office/experts", "CG-XOA")
    done = act(office.curator, f"{office.url}/persons/{ID}", action="erase", reason="nonsense")
    assert done.status_code == 422
    done = act(office.curator, f"{office.url}/persons/{ID}", action="erase", reason="request", sure="yes")
    assert done.status_code == 200
    # at once where somebody looks for the person, and everywhere else by the build that was begun
    gone = settled(office, f"/api/entities/{ID}", 410).json()
    office.erased = gone["erased"]["on"]
    assert gone["erased"] == {"on": office.erased, "reason": "request"}
    assert office.erased in (today(), (date.fromisoformat(today()) - timedelta(days=1)).isoformat())
    settled(office, f"/record/{record}", 410)
    for _ in range(240):
        if not (office.home / "erasing.json").exists():
            break
        time.sleep(0.5)
    paths = [f"/id/{ID}.ttl", f"/history/{ID}", f"/id/{ID}?known_at={today()}", f"/id/{ID}?snapshot={office.kept}"]
    for path in (*paths, *(f"/id/{one}" for one in ids)):
        answer = httpx.get(f"{office.url}{path}", headers={"accept": "text/html"})
        assert answer.status_code == 410, (path, answer.status_code)
        assert not [word for word in WORDS if word in answer.text], path
    assert httpx.get(office.link).status_code == 410
    assert httpx.get(f"{office.url}/api/entities/{TECHNOLOGY}").json()["name"] == technology
    assert httpx.get(f"{office.url}/api/entities/{OTHER}").status_code == 200


def test_nothing_of_the_person_is_in_any_byte_of_the_home(office: Office) -> None:
    assert holding(office.home, WORDS) == []
    log = (office.home / "serve.log").read_text()
    assert office.link.rsplit("/", 1)[-1] not in log
    assert "/own-data/…" in log
    assert verify(Home(office.home)).broken is None
    acts = {entry.act for entry in newest(Home(office.home), 200)}
    assert {"held.linked", "held.link_ended", "held.shown", "held.asked", "held.answered", "held.wishes_read"} <= acts
    assert {"consent.given", "consent.withdrawn", "erased"} <= acts


def test_no_way_out_gives_anything_of_who_was_erased_or_the_contact_of_who_withdrew(office: Office) -> None:
    assert walked(office) == []
    kept = json.loads((office.home / "kept" / f"{office.kept}-1" / "kept.json").read_text())
    (since,) = kept["rewritten"]
    assert since["on"] >= office.erased
    assert since["sha256"] != kept["sha256"]
    asked = {"query": EVERYTHING, "snapshot": office.kept}
    answers = [
        httpx.get(f"{office.url}/sparql", params=asked, headers={"accept": "text/csv"}, timeout=60),
        httpx.get(f"{office.url}/snapshots/{office.kept}/dataset.nq"),
        httpx.get(f"{office.url}/api/search", params={"q": NAME, "snapshot": office.kept}),
    ]
    for answer in answers:
        assert answer.status_code == 200, answer.text[:300]
        assert not [word for word in WORDS if word in answer.text]
    assert len(answers[0].text.splitlines()) > 1_000
    page = httpx.get(f"{office.url}/snapshots/{office.kept}")
    assert since["sha256"] in page.text


def test_the_same_files_bring_nobody_back(office: Office) -> None:
    assert send(office.files, office.home) == [0, 0, 0]
    ketnoi_json(office.home, "build")
    assert holding(office.home, WORDS) == []
    assert httpx.get(f"{office.url}/id/{ID}").status_code == 410
    inventors = httpx.post(
        f"{office.url}/cypher",
        json={"query": "MATCH (t {id: $id})-[:INVENTOR]->(p) RETURN p.id", "params": {"id": TECHNOLOGY}},
    )
    assert inventors.json()["rows"] == [[OTHER]]
    assert ketnoi_json(office.home, "check")["agree"] is True


def test_the_command_says_what_it_would_take_and_what_it_can_not(office: Office) -> None:
    tried = ketnoi_json(office.home, "erase", OTHER, "--dry-run")
    assert tried["dry_run"] is True
    assert isinstance(tried["statements"], dict)
    assert tried["statements"]["Person"] > 3
    assert httpx.get(f"{office.url}/id/{OTHER}").status_code == 200
    refused = ketnoi(office.home, "erase", ID, check=False)
    assert refused.returncode == 1
    assert f"was erased on {office.erased}" in refused.stderr


@pytest.mark.long
def test_the_command_erases_a_property(office: Office) -> None:
    done = ketnoi_json(office.home, "erase", f"https://w3id.org/ketnoi/id/{OTHER}", "email", "--reason", "phiếu số 9")
    assert (done["property"], done["reason"]) == ("email", "other")
    assert httpx.get(f"{office.url}/id/{OTHER}").status_code == 200
    assert holding(office.home, ["con.le@thunghiem.example"]) == []
