"""The named questions over HTTP: the list, and an answer as JSON, CSV or XLSX."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic_core import to_json

from api.catalogue import Words
from api.dependencies import KnownAt, ServicesDep, ViewsDep, read_day
from api.examples import errors
from api.exporting import Behind, as_csv, as_xlsx
from api.fitting import fitting, following
from api.negotiation import CSV, JSON, XLSX, negotiate
from api.question_documents import QuestionsDocument, ResultDocument, questions_document, result_document
from api.reading import Views
from graph.questions.named import AS_OF, RESERVED, NamedQuestion
from graph.questions.running import MOST_SHOWN, Result
from graph.questions.twins import Language

router = APIRouter(prefix="/api", tags=["questions"])

FORMS = {"json": JSON, "csv": CSV, "xlsx": XLSX}
"""Suffix, and value of ``format`` → media type."""
On = Annotated[Language, Query(description="The language that is asked; the rows are the same.")]
Day = Annotated[str, Query(max_length=10, description="Only what is true on this day; today where left out.")]


def question_of(asked: Mapping[str, NamedQuestion], name: str) -> NamedQuestion:
    """A question by its name.

    :raises HTTPException: 404 where there is none
    """
    if name not in asked:
        raise HTTPException(404, f"There is no question of that name; there are {', '.join(asked)}.")
    return asked[name]


def given_in(request: Request) -> dict[str, Any]:
    """What an address gives a question: each parameter's values, and ``as_of``."""
    given: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        if name not in RESERVED or name == AS_OF:
            given.setdefault(name, []).append(value)
    return given


Behinds = Callable[[str, Result], Behind]
"""What stands behind the rows of an answer, by its name."""


class Wanted:
    """How an address asks for an answer: by what and of which day it is asked, and in which form it is given."""

    def __init__(
        self,
        request: Request,
        on: On = "cypher",
        as_of: Day = "",
        known_at: KnownAt = None,
        format: Annotated[Literal["json", "csv", "xlsx"] | None, Query(description="Else by suffix or Accept.")] = None,
        language: Annotated[Literal["vi", "en"], Query(description="Of the names in CSV and XLSX.")] = "vi",
        offset: Annotated[
            int, Query(ge=0, le=MOST_SHOWN, description="Rows of JSON to leave out; files hold all.")
        ] = 0,
    ) -> None:
        # the day is among what the address gives the question; it stands here for the description
        self._request, self._on, self._format, self._language = request, on, format, language
        self._offset = offset
        self.known_at = read_day(known_at, "known_at")

    def answer(
        self, asked_of: Mapping[str, NamedQuestion], name: str, views: Views, behind: Behinds | None = None
    ) -> ResultDocument | Response:
        """The answer to one of several questions, in the form that is asked for.

        :param name: with the form as suffix, where it has one
        :param behind: for a sheet, what its rows lead to
        :raises HTTPException: 404 where there is no such question, 406 where there is no such form
        """
        bare, media = form_of(self._request, name, self._format)
        asked = question_of(asked_of, bare)
        result = views.question(asked, given_in(self._request), self._on)
        if media == JSON:
            return self._light(result)
        told = behind(bare, result) if behind and media == XLSX else None
        return as_file(asked, result, views, media, Words(self._language), self.known_at, told)

    def _light(self, result: Result) -> Response:
        """As many of the rows as one response holds, and where the others are."""
        rest = result_document(replace(result, rows=[]), self.known_at).model_dump_json()
        rows = result.rows[self._offset :]
        held = fitting((len(to_json(row)) for row in rows), len(rest.encode()))
        more = len(rows) > held
        shown = replace(result, rows=rows[:held], truncated=result.truncated or more)
        headers = following(self._request, self._offset + held) if more else {}
        return Response(result_document(shown, self.known_at).model_dump_json(), media_type=JSON, headers=headers)


WantedDep = Annotated[Wanted, Depends()]


@router.get("/questions", summary="The named questions")
def list_questions(services: ServicesDep) -> QuestionsDocument:
    """What can be asked by name, with parameters, columns and an example."""
    return questions_document(services.questions.values())


@router.get(
    "/questions/{name}",
    responses={200: {"content": {CSV: {}, XLSX: {}}}, **errors(404, 406, 422, 503)},
    response_model=ResultDocument,
    summary="The answer to a named question",
)
def question(name: str, services: ServicesDep, views: ViewsDep, wanted: WantedDep) -> ResultDocument | Response:
    """The question's own parameters are parameters of the address, repeated where there are several values.

    An id may be given as an IRI or an exact name, a concept by its code or name.
    """
    return wanted.answer(services.questions, name, views)


def form_of(request: Request, name: str, format: str | None) -> tuple[str, str]:
    """A name without its suffix, and the media type that the suffix, ``format`` or ``Accept`` asks for.

    :raises HTTPException: 406 where there is none of the types that are accepted
    """
    stem, _, suffix = name.rpartition(".")
    bare, kind = (stem, suffix) if stem and suffix in FORMS else (name, format)
    media = FORMS[kind] if kind else negotiate(request.headers.get("accept"), tuple(FORMS.values()))
    if media is None:
        raise HTTPException(406, f"There is {', '.join(FORMS.values())}.")
    return bare, media


def as_file(
    asked: NamedQuestion,
    result: Result,
    views: Views,
    media: str,
    words: Words,
    known_at: str | None,
    behind: Behind | None = None,
) -> Response:
    """An answer as a file to take away."""
    if media == CSV:
        content: str | bytes = as_csv(asked, result, views, words.language)
    else:
        content = as_xlsx(asked, result, views, words, known_at, behind)
    suffix = next(suffix for suffix, one in FORMS.items() if one == media)
    headers = {
        "content-disposition": f'attachment; filename="{asked.name}-{result.snapshot[:8]}.{suffix}"',
        "ketnoi-snapshot": result.snapshot,
        "ketnoi-truncated": str(result.truncated).lower(),
        "vary": "Accept",
    }
    return Response(content, 200, headers, media)
