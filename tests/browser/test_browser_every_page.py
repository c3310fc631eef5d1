"""Every page of the service in a browser: no barrier that axe calls serious, nothing too large or too slow, readable without script,
on a phone nothing cut or too small to touch, no words of the other language, no foreign host; and a picture of each, in both languages, for
phone and desktop, light and dark."""

import gzip
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Response
from playwright.sync_api import Page as Tab

from api.catalogue import LANGUAGES, Language, catalogue
from api.sessions import TOKEN_COOKIE
from api.tokens import create_token
from graph.statements.home import Home
from tests.browser.conftest import ROOT, SCREENSHOTS
from tests.browser.pages import Page, pages

pytestmark = pytest.mark.browser
PHONE = Path(__file__).with_name("phone.js")
"""What is cut or too small on a phone, as a function for the page."""
AXE = ROOT / "api" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"phone": (390, 844), "desktop": (1280, 800)}
DARK_ON = {"vi": "phone", "en": "desktop"}
LARGEST = 300_000
"""Bytes of a page or of data as they are, and of a script compressed."""
FIRST_PAINT = 1_000
"""Milliseconds to the first contentful paint that are asked for on a quiet machine; pages over it are printed."""
SLOW_ANYWHERE = 3_000
"""What no machine with other work makes of it."""
TALLEST = 2_000
"""Units of height of a picture at most."""
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def token(sample_home: Path) -> str:
    return create_token(Home(sample_home), "curator", "browser")


@pytest.fixture(scope="module")
def every_page(sample_client: httpx.Client, token: str, tmp_path_factory: pytest.TempPathFactory) -> list[Page]:
    kept = sample_client.post("/api/snapshots", headers={"authorization": f"Bearer {token}"}, json={})
    assert kept.status_code in (200, 201), kept.text
    found = pages(sample_client, tmp_path_factory.mktemp("routes"), token)
    assert len(found) > 30
    return found


@pytest.fixture(scope="module")
def pictures() -> Path:
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    SCREENSHOTS.mkdir(parents=True)
    return SCREENSHOTS


@dataclass
class Seen:
    """What a tab saw while it showed pages."""

    responses: list[Response] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def follow(self, tab: Tab) -> None:
        tab.on("response", lambda response: self.responses.append(response))
        tab.on("console", lambda message: self.said.append(message.text) if message.type == "error" else None)
        tab.on("pageerror", lambda error: self.said.append(str(error)))


def context(browser: Browser, url: str, token: str | None, language: str, script: bool = True) -> BrowserContext:
    width, height = SIZES["desktop"]
    opened = browser.new_context(
        viewport={"width": width, "height": height}, locale=language, java_script_enabled=script, color_scheme="light"
    )
    if token:
        opened.add_cookies([{"name": TOKEN_COOKIE, "value": token, "url": url}])
    return opened


@pytest.fixture(scope="module", params=["vi", pytest.param("en", marks=pytest.mark.long)])
def tabs(
    request: pytest.FixtureRequest, browser: Browser, sample_url: str, token: str
) -> Iterator[tuple[str, Tab, Tab]]:
    """A tab of nobody and one of a curator, in a language."""
    contexts = [context(browser, sample_url, who, request.param) for who in (None, token)]
    yield (request.param, *(opened.new_page() for opened in contexts))
    for opened in contexts:
        opened.close()


def axe(tab: Tab, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe finds that is serious or critical, each with the first element that it is about."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found = tab.evaluate("options => axe.run(document, options)", options)["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]} ({len(one['nodes'])})"
        for one in found
        if one["impact"] in SERIOUS
    ]


def shoot(tab: Tab, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    width, height = tab.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollHeight]")
    tab.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": min(height, TALLEST)})


