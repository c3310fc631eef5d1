"""Linking: what may meet and what may not, whose id stays, and what a curator, a withdrawal and a correction do to it."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from graph.links.corrections import near, near_names
from graph.links.entities import make_entities
from graph.links.linking import link
from graph.links.matching import by_name, contradict
from graph.links.profiles import Profile
from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Load, Origin, active, open_statements, withdraw
from ontology.statement import ABOUT, CURATOR_PREFIX, DIFFERENT_FROM, SAME_AS, Mentions, Record, Statement, mention_id
from ontology.text import fold


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def load(home: Home, source: str, *records: Record, whole: bool = False) -> Load:
    return write_load(home, Origin(source, "test", "test", whole=whole), records)


def body(source: str, key: str, *names: str, cls: str = "Organization", site: str = "", **identifiers: str) -> Record:
    """A record about an organisation; the first name is its name, the others are aliases."""
    mentions = Mentions(source, key, 1)
    about = mentions.mention(ABOUT, cls)
    mentions.value(about, "name", names[0], "vi")
    for alias in names[1:]:
        mentions.value(about, "alternativeName", alias, "vi")
    mentions.value(about, "homepage", site)
    for scheme, value in identifiers.items():
        mentions.identifier(about, scheme, value)
    return mentions.record


def task(source: str, key: str, lead: str, person: str = "") -> Record:
    """A record about a task, with an organisation and perhaps a person in its cells."""
    mentions = Mentions(source, key, 1)
    about = mentions.mention(ABOUT, "STTask")
    host = mentions.mention(f"host/{fold(lead)}", "Organization")
    mentions.value(host, "name", lead, "vi")
    mentions.edge(about, "hostedBy", host)
    if person:
        head = mentions.mention(f"head/{fold(person)}", "Person")
        mentions.value(head, "name", person)
        mentions.edge(about, "person", head)
    return mentions.record


def about(source: str, key: str) -> str:
    return mention_id(source, key, ABOUT)


def host(source: str, key: str, lead: str) -> str:
    return mention_id(source, key, f"host/{fold(lead)}")


def head(source: str, key: str, person: str) -> str:
    return mention_id(source, key, f"head/{fold(person)}")


def judgement(home: Home, kind: str, one: str, other: str) -> Load:
    record = Record(f"{one} {other}", 1, [Statement(one, kind, other, probability=1.0, reason="seen")])
    return load(home, f"{CURATOR_PREFIX}lan", record)


def entities(home: Home) -> dict[str, str]:
    con = open_statements(home, active(home))
    try:
        make_entities(con)
        return dict(con.execute("SELECT subject, entity FROM entities").fetchall())
    finally:
        con.close()


def meet(home: Home, *names: str) -> bool:
    """Whether firms of these names, each in a source of its own, become one entity."""
    for at, name in enumerate(names):
        load(home, f"s{at}", body(f"s{at}", "1", name))
    link(home)
    found = entities(home)
    return len({found[about(f"s{at}", "1")] for at in range(len(names))}) == 1


@pytest.mark.parametrize(
    "names",
    [
        ("Công ty Cổ phần A", "Công ty Cổ phần B"),
        ("Công ty Cổ phần Alpha", "Công ty TNHH Alpha"),
        ("Công ty cổ phần Đường Quảng Ngãi", "Công ty cổ phần Dương Quảng Ngãi"),
        ("Công ty TNHH", "Công ty Cổ phần"),
        ("Viện nghiên cứu Đường", "Viện nghiên cứu Dương", "Viện nghiên cứu Đuông"),
        ("!!!", "???"),
    ],
)
def test_never_one(home: Home, names: tuple[str, ...]) -> None:
    for at, name in enumerate(names):
        load(home, f"s{at}", body(f"s{at}", "1", name))
    link(home)
    found = entities(home)
    assert len({found[about(f"s{at}", "1")] for at in range(len(names))}) == len(names)


@pytest.mark.parametrize(
    "names",
    [
        ("Công ty Cổ phần A", "CTCP A", "A Joint Stock Company"),
        ("Công ty cổ phần Hòa Phát", "CÔNG TY CỔ PHẦN HOÀ PHÁT"),
        ("Đại học Bách khoa Hà Nội", "DAI HOC BACH KHOA HA NOI"),
        ("CONG TY TNHH HITACHI ENERGY VIET NAM", "Công ty TNHH Hitachi Energy Việt Nam"),
    ],
)
def test_always_one(home: Home, names: tuple[str, ...]) -> None:
    assert meet(home, *names)


def unit(source: str, key: str, name: str, parent: str) -> Record:
    """A record about a unit of another organisation."""
    mentions = Mentions(source, key, 1)
    about, above = mentions.mention(ABOUT, "Organization"), mentions.mention(f"parent/{fold(parent)}", "Organization")
    mentions.value(about, "name", name, "vi")
    mentions.value(above, "name", parent, "vi")
    mentions.edge(about, "unitOf", above)
    return mentions.record


@pytest.mark.parametrize(
    ("name", "parent", "one"),
    [
        # the name tells whose unit it is, by its end or by the whole name of its parent
        ("Sở Công nghệ Thành phố Ví Dụ", "Ủy ban nhân dân thành phố Ví Dụ", True),
        ("Trường Đại học Kinh tế, Đại học Quốc gia Ví Dụ", "Đại học Quốc gia Ví Dụ", True),
        # there are many of that name, each of another university
        ("Trường Đại học Kinh tế", "Đại học Quốc gia Ví Dụ", False),
        ("Khoa Toán Dụ", "Đại học Quốc gia Ví Dụ", False),
    ],
)
def test_a_unit_meets_a_body_of_its_name_where_that_tells_whose_unit_it_is(
    home: Home, name: str, parent: str, one: bool
) -> None:
    load(home, "a", unit("a", "1", name, parent))
    load(home, "b", body("b", "1", name))
    link(home)
    found = entities(home)
    assert (found[about("a", "1")] == found[about("b", "1")]) == one


def test_units_of_two_parents_never_meet(home: Home) -> None:
    load(home, "a", unit("a", "1", "Sở Công nghệ Thành phố Ví Dụ", "Ủy ban nhân dân thành phố Ví Dụ"))
    load(home, "b", unit("b", "1", "Sở Công nghệ Thành phố Ví Dụ", "Ủy ban nhân dân tỉnh Ví Dụ"))
    link(home)
    found = entities(home)
    assert found[about("a", "1")] != found[about("b", "1")]


def test_without_diacritics_it_may_be_either_so_it_joins_neither(home: Home) -> None:
    for at, name in enumerate(("Nhà máy Đường", "Nhà máy Dương", "Nha may Duong")):
        load(home, f"s{at}", body(f"s{at}", "1", name))
    link(home)
    assert len(set(entities(home).values())) == 3


def profile(name: str, *aliases: str, at: int, source: str) -> Profile:
    return Profile([f"m{at}"], at, source, tuple(sorted({name, *aliases})), frozenset({"Organization"}))


def test_adding_an_alias_never_lowers_a_match() -> None:
    """For any pair of bodies that meet by name they still meet when either of them is also called something else."""
    random = Random(11)
    words = ["Đường", "Dương", "Duong", "Hòa", "Hoà", "Hoa", "Phát", "Phat"]
    forms = ["Công ty Cổ phần ", "CTCP ", "Công ty TNHH ", "A LLC ", "", "JSC "]
    met = 0
    for _ in range(2000):
        names = [random.choice(forms) + " ".join(random.choices(words, k=2)) for _ in range(3)]
        one, other = profile(names[0], at=0, source="a"), profile(names[1], at=1, source="b")
        if [*by_name([one, other])]:
            met += 1
            wider = profile(names[0], names[2], at=0, source="a"), profile(names[1], names[2], at=1, source="b")
            assert [*by_name([wider[0], other])], names
            assert [*by_name([one, wider[1]])], names
    assert met > 50


def test_whatever_else_it_is_called_it_meets_by_the_name_that_is_shared(home: Home) -> None:
    load(home, "a", body("a", "1", "CTCP Alpha", "A LLC Alpha", "Alpha LLC"))
    load(home, "b", body("b", "1", "Công ty Cổ phần Alpha"))
    link(home)
    found = entities(home)
    assert found[about("a", "1")] == found[about("b", "1")]


def test_another_identifier_of_one_scheme_forbids(home: Home) -> None:
    load(home, "a", body("a", "1", "Công ty Cổ phần Alpha", taxcode="1"))
    load(home, "b", body("b", "1", "Công ty Cổ phần Alpha", taxcode="2"))
    load(home, "c", body("c", "1", "Alpha mang tên khác", taxcode="1"))
    link(home)
    found = entities(home)
    assert found[about("a", "1")] == found[about("c", "1")] != found[about("b", "1")]


def test_a_shared_identifier_links_nobody_whom_another_one_forbids(home: Home) -> None:
    load(home, "a", body("a", "1", "Viện Một", ror="01", isni="9"), body("a", "2", "Viện Hai", ror="02", isni="9"))
    link(home)
    found = entities(home)
    assert found[about("a", "1")] != found[about("a", "2")]


def test_a_ministry_is_no_enterprise() -> None:
    one = Profile(["m0"], 0, "a", ("Alpha",), frozenset({"Ministry"}))
    other = Profile(["m1"], 1, "b", ("Alpha",), frozenset({"Enterprise"}))
    assert contradict(one, other)
    assert [*by_name([one, other])] == []


def test_a_curator_parts_what_the_linker_joined(home: Home) -> None:
    load(home, "a", body("a", "1", "Viện Sinh học"))
    load(home, "b", body("b", "1", "Viện Sinh học"))
    load(home, "c", body("c", "1", "Viện Sinh học"))
    link(home)
    one, other, third = about("a", "1"), about("b", "1"), about("c", "1")
    assert set(entities(home).values()) == {one}
    taken_back = judgement(home, DIFFERENT_FROM, other, one)
    parted = entities(home)
    assert (parted[one], parted[other]) == (one, other)
    assert parted[third] in (one, other)
    link(home, full=True)
    assert entities(home)[other] == other
    withdraw(home, taken_back.load)
    assert set(entities(home).values()) == {one}


def test_a_curator_joins_what_no_rule_would(home: Home) -> None:
    load(home, "a", body("a", "1", "Viện Sinh học"))
    load(home, "b", body("b", "1", "Institute of Biology"))
    link(home)
    judgement(home, SAME_AS, about("b", "1"), about("a", "1"))
    assert set(entities(home).values()) == {about("a", "1")}


def test_withdrawn_mentions_and_links_to_them_count_for_nothing(home: Home) -> None:
    first = load(home, "a", body("a", "1", "Viện Sinh học"))
    load(home, "b", body("b", "1", "Viện Sinh học"))
    load(home, "c", body("c", "1", "Viện Sinh học"))
    link(home)
    assert set(entities(home).values()) == {about("a", "1")}
    withdraw(home, first.load)
    left = entities(home)
    assert about("a", "1") not in left
    assert set(left) == {about("b", "1"), about("c", "1")}
    assert left[about("b", "1")] == about("b", "1")
    link(home, full=True)
    assert set(entities(home).values()) == {about("b", "1")}


def test_the_id_is_that_of_the_earliest_mention_though_it_is_gone(home: Home) -> None:
    load(home, "a", body("a", "1", "Viện Sinh học"), whole=True)
    load(home, "b", body("b", "1", "Viện Sinh học"))
    link(home)
    gone = load(home, "a", body("a", "2", "Viện Hóa học"), whole=True)
    assert gone.gone == 1
    for anew in (False, True):
        link(home, full=anew)
        assert entities(home)[about("b", "1")] == about("a", "1")


def test_a_person_who_left_a_record_keeps_the_links(home: Home) -> None:
    """Also when everything is linked anew: otherwise the id of the others would change."""
    load(
        home, "a", task("a", "1", "Viện Sinh học", "Nguyễn Văn Đức"), task("a", "2", "Viện Sinh học", "Nguyễn Văn Đức")
    )
    link(home)
    first = head("a", "1", "Nguyễn Văn Đức")
    assert entities(home)[head("a", "2", "Nguyễn Văn Đức")] == first
    load(home, "a", task("a", "1", "Viện Sinh học", "Trần Thị Hạnh Phúc"))
    for anew in (False, True):
        link(home, full=anew)
        assert entities(home)[head("a", "2", "Nguyễn Văn Đức")] == first


def test_persons_of_one_name_meet_at_one_organisation_only(home: Home) -> None:
    load(
        home,
        "a",
        task("a", "1", "Viện Sinh học", "Nguyễn Văn Đức"),
        task("a", "2", "Viện Hóa học", "Nguyễn Văn Đức"),
        task("a", "3", "Viện Sinh học", "Nguyen Van Duc"),
        task("a", "4", "Viện Sinh học", "Đức"),
        task("a", "5", "Viện Sinh học", "Đức"),
    )
    link(home)
    found = entities(home)
    assert found[head("a", "3", "Nguyen Van Duc")] == head("a", "1", "Nguyễn Văn Đức")
    for key, name in (("2", "Nguyễn Văn Đức"), ("5", "Đức")):
        assert found[head("a", key, name)] == head("a", key, name)


def test_a_person_whose_other_mention_was_withdrawn_is_linked_on(home: Home) -> None:
    """A link to a withdrawn mention counts for nothing, and a newcomer joins who is left."""
    withdrawn = load(home, "a", task("a", "1", "Viện Sinh học", "Nguyễn Văn Đức"))
    load(home, "b", task("b", "1", "Viện Sinh học", "Nguyễn Văn Đức"))
    link(home)
    withdraw(home, withdrawn.load)
    load(home, "c", task("c", "1", "Viện Sinh học", "Nguyen Van Duc"))
    link(home)
    found = entities(home)
    assert found[head("c", "1", "Nguyen Van Duc")] == head("b", "1", "Nguyễn Văn Đức")


def test_persons_whose_names_differ_in_diacritics_are_two(home: Home) -> None:
    names = {"1": "Trần Văn Đường", "2": "Trần Văn Dương", "3": "Trần Văn Đường"}
    load(home, "a", *(task("a", key, "Viện Sinh học", name) for key, name in names.items()))
    link(home)
    found = entities(home)
    assert found[head("a", "3", names["3"])] == head("a", "1", names["1"]) != found[head("a", "2", names["2"])]


CORRECTIONS: list[tuple[str, str, bool]] = [
    ("Bộ Khoa hoạc và Công nghệ", "Bộ Khoa học và Công nghệ", True),
    ("Toyoda Koki Kabushiki Kaisha", "Toyoda Koki Kbaushiki Kaisha", True),
    ("Canon Kabushiki Kaisha", "Canon Kbaushiki Kaisha", True),
    ("Học viện Chính trị khu vực I", "Học viện Chính trị khu vực II", False),
    ("Trường Cao đẳng nghề số 17", "Trường Cao đẳng nghề số 18", False),
    ("Sở Khoa học và Công nghệ Hà Nam", "Sở Khoa học và Công nghệ Hà Nội", False),
    ("Sở Tài chính tỉnh Kiên Giang", "Sở Tài chính tỉnh Tiền Giang", False),
    ("Công ty TNHH Một", "Công ty TNHH Mốt", True),
    ("Công ty Cổ phần ABC", "Công ty Cổ phần ABD", False),
    ("Công ty Cổ phần Sữa Việt", "Công ty TNHH Sữa Việt", False),
    ("Bộ Công an", "Bộ Y tế", False),
]


@pytest.mark.parametrize(("old", "new", "one"), CORRECTIONS)
def test_a_correction_in_a_cell(home: Home, old: str, new: str, one: bool) -> None:
    load(home, "a", task("a", "1", old), task("a", "2", "Viện Sinh học"))
    link(home)
    load(home, "a", task("a", "1", new), task("a", "2", "Viện Sinh học"))
    for anew in (False, True):
        link(home, full=anew)
        assert (entities(home)[host("a", "1", new)] == host("a", "1", old)) is one


def test_who_was_there_before_is_no_correction_of_who_went(home: Home) -> None:
    """The body that stays has its own id, however much it looks like one that left."""
    load(home, "a", body("a", "1", "Viện Sinh học nhiệt đới"), body("a", "2", "Viện Sinh hóa nhiệt đới"), whole=True)
    link(home)
    load(home, "a", body("a", "2", "Viện Sinh hóa nhiệt đới"), whole=True)
    for anew in (False, True):
        link(home, full=anew)
        assert entities(home)[about("a", "2")] == about("a", "2")


def test_two_names_that_both_stand_elsewhere_are_two_bodies(home: Home) -> None:
    stay = (body("b", "1", "Viện Sinh học nhiệt đới"), body("b", "2", "Viện Sinh hóa nhiệt đới"))
    load(home, "b", *stay)
    load(home, "a", task("a", "1", "Viện Sinh học nhiệt đới"))
    link(home)
    load(home, "a", task("a", "1", "Viện Sinh hóa nhiệt đới"))
    link(home)
    found = entities(home)
    assert found[about("b", "1")] != found[about("b", "2")]
    assert found[host("a", "1", "Viện Sinh hóa nhiệt đới")] == about("b", "2")


def test_a_correction_of_which_nobody_can_say_whose_links_nobody(home: Home) -> None:
    load(
        home,
        "a",
        body("a", "1", "Viện Sinh học nhiệt đới A-B"),
        body("a", "2", "Viện Sinh hóa nhiệt đới A-B"),
        whole=True,
    )
    link(home)
    load(
        home,
        "a",
        body("a", "3", "Viện Sinh hoc nhiệt đới A-B", cls="University"),
        body("a", "4", "Viện Sinh hcó nhiệt đới A-B"),
        whole=True,
    )
    link(home)
    assert entities(home)[about("a", "4")] == about("a", "4")


def test_a_record_whose_key_is_its_name_is_corrected_too(home: Home) -> None:
    load(home, "a", body("a", "vien sinh hoc nhiet doi", "Viện Sinh học nhiệt đới"), whole=True)
    link(home)
    load(home, "a", body("a", "vien sinh hcoc nhiet doi", "Viện Sinh hcọc nhiệt đới"), whole=True)
    link(home)
    assert entities(home)[about("a", "vien sinh hcoc nhiet doi")] == about("a", "vien sinh hoc nhiet doi")


def test_near_is_symmetric_and_never_in_short_names() -> None:
    random = Random(5)
    letters = "abcdeghiklmno "
    for _ in range(500):
        a = "".join(random.choices(letters, k=random.randint(1, 24))).strip()
        b = list(a)
        for _ in range(random.randint(0, 3)):
            if b:
                b[random.randrange(len(b))] = random.choice(letters)
        text = "".join(b).strip()
        assert near(a, text) == near(text, a)
        assert near_names(a, text) == near_names(text, a)
    assert not near("ba dinh", "bo dinh")


def holding(
    source: str, key: str, firm: str, technology: str, power: str = "scheme/power/1/own", start: str = "2020-01-01"
) -> Record:
    mentions = Mentions(source, key, 1)
    right = mentions.mention(ABOUT, "RightsHolding")
    holder = mentions.mention(f"holder/{fold(firm)}", "Organization")
    mentions.value(holder, "name", firm, "vi")
    over = mentions.mention(f"over/{technology}", "Technology")
    mentions.identifier(over, "technology-code", technology)
    mentions.edge(right, "holder", holder)
    mentions.edge(right, "over", over)
    mentions.edge(right, "power", power)
    mentions.value(right, "validFrom", start)
    return mentions.record


def test_event_keys_merge_holdings(home: Home) -> None:
    """Two registers that speak of one holding speak of one node: the ends are compared as entities, not as mentions."""
    load(home, "a", holding("a", "1", "Công ty Cổ phần Alpha", "CN-1"))
    load(
        home,
        "b",
        holding("b", "1", "CTCP Alpha", "CN-1"),
        holding("b", "2", "CTCP Alpha", "CN-2"),
        holding("b", "3", "CTCP Beta", "CN-1"),
        holding("b", "4", "CTCP Alpha", "CN-1", power="scheme/power/1/use"),
        holding("b", "5", "CTCP Alpha", "CN-1", start="2021-01-01"),
    )
    link(home)
    found = entities(home)
    assert found[about("b", "1")] == about("a", "1")
    for key in "2345":
        assert found[about("b", key)] == about("b", key)


def test_an_event_that_left_keeps_the_id_for_its_like(home: Home) -> None:
    load(home, "a", holding("a", "1", "Công ty Cổ phần Alpha", "CN-1"), whole=True)
    load(home, "b", holding("b", "1", "CTCP Alpha", "CN-1"))
    link(home)
    load(home, "a", holding("a", "9", "CTCP Gamma", "CN-9"), whole=True)
    link(home)
    assert entities(home)[about("b", "1")] == about("a", "1")


def test_events_without_a_key_stay_apart(home: Home) -> None:
    def event(key: str) -> Record:
        mentions = Mentions("a", key, 1)
        offer = mentions.mention(ABOUT, "TechnologyOffer")
        technology = mentions.mention("over", "Technology")
        mentions.identifier(technology, "technology-code", "CN-1")
        mentions.edge(offer, "offers", technology)
        return mentions.record

    load(home, "a", event("1"), event("2"))
    link(home)
    found = entities(home)
    assert found[about("a", "1")] != found[about("a", "2")]
    assert found[mention_id("a", "2", "over")] == mention_id("a", "1", "over")


def test_linking_again_without_news_makes_no_load(home: Home) -> None:
    load(home, "a", body("a", "1", "Viện Sinh học"), body("a", "2", "Viện Sinh học"))
    assert link(home) is not None
    assert link(home) is None
    anew = link(home, full=True)
    assert anew is not None
    assert (anew.changed, anew.gone) == (0, 0)


def test_step_by_step_or_at_once_gives_the_same_bodies(home: Home, tmp_path: Path) -> None:
    """Linking after each load parts nobody whom linking at the end would join."""
    random = Random(3)
    names = [
        "Viện Sinh học",
        "Viện Hóa học",
        "Công ty CP Alpha",
        "CTCP Alpha",
        "Alpha",
        "Công ty TNHH Beta",
        "Beta",
        "Đường",
        "Duong",
    ]
    batches = [[body(f"s{at}", str(n), random.choice(names)) for n in range(6)] for at in range(5)]

    def groups(target: Home, each: Callable[[], object]) -> set[frozenset[str]]:
        for at, batch in enumerate(batches):
            load(target, f"s{at}", *batch)
            each()
        link(target)
        return _groups(entities(target))

    other = Home(tmp_path / "other")
    assert groups(home, lambda: link(home)) == groups(other, lambda: None)


def _groups(found: dict[str, str]) -> set[frozenset[str]]:
    by_entity: dict[str, set[str]] = {}
    for subject, entity in found.items():
        by_entity.setdefault(entity, set()).add(subject)
    return set(map(frozenset, by_entity.values()))
