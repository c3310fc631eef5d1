"""Reports whose lines are compared between two days: tasks, and rights over results. A line is column → values, ids among them."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from graph.answer.difference_model import View
from graph.answer.reading import Reading
from graph.answer.rights_ledger import entries_on
from graph.answer.rights_model import Entry
from graph.questions.nodes import Node
from ontology.model import ontology

Line = Mapping[str, tuple[str, ...]]
Report = Mapping[str, Line]
"""Entity → its line."""

_OF_TASK = (
    "name",
    "state",
    "approvedOn",
    "hostedBy",
    "level",
    "taskType",
    "budget",
    "startDate",
    "endDate",
    "hasField",
)
"""Properties of a task that its line shows, as the ontology calls them."""


def tasks(reading: Reading, day: str) -> Report:
    """The tasks that were approved by a day, or whose approval has no day, with what came of them by it."""
    found = {}
    for task in reading.views.instances("STTask"):
        node = Node(reading.store, task)
        approved = node.value("approvedOn")
        if approved is None or str(approved) <= day:
            found[task] = _task(node, day)
    return found


def _task(node: Node, day: str) -> Line:
    edges = {prop for prop in _OF_TASK if ontology().properties[prop].is_edge}
    line = {prop: tuple(node.end_ids(prop) if prop in edges else map(str, node.values(prop))) for prop in _OF_TASK}
    results = node.starts("resultOf", "ResearchResult")
    accepted = [one for result in results for one in result.starts("accepts", "Acceptance") if _by(one, day)]
    applied = [one for result in results for one in result.starts("applies", "ResultApplication") if _by(one, day)]
    line["accepts"] = tuple(sorted(str(one.value("date") or "") for one in accepted))
    line["grade"] = tuple(sorted(grade for one in accepted for grade in one.end_ids("grade")))
    line["adopter"] = tuple(sorted(body for one in applied for body in one.end_ids("adopter")))
    return line


def _by(event: Node, day: str) -> bool:
    """Whether an event had happened by a day, or has none."""
    happened = event.value("date") or event.value("validFrom")
    return happened is None or str(happened) <= day


def rights(reading: Reading, day: str) -> Report:
    """The lines of the ledger of rights."""
    return {entry.result.id: _rights(entry) for entry in entries_on(reading, day, "vi")}


def _rights(entry: Entry) -> Line:
    return {
        "task": _one(entry.task.id if entry.task else None),
        "host": _one(entry.host.id if entry.host else None),
        "approved_on": _one(entry.approved_on),
        "regime": _one(f"scheme/regime/1/{entry.regime.replace('_', '-')}"),
        "state": _one(entry.state.id if entry.state else None),
        "state_event": _one(entry.state_event.id if entry.state_event else None),
        "owners": tuple(sorted(share.owner.id for share in entry.owners)),
        "shares": tuple(sorted(f"{share.share:g}" for share in entry.owners if share.share is not None)),
        "registration": _one(entry.registration),
        "permit": _one(entry.permit),
        "novelty_deadline": _one(entry.novelty_deadline),
    }


def _one(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


REPORTS: Mapping[View, Callable[[Reading, str], Report]] = MappingProxyType({"tasks": tasks, "rights": rights})


def columns_of(lines: Iterable[Line]) -> list[str]:
    """All columns of some lines, in their order."""
    return list(dict.fromkeys(column for line in lines for column in line))
