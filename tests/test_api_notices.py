"""Told when something fits: once, whoever looks and however often it is loaded; by mail after a confirmed link; stopped by one click."""

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.catalogue import Language, Words
from api.intake import build
from api.noticing import Noticing, Round
from api.serving import LiveSource
from api.settings import Settings
from api.tokens import Role
from graph.statements.home import Home
from graph.statements.loads import find_load, withdraw
from graph.statements.watches import Watches
from graph.views.engine import Engine
from ontology.statement import ABOUT, mention_id
from tests.conftest import free_port, ketnoi, serve
from tests.desk import FIRM, TEXT, bearer, form_token, load, signed_in, small_city, token
from tests.mailbox import Mailbox

pytestmark = pytest.mark.neo4j

CASE = {"title": "Màng lọc nước lợ bíẩnzz", "text": TEXT, "fields": ["2.7"], "patent_classes": ["C02F"], "level": "7"}
"""A private case; its title must reach nobody else."""
SECRET = "bíẩnzz"
SEARCH = {"technology": "CN-1"}


def need(number: int, firm: str = "Công ty Đo Thử Nghiệm") -> dict[str, str]:
    name = f"Cần màng lọc nước lợ để xử lý nước thải số {number}"
    return {"Mã nhu cầu": f"NC-{number}", "Tên nhu cầu": name, "Doanh nghiệp": firm, "Mã lĩnh vực": "2.7"}


def plant(home: Path, *rows: dict[str, str]) -> None:
    load(home, "technology-needs", "enterprise", list(rows))
    # as «ketnoi build» does, without another process
    build(home, None)


class City:
    """A small city with a service that mails, and who uses it."""

    def __init__(self, home: Path, mailbox: Mailbox) -> None:
        self.home, self.mailbox = home, mailbox
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = mailbox.settings(self.url)
        self.process: subprocess.Popen[bytes] | None = None
        self.browsers: list[httpx.Client] = []

    def start(self) -> None:
        with pytest.MonkeyPatch.context() as environment:
            for name, value in self.environment.items():
                environment.setenv(name, value)
            self.process = serve(self.home, self.port)

    def browser(self, role: Role, who: str) -> httpx.Client:
        """Somebody new who is signed in."""
        self.browsers.append(signed_in(self.url, token(self.home, role, who)))
        return self.browsers[-1]

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=60)

    def notify(self) -> dict[str, Any]:
        done = ketnoi(self.home, "notify", "--json", check=False, **self.environment)
        return {"status": done.returncode, "error": done.stderr, **json.loads(done.stdout)}

    def go_round(self) -> Round:
        """What «ketnoi notify» does, without another process."""
        home = Home(self.home)
        engine = Engine(home)
        try:
            told = {name.removeprefix("KETNOI_").lower(): value for name, value in self.environment.items()}
            return Noticing(
                home, LiveSource(home, engine), Settings.model_validate(told | {"home": self.home})
            ).go_round(True)
        finally:
            engine.close()

    def notices(self, who: str) -> int:
        return len(Watches(Home(self.home)).notices(who))


