"""The researcher's notebook runs cell by cell against a real service, and its numbers are those of the sample's own file."""

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.tokens import create_token
from graph.statements.home import Home

pytestmark = pytest.mark.neo4j

NOTEBOOK = Path(__file__).parents[1] / "docs" / "notebook.ipynb"
CODE_CELLS = 6
RUN = """
import json, sys
names = {}
for at, cell in enumerate(json.load(open(sys.argv[1], encoding="utf-8"))["cells"]):
    if cell["cell_type"] == "code":
        exec(compile("".join(cell["source"]), f"cell {at}", "exec"), names)
bars = names["axes"].containers
json.dump({
    "kept": names["kept"], "newest": names["newest"],
    "by_year": [[int(year), bool(brokered), int(count)] for (year, brokered), count in names["by_year"].stack().items()],
    "brokers": names["brokers"].to_dict("records"),
    "bars": {group.get_label(): [int(bar.get_height()) for bar in group] for group in bars},
    "title": names["axes"].get_title(),
}, open(sys.argv[2], "w", encoding="utf-8"))
"""


def cells() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return found


def test_the_notebook_is_kept_without_results() -> None:
    code = [cell for cell in cells() if cell["cell_type"] == "code"]
    assert len(code) == CODE_CELLS
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


@pytest.fixture(scope="module")
def ran(sample_home: Path, sample_client: httpx.Client, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the notebook found, and what it printed."""
    curator = {"authorization": f"Bearer {create_token(Home(sample_home), 'curator', 'notebook')}"}
    assert sample_client.post("/api/snapshots", json={"title": "Notebook"}, headers=curator).status_code == 201
    out = tmp_path_factory.mktemp("notebook") / "found.json"
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(NOTEBOOK), str(out)],
        env=os.environ | {"SERVICE": str(sample_client.base_url).rstrip("/"), "MPLBACKEND": "Agg"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {**json.loads(out.read_text(encoding="utf-8")), "printed": done.stdout}


@pytest.fixture(scope="module")
def contracts(sample_home: Path) -> list[dict[str, str]]:
    with (sample_home / "sample" / "hop-dong-chuyen-giao.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_transfers_by_year_are_those_of_the_file(ran: dict[str, Any], contracts: list[dict[str, str]]) -> None:
    expected = Counter((int(row["Ngày ký"][-4:]), bool(row["Bên môi giới"])) for row in contracts if row["Ngày ký"])
    found = {(year, brokered): count for year, brokered, count in ran["by_year"] if count}
    assert found == dict(expected)
    years = sorted({year for year, _ in expected})
    assert ran["bars"] == {
        label: [expected[year, brokered] for year in years]
        for label, brokered in (("without a broker", False), ("with a broker", True))
    }
    assert ran["kept"]["snapshot"][:12] in ran["title"]


def test_the_busiest_brokers_are_those_of_the_file(ran: dict[str, Any], contracts: list[dict[str, str]]) -> None:
    counts = Counter(row["Bên môi giới"] for row in contracts if row["Bên môi giới"] and row["Ngày ký"])
    assert [row["transfers"] for row in ran["brokers"]] == sorted(counts.values(), reverse=True)[:10]
    assert all(counts[row["broker"]] == row["transfers"] for row in ran["brokers"])
    assert ran["newest"] == ran["kept"]["snapshot"]


def test_it_cites_the_kept_snapshot(ran: dict[str, Any]) -> None:
    assert ran["kept"]["citation"]["en"] in ran["printed"]
    assert f"/snapshots/{ran['kept']['snapshot']}" in ran["printed"] and "@misc{" in ran["printed"]
