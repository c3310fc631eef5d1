"""Table shapes as data: what a mapping means, what it may not say, and what is told to who sends a stranger's table."""

import csv
import io
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from loaders.mapping import Mapping, MappingError, read_mapping, row_model, shipped_mappings
from loaders.reading import KINDS, open_file
from loaders.table_reading import FileRefused
from ontology.schemes import schemes
from ontology.statement import ABOUT, Record, Reject, mention_id
from ontology.text import fold

SHIPPED = Path(__file__).parents[1] / "loaders" / "tables"
BASE: dict[str, Any] = {
    "shape": "trial",
    "kinds": ["enterprise"],
    "title": {"vi": "Thử", "en": "Trial"},
    "key": ["ma"],
    "language": "vi",
    "about": "Technology",
    "columns": {
        "ma": {"headers": ["Mã"], "identifier": "technology-code", "required": True},
        "ten": {"headers": ["Tên công nghệ"], "property": "name", "required": True},
    },
}


def write_mapping(path: Path, **changes: Any) -> Path:
    columns = BASE["columns"] | changes.pop("columns", {})
    path.write_text(json.dumps(BASE | changes | {"columns": columns}), encoding="utf-8")  # JSON is YAML
    return path


def read(
    tmp_path: Path, rows: list[dict[str, Any]], source: str | None = "test", **changes: Any
) -> list[Record | Reject]:
    mapping = write_mapping(tmp_path / "m.yaml", **changes)
    data = tmp_path / "data"
    data.write_text(json.dumps(rows), encoding="utf-8")
    return list(open_file("enterprise", data, source, mapping).items)


def edges(record: Record) -> set[tuple[str, str, str]]:
    """(name or id of the subject, property, name or id of the object) of all edges."""
    names = {s.subject: s.value or "" for s in record.statements if s.property == "name"}
    return {
        (names.get(s.subject, s.subject), s.property, names.get(s.object, s.object))
        for s in record.statements
        if s.object
    }


def table(path: Path, *rows: list[str]) -> Path:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def test_a_strangers_table_of_firms_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = table(tmp_path / "firms.csv", ["Company", "Boss", "Town"], ["Alpha", "Lan", "Huế"])
    for kind in ("enterprise", "city", "university", "ministry"):
        with pytest.raises(FileRefused) as refused:
            open_file(kind, path)
        for part in ("firms.csv", kind, "Company, Boss, Town", "ketnoi inspect firms.csv", "--mapping"):
            assert part in str(refused.value)


def test_a_table_without_a_header_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="ketnoi inspect"):
        open_file("enterprise", table(tmp_path / "x", ["AAA", "Alpha", "1300", "HSX"], ["BBB", "Beta", "1300", "HSX"]))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="there is no file"):
        open_file("enterprise", tmp_path / "none")


@pytest.mark.parametrize("mapping", shipped_mappings(), ids=lambda mapping: mapping.shape)
def test_a_shipped_mapping(mapping: Mapping) -> None:
    assert set(mapping.kinds) <= set(KINDS)
    assert sorted(mapping.title) == ["en", "vi"]
    known = {f"{concept.scheme}" for concept in schemes().concepts.values()}
    for name, specs in mapping.columns.items():
        assert mapping.match(mapping.columns) is not None
        for spec in specs:
            # a scheme that is open takes codes of editions that are not shipped
            assert spec.scheme is None or spec.open or spec.scheme in known, (name, spec.scheme)
    headers = [fold(header) for specs in mapping.columns.values() for header in specs[0].headers]
    assert len(headers) == len(set(headers)), "two columns go by one header"
    row_model(mapping)


def test_all_shipped_mappings_are_tried_and_no_two_are_one() -> None:
    assert len(shipped_mappings()) == len(list(SHIPPED.glob("*.yaml"))) >= 30
    assert len({mapping.shape for mapping in shipped_mappings()}) == len(shipped_mappings())


