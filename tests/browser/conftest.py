"""A Chromium for the tests of pages. Without one they are skipped, which is said in the last lines, and where CI is set they fail."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]
FETCHED = ROOT / "build" / "chromium" / "chromium"
"""One that «make browser» unpacks where the machine has none."""
SCREENSHOTS = ROOT / "build" / "screenshots"
"""Where every page is kept as a picture."""
CHROMIUM = (
    shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
    or (str(FETCHED) if FETCHED.exists() else None)
)
NONE = "there is no Chromium on this machine; «make browser» gets one where it may"


# while one is open its loop of events runs, and no test after it could run one of its own: so it is closed with each module
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(f"{NONE}, and continuous integration needs it")
        pytest.skip(NONE)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        # the libraries that a fetched one brings along stand in for those that a bare system lacks
        libraries = {"LD_LIBRARY_PATH": str(FETCHED.parent / "lib")} if str(FETCHED) == CHROMIUM else {}
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments, env={**os.environ, **libraries})
        yield browser
        browser.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in the last lines whether the pages were seen by a browser, and where the pictures are."""
    if CHROMIUM is None:
        terminalreporter.write_line(f"NO BROWSER: {NONE}. The pages were not tested in one.")
    elif SCREENSHOTS.is_dir():
        terminalreporter.write_line(f"screenshots of the pages: {SCREENSHOTS.relative_to(ROOT)}")
