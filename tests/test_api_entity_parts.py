"""What stands around an entity, its timeline, its history and its facts as CSV, on the published sample."""

import csv
import io
import json
from pathlib import Path

import duckdb
import httpx
import pytest

from api.catalogue import Words
from graph.statements.home import Home
from graph.statements.judgements import correct
from graph.statements.load_writing import write_load
from graph.statements.loads import Origin
from graph.views.history import HistoryReader
from graph.views.surroundings import Validity
from ontology.statement import ABOUT, Mentions
from ontology.text import fold

BROWSER = {"accept": "text/html"}
TECHNOLOGY = "TdT5APT7asje"
LIMIT = 300_000
"""Bytes that no page or data may exceed."""


@pytest.fixture(scope="module")
def university(sample_client: httpx.Client) -> str:
    named = {"q": "Trường Đại học Bách nghệ Vân Mộng", "limit": 1}
    return str(sample_client.get("/api/search", params=named).json()["hits"][0]["id"])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("since", "until", "state"),
    [
        ("2020-01-01", "2020-12-31", "ended"),
        ("2020-01-01", "2026-06-01", "valid"),
        ("2026-06-01", None, "valid"),
        ("2026-06-02", None, "future"),
        (None, "2026-05-31", "ended"),
        ("2026", "2026", "valid"),
        ("2027", None, "future"),
        (None, None, "undated"),
    ],
)
def test_what_holds_on_a_day(since: str | None, until: str | None, state: str) -> None:
    assert Validity(since, until).state("2026-06-01") == state


def test_neighbours_are_those_of_the_file_and_counted(
    sample_client: httpx.Client, sample_home: Path, university: str
) -> None:
    transfers = [
        row
        for row in rows(sample_home / "sample" / "hop-dong-chuyen-giao.csv")
        # offices write the same name with and without diacritics
        if fold(row["Bên giao"]) == fold("Trường Đại học Bách nghệ Vân Mộng")
    ]
    assert transfers
    told = sample_client.get(f"/api/entities/{university}/neighbours").json()
    group = next(one for one in told["groups"] if one["way"] == "in.transferor.TechnologyTransfer.transferee")
    assert group["total"] == len({fold(row["Bên nhận"]) for row in transfers})
    assert group["meetings"] == len(transfers)
    first = group["neighbours"][0]
    assert first["count"] == max(one["count"] for one in group["neighbours"])
    assert first["sources"]
    assert first["event"]["type"] == "TechnologyTransfer"


def test_a_group_is_paged_to_its_end(sample_client: httpx.Client, university: str) -> None:
    way = "in.offeredBy.TechnologyOffer.offers"
    seen: list[str] = []
    start: int | None = 0
    while start is not None:
        told = sample_client.get(
            f"/api/entities/{university}/neighbours", params={"way": way, "from": start, "limit": 20}
        ).json()
        (group,) = told["groups"]
        seen += [one["node"]["id"] for one in group["neighbours"]]
        start = group["next"]
    assert len(seen) == len(set(seen)) == group["total"] > 20


def test_the_day_tells_what_is_valid_apart(sample_client: httpx.Client, university: str) -> None:
    way = "in.holder.RightsHolding.over"

    def states(day: str) -> list[str]:
        told = sample_client.get(
            f"/api/entities/{university}/neighbours", params={"way": way, "as_of": day, "limit": 100}
        ).json()
        return [one["state"] for one in told["groups"][0]["neighbours"]]

    assert set(states("1990-01-01")) <= {"future", "undated"}
    assert "valid" in states("2026-11-24")


def test_unknown_ways_and_ids_are_404(sample_client: httpx.Client, university: str) -> None:
    for path in ("neighbours?way=in.nothing", "neighbours?way=in.hostedBy.No.thing"):
        assert sample_client.get(f"/api/entities/{university}/{path}").status_code == 404
    assert sample_client.get(f"/api/entities/{university}/neighbours?way='").status_code == 422
    for part in ("neighbours", "history"):
        assert sample_client.get(f"/api/entities/nothing/{part}").status_code == 404
    for part in ("around", "timeline", "history"):
        assert sample_client.get(f"/{part}/nothing", headers=BROWSER).status_code == 404


