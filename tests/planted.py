"""Small graphs of planted cases: nodes and edges said in a few words, resolved without the property graph."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from graph.answer.reading import StoredReading
from graph.statements import load_writing, loads
from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Load, Origin
from graph.views.past import PastSnapshots
from graph.views.publishing import load_schemes
from graph.views.reading import StoredViews
from ontology.model import ontology
from ontology.statement import Mentions, Record, mention_id

Said = Mapping[str, object]
"""Property → value, concept's id (``scheme/…``), key of another node behind ``@``, or a list of these; ``a`` is the class."""
SOURCE = "planted"


def node_id(key: str) -> str:
    """The id of a planted node that was never merged."""
    return mention_id(SOURCE, key, "about")


def record(key: str, said: Said, line: int) -> Record:
    """One node as a record of its own."""
    mentions = Mentions(SOURCE, key, line)
    about = mentions.mention("about", str(said["a"]))
    for prop, given in said.items():
        for one in given if isinstance(given, list) else [given] if prop != "a" else []:
            text = str(one).lower() if isinstance(one, bool) else str(one)
            if text.startswith(("@", "scheme/")):
                mentions.edge(about, prop, node_id(text[1:]) if text.startswith("@") else text)
            else:
                language = "vi" if ontology().properties[prop].per_language else None
                mentions.value(about, prop, text, language)
    return mentions.record


class Planted:
    """A home whose clock is set by hand, and the snapshot of a day."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch, clock: str = "2026-03-01T03:00:00") -> None:
        self.home = Home(path)
        self.at(clock)
        for writing in (load_writing, loads):
            monkeypatch.setattr(writing, "now", lambda: self._clock)
        load_schemes(self.home)

    def at(self, instant: str) -> None:
        """Set the clock, in UTC."""
        self._clock = datetime.fromisoformat(instant).replace(tzinfo=UTC)

    def load(self, nodes: Mapping[str, Said], whole: bool = False) -> Load:
        """Load nodes by key; a key that was loaded before is said anew."""
        records = [record(key, said, line) for line, (key, said) in enumerate(nodes.items(), 2)]
        origin = Origin(SOURCE, "rdf", "planted", "planted.csv", "0" * 64, None, whole)
        return write_load(self.home, origin, iter(records))

    def reading(self, day: str = "2026-11-24") -> StoredReading:
        """What was known at the end of a day."""
        return StoredReading(StoredViews(self.home, PastSnapshots(self.home).make(day)))
