"""Pages: first contentful paint in a browser, size, and the server's time, page by page; of those that are computed first, how long that takes.

On a synthetic ecosystem of 100,000 organisations, all of it made up, or on any home (``--home``), such as the sample. Not a timed test:
figures are printed, nothing is asserted. ``python -m tests.benchmarks.pages [--organisations N] [--keep DIR] [--home DIR] [--only WORD]
[--settle SECONDS]``.
"""

import argparse
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import numpy as np
from playwright.sync_api import Browser, Error, sync_playwright

from api.sessions import TOKEN_COOKIE
from api.tokens import create_token
from graph.statements.home import Home
from graph.views.engine import Engine
from graph.views.publishing import publish
from tests.benchmarks.synthetic_ecosystem import Size, node, write_ecosystem
from tests.browser.conftest import CHROMIUM
from tests.browser.pages import TECHNOLOGY, TEXT, addresses, asked, examples
from tests.browser.test_browser_every_page import FIRST_PAINT, LARGEST, first_paint
from tests.conftest import free_port, serve

TURNS, PAINTS = 30, 3
LONGEST = 20.0
"""Seconds that are spent on asking for one page again."""


def server(client: httpx.Client, path: str, headers: dict[str, str]) -> tuple[list[float], httpx.Response]:
    """Seconds that the server took for a page, asked again and again, and its answer; the first one is not counted."""
    answer = asked(client, path, headers)
    taken: list[float] = []
    while len(taken) < TURNS and (len(taken) < 2 or sum(taken) < LONGEST):
        began = time.perf_counter()
        answer = client.get(path, headers={"accept": "text/html", **headers})
        taken.append(time.perf_counter() - began)
    return taken, answer


@dataclass(frozen=True, slots=True)
class Painted:
    """Visits by a browser: milliseconds to the first contentful paint of the first one, and the least of a few to the page itself.

    ``stood_in`` are the seconds for which the page said that it is being computed; none where it did not.
    """

    first: float
    page: float
    stood_in: float | None


def painted(browser: Browser, url: str, path: str, token: str) -> Painted | None:
    """A page visited as nobody has before, and some more times; none where nothing is painted."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="vi")
    context.add_cookies([{"name": TOKEN_COOKIE, "value": token, "url": url}])
    tab = context.new_page()
    try:
        began = time.perf_counter()
        tab.goto(url + path, timeout=120_000)
        first, waited = first_paint(tab), None
        if tab.locator("[data-waiting]").count():
            tab.locator("[data-waiting]").wait_for(state="detached", timeout=600_000)
            waited = time.perf_counter() - began
        found = []
        for _ in range(PAINTS):
            tab.goto(url + path, timeout=120_000)
            found.append(first_paint(tab))
    except (Error, IndexError):
        return None
    finally:
        context.close()
    return Painted(first, min(found), waited)


def known(client: httpx.Client, size: Size | None) -> dict[str, list[str]]:
    """What is asked for: of the sample, or of a technology of the synthetic ecosystem with words of its own name."""
    if size is None:
        return examples(client, TECHNOLOGY, TEXT)
    technology = node("technology", size.technologies // 2)
    name = client.get(f"/api/entities/{technology}").json()["name"]
    return examples(client, technology, " ".join(name.split()[:3]))


def synthetic_addresses(home: Path, asked: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Pages of a home that has no persons: a name and an address each."""
    return addresses(home, {"/own-data/{secret}": [], **asked})


def measure(home: Path, size: Size | None, only: str = "", settle: float = 0.0) -> None:
    """Serve a home and print a line a page.

    :param settle: seconds after the start of the service until pages are visited
    """
    port = free_port()
    process = serve(home, port)
    time.sleep(settle)
    url, token = f"http://127.0.0.1:{port}", create_token(Home(home), "curator", "benchmark")
    try:
        with httpx.Client(base_url=url, timeout=600) as client, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            headers = {"cookie": f"{TOKEN_COOKIE}={token}"}
            for name, path in synthetic_addresses(home, known(client, size)):
                if only in name:
                    paint = painted(browser, url, path, token)
                    taken, answer = server(client, path, headers)
                    if answer.headers.get("content-type", "").startswith("text/html"):
                        _line(name, answer, taken, paint)
            browser.close()
    finally:
        process.terminate()
        process.wait(timeout=120)


def _line(name: str, answer: httpx.Response, taken: list[float], paint: Painted | None) -> None:
    milliseconds = np.array(taken) * 1000
    size = len(answer.content)
    marks = [
        word
        for word, wrong in (
            (f"status {answer.status_code}", answer.status_code >= 400),
            ("SLOW", paint is None or max(paint.first, paint.page) >= FIRST_PAINT),
            ("HEAVY", size > LARGEST),
        )
        if wrong
    ]
    shown = f"{paint.first:7.0f} ms, then {paint.page:7.0f} ms" if paint else "none"
    waited = f"{paint.stood_in:6.1f} s" if paint and paint.stood_in else "       -"
    print(
        f"{name:<30} paint {shown:<27} computed {waited}  {size / 1000:7.1f} kB"
        f"  server median {np.median(milliseconds):8.1f} ms  p99 {np.quantile(milliseconds, 0.99):8.1f} ms  n {len(taken):2}  {' '.join(marks)}",
        flush=True,
    )


def made(directory: Path, size: Size) -> Iterator[str]:
    """Write and publish a synthetic ecosystem, and say what it took."""
    began = time.perf_counter()
    home = write_ecosystem(directory, size)
    yield f"written in {time.perf_counter() - began:.0f} s"
    began = time.perf_counter()
    engine = Engine(home)
    publish(home, engine)
    engine.close()
    yield f"published in {time.perf_counter() - began:.0f} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organisations", type=int, default=100_000)
    parser.add_argument("--home", type=Path, help="the sample, or what an earlier run made")
    parser.add_argument("--keep", type=Path, help="where the synthetic ecosystem is made and kept")
    parser.add_argument("--only", default="", help="pages with this word in their name")
    parser.add_argument("--settle", type=float, default=0.0, help="seconds after the start until pages are visited")
    given = parser.parse_args()
    size = Size(given.organisations)
    if given.home:
        synthetic = not (given.home / "sample").exists()
        measure(given.home, size if synthetic else None, given.only, given.settle)
        return
    with TemporaryDirectory() as directory:
        home = given.keep or Path(directory) / "home"
        print(
            f"{size.organisations:,} organisations, {size.technologies:,} technologies, {size.deals:,} deals (synthetic)"
        )
        for said in made(home, size):
            print(said, flush=True)
        measure(home, size, given.only, given.settle)


if __name__ == "__main__":
    main()
