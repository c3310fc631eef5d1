"""question."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from api.commands.choosing import KnownAtOption, SnapshotOption, chosen_views
from api.commands.terminal import CommandError, HomeOption, JsonOption, open_engine, show
from api.question_documents import questions_document, result_document
from api.serving import LiveSource
from graph.questions.named import AS_OF, NamedQuestion, questions
from graph.questions.running import Result
from graph.questions.twins import Language

_SHOWN = 50
"""Rows that are printed to be read; --json gives all."""
_WIDE = 40
"""Letters of a printed cell."""


def question(
    name: Annotated[str | None, typer.Argument(help="Which question; without one they are listed.")] = None,
    parameters: Annotated[
        list[str] | None, typer.Argument(metavar="PARAM=VALUE", help="Repeated where there are several values.")
    ] = None,
    on: Annotated[
        str, typer.Option(help="cypher or sparql: the language that is asked; the rows are the same.")
    ] = "cypher",
    known_at: KnownAtOption = None,
    snapshot: SnapshotOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask a named question, or list them."""
    if name is None:
        found = questions_document(questions().values())
        show(found.model_dump(by_alias=True, mode="json"), as_json, _listed(list(questions().values())))
        return
    asked = questions().get(name)
    if asked is None:
        raise CommandError(f"there is no question {name}; «ketnoi question» lists them")
    given, language = given_in(parameters or ()), language_of(on)
    with open_engine(home) as (opened, engine):
        views = chosen_views(LiveSource(opened, engine), known_at, snapshot)
        result = views.question(asked, given, language)
        shown = () if as_json else _identifiers(asked, result.rows[:_SHOWN])
        names = {one: views.ref(one, "vi").name for one in shown}
    show(result_document(result, known_at).model_dump(mode="json"), as_json, _lines(asked, result, names))


def language_of(text: str) -> Language:
    """A query language by its name.

    :raises CommandError: where it is none of ours
    """
    if text == "cypher":
        return "cypher"
    if text == "sparql":
        return "sparql"
    raise CommandError("--on is cypher or sparql")


def given_in(words: Sequence[str]) -> dict[str, list[str]]:
    """Parameters from words such as ``park=X``, each with its values.

    :raises CommandError: where a word has no equals sign
    """
    given: dict[str, list[str]] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign:
            raise CommandError(f"write parameters as PARAM=VALUE, not «{word}»")
        given.setdefault(name, []).append(value)
    return given


def _listed(asked: Sequence[NamedQuestion]) -> Iterator[str]:
    for one in asked:
        yield f"{one.number:2}  {one.name:28} {one.title.en}"
        if one.parameters:
            said = (name if parameter.required else f"[{name}]" for name, parameter in one.parameters.items())
            yield f"    {' '.join((*said, f'[{AS_OF}]'))}"


def _identifiers(asked: NamedQuestion, rows: Sequence[dict[str, object]]) -> set[str]:
    kinds = [name for name, column in asked.columns.items() if column.type in ("id", "concept", "ids")]
    cells = [row[name] for row in rows for name in kinds]
    return {str(one) for cell in cells if cell for one in (cell if isinstance(cell, list) else [cell])}


def _lines(asked: NamedQuestion, result: Result, names: dict[str, str]) -> Iterator[str]:
    yield f"{asked.title.en} (snapshot {result.snapshot}, as of {result.as_of})"
    yield asked.definition.en
    yield "\t".join(result.columns)
    for row in result.rows[:_SHOWN]:
        yield "\t".join(_printed(row[name], names) for name in result.columns)
    more = " or more" if result.truncated else ""
    hidden = "; --json gives all" if len(result.rows) > _SHOWN else ""
    yield f"{len(result.rows)}{more} rows{hidden}"


def _printed(value: object, names: dict[str, str]) -> str:
    if isinstance(value, list):
        return ", ".join(_printed(one, names) for one in value)
    if value is None:
        return "-"
    text = " ".join(names.get(str(value), str(value)).split())
    return text if len(text) <= _WIDE else text[: _WIDE - 1] + "…"
