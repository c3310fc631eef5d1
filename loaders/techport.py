"""NASA TechPort projects as JSON (https://techport.nasa.gov/help/api): the technology, its readiness, the task and who takes part.

The level at the start and the level now are findings, and so is the one at the end once the project is completed; before that it is
a hope, which is no assessment. Who pays besides is left aside, since no amount is given.
"""

from collections.abc import Iterator
from pathlib import Path

from loaders.json_records import Json, Numbered, json_items, part, parts, read_keyed, text, texts
from loaders.partial_days import first_day, last_day
from loaders.stating import state_country, state_names, state_own_identifier
from ontology.schemes import schemes
from ontology.statement import ABOUT, Item, Mentions, Reject
from ontology.text import fold

SHAPE, SOURCE, LICENCE = "techport", "techport", "US Government work"
_ROLE = "scheme/participation-role/1/"
_CLASSES = {
    "nasa center": "ResearchInstitute",
    "nasa facility": "ResearchInstitute",
    "academic": "University",
    "industry": "Enterprise",
    "u.s. government": "PublicAuthority",
    "other us government": "PublicAuthority",
    "non-profit institution": "Association",
}
_STATES = {"active": "scheme/task-state/1/ongoing", "canceled": "scheme/task-state/1/stopped"}
_TITLES = ("principalInvestigators", "coInvestigators")


def recognises(item: Json) -> bool:
    """Whether the first object of a JSON file is a project of TechPort."""
    project = _unwrapped(item)
    identifier = project.get("id", project.get("projectId"))
    return isinstance(identifier, int | str) and ("technologyMaturityStart" in project or "leadOrganization" in project)


def read(path: Path, source: str) -> Iterator[Item]:
    """Records and rejects of a file."""
    return read_keyed(_projects(path), source, "id", _key, _state)


def _projects(path: Path) -> Iterator[Numbered | Reject]:
    for item in json_items(path):
        yield item if isinstance(item, Reject) or not isinstance(item[1], dict) else (item[0], _unwrapped(item[1]))


def _unwrapped(item: Json) -> Json:
    inside = item.get("project")
    return inside if isinstance(inside, dict) else item


def _key(project: Json) -> str | None:
    value = text(project.get("id", project.get("projectId")), "id")
    return value if value.isascii() and value.isdigit() else None


def _state(mentions: Mentions, project: Json) -> None:
    title = text(project.get("title"), "title")
    technology = mentions.mention(ABOUT, "Technology")
    task, result = mentions.mention("task", "STTask"), mentions.mention("result", "ResearchResult")
    for subject in (technology, task, result):
        state_names(mentions, subject, [(title, "en")])
    mentions.value(technology, "acronym", text(project.get("acronym"), "acronym"))
    mentions.value(technology, "description", text(project.get("description"), "description"), "en")
    mentions.edge(technology, "embodies", result)
    mentions.edge(result, "resultOf", task)
    state_own_identifier(mentions, task, "techport", _key(project), "id")
    begin = first_day(text(project.get("startDate"), "startDate"))
    end = last_day(text(project.get("endDate"), "endDate"))
    mentions.value(task, "startDate", begin)
    mentions.value(task, "endDate", end)
    status = text(project.get("status"), "status").casefold()
    if status in _STATES:
        mentions.edge(task, "state", _STATES[status])
    _programme(mentions, task, text(project.get("responsibleProgram"), "responsibleProgram"))
    _readiness(mentions, technology, project, begin, end, status == "completed")
    _bodies(mentions, task, project)
    for field in _TITLES:
        role = "principal-investigator" if field == _TITLES[0] else "investigator"
        for name in texts(project.get(field), field):
            person = mentions.mention(f"Person/{fold(name) or name}", "Person")
            state_names(mentions, person, [(name, None)])
            _participate(mentions, task, "person", person, role)


def _programme(mentions: Mentions, task: str, name: str) -> None:
    if name:
        programme = mentions.mention(f"Programme/{fold(name) or name}", "Programme")
        state_names(mentions, programme, [(name, "en")])
        mentions.edge(task, "partOf", programme)


def _readiness(
    mentions: Mentions, technology: str, project: Json, begin: str | None, end: str | None, completed: bool
) -> None:
    now = first_day(text(project.get("lastUpdated"), "lastUpdated"))
    for when, day in (("Start", begin), ("Current", now), ("End", end)):
        level = text(project.get(f"technologyMaturity{when}"), f"technologyMaturity{when}")
        concept = schemes().find("trl/1", level) if level else None
        if concept and (completed or when != "End"):
            finding = mentions.mention(f"readiness/{when.casefold()}", "MaturityAssessment")
            mentions.edge(finding, "assesses", technology)
            mentions.edge(finding, "level", concept)
            mentions.value(finding, "date", day)


def _bodies(mentions: Mentions, task: str, project: Json) -> None:
    lead = part(project.get("leadOrganization"), "leadOrganization")
    leading = _organisation(mentions, lead)
    if leading:
        mentions.edge(task, "hostedBy", leading)
    for one in parts(project.get("supportingOrganizations"), "supportingOrganizations"):
        body = _organisation(mentions, one)
        if body and body != leading:
            _participate(mentions, task, "organization", body, "partner")


def _organisation(mentions: Mentions, one: Json) -> str | None:
    name = text(one.get("name") or one.get("organizationName"), "name")
    if not name:
        return None
    kind = text(one.get("type"), "type").casefold()
    body = mentions.mention(f"Organization/{fold(name) or name}", _CLASSES.get(kind, "Organization"))
    state_names(mentions, body, [(name, "en")])
    mentions.value(body, "acronym", text(one.get("acronym"), "acronym"))
    country = text(one.get("country"), "country")
    place = schemes().find("place/2025", country, strict=True) if country else None
    state_country(mentions, body, (place or "").rpartition("/")[2])
    return body


def _participate(mentions: Mentions, task: str, prop: str, body: str, role: str) -> None:
    node = mentions.mention(f"participation/{role}/{body}", "TaskParticipation")
    mentions.edge(node, "task", task)
    mentions.edge(node, prop, body)
    mentions.edge(node, "role", f"{_ROLE}{role}")
