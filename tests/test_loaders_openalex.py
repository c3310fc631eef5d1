"""OpenAlex: institutions, authors and works, each worked out by hand; years become spells, and topics fields where they are known."""

import json
from pathlib import Path
from typing import Any

import pytest

from loaders.reading import open_file
from ontology.statement import ABOUT, Record, Reject, mention_id
from tests.said import items_of, records_of, rules_broken, said_of

URL = "https://openalex.org/"
INSTITUTION: dict[str, Any] = {
    "id": f"{URL}I1",
    "ror": "https://ror.org/02hpadn98",
    "display_name": "Example University",
    "country_code": "VN",
    "type": "education",
    "homepage_url": "https://vidu.example",
    "display_name_acronyms": ["EU"],
    "display_name_alternatives": ["Univ. of Examples"],
    "ids": {"grid": "grid.7491.b", "wikidata": "https://www.wikidata.org/wiki/Q42", "mag": 1},
    "geo": {"city": "Hanoi", "country_code": "VN"},
    "international": {"display_name": {"vi": "Đại học Ví Dụ", "en": "Example University"}},
    "associated_institutions": [
        {
            "id": f"{URL}I2",
            "display_name": "Ministry",
            "relationship": "parent",
            "type": "government",
            "country_code": "VN",
        },
        {"id": f"{URL}I3", "display_name": "Child", "relationship": "child", "type": "other"},
    ],
}
TOPIC = {
    "display_name": "Catalysis",
    "subfield": {"display_name": "no such label"},
    "field": {"display_name": "Chemical Engineering"},
}
AUTHOR: dict[str, Any] = {
    "id": f"{URL}A5",
    "orcid": "https://orcid.org/0000-0002-1825-0097",
    "display_name": "Ann Example",
    "display_name_alternatives": ["A. Example"],
    "ids": {"scopus": "http://www.scopus.com/inward/authorDetails.url?authorID=77&partnerID=MN8TOARS"},
    "affiliations": [
        {
            "institution": {"id": f"{URL}I1", "display_name": "Example University", "type": "education"},
            "years": [2021, 2016, 2015],
        }
    ],
    "topics": [TOPIC],
}
WORK: dict[str, Any] = {
    "id": f"{URL}W9",
    "doi": "https://doi.org/10.1000/abc",
    "title": "On examples",
    "publication_date": "2020-02-03",
    "topics": [TOPIC],
    "authorships": [
        {
            "author": {
                "id": f"{URL}A5",
                "display_name": "Ann Example",
                "orcid": "https://orcid.org/0000-0002-1825-0098",
            },
            "institutions": [
                {
                    "id": f"{URL}I1",
                    "display_name": "Example University",
                    "ror": "https://ror.org/02hpadn98",
                    "type": "education",
                }
            ],
        },
        {"author": {"id": None, "display_name": "A string"}, "institutions": []},
    ],
}
UNIVERSITY, ANN = "University Example University", "Person Ann Example"


def write(tmp_path: Path, *entities: Any) -> Path:
    path = tmp_path / "part_000"
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in entities), encoding="utf-8")
    return path


def one(tmp_path: Path, entity: Any) -> Record:
    (record,) = records_of("openalex", write(tmp_path, entity))
    return record


def test_an_institution(tmp_path: Path) -> None:
    shown = "University Đại học Ví Dụ"  # the first of its names
    assert said_of(one(tmp_path, INSTITUTION)) == {
        (shown, "hasIdentifier", "openalex I1"),
        (shown, "hasIdentifier", "ror 02hpadn98"),
        (shown, "hasIdentifier", "grid grid.7491.b"),
        (shown, "hasIdentifier", "wikidata Q42"),
        (shown, "name", "Example University"),
        (shown, "name", "Đại học Ví Dụ@vi"),
        (shown, "name", "Example University@en"),
        (shown, "alternativeName", "Univ. of Examples"),
        (shown, "acronym", "EU"),
        (shown, "homepage", "https://vidu.example"),
        (shown, "country", "VN"),
        (shown, "locatedIn", "scheme/place/2025/VN-HN"),
        (shown, "unitOf", "PublicAuthority Ministry"),
        ("PublicAuthority Ministry", "name", "Ministry"),
        ("PublicAuthority Ministry", "hasIdentifier", "openalex I2"),
        ("PublicAuthority Ministry", "country", "VN"),
    }


