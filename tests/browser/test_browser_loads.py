"""A clerk's day in a real browser, without a command line: a file is dropped, tried, loaded, reported on and taken back."""

import csv
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from api.catalogue import Words
from api.tokens import create_token
from graph.statements.home import Home
from tests.conftest import built, copied, free_port, serve

pytestmark = [pytest.mark.browser, pytest.mark.neo4j]
T = Words("vi")
REGISTER = [
    ["Mã số nhiệm vụ", "Tên nhiệm vụ", "Lĩnh vực", "Tổ chức chủ trì", "Ngày phê duyệt", "Bắt đầu", "Kết thúc",
     "Tổng kinh phí (triệu đồng)", "Loại hình", "Cấp", "Chương trình", "Cơ quan phê duyệt", "Mã chủ nhiệm", "Chủ nhiệm",
     "Tổ chức phối hợp", "Trạng thái", "Mã kết quả", "Tên kết quả"],
    ["THU-01", "Nhiệm vụ thử thứ nhất", "2.5", "Viện Thử", "01/02/2019", "", "", "1.200", *[""] * 10],
    ["THU-02", "Nhiệm vụ thử thứ hai", "2.5", "Viện Thử", "ngày nào đó", "", "", "rất nhiều", *[""] * 10],
    ["THU-03", "", "2.5", "Viện Thử", "", "", "", "300", *[""] * 10],
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(copied(built, tmp_path_factory.mktemp("clerk")))


@pytest.fixture(scope="module")
def url(home: Home) -> Iterator[str]:
    port = free_port()
    process = serve(home.path, port)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=60)


@pytest.fixture
def page(browser: Browser, home: Home, url: str) -> Iterator[Page]:
    """A curator's page, without script."""
    context = browser.new_context(java_script_enabled=False, locale="vi", accept_downloads=True)
    page = context.new_page()
    page.goto(f"{url}/sign-in")
    page.get_by_label(T("sign_in.token")).fill(create_token(home, "curator", "clerk"))
    page.get_by_role("button", name=T("sign_in.use_token")).click()
    page.locator("summary", has_text=T("nav.data")).click()
    page.get_by_role("link", name=T("nav.loads")).click()
    yield page
    context.close()


