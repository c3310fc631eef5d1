"""Evaluation of linking: what is counted, worked out by hand, and the command over files of made-up bodies."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from api.cli import app
from graph.evaluate.bootstrap import interval
from graph.evaluate.linking import GoldRefused, Row, evaluate_linking, read_gold
from graph.evaluate.linking_baselines import Bm25, by_exact_name
from graph.links.records.parameters import read_organization_parameters
from graph.links.strings.bodies import NAME, Body
from graph.links.strings.parameters import read_parameters

REAL = Path(__file__).parents[2] / "shared" / "data"


def record(
    key: str, name: str, city: str, country: str = "Vietnam", code: str = "VN", **more: object
) -> dict[str, object]:
    """A record of made-up content in the form of ROR's schema 2."""
    return {
        "id": f"https://ror.org/{key}",
        "names": [{"lang": "en", "types": ["ror_display", "label"], "value": name}],
        "locations": [{"geonames_details": {"name": city, "country_code": code, "country_name": country}}],
        "types": ["education"],
        "links": [],
        "external_ids": [],
        "relationships": [],
        "status": "active",
        **more,
    }


RECORDS = [
    record("0aaaaaa01", "Examplebridge Technical University", "Hanoi"),
    record("0aaaaaa02", "Sampleton Institute of Oceanography", "Haiphong"),
    record("0aaaaaa03", "Placeholder Medical College", "Oslo", "Norway", "NO"),
    record(
        "0aaaaaa04",
        "Old Examplebridge Polytechnic",
        "Hanoi",
        status="withdrawn",
        relationships=[
            {"label": "Examplebridge Technical University", "type": "successor", "id": "https://ror.org/0aaaaaa01"}
        ],
    ),
]
GOLD = """name,id,country
"Dept. of Physics, Examplebridge Technical University, Hanoi, Vietnam",https://ror.org/0aaaaaa01,VN
"Sampleton Institute of Oceanography, Haiphong",0aaaaaa02|0zzzzzz99,
"Old Examplebridge Polytechnic, Hanoi",0aaaaaa04,
"Placeholder Medical College, Oslo, Norway",,
"Academy of Nothing, Nowhere",,
"Institute of Elsewhere, Paris, France",0zzzzzz98,FR
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    gold, against = tmp_path / "gold.csv", tmp_path / "register.jsonl.gz"
    gold.write_text(GOLD, encoding="utf-8")
    with gzip.open(against, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(item) + "\n" for item in RECORDS)
    return gold, against


def test_the_command_counts_as_the_contract_says(files: tuple[Path, Path]) -> None:
    gold, against = files
    said = CliRunner().invoke(app, ["evaluate", "linking", "--gold", str(gold), "--against", str(against), "--json"])
    assert said.exit_code == 0, said.output
    found = json.loads(said.stdout)
    # links: rows 1, 2 and 3 right (a withdrawn record is its heir), row 4 links what the gold says is nobody
    assert found["n"] == 6
    assert found["registry"] == 3
    assert found["precision"] == 3 / 4
    # ids left: one each in rows 1 to 3
    assert (found["recall"], found["mrr"]) == (1.0, 1.0)
    assert found["f1"] == pytest.approx(2 * 0.75 / 1.75)
    # without an id left: rows 4, 5, 6; nobody was linked in 5 and 6
    assert (found["nil_precision"], found["nil_recall"]) == (1.0, pytest.approx(2 / 3))
    assert found["named_outright"] == 1
    assert found["per_second"] > 0
    assert set(found["baselines"]) == {"exact_name", "bm25"}
    assert found["baselines"]["exact_name"]["precision"] == 3 / 4
    low, high = found["ci95"]["recall"]
    assert low == high == 1.0


def test_the_command_in_words(files: tuple[Path, Path]) -> None:
    gold, against = files
    said = CliRunner().invoke(app, ["evaluate", "linking", "--gold", str(gold), "--against", str(against)])
    assert said.exit_code == 0
    assert said.stdout.startswith("6 strings against 3 bodies, parameters of ")
    assert "ketnoi: precision 0.750, recall 1.000" in said.stdout


def test_learning_from_a_register_writes_a_file(files: tuple[Path, Path], tmp_path: Path) -> None:
    arguments = ["learn", "linking", "--against", str(files[1]), "--strings", "100", "--out", str(tmp_path / "learned")]
    said = CliRunner().invoke(app, [*arguments, "--json"])
    assert said.exit_code == 0, said.output
    first = Path(json.loads(said.stdout)["file"]).read_bytes()
    assert read_parameters(tmp_path / "learned").bodies == 3
    assert read_organization_parameters(Path(json.loads(said.stdout)["records"]).parent).bodies == 3
    again = CliRunner().invoke(app, [*arguments, "--json"])
    assert Path(json.loads(again.stdout)["file"]).read_bytes() == first


def test_gold_files_and_their_headers(tmp_path: Path) -> None:
    file = tmp_path / "gold.csv"
    file.write_text(
        "original_affiliation,labels\nA,\"{'https://ror.org/0a', 'https://ror.org/0b'}\"\nB,set()\n", encoding="utf-8"
    )
    assert read_gold(file) == [Row("A", frozenset({"0a", "0b"})), Row("B", frozenset())]
    file.write_text("\ufeffname,id,country\nA,0a|https://ror.org/0b,vn\n", encoding="utf-8")
    assert read_gold(file) == [Row("A", frozenset({"0a", "0b"}), "VN")]
    file.write_text("title,code\nA,0a\n", encoding="utf-8")
    with pytest.raises(GoldRefused, match="needs the columns name and id; it has title, code"):
        read_gold(file)


BODIES = [
    Body("x", [(NAME, "Red Square University", "en")]),
    Body("y", [(NAME, "Red Circle University", "en")]),
    Body("z", [(NAME, "Twin College", "en")]),
    Body("w", [(NAME, "Twin College", "en")]),
]


def test_the_exact_name_links_only_where_one_body_has_it() -> None:
    texts = ["red square university, Hanoi", "Twin College", "Red Square"]
    assert by_exact_name(BODIES, texts) == [[("x", True)], [("w", False), ("z", False)], []]


def test_bm25_prefers_the_rarer_word() -> None:
    # both have "university"; only y has "circle"
    assert Bm25(BODIES).link(["circle university"])[0][:2] == [("y", True), ("x", False)]
    assert Bm25(BODIES).link(["nothing known"]) == [[]]


def test_an_interval_of_rows_that_agree_is_a_point_and_else_holds_the_figure() -> None:
    rows = np.array([[1.0, 1.0]] * 50 + [[0.0, 1.0]] * 50)

    def share(sums: np.ndarray) -> float:
        return float(sums[0] / sums[1])

    assert interval(rows[:50], share) == (1.0, 1.0)
    low, high = interval(rows, share)
    # the normal interval of a share of one half in 100 rows is 0.5 ± 1.96 · 0.05
    assert low == pytest.approx(0.402, abs=0.03)
    assert high == pytest.approx(0.598, abs=0.03)


@pytest.mark.real
@pytest.mark.skipif(not REAL.is_dir(), reason="the real records are not beside the project")
def test_real_affiliations_against_the_register() -> None:
    from api.commands.evaluating import read_register

    rows = read_gold(REAL / "affiliations" / "s2aff-train-val.csv")
    found = evaluate_linking(rows, read_register(REAL / "ror" / "all-latest.jsonl.gz"), read_parameters())
    assert found["n"] == 1720
    assert found["mrr"] > 0.93
    assert found["f1"] > found["baselines"]["bm25"]["f1"] + 0.2
    assert found["f1"] > found["baselines"]["exact_name"]["f1"] + 0.2