def test_an_author(tmp_path: Path) -> None:
    assert said_of(one(tmp_path, AUTHOR)) == {
        (ANN, "hasIdentifier", "openalex A5"),
        (ANN, "hasIdentifier", "orcid 0000-0002-1825-0097"),
        (ANN, "hasIdentifier", "scopus-author 77"),
        (ANN, "name", "Ann Example"),
        (ANN, "alternativeName", "A. Example"),
        (UNIVERSITY, "hasIdentifier", "openalex I1"),
        (UNIVERSITY, "name", "Example University"),
        ("Membership", "member", ANN),
        ("Membership", "organization", UNIVERSITY),
        ("Membership", "validFrom", "2015-01-01"),
        ("Membership", "validUntil", "2016-12-31"),
        ("Membership", "validFrom", "2021-01-01"),
        ("Membership", "validUntil", "2021-12-31"),
        ("ExpertiseClaim", "person", ANN),
        ("ExpertiseClaim", "hasField", "scheme/ford/2015/2.4"),
        ("ExpertiseClaim", "description", "Catalysis@en"),
    }


def test_a_work_says_where_its_authors_worked_that_day(tmp_path: Path) -> None:
    record = one(tmp_path, WORK)
    assert said_of(record) == {
        (ANN, "hasIdentifier", "openalex A5"),  # not the ORCID iD, whose check digit is wrong
        (ANN, "name", "Ann Example"),
        (UNIVERSITY, "hasIdentifier", "openalex I1"),
        (UNIVERSITY, "hasIdentifier", "ror 02hpadn98"),
        (UNIVERSITY, "name", "Example University"),
        ("Membership", "member", ANN),
        ("Membership", "organization", UNIVERSITY),
        ("Membership", "validFrom", "2020-02-03"),
        ("Membership", "validUntil", "2020-02-03"),
        ("ExpertiseClaim", "person", ANN),
        ("ExpertiseClaim", "hasField", "scheme/ford/2015/2.4"),
        ("ExpertiseClaim", "description", "On examples"),
        ("ExpertiseClaim", "date", "2020-02-03"),
    }
    assert record.key == "W9"


def test_a_work_without_a_day_says_of_no_stay(tmp_path: Path) -> None:
    said = said_of(one(tmp_path, {key: value for key, value in WORK.items() if key != "publication_date"}))
    assert not [s for s in said if s[0] == "Membership"]
    assert ("ExpertiseClaim", "description", "On examples") in said
    assert not [s for s in said if s[1] == "date"]


def test_the_snapshot_and_the_api_say_the_same(tmp_path: Path) -> None:
    lines = {r.key: r.fingerprint() for r in records_of("openalex", write(tmp_path, INSTITUTION, AUTHOR, WORK))}
    answer = tmp_path / "answer"
    answer.write_text(
        json.dumps({"meta": {"count": 3}, "results": [WORK, AUTHOR, INSTITUTION], "group_by": []}), encoding="utf-8"
    )
    assert {r.key: r.fingerprint() for r in records_of("openalex", answer)} == lines
    assert list(lines) == ["I1", "A5", "W9"]
    reading = open_file("openalex", answer)
    assert (reading.source, reading.one_issuer, reading.licence) == ("openalex", True, "CC0-1.0")
    (first, *_) = reading.items
    assert isinstance(first, Record) and first.key == "W9"
    assert one(tmp_path, AUTHOR).statements[0].subject == mention_id("test", "A5", ABOUT)


def test_what_is_said_conforms_to_the_shapes(tmp_path: Path) -> None:
    assert rules_broken(records_of("openalex", write(tmp_path, INSTITUTION, AUTHOR, WORK))) == set()


def test_refusals_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    deep = '{"id": ' + "[" * 100_000 + "]" * 100_000 + "}"
    damaged = [
        json.dumps(AUTHOR),
        "{ broken",
        json.dumps(AUTHOR),
        json.dumps(AUTHOR | {"id": f"{URL}X1"}),
        json.dumps(AUTHOR | {"id": f"{URL}A6", "affiliations": [{"institution": {"id": f"{URL}I1"}, "years": ["x"]}]}),
        json.dumps(AUTHOR | {"id": f"{URL}A7", "affiliations": [{"institution": {}, "years": [2020]}]}),
        json.dumps(AUTHOR | {"id": f"{URL}A8", "display_name": "\x00"}),
        json.dumps(AUTHOR | {"id": f"{URL}A9", "display_name": "x" * 1_000_001}),
        deep,
        json.dumps(AUTHOR | {"id": f"{URL}A10"}),
    ]
    path.write_text("\n".join(damaged), encoding="utf-8")
    items = items_of("openalex", path)
    assert [item.key for item in items if isinstance(item, Record)] == ["A5", "A10"]
    rejects = {item.line: item.field for item in items if isinstance(item, Reject)}
    assert rejects == {2: "", 3: "id", 4: "id", 5: "years", 6: "institutions", 7: "", 8: "", 9: ""}


@pytest.mark.parametrize(
    "raw", [b'{"id": "https://openalex.org/A1"}\n{"id": "\xff"}\n', b'{"id": "https://openalex.org/A1"}\n{"a": 1}']
)
def test_bytes_that_are_no_text(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(raw)
    one, two = items_of("openalex", path)
    assert isinstance(one, Record)
    assert isinstance(two, Reject) and two.line == 2
