"""Search over an index that is made here: facets with their counts, exact diacritics first, suggestions."""

from collections.abc import Iterator

import pytest

from graph.links.entities import make_entities
from graph.resolve.table import make_facts, make_table
from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Origin, active, open_statements
from graph.views import search
from graph.views.facets import Narrowed
from graph.views.search import Search
from ontology.statement import ABOUT, Mentions

HANOI, HUE, COUNTRY = "scheme/place/2025/VN-HN", "scheme/place/2025/VN-26", "scheme/place/2025/VN"
NAMES = {
    "a": ("Công ty Đường Ví Dụ", HANOI, "office/a"),
    "b": ("Công ty Dương Ví Dụ", HUE, "office/a"),
    "c": ("Nhà máy đường mía Ví Dụ", HANOI, "office/b"),
    "d": ("Viện Giống cây Ví Dụ", None, "office/b"),
}


def record(key: str) -> Mentions:
    name, place, source = NAMES[key]
    said = Mentions(source, key, 1)
    about = said.mention(ABOUT, "Enterprise" if key != "d" else "ResearchInstitute")
    said.value(about, "name", name, "vi")
    if place:
        said.edge(about, "locatedIn", place)
    return said


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    home = Home(tmp_path_factory.mktemp("home"))
    for source in ("office/a", "office/b"):
        items = [record(key).record for key, (_, _, one) in NAMES.items() if one == source]
        write_load(home, Origin(source, "city", "test"), items)
    with open_statements(home, active(home)) as con:
        make_entities(con)
        make_facts(con)
        make_table(con)
        search.build(con, "resolved", home.path / "search")
    yield Search(home.path / "search")


def names(found: search.Found) -> list[str]:
    return [hit.name for hit in found.hits if hit.type != "Place"]


def facet(found: search.Found, name: str) -> dict[str, int]:
    return dict(found.facets[name])


def test_exact_diacritics_come_first_and_both_are_found(index: Search) -> None:
    for typed, first in (("đường", "đường"), ("dương", "dương"), ("Đường", "đường")):
        found = names(index.narrow(typed, Narrowed()))
        assert len(found) == 3
        assert first in found[0].lower()
    assert {hit.name for hit in index.find("duong", 10)} == {NAMES[key][0] for key in "abc"}


def test_facets_count_what_was_found_and_their_own_choice_is_left_out(index: Search) -> None:
    found = index.narrow("vi du", Narrowed())
    assert found.total == 4
    assert facet(found, "class") == {"Organization": 4, "Enterprise": 3, "ResearchInstitute": 1}
    assert facet(found, "region") == {COUNTRY: 3, HANOI: 2, HUE: 1}
    assert facet(found, "source") == {"office/a": 2, "office/b": 2}
    chosen = index.narrow("vi du", Narrowed({"region": [HANOI]}))
    assert chosen.total == 2
    assert facet(chosen, "region") == facet(found, "region")
    assert facet(chosen, "source") == {"office/a": 1, "office/b": 1}
    assert index.narrow("vi du", Narrowed({"region": [COUNTRY], "source": ["office/b"]})).total == 1


def test_all_words_are_wanted_as_long_as_something_has_them(index: Search) -> None:
    assert names(index.narrow("đường mía", Narrowed())) == [NAMES["c"][0]]
    some = index.narrow("đường xyz", Narrowed())
    assert not some.every
    assert len(names(some)) == 3


def test_pages_follow_each_other(index: Search) -> None:
    whole = names(index.narrow("vi du", Narrowed(), limit=10))
    pages = [names(index.narrow("vi du", Narrowed(), limit=2, offset=at)) for at in (0, 2, 4)]
    assert [*pages[0], *pages[1]] == whole
    assert pages[2] == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [("cong ty du", "Công ty"), ("công ty đư", NAMES["a"][0]), ("công ty dư", NAMES["b"][0]), ("mi", NAMES["c"][0])],
)
def test_the_last_word_may_be_unfinished(index: Search, typed: str, first: str) -> None:
    assert index.suggest(typed, 3, "vi")[0].name.startswith(first)


def test_what_means_something_in_a_regular_expression_is_no_suggestion(index: Search) -> None:
    assert index.suggest(".*", 5, "vi") == []
    assert index.suggest("", 5, "vi") == []
    assert index.suggest("công (ty", 5, "vi")
