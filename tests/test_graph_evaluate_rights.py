"""Cases of rights from a file: answered one by one, compared with what is expected, faults reported by line."""

import json
from pathlib import Path
from typing import Any

import pytest

from graph.evaluate.rights import evaluate_rights
from tests.conftest import ketnoi

HOLDING = {"holder": "O", "power": "own", "territory": "*", "field": "*"}
CASE = {
    "id": "a",
    "on": "2026-03-01",
    "holdings": [HOLDING],
    "listed": "none",
    "ask": {"from": "O", "to": "T", "form": "licence", "cross_border": False, "territory": "VN-HN", "field": "A61K"},
}
THIRDS = {
    "approved": "2026-01-05",
    "host": "H",
    "holdings": None,
    "funding": [{"by": "S", "state": True, "amount": 1}, {"by": "F", "state": False, "amount": 2}],
}
KEYS = {"id", "regime", "shares", "may", "gate", "registration", "reason", "basis", "next_steps", "agree"}


def evaluate(path: Path, *lines: dict[str, Any] | str) -> dict[str, Any]:
    file = path / "cases.jsonl"
    text = "\n".join(
        line if isinstance(line, str) else json.dumps({**CASE, **line}, ensure_ascii=False) for line in lines
    )
    file.write_text(text, encoding="utf-8")
    return evaluate_rights(file)


def test_a_case_is_answered_with_the_keys_of_the_contract(tmp_path: Path) -> None:
    said = evaluate(tmp_path, {})
    assert (said["n"], said["agree"], said["refused"]) == (1, None, [])
    (case,) = said["cases"]
    assert set(case) == KEYS
    assert (case["id"], case["may"], case["gate"], case["agree"]) == ("a", "yes", None, None)
    assert case["basis"] and json.dumps(said)


def test_agreement_counts_the_cases_all_of_whose_expected_keys_are_equal(tmp_path: Path) -> None:
    said = evaluate(
        tmp_path,
        {"id": "right", "expected": {"may": "yes", "gate": None}},
        {"id": "half", "expected": {"may": "yes", "registration": "required"}},
        {"id": "none"},
        {"id": "empty", "expected": {}},
    )
    assert [case["agree"] for case in said["cases"]] == [True, False, None, None]
    assert (said["n"], said["agree"]) == (4, 1)


@pytest.mark.parametrize(
    ("shares", "agree"),
    [
        ({"H": 0.333, "F": 0.667}, 1),
        ({"H": 0.3333, "F": 0.6667, "Z": 0}, 1),
        ({"H": 0.33, "F": 0.67}, 0),
        ({"H": 1 / 3}, 0),
        ({"H": "a third", "F": 2 / 3}, 0),
        ([], 0),
    ],
)
def test_shares_are_compared_to_three_digits(tmp_path: Path, shares: Any, agree: int) -> None:
    assert evaluate(tmp_path, {**THIRDS, "expected": {"shares": shares}})["agree"] == agree


def test_a_basis_may_be_expected_by_its_ids(tmp_path: Path) -> None:
    changes = {"listed": "prohibited"}
    basis = evaluate(tmp_path, changes)["cases"][0]["basis"]
    ids = [item["id"] for item in basis]
    assert evaluate(tmp_path, {**changes, "expected": {"basis": ids}})["agree"] == 1
    assert evaluate(tmp_path, {**changes, "expected": {"basis": basis}})["agree"] == 1
    assert evaluate(tmp_path, {**changes, "expected": {"basis": ids[:1]}})["agree"] == 0


def test_a_line_that_is_no_case_is_reported_with_its_number_and_stays_counted(tmp_path: Path) -> None:
    said = evaluate(
        tmp_path,
        {"id": "good", "expected": {"may": "yes"}},
        "",
        "{not json",
        "[1]",
        {"approvd": "2026-01-01"},
        {"on": 20260301},
        {"certificate": "yes"},
        {"expected": {"verdict": "yes"}},
        '{"id": ' + "[" * 100_000,
        {"id": "last"},
    )
    assert [item["line"] for item in said["refused"]] == [3, 4, 5, 6, 7, 8, 9]
    assert all(item["reason"] for item in said["refused"])
    assert "approvd: unknown key" in said["refused"][2]["reason"]
    assert "verdict" in said["refused"][5]["reason"]
    assert (said["n"], said["agree"]) == (9, 1)
    assert [case["id"] for case in said["cases"]] == ["good", "last"]


def test_bytes_that_are_no_utf8_and_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(CASE).encode() + b"\r\n" + b'{"id": "\xff"}\r\n')
    said = evaluate_rights(file)
    assert [case["id"] for case in said["cases"]] == ["a"]
    assert [item["line"] for item in said["refused"]] == [2]


def test_a_key_left_out_and_null_mean_the_same(tmp_path: Path) -> None:
    optional = ("approved", "host", "funding", "authors", "decisions", "consents", "permit", "certificate", "expected")
    left_out, null = evaluate(tmp_path, {}, dict.fromkeys(optional))["cases"]
    assert left_out == null


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        evaluate_rights(tmp_path / "none.jsonl")


def test_the_terminal_says_what_was_refused_and_what_differs(tmp_path: Path) -> None:
    evaluate(tmp_path, {"id": "good", "expected": {"may": "yes"}, **THIRDS}, {"listed": "maybe"})
    done = ketnoi(tmp_path, "evaluate", "rights", "--cases", str(tmp_path / "cases.jsonl"))
    first, answered, refused = done.stdout.splitlines()
    assert first == "cases 2, refused 1, agree 0"
    assert "regime automatic, shares H 0.333, F 0.667" in answered and "DIFFERS" in answered
    assert refused.startswith("line 2 refused: listed: ")


def test_nothing_answered_is_a_failure(tmp_path: Path) -> None:
    evaluate(tmp_path, "nonsense")
    done = ketnoi(tmp_path, "evaluate", "rights", "--cases", str(tmp_path / "cases.jsonl"), "--json", check=False)
    assert done.returncode == 1
    assert json.loads(done.stdout)["refused"][0]["line"] == 1
