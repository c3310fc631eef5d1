"""ORCID records: XML and JSON of one record say the same; what is not public is not read; an iD that can't be right is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from loaders.reading import open_file
from loaders.table_reading import FileRefused
from ontology.statement import ABOUT, Reject, mention_id
from tests.said import items_of, records_of, rules_broken, said_of

ID = "0000-0002-1825-0097"


def public(**content: Any) -> dict[str, Any]:
    return {"visibility": "public", **content}


def stay(title: str | None, start: dict[str, Any], end: dict[str, Any] | None, **organization: Any) -> dict[str, Any]:
    return public(
        **{
            "role-title": title,
            "department-name": "Khoa Ví Dụ",
            "start-date": start,
            "end-date": end,
            "organization": organization,
        }
    )


def day(year: str, month: str | None = None, number: str | None = None) -> dict[str, Any]:
    return {"year": {"value": year}, "month": month and {"value": month}, "day": number and {"value": number}}


EMPLOYED = stay(
    "Nghiên cứu viên",
    day("2015", "09"),
    day("2019"),
    name="Viện Ví Dụ",
    address={"city": "Hanoi", "region": None, "country": "VN"},
    **{
        "disambiguated-organization": {
            "disambiguated-organization-identifier": "https://ror.org/02hpadn98",
            "disambiguation-source": "ROR",
        }
    },
)
INVITED = stay(None, day("2020", "02", "03"), None, name="Body")
HIDDEN = stay("Spy", day("2001"), None, name="Secret body") | {"visibility": "limited"}


def record(**person: Any) -> dict[str, Any]:
    return {
        "orcid-identifier": {"uri": f"https://orcid.org/{ID}", "path": ID, "host": "orcid.org"},
        "person": {
            "name": public(
                **{"given-names": {"value": "Văn Ví"}, "family-name": {"value": "Nguyễn"}, "credit-name": None}
            ),
            "other-names": {
                "other-name": [
                    public(content="V. V. Nguyen", **{"display-index": 0}),
                    {"visibility": "private", "content": "Hidden name"},
                ]
            },
            "biography": public(content="Works on examples."),
            "emails": {"email": [public(email="v@vidu.example")]},
            "addresses": {"address": [public(country={"value": "VN"})]},
            "keywords": {"keyword": [public(content="Chemical engineering"), public(content="no such field")]},
            "external-identifiers": {
                "external-identifier": [
                    public(**{"external-id-type": "Scopus Author ID", "external-id-value": "77"}),
                    public(**{"external-id-type": "My ID System", "external-id-value": "A-3"}),
                    {"visibility": "private", "external-id-type": "ResearcherID", "external-id-value": "X-1"},
                ]
            },
        }
        | person,
        "activities-summary": {
            "employments": {
                "affiliation-group": [
                    {"summaries": [{"employment-summary": EMPLOYED}]},
                    {"summaries": [{"employment-summary": HIDDEN}]},
                ]
            },
            "invited-positions": {"affiliation-group": [{"summaries": [{"invited-position-summary": INVITED}]}]},
            "educations": {
                "affiliation-group": [
                    {"summaries": [{"education-summary": stay("BSc", day("1999"), None, name="School")}]}
                ]
            },
            "works": {"group": [{"work-summary": [public(title={"title": {"value": "A work"}})]}]},
        },
    }


ONE, INSTITUTE, BODY = "Person Văn Ví Nguyễn", "Organization Viện Ví Dụ", "Organization Body"
SAID = {
    (ONE, "hasIdentifier", f"orcid {ID}"),
    (ONE, "name", "Văn Ví Nguyễn"),
    (ONE, "alternativeName", "Nguyễn Văn Ví"),
    (ONE, "alternativeName", "V. V. Nguyen"),
    (ONE, "description", "Works on examples."),
    (ONE, "country", "VN"),
    (ONE, "hasField", "scheme/ford/2015/2.4"),
    (ONE, "hasIdentifier", "scopus-author 77"),
    (INSTITUTE, "name", "Viện Ví Dụ"),
    (INSTITUTE, "hasIdentifier", "ror 02hpadn98"),
    (INSTITUTE, "country", "VN"),
    (INSTITUTE, "locatedIn", "scheme/place/2025/VN-HN"),
    (BODY, "name", "Body"),
    ("Membership", "member", ONE),
    ("Membership", "organization", INSTITUTE),
    ("Membership", "role", "scheme/membership-role/1/researcher"),
    ("Membership", "description", "Nghiên cứu viên, Khoa Ví Dụ"),
    ("Membership", "validFrom", "2015-09-01"),
    ("Membership", "validUntil", "2019-12-31"),
    ("Membership", "organization", BODY),
    ("Membership", "description", "Khoa Ví Dụ"),
    ("Membership", "validFrom", "2020-02-03"),
}

COMMON = 'xmlns:c="http://www.orcid.org/ns/common" xmlns:p="http://www.orcid.org/ns/person"'


def xml_of(node: Any, name: str) -> str:
    """The XML that ORCID writes for a piece of its JSON, whose groups of summaries have no element of their own."""
    if node is None:
        return ""
    if isinstance(node, list):
        return "".join(xml_of(one, name) for one in node)
    if isinstance(node, dict):
        if name == "summaries":
            return "".join(xml_of(value, key) for key, value in node.items())
        if set(node) == {"value"}:
            return f"<c:{name}>{node['value']}</c:{name}>"
        attributes = "".join(f' {key}="{node[key]}"' for key in ("visibility", "display-index") if key in node)
        inside = "".join(
            xml_of(value, key) for key, value in node.items() if key not in ("visibility", "display-index")
        )
        return f"<c:{name}{attributes}>{inside}</c:{name}>"
    return f"<c:{name}>{node}</c:{name}>"


def write_xml(tmp_path: Path, content: dict[str, Any]) -> Path:
    path = tmp_path / "record.xml"
    inside = "".join(xml_of(value, key) for key, value in content.items())
    path.write_text(
        f'<r:record xmlns:r="http://www.orcid.org/ns/record" {COMMON} path="/{ID}">{inside}</r:record>',
        encoding="utf-8",
    )
    return path


def write_json(tmp_path: Path, *content: Any) -> Path:
    path = tmp_path / "records.json"
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in content), encoding="utf-8")
    return path


def test_what_json_says(tmp_path: Path) -> None:
    reading = open_file("orcid", write_json(tmp_path, record()))
    assert (reading.source, reading.one_issuer, reading.licence) == ("orcid", True, "CC0-1.0")
    (one,) = records_of("orcid", write_json(tmp_path, record()), None)
    assert said_of(one) == SAID
    assert (one.key, one.statements[0].subject) == (ID, mention_id("orcid", ID, ABOUT))


def test_xml_says_the_same(tmp_path: Path) -> None:
    (written,) = records_of("orcid", write_xml(tmp_path, record()))
    (answered,) = records_of("orcid", write_json(tmp_path, record()))
    assert said_of(written) == SAID
    assert written.fingerprint() == answered.fingerprint()


def test_nothing_but_the_public_is_read(tmp_path: Path) -> None:
    hidden = json.loads(json.dumps(record()).replace('"public"', '"limited"'))
    (one,) = records_of("orcid", write_json(tmp_path, hidden))
    assert said_of(one) == {("Person", "hasIdentifier", f"orcid {ID}")}
    unmarked = json.loads(json.dumps(record()).replace('"visibility"', '"other"'))
    (one,) = records_of("orcid", write_json(tmp_path, unmarked))
    assert said_of(one) == {("Person", "hasIdentifier", f"orcid {ID}")}


def test_a_credit_name_is_what_the_person_is_called(tmp_path: Path) -> None:
    name = public(**{"given-names": {"value": "A"}, "family-name": {"value": "B"}, "credit-name": {"value": "Dr B"}})
    (one,) = records_of("orcid", write_json(tmp_path, record(name=name)))
    names = {(p, v) for s, p, v in said_of(one) if s == "Person Dr B" and p in ("name", "alternativeName")}
    assert names == {
        ("name", "Dr B"),
        ("alternativeName", "A B"),
        ("alternativeName", "B A"),
        ("alternativeName", "V. V. Nguyen"),
    }


def test_next_month(tmp_path: Path) -> None:
    """Another order of groups and names of the same weight, and other dates of change, are the same record."""
    (before,) = records_of("orcid", write_json(tmp_path, record()))
    later = record()
    later["activities-summary"]["employments"]["affiliation-group"].reverse()
    later["history"] = {"last-modified-date": {"value": 1559917016886}}
    (after,) = records_of("orcid", write_json(tmp_path, later))
    assert after.fingerprint() == before.fingerprint()


def test_refusals(tmp_path: Path) -> None:
    slip = record()
    slip["orcid-identifier"]["path"] = "0000-0002-1825-0098"
    items = items_of("orcid", write_json(tmp_path, record(), slip, {"orcid-identifier": None}, record(), 7))
    rejects = [(item.line, item.field) for item in items if isinstance(item, Reject)]
    assert rejects == [(number, "orcid-identifier") for number in (2, 3, 4, 5)]


@pytest.mark.parametrize(
    ("person", "field"),
    [
        ({"name": "no object"}, "person"),
        ({"biography": 7}, "person"),
        ({"other-names": [1]}, "other-names"),
        ({"biography": public(content=["a"])}, "biography"),
        ({"name": public(**{"given-names": {"value": "\x00"}})}, ""),
        ({"name": public(**{"given-names": {"value": "\ud800"}})}, ""),
    ],
)
def test_damage_is_refused_whole(tmp_path: Path, person: dict[str, Any], field: str) -> None:
    path = tmp_path / "damaged"
    path.write_text(json.dumps(record(**person)), encoding="utf-8")
    (item,) = items_of("orcid", path)
    assert isinstance(item, Reject) and item.field == field


def test_a_stay_that_ends_before_it_begins(tmp_path: Path) -> None:
    wrong = record()
    backwards = stay("x", day("2019"), day("2018"), name="Body")
    summaries = [{"membership-summary": backwards}]
    wrong["activities-summary"]["memberships"] = {"affiliation-group": [{"summaries": summaries}]}
    (item,) = items_of("orcid", write_json(tmp_path, wrong))
    assert isinstance(item, Reject)
    assert (item.field, item.row) == ("endDate", "2018-12-31")


def test_what_is_said_conforms_to_the_shapes(tmp_path: Path) -> None:
    assert rules_broken(records_of("orcid", write_json(tmp_path, record()))) == set()


@pytest.mark.parametrize(
    "content", ["<record/>", "<!DOCTYPE r><r/>", "{}", "[]", "{", "x", '{"orcid-identifier": "text"}']
)
def test_what_is_no_record(tmp_path: Path, content: str) -> None:
    path = tmp_path / "file"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FileRefused):
        open_file("orcid", path)
