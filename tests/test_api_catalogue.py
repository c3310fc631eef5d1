"""Every word of the pages stands in one catalogue, in both languages, and none stands there for nothing."""

import ast
import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from api.catalogue import LANGUAGES, Words, catalogue, choose_language
from api.problem_words import Said, problem_said
from api.tokens import ROLES
from graph.answer.model import GateName, GateState
from graph.statements.audit import ACTS
from graph.statements.claims import State
from graph.views.errors import Erased

API = Path(__file__).parents[1] / "api"
USE = re.compile(r"""(?<![a-zA-Z])(?:t|_?words)\(\s*(?:"([\w.]+)"|'([\w.]+)')""")


def sources() -> dict[str, str]:
    files = [*API.glob("*.py"), *API.glob("templates/*.html")]
    return {path.name: path.read_text(encoding="utf-8") for path in files}


def used() -> set[str]:
    found = {"".join(match) for text in sources().values() for match in USE.findall(text)}
    # the keys of errors, of derived relations, of codes and of problems are made of what they are about
    return found | {key for key in catalogue() if key.startswith(("error.", "relation.", "value.", "problem."))}


def test_both_languages_have_every_key_with_the_same_blanks() -> None:
    for key, words in catalogue().items():
        assert set(words) == set(LANGUAGES), key
        blanks = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in words.values()]
        assert blanks[0] == blanks[1], key
        assert all(text.strip() for text in words.values()), key


def test_no_key_is_missing() -> None:
    whole = {key for key in used() if not key.endswith(".")}
    assert len(whole) > 100
    assert whole <= set(catalogue())


def test_no_key_is_unused() -> None:
    known = used()
    beginnings = tuple(key for key in known if key.endswith("."))
    assert {key for key in catalogue() if key not in known and not key.startswith(beginnings)} == set()


def test_keys_that_are_put_together_are_all_there() -> None:
    expected = {f"gate.{name}" for name in get_args(GateName)} | {f"state.{name}" for name in get_args(GateState)}
    expected |= {f"role.{name}" for name in ROLES} | {f"language.{name}" for name in LANGUAGES}
    expected |= {f"act.{name}" for name in ACTS} | {f"claim.state.{name}" for name in get_args(State)}
    expected |= {f"band.{name}" for name in ("high", "middle", "low")} | {f"certainty.{name}" for name in "vsg"}
    expected |= {f"part.{name}" for name in ("technology", "holder", "intermediary", "firm", "need")}
    expected |= {f"contact.{name}" for name in ("email", "telephone", "page", "other")}
    assert expected <= set(catalogue())


def test_templates_hold_no_words_of_their_own() -> None:
    for name, text in sources().items():
        if name.endswith(".html"):
            bare = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>|&\w+;", " ", text, flags=re.DOTALL)
            assert set(re.findall(r"[^\W\d_]{2,}", bare)) <= {"ttl", "openapi", "json"}, name


@pytest.mark.parametrize(
    ("asked", "kept", "accepted", "language"),
    [
        (None, None, None, "vi"),
        ("en", "vi", "vi", "en"),
        (None, "en", "vi", "en"),
        ("fr", None, "en-GB,en;q=0.9", "en"),
        (None, None, "fr, de;q=0.9", "vi"),
        (None, None, "en;q=0.3, vi-VN;q=0.8", "vi"),
        (None, None, "en;q=nonsense", "vi"),
    ],
)
def test_language_by_address_cookie_and_header(
    asked: str | None, kept: str | None, accepted: str | None, language: str
) -> None:
    assert choose_language(asked, kept, accepted) == language


def test_numbers_and_days_in_both_languages() -> None:
    vi, en = Words("vi"), Words("en")
    assert (vi.number(633092000000), en.number(633092000000)) == ("633.092.000.000", "633,092,000,000")
    assert (vi.signed(-1.5), en.signed(0.25)) == ("\u22121,50", "+0.25")
    assert (vi.day("2025-10-01"), en.day("2025-10-01T05:00:00+00:00")) == ("1/10/2025", "1 Oct 2025")
    assert vi.day("tháng 10") == "tháng 10"


def test_a_problem_is_told_in_the_language_of_the_page() -> None:
    vietnamese, english = Words("vi"), Words("en")
    written = "park: no Park is called so; near are Hòa Lạc (AbC)"
    assert problem_said(written, english) == Said("No park is called so; near are Hòa Lạc (AbC)")
    said = problem_said(written, vietnamese)
    assert said.language is None
    assert "Hòa Lạc (AbC)" in said.text
    assert "Park" not in said.text
    assert "called" not in said.text
    # a kind that the message names by a word of ours, and a full stop at the end
    assert "doanh nghiệp" in problem_said("no firm is called «<b>»; search for it first", vietnamese).text
    day = "as_of is no day; write it as 2026-12-31."
    assert problem_said(day, vietnamese) == Said("«Tính đến ngày»: ngày không hợp lệ; hãy viết như 2026-12-31.")
    assert problem_said(day, english) == Said("“As of the day” is no day; write it as 2026-12-31")
    gone = str(Erased("2026-12-01", "request"))
    assert problem_said(gone, vietnamese).text.startswith("Nội dung ở đây đã bị xóa ngày 1/12/2026; lý do: người đó")
    assert "erased on 1 Dec 2026 (reason: the person asked)" in problem_said(gone, english).text


def test_a_problem_that_nobody_translated_stays_as_it_is_and_says_so() -> None:
    assert problem_said("Something else: {x} went wrong", Words("vi")) == Said("Something else: {x} went wrong", "en")


def test_each_problem_is_what_the_code_says() -> None:
    """The English of a problem is only a pattern for a message of the code: one that nobody writes any more translates nothing."""
    written = {
        node.value
        for root in ("api", "graph", "loaders", "ontology")
        for path in (Path(__file__).parents[1] / root).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    pieces = {
        (key, piece.strip(" «».:").removeprefix("give "))
        for key, said in catalogue().items()
        if key.startswith("problem.")
        for piece in re.split(r"\{\w+\}|; ", said["en"])
    }
    assert len(pieces) > 60
    assert not [(key, piece) for key, piece in pieces if not any(piece in text for text in written)]


def test_days_are_told_as_days_in_vietnam() -> None:
    words = Words("vi")
    assert words.day("2026-11-30T20:15:58.552694+00:00") == "1/12/2026"
    assert words.day("2026-11-30T16:59:59+00:00") == "30/11/2026"
    assert words.day("2026-05-09") == "9/5/2026"
    # what only looks like digits is no day
    assert words.day("20260509") == "20260509"
    assert words.day("2010") == "2010"
