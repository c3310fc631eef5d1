"""Rights, differences, registers, reviewers on the published sample: over HTTP and as pages, held against the sample's files."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from graph.answer.asking import ask
from graph.answer.reading import Reading
from graph.answer.rights_ledger import ledger
from graph.answer.rights_model import RightsQuestion
from graph.questions.named import registers
from graph.statements.home import today
from tests.conftest import SAMPLE_DAY
from tests.sample_files import SampleFiles, day

pytestmark = pytest.mark.neo4j

BROWSER = {"accept": "text/html"}
LIMIT = 300_000
PAGES = (
    "/rights", "/rights?state=licensed", "/rights?regime=automatic&offset=5", "/diff", "/registers",
    f"/diff?from=2025-01-01&to={SAMPLE_DAY}&by=as_of", f"/diff?from=2025-01-01&to={SAMPLE_DAY}&by=as_of&view=tasks",
    "/registers/intermediaries", "/registers/parks", "/registers/experts?offset=100", "/reviewers",
    "/reviewers?q=xu+ly+nuoc+thai", "/councils",
)  # fmt: skip


def lines(client: httpx.Client, **parts: Any) -> dict[str, Any]:
    answer = client.get("/api/rights", params={"as_of": SAMPLE_DAY, "language": "en", "limit": 150} | parts)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_pages_in_both_languages(sample_client: httpx.Client, path: str, language: str) -> None:
    page = sample_client.get(f"{path}{'&' if '?' in path else '?'}lang={language}", headers=BROWSER)
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert len(page.content) < LIMIT
    assert "<script>" not in page.text and " style=" not in page.text


def test_every_result_is_a_line_and_states_follow_the_files(
    sample_client: httpx.Client, sample_files: SampleFiles
) -> None:
    rows = [row for row in sample_files.tasks() if row["Tên kết quả"]]
    whole = lines(sample_client)
    assert whole["total"] == len(rows) == sum(whole["states"].values())
    assert whole["regimes"]["automatic"] == sum((day(row["Ngày phê duyệt"]) or "") >= "2025-10-01" for row in rows)
    requested = [row for row in rows if row["Tình trạng giao quyền"] == "Đã đề nghị giao quyền"]
    # a request that a licence overtook is licensed
    assert 0 < whole["states"]["requested"] <= len(requested)


def test_as_of_today_is_the_current_view(sample_client: httpx.Client) -> None:
    now = sample_client.get("/api/rights", params={"limit": 150}).json()
    assert lines(sample_client, as_of=today(), language="vi") == now


def test_one_result_has_its_records_one_step_away(sample_client: httpx.Client) -> None:
    one = lines(sample_client, state="decided-own", limit=1)["entries"][0]["result"]["id"]
    told = sample_client.get(f"/api/rights/{one}", params={"as_of": SAMPLE_DAY}).json()
    assert all(source["line"] for event in told["events"] for source in event["sources"])
    page = sample_client.get(f"/rights/{one}", headers=BROWSER)
    assert page.status_code == 200 and "/record/" in page.text
    assert sample_client.get("/api/rights/nothing").status_code == 404


def test_may_is_what_the_gates_of_the_main_question_say(sample_client: httpx.Client) -> None:
    """The worst of the four gates is the worse of «law» and «right» of a route with the same technology and firm."""
    states = {"yes": "pass", "no": "fail", "unknown": "unknown"}
    seen = set()
    for text in ("xu ly nuoc thai", "vat lieu", "nong nghiep"):
        asked = {"text": text, "limit": 15, "as_of": SAMPLE_DAY}
        for route in sample_client.get("/api/transfer", params=asked).json()["routes"]:
            if not route["technology"]["id"] or not route["holder"]:
                continue
            named = {"technology": route["technology"]["id"], "to": route["firm"]["id"], "giver": route["holder"]["id"]}
            may = lines(sample_client, **named)["may"]
            gates = {gate["gate"]: gate["state"] for gate in route["gates"]}
            worst = min((gates["law"], gates["right"]), key=("fail", "unknown", "pass").index)
            assert states[may["answer"]["may"]] == worst
            seen.add(worst)
    assert len(seen) >= 2


def test_files_hold_all_lines_and_no_formula(sample_client: httpx.Client) -> None:
    total = lines(sample_client, limit=1)["total"]
    answer = sample_client.get("/api/rights", params={"format": "csv", "as_of": SAMPLE_DAY})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == total
    assert answer.headers["ketnoi-truncated"] == "false"
    book = load_workbook(
        io.BytesIO(sample_client.get("/api/rights", params={"format": "xlsx"}).content), read_only=True
    )
    assert len(book.sheetnames) == 2
    sheet, about = book.worksheets
    first = next(sheet.iter_rows(2, 2))
    assert f"/rights/{first[0].value}?as_of=" in (first[-1].value or "")
    told = [str(cell) for row in about.iter_rows(values_only=True) for cell in row]
    assert any("Điều 25 khoản 2" in line and "theo tài liệu thứ cấp" in line for line in told)


def test_a_difference_as_a_file_holds_all_lines_of_the_answer(sample_client: httpx.Client) -> None:
    asked = {"from": "2022-06-01", "to": SAMPLE_DAY, "by": "as_of", "view": "rights", "language": "vi"}
    told = sample_client.get("/api/diff", params=asked | {"limit": 200}).json()
    changes = list(told["changes"])
    while len(changes) < told["total"]:
        page = sample_client.get("/api/diff", params=asked | {"limit": 200, "offset": len(changes)})
        changes += page.json()["changes"]
    answer = sample_client.get("/api/diff", params=asked | {"format": "csv", "limit": 1, "offset": 5})
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["ketnoi-truncated"] == "false"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["entity"], row["property"]) for row in rows] == [
        (change["entity"]["id"], change["property"] or "") for change in changes
    ]
    assert 0 < told["total"] == len(rows)
    announced = next(row for row in rows if row["after"] == "scheme/rights-state/1/published")
    assert (announced["label"], announced["after_name"]) == ("trạng thái", "Đã công bố tìm bên nhận")
    assert all(row["after_sources"] or row["before_sources"] for row in rows)
    answer = sample_client.get("/api/diff", params=asked | {"format": "xlsx"})
    book = load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    assert len(book.sheetnames) == 2
    assert sheet.max_row == len(rows) + 1
    links = [cell.hyperlink.target for (cell,) in sheet.iter_rows(2, min_col=sheet.max_column)]
    assert all("/record/" in link for link in links)
    page = sample_client.get("/diff", params=asked | {"lang": "vi"}, headers=BROWSER).text
    assert "view=rights&amp;format=csv" in page and "view=rights&amp;format=xlsx" in page


def test_states_by_requests_and_announcements_follow_the_files(
    sample_client: httpx.Client, sample_files: SampleFiles
) -> None:
    """Whatever was announced by a day and neither decided nor licensed is published since then, with the number of the document."""
    published = lines(sample_client, state="published")["entries"]
    announced = {
        sample_files.coded("result-code", row["Mã kết quả"]): row for row in sample_files.table("cong-bo-ket-qua")
    }
    assert len(published) > 20
    for one in published:
        row = announced[one["result"]["id"]]
        assert (one["state_since"], one["state_document"]) == (day(row["Ngày công bố"]), row["Số thông báo công bố"])
        assert one["state_basis"] == "event"
    asked = {
        sample_files.coded("result-code", row["Mã kết quả"]): row for row in sample_files.table("de-nghi-giao-quyen")
    }
    requested = lines(sample_client, state="requested")["entries"]
    assert requested
    for one in requested:
        row = asked[one["result"]["id"]]
        assert (one["state_since"], one["state_document"]) == (day(row["Ngày đề nghị"]), row["Số văn bản đề nghị"])
    first = requested[0]
    since = date.fromisoformat(first["state_since"])
    before = sample_client.get(f"/api/rights/{first['result']['id']}", params={"as_of": str(since - timedelta(days=1))})
    assert before.json()["state"]["code"] == "unassigned"


def test_a_result_leads_to_its_rights(sample_client: httpx.Client) -> None:
    one = lines(sample_client, limit=1)["entries"][0]["result"]["id"]
    page = sample_client.get(f"/id/{one}", headers=BROWSER).text
    assert f'href="/rights/{one}"' in page


def test_what_is_not_understood_is_422(sample_client: httpx.Client) -> None:
    for path in (
        "/api/rights?as_of=2026-02-30", "/api/rights?host=nobody", "/api/rights?technology=nothing", "/api/rights?limit=1000",
        "/api/diff?from=2026-01-01", "/api/diff?from=2026-02-01&to=2026-01-01", "/api/diff?from=2026-01-01&to=2999-01-01",
        "/api/diff?from=2026-01-01&to=2026-01-02&by=as_of&class=Ghost", "/api/reviewers", "/api/reviewers?task=nothing",
        "/api/councils?about=nothing", "/api/registers/parks?only_kind=nothing",
    ):  # fmt: skip
        answer = sample_client.get(path)
        assert (path, answer.status_code) == (path, 422)
    assert sample_client.get("/api/registers/nothing").status_code == 404


def test_the_same_day_twice_does_not_differ(sample_client: httpx.Client) -> None:
    for by in ("known_at", "as_of"):
        days = {"from": today(), "to": today(), "by": by}
        assert sample_client.get("/api/diff", params=days).json()["total"] == 0


def test_what_began_by_recognitions_is_in_the_files(sample_client: httpx.Client, sample_reading: Reading) -> None:
    first, second = "2024-01-01", SAMPLE_DAY
    days = {"from": first, "to": second, "by": "as_of", "class": "Recognition", "limit": 200}
    found = sample_client.get("/api/diff", params=days).json()
    views = sample_reading.views
    began = {
        node
        for node in views.instances("Recognition")
        if first < next(iter(views.values(node, "validFrom")), "") <= second
    }
    assert {one["entity"]["id"] for one in found["changes"] if one["property"] == "validFrom"} == began
    assert all(one["after_sources"] for one in found["changes"] if one["kind"] == "added")


@pytest.mark.parametrize("day", ["2018-06-30", "2024-02-29", SAMPLE_DAY])
@pytest.mark.parametrize("name", sorted(registers()))
def test_a_register_has_the_same_rows_in_both_languages(sample_reading: Reading, name: str, day: str) -> None:
    cypher, sparql = (ask(sample_reading, registers()[name], {"as_of": day}, on) for on in ("cypher", "sparql"))
    assert cypher.rows == sparql.rows
    assert cypher.rows


def test_registers_may_be_narrowed_in_both_languages(sample_reading: Reading) -> None:
    for name, given in (
        ("intermediaries", {"only_kind": "technology-exchange"}),
        ("intermediaries", {"only_place": "VN-HN"}),
        ("parks", {"only_kind": "hi-tech-park"}),
        ("experts", {"only_role": "reviewer"}),
    ):
        cypher, sparql = (
            ask(sample_reading, registers()[name], {"as_of": SAMPLE_DAY} | given, on) for on in ("cypher", "sparql")
        )
        assert cypher.rows == sparql.rows
        assert 0 < len(cypher.rows) < len(ask(sample_reading, registers()[name], {"as_of": SAMPLE_DAY}, "sparql").rows)


def test_a_recognition_is_valid_on_its_last_day_and_expired_on_the_next(sample_reading: Reading) -> None:
    def standing(day: str, number: str) -> str:
        rows = ask(sample_reading, registers()["intermediaries"], {"as_of": day}, "sparql").rows
        return next(str(row["standing"]) for row in rows if row["number"] == number)

    rows = ask(sample_reading, registers()["intermediaries"], {"as_of": SAMPLE_DAY}, "sparql").rows
    ended = next(row for row in rows if row["standing"] == "expired")
    last = str(ended["valid_until"])
    following = (date.fromisoformat(last) + timedelta(days=1)).isoformat()
    assert (standing(last, str(ended["number"])), standing(following, str(ended["number"]))) == ("valid", "expired")


def test_reviewers_of_a_sample_task_do_not_work_at_its_host(
    sample_client: httpx.Client, sample_reading: Reading
) -> None:
    checked = 0
    for entry in lines(sample_client, limit=5)["entries"]:
        found = sample_client.get("/api/reviewers", params={"task": entry["task"]["id"], "as_of": SAMPLE_DAY}).json()
        for one in found["reviewers"]:
            checked += 1
            assert entry["host"]["id"] not in {stay["organization"]["id"] for stay in one["expert"]["employment"]}
        assert all(
            hop["sources"] for one in found["excluded"] for conflict in one["conflicts"] for hop in conflict["path"]
        )
        assert any(one["conflicts"][0]["kind"] == "participant" for one in found["excluded"])
    assert checked > 10


def test_the_ledger_is_the_same_from_both_engines(sample_client: httpx.Client, sample_reading: Reading) -> None:
    here = ledger(sample_reading, RightsQuestion(as_of=SAMPLE_DAY, language="en", limit=150))
    assert here.model_dump(mode="json") == lines(sample_client)
