"""The workbench in a real browser: written with completion, run, drawn, shared, stopped; by keyboard, under the policy, from here alone."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from api.catalogue import Words

pytestmark = pytest.mark.browser
EN = Words("en")
PATIENCE = 30_000
"""Milliseconds for what waits for an answer."""


class Watched:
    """A page, and what it said and asked for on the way."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.page = context.new_page()
        self.said: list[str] = []
        self.hosts: set[str] = set()
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))

    @property
    def editor(self) -> Locator:
        return self.page.locator(".cm-content")

    def go(self, **fields: str) -> Page:
        """Open the workbench at an address."""
        self.page.goto(f"{self.url}/workbench?{urlencode(fields)}")
        expect(self.editor).to_be_visible()
        return self.page

    def write(self, text: str) -> None:
        """Type in place of what the editor holds."""
        self.editor.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def text(self) -> str:
        lines: list[str] = self.page.locator(".cm-line").all_inner_texts()
        return "\n".join(line.rstrip("\n") for line in lines)

    def run(self, query: str) -> None:
        """Put a query into the editor and run it by the keyboard."""
        self.editor.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(query)
        self.page.keyboard.press("Control+Enter")


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    value: str = request.param
    return value


@pytest.fixture
def watched(browser: Browser, sample_url: str) -> Iterator[Watched]:
    """A page in English; whatever a test does, no policy is broken, no error is thrown and no foreign host is asked."""
    context = browser.new_context(locale="en", viewport={"width": 1280, "height": 900})
    one = Watched(context, sample_url)
    yield one
    refused = "Failed to load resource: the server responded with a status of 4"
    assert [text for text in one.said if refused not in text] == []
    assert one.hosts == {sample_url.split("/")[2]}
    context.close()


def test_sparql_is_completed_run_and_shared(watched: Watched, browser: Browser) -> None:
    page = watched.go(on="sparql")
    watched.write("SELECT ?technology ?name { ?technology a Technolo")
    options = page.locator(".cm-tooltip-autocomplete li")
    expect(options.first).to_be_visible()
    first = options.first.inner_text()
    assert first.startswith("kn:Technology") and "Technology" in first.split("kn:Technology")[1]
    page.wait_for_timeout(150)  # CodeMirror takes no key for a choice right after the list has opened
    page.keyboard.press("Enter")
    assert watched.text().startswith("PREFIX kn: <https://w3id.org/ketnoi/ontology#>\nSELECT")
    page.keyboard.type(" ; kn:nam")
    expect(options.filter(has_text="kn:name")).not_to_have_count(0)
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")
    page.keyboard.type(" ?name } LIMIT 3")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    rows = page.locator("table.result tbody tr")
    expect(rows).to_have_count(3, timeout=PATIENCE)
    assert page.locator("table.result th").all_inner_texts() == ["technology", "name"]
    assert "on=sparql&query=PREFIX" in page.url
    expect(page.locator("#said")).to_have_text(EN("workbench.rows", count=3))
    link = page.locator("#link").get_attribute("href")
    other = Watched(browser.new_context(locale="en"), watched.url)
    other.page.goto(f"{watched.url}{link}")
    expect(other.page.locator("table.result tbody tr")).to_have_count(3)
    assert other.page.locator("table.result tbody").inner_text() == page.locator("table.result tbody").inner_text()
    assert other.text() == watched.text()
    other.context.close()


def test_cypher_is_completed_by_what_may_stand_there(watched: Watched) -> None:
    page = watched.go(on="cypher")
    options = page.locator(".cm-tooltip-autocomplete li")

    def completes(text: str, label: str, detail: str = "") -> None:
        watched.write(text)
        expect(options.filter(has_text=re.compile(rf"^{re.escape(label)}{re.escape(detail)}$"))).to_have_count(1)

    completes("MATCH (t:Technolo", "Technology", "Technology")
    completes("MATCH (t)-[:HOSTED", "HOSTED_BY", "hosted by")
    completes("MATCH (t) RETURN t.validFr", "validFrom", "valid from")
    completes("MATCH (t {notati", "notation", "code")
    completes("MATC", "MATCH")
    completes("MATCH (technology) RETURN coales", "coalesce")
    completes("MATCH (chosen:Park) RETURN chos", "chosen")
    page.locator("#params").fill('{"industry": "10"}')
    completes("RETURN $indu", "$industry")
    watched.write("RETURN 'Technolo")
    page.wait_for_timeout(500)
    expect(options).to_have_count(0)


def test_what_a_term_means_is_told_in_the_pages_language(watched: Watched) -> None:
    page = watched.go(on="sparql", lang="vi")
    watched.write("ASK { ?x a kn:Technolo")
    option = page.locator(".cm-tooltip-autocomplete li", has_text="kn:Technology").first
    expect(option).to_contain_text("Công nghệ")
    expect(page.locator(".cm-tooltip-autocomplete ul")).to_have_attribute(
        "aria-label", Words("vi")("workbench.completions")
    )


