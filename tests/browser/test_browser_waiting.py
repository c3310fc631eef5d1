"""What takes long says at once that it is being computed, and then shows itself: with script and without, while the property graph stands still."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api.catalogue import Words
from graph.questions.named import analyses
from graph.views.neo4j_record import ServerFile
from tests.browser.test_browser_every_page import AXE, SLOW_ANYWHERE, Seen, axe, context, first_paint, wide

pytestmark = [pytest.mark.browser, pytest.mark.neo4j]
LATER = 60_000
"""Milliseconds in which a page has to become what was asked for."""


@contextmanager
def standing_still(home: Path) -> Iterator[None]:
    """The property graph of a home does nothing: whatever asks it takes as long as this."""
    server = ServerFile(home / "neo4j" / "server.json").read()
    assert server is not None and server.pid
    os.kill(server.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server.pid, signal.SIGCONT)


@pytest.mark.parametrize(
    ("language", "script", "since"), [("vi", True, "2001"), ("en", True, "2002"), ("vi", False, "2003")]
)
def test_a_slow_page_says_so_at_once_and_then_shows_itself(
    browser: Browser, sample_home: Path, sample_url: str, language: str, script: bool, since: str
) -> None:
    words, asked = Words("en" if language == "en" else "vi"), analyses()["communities"]
    opened = context(browser, sample_url, None, language, script)
    tab, seen = opened.new_page(), Seen()
    seen.follow(tab)
    # a day that no other test asks for: nobody has computed it yet
    address = f"{sample_url}/analysis/communities?since={since}-02-03"
    with standing_still(sample_home):
        answer = tab.goto(address)
        assert answer is not None and (answer.status, answer.headers["retry-after"]) == (202, "2")
        assert answer.headers["cache-control"] == "no-store"
        if script:
            assert first_paint(tab) < SLOW_ANYWHERE
        status = tab.get_by_role("status")
        expect(tab.locator("main h1")).to_have_text(asked.title.said(language))
        expect(status).to_contain_text(words("preparing.began"))
        # it goes on to say so, and since when
        expect(status).to_contain_text(words("preparing.since", seconds=5), timeout=LATER)
        if script:
            tab.evaluate(AXE.read_text(encoding="utf-8"))
            for scheme in ("light", "dark"):
                tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                assert axe(tab) == []
            tab.set_viewport_size({"width": 390, "height": 844})
            assert wide(tab) <= 0
    expect(tab.locator("table.result")).to_be_visible(timeout=LATER)
    assert tab.url == address
    assert seen.said == []
    opened.close()


def test_data_is_waited_for_or_asked_for_again(browser: Browser, sample_home: Path, sample_url: str) -> None:
    import httpx

    address = f"{sample_url}/api/analysis/communities?since=2004-02-03"
    with standing_still(sample_home):
        soon = httpx.get(address, headers={"prefer": "respond-async"})
        assert (soon.status_code, soon.headers["content-type"]) == (503, "application/problem+json")
        assert int(soon.headers["retry-after"]) > 0
        assert "Who works with each other?" in soon.json()["detail"]
    assert httpx.get(address, timeout=60).json()["rows"]
