"""The desk in a real browser, by keyboard: from a pasted paragraph to a call, a dossier, a decline and an offer."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from api.catalogue import Words
from api.tokens import create_token
from graph.statements.home import Home
from ontology.schemes import schemes
from tests.bad_documents import pdf
from tests.browser.test_browser_every_page import AXE, axe
from tests.conftest import copied, free_port, sample, serve

pytestmark = pytest.mark.browser
SIZES = {"phone": (390, 844), "desktop": (1280, 800)}
PARAGRAPHS = {
    "vi": "Màng lọc nước lợ công suất nhỏ cho hộ nuôi trồng thủy sản. Thiết bị dùng màng nano để khử mặn và xử lý nước thải, "
    "đã thử nghiệm tại hai trang trại ở Nam Định. Chi phí vận hành thấp, lõi lọc thay mỗi năm một lần.",
    "en": "A small membrane unit for brackish water in aquaculture. It desalinates and treats wastewater with a nanofiltration "
    "membrane and was tried on two farms in Nam Dinh. It costs little to run; the cartridge is changed once a year.",
}
_MOST_STOPS = 400


def press_to(page: Page, target: Locator) -> None:
    """Reach something with the tab key alone."""
    expect(target).to_be_attached()
    for _ in range(_MOST_STOPS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not reach it")


def choose(page: Page, box: Locator) -> None:
    press_to(page, box)
    page.keyboard.press("Space")


@pytest.fixture(scope="module")
def desk_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample of its own: what is published at a desk is not for the other tests."""
    return copied(sample, tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def desk_url(desk_home: Path) -> Iterator[str]:
    port = free_port()
    process = serve(desk_home, port)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=60)


def settled(home: Path) -> None:
    """Wait until what was published or taken back before is what everybody reads."""
    for _ in range(300):
        published = json.loads((home / "publishes.jsonl").read_text(encoding="utf-8").splitlines()[-1])
        if published["last_load"] >= max(int(load.name) for load in Home(home).loads.iterdir() if load.name.isdigit()):
            return
        time.sleep(0.2)
    raise AssertionError("what was written is never published")


@pytest.fixture
def desk(browser: Browser, desk_url: str, desk_home: Path, request: pytest.FixtureRequest) -> Page:
    """The desk of a member who signed in."""
    settled(desk_home)
    size, language = request.param
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, locale=language)
    request.addfinalizer(context.close)
    page = context.new_page()
    secret = create_token(Home(desk_home), "member", f"moigioi-{size}-{language}")
    page.goto(f"{desk_url}/sign-in")
    page.locator("input[name=token]").fill(secret)
    page.keyboard.press("Enter")
    page.get_by_role("main").get_by_role("link", name=Words(language)("case.desk")).click()
    page.set_default_timeout(60_000)
    return page


@pytest.mark.parametrize(
    "desk",
    [
        ("phone", "vi"),
        ("desktop", "en"),
        pytest.param(("phone", "en"), marks=pytest.mark.long),
        pytest.param(("desktop", "vi"), marks=pytest.mark.long),
    ],
    indirect=True,
    ids=lambda one: "-".join(one),
)
def test_from_a_paragraph_to_an_offer_by_keyboard(desk: Page, record_property: Callable[[str, object], None]) -> None:
    page = desk
    language = page.locator("html").get_attribute("lang") or ""
    words = Words(language)  # type: ignore[arg-type]
    # paste
    press_to(page, page.get_by_label(words("case.paste")))
    page.keyboard.insert_text(PARAGRAPHS[language])
    press_to(page, page.get_by_role("button", name=words("case.open")))
    begun = time.perf_counter()
    page.keyboard.press("Enter")
    expect(page.locator("ol.calls > li").first).to_be_visible(timeout=30_000)
    waited = time.perf_counter() - begun
    record_property("seconds from paste to routes", round(waited, 2))
    # three seconds are asked for on a quiet machine; what is ten times as long is broken anywhere
    assert waited < 30
    rests = page.locator(".rests").first.inner_text()
    assert re.search(r"«.+»", rests)
    # correct one proposal
    classes = page.get_by_role("group", name=words("case.patent_classes"))
    first, second = classes.get_by_role("checkbox").nth(0), classes.get_by_role("checkbox").nth(1)
    expect(first).to_be_checked()
    chosen = second.get_attribute("value")
    choose(page, first)
    choose(page, second)
    press_to(page, page.get_by_label(words("case.party")))
    page.keyboard.insert_text("Công ty Bàn Thử Nghiệm")
    press_to(page, page.get_by_role("button", name=words("case.save")))
    page.keyboard.press("Enter")
    kept = page.get_by_role("group", name=words("case.patent_classes")).locator("input:checked")
    expect(kept).to_have_count(1)
    assert kept.get_attribute("value") == chosen
    # a dossier
    case = page.url
    press_to(page, page.get_by_role("link", name=words("dossier.title")).first)
    page.keyboard.press("Enter")
    for part in ("what", "why", "through", "gates", "open", "contacts", "attach"):
        expect(page.get_by_role("heading", name=words(f"dossier.{part}"), exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.goto(case)
    # a decline with its reason
    call = page.locator("ol.calls > li").first
    press_to(page, call.locator("select[name=reason]"))
    page.keyboard.press("ArrowDown")
    press_to(page, call.get_by_role("button", name=words("case.no"), exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    reason = schemes().label("scheme/decline-reason/1/price", language)
    expect(page.locator("ol.calls .chip", has_text=reason)).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert axe(page) == []
    # an offer
    press_to(page, page.get_by_role("button", name=words("case.publish")))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=words("case.take_back"))).to_be_visible()
    # and private again
    press_to(page, page.get_by_role("button", name=words("case.take_back")))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=words("case.publish"))).to_be_visible()
    page.get_by_role("main").get_by_role("link", name=words("case.desk")).click()
    expect(page.locator("dl.figures")).to_contain_text(reason)


@pytest.mark.parametrize("desk", [("phone", "vi"), ("desktop", "en")], indirect=True, ids=lambda one: "-".join(one))
def test_a_refused_document_says_why_in_the_language_of_the_page(desk: Page) -> None:
    page = desk
    words = Words(page.locator("html").get_attribute("lang") or "")  # type: ignore[arg-type]
    bad = pdf(catalogue="/OpenAction << /S /JavaScript /JS (1) >>")
    page.get_by_label(words("case.drop")).set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": bad}
    )
    page.get_by_role("button", name=words("case.open")).click()
    expect(page.get_by_role("alert")).to_have_text(words("refused.scripts"))
