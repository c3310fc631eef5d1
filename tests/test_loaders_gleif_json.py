"""GLEIF's JSON: the API's form and the golden copy's say the same of one legal entity, and of it the same mention as the CSV."""

import csv
import json
from pathlib import Path
from typing import Any

from loaders.reading import open_file
from ontology.statement import ABOUT, Record, Reject, mention_id
from tests.said import items_of, records_of, rules_broken, said_of

LEI = "2549007VAEQKB7BGXH31"
API: dict[str, Any] = {
    "type": "lei-records",
    "id": LEI,
    "attributes": {
        "lei": LEI,
        "entity": {
            "legalName": {"name": "CÔNG TY TNHH VÍ DỤ", "language": "vi"},
            "otherNames": [
                {"name": "EXAMPLE COMPANY LIMITED", "language": "en", "type": "ALTERNATIVE_LANGUAGE_LEGAL_NAME"},
                {"name": "OLD EXAMPLES", "language": "fr", "type": "PREVIOUS_LEGAL_NAME"},
            ],
            "transliteratedOtherNames": [],
            "legalAddress": {
                "language": "vi",
                "addressLines": ["Số 1, phố Ví Dụ", "Phường Ví Dụ"],
                "city": "Hà Nội",
                "region": "VN-HN",
                "country": "VN",
                "postalCode": "10000",
            },
            "registeredAs": "0100109106",
            "jurisdiction": "VN",
            "category": "GENERAL",
            "creationDate": "2012-05-09T00:00:00Z",
            "expiration": {"date": None, "reason": None},
        },
    },
}


def text(value: str, **marks: str) -> dict[str, str]:
    return {"$": value} | {f"@{'xml:lang' if key == 'lang' else key}": mark for key, mark in marks.items()}


GOLDEN: dict[str, Any] = {
    "LEI": text(LEI),
    "Entity": {
        "LegalName": text("CÔNG TY TNHH VÍ DỤ", lang="vi"),
        "OtherEntityNames": {
            "OtherEntityName": [
                text("EXAMPLE COMPANY LIMITED", lang="en", type="ALTERNATIVE_LANGUAGE_LEGAL_NAME"),
                text("OLD EXAMPLES", lang="fr", type="PREVIOUS_LEGAL_NAME"),
            ]
        },
        "LegalAddress": {
            "FirstAddressLine": text("Số 1, phố Ví Dụ"),
            "AdditionalAddressLine": [text("Phường Ví Dụ")],
            "City": text("Hà Nội"),
            "Region": text("VN-HN"),
            "Country": text("VN"),
        },
        "RegistrationAuthority": {"RegistrationAuthorityEntityID": text("0100109106")},
        "EntityCategory": text("GENERAL"),
        "EntityCreationDate": text("2012-05-09T00:00:00Z"),
    },
}
ONE = "Enterprise CÔNG TY TNHH VÍ DỤ"
SAID = {
    (ONE, "hasIdentifier", f"lei {LEI}"),
    (ONE, "name", "CÔNG TY TNHH VÍ DỤ@vi"),
    (ONE, "name", "EXAMPLE COMPANY LIMITED@en"),
    (ONE, "alternativeName", "OLD EXAMPLES@fr"),
    (ONE, "country", "VN"),
    (ONE, "locatedIn", "scheme/place/2025/VN-HN"),
    (ONE, "address", "Số 1, phố Ví Dụ, Phường Ví Dụ, Hà Nội"),
    (ONE, "founded", "2012"),
    (ONE, "hasIdentifier", "tax-code 0100109106"),
}


def write(tmp_path: Path, document: Any) -> Path:
    path = tmp_path / "gleif"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def test_the_answer_of_the_api(tmp_path: Path) -> None:
    for document in ({"meta": {}, "links": {}, "data": [API]}, API):
        (record,) = records_of("gleif", write(tmp_path, document))
        assert said_of(record) == SAID


def test_the_golden_copy_says_the_same(tmp_path: Path) -> None:
    (record,) = records_of("gleif", write(tmp_path, {"records": [GOLDEN]}))
    assert said_of(record) == SAID
    (answered,) = records_of("gleif", write(tmp_path, [API]))
    assert (record.key, record.fingerprint()) == (answered.key, answered.fingerprint())


def test_csv_and_json_speak_of_one_mention(tmp_path: Path) -> None:
    table = tmp_path / "table"
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["LEI", "Entity.LegalName", "Entity.LegalAddress.Country"], [LEI, "VÍ DỤ", "VN"]])
    readings = [open_file("enterprise", path) for path in (table, write(tmp_path, [API]))]
    assert {(reading.source, reading.one_issuer) for reading in readings} == {("gleif", True)}
    records = [record for reading in readings for record in reading.items if isinstance(record, Record)]
    assert [(record.key, record.statements[0].subject) for record in records] == [
        (LEI, mention_id("gleif", LEI, ABOUT))
    ] * 2


def test_what_is_said_conforms_to_the_shapes(tmp_path: Path) -> None:
    assert rules_broken(records_of("gleif", write(tmp_path, [API]))) == set()


def test_another_category_and_another_country(tmp_path: Path) -> None:
    changed = json.loads(json.dumps(API))
    changed["attributes"]["entity"] |= {"category": "FUND", "expiration": {"date": "2020-01-01"}}
    changed["attributes"]["entity"]["legalAddress"] |= {"country": "SG", "city": "Hanoi", "region": None}
    (record,) = records_of("gleif", write(tmp_path, [changed]))
    said = {(p, v) for s, p, v in said_of(record) if s == "Fund CÔNG TY TNHH VÍ DỤ"}
    assert {("country", "SG"), ("dissolved", "2020")} <= said
    assert not {p for p, _ in said} & {"locatedIn"} and ("hasIdentifier", "tax-code 0100109106") not in said


def test_a_wrong_tax_code_is_left_out_and_a_wrong_lei_refused(tmp_path: Path) -> None:
    slip = json.loads(json.dumps(API).replace("0100109106", "0100109107"))
    wrong = json.loads(json.dumps(API).replace(LEI, "2549007VAEQKB7BGXH32"))
    one, two, three = items_of("gleif", write(tmp_path, [slip, wrong, "no object"]))
    assert isinstance(one, Record) and said_of(one) == SAID - {(ONE, "hasIdentifier", "tax-code 0100109106")}
    assert isinstance(two, Reject) and (two.line, two.field) == (2, "LEI")
    assert isinstance(three, Reject) and three.line == 3
