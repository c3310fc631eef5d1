"""Every shipped question, asked in Cypher of a real Neo4j and in SPARQL of the dataset, gives the same rows; and each really ran twice."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from graph.answer.asking import ask
from graph.answer.reading import Reading
from graph.questions.named import NamedQuestion, questions
from graph.questions.running import Result
from graph.statements.home import Home
from graph.views.engine import Engine
from graph.views.reading import SnapshotViews

pytestmark = pytest.mark.neo4j

LANGUAGES = ("cypher", "sparql")
NUMBERS = set(range(1, 26))
"""The competency questions."""
DAYS = ("2018-06-30", "2024-02-29", "2026-11-24")
"""Days on which all questions are asked: before most of the sample's facts, among them, and after them."""


class Counted:
    """A property graph and a dataset that count how often they are asked."""

    def __init__(self, asked: Any, counts: Counter[str], language: str) -> None:
        self._asked, self._counts, self._language = asked, counts, language
        self.question = ""

    def read(self, *arguments: Any, **named: Any) -> Any:
        self._counts[self._language] += 1
        return self._asked.read(*arguments, **named)

    def query(self, text: str) -> Any:
        self._counts[self._language] += 1
        return self._asked.query(text)


class CountedReading(Reading):
    """A snapshot that counts what it is asked in each language."""

    def __init__(self, views: SnapshotViews, engine: Engine) -> None:
        self.counts: Counter[str] = Counter()
        super().__init__(views, Counted(engine.graph, self.counts, "cypher"))  # type: ignore[arg-type]
        self._store = Counted(views.store, self.counts, "sparql")

    @property
    def store(self) -> Any:
        return self._store


@pytest.fixture(scope="module")
def reading(sample_home: Path) -> Iterator[CountedReading]:
    home = Home(sample_home)
    engine = Engine(home)
    number = engine.current()
    assert number is not None
    yield CountedReading(SnapshotViews(home, number), engine)
    engine.close()


@pytest.fixture(scope="module")
def ran() -> Counter[tuple[int, str]]:
    """(number, language) → how often a question was asked of that engine."""
    return Counter()


def both(
    reading: CountedReading, question: NamedQuestion, given: Mapping[str, Any], ran: Counter[tuple[int, str]]
) -> list[Result]:
    """The result in each language, each of which asked just its own engine once."""
    results = []
    for language in LANGUAGES:
        reading.counts.clear()
        results.append(ask(reading, question, given, language))  # type: ignore[arg-type]
        assert reading.counts == {language: 1}
        ran[question.number, language] += 1
    return results


@pytest.mark.parametrize("name", questions())
def test_the_example_gives_rows_and_the_same_from_both(
    name: str, reading: CountedReading, ran: Counter[tuple[int, str]]
) -> None:
    question = questions()[name]
    by_cypher, by_sparql = both(reading, question, question.example, ran)
    assert by_cypher.rows
    assert by_cypher.rows == by_sparql.rows
    assert by_cypher == by_sparql
    assert not by_cypher.truncated
    assert list(by_cypher.rows[0]) == list(question.columns)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("name", questions())
def test_the_same_rows_on_other_days(
    name: str, day: str, reading: CountedReading, ran: Counter[tuple[int, str]]
) -> None:
    question = questions()[name]
    by_cypher, by_sparql = both(reading, question, {**question.example, "as_of": day}, ran)
    assert by_cypher == by_sparql


@pytest.mark.parametrize(
    "name", [name for name, one in questions().items() if not any(p.required for p in one.parameters.values())]
)
def test_the_same_rows_with_nothing_but_defaults(
    name: str, reading: CountedReading, ran: Counter[tuple[int, str]]
) -> None:
    by_cypher, by_sparql = both(reading, questions()[name], {}, ran)
    assert by_cypher == by_sparql


def test_there_are_the_25() -> None:
    assert {question.number for question in questions().values()} == NUMBERS


def test_each_ran_in_both_languages(request: pytest.FixtureRequest, ran: Counter[tuple[int, str]]) -> None:
    # of a whole run these are all 25, each with its example and on three days at least
    selected = Counter(
        questions()[item.callspec.params["name"]].number
        for item in request.session.items
        if item.path == request.path and hasattr(item, "callspec")
    )
    assert ran == {(number, language): times for number, times in selected.items() for language in LANGUAGES}
    if set(selected) == NUMBERS:
        assert min(ran.values()) >= 1 + len(DAYS)
