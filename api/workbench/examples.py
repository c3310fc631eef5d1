"""Queries that fill an editor: a few to begin with, and the named questions with their example parameters."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from api.catalogue import Words
from api.cypher import typed
from api.reading import Views
from graph.questions.named import NamedQuestion
from graph.questions.twins import Language

BEGINNINGS = ("names", "classes", "sources", "neighbourhood")
"""Examples to begin with; the catalogue says what they are about."""
_FILES = {"sparql": ".rq", "cypher": ".cypher"}
_DIRECTORY = Path(__file__).with_name("examples")


@dataclass(frozen=True, slots=True)
class Example:
    """A query to begin from, with the parameters of Cypher as JSON, and what is computed outside of it."""

    query: str
    params: str = ""
    computed: str = ""


def beginning(name: str, on: Language) -> Example:
    """One of :data:`BEGINNINGS`."""
    return Example((_DIRECTORY / f"{name}{_FILES[on]}").read_text(encoding="utf-8"))


def example(name: str, on: Language, asked: Mapping[str, NamedQuestion], views: Views, words: Words) -> Example:
    """An example by its name.

    :param asked: the named questions
    :raises KeyError: where there is none
    :raises graph.questions.errors.QuestionError: where the data lacks what a question's example is about
    """
    if name in BEGINNINGS:
        return beginning(name, on)
    question = asked[name]
    computed = question.computed.said(words.language) if question.computed else ""
    prepared = views.prepared(question, question.example)
    if on == "sparql":
        return Example(prepared.sparql, computed=computed)
    params = json.dumps(typed.written(prepared.parameters), ensure_ascii=False)
    return Example(question.cypher, params, computed)