def drop(page: Page, path: Path) -> None:
    page.get_by_label(T("loads.file")).set_input_files(path)
    page.get_by_role("button", name=T("loads.look")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(path.name)


def until_seen(page: Page) -> None:
    """Wait until the build that a load started is seen."""
    end = time.monotonic() + 120
    while page.get_by_text(T("load.building")).count():
        assert time.monotonic() < end
        page.wait_for_timeout(500)
        page.reload()


def test_a_scheme_from_an_office_spreadsheet_is_loaded_and_withdrawn(page: Page, url: str, real: Path) -> None:
    drop(page, real / "fields" / "research_fields_2008.xlsx")
    page.locator("select[name=kind]").select_option("ministry")
    page.get_by_role("button", name=T("load.try"), exact=True).click()
    expect(page.get_by_role("status")).to_have_text(T("load.would", new="375", changed="0", gone="0", refused="0"))
    page.get_by_role("button", name=T("load.load"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("research_fields_2008.xlsx")
    expect(page.get_by_text(T("loads.accepted_sum", new="375", changed="0", unchanged="0"))).to_be_visible()
    until_seen(page)
    assert "Toán học cơ bản" in httpx.get(f"{url}/scheme/research-fields/2008/10101.json", follow_redirects=True).text
    page.get_by_role("button", name=T("load.withdraw")).click()
    expect(page.get_by_role("button", name=T("load.withdraw"))).to_have_count(0)
    until_seen(page)


def test_a_damaged_register_is_loaded_corrected_and_withdrawn(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "dang ky.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(REGISTER)
    drop(page, path)
    page.locator("select[name=kind]").select_option("city")
    page.get_by_label(T("loads.source"), exact=True).fill("so-thu")
    page.get_by_role("button", name=T("load.try"), exact=True).click()
    expect(page.get_by_role("status")).to_have_text(T("load.would", new="1", changed="0", gone="0", refused="2"))
    page.get_by_role("button", name=T("load.load"), exact=True).click()
    bad = page.locator("table.refused td.bad")
    assert bad.all_inner_texts() == ["ngày nào đó", "rất nhiều", ""]
    with page.expect_download() as download:
        page.get_by_role("link", name="csv").click()
    rows = list(csv.reader(Path(download.value.path()).read_text("utf-8-sig").splitlines()))
    assert [row[0] for row in rows[1:]] == ["THU-02", "THU-03"]
    rows[1][4], rows[1][7], rows[2][1] = "01/03/2019", "900", "Nhiệm vụ thử thứ ba"
    corrected = tmp_path / "sua.csv"
    with corrected.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    until_seen(page)
    page.get_by_role("link", name=T("loads.title")).first.click()
    drop(page, corrected)
    page.locator("select[name=kind]").select_option("city")
    page.get_by_label(T("loads.source"), exact=True).fill("so-thu")
    page.get_by_role("button", name=T("load.load"), exact=True).click()
    expect(page.get_by_text(T("loads.records_sum", records="2", accepted="2", refused="0"))).to_be_visible()
    until_seen(page)
    page.get_by_role("button", name=T("load.withdraw")).click()
    expect(page.get_by_role("button", name=T("load.withdraw"))).to_have_count(0)
    until_seen(page)


def test_a_strangers_columns_are_corrected_by_drop_down(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "la.csv"
    path.write_text(
        "Tên công ty,Cột B\nCông ty Lạ Thử,Strange Test JSC\nCông ty Quen Thử,Known Test JSC\n", encoding="utf-8"
    )
    drop(page, path)
    page.get_by_label(T("load.about")).select_option("Enterprise")
    page.get_by_label(f"{T('load.says')}: Tên công ty").select_option("property:name")
    page.get_by_label(f"{T('load.says')}: Cột B").select_option("property:name@en")
    page.get_by_role("button", name=T("load.apply")).click()
    expect(page.get_by_label(f"{T('load.says')}: Cột B")).to_have_value("property:name@en")
    page.locator("select[name=kind]").select_option("enterprise")
    page.get_by_label(T("loads.source"), exact=True).fill("nguoi-la")
    page.get_by_role("button", name=T("load.load"), exact=True).click()
    expect(page.get_by_text(T("loads.accepted_sum", new="2", changed="0", unchanged="0"))).to_be_visible()


def test_who_is_not_signed_in_sees_what_was_loaded_and_no_form(browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi")
    page = context.new_page()
    page.goto(f"{url}/loads")
    expect(page.get_by_text(T("loads.only_curators"))).to_be_visible()
    expect(page.get_by_label(T("loads.file"))).to_have_count(0)
    context.close()


def test_markup_in_a_name_is_shown_as_text(browser: Browser, page: Page, url: str, tmp_path: Path) -> None:
    """Wherever a name stands: in what was dropped, in search, in its own page's heading and title, in the box of the question."""
    name = "Công ty <img src=x onerror=document.title='broken'> & <b>Ví Dụ</b>"
    path = tmp_path / "ten la.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Tên công ty"], [name]])
    drop(page, path)
    page.get_by_label(T("load.about")).select_option("Enterprise")
    page.get_by_label(f"{T('load.says')}: Tên công ty").select_option("property:name")
    page.get_by_role("button", name=T("load.apply")).click()
    page.locator("select[name=kind]").select_option("enterprise")
    page.get_by_label(T("loads.source"), exact=True).fill("ten-la")
    page.get_by_role("button", name=T("load.load"), exact=True).click()
    expect(page.get_by_text(T("loads.accepted_sum", new="1", changed="0", unchanged="0"))).to_be_visible()
    until_seen(page)
    context = browser.new_context(locale="vi")
    tab = context.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.goto(f"{url}/search?q={quote('Ví Dụ')}")
    tab.get_by_role("link", name=name).first.click()
    expect(tab.get_by_role("heading", level=1)).to_have_text(name)
    assert name in tab.title()
    tab.goto(f"{url}/?q={quote(name)}")
    expect(tab.locator(".understood")).to_contain_text(name)
    assert tab.locator("main img, main b").count() == 0
    assert "broken" not in (tab.title(), *said)
    context.close()
