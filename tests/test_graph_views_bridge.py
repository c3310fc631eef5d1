"""The bridge between Vietnamese and English: longest phrase, diacritics as they were typed, who is believed, what an added word counts."""

from pathlib import Path

import duckdb
import pytest

from graph.views.array_building import build, change
from graph.views.bilingual import SCHEME, TERM, TITLES, learn_pairs, read_bridge
from graph.views.bridge import BRIDGED, Bridge, expanded, plural, singular_forms
from ontology.glossary import Entry
from ontology.text import spell

BRIDGE = Bridge()


def said(text: str, bridge: Bridge = BRIDGE) -> dict[str, tuple[str, ...]]:
    return {one.typed: one.terms for one in bridge.find(text)}


def test_the_longest_phrase_wins() -> None:
    assert said("xử lý nước thải bằng màng") == {
        "xử lý nước thải": ("wastewater treatment", "sewage treatment"),
        "màng": ("membrane", "film"),
    }
    assert said("nước") == {"nước": ("water",)}


@pytest.mark.parametrize("text", ["XỬ LÝ NƯỚC THẢI", "  xử  lý nước thải, ", "xu ly nuoc thai"])
def test_case_space_and_missing_diacritics_do_not_matter(text: str) -> None:
    assert list(said(text).values()) == [("wastewater treatment", "sewage treatment")]


def test_typed_diacritics_mean_what_they_say() -> None:
    assert said("đường") == {"đường": ("sugar",)}
    assert said("dương") == {}
    assert said("duong") == {"duong": ("sugar",)}
    several = said("mang loc")
    assert several == {"mang loc": ("filter membrane", "filtration membrane")}
    alone = said("mang")["mang"]
    assert {"membrane", "network"} <= set(alone), "without diacritics all that it may be is meant"
    assert "network" not in said("màng")["màng"]


def test_the_place_of_the_tone_does_not_matter() -> None:
    assert said("hoá học") == {"hoá học": ("chemistry", "chemical")}
    assert said("hóa học") == {"hóa học": ("chemistry", "chemical")}


def test_english_is_bridged_to_vietnamese() -> None:
    found = said("membranes for wastewater treatment")
    assert found["membranes"] == ("màng",)
    assert found["wastewater treatment"] == ("xử lý nước thải",)


def test_english_words_that_look_like_syllables_stay_english() -> None:
    assert "in" not in said("printing in color with a laser")
    assert "may" not in said("a device that may cut metal sheets")


def test_vietnamese_without_marks_is_not_read_as_english() -> None:
    tin = Bridge([Entry(("lon",), ("can",), TERM)])
    assert said("aluminum can", tin)["can"] == ("lon",)
    assert "lon" not in said("can tau hoa", tin).get("can", ())


def test_what_is_the_same_in_both_languages_says_nothing() -> None:
    assert said("laser") == {}


def test_who_is_believed() -> None:
    entries = [
        Entry(("màng",), ("diaphragm",), TERM, "t1"),
        Entry(("bể sinh học",), ("learned tank",), TITLES),
        Entry(("bể sinh học",), ("Labelled tank",), SCHEME, "scheme/x/1/A"),
    ]
    found = Bridge(entries).find("màng và bể sinh học")
    assert [(one.typed, one.terms, one.source, one.nodes) for one in found] == [
        ("màng", ("diaphragm",), "term", ("t1",)),
        ("bể sinh học", ("learned tank",), "titles", ()),
    ]


def test_hostile_text_is_looked_up_like_any_other() -> None:
    assert said("") == {}
    assert said("\x00 \u200b <script> '; DROP ‮") == {}
    assert len(BRIDGE.find("nước " * 2000)) <= 40


def test_an_added_word_counts_less_than_a_typed_one() -> None:
    words = expanded(BRIDGE.find("xử lý nước thải bằng màng"))
    assert {"wastewater", "membrane", "membranes", "film"} <= set(words)
    assert 0 < max(words.values()) <= BRIDGED < 1
    alone = expanded(BRIDGE.find("nước"))
    assert alone["water"] == BRIDGED > words["membrane"], "of two terms for one phrase each counts less"


