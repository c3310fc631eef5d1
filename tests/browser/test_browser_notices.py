"""What is new, in a real browser: watched below an answer, counted in the navigation, read and stopped, in both languages."""

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from api.catalogue import Language, Words
from api.sessions import TOKEN_COOKIE
from api.tokens import create_token
from graph.answer.news import Fit, News, Place
from graph.statements.home import Home, today
from graph.statements.watches import Look, Watches
from tests.browser.test_browser_every_page import AXE, SIZES, axe, wide

pytestmark = pytest.mark.browser
ASKED = "/?q=loc+nuoc&trl=4"


def clean(page: Page) -> None:
    """Nothing serious that axe finds, and nothing wider than the screen."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert axe(page) == []
    assert wide(page) <= 0


def planted(home: Home, who: str, route: dict[str, dict[str, str]]) -> News:
    """A notice of a route of the sample, as if its need had come since."""
    watches = Watches(home)
    (watch,) = watches.of(who)
    place = Place(technology=route["technology"]["id"], firm=route["firm"]["id"])
    fit = Fit(
        new=(("firm", route["firm"]["id"]),),
        rank=1,
        place=place,
        through=route["intermediary"]["id"],
        instead=Place(technology=route["technology"]["id"]),
        reasons={"vi": "một lý do", "en": "one reason"},
    )
    news = News(fits=(fit,))
    look = Look(watch.publish + 1, watch.load, watch.first_ten, frozenset({route["firm"]["id"]}))
    assert watches.looked(watch, look, "0" * 32, today(), news.model_dump_json(exclude_none=True))
    return news


@pytest.mark.parametrize(("size", "language"), [("phone", "vi"), ("desktop", "en")])
def test_watched_told_read_and_stopped(
    browser: Browser, sample_home: Path, sample_url: str, sample_client: httpx.Client, size: str, language: Language
) -> None:
    home, who, words = Home(sample_home), f"theo-doi-{size}", Words(language)
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, locale=language)
    secret = create_token(home, "member", who)
    context.add_cookies([{"name": TOKEN_COOKIE, "value": secret, "url": sample_url}])
    page = context.new_page()
    page.goto(f"{sample_url}{ASKED}")
    page.get_by_role("button", name=words("notices.watch")).click()
    expect(page.get_by_role("status")).to_have_text(words("notices.told.watching"))
    expect(page.get_by_text(words("notices.no_smtp"))).to_be_visible()
    expect(page.locator("ul.watches > li")).to_contain_text("TRL")
    asked = {"text": "loc nuoc", "trl": "4", "language": language}
    (route, *_) = sample_client.get("/api/transfer", params=asked).json()["routes"]
    planted(home, who, route)
    page.goto(f"{sample_url}/notices")
    navigation = page.get_by_role("navigation", name=words("nav.main"))
    expect(navigation.locator(".count")).to_have_text("1")
    told = page.locator("ol.notices > li")
    expect(told).to_have_count(1)
    for said in (route["firm"]["name"], words("notices.rank", rank=1), route["technology"]["name"]):
        expect(told).to_contain_text(said)
    expect(told).to_contain_text(words("notices.because", reason="one reason" if language == "en" else "một lý do"))
    clean(page)
    # the answer that it speaks of, today's and that of the day
    hrefs = [link.get_attribute("href") or "" for link in told.get_by_role("link").all()]
    assert any(href.startswith("/?q=loc+nuoc") and "as_of" in href for href in hrefs)
    told.get_by_role("link").first.click()
    expect(page.locator("h2").first).to_be_visible()
    page.go_back()
    page.get_by_role("button", name=words("notices.read")).click()
    expect(page.get_by_role("status")).to_have_text(words("notices.told.read"))
    expect(navigation.locator(".count")).to_have_count(0)
    # the page that the link of a mail opens
    (watch,) = Watches(home).of(who)
    page.goto(f"{sample_url}/notices/stop/{Watches(home).token('stop', watch.id)}")
    clean(page)
    assert [one.id for one in Watches(home).of(who)] == [watch.id]
    page.get_by_role("main").get_by_role("button", name=words("notices.link.stop")).click()
    expect(page.get_by_role("status")).to_have_text(words("notices.link.stop_done"))
    page.goto(f"{sample_url}/notices")
    expect(page.locator("ul.watches > li")).to_have_count(0)
    context.close()
