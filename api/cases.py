"""Cases over HTTP: what is proposed for a text or a document, stating a case, reading it, and letting everybody see it."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from api.case_access import visible_case, visible_cases
from api.case_documents import (
    TEXT,
    CaseDocument,
    CaseForm,
    CasesDocument,
    FiguresDocument,
    ProposalsDocument,
    PublishForm,
    proposed,
)
from api.catalogue import LANGUAGES, Words
from api.dependencies import HomeDep, MemberDep, NewestDep, WriterDep
from api.documentation import BEARER
from api.examples import errors
from api.outcomes import told_of
from api.problems import Problem
from api.reading import Views, Writer
from api.stating import stated_case
from api.tokens import Identity
from graph.answer.case_proposals import Proposals
from graph.answer.desk import Figures, figures
from graph.answer.told_outcomes import ToldOutcome
from graph.statements.audit import record
from graph.statements.cases import Case
from graph.statements.home import Home, today
from graph.statements.outcomes import Outcome
from loaders.documents.reading import read_document
from loaders.documents.refusals import DocumentRefused

router = APIRouter(prefix="/api/cases", tags=["cases"])

_SECURE: dict[str, Any] = {"security": [{BEARER: []}]}
_FORM = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "maxLength": TEXT},
        "document": {"type": "string", "format": "binary", "description": "A PDF or DOCX, in the place of the text."},
    },
}


def own_figures(told: list[ToldOutcome], who: Identity) -> Figures:
    """The figures of what somebody told herself."""
    return figures((one for one in told if one.who == who.name), today())


@router.get("", summary="The cases of the desk", responses=errors(401, 503), openapi_extra=_SECURE)
def get_cases(home: HomeDep, views: NewestDep, who: MemberDep) -> CasesDocument:
    """The cases of who asks, a curator's are all, and the own figures."""
    record(home, who.name, "cases.listed", "")
    cases = [CaseDocument.model_validate(case) for case in visible_cases(home, who)]
    own = FiguresDocument.model_validate(own_figures(told_of(home, views, who), who))
    return CasesDocument(cases=cases, figures=own)


@router.post("", status_code=201, summary="State a case", responses=errors(401, 422, 503), openapi_extra=_SECURE)
def post_case(form: CaseForm, home: HomeDep, who: MemberDep, views: NewestDep, writer: WriterDep) -> CaseDocument:
    """State a technology or a need. It is private to who states it, and to curators."""
    case = stated_case(form, views, who)
    record(home, who.name, "case.changed", case.id)
    writer.state(case, seen=False)
    return CaseDocument.model_validate(case)


@router.post(
    "/proposals",
    summary="What a text is about",
    responses=errors(401, 413, 422, 503),
    openapi_extra=_SECURE | {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}},
)
async def post_proposals(request: Request, who: MemberDep, views: NewestDep) -> ProposalsDocument:
    """Field, patent subclass, readiness and keywords of a text or document, each with the words that it rests on. Nothing is kept."""
    async with request.form(max_files=1, max_fields=2) as form:
        text = await run_in_threadpool(text_of, *await sent_text(form))
    found = await run_in_threadpool(views.propose, text)
    return _document(found, text, views)


async def sent_text(form: FormData) -> tuple[str, bytes]:
    """What a form brings: a text, and the bytes of a document."""
    document, text = form.get("document"), form.get("text")
    content = await document.read() if isinstance(document, UploadFile) else b""
    return (text if isinstance(text, str) else "").strip(), content


def text_of(text: str, content: bytes) -> str:
    """The text of a document where there is one, else what was pasted.

    :raises Problem: 422 with the reason in both languages, where a document is refused
    :raises HTTPException: 422 where there is nothing, or too much
    """
    if content:
        try:
            return read_document(content)
        except DocumentRefused as refused:
            said = {language: refusal(refused.reason, Words(language)) for language in LANGUAGES}
            raise Problem(422, said["en"], reason=refused.reason, reasons=said) from None
    if not text:
        raise HTTPException(422, "There is no text and no document.")
    if len(text) > TEXT:
        raise HTTPException(422, f"The text is longer than {TEXT} characters.")
    return text


def refusal(reason: str, words: Words) -> str:
    """Why a document is refused."""
    return words("refused." + reason)


def _document(found: Proposals, text: str, views: Views) -> ProposalsDocument:
    kinds = ("fields", "patent_classes", "levels", "keywords")
    listed = {kind: [proposed(one, found.language) for one in getattr(found, kind)] for kind in kinds}
    return ProposalsDocument(snapshot=views.snapshot, title=found.title, text=text, language=found.language, **listed)


@router.get("/{identifier}", summary="A case", responses=errors(401, 404, 503), openapi_extra=_SECURE)
def get_case(identifier: str, home: HomeDep, who: MemberDep) -> CaseDocument:
    """A case, for its owner and curators."""
    return CaseDocument.model_validate(visible_case(home, identifier, who))


@router.post("/{identifier}", summary="State a case anew", responses=errors(401, 404, 422, 503), openapi_extra=_SECURE)
def restate_case(
    identifier: str, form: CaseForm, home: HomeDep, who: MemberDep, views: NewestDep, writer: WriterDep
) -> CaseDocument:
    """State a case anew, whole; what is left out is not stated any more."""
    before = visible_case(home, identifier, who)
    case = stated_case(form, views, who, before)
    record(home, who.name, "case.changed", case.id)
    writer.state(case, seen=before.published)
    return CaseDocument.model_validate(case)


@router.post(
    "/{identifier}/published",
    status_code=202,
    summary="Publish a case",
    responses=errors(401, 404, 422, 503),
    openapi_extra=_SECURE,
)
def publish_case(
    identifier: str, form: PublishForm, home: HomeDep, who: MemberDep, views: NewestDep, writer: WriterDep
) -> CaseDocument:
    """Let everybody see a case as an offer or a need, or nobody else again. It is seen after the next publish, which this starts."""
    case = set_published(home, views, writer, visible_case(home, identifier, who), form.published, who)
    return CaseDocument.model_validate(case)


def set_published(home: Home, views: Views, writer: Writer, case: Case, public: bool, who: Identity) -> Case:
    """Publish a case or take it back; what was told of it follows.

    :raises Problem: 422 where it says too little
    :raises HTTPException: 404 where who asks is not its owner
    """
    if who.name != case.owner:
        raise HTTPException(404, "Only its owner publishes a case.")
    if public and not (case.party or case.party_name):
        raise Problem(422, "Say whose it is before it is published: party is left out.", reason="whose")
    changed = replace(case, published=public)
    record(home, who.name, "case.published" if public else "case.taken_back", case.id)
    writer.state(changed, seen=case.published)
    for one in told_of(home, views, who):
        if one.technology == case.id and one.who == who.name:
            writer.tell(_again(one, private=not public), who.name)
    return changed


def _again(one: ToldOutcome, private: bool) -> Outcome:
    return Outcome(
        technology=one.technology,
        intermediary=one.intermediary,
        firm=one.firm,
        day=one.day or today(),
        result=one.result,
        reason=one.reason,
        answered=one.answered,
        illustrative=one.illustrative,
        private=private,
    )
