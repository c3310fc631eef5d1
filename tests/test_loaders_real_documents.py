"""The real exchange files beside the checkout: each record of them loads, as many as a plain reading counts, and the same next month."""

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from loaders.reading import open_file
from ontology.statement import Gone, Item, Record
from tests.said import items_of, records_of, rules_broken, said_of

DATA = Path(__file__).parents[2] / "shared" / "data"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real records are not beside the checkout"),
]
SAMPLES = DATA / "cerif" / "samples"
ORCID = DATA / "orcid/src/main/resources/record_3.0/samples/read_samples"
CERIF = {
    "equipments": 2,
    "events": 0,  # the ontology has no class for an event of this kind: it is no record
    "fundings": 11,
    "orgunits": 13,
    "patents": 2,
    "persons": 19,
    "products": 5,
    "projects": 4,
    "publications": 7,
}


def sample(name: str) -> Path:
    return SAMPLES / f"openaire_cerif_xml_example_{name}.xml"


def classes(items: list[Item]) -> Counter[str]:
    """How many mentions there are of each class."""
    said = {
        (s.subject, s.value)
        for item in items
        if isinstance(item, Record)
        for s in item.statements
        if s.property == "type"
    }
    return Counter(str(cls) for _, cls in said)


@pytest.mark.parametrize(("name", "count"), CERIF.items())
def test_every_entity_of_the_cerif_samples_loads(name: str, count: int) -> None:
    text = sample(name).read_text(encoding="utf-8")
    inside = text.count("<metadata>") if count else 0
    deleted = text.count('status="deleted"')
    reading = open_file("cerif", sample(name))
    items = list(reading.items)
    assert (reading.source, reading.one_issuer) == ("cris.example.org", True)
    assert (len([i for i in items if isinstance(i, Record)]), len([i for i in items if isinstance(i, Gone)])) == (
        count,
        deleted,
    )
    assert count == inside and len(items) == count + deleted


def test_what_the_real_files_say_conforms_to_the_shapes() -> None:
    records = [r for name in CERIF for r in items_of("cerif", sample(name)) if isinstance(r, Record)]
    records += records_of("techport", DATA / "nasa-techport/projects.json")
    records += records_of("orcid", ORCID / "record-full-3.0.json")
    assert rules_broken(records) == set()


def test_the_shapes_would_see_what_is_wrong() -> None:
    (record,) = [r for r in records_of("cerif", sample("persons")) if r.key == "Persons/2123451"]
    record.statements = [s for s in record.statements if s.property not in ("member", "identifierValue")]
    assert {prop for prop, _ in rules_broken([record])} == {"member", "identifierValue"}


def test_names_in_every_language_are_kept() -> None:
    text = sample("orgunits").read_text(encoding="utf-8")
    commission = text[text.index('id="OrgUnits/310001"') :].partition("</OrgUnit>")[0]
    written = set(re.findall(r'<Name xml:lang="(\w+)">([^<]+)</Name>', commission))
    (record,) = [r for r in records_of("cerif", sample("orgunits"), None) if r.key == "OrgUnits/310001"]
    assert len(written) == 23
    assert {(s.language, s.value) for s in record.statements if s.property == "name"} == written


def test_what_the_samples_say_of_each_other_meets_by_identifier() -> None:
    """The organisation that a project names bears the identifier by which its own record is known."""
    own = {
        said[2] for r in records_of("cerif", sample("orgunits")) for said in said_of(r) if said[1] == "hasIdentifier"
    }
    (project,) = [r for r in records_of("cerif", sample("projects")) if r.key == "Projects/112345"]
    named = {said[2] for said in said_of(project) if said[0].startswith("Organization") and said[1] == "hasIdentifier"}
    assert {"oai/cris.example.org OrgUnits/312345", "oai/cris.example.org OrgUnits/312346"} <= named
    assert {one for one in named if one.startswith("oai/")} <= own


def test_the_patents_of_the_cerif_samples() -> None:
    found = classes(items_of("cerif", sample("patents")))
    assert (found["Technology"], found["Patent"], found["RightsHolding"], found["Person"]) == (2, 2, 2, 8)


