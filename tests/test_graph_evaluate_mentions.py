"""``ketnoi evaluate linking --mentions`` and what is learned from such a file. All persons here are made up."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from api.cli import app
from graph.evaluate.linking import GoldRefused
from graph.evaluate.mentions import (
    compared,
    evaluate_mentions,
    learn_from_mentions,
    link_mentions,
    person_mentions,
    read_mentions,
)
from graph.links.records.parameters import read_record_parameters

_TEXTS = ("mention_id", "given", "family", "city", "country", "title", "date", "entity_id")
_LISTS = ("organizations", "coinventors", "cpc")


def _row(number: int, given: str, family: str, entity: str, **said: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "mention_id": f"m{number}",
        "given": given,
        "family": family,
        "city": "Exampletown",
        "country": "VN",
        "organizations": ["Example Works Co., Ltd."],
        "coinventors": ["Zyx Wvutson"],
        "cpc": ["H01L21/02"],
        "title": "Membrane for the treatment of water",
        "date": "2015-06-01",
        "entity_id": entity,
    }
    return row | said


# Two bearers of one name: one writes it in three ways beside the same co-worker; the other is elsewhere, later, in another field.
_ELSEWHERE = {
    "city": "Otherville",
    "country": "US",
    "organizations": ["Another Mill Inc."],
    "coinventors": ["Qpo Nmlk"],
    "cpc": ["A61K31/00"],
    "title": "Tablet of a medicine",
    "date": "1988-01-01",
}
ROWS = [
    _row(0, "John A.", "Example", "p1"),
    _row(1, "John", "Example", "p1"),
    _row(2, "JOHN ALAN", "EXAMPLE", "p1"),
    _row(3, "John", "Example", "p2", **_ELSEWHERE),
    _row(4, "Mary", "Example", "p3"),
    _row(5, "Văn Đức", "Nguyễn", "p4"),
    _row(6, "Van Duc", "Nguyen", "p4"),
]


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    types = [(name, pa.string()) for name in _TEXTS] + [(name, pa.list_(pa.string())) for name in _LISTS]
    return pa.Table.from_pylist(rows, schema=pa.schema(types))


def _partition(rows: list[dict[str, Any]]) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for one, first in link_mentions(_table(rows), read_record_parameters()).items():
        groups.setdefault(first, set()).add(one)
    return {frozenset(group) for group in groups.values()}


def test_persons_of_the_file_are_found() -> None:
    assert _partition(ROWS) == {
        frozenset({"m0", "m1", "m2"}),
        frozenset({"m3"}),
        frozenset({"m4"}),
        frozenset({"m5", "m6"}),
    }


def test_the_gold_is_seen_by_the_scorer_alone() -> None:
    told = [row | {"entity_id": "all one"} for row in ROWS]
    assert _partition(told) == _partition(ROWS)
    without = _table(ROWS).drop_columns(["entity_id"])
    assert link_mentions(without, read_record_parameters()) == link_mentions(_table(ROWS), read_record_parameters())
    with pytest.raises(GoldRefused, match="entity_id"):
        evaluate_mentions(without, read_record_parameters())


def test_what_is_missing_in_a_row_says_nothing() -> None:
    bare = dict.fromkeys(("city", "country", "title", "date", *_LISTS))
    assert _partition(
        [_row(0, "Zyx", "Wvut", "a", **bare), _row(1, "Zyx", "Wvut", "a", **bare), _row(2, "", "", "b", **bare)]
    ) == {
        frozenset({"m0", "m1"}),
        frozenset({"m2"}),
    }


def test_mentions_of_whom_nobody_knows_who_they_are_count_for_nothing() -> None:
    unknown = [_row(7, "Zyx", "Wvut", ""), _row(8, "Qpo", "Nmlk", "")]
    more = _table([*ROWS, *(row | {"entity_id": None} for row in unknown)])
    found, known = (evaluate_mentions(table, read_record_parameters()) for table in (more, _table(ROWS)))
    assert (found["n"], found["entities"], found["pairwise"]) == (known["n"], known["entities"], known["pairwise"])


def test_offices_codes_of_countries_are_one_country() -> None:
    countries = person_mentions(
        _table([_row(at, "A", "B", "a", country=code) for at, code in enumerate(("JP", "JPX", "JA", "??"))])
    )
    assert countries["countries"].to_pylist() == [["JP"], ["JP"], ["JP"], []]


def test_figures_by_hand() -> None:
    """True persons {a, b, c} and {d}; found {a, b} and {c, d}.

    Pairs: found ab and cd, true ab, ac, bc: one of two right, one of three found. B-cubed precision: 1, 1, 1/2, 1/2; recall: 2/3,
    2/3, 1/3, 1.
    """
    found = compared({"a": 1, "b": 1, "c": 2, "d": 2}, {"a": "x", "b": "x", "c": "x", "d": "y"})
    assert found == {
        "pairwise": {"precision": 0.5, "recall": 0.3333, "f1": 0.4},
        "b_cubed": {"precision": 0.75, "recall": 0.6667, "f1": 0.7059},
    }


def test_the_command_prints_the_document(tmp_path: Path) -> None:
    pq.write_table(_table(ROWS), tmp_path / "mentions.parquet")
    said = CliRunner().invoke(app, ["evaluate", "linking", "--mentions", str(tmp_path / "mentions.parquet"), "--json"])
    found = json.loads(said.stdout)
    assert (found["n"], found["entities"]) == (7, 4)
    assert found["pairwise"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    # by exact name m1 meets m3 only, m5 meets m6: one of two pairs right, one of four found
    assert found["baselines"]["exact_name"]["pairwise"] == {"precision": 0.5, "recall": 0.25, "f1": 0.3333}
    # by initial m0 to m3 are one: four of seven pairs right, all found
    assert found["baselines"]["family_and_initial"]["pairwise"] == {"precision": 0.5714, "recall": 1.0, "f1": 0.7273}


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.parquet").write_text("no Parquet", encoding="utf-8")
    with pytest.raises(GoldRefused, match="Parquet"):
        read_mentions(tmp_path / "text.parquet")
    pq.write_table(pa.table({"given": ["John"]}), tmp_path / "short.parquet")
    with pytest.raises(GoldRefused, match="no column mention_id, family"):
        read_mentions(tmp_path / "short.parquet")
    said = CliRunner().invoke(app, ["evaluate", "linking", "--mentions", str(tmp_path / "short.parquet")])
    assert said.exit_code == 1
    assert isinstance(said.exception, GoldRefused)


def test_learning_looks_at_no_label_and_is_repeatable() -> None:
    rows = [
        _row(
            10 * at + copy,
            f"Given{at}",
            f"Family{at % 7}",
            f"p{at}",
            coinventors=[f"Co{at} Worker"],
            cpc=[f"H0{at % 9}L21/00"],
        )
        for at in range(60)
        for copy in range(3)
    ]
    learned = learn_from_mentions(_table(rows), "2026-01-01")
    assert learned == learn_from_mentions(_table([row | {"entity_id": "one"} for row in rows]), "2026-01-01")
    # the same co-worker is named in all pairs of one person and in none of two
    m, u = (table["coworkers"] for table in (learned.kinds["person"].m, learned.kinds["person"].u))
    assert sum(m[:3]) > 0.9
    assert u[3] > 0.9