def test_a_refusal_is_marked_at_its_place_and_goes_with_the_next_answer(watched: Watched) -> None:
    page = watched.go(on="cypher")
    watched.run("MATCH (n)\nDELETE n")
    expect(page.locator("#results [role=alert]")).to_contain_text("DELETE writes (line 2, column 1)", timeout=PATIENCE)
    expect(page.locator(".cm-lintRange-error")).to_have_text("DELETE")
    marker = page.locator(".cm-gutter-lint .cm-lint-marker-error")
    expect(marker).to_have_count(1)
    line = page.locator(".cm-line").nth(1).bounding_box()
    box = marker.bounding_box()
    assert line and box and line["y"] <= box["y"] + box["height"] / 2 <= line["y"] + line["height"]
    watched.run("RETURN 1 AS one")
    expect(page.locator("table.result td")).to_have_text("1", timeout=PATIENCE)
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)
    expect(page.locator("#results [role=alert]")).to_have_count(0)


def test_a_page_that_comes_with_a_refusal_marks_it(watched: Watched) -> None:
    page = watched.go(on="sparql", query="SELECT * {\n  SERVICE <http://example.org/> {} }")
    expect(page.locator(".cm-lintRange-error")).to_have_text("SERVICE")


@pytest.mark.parametrize("on", ["sparql", "cypher"])
def test_an_example_is_drawn(watched: Watched, on: str) -> None:
    page = watched.go(on=on)
    page.get_by_role("link", name=EN("workbench.example.neighbourhood")).click()
    page.get_by_role("button", name=EN("workbench.submit")).click()
    picture = page.locator("svg.force")
    expect(picture).to_be_visible(timeout=PATIENCE)
    nodes, lines = picture.locator("a.node"), picture.locator("g.tie line")
    said = re.search(r"(\d+) nodes, (\d+) lines", picture.get_attribute("aria-label") or "")
    assert said and (nodes.count(), lines.count()) == (int(said[1]), int(said[2]))
    assert nodes.count() > 20
    frame = picture.bounding_box()
    assert frame is not None
    for at in range(0, nodes.count(), 7):
        circle = nodes.nth(at).locator("circle").bounding_box()
        assert circle and frame["x"] <= circle["x"] <= frame["x"] + frame["width"]
        assert frame["y"] <= circle["y"] <= frame["y"] + frame["height"]
    assert "Intermediary" in page.locator(".legend").inner_text()
    before = nodes.first.get_attribute("transform")
    page.get_by_role("button", name=EN("workbench.closer")).click()
    assert nodes.first.get_attribute("transform") != before
    page.get_by_role("button", name=EN("workbench.whole")).click()
    assert nodes.first.get_attribute("transform") == before
    nodes.first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('href')") == nodes.nth(1).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/(id|scheme)/"))


def test_names_in_a_picture_do_not_cover_each_other(watched: Watched) -> None:
    page = watched.go(
        on="cypher", query="MATCH p = (:Intermediary)<-[:PROVIDER]-()-[:HAS_FIELD]->() RETURN p LIMIT 150"
    )
    expect(page.locator("svg.force")).to_be_visible()
    boxes: list[dict[str, float]] = page.evaluate(
        """() => [...document.querySelectorAll("svg.force a.node text")].filter(t => t.getClientRects().length)
            .map(t => { const b = t.getBoundingClientRect(); return {l: b.left, r: b.right, t: b.top + 2, b: b.bottom - 2}; })"""
    )
    assert len(boxes) > 15
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            apart = one["l"] >= other["r"] or other["l"] >= one["r"] or one["t"] >= other["b"] or other["t"] >= one["b"]
            assert apart


def test_the_largest_picture_is_there_at_once(watched: Watched) -> None:
    page = watched.go(on="cypher", query="MATCH p = (:Enterprise)-[:HAS_INDUSTRY|LOCATED_IN]->() RETURN p LIMIT 480")
    picture = page.locator("svg.force a.node")
    expect(picture.first).to_be_attached()
    assert picture.count() > 250
    assert page.evaluate("performance.getEntriesByType('navigation')[0].domComplete") < 10_000


def test_the_keyboard_leads_in_and_out_of_the_editor(watched: Watched) -> None:
    page = watched.go(on="cypher")
    page.locator('label[for="query"]').click()
    focused = "document.activeElement.shadowRoot?.activeElement?.getAttribute('aria-label')"
    assert page.evaluate(focused) == EN("workbench.query")
    page.keyboard.press("Control+End")
    page.keyboard.type(" MATC")
    expect(page.locator(".cm-tooltip-autocomplete")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".cm-tooltip-autocomplete")).to_have_count(0)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "params"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(focused) == EN("workbench.query")
    page.keyboard.press("Control+Z")
    assert "MATC" not in watched.text().splitlines()[-1]


