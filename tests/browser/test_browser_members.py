"""From an invitation to a corrected fact: over HTTP, and in a real browser by keyboard, on a small city of its own."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from api.catalogue import Language, Words
from graph.statements.audit import newest, verify
from graph.statements.home import Home
from ontology.model import ontology
from tests.browser.test_browser_desk import SIZES, press_to
from tests.browser.test_browser_every_page import AXE, axe
from tests.conftest import free_port, ketnoi_json, serve
from tests.desk import BROKER, bearer, load, token

pytestmark = pytest.mark.neo4j
OTHER = "Viện Khác Thử Nghiệm"
PASSWORD = "một câu dễ nhớ 7"


@dataclass(frozen=True)
class City:
    """A service with two intermediaries, and who may sign in."""

    url: str
    home: Home
    broker: str
    other: str
    curator: str


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    home = tmp_path_factory.mktemp("members")
    rows = [{"Tên tổ chức": name, "Loại hình": "trung tâm giao dịch công nghệ"} for name in (BROKER, OTHER)]
    load(home, "intermediaries", "city", rows)
    ketnoi_json(home, "build")
    secret = token(home, "curator", "Lan")
    port = free_port()
    process = serve(home, port)
    url = f"http://127.0.0.1:{port}"
    ids = [
        httpx.get(f"{url}/api/search", params={"q": name, "class": "Intermediary"}, timeout=60).json()["hits"][0]["id"]
        for name in (BROKER, OTHER)
    ]
    yield City(url, Home(home), *ids, secret)
    process.terminate()
    process.wait(timeout=60)


def said(city: City, entity: str, prop: str) -> list[dict[str, object]]:
    facts = httpx.get(f"{city.url}/api/entities/{entity}", timeout=60).json()["facts"]
    return [fact for fact in facts if fact["property"] == prop]


def until_said(city: City, entity: str, prop: str, value: str) -> dict[str, object]:
    """The fact, once it is published."""
    end = time.monotonic() + 60
    while not (found := [fact for fact in said(city, entity, prop) if fact["value"] == value]):
        assert time.monotonic() < end, f"{prop} is never {value}"
        time.sleep(0.3)
    return found[0]


def test_what_who_speaks_for_an_organisation_proposes_waits_for_a_curator(city: City) -> None:
    binh, chi = token(city.home.path, "member", "Bình"), token(city.home.path, "member", "Chi")
    right = {"entity": city.other, "property": "founded", "value": "2011", "note": "quyết định thành lập"}
    with bearer(city.url, binh) as member, bearer(city.url, chi) as stranger, bearer(city.url, city.curator) as curator:
        assert httpx.get(f"{city.url}/api/claims").status_code == 401
        assert member.post("/api/corrections", json=right).status_code == 403
        assert member.post("/api/claims", json={"organization": "a" * 12}).status_code == 404
        assert member.post("/api/claims", json={"organization": "scheme/trl/1/7"}).status_code == 422
        claim = member.post("/api/claims", json={"organization": city.other, "note": "gọi tổng đài"})
        assert (claim.status_code, claim.json()["state"]) == (201, "waiting")
        assert member.post("/api/claims", json={"organization": city.other}).status_code == 409
        # while it waits, and for others ever, nothing may be proposed; nobody else sees it
        assert member.post("/api/corrections", json=right).status_code == 403
        assert stranger.get("/api/claims").json() == {"claims": [], "corrections": []}
        decide = f"/api/claims/{claim.json()['id']}"
        assert member.post(decide, json={"accepted": True}).status_code == 403
        done = curator.post(decide, json={"accepted": True, "answer": "đã gọi"})
        assert (done.status_code, done.json()["by"], done.json()["answer"]) == (200, "Lan", "đã gọi")
        assert curator.post(decide, json={"accepted": True}).status_code == 409
        assert stranger.post("/api/corrections", json=right).status_code == 403
        assert member.post("/api/corrections", json=right | {"entity": city.broker}).status_code == 403
        for wrong in ({"value": "năm 2011"}, {"property": "floorPrice"}, {"property": "nothing"}, {"value": ""}):
            assert member.post("/api/corrections", json=right | wrong).status_code == 422, wrong
        first = member.post("/api/corrections", json=right)
        assert (first.status_code, first.json()["load"]) == (201, None)
        assert member.post("/api/corrections", json=right).status_code == 409
        second = member.post("/api/corrections", json=right | {"value": "2012"}).json()
        loads = len(list(city.home.loads.iterdir()))
        assert said(city, city.other, "founded") == []
        # accepted, it is a judgement of the curator's, which says where it came from
        accept = f"/api/corrections/{first.json()['id']}"
        assert member.post(accept, json={"accepted": True}).status_code == 403
        answer = curator.post(accept, json={"accepted": True})
        assert (answer.status_code, answer.json()["state"]) == (202, "accepted")
        assert curator.post(accept, json={"accepted": True}).status_code == 409
        fact = until_said(city, city.other, "founded", "2011")
        (source,) = fact["sources"]  # type: ignore[misc]
        assert source["source"] == "curator/Lan"
        report = curator.get(f"/api/loads/{answer.json()['load']}").json()
        assert [first.json()["id"] in line for line in report["found"]] == [True]
        # a claim that is ended takes along what still waits
        assert curator.post(decide, json={"accepted": False}).json()["state"] == "refused"
        states = {one["id"]: one["state"] for one in member.get("/api/claims").json()["corrections"]}
        assert states == {first.json()["id"]: "accepted", second["id"]: "refused"}
        assert member.post("/api/corrections", json=right).status_code == 403
        assert len(list(city.home.loads.iterdir())) == loads + 1
    acts = [(one.who, one.act) for one in reversed(newest(city.home, 100)) if one.act.startswith(("claim.", "corr"))]
    assert acts == [
        ("Bình", "claim.made"),
        ("Lan", "claim.accepted"),
        ("Bình", "correction.proposed"),
        ("Bình", "correction.proposed"),
        ("Lan", "correction.accepted"),
        ("Lan", "claim.refused"),
    ]
    log = (city.home.path / "audit.jsonl").read_text(encoding="utf-8")
    assert not [text for text in ("gọi tổng đài", "quyết định thành lập", "2012") if text in log.replace("2012-", "")]


Opened = Callable[[str], Page]


@pytest.fixture
def opened(browser: Browser, city: City, request: pytest.FixtureRequest) -> Iterator[tuple[Language, Opened]]:
    """Opens a browser of its own at an address, in a size and a language."""
    size, language = request.param
    width, height = SIZES[size]
    contexts = []

    def opening(path: str) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale=language)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(city.url + path)
        return page

    yield language, opening
    for context in contexts:
        context.close()


def typed(page: Page, label: str, text: str) -> None:
    """Reach a field by the tab key and fill it in."""
    press_to(page, page.get_by_label(label, exact=True))
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def pressed(page: Page, name: str) -> None:
    """Reach a button by the tab key and press it."""
    press_to(page, page.get_by_role("button", name=name, exact=True).first)
    page.keyboard.press("Enter")


def fits(page: Page) -> None:
    """Nothing is wider than the screen, and nothing keeps anybody out."""
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert axe(page) == []


@pytest.mark.browser
@pytest.mark.parametrize("opened", [("desktop", "vi"), ("phone", "en")], indirect=True, ids=lambda one: "-".join(one))
def test_from_an_invitation_to_a_corrected_fact_by_keyboard(city: City, opened: tuple[Language, Opened]) -> None:
    language, opening = opened
    t = Words(language)
    name, year = f"Mai {language}", {"vi": "1998", "en": "1999"}[language]
    curator = opening("/sign-in")
    typed(curator, t("sign_in.token"), city.curator)
    pressed(curator, t("sign_in.use_token"))
    expect(curator.get_by_text("Lan", exact=True)).to_be_visible()
    # a curator invites
    curator.goto(f"{city.url}/members")
    typed(curator, t("sign_in.name"), name)
    pressed(curator, t("member.invite"))
    link = curator.locator("#link").inner_text()
    fits(curator)
    # who was invited sets a password, and signs in
    guest = opening(link.removeprefix(city.url))
    fits(guest)
    typed(guest, t("password.new"), PASSWORD)
    typed(guest, t("password.again"), PASSWORD)
    pressed(guest, t("join.submit"))
    expect(guest.get_by_role("status")).to_have_text(t("sign_in.joined"))
    fits(guest)
    typed(guest, t("sign_in.name"), name)
    typed(guest, t("password.password"), PASSWORD)
    pressed(guest, t("sign_in.title"))
    expect(guest.get_by_text(t("sign_in.signed", name=name, role=t("role.member")))).to_be_visible()
    # she claims an organisation
    guest.goto(f"{city.url}/id/{city.broker}")
    press_to(guest, guest.get_by_role("link", name=t("claim.go")))
    guest.keyboard.press("Enter")
    typed(guest, t("claim.note"), "tổng đài")
    pressed(guest, t("claim.speak"))
    expect(guest.get_by_role("status")).to_have_text(t("claim.done_claimed"))
    # the curator accepts
    curator.goto(f"{city.url}/claims")
    fits(curator)
    pressed(curator, t("claim.accept_of", name=BROKER))
    expect(curator.get_by_role("status")).to_have_text(t("claim.done_accepted"))
    # she proposes a correction
    guest.reload()
    box = guest.get_by_label(t("entity.property"))
    press_to(guest, box)
    for _ in range(40):
        if box.input_value() == "founded":
            break
        guest.keyboard.press("ArrowDown")
    typed(guest, t("claim.value"), year)
    fits(guest)
    pressed(guest, t("claim.propose"))
    expect(guest.get_by_role("status")).to_have_text(t("claim.done_proposed"))
    # the curator accepts, and it is shown with its source
    curator.goto(f"{city.url}/claims")
    label = ontology().label("founded", language)
    pressed(curator, t("claim.accept_of", name=f"{label} – {BROKER}"))
    expect(curator.get_by_role("status")).to_have_text(t("claim.done_accepted"))
    fits(curator)
    until_said(city, city.broker, "founded", year)
    guest.goto(f"{city.url}/id/{city.broker}")
    row = guest.locator("tr", has=guest.get_by_role("rowheader", name=label)).or_(guest.locator("tr", has_text=label))
    expect(row.first).to_contain_text(year)
    row.first.locator("a.source").click()
    expect(guest.get_by_role("main")).to_contain_text("curator/Lan")
    # and all of it stands in the log, which fits
    curator.goto(f"{city.url}/audit?proved=true")
    expect(curator.get_by_role("status")).to_be_visible()
    fits(curator)
    assert verify(city.home).broken is None
    done = {one.act for one in newest(city.home, 1_000, who=name)}
    assert done >= {"member.signed_in", "claim.made", "correction.proposed"}
