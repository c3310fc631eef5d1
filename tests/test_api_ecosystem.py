"""The ecosystem over HTTP on the sample: pages in both languages, each number one step from its tasks, files with their sources."""

import csv
import io
import re
from html import unescape
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from graph.questions.ecosystem.stages import STAGES
from tests.answer_pages import all_rows
from tests.conftest import SAMPLE_DAY

pytestmark = pytest.mark.neo4j

BROWSER = {"accept": "text/html"}
PAGES = ("", "/tasks", "/years", "/figures", "/reports", "/due", "/fields", "/assignments")
LARGEST = 300_000
"""Bytes of a page, uncompressed."""


def page(client: httpx.Client, path: str, **parameters: Any) -> str:
    given = {"as_of": SAMPLE_DAY, "lang": "en", **parameters}
    answer = client.get(f"/ecosystem{path}", params=given, headers=BROWSER)
    assert answer.status_code == 200, answer.text
    return answer.text


def view(client: httpx.Client, name: str, **parameters: Any) -> list[dict[str, Any]]:
    return all_rows(client, f"/api/ecosystem/{name}", {"as_of": SAMPLE_DAY, **parameters})


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_in_both_languages(sample_client: httpx.Client, path: str, language: str) -> None:
    text = page(sample_client, path, lang=language)
    assert f'<html lang="{language}">' in text
    assert "<h1>" in text
    assert "<script>" not in text and " style=" not in text
    assert len(text.encode()) < LARGEST


def test_each_number_of_the_funnel_leads_to_as_many_tasks(sample_client: httpx.Client) -> None:
    text = page(sample_client, "", by="type")
    links = re.findall(r'href="(/ecosystem/tasks\?[^"]+)">([\d,]+)</a>', text)
    assert len(links) > 40
    for href, number in links[::9]:
        query = unescape(href).partition("?")[2]
        rows = all_rows(sample_client, f"/api/ecosystem/course?{query}")
        assert len(rows) == int(number.replace(",", "")), href
    first = sample_client.get(unescape(links[0][0]), headers=BROWSER)
    assert first.status_code == 200


def test_the_funnel_says_definition_numerator_denominator_and_unknown(sample_client: httpx.Client) -> None:
    text = page(sample_client, "")
    rows = {row["stage"]: row for row in view(sample_client, "funnel")}
    assert "An application is on record; of accepted results" in text
    for row in rows.values():
        assert f"{row['reached']:,}</a>" in text or row["reached"] == 0
    assert "Introductions that members tell are private to them" in text
    assert "illustrative" in text
    applied = rows["applied"]
    assert f"{100 * applied['share']:.1f} %" in text
    assert f"{applied['budget'] / 1_000_000:,.1f}" in text


def test_published_figures_stand_there_and_are_not_comparable(sample_client: httpx.Client) -> None:
    text = page(sample_client, "/figures")
    assert "633,092" in text and "346" in text
    assert "real figures are not compared with fiction" in text
    rows = view(sample_client, "figures")
    assert sum(row["state"] == "not_comparable" for row in rows) == 6


def test_reconciliation_finds_what_is_planted_and_no_other(sample_client: httpx.Client) -> None:
    rows = [row for row in view(sample_client, "figures") if row["reporter"]]
    different = {row["measure"]: row["difference"] for row in rows if row["state"] == "different"}
    budget = different.pop("Tổng kinh phí nhiệm vụ")
    # planted: a task of natural science and one of trial production left out, and 250 million of the budget
    assert different == {
        "Số nhiệm vụ khoa học và công nghệ cấp thành phố": 1 + 1,
        "Số nhiệm vụ khoa học tự nhiên và công nghệ": 1,
        "Số dự án sản xuất thử nghiệm": 1,
    }
    text = page(sample_client, "/figures")
    tasks = {row["task"]: row["budget"] for row in _behind(sample_client, text, "Tổng kinh phí nhiệm vụ")}
    kinds = ("Số nhiệm vụ khoa học tự nhiên và công nghệ", "Số dự án sản xuất thử nghiệm")
    left_out = [_last(sample_client, text, measure) for measure in kinds]
    assert budget == pytest.approx(250 + sum(tasks[task] for task in left_out) / 1_000_000)
    assert {row["measure"] for row in rows if row["state"] == "equal"} == {
        "Số nhiệm vụ khoa học xã hội và nhân văn",
        "Tỷ lệ kết quả nghiệm thu được ứng dụng (trên)",
    }