def test_what_is_typed_over_a_selection_replaces_it_or_is_put_around_it(watched: Watched) -> None:
    page = watched.go(on="cypher", query="RETURN 1 AS x")
    watched.editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("(")
    assert watched.text() == "(RETURN 1 AS x)"
    page.keyboard.press("Control+A")
    page.keyboard.type("RETURN 5")
    assert watched.text() == "RETURN 5"
    page.keyboard.press("Control+Z")
    assert watched.text() == "(RETURN 1 AS x)"


def test_back_brings_the_query_before(watched: Watched) -> None:
    page = watched.go(on="cypher", query="RETURN 1 AS x")
    watched.run("RETURN 2 AS x")
    expect(page.locator("table.result td")).to_have_text("2", timeout=PATIENCE)
    page.go_back()
    expect(page.locator("table.result td")).to_have_text("1", timeout=PATIENCE)
    expect(page.locator(".cm-line").first).to_have_text("RETURN 1 AS x")


def test_a_query_can_be_stopped(watched: Watched) -> None:
    page = watched.go(on="cypher")
    watched.run("UNWIND range(1, 2000000000) AS x RETURN count(x * x)")
    stop = page.get_by_role("button", name=EN("workbench.stop"))
    expect(stop).to_be_visible()
    expect(page.locator("#said")).to_have_text(EN("workbench.running"))
    stop.click()
    expect(stop).to_be_hidden()
    watched.run("RETURN 3 AS x")
    expect(page.locator("table.result td")).to_have_text("3", timeout=PATIENCE)


def test_what_an_answer_holds_is_text(watched: Watched) -> None:
    page = watched.go(on="cypher")
    nasty = "<img src=x onerror=alert(1)>"
    watched.run(f"RETURN '{nasty}' AS a, {{id: '1', labels: ['x'], properties: {{name_vi: '{nasty}'}}}} AS b")
    expect(page.locator("table.result td").first).to_have_text(nasty, timeout=PATIENCE)
    assert page.locator("#results img").count() == 0


def test_a_query_that_is_too_long_for_an_address_is_run_all_the_same(watched: Watched) -> None:
    page = watched.go(on="cypher")
    address = page.url
    watched.run(f"RETURN 4 AS x // {'x' * 20_000}")
    expect(page.locator("table.result td")).to_have_text("4", timeout=PATIENCE)
    assert page.url == address
    expect(page.locator("#results")).to_contain_text(EN("workbench.too_long"))


def test_the_link_is_copied(watched: Watched) -> None:
    watched.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = watched.go(on="sparql", query="ASK {}")
    page.get_by_role("button", name=EN("workbench.copy")).click()
    expect(page.get_by_role("button", name=EN("workbench.copied"))).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{watched.url}/workbench?on=sparql&query=ASK+%7B%7D"


def test_the_file_is_downloaded(watched: Watched) -> None:
    page = watched.go(on="sparql", query='SELECT ("=1" AS ?x) {}')
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.path().read_bytes() == b"x\r\n'=1\r\n"


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_its_screen_and_can_be_read(browser: Browser, sample_url: str, width: int, scheme: Any) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="vi", color_scheme=scheme)
    one = Watched(context, sample_url)
    page = one.go(
        on="cypher", query="MATCH p = (:Intermediary)<-[:PROVIDER]-()-[:HAS_FIELD]->() RETURN p LIMIT 20 // x"
    )
    expect(page.locator("svg.force")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    for low, least in ((CONTRASTS, 4.5),):
        for name, contrast in page.evaluate(low).items():
            assert contrast >= least, (name, contrast)
    assert one.said == []
    context.close()


CONTRASTS = """() => {
    const root = document.querySelector("#workbench > div").shadowRoot;
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const rgb = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return canvas.getImageData(0, 0, 1, 1).data;
    };
    const light = (colour) => {
        const part = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
        const [r, g, b] = rgb(colour);
        return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
    };
    const behind = (element) => {
        for (let one = element; one; one = one.parentElement) {
            const colour = getComputedStyle(one).backgroundColor;
            if (rgb(colour)[3] === 255) return colour;
        }
        return getComputedStyle(document.body).backgroundColor;
    };
    const found = {};
    const texts = [...root.querySelectorAll(".cm-line span, .cm-line, .cm-lineNumbers .cm-gutterElement"),
                   ...document.querySelectorAll(".tabs a, .hint, .legend span, #results a, button")];
    for (const element of texts.filter((one) => one.textContent.trim() && one.getClientRects().length && !one.closest("svg"))) {
        const [one, other] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => b - a);
        found[element.className + " " + element.textContent.slice(0, 20)] = (one + 0.05) / (other + 0.05);
    }
    return found;
}"""