def test_the_timeline_is_in_order_and_tells_what_lies_ahead(sample_client: httpx.Client, university: str) -> None:
    page = sample_client.get(f"/timeline/{university}", params={"as_of": "2020-01-01", "lang": "en"}, headers=BROWSER)
    days = [part.split('"')[0] for part in page.text.split('<time datetime="')[1:]]
    assert len(days) == 100
    assert days == sorted(days, reverse=True)
    assert page.text.count('class="later"') == sum(day > "2020-01-01" for day in days)
    assert Words("en")("page.behind") in page.text


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("part", ["around", "timeline", "history"])
def test_parts_have_pages_in_both_languages(
    sample_client: httpx.Client, university: str, part: str, language: str
) -> None:
    for node in (university, "scheme/place/2025/VN-HN"):
        page = sample_client.get(f"/{part}/{node}", params={"lang": language}, headers=BROWSER)
        assert page.status_code == 200
        assert Words(language)(f"part_of.{part}") in page.text  # type: ignore[arg-type]
        assert len(page.content) < LIMIT


def test_related_questions_are_filled_in_and_answer(sample_client: httpx.Client) -> None:
    page = sample_client.get(f"/id/{TECHNOLOGY}", params={"lang": "en"}, headers=BROWSER).text
    addresses = {part.split('"')[0] for part in page.split('href="/questions/')[1:]}
    assert f"owner_disagreements?technology={TECHNOLOGY}" in addresses
    for address in addresses:
        assert sample_client.get(f"/questions/{address}", headers=BROWSER).status_code == 200
    assert f"/experts?technology={TECHNOLOGY}" in page
    assert f"/?technology={TECHNOLOGY}" in page


def test_facts_as_csv_are_those_of_the_document(sample_client: httpx.Client) -> None:
    answer = sample_client.get(f"/id/{TECHNOLOGY}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    told = list(csv.DictReader(io.StringIO(answer.text)))
    facts = sample_client.get(f"/api/entities/{TECHNOLOGY}").json()["facts"]
    expected = {(fact["property"], fact["value"] or "", (fact["object"] or {}).get("id", "")) for fact in facts}
    assert {(row["property"], row["value"], row["object"]) for row in told} == expected
    assert all(row["record"] and row["file"] for row in told)


def test_the_sample_tells_a_history_of_all_mentions(sample_client: httpx.Client) -> None:
    told = sample_client.get(f"/api/entities/{TECHNOLOGY}/history").json()
    assert told["mentions"] == told["versions_total"] == len(told["versions"])
    assert told["links_total"] == told["mentions"] - 1
    assert {one["state"] for one in told["versions"]} == {"new"}
    assert all(one["reason"] and one["same"] for one in told["links"])


def said(source: str, name: str, place: str | None, visibility: str = "public") -> Mentions:
    told = Mentions(source, "1", 1)
    about = told.mention(ABOUT, "Enterprise")
    told.value(about, "name", name, "vi")
    told.value(about, "number", "7" if place else "8")
    told.record.visibility = visibility
    return told


def test_history_tells_what_each_load_changed_and_nothing_private(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first = said("office/a", "Công ty Ví Dụ", "x")
    (about,) = {one.subject for one in first.record.statements}
    write_load(home, Origin("office/a", "city", "test"), [first.record])
    write_load(home, Origin("office/a", "city", "test"), [said("office/a", "Công ty Ví Dụ Mới", None).record])
    correct(home, about, ("Enterprise",), "number", "9", None, "an")
    hidden = said("office/b", "Bí mật", None, visibility="curator")
    (other,) = {one.subject for one in hidden.record.statements}
    write_load(home, Origin("office/b", "city", "test"), [hidden.record])
    write_load(home, Origin("office/a", "city", "test", whole=True), [])
    subjects = [about, other]
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT unnest({subjects}) AS subject, '{about}' AS entity) TO '{tmp_path}/entities.parquet' (FORMAT parquet)"
        )
    told = HistoryReader(home, range(1, 6), tmp_path).read(about)
    assert [(one.load, one.state) for one in told.versions if one.source == "office/a"] == [
        ("000005", "gone"),
        ("000002", "changed"),
        ("000001", "new"),
    ]
    changed = next(one for one in told.versions if one.state == "changed")
    assert {one.value for one in changed.added} == {"Công ty Ví Dụ Mới", "8"}
    assert {one.value for one in changed.removed} == {"Công ty Ví Dụ", "7"}
    gone = next(one for one in told.versions if one.state == "gone")
    assert (gone.added, {one.property for one in gone.removed}) == ((), {"type", "name", "number"})
    assert "Bí mật" not in json.dumps([str(one) for one in (told.versions, told.links)], ensure_ascii=False)
    assert {one.source for one in told.versions} == {"office/a"}