def _behind(client: httpx.Client, text: str, measure: str) -> list[dict[str, Any]]:
    """The rows that a counted figure leads to."""
    cells = next(row for row in text.split("<tr>") if measure in unescape(row) and "/ecosystem/tasks?" in row)
    (href, *_) = re.findall(r'href="(/ecosystem/tasks\?[^"]+)"', cells)
    return all_rows(client, f"/api/ecosystem/course?{unescape(href).partition('?')[2]}")


def _last(client: httpx.Client, text: str, measure: str) -> str:
    return str(max(_behind(client, text, measure), key=lambda row: row["approved_on"])["task"])


def test_each_counted_figure_leads_to_just_its_tasks(sample_client: httpx.Client) -> None:
    text = page(sample_client, "/figures")
    for row in view(sample_client, "figures"):
        if row["counted"] is None:
            continue
        rows = _behind(sample_client, text, row["measure"])
        if row["unit"] == "nhiệm vụ":
            assert len(rows) == row["counted"], row["measure"]
        elif row["unit"] == "triệu đồng":
            assert sum(one["budget"] for one in rows) / 1_000_000 == pytest.approx(row["counted"])
        else:
            accepted = re.search(r'href="(/ecosystem/tasks\?[^"]*stage=accepted[^"]*)"', text)
            assert accepted
            query = unescape(accepted[1]).partition("?")[2]
            among = all_rows(sample_client, f"/api/ecosystem/course?{query}")
            assert 100 * len(rows) / len(among) == pytest.approx(row["counted"])


def test_a_spreadsheet_has_definitions_sources_and_each_row_a_link(sample_client: httpx.Client) -> None:
    answer = sample_client.get("/api/ecosystem/funnel.xlsx", params={"as_of": SAMPLE_DAY, "language": "en"})
    book = load_workbook(io.BytesIO(answer.content))
    rows, about = book.worksheets
    header = [cell.value for cell in rows[1]]
    assert header[-1] == "The rows behind"
    assert rows.max_row == 1 + len(STAGES)
    for line in list(rows.iter_rows(min_row=2))[::4]:
        link = line[-1].hyperlink
        assert link is not None and link.target.startswith(
            str(sample_client.base_url).rstrip("/") + "/ecosystem/tasks?"
        )
        query = link.target.partition("?")[2]
        listed = all_rows(sample_client, f"/api/ecosystem/course?{query}")
        assert len(listed) == line[header.index("Reached (numerator)")].value
    said = [(row[0].value, row[1].value if len(row) > 1 else None) for row in about.iter_rows()]
    assert {"Cypher", "SPARQL", "Source"} <= {key for key, _ in said}
    sources = [value or "" for key, value in said if key == "Source"]
    assert any("nhiem-vu-khcn-2016-2020.xlsx" in value for value in sources)


def test_csv_and_what_there_is(sample_client: httpx.Client) -> None:
    answer = sample_client.get("/api/ecosystem/years.csv", params={"as_of": SAMPLE_DAY})
    assert next(csv.reader(io.StringIO(answer.text)))[:2] == ["stage", "year"]
    listed = {one["name"] for one in sample_client.get("/api/ecosystem").json()["questions"]}
    expected = {
        "funnel",
        "course",
        "years",
        "reports",
        "due_reports",
        "field_gaps",
        "places",
        "assignments",
        "sources",
        "reported_figures",
    }
    assert listed == expected


@pytest.mark.parametrize(("path", "status"), [("nothing", 404), ("funnel?by=colour", 422), ("funnel?unknown=1", 422)])
def test_what_there_is_not(sample_client: httpx.Client, path: str, status: int) -> None:
    assert sample_client.get(f"/api/ecosystem/{path}").status_code == status
    if status == 422:
        answer = sample_client.get(f"/ecosystem?{path.partition('?')[2]}", headers=BROWSER)
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


def test_nobody_gets_a_sheet_of_nothing(sample_client: httpx.Client) -> None:
    body = view(sample_client, "reports")[0]["responsible"]
    sheet = sample_client.get("/api/ecosystem/report-sheet", params={"of": body, "as_of": "2016-06-30"})
    assert sheet.status_code == 404
    assert sample_client.get("/api/ecosystem/report-sheet", params={"of": "Không ai"}).status_code == 422


def test_gaps_lead_to_what_is_in_the_field(sample_client: httpx.Client) -> None:
    text = page(sample_client, "/fields")
    for row in view(sample_client, "field_gaps"):
        assert f'id="field-{row["rank"]}"' in text
        assert (f'id="gap-{row["rank"]}"' in text) == bool(row["missing"])
    assert 'class="number heat-0"' in text and 'class="number heat-5"' in text
