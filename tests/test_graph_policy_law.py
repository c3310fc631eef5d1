"""The law is data: what the rules need is read from the Turtle file, and people read sentences of one catalogue."""

import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

import graph.policy
import ontology
from graph.policy.law import LawError, law, read_law
from graph.policy.sentences import Phrase, catalogue

LAW = Path(str(ontology.__file__)).with_name("law.ttl")
CODE = sorted(Path(str(graph.policy.__file__)).parent.glob("*.py"))
GATES = ["law", "right", "exclusive", "consent", "registration", "broker", "conflict"]


@pytest.mark.parametrize(
    ("approved", "regime"),
    [("2025-09-30", "on_request"), ("2025-10-01", "automatic"), ("2016-01-01", "on_request"), (None, "unknown")],
)
def test_the_regime_follows_the_day_of_approval(approved: str | None, regime: str) -> None:
    assert law().regime(date.fromisoformat(approved) if approved else None) == regime


def test_a_changed_day_in_the_turtle_changes_the_regime(tmp_path: Path) -> None:
    changed = tmp_path / "law.ttl"
    text = LAW.read_text(encoding="utf-8")
    changed.write_text(
        text.replace('appliesFrom "2025-10-01"', 'appliesFrom "2030-01-01"').replace(
            'Until "2025-09-30"', 'Until "2028-12-31"'
        ),
        encoding="utf-8",
    )
    found = read_law(changed)
    assert found.regime(date(2028, 12, 31)) == "on_request"
    assert found.regime(date(2029, 6, 1)) == "unknown"
    assert found.regime(date(2030, 1, 1)) == "automatic"


@pytest.mark.parametrize("gate", GATES)
def test_every_gate_has_a_basis_named_in_both_languages(gate: str) -> None:
    basis = law().basis(gate)
    assert basis
    for item in basis:
        assert item.certainty in ("v", "s", "g")
        assert set(item.names) == {"vi", "en"}


def test_the_basis_of_the_right_adds_what_belongs_to_the_regime() -> None:
    general = {item.id for item in law().basis("right")}
    for regime in ("automatic", "on_request", "unknown"):
        assert general < {item.id for item in law().basis("right", regime)}


def test_parameters_of_provisions() -> None:
    assert {item.minimum_share for item in law().by_rule("authors-share")} == {0.3}
    assert law().provision("broker-share").minimum_share == 0.1
    assert law().provision("patent-grace").grace_months == 12
    assert law().provision("listing", "prohibited").article == "11"


def test_what_the_file_lacks_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(LawError, match="no-such-rule"):
        law().by_rule("no-such-rule")
    with pytest.raises(LawError, match="no-such-gate"):
        law().basis("no-such-gate")
    broken = tmp_path / "law.ttl"
    broken.write_text(
        LAW.read_text(encoding="utf-8").replace("law:law-07-2017-art-31 .", "law:missing ."), encoding="utf-8"
    )
    with pytest.raises(LawError, match="missing"):
        read_law(broken)


def test_no_day_or_number_of_the_law_stands_in_the_code() -> None:
    said = re.compile(r"20\d\d|\bdate\(|\b0\.3\b|\b0\.1\b|Article|Điều \d")
    for path in CODE:
        assert not said.search(path.read_text(encoding="utf-8")), path.name


def test_every_sentence_is_there_in_both_languages_with_the_same_values() -> None:
    for key, words in catalogue().items():
        assert set(words) == {"vi", "en"}, key
        names = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in words.values()]
        # the names of bodies and days may stand in either or both, but a sentence has the same gaps in each language
        assert names[0] == names[1], key
        assert all(text.strip() for text in words.values()), key


def test_no_sentence_is_unused_and_none_is_missing() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in CODE)
    first = "|".join(sorted({key.split(".")[0] for key in catalogue() if "." in key}))
    used = set(re.findall(rf'"((?:{first})\.[a-z_]+)"', source)) | set(
        re.findall(r'(?:Phrase|Word)\(\s*"([a-z_.]+)"', source)
    )
    documents = {key for key in catalogue() if key.startswith("document.")}
    assert {f"step.{key.removeprefix('document.')}" for key in documents} <= used
    assert set(catalogue()) - documents == used - {"law.ttl"}


def test_values_are_worded_by_language() -> None:
    share = Phrase("step.broker_share", {"share": 0.125}, law().provision("broker-share"))
    assert "12,5%" in share.say("vi") and "12.5 %" in share.say("en")
    assert "(Decree 267/2025/NĐ-CP, Article 34(2))." in share.say("en")
    day = Phrase("right.not_valid", {"giver": "{x}", "day": date(2026, 3, 1)})
    assert "1/3/2026" in day.say("vi") and "1 Mar 2026" in day.say("en") and "{x}" in day.say("en")
