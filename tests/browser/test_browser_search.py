"""Search in a real browser: suggestions by the keyboard alone, and narrowing without script."""

import pytest
from playwright.sync_api import Browser, expect

from api.catalogue import Words

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_suggestion_is_chosen_by_keys(browser: Browser, sample_url: str, language: str) -> None:
    page = browser.new_context(locale=language).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(f"{sample_url}/search?lang={language}")
    field = page.get_by_role("combobox")
    field.press_sequentially("dai hoc b", delay=30)
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    assert field.get_attribute("aria-expanded") == "true"
    field.press("ArrowDown")
    field.press("ArrowDown")
    marked = page.locator('[role=option][aria-selected="true"]')
    expect(marked).to_have_count(1)
    assert field.get_attribute("aria-activedescendant") == marked.get_attribute("id")
    # the one before the first is the last
    field.press("ArrowUp")
    field.press("ArrowUp")
    assert page.get_by_role("option").last.get_attribute("aria-selected") == "true"
    name = marked.locator("span").first.inner_text()
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    assert said == []
    page.context.close()


def test_escape_closes_and_enter_searches(browser: Browser, sample_url: str) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{sample_url}/search?lang=vi")
    field = page.get_by_role("combobox")
    field.press_sequentially("nuoc thai", delay=30)
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.press("Enter")
    expect(page.locator("ol.hits mark").first).to_be_visible()
    assert "q=nuoc" in page.url
    page.context.close()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_narrowing_and_turning_without_script(browser: Browser, sample_url: str, language: str) -> None:
    words = Words(language)  # type: ignore[arg-type]
    page = browser.new_context(java_script_enabled=False, locale=language).new_page()
    page.goto(f"{sample_url}/search?q=nuoc&lang={language}")
    facet = page.locator("section.facet", has_text=words("facet.class"))
    count = facet.locator("li .count").first.inner_text()
    facet.locator("li a").first.click()
    expect(page.get_by_role("heading", name=words("search.hits", count=count))).to_be_visible()
    page.get_by_role("link", name=words("page.behind")).click()
    expect(page.locator("ol.hits")).to_have_attribute("start", "21")
    facet.locator('a[aria-current="true"]').click()
    page.wait_for_url(lambda address: "class=" not in address)
    page.context.close()
