"""TechPort projects: the technology, its readiness as far as it was found, the task and who takes part."""

import json
from pathlib import Path
from typing import Any

import pytest

from loaders.reading import open_file
from ontology.statement import ABOUT, Reject, mention_id
from tests.said import items_of, records_of, said_of

LEAD = {"name": "Example Institute", "type": "Academic", "acronym": "EI", "city": "X", "country": "United States"}
PROJECT: dict[str, Any] = {
    "id": 90693,
    "lastUpdated": "2020-05-01",
    "title": "Example technology",
    "acronym": "ET",
    "status": "Completed",
    "startDate": "Aug 2016",
    "endDate": "Feb 2018",
    "description": "What it does.",
    "technologyMaturityStart": "4",
    "technologyMaturityCurrent": "5",
    "technologyMaturityEnd": "6",
    "responsibleProgram": "Example programme",
    "leadOrganization": LEAD,
    "supportingOrganizations": [{"name": "Example Center", "type": "NASA Center", "country": "Atlantis"}, LEAD],
    "coFundingPartners": [{"name": "Not taken", "type": "Industry"}],
    "principalInvestigators": ["Ann Example"],
    "coInvestigators": ["Bob Example"],
    "programManagers": ["Not taken"],
}
NAME = "Example technology"
TECHNOLOGY, TASK, RESULT = f"Technology {NAME}", f"STTask {NAME}", f"ResearchResult {NAME}"
ROLE, TRL = "scheme/participation-role/1/", "scheme/trl/1/"
SAID = {
    (TECHNOLOGY, "name", f"{NAME}@en"),
    (TECHNOLOGY, "acronym", "ET"),
    (TECHNOLOGY, "description", "What it does.@en"),
    (TECHNOLOGY, "embodies", RESULT),
    (RESULT, "name", f"{NAME}@en"),
    (RESULT, "resultOf", TASK),
    (TASK, "name", f"{NAME}@en"),
    (TASK, "hasIdentifier", "techport 90693"),
    (TASK, "startDate", "2016-08-01"),
    (TASK, "endDate", "2018-02-28"),
    (TASK, "partOf", "Programme Example programme"),
    ("Programme Example programme", "name", "Example programme@en"),
    (TASK, "hostedBy", "University Example Institute"),
    ("University Example Institute", "name", "Example Institute@en"),
    ("University Example Institute", "acronym", "EI"),
    ("University Example Institute", "country", "US"),
    ("ResearchInstitute Example Center", "name", "Example Center@en"),
    ("Person Ann Example", "name", "Ann Example"),
    ("Person Bob Example", "name", "Bob Example"),
    ("TaskParticipation", "task", TASK),
    ("TaskParticipation", "organization", "ResearchInstitute Example Center"),
    ("TaskParticipation", "role", f"{ROLE}partner"),
    ("TaskParticipation", "person", "Person Ann Example"),
    ("TaskParticipation", "role", f"{ROLE}principal-investigator"),
    ("TaskParticipation", "person", "Person Bob Example"),
    ("TaskParticipation", "role", f"{ROLE}investigator"),
    ("MaturityAssessment", "assesses", TECHNOLOGY),
    ("MaturityAssessment", "level", f"{TRL}4"),
    ("MaturityAssessment", "date", "2016-08-01"),
    ("MaturityAssessment", "level", f"{TRL}5"),
    ("MaturityAssessment", "date", "2020-05-01"),
    ("MaturityAssessment", "level", f"{TRL}6"),
    ("MaturityAssessment", "date", "2018-02-28"),
}


def write(tmp_path: Path, document: Any) -> Path:
    path = tmp_path / "projects"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "wrap", [lambda p: [p], lambda p: p, lambda p: {"project": p}, lambda p: {"projects": [{"project": p}]}]
)
def test_a_completed_project(tmp_path: Path, wrap: Any) -> None:
    reading = open_file("techport", write(tmp_path, wrap(PROJECT)))
    assert (reading.source, reading.one_issuer) == ("techport", True)
    (record,) = records_of("techport", write(tmp_path, wrap(PROJECT)), None)
    assert said_of(record) == SAID
    assert (record.key, record.statements[0].subject) == ("90693", mention_id("techport", "90693", ABOUT))


def test_the_end_of_a_project_that_goes_on_is_a_hope_and_no_finding(tmp_path: Path) -> None:
    (record,) = records_of("techport", write(tmp_path, [PROJECT | {"status": "Active"}]))
    end = {("MaturityAssessment", "level", f"{TRL}6"), ("MaturityAssessment", "date", "2018-02-28")}
    assert said_of(record) == (SAID - end) | {(TASK, "state", "scheme/task-state/1/ongoing")}


def test_next_month_the_same_project_is_the_same_record(tmp_path: Path) -> None:
    (before,) = records_of("techport", write(tmp_path, [PROJECT]))
    shuffled = dict(reversed(PROJECT.items())) | {"supportingOrganizations": PROJECT["supportingOrganizations"][::-1]}
    _, after = records_of("techport", write(tmp_path, [PROJECT | {"id": 1}, shuffled | {"libraryItems": []}]))
    assert (after.key, after.fingerprint()) == (before.key, before.fingerprint())


def test_refusals(tmp_path: Path) -> None:
    damaged = [
        PROJECT,
        PROJECT,
        PROJECT | {"id": None},
        PROJECT | {"id": 2, "leadOrganization": "x"},
        "no object",
        PROJECT | {"id": 3, "title": {"a": 1}},
    ]
    items = items_of("techport", write(tmp_path, damaged))
    rejects = [(item.line, item.field) for item in items if isinstance(item, Reject)]
    assert rejects == [(2, "id"), (3, "id"), (4, "leadOrganization"), (5, "id"), (6, "title")]
    assert len(items) == 6