@pytest.mark.parametrize("mapping", shipped_mappings(), ids=lambda mapping: mapping.shape)
def test_no_other_shape_takes_the_table_of_one(mapping: Mapping) -> None:
    """With all its columns, under each of its kinds, the table is read by its own mapping: no tie decides."""
    headers = [specs[0].headers[0] if specs[0].headers else name for name, specs in mapping.columns.items()]
    for kind in mapping.kinds:
        scores = {
            m.shape: len(found)
            for m in shipped_mappings()
            if kind in m.kinds and (found := m.match(headers)) is not None
        }
        best = max(scores.values())
        assert [shape for shape, score in scores.items() if score == best] == [mapping.shape]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"about": "Spaceship"}, "Spaceship"),
        ({"key": ["missing"]}, "missing"),
        ({"columns": {"x": {"property": "noSuch"}}}, "noSuch"),
        ({"columns": {"x": {"property": "name", "of": "nowhere"}}}, "nowhere"),
        ({"columns": {"x": {"visibility": {"Có": "secret"}}}}, "visibility"),
        ({"columns": {"x": {"propperty": "name"}}}, "propperty"),
        ({"nodes": {"n": {"class": "Acceptance", "when": ["missing"]}}}, "column that there is not"),
        ({"nodes": {"n": {"class": "Acceptance", "edges": {"noSuch": "about"}}}}, "noSuch"),
        ({"nodes": {"n": {"class": "Acceptance", "edges": {"accepts": "nowhere"}}}}, "nowhere"),
        ({"edges": {"inventor": "nowhere"}}, "nowhere"),
        ({"columns": {"x": {"property": "deadline", "reader": "nonsense"}}}, "nonsense"),
        ({"columns": {"x": {"property": "name", "pattern": "("}}}, "pattern"),
        ({"columns": {"x": {"property": "name", "split": "["}}}, "split"),
        ({"columns": {"x": {"class": "Organization", "property": "name"}}}, "name"),
        ({"nodes": {"n": {"class": "RightsHolding", "each": "ten"}}}, "ten"),
    ],
)
def test_a_mapping_that_says_what_there_is_not(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(MappingError, match=message):
        read_mapping(write_mapping(tmp_path / "m.yaml", **changes))


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "shape: [", "just text", "shape: x\n", "columns: 3\nshape: x\n"])
def test_what_is_no_mapping(tmp_path: Path, text: str) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match=r"m\.yaml"):
        read_mapping(path)


def test_a_mapping_runs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text("shape: !!python/object/apply:os.system ['touch canary']\n", encoding="utf-8")
    with pytest.raises(MappingError):
        read_mapping(path)


def test_headers_in_any_case_order_and_spelling(tmp_path: Path) -> None:
    mapping = read_mapping(write_mapping(tmp_path / "m.yaml"))
    assert mapping.match(["TEN CONG NGHE", "x", "mã"]) == {"ma": "mã", "ten": "TEN CONG NGHE"}
    assert mapping.match(["Tên công nghệ"]) is None


def test_identical_rows_are_one_and_of_two_with_one_key_the_later_is_refused(tmp_path: Path) -> None:
    rows = [{"ma": "1", "ten": "Một"}, {"ma": "2", "ten": "Hai"}, {"ma": "1", "ten": "Một"}, {"ma": "2", "ten": "Khác"}]
    items = read(tmp_path, rows)
    assert [item.key for item in items if isinstance(item, Record)] == ["1", "2", "1"]
    assert items[0] == items[2] or items[0].fingerprint() == items[2].fingerprint()  # type: ignore[union-attr]
    refused = items[3]
    assert isinstance(refused, Reject)
    assert (refused.line, refused.field, refused.reason) == (4, "ma", "has the key of line 2, but says something else")


