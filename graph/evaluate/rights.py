"""Cases of rights from a file, answered by the service's own code and compared with what is expected of them."""

from collections.abc import Iterator, Mapping
from math import isclose
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from graph.policy.case import Case, problem
from graph.policy.law import Language
from graph.policy.rights import Verdict, decide

_SLACK = 5e-4
"""Two shares are equal where they agree to three digits: people write a third as 0.333."""


def evaluate_rights(path: Path, language: Language = "vi") -> dict[str, Any]:
    """Answer one case a line (JSON).

    ``n`` counts the lines that are not blank. ``agree`` is the number of cases all of whose expected keys equal the
    answer, None where no case expects anything; in a case ``agree`` is true, false or None likewise. A line that is no
    case has no answer: it stands in ``refused`` with its number and what is wrong with it, and it stays in ``n``, so
    that leaving it out flatters nobody.

    :raises OSError: where the file can't be read
    """
    cases: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for number, line in _lines(path):
        try:
            case = _read(line)
        except ValidationError as error:
            refused.append({"line": number, "reason": problem(error)})
        except ValueError as error:
            refused.append({"line": number, "reason": str(error)})
        else:
            cases.append(_answer(case, language))
    judged = [case["agree"] for case in cases if case["agree"] is not None]
    return {
        "n": len(cases) + len(refused),
        "agree": sum(judged) if judged else None,
        "cases": cases,
        "refused": refused,
    }


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            text = line.removeprefix(b"\xef\xbb\xbf").strip()
            if text:
                yield number, text


def _read(line: bytes) -> Case:
    """A case as JSON says it: a day is an ISO date, true is no text.

    :raises ValueError: where it is no case, or expects a key that no answer has
    """
    case = Case.model_validate_json(line, strict=True)
    strange = sorted(set(case.expected or ()) - set(Verdict.model_fields))
    if strange:
        known = ", ".join(Verdict.model_fields)
        raise ValueError(f"expected: unknown key {', '.join(strange)}; the keys of an answer are {known}")
    return case


def _answer(case: Case, language: Language) -> dict[str, Any]:
    answer = {"id": case.id, **decide(case, language).model_dump(mode="json")}
    agree = all(_equal(answer[key], value) for key, value in case.expected.items()) if case.expected else None
    return {**answer, "agree": agree}


def _equal(said: Any, expected: Any) -> bool:
    """Equal as people write it: shares to three digits, nothing of a share is no share, provisions by id or whole."""
    if isinstance(said, dict) and isinstance(expected, dict):
        return _same_shares(said, expected)
    if isinstance(said, list) and said and isinstance(said[0], dict):
        return expected in (said, [item["id"] for item in said])
    return bool(said == expected)


def _same_shares(said: Mapping[str, float], expected: Mapping[str, Any]) -> bool:
    return all(
        isinstance(share := expected.get(owner, 0), int | float) and isclose(said.get(owner, 0), share, abs_tol=_SLACK)
        for owner in {*said, *expected}
    )