@pytest.mark.parametrize("name", ["Identify", "ListMetadataFormats", "ListSets"])
def test_other_answers_of_a_repository_are_no_records(name: str) -> None:
    with pytest.raises(ValueError, match="not recognised as cerif"):
        open_file("cerif", SAMPLES / f"openaire_oaipmh_example_{name}.xml")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("record-3.0.xml", "8888-8888-8888-8880"),
        ("record-no-city-country-for-professional-activities-3.0.xml", "8888-8888-8888-8880"),
        ("record-full-3.0.json", "0000-0002-7319-2192"),
    ],
)
def test_the_records_of_orcid_load_without_what_is_not_public(name: str, key: str) -> None:
    (record,) = records_of("orcid", ORCID / name, None)
    assert record.key == key
    said = {s.value for s in record.statements}
    assert not [
        text for text in said if text and ("@" in text or "employment" in text)
    ]  # e-mail; private in the XML samples


def test_the_full_record_of_orcid_has_the_stays_that_its_json_has() -> None:
    document = json.loads((ORCID / "record-full-3.0.json").read_text(encoding="utf-8"))
    stays = [
        summary
        for section in ("employments", "invited-positions", "memberships", "services")
        for group in document["activities-summary"][section]["affiliation-group"]
        for one in group["summaries"]
        for summary in one.values()
    ]
    # of equal body, day, role and department there is one stay
    distinct = {
        json.dumps([s["organization"]["name"], s["start-date"], s["role-title"], s["department-name"]]) for s in stays
    }
    (record,) = records_of("orcid", ORCID / "record-full-3.0.json")
    assert (len(stays), len(distinct)) == (5, 2)
    assert classes([record])["Membership"] == len(distinct)


def projects() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DATA / "nasa-techport/projects.json").read_text(encoding="utf-8"))
    return found


def test_the_projects_of_techport() -> None:
    items = items_of("techport", DATA / "nasa-techport/projects.json", None)
    rows = projects()
    completed = [row for row in rows if row["status"] == "Completed"]
    found = classes(items)
    assert len(items) == len(rows) == 25
    assert [item.key for item in items if isinstance(item, Record)] == [str(row["id"]) for row in rows]
    assert (found["Technology"], found["STTask"], found["MaturityAssessment"]) == (25, 25, 2 * 25 + len(completed))
    partners = sum(
        len({o["name"] for o in row.get("supportingOrganizations", [])} - {row["leadOrganization"]["name"]})
        for row in rows
    )
    people = sum(
        len(set(row.get(field, []))) for row in rows for field in ("principalInvestigators", "coInvestigators")
    )
    assert found["TaskParticipation"] == partners + people


def test_next_month_the_projects_are_the_same_records(tmp_path: Path) -> None:
    rows = projects()
    moved = [dict(reversed(row.items())) for row in reversed(rows)]
    moved[3]["title"] = "Another title"
    path = tmp_path / "next"
    path.write_text(json.dumps({"projects": moved[:-1]}), encoding="utf-8")
    before = {r.key: r.fingerprint() for r in records_of("techport", DATA / "nasa-techport/projects.json")}
    after = {r.key: r.fingerprint() for r in records_of("techport", path)}
    assert {key for key in after if after[key] != before[key]} == {str(moved[3]["id"])}
    assert before.keys() - after.keys() == {str(rows[0]["id"])}


def test_next_month_the_persons_of_a_repository_are_the_same_records(tmp_path: Path) -> None:
    text = sample("persons").read_text(encoding="utf-8")
    parts = re.findall(r"<record>.*?</record>", text, re.DOTALL)
    begin, end = text.index(parts[0]), text.rindex("</record>") + len("</record>")
    path = tmp_path / "next"
    path.write_text(text[:begin] + "\n".join(reversed(parts)) + text[end:], encoding="utf-8")
    before = {r.key: r.fingerprint() for r in records_of("cerif", sample("persons"))}
    assert {r.key: r.fingerprint() for r in records_of("cerif", path)} == before
    assert len(before) == 19


def test_the_legal_entities_of_gleif_are_the_same_mentions_as_json(tmp_path: Path) -> None:
    with (DATA / "enterprises/gleif-vietnam.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    data = [
        {
            "type": "lei-records",
            "attributes": {
                "lei": row["LEI"],
                "entity": {
                    "legalName": {"name": row["Entity.LegalName"]},
                    "legalAddress": {"country": row["Entity.LegalAddress.Country"]},
                },
            },
        }
        for row in rows
    ]
    path = tmp_path / "answer"
    path.write_text(json.dumps({"data": data}), encoding="utf-8")
    table = {r.key: r.fingerprint() for r in records_of("gleif", DATA / "enterprises/gleif-vietnam.csv")}
    assert {r.key: r.fingerprint() for r in records_of("gleif", path)} == table
    assert len(table) == 76