def test_a_table_without_a_key_is_taken_whole_and_its_rows_are_their_own_key(tmp_path: Path) -> None:
    mapping = write_mapping(tmp_path / "m.yaml", key=[])
    data = tmp_path / "data"
    rows = [{"ma": "1", "ten": "Một"}, {"ma": "1", "ten": "Hai"}, {"ma": " 1", "ten": "MỘT"}]
    data.write_text(json.dumps(rows), encoding="utf-8")
    reading = open_file("enterprise", data, "test", mapping)
    assert reading.whole
    items = list(reading.items)
    assert [type(item) for item in items] == [Record, Record, Reject]
    assert "has the key of line 1" in items[2].reason  # type: ignore[union-attr]


def test_columns_of_a_key_never_run_into_each_other(tmp_path: Path) -> None:
    """Keys of two columns are told apart wherever the border between the cells lies."""
    columns = {"so": {"property": "number"}}
    rows = [
        {"ma": "1|2", "so": "3", "ten": "Một"},
        {"ma": "1", "so": "2|3", "ten": "Hai"},
        {"ma": "1", "so": "", "ten": "Ba"},
    ]
    items = read(tmp_path, rows, key=["ma", "so"], columns=columns)
    assert [type(item) for item in items] == [Record] * 3
    assert len({item.key for item in items if isinstance(item, Record)}) == 3


@pytest.mark.parametrize(
    "key", [{"ma": "", "ten": "Một"}, {"ten": "Một"}, {"ma": None, "ten": "Một"}, {"ma": "N/A", "ten": "Một"}]
)
def test_a_row_without_its_key_is_refused(tmp_path: Path, key: dict[str, Any]) -> None:
    (item, other) = read(tmp_path, [key, {"ma": "2", "ten": "Hai"}])
    assert isinstance(item, Reject)
    assert (item.line, item.field) == (1, "ma")
    assert isinstance(other, Record)


def test_one_bad_cell_refuses_its_row_and_says_where(tmp_path: Path) -> None:
    columns = {
        "han": {"property": "deadline"},
        "gia": {"property": "price", "factor": 10**6},
        "cap": {"property": "level", "scheme": "trl/1"},
    }
    good = {"ma": "1", "ten": "Một", "han": "31/12/2025", "gia": "2,5", "cap": "7"}
    bad = [{"han": "hôm nào"}, {"gia": "nhiều"}, {"gia": "-1"}, {"cap": "99"}]
    items = read(
        tmp_path, [good | {"ma": str(at)} | change for at, change in enumerate(({}, *bad), 1)], columns=columns
    )
    assert isinstance(items[0], Record)
    assert {(s.property, s.value or s.object) for s in items[0].statements} >= {
        ("deadline", "2025-12-31"),
        ("price", "2500000"),
        ("level", "scheme/trl/1/7"),
    }
    refused = [(item.line, item.field) for item in items if isinstance(item, Reject)]
    assert refused == [(2, "han"), (3, "gia"), (4, "gia"), (5, "cap")]
    assert all(item.reason and item.row for item in items if isinstance(item, Reject))


def test_a_lenient_column_leaves_aside_what_it_does_not_understand(tmp_path: Path) -> None:
    columns = {"han": [{"property": "description"}, {"property": "deadline", "reader": "deadline", "lenient": True}]}
    (item,) = read(tmp_path, [{"ma": "1", "ten": "Một", "han": "Thường xuyên"}], columns=columns)
    assert isinstance(item, Record)
    assert {s.property for s in item.statements} & {"deadline", "description"} == {"description"}


HOLDINGS: dict[str, Any] = {
    "columns": {"chu": {"class": "Organization", "split": ";"}, "tu": {"property": "date"}},
    "nodes": {
        "holding": {
            "class": "RightsHolding",
            "each": "chu",
            "edges": {"holder": "chu", "over": "about"},
            "values": {"validFrom": "tu"},
        },
        "offer": {
            "class": "TechnologyOffer",
            "when": ["tu"],
            "edges": {"offers": "about"},
            "constants": {"priceKind": "fixed"},
        },
    },
}


