"""The pages in a real browser: they can be read without script, fit phone and desktop, and ask no foreign host."""

import pytest
from playwright.sync_api import Browser, Page, expect

from api.catalogue import Words

pytestmark = pytest.mark.browser
SIZES = {"phone": (390, 844), "desktop": (1280, 800), "wide": (2200, 1200)}
ASKED = "/?q=xử lý nước thải"
PATHS = ("/", ASKED, "/search?q=hoc", "/ontology", "/sign-in", "/nowhere")


def _page(browser: Browser, size: str, script: bool = False, language: str = "vi", scheme: str = "light") -> Page:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        java_script_enabled=script,
        locale=language,
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    return context.new_page()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_asking_and_following_a_source_without_script(
    browser: Browser, sample_url: str, size: str, language: str
) -> None:
    words = Words(language)  # type: ignore[arg-type]
    page = _page(browser, size, language=language)
    page.goto(sample_url)
    page.get_by_label(words("ask.label")).fill("xử lý nước thải")
    page.get_by_role("button", name=words("ask.submit")).click()
    card = page.locator("article.route").first
    expect(card).to_be_visible()
    expect(page.locator("svg.routes-network")).to_be_visible()
    card.get_by_role("link", name=words("route.evidence")).click()
    page.locator("ol.hops a.source").first.click()
    expect(page.get_by_role("heading", name=words("record.said"))).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_narrowing_and_comparing_without_script(browser: Browser, sample_url: str, size: str, language: str) -> None:
    words = Words(language)  # type: ignore[arg-type]
    page = _page(browser, size, language=language)
    page.goto(sample_url + ASKED)
    page.locator("summary", has_text=words("filter.title")).click()
    page.get_by_label(words("filter.region")).select_option("VN-HN")
    page.get_by_role("button", name=words("ask.submit")).click()
    expect(page.locator(".filtered")).to_have_count(1)
    boxes = page.locator("input[name=route]")
    keys = [boxes.nth(at).get_attribute("value") for at in (0, 2)]
    for at in (0, 2):
        boxes.nth(at).check()
    page.get_by_role("button", name=words("beside.submit")).click()
    expect(page.locator("table.comparison thead th")).to_have_count(2)
    assert all(key in page.url for key in keys if key)
    page.locator("table.comparison a.drop").first.click()
    expect(page.locator("table.comparison thead th")).to_have_count(1)
    page.context.close()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_researcher_comes_from_the_navigation_to_rows_and_a_file(
    browser: Browser, sample_url: str, size: str, language: str
) -> None:
    words = Words(language)  # type: ignore[arg-type]
    page = _page(browser, size, language=language)
    page.goto(sample_url)
    page.locator("summary", has_text=words("nav.research")).click()
    page.get_by_role("link", name=words("nav.questions"), exact=True).click()
    page.locator("a[href^='/questions/firms_in_park']").click()
    expect(page.locator("table tbody tr").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="csv").first.click()
    assert download.value.suggested_filename.startswith("firms_in_park")
    page.context.close()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_searching_without_diacritics_leads_to_an_entity(
    browser: Browser, sample_url: str, size: str, language: str
) -> None:
    words = Words(language)  # type: ignore[arg-type]
    page = _page(browser, size, language=language)
    page.goto(f"{sample_url}/search")
    page.get_by_role("searchbox").fill("dai hoc")
    page.get_by_role("button", name=words("search.submit")).click()
    page.locator("ol.hits a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name=words("entity.facts"))).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_their_screen_and_break_no_policy(browser: Browser, sample_url: str, size: str, scheme: str) -> None:
    page = _page(browser, size, script=True, scheme=scheme)
    said: list[str] = []
    hosts: set[str] = set()
    page.on("console", lambda message: said.append(message.text) if "Content Security Policy" in message.text else None)
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    for path in (*PATHS, "/docs"):
        page.goto(sample_url + path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
    assert said == []
    assert hosts == {sample_url.split("/")[2]}
    page.context.close()


def test_text_of_the_picture_stays_in_its_box(browser: Browser, sample_url: str) -> None:
    for size in ("phone", "desktop"):
        page = _page(browser, size, script=True)
        page.goto(sample_url + ASKED)
        page.locator("a.why").first.click()
        page.locator("svg.route-picture").first.wait_for(state="attached")
        over = page.evaluate(
            """() => [...document.querySelectorAll("g.stop")].filter(g => g.getClientRects().length).map(g => {
                const box = g.querySelector("rect").getBBox();
                const texts = [...g.querySelectorAll("text")].map(t => t.getBBox());
                return Math.max(...texts.map(t => t.x + t.width)) - box.x - box.width;
            })"""
        )
        assert over
        assert max(over) <= 1
        page.context.close()


def test_the_keyboard_reaches_the_content(browser: Browser, sample_url: str) -> None:
    page = _page(browser, "desktop", script=True)
    page.goto(sample_url)
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.textContent")
    assert focused == Words("vi")("app.skip")
    page.keyboard.press("Enter")
    page.wait_for_url("**/*#main")
    page.context.close()
