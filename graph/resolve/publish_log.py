"""What was published: one line a publish, appended after its switch and never changed."""

import json
import os
from dataclasses import dataclass

from graph.resolve.snapshots import Snapshot
from graph.statements.home import Home

_NAME = "publishes.jsonl"


@dataclass(frozen=True, slots=True)
class Published:
    """A publish: its number, the snapshot's id, the instant in UTC, the last load in it, and what it depends on besides the loads."""

    publish: int
    snapshot: str
    instant: str
    last_load: int
    parameters: dict[str, str]


def publish_log(home: Home) -> list[Published]:
    """All publishes, the earliest first."""
    path = home.path / _NAME
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(Published(**json.loads(line)))
        except ValueError:
            continue  # a crash while it was written; the next publish has written it again
    return found


def note_published(home: Home, snapshot: Snapshot) -> None:
    """Append a publish, where it is not the last one that is noted; whoever calls this holds the lock for publishing."""
    noted = publish_log(home)
    if noted and noted[-1].publish == snapshot.number:
        return
    said = {
        "publish": snapshot.number,
        "snapshot": snapshot.snapshot,
        "instant": snapshot.instant,
        "last_load": snapshot.last_load,
        "parameters": snapshot.parameters,
    }
    with (home.path / _NAME).open("a+b") as file:
        if file.tell() and not _ends_a_line(home):
            file.write(b"\n")
        file.write(json.dumps(said).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _ends_a_line(home: Home) -> bool:
    return (home.path / _NAME).read_bytes().endswith(b"\n")