def test_each_makes_a_node_for_every_body(tmp_path: Path) -> None:
    row = {"ma": "1", "ten": "Một", "chu": "Alpha; Beta;  ALPHA", "tu": "2020-01-02"}
    (record,) = read(tmp_path, [row], **HOLDINGS)
    assert isinstance(record, Record)
    holdings = {s.subject for s in record.statements if (s.property, s.value) == ("type", "RightsHolding")}
    assert {(who, to) for _, prop, to in edges(record) if prop == "holder" for who in ("",)} == {
        ("", "Alpha"),
        ("", "ALPHA"),
    } or len(holdings) == 2
    assert len(holdings) == 2
    for holding in holdings:
        said = {
            s.property: s.value or s.object for s in record.statements if s.subject == holding and s.property != "type"
        }
        assert set(said) == {"holder", "over", "validFrom"}
        assert said["validFrom"] == "2020-01-02"
        assert sum(s.property == "holder" and s.subject == holding for s in record.statements) == 1
    assert sum(s.property == "over" for s in record.statements) == 2


def test_a_node_exists_only_where_its_columns_hold_something(tmp_path: Path) -> None:
    (record,) = read(tmp_path, [{"ma": "1", "ten": "Một", "chu": "", "tu": ""}], **HOLDINGS)
    assert isinstance(record, Record)
    assert {s.value for s in record.statements if s.property == "type"} == {"Technology", "Identifier"}


def test_a_body_keeps_its_mention_wherever_it_stands_in_the_cell(tmp_path: Path) -> None:
    random = Random(9)
    names = ["Alpha", "Beta", "Công ty Đường", "Viện Toán"]
    rows = [
        {"ma": "1", "ten": "Một", "tu": "2020-01-02"} | {"chu": ";".join(random.sample(names, k=4))} for _ in range(10)
    ]
    found = []
    for row in rows:
        (record,) = read(tmp_path, [row], **HOLDINGS)
        assert isinstance(record, Record)
        found.append({s.value: s.subject for s in record.statements if s.property == "name"})
        assert record.fingerprint() == read(tmp_path, rows[:1], **HOLDINGS)[0].fingerprint()  # type: ignore[union-attr]
    assert all(mentions == found[0] for mentions in found)
    assert found[0]["Alpha"] == mention_id("test", "1", "chu/alpha")
    assert found[0]["Một"] == mention_id("test", "1", ABOUT)


@pytest.mark.parametrize(("cell", "level"), [("Có", "member"), ("không", "public"), ("Mật", "curator"), ("", "public")])
def test_the_visibility_mark_of_a_record(tmp_path: Path, cell: str, level: str) -> None:
    columns = {"mat": {"visibility": {"Có": "member", "Mật": "curator", "Không": "public"}}}
    (record,) = read(tmp_path, [{"ma": "1", "ten": "Một", "mat": cell}], columns=columns)
    assert isinstance(record, Record)
    assert record.visibility == level


def test_an_unknown_mark_refuses_the_row_so_that_nothing_private_gets_out(tmp_path: Path) -> None:
    columns = {"mat": {"visibility": {"Có": "member", "Không": "public"}}}
    (item,) = read(tmp_path, [{"ma": "1", "ten": "Một", "mat": "tuyệt mật"}], columns=columns)
    assert isinstance(item, Reject)
    assert item.field == "mat"


def test_the_strictest_of_several_marks_counts(tmp_path: Path) -> None:
    columns = {
        "a": {"visibility": {"Có": "curator", "Không": "public"}},
        "b": {"visibility": {"Có": "member", "Không": "public"}},
    }
    (record,) = read(tmp_path, [{"ma": "1", "ten": "Một", "a": "Có", "b": "Có"}], columns=columns)
    assert isinstance(record, Record)
    assert record.visibility == "curator"