@pytest.mark.parametrize(
    ("word", "singular"), [("membranes", "membrane"), ("batteries", "battery"), ("boxes", "box"), ("glass", "glass")]
)
def test_singulars(word: str, singular: str) -> None:
    assert singular_forms(word)[-1] == singular
    assert word == singular or plural(singular) == word


def test_pairs_are_learned_from_titles() -> None:
    titles = [
        ("Bộ lọc gốm cho nước", "Ceramic filter for water"),
        ("Gốm chịu nhiệt", "Heat resistant ceramic"),
        ("Tấm gốm nhẹ", "Light ceramic plate"),
        ("Tấm thép nhẹ", "Light steel plate"),
        ("Ống thép", "Steel tube"),
        ("Dây thép mảnh", "Thin steel wire"),
    ]
    found = {(entry.vi[0], entry.en[0]) for entry in learn_pairs(titles)}
    assert found == {("gốm", "ceramic"), ("thép", "steel")}
    assert list(learn_pairs([])) == []
    assert list(learn_pairs(titles[:2])) == [], "two titles are no habit"


_COLUMNS = "entity VARCHAR, property VARCHAR, object VARCHAR, value VARCHAR, language VARCHAR"
Row = tuple[str, str, str | None, str | None, str | None]
ROWS: list[Row] = [
    ("scheme/x/1/A", "type", None, "Concept", None),
    ("scheme/x/1/A", "name", None, "Bể chứa", "vi"),
    ("scheme/x/1/A", "name", None, "Tank", "en"),
    ("scheme/x/1/A", "alternativeName", None, "A vessel", "en"),
    ("term", "type", None, "Concept", None),
    ("term", "name", None, "bể MBR", "vi"),
    ("term", "name", None, "membrane bioreactor", "en"),
    ("place", "type", None, "Concept", None),
    ("place", "type", None, "Place", None),
    ("place", "name", None, "Hà Nội", "vi"),
    ("place", "name", None, "Hanoi", "en"),
    ("t1", "type", None, "Technology", None),
    ("t1", "name", None, "Máy của đường", "vi"),
]


def _fill(con: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    con.execute(f"CREATE TABLE {table} ({_COLUMNS})")
    con.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?)", rows)


def test_concepts_with_both_labels_are_written_and_places_are_not(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        _fill(con, "resolved", ROWS)
        build(con, "resolved", tmp_path / "arrays")
    assert read_bridge(tmp_path / "arrays") == [
        Entry(("Bể chứa",), ("Tank", "A vessel"), SCHEME, "scheme/x/1/A"),
        Entry(("bể MBR",), ("membrane bioreactor",), TERM, "term"),
    ]
    assert read_bridge(tmp_path) == [], "arrays of before there was a bridge"


def test_words_are_kept_folded_and_as_they_are_spelled(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        _fill(con, "resolved", ROWS)
        build(con, "resolved", tmp_path / "arrays")
    words = (tmp_path / "arrays" / "words.txt").read_text(encoding="utf-8").split("\n")
    assert set(words) == {"may", "cua", "duong", spell("máy"), spell("của"), spell("đường")}


def test_a_corrected_term_makes_the_bridge_again_and_shares_the_rest(tmp_path: Path) -> None:
    corrected = [(e, p, o, "bể màng" if v == "bể MBR" else v, la) for e, p, o, v, la in ROWS]
    with duckdb.connect() as con:
        _fill(con, "resolved", ROWS)
        build(con, "resolved", tmp_path / "old")
        _fill(con, "removed", [row for row in ROWS if row not in corrected])
        _fill(con, "added", [row for row in corrected if row not in ROWS])
        _fill(con, "resolved_now", corrected)
        con.execute("DROP TABLE resolved")
        con.execute("CREATE VIEW resolved AS FROM resolved_now")
        change(con, "resolved_now", tmp_path / "old", tmp_path / "new")
    assert Bridge(read_bridge(tmp_path / "new")).find("bể màng")[0].terms == ("membrane bioreactor",)
    assert Bridge(read_bridge(tmp_path / "old")).find("bể MBR")[0].terms == ("membrane bioreactor",)
    assert (tmp_path / "new" / "words.txt").samefile(tmp_path / "old" / "words.txt")
