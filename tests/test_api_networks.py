"""Networks over HTTP: counts by year are those of the sample's files, every file opens, names are escaped."""

import csv
import io
from collections import Counter
from pathlib import Path

import httpx
import networkx as nx
import pytest
from openpyxl import load_workbook

from api.catalogue import Words
from graph.questions.networks import projections

BROWSER = {"accept": "text/html"}
UNTIL = "2026-11-24"
"""All contracts of the sample were signed before this day."""


def contracts_by_year(home: Path) -> Counter[int]:
    """Services rendered and brokered transfers of the sample's files, by year: each has one broker and one client."""
    sheet = load_workbook(home / "sample" / "hop-dong-dich-vu.xlsx").worksheets[0]
    rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    head = next(at for at, row in enumerate(rows) if "Số hợp đồng" in row)
    day = rows[head].index("Ngày thực hiện")
    found = Counter(int(row[day][:4]) for row in rows[head + 1 :] if row[0])
    with (home / "sample" / "hop-dong-chuyen-giao.csv").open(encoding="utf-8-sig", newline="") as file:
        found.update(int(row["Ngày ký"][-4:]) for row in csv.DictReader(file) if row["Bên môi giới"])
    return found


def fetch(client: httpx.Client, name: str, **parameters: str) -> httpx.Response:
    return client.get(f"/api/networks/{name}", params={"as_of": UNTIL, **parameters})


def test_the_list_names_every_projection(sample_client: httpx.Client) -> None:
    listed = sample_client.get("/api/networks").json()["networks"]
    assert [one["name"] for one in listed] == list(projections())
    assert len(listed) == 5
    page = sample_client.get("/networks", headers=BROWSER).text
    assert all(f'href="/networks/{name}"' in page for name in projections())


def test_brokers_and_firms_are_counted_as_in_the_files(sample_home: Path, sample_client: httpx.Client) -> None:
    expected = contracts_by_year(sample_home)
    # 250 services, and of 150 transfers those with a broker
    assert sum(expected.values()) == 250 + 127
    years = fetch(sample_client, "broker_firm").json()["years"]
    assert {one["year"]: one["weight"] for one in years} == dict(expected)


@pytest.mark.parametrize("name", list(projections()))
def test_every_file_opens_with_the_counts_of_the_page(sample_client: httpx.Client, name: str) -> None:
    years = {one["year"]: (one["ties"], one["weight"]) for one in fetch(sample_client, name).json()["years"]}
    assert years

    def counted(ties: list[tuple[int | None, int]]) -> dict[int | None, tuple[int, int]]:
        weights: Counter[int | None] = Counter()
        for year, weight in ties:
            weights[year] += weight
        pairs = Counter(year for year, _ in ties)
        return {year: (pairs[year], weights[year]) for year in pairs}

    answer = fetch(sample_client, name, format="csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert f'filename="{name}-' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert counted([(int(row["year"]) if row["year"] else None, int(row["weight"])) for row in rows]) == years
    assert all(row["source_name"] and row["target_name"] for row in rows)
    graph = nx.read_graphml(io.BytesIO(fetch(sample_client, name, format="graphml").content))
    assert counted([(data.get("year"), data["weight"]) for *_, data in graph.edges(data=True)]) == years
    graph = nx.read_gexf(io.BytesIO(fetch(sample_client, name, format="gexf").content))
    dated = [
        (int(start[:4]), weight) for *_, data in graph.edges(data=True) for weight, start, _ in data.get("yearly", ())
    ]
    undated = [(None, data["undated"]) for *_, data in graph.edges(data=True) if "undated" in data]
    assert counted(dated + undated) == years
    assert graph.is_directed() is projections()[name].directed


def test_years_are_chosen_and_the_same_question_gives_the_same_bytes(sample_client: httpx.Client) -> None:
    chosen = fetch(sample_client, "broker_firm", **{"from": "2019", "until": "2020"}).json()["years"]
    assert [one["year"] for one in chosen] == [2019, 2020]
    first, second = (fetch(sample_client, "broker_firm", format="gexf").content for _ in range(2))
    assert first == second


def test_what_happened_after_the_day_is_left_out(sample_client: httpx.Client) -> None:
    years = fetch(sample_client, "broker_firm", as_of="2019-12-31").json()["years"]
    assert max(one["year"] for one in years) == 2019


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", list(projections()))
def test_every_network_has_a_page_that_works_without_scripts(
    sample_client: httpx.Client, name: str, language: str
) -> None:
    page = sample_client.get(
        f"/networks/{name}", params={"lang": language, "as_of": UNTIL, "from": "2018"}, headers=BROWSER
    )
    assert page.status_code == 200
    assert projections()[name].definition[language] in page.text.replace("&#39;", "'")
    # the picture is added by one script of ours; what it shows is told in lists, and none of it stands in the page as script
    assert page.text.count("<script") == page.text.count('<script type="module" src="/static/built/network-')
    assert Words(language)("network.communities", count="").strip() in page.text  # type: ignore[arg-type]
    for kind in ("csv", "gexf", "graphml"):
        href = f"/api/networks/{name}?format={kind}&amp;from=2018&amp;as_of={UNTIL}&amp;language={language}"
        assert f'href="{href}"' in page.text
        assert sample_client.get(href.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/networks/nobody", 404),
        ("/networks/nobody", 404),
        ("/api/networks/broker_firm?format=xlsx", 422),
        ("/api/networks/broker_firm?from=0", 422),
        ("/api/networks/broker_firm?until=12345", 422),
        ("/api/networks/broker_firm?as_of=2026-13-01", 422),
        ("/networks/broker_firm?from=abc", 422),
    ],
)
def test_what_is_not_there_or_not_understood_says_so(sample_client: httpx.Client, path: str, status: int) -> None:
    assert sample_client.get(path).status_code == status


def test_the_picture_holds_communities_and_brokers(sample_client: httpx.Client) -> None:
    told = sample_client.get("/api/networks/broker_firm/communities", params={"as_of": UNTIL, "language": "en"}).json()
    assert sum(told["communities"]) == told["nodes_total"] == len(told["nodes"])
    ids = {node["id"] for node in told["nodes"]}
    assert ids == {line[end] for line in told["lines"] for end in ("source", "target")}
    roles = sample_client.get("/api/questions/brokerage_roles", params={"as_of": UNTIL}).json()["rows"]
    brokers = {row["broker"] for row in roles} & ids
    assert {node["id"] for node in told["nodes"] if node["said"]} == brokers
    acts = Counter[str]()
    for row in roles:
        acts[row["broker"]] += sum(value for key, value in row.items() if key not in ("year", "broker"))
    for node in told["nodes"]:
        if node["said"]:
            assert f"of {acts[node['id']]} acts" in node["said"]


def test_one_snapshot_has_one_picture(sample_client: httpx.Client) -> None:
    asked = {"as_of": UNTIL, "language": "vi"}
    one, other = (sample_client.get("/api/networks/co_inventor/communities", params=asked) for _ in range(2))
    assert one.content == other.content