def test_source_is_what_is_asked_for_else_the_senders_else_kind_and_shape(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.write_text(json.dumps([{"ma": "1", "ten": "Một"}]), encoding="utf-8")
    plain, named = write_mapping(tmp_path / "a.yaml"), write_mapping(tmp_path / "b.yaml", source="so-khcn")
    assert open_file("enterprise", data, None, plain).source == "enterprise/trial"
    assert open_file("enterprise", data, None, named).source == "so-khcn"
    assert open_file("enterprise", data, "mine", named).source == "mine"


def test_columns_that_nobody_asked_for_are_named(tmp_path: Path) -> None:
    data = table(tmp_path / "data", ["Mã", "Tên công nghệ", "Ghi chú", ""], ["1", "Một", "x", ""])
    reading = open_file("enterprise", data, None, write_mapping(tmp_path / "m.yaml"))
    assert reading.left_aside == ("Ghi chú",)
    assert len(list(reading.items)) == 1


def test_a_text_of_no_language_has_none(tmp_path: Path) -> None:
    """Also where it names a body: a language called «none» would be shown as one."""
    columns = {
        "chu": {"class": "Organization", "language": "none"},
        "ten": BASE["columns"]["ten"] | {"language": "none"},
    }
    (record,) = read(tmp_path, [{"ma": "1", "ten": "Một", "chu": "Alpha"}], columns=columns)
    assert isinstance(record, Record)
    assert {s.value: s.language for s in record.statements if s.property == "name"} == {"Một": None, "Alpha": None}


def test_a_title_before_an_experts_name_is_said_apart(tmp_path: Path) -> None:
    columns = {"ten": {"property": "name", "required": True}}
    (record,) = read(tmp_path, [{"ma": "1", "ten": "PGS.TS. Nguyễn Văn Ví Dụ"}], about="Person", columns=columns)
    assert isinstance(record, Record)
    said = {s.property: s.value for s in record.statements}
    assert (said["name"], said["academicTitle"]) == ("Nguyễn Văn Ví Dụ", "PGS.TS.")
    columns |= {"hoc_vi": {"property": "academicTitle"}}
    row = {"ma": "1", "ten": "TS. Nguyễn Văn Ví Dụ", "hoc_vi": "Tiến sĩ"}
    (record,) = read(tmp_path, [row], about="Person", columns=columns)
    assert isinstance(record, Record)
    assert [s.value for s in record.statements if s.property == "academicTitle"] == ["Tiến sĩ"]


def test_a_wrong_check_digit_refuses_the_row_and_says_why(tmp_path: Path) -> None:
    columns = {"mst": {"identifier": "tax-code"}}
    rows = [{"ma": "1", "ten": "Một", "mst": "0100109106"}, {"ma": "2", "ten": "Hai", "mst": "0100109107"}]
    right, wrong = read(tmp_path, rows, about="Enterprise", columns=columns)
    assert isinstance(right, Record)
    assert isinstance(wrong, Reject)
    assert (wrong.line, wrong.field) == (2, "mst")
    assert "check digit" in wrong.reason


def test_a_place_of_before_july_2025_says_where_it_lies_since(tmp_path: Path) -> None:
    columns = {"tinh": {"property": "locatedIn", "scheme": "place/2025"}}
    (record,) = read(tmp_path, [{"ma": "1", "ten": "Một", "tinh": "Bình Dương"}], about="Enterprise", columns=columns)
    assert isinstance(record, Record)
    places = {s.object for s in record.statements if s.property == "locatedIn"}
    assert places == {"scheme/place/2024/VN-57", "scheme/place/2025/VN-SG"}


def test_a_number_cell_with_three_decimals_is_no_thousand(tmp_path: Path) -> None:
    columns = {"gia": {"property": "price", "factor": 10**6}}
    (record,) = read(tmp_path, [{"ma": "1", "ten": "Một", "gia": 1.234}], columns=columns)
    assert isinstance(record, Record)
    assert [s.value for s in record.statements if s.property == "price"] == ["1234000"]