def until(found: Callable[[], Any], seconds: float = 120) -> Any:
    """What is found, once there is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if one := found():
            return one
        time.sleep(0.1)
    raise AssertionError("it never came")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    home = tmp_path_factory.mktemp("notices")
    small_city(home)
    with Mailbox() as mailbox:
        city = City(home, mailbox)
        city.start()
        yield city
        for browser in city.browsers:
            browser.close()
        city.stop()


def watching(city: City, who: str, **what: str) -> tuple[httpx.Client, str]:
    """A member who watches something, as her browser, and the id of the watch."""
    browser = city.browser("member", who)
    page = browser.get("/sign-in")  # it holds a form always
    done = browser.post("/notices", data={"action": "watch", "form_token": form_token(page.text), **what})
    assert done.status_code == 200, done.text
    (watch,) = Watches(Home(city.home)).of(who)
    return browser, watch.id


def act(browser: httpx.Client, action: str, **more: str) -> httpx.Response:
    page = browser.get("/sign-in")  # it holds a form always
    return browser.post("/notices", data={"action": action, "form_token": form_token(page.text), **more})


def mails_to(city: City, address: str) -> list[EmailMessage]:
    return [message for to, message in city.mailbox.given if to == address]


def text_of(message: EmailMessage) -> str:
    return str(message.get_content())


def confirmed(city: City, browser: httpx.Client, watch: str, address: str, language: Language) -> None:
    """Ask for mails and follow the link of the first one."""
    browser.get("/notices", params={"lang": language})
    before = len(mails_to(city, address))
    assert act(browser, "mail", watch=watch, address=address).status_code == 200
    message = until(lambda: mails_to(city, address)[before:])[0]
    words = Words(language)
    assert message["Subject"] == words("notices.mail.confirm_subject")
    assert SECRET not in text_of(message)
    (link,) = re.findall(r"http\S+/notices/confirm/\S+", text_of(message))
    # who only looks a link up confirms nothing
    for _ in range(2):
        assert httpx.get(link).status_code == 200
    assert words("notices.unconfirmed", address=address) in browser.get("/notices").text
    assert httpx.post(link).status_code == 200
    assert words("notices.mailed_to", address=address) in browser.get("/notices").text


def test_a_planted_need_is_told_once_and_mailed_once_and_one_click_stops_it(city: City) -> None:
    secret = token(city.home, "member", "lan")
    with bearer(city.url, secret) as client:
        case = client.post("/api/cases", json=CASE).json()["id"]
    browser, watch = watching(city, "lan", case=case)
    address = "lan@thunghiem.example"
    confirmed(city, browser, watch, address, "en")
    words = Words("en")
    assert words("notices.none") in browser.get("/notices").text
    # what a publish of anything else brings is no news
    load(city.home, "technologies", "university", [{"Mã công nghệ": "CN-9", "Tên công nghệ": "Bê tông nhẹ Thử Nghiệm"}])
    plant(city.home, need(2))
    until(lambda: city.notices("lan"))
    page = browser.get("/notices").text
    assert page.count(words("notices.kind.need")) == 1
    assert need(2)["Tên nhu cầu"] in page
    assert "Bê tông nhẹ" not in page
    assert words("notices.kind.firm") not in page, "the firm was on record"
    assert re.search(r'class="count"[^>]*>1<', page), "the navigation counts it"
    (message,) = until(lambda: mails_to(city, address)[1:])
    said = text_of(message)
    assert message["Subject"] == words("notices.mail.subject", count=1)
    assert need(2)["Tên nhu cầu"] in said and CASE["title"] in said
    route = httpx.get(f"{city.url}/api/transfer", params={"case": case}, headers={"authorization": f"Bearer {secret}"})
    ranks = [
        one["rank"] for one in route.json()["routes"] if one["need"] and one["need"]["name"] == need(2)["Tên nhu cầu"]
    ]
    assert words("notices.rank", rank=ranks[0]) in said
    assert f"{city.url}/cases/{case}" in said
    assert CASE["text"] not in said
    # the same data again, a restart, and a service beside a command: nothing
    plant(city.home, need(2))
    city.stop()
    city.start()
    done = city.notify()
    assert (done["status"], done["notices"], done["sent"], done["mail"]) == (0, 0, 0, True)
    assert (city.notices("lan"), len(mails_to(city, address))) == (1, 2)
    # seen
    act(browser, "read", newest=re.findall(r'name="newest" value="(\d+)"', page)[0])
    assert 'class="count"' not in browser.get("/notices").text
    # to look the link up changes nothing, one click without any cookie stops it
    link = message["List-Unsubscribe"].strip("<>")
    assert link in said and link.startswith(city.url)
    asked = httpx.get(link)
    assert (asked.status_code, SECRET in asked.text) == (200, False)
    assert [one.id for one in Watches(Home(city.home)).of("lan")] == [watch]
    assert httpx.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Watches(Home(city.home)).of("lan") == []
    assert httpx.post(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 404


def test_two_services_tell_a_new_firm_and_its_need_once_and_a_failed_mail_is_shown_and_sent_later(city: City) -> None:
    browser, watch = watching(city, "minh", **SEARCH)
    address = "minh@thunghiem.example"
    confirmed(city, browser, watch, address, "vi")
    words = Words("vi")
    stopped, one = watching(city, "hoa", **SEARCH)
    act(stopped, "stop", watch=one)
    city.mailbox.fault = "busy"
    firm = "Công ty Mới Tinh Thử Nghiệm"
    load(city.home, "firms", "enterprise", [{"Mã doanh nghiệp": "77", "Tên doanh nghiệp": firm}])
    load(city.home, "technology-needs", "enterprise", [need(4, firm)])
    build(city.home, None)
    # the service goes round beside them
    with ThreadPoolExecutor(2) as beside:
        done = [one.result() for one in [beside.submit(city.go_round) for _ in range(2)]]
    until(lambda: city.notices("minh"))
    assert (city.notices("minh"), city.notices("hoa")) == (1, 0)
    assert sum(one.notices for one in done) <= 1
    page = browser.get("/notices").text
    assert [page.count(words(f"notices.kind.{kind}")) for kind in ("need", "firm", "technology", "expert")] == [
        1,
        1,
        0,
        0,
    ]
    # the server is busy: shown, tried again, a status other than 0, and nothing is lost
    until(lambda: "451" in browser.get("/notices").text)
    refused = city.notify()
    assert (refused["status"], refused["failed"], refused["waiting"]) == (1, 1, 1)
    assert address not in refused["error"]
    assert words("notices.mailed.waiting") in browser.get("/notices").text
    city.mailbox.fault = ""
    assert city.go_round().sent == 1
    (message,) = mails_to(city, address)[1:]
    assert message["Subject"] == words("notices.mail.subject", count=2)
    assert firm in text_of(message) and "technology=CN-1" in text_of(message)
    assert words("notices.mailed.sent") in browser.get("/notices").text
    assert (city.go_round().sent, len(mails_to(city, address))) == (0, 2)
    # nobody else is told of it, nor of what others watch
    other = city.browser("curator", "phutrach")
    assert words("notices.none") in other.get("/notices", params={"lang": "vi"}).text
    assert act(other, "stop", watch=watch).status_code == 404
    log = (city.home / "serve.log").read_text(encoding="utf-8")
    assert SECRET not in log and address not in log


def test_what_is_withdrawn_and_loaded_again_renamed_or_linked_is_no_news(city: City) -> None:
    load(city.home, "technology-needs", "enterprise", [need(1)])
    build(city.home, None)
    browser, _ = watching(city, "an", **SEARCH)
    words = Words("vi")
    # one need is renamed, a firm is listed by another office too, and one need is new
    renamed = {**need(1), "Tên nhu cầu": "Tìm màng lọc nước lợ để xử lý nước thải, tên khác"}
    load(city.home, "firms", "enterprise", [{"Mã doanh nghiệp": "1", "Tên doanh nghiệp": FIRM}], "elsewhere")
    load(city.home, "technology-needs", "enterprise", [renamed, need(5)])
    build(city.home, None)
    linked = httpx.get(f"{city.url}/id/{mention_id('elsewhere/firms', '1', ABOUT)}")
    assert linked.status_code == 308, "the firm of the other office is the one that was known"
    assert city.go_round().no_answer == 0
    page = browser.get("/notices", params={"lang": "vi"}).text
    assert [page.count(words(f"notices.kind.{kind}")) for kind in ("need", "firm", "technology", "expert")] == [
        1,
        0,
        0,
        0,
    ]
    assert need(5)["Tên nhu cầu"] in page
    numbers = [path.name for path in Home(city.home).loads.iterdir() if path.name.isdigit()]
    brought = max(one for one in numbers if find_load(Home(city.home), one).source == "test/technology-needs")
    withdraw(Home(city.home), brought)
    plant(city.home, renamed, need(5))
    assert city.go_round().no_answer == 0
    assert city.notices("an") == 1


def test_what_can_not_be_watched_is_refused(city: City) -> None:
    browser = city.browser("member", "binh")
    for what, status in (({}, 422), ({"technology": "CN-404"}, 422), ({"case": "nothing"}, 404), ({"trl": "4"}, 422)):
        assert act(browser, "watch", **what).status_code == status, what
    sent = {"action": "watch", "technology": "CN-1", "form_token": "no"}
    assert browser.post("/notices", data=sent).status_code == 403
    assert httpx.get(f"{city.url}/notices").status_code == 403
    assert Words("vi")("notices.no_smtp") not in browser.get("/notices", params={"lang": "vi"}).text
