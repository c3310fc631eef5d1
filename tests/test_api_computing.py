"""What takes long is computed once, whoever asks; who does not wait is told so at once; what was prepared is what asking directly gives."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from starlette.datastructures import Headers

from api.computing import PAINTED, Computing, KeptAnswers, waiting
from api.patience import waits_for
from api.preparing import prepare, steps
from api.serving import LiveSource, LiveViews
from graph.answer.asking import ask
from graph.questions.communities import overview
from graph.questions.ecosystem import ecosystem_questions
from graph.questions.errors import QuestionError
from graph.questions.named import analyses, questions, registers
from graph.questions.networks import projections, read_network
from graph.statements.home import Home, today
from graph.views.engine import Engine
from graph.views.errors import Preparing
from tests.conftest import copied, sample

WHAT = {"vi": "Số", "en": "Numbers"}
NUMBERS = TypeAdapter(list[int])


class Slow:
    """Something that takes as long as it is let, and counts how often it was begun."""

    def __init__(self) -> None:
        self.let, self.begun = threading.Event(), 0

    def __call__(self) -> list[int]:
        self.begun += 1
        assert self.let.wait(30)
        return [1, 2, 3]


def until_there(computing: Computing, slow: Any) -> list[int]:
    for _ in range(300):
        try:
            with waiting(0.05):
                found: list[int] = computing.get(("numbers",), WHAT, slow)
                return found
        except Preparing:
            time.sleep(0.01)
    raise AssertionError("it never came")


def test_who_does_not_wait_is_told_what_is_being_computed_since_when_and_later_gets_it() -> None:
    computing, slow = Computing(), Slow()
    for _ in range(3):
        began = time.monotonic()
        with waiting(0.1), pytest.raises(Preparing, match="Numbers") as told:
            computing.get(("numbers",), WHAT, slow)
        assert time.monotonic() - began < 5
        assert told.value.what == WHAT and told.value.since is not None and told.value.since >= 0.1
    slow.let.set()
    assert until_there(computing, slow) == [1, 2, 3]
    assert slow.begun == 1


def test_all_who_wait_get_what_one_of_them_computes() -> None:
    computing, slow = Computing(), Slow()
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(computing.get, ("numbers",), WHAT, slow) for _ in range(8)]
        time.sleep(0.2)
        slow.let.set()
        assert [one.result(30) for one in asked] == [[1, 2, 3]] * 8
    assert slow.begun == 1


def test_what_failed_is_told_to_who_asked_and_then_tried_again() -> None:
    computing, failed = Computing(), threading.Event()

    def once() -> list[int]:
        if not failed.is_set():
            failed.set()
            raise QuestionError("by: one of year, field, both")
        return [4]

    with pytest.raises(QuestionError, match="one of year"):
        computing.get(("numbers",), WHAT, once)
    assert computing.get(("numbers",), WHAT, once) == [4]
    failed.clear()
    with waiting(5), pytest.raises(QuestionError):
        computing.get(("later",), WHAT, once)
    with waiting(5):
        assert computing.get(("later",), WHAT, once) == [4]


def test_so_many_answers_are_kept_and_no_more() -> None:
    computing, counted = Computing(), []

    def rows(number: int) -> list[int]:
        counted.append(number)
        return [number] * 1_000

    for number in range(300):
        computing.get((str(number),), WHAT, partial(rows, number))
    computing.get(("299",), WHAT, lambda: rows(299))
    assert counted == list(range(300))
    computing.get(("0",), WHAT, lambda: rows(0))
    assert counted[-1] == 0 and len(counted) == 301


def test_what_was_prepared_is_read_and_not_computed_again(tmp_path: Path) -> None:
    def never() -> list[int]:
        raise AssertionError("it was computed again")

    kept = KeptAnswers(tmp_path / "answers")
    Computing(kept, preparing=True).get(("a", "b"), WHAT, lambda: [1, 2], NUMBERS)
    assert Computing(kept).get(("a", "b"), WHAT, never, NUMBERS) == [1, 2]
    assert Computing(kept).get(("a", "c"), WHAT, lambda: [3], NUMBERS) == [3]
    assert len(list((tmp_path / "answers").iterdir())) == 1  # only who prepares keeps
    (file,) = (tmp_path / "answers").iterdir()
    file.write_text("[1, 2")
    assert Computing(kept).get(("a", "b"), WHAT, lambda: [5], NUMBERS) == [5]
    file.rename(file.with_name(file.name.replace(today(), "2001-01-01")))
    kept.sweep()
    assert not list((tmp_path / "answers").iterdir())


@pytest.mark.parametrize(
    ("method", "headers", "seconds"),
    [
        ("GET", {"accept": "text/html,*/*;q=0.8", "upgrade-insecure-requests": "1"}, PAINTED),
        ("GET", {"accept": "text/html", "sec-fetch-mode": "navigate"}, PAINTED),
        ("GET", {"accept": "text/html", "prefer": "respond-async"}, PAINTED),
        ("POST", {"accept": "text/html", "sec-fetch-mode": "navigate"}, None),
        ("GET", {"accept": "text/html"}, None),
        ("GET", {"accept": "application/json", "sec-fetch-mode": "cors"}, None),
    ],
)
def test_browsers_come_again_and_others_wait(method: str, headers: dict[str, str], seconds: float | None) -> None:
    assert waits_for(method, Headers(headers)) == seconds


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveViews]:
    """The sample, of which all was prepared by the process that a service starts for it."""
    home = Home(copied(sample, tmp_path_factory.mktemp("prepared")))
    engine = Engine(home)
    source = LiveSource(home, engine)
    process = get_context("spawn").Process(target=prepare, args=(home.path, None, source.current().made_of.number))
    process.start()
    try:
        process.join(300)
        assert process.exitcode == 0
        yield source.current()
    finally:
        source.close()


@pytest.mark.neo4j
def test_prepared_answers_are_those_that_asking_directly_gives(prepared: LiveViews) -> None:
    reading, files = prepared.reading, len(list((prepared.path / "answers").glob("*.json")))
    assert files >= len(list(steps(prepared)))
    compared = 0
    for asked in (ecosystem_questions(), analyses(), questions(), registers()):
        for question in asked.values():
            if any(parameter.required for parameter in question.parameters.values()):
                continue
            direct = ask(reading, question, {})
            with waiting(60):  # as a page does: what was prepared is looked for
                found = prepared.question(question, {"as_of": [today()]})
            assert found.rows == direct.rows and found.columns == direct.columns, question.name
            assert dict(found.queries) == dict(direct.queries) and found.as_of == direct.as_of
            assert dict(found.parameters) == dict(direct.parameters), question.name
            assert replace(found, rows=[], queries={}, parameters={}) == replace(
                direct, rows=[], queries={}, parameters={}
            )
            compared += 1
    assert compared > 25
    assert prepared.indicators(today()) == prepared.whatif.figures(today())
    for projection in projections().values():
        direct_network = read_network(reading, projection, date.fromisoformat(today()))
        assert prepared.network(projection, today()).ties == direct_network.ties
        assert prepared.overview(projection, today(), None, None) == overview(direct_network)
    # all that was found was read: nothing new was written, and what is read is what the process wrote
    assert len(list((prepared.path / "answers").glob("*.json"))) == files