def wide(tab: Tab) -> int:
    """How much a page is wider than the screen, once pictures have followed it."""
    over = 0
    for _ in range(20):
        over = int(tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
        if over <= 0:
            break
        tab.wait_for_timeout(50)
    return over


def settled(tab: Tab, page: Page) -> None:
    """Wait for what script adds."""
    tab.wait_for_load_state("load")
    if page.path.startswith("/workbench"):
        tab.locator(".cm-editor").first.wait_for()


def test_every_page_can_be_used_by_everybody(
    tabs: tuple[str, Tab, Tab], sample_url: str, every_page: list[Page], pictures: Path
) -> None:
    """On a phone and a desktop, light and dark: axe, and nothing wider than the screen. Each is kept as a picture."""
    assert AXE.exists(), "make setup installs axe with the front end"
    language, nobody, curator = tabs
    source, found = AXE.read_text(encoding="utf-8"), []
    for page in every_page:
        tab = curator if page.signed_in else nobody
        tab.emulate_media(color_scheme="light")
        tab.goto(sample_url + page.path)
        settled(tab, page)
        tab.evaluate(source)
        for size, (width, height) in SIZES.items():
            tab.set_viewport_size({"width": width, "height": height})
            # dark differs from light in contrast alone, which no width changes: it is looked at on one of the two
            for scheme in ("light", "dark") if size == DARK_ON[language] else ("light",):
                tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                # what a phone's width does is the same in either language
                if (size, language) != ("phone", "en"):
                    barriers = axe(tab, ("color-contrast",) if scheme == "dark" else ())
                    found += [(page.name, size, scheme, barrier) for barrier in barriers]
                shoot(tab, pictures / f"{language}-{size}-{scheme}" / f"{page.name}.png")
            tab.emulate_media(color_scheme="light")
            found += [(page.name, size, "too wide", over) for over in [wide(tab)] if over > 0]
    assert found == []


def first_paint(tab: Tab) -> float:
    """Milliseconds to the first contentful paint, which is told some moments after it."""
    told = "performance.getEntriesByName('first-contentful-paint')"
    # to wait for it in the page would evaluate text, which the policy of the pages forbids
    for _ in range(200):
        if tab.evaluate(f"{told}.length"):
            break
        tab.wait_for_timeout(50)
    return float(tab.evaluate(f"{told}[0].startTime"))


def sizes(responses: list[Response], url: str) -> Iterator[tuple[str, int]]:
    """Bytes of what was sent, of scripts and sheets compressed."""
    for response in responses:
        body = response.body()
        packed = response.request.resource_type in ("script", "stylesheet")
        yield response.url.removeprefix(url), len(gzip.compress(body, 9)) if packed else len(body)


def test_every_page_is_light_quick_and_asks_nobody_else(
    browser: Browser, sample_url: str, token: str, every_page: list[Page]
) -> None:
    """Sizes of what a page loads, its first paint, the hosts that it asks, and what the policy or a script complained of."""
    slow, large, hosts, said = [], [], set(), []
    over: list[tuple[str, float]] = []
    for page in every_page:
        opened = context(browser, sample_url, token if page.signed_in else None, "vi")
        tab, seen = opened.new_page(), Seen()
        seen.follow(tab)
        paints = []
        # a machine that does something else for a moment is no slow page
        while not paints or (paints[-1] >= FIRST_PAINT and len(paints) < 4):
            tab.goto(sample_url + page.path)
            settled(tab, page)
            paints.append(first_paint(tab))
            if len(paints) == 1:
                # what was sent is forgotten with the next visit
                large += [(page.name, *one) for one in sizes(seen.responses, sample_url) if one[1] > LARGEST]
        over += [(page.name, min(paints))] if min(paints) >= FIRST_PAINT else []
        slow += [(page.name, min(paints))] if min(paints) >= SLOW_ANYWHERE else []
        hosts |= {response.url.split("/")[2] for response in seen.responses}
        # a page of an error is an error to the console
        said += [(page.name, text) for text in seen.said if page.name != "error"]
        opened.close()
    print(f"over {FIRST_PAINT} ms:", over)  # noqa: T201
    assert slow == []
    assert large == []
    assert said == []
    assert hosts == {sample_url.split("/")[2]}


def test_every_page_can_be_read_without_script(
    browser: Browser, sample_url: str, token: str, every_page: list[Page]
) -> None:
    """One heading, words below it, and nothing that only script would show."""
    poor = []
    for signed_in in (False, True):
        opened = context(browser, sample_url, token if signed_in else None, "vi", script=False)
        tab = opened.new_page()
        for page in every_page:
            if page.signed_in is signed_in:
                tab.goto(sample_url + page.path)
                words = tab.locator("main").inner_text().split()
                if tab.locator("main h1").count() != 1 or len(words) < 8:
                    poor.append((page.name, tab.locator("main h1").count(), len(words)))
        opened.close()
    assert poor == []


_TEXTS = """() => {
  const own = document.documentElement.lang, found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const around = walk.currentNode.parentElement;
    if (!around.closest("script, style, code, pre") && around.closest("[lang]").lang === own) found.add(walk.currentNode.textContent.trim());
  }
  return [...found];
}"""
"""The texts of a page that are neither code nor marked as being of another language."""
_SHORT = 3
"""Letters up to which a word may be one of either language."""


def only_in(language: Language) -> set[str]:
    """What the catalogue says in a language alone."""
    others = {said[other] for said in catalogue().values() for other in LANGUAGES if other != language}
    return {said[language] for said in catalogue().values() if len(said[language]) > _SHORT} - others


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_can_be_read_and_touched_on_a_phone_in_its_language(
    browser: Browser, sample_url: str, token: str, every_page: list[Page], language: Language
) -> None:
    """No text is cut, what is pressed is as high as a finger is wide, nothing is wider than the phone, and no words are of the other language."""
    other = only_in("en" if language == "vi" else "vi")
    look, width, height = PHONE.read_text(encoding="utf-8"), *SIZES["phone"]
    found: list[tuple[str, object]] = []
    for signed_in in (False, True):
        opened = context(browser, sample_url, token if signed_in else None, language)
        tab = opened.new_page()
        tab.set_viewport_size({"width": width, "height": height})
        for page in every_page:
            if page.signed_in is signed_in:
                tab.goto(sample_url + page.path)
                settled(tab, page)
                found += [(page.name, text) for text in tab.evaluate(look, 5)]
                found += [(page.name, text) for text in sorted(other.intersection(tab.evaluate(_TEXTS)))]
                found += [(page.name, over) for over in [wide(tab)] if over > 0]
        opened.close()
    assert found == []
