"""Linking of persons as records: names, what is learned, groups. All persons here are made up."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from graph.links.records.clustering import CONSIDERED, apart, groups_of, joining, strongest
from graph.links.records.comparisons import Comparison, Kind, Learned, Level, reasons
from graph.links.records.family_words import family_word
from graph.links.records.learning import fit
from graph.links.records.model import Pairs, predict
from graph.links.records.names import Frequencies, read_name
from graph.links.records.parameters import (
    ParametersMissing,
    RecordParameters,
    read_record_parameters,
    write_record_parameters,
)
from graph.links.records.person_mentions import make_person_mentions
from graph.links.records.persons import MENTIONS, PERSONS, make_person_records
from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Origin, active, connect, open_statements
from ontology.statement import ABOUT, Mentions, mention_id


@pytest.mark.parametrize(
    ("text", "family", "given"),
    [
        ("Nguyễn Văn Đức", "nguyen", "vanduc"),
        ("Nguyen Van Duc", "nguyen", "vanduc"),
        ("PGS.TS. Trần Thị Hạnh Phúc", "tran", "thihanhphuc"),
        ("GS. TS. Lê Ví Dụ", "le", "vidu"),
        ("Duc Van Nguyen", "nguyen", "ducvan"),
        ("Duc Nguyen Van", "nguyen", "ducvan"),
        ("Jean Le Roy", "roy", "jeanle"),
        ("John A. Example, Jr.", "example", "johna"),
        ("Example, John A.", "example", "johna"),
        ("Seung-June Yi", "yi", "seungjune"),
    ],
)
def test_names_in_parts(text: str, family: str, given: str) -> None:
    name = read_name(text)
    assert name is not None
    assert (name.family, name.given) == (family, given)


@pytest.mark.parametrize("text", ["", "Đức", "Nguyễn", "!!!", "GS.TS.", "PGS. Đức"])
def test_what_is_no_full_name_is_none(text: str) -> None:
    assert read_name(text) is None


def test_word_order_makes_no_other_name() -> None:
    one, other = read_name("Nguyễn Văn Đức"), read_name("Duc Van Nguyen")
    assert one is not None and other is not None
    assert (one.family, one.given_sorted) == (other.family, other.given_sorted)


def test_namesakes_by_counted_parts_and_by_vietnamese_shares() -> None:
    frequencies = Frequencies(1000, {"example": 50}, {"john": 20})
    name = read_name("John Example")
    assert name is not None
    assert frequencies.namesakes(name) == 20 * 50 / 1000
    rare = read_name("Zyx Wvut")
    assert rare is not None
    assert frequencies.namesakes(rare) == 1 / 1000
    # 38.4 % of 100,000 are called Nguyễn, of whom one in 1,500 shares two syllables
    common = read_name("Nguyễn Văn Đức")
    assert common is not None
    assert frequencies.namesakes(common) == pytest.approx(25.6)


def test_of_two_counts_the_larger_one_is_taken() -> None:
    one, other = Frequencies(100, {"a": 5}, {"b": 2}), Frequencies(70, {"a": 9, "c": 1}, {})
    assert one.with_counts(other) == Frequencies(100, {"a": 9, "c": 1}, {"b": 2})


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Samsung Display Co., Ltd.", "samsung"),
        ("University of Example", None),
        ("Viện Công nghệ Ví Dụ", None),
        ("Công ty Cổ phần Ví Dụ", None),
        ("", None),
    ],
)
def test_the_word_that_tells_a_family_of_organisations(name: str, word: str | None) -> None:
    assert family_word(name) == word


def _kind(*sizes: int) -> Kind:
    comparisons = tuple(
        Comparison(f"c{at}", "false", tuple(Level("ELSE", f"c{at} level {level}") for level in range(size)))
        for at, size in enumerate(sizes)
    )
    return Kind("made up", "none", comparisons, (), "false", "none")


def test_the_fit_finds_what_was_planted() -> None:
    """10 % of the pairs are one body; two comparisons of two levels and one of three tell them, independently."""
    prior = 0.1
    m, u = [(0.9, 0.1), (0.8, 0.2), (0.7, 0.2, 0.1)], [(0.05, 0.95), (0.1, 0.9), (0.01, 0.09, 0.9)]
    outcomes = np.array([(a, b, c) for a in range(2) for b in range(2) for c in range(3)])
    counts = np.array(
        [
            1e7 * (prior * m[0][a] * m[1][b] * m[2][c] + (1 - prior) * u[0][a] * u[1][b] * u[2][c])
            for a, b, c in outcomes
        ]
    )
    learned = fit(_kind(2, 2, 3), outcomes, counts)
    assert learned.prior == pytest.approx(prior, abs=0.002)
    for at in range(3):
        assert learned.m[f"c{at}"] == pytest.approx(m[at], abs=0.01)
        assert learned.u[f"c{at}"] == pytest.approx(u[at], abs=0.01)


def test_a_level_that_was_never_seen_is_not_impossible() -> None:
    learned = fit(_kind(3), np.array([[0], [2]]), np.array([10.0, 90.0]))
    assert all(share > 0 for share in (*learned.m["c0"], *learned.u["c0"]))


def _pairs(*said: tuple[int, int, float]) -> Pairs:
    left, right, probability = zip(*said, strict=True)
    return Pairs(np.array(left), np.array(right), np.array(probability), np.zeros((len(said), 1), dtype=np.int8))


def _odds(value: float) -> float:
    return float(1 / (1 + np.exp(-value)))


def test_one_mistaken_pair_joins_no_two_persons() -> None:
    """Of nine pairs between {0,1,2} and {3,4,5} one is likely: their mean, (5 − 8 · 7) / 9, is far below what joins."""
    sure = [(a, b, _odds(6)) for group in ((0, 1, 2), (3, 4, 5)) for a in group for b in group if a < b]
    assert groups_of(7, _pairs(*sure, (2, 3, _odds(5)))).tolist() == [0, 0, 0, 3, 3, 3, 6]
    # three of nine: (3 · 5 − 6 · 7) / 9 is −3 exactly, which joins; two are (10 − 49) / 9, which do not
    linking = [(0, 3, _odds(5)), (1, 4, _odds(5)), (2, 5, _odds(5.1))]
    assert groups_of(7, _pairs(*sure, *linking)).tolist() == [0, 0, 0, 0, 0, 0, 6]
    assert groups_of(7, _pairs(*sure, *linking[:2])).tolist() == [0, 0, 0, 3, 3, 3, 6]


def test_groups_do_not_depend_on_the_order_of_the_pairs() -> None:
    random = np.random.default_rng(3)
    said = [
        (a, b, float(random.uniform(CONSIDERED, 1)))
        for a in range(30)
        for b in range(a + 1, 30)
        if random.random() < 0.3
    ]
    found = groups_of(30, _pairs(*said))
    assert 1 < len(set(found.tolist())) < 30
    for _ in range(5):
        random.shuffle(said)
        assert (groups_of(30, _pairs(*said)) == found).all()


def test_the_strongest_pairs_hold_each_group_together() -> None:
    pairs = _pairs((0, 1, 0.9), (0, 2, 0.8), (1, 2, 0.99), (3, 4, 0.7), (2, 3, 0.02))
    group = groups_of(6, pairs)
    assert group.tolist() == [0, 0, 0, 3, 3, 5]
    assert strongest(6, pairs, group).tolist() == [0, 2, 3]


def test_groups_apart_are_as_probable_as_their_best_pair_and_their_mean_allow() -> None:
    """The mean of {0, 1} and {2} is (2 − 7) / 2, 0.5 above what joins, and says less than their best pair; so is that of {0, 1} and
    {3, 4}, (1 + 2 − 2 · 7) / 4. {2} and {5} have one pair, −1. The best pair of {3, 4} and {5} is below all that a mean can be."""
    pairs = _pairs(
        (0, 1, _odds(4)), (1, 2, _odds(2)), (0, 3, _odds(1)), (1, 4, _odds(2)), (2, 5, _odds(-1)), (3, 5, _odds(-9))
    )
    best, probability = apart(pairs, np.array([0, 0, 2, 3, 3, 5]))
    found = {(int(pairs.left[at]), int(pairs.right[at])): p for at, p in zip(best, probability, strict=True)}
    assert found == {
        (1, 2): pytest.approx(_odds(-2.5 + 3)),
        (1, 4): pytest.approx(_odds(-11 / 4 + 3)),
        (2, 5): pytest.approx(_odds(-1)),
        (3, 5): pytest.approx(_odds(-9)),
    }
    assert [len(one) for one in apart(pairs, np.zeros(6, dtype=np.int64))] == [0, 0]


def test_a_newcomer_joins_one_of_those_who_stood_apart() -> None:
    """0–1 and 2–3 are two persons; 4 is near to both, nearer to the second; 5 is near to 4 alone; 6 to nobody."""
    pairs = _pairs((0, 4, 0.9), (1, 4, 0.9), (2, 4, 0.95), (3, 4, 0.95), (4, 5, 0.8), (0, 6, 0.3))
    known = np.array([[1, 0], [3, 2]])
    # 5 would have to be near to the whole of 2, 3, 4: (1.4 − 7 − 7) / 3 is below −3
    assert joining(7, pairs, known, np.array([4, 5, 6])).tolist() == [2]
    # with 2 and 3 newcomers too, 4 joins the first of them that is as near, and 5 has (1.4 − 7) / 2
    assert joining(7, pairs, known[:1], np.array([2, 3, 4, 5, 6])).tolist() == [2, 4]


def test_a_newcomer_who_is_near_to_one_of_many_joins_none() -> None:
    """The mean over a group of ten with one likely pair: (5 − 9 · 7) / 10."""
    known = np.array([[at, 0] for at in range(1, 10)])
    assert joining(11, _pairs((0, 10, _odds(5))), known, np.array([10])).tolist() == []
    assert joining(2, _pairs((0, 1, _odds(5))), known[:0], np.array([1])).tolist() == [0]


def _mention(name: str, **said: Any) -> dict[str, Any]:
    lists = ("people", "organisations", "organisation_words", "cities", "countries", "fields", "broad_fields", "words")
    return {
        "name": name,
        "family_name": None,
        "first_year": None,
        "last_year": None,
        **{one: [] for one in lists},
        **said,
    }


def _probability(*mentions: dict[str, Any]) -> float:
    """How probable it is that the first two of some mentions are one person; 0 where they are not compared."""
    parameters = read_record_parameters()
    rows = [{"number": at, **mention} for at, mention in enumerate(mentions)]
    with connect() as con:
        con.register("rows_here", pa.Table.from_pylist(rows, schema=MENTIONS))
        con.execute("CREATE TABLE person_mentions AS SELECT * FROM rows_here")
        make_person_records(con, parameters.names)
        pairs = predict(con, PERSONS, parameters.of(PERSONS), 1e-9)
    found = pairs.probability[(pairs.left == 0) & (pairs.right == 1)]
    return float(found[0]) if len(found) else 0.0


_AROUND: list[dict[str, Any]] = [
    {"people": ["Zyx Wvutson", "Qpo Nmlkson"]},
    {"organisations": ["Viện Ví Dụ"]},
    {"countries": ["VN"], "cities": ["VN hanoi"]},
    {"fields": ["H01L21"], "broad_fields": ["H01L"]},
]


@pytest.mark.parametrize("name", ["Nguyễn Văn Đức", "Wei Wang", "Zyx Wvut"])
def test_whatever_is_shared_besides_raises_the_probability(name: str) -> None:
    """Metamorphic: each further thing that two mentions share says more for one person."""
    said: dict[str, Any] = {"first_year": 2019, "last_year": 2019}
    before = _probability(_mention(name, **said), _mention(name, **said))
    for shared in _AROUND:
        said |= shared
        after = _probability(_mention(name, **said), _mention(name, **said))
        assert after >= before
        before = after
    assert before > 0.99


def test_a_rare_name_says_more_than_a_common_one() -> None:
    said: dict[str, Any] = {"organisations": ["Viện Ví Dụ"]}
    common, rare = (
        _probability(_mention(name, **said), _mention(name, **said)) for name in ("Nguyễn Văn Đức", "Zyx Wvut")
    )
    assert common < rare


def test_names_typed_with_other_diacritics_are_never_compared() -> None:
    everything: dict[str, Any] = {key: value for said in _AROUND for key, value in said.items()}
    assert _probability(_mention("Trần Văn Đường", **everything), _mention("Trần Văn Dương", **everything)) == 0.0
    # where both spellings occur, nobody knows whose the plain one is
    plain, third = _mention("Tran Van Duong", **everything), _mention("Trần Văn Dương")
    assert _probability(_mention("Trần Văn Đường", **everything), plain, third) == 0.0
    assert _probability(_mention("Trần Văn Đường", **everything), plain) > 0.9


def test_reasons_are_those_of_the_levels() -> None:
    kind = _kind(2, 3)
    assert reasons(kind, [1, 0]) == ["c0 level 1", "c1 level 0"]
    assert reasons(kind, [-1, 2]) == ["c1 level 2"]


def test_parameters_are_written_and_read_again(tmp_path: Any) -> None:
    learned = Learned(0.1, {"c0": [0.9, 0.1]}, {"c0": [0.2, 0.8]})
    said = RecordParameters("2026-01-01", "abc", 7, {"made up": learned}, Frequencies(3, {"example": 2}, {}))
    path = write_record_parameters(said, tmp_path)
    assert path.name == "2026-01-01.json"
    assert read_record_parameters(tmp_path) == said
    assert said.of(_kind(2)) == learned
    with pytest.raises(ParametersMissing, match="ketnoi learn linking"):
        said.of(_kind(3))
    with pytest.raises(ParametersMissing, match="ketnoi learn linking"):
        read_record_parameters(tmp_path / "nowhere")


def test_what_is_shipped_fits_the_comparisons() -> None:
    learned = read_record_parameters().of(PERSONS)

    def adds_up(tables: Iterable[list[float]]) -> bool:
        return all(sum(shares) == pytest.approx(1, abs=0.001) for shares in tables)

    assert 0 < learned.prior < 1
    assert adds_up(learned.m.values()) and adds_up(learned.u.values())


def test_a_mention_has_what_its_record_says_around_it(tmp_path: Path) -> None:
    """A made-up task: its host, another person, field, title and days; the provider of a service is no place of work."""
    mentions = Mentions("a", "1", 1)
    about = mentions.mention(ABOUT, "STTask")
    mentions.value(about, "name", "Màng lọc nước Ví Dụ", "vi")
    mentions.value(about, "approvedOn", "2017-03-01")
    mentions.value(about, "startDate", "2018-01-01")
    mentions.edge(about, "hasField", "scheme/ford/2015/2.5")
    for role, cls, name in (
        ("host", "University", "Example Works University"),
        ("served", "Intermediary", "Placeholder Services Co., Ltd."),
        ("head", "Person", "Trần Văn Dụ"),
        ("member", "Person", "Lê Thị Minh Họa"),
    ):
        mentions.value(mentions.mention(role, cls), "name", name)
    service = mentions.mention("service", "ServiceEngagement")
    mentions.edge(service, "provider", mention_id("a", "1", "served"))
    home = Home(tmp_path / "home")
    write_load(home, Origin("a", "test", "test"), [mentions.record])
    host = mention_id("a", "1", "host")
    with open_statements(home, active(home)) as con:
        make_person_mentions(con, {host: "the one that stands for it"})
        rows = con.sql("SELECT * FROM person_mentions ORDER BY number").to_arrow_table()
    assert rows.schema.names == MENTIONS.names
    head, member = rows.to_pylist()
    assert (head["name"], member["name"]) == ("Trần Văn Dụ", "Lê Thị Minh Họa")
    assert set(head["people"]) == {"Trần Văn Dụ", "Lê Thị Minh Họa"}
    assert head["organisations"] == ["the one that stands for it"]
    assert head["organisation_words"] == ["example"]
    assert head["broad_fields"] == ["scheme/ford/2015/2.5"]
    assert set(head["words"]) == {"mang", "loc", "nuoc"}  # «Ví Dụ» has two letters a word
    assert (head["first_year"], head["last_year"]) == (2017, 2018)
