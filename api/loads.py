"""Loads over HTTP: what was loaded, what a load refused, a file to load, a load to take back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from api.dependencies import CuratorDep, HomeDep, WriterDep
from api.documentation import BEARER
from api.documents import LoadDocument, LoadReportDocument, LoadsDocument, RefusedDocument
from api.examples import errors
from api.intake import Intake, TakenIn
from api.negotiation import CSV, XLSX
from api.refused_files import refused_csv, refused_xlsx
from api.tokens import Identity
from api.uploads import checked_name
from graph.statements.audit import record
from graph.statements.cases import KIND as CASE
from graph.statements.consents import KIND as CONSENT
from graph.statements.home import Home
from graph.statements.loads import Load, loads
from graph.statements.outcomes import KIND as OUTCOME
from graph.statements.reports import refused
from loaders.reading import KINDS

router = APIRouter(prefix="/api/loads", tags=["loads"])

_SECURE: dict[str, Any] = {"security": [{BEARER: []}]}
_SHOWN = 1_000
"""Refused records that a report lists; the file to be corrected holds all."""
_FIELDS = ("kind", "source", "full", "dry_run")
_FORM = {
    "type": "object",
    "required": ["file", "kind"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "kind": {"type": "string", "enum": list(KINDS)},
        "source": {"type": "string", "description": "Who sends it, where the file does not say it."},
        "mapping": {"type": "string", "format": "binary", "description": "A mapping (YAML) to read a table by."},
        "full": {"type": "boolean", "description": "The file is everything that its source has."},
        "dry_run": {"type": "boolean", "description": "Count what would change, and change nothing."},
    },
}


def load_document(load: Load) -> LoadDocument:
    """A load without the paths of this machine."""
    document = LoadDocument.model_validate(load)
    return document.model_copy(update={"file": PurePath(load.file).name})


@router.get("", summary="What was loaded", responses=errors(503))
def list_loads(home: HomeDep) -> LoadsDocument:
    """What was loaded, the newest first."""
    return LoadsDocument(
        loads=[load_document(load) for load in reversed(loads(home)) if load.kind not in (CASE, CONSENT, OUTCOME)]
    )


@router.post(
    "",
    status_code=201,
    responses=errors(401, 403, 413, 422, 503),
    summary="Load a file",
    openapi_extra=_SECURE | {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}},
)
async def post_load(request: Request, who: CuratorDep, writer: WriterDep) -> LoadReportDocument:
    """Load a file, as «ketnoi load» does. The answer comes when it is on disk; it is seen after the build that it starts."""
    async with _sent(request) as (form, directory):
        intake = _intake(form, directory, who.name)
        done = await run_in_threadpool(writer.take_in, intake, _flag(form, "dry_run"))
    return _taken(done)


@asynccontextmanager
async def _sent(request: Request) -> AsyncIterator[tuple[FormData, Path]]:
    """The form that was sent, and a directory for its files."""
    kind = request.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        raise HTTPException(415, "A file is sent as multipart/form-data.")
    async with request.form(max_files=2, max_fields=10) as form:
        with TemporaryDirectory(prefix="ketnoi-") as directory:
            yield form, Path(directory)


def _intake(form: FormData, directory: Path, sender: str) -> Intake:
    file, mapping, kind = form.get("file"), form.get("mapping"), form.get("kind")
    if not isinstance(file, UploadFile):
        raise HTTPException(422, "There is no file.")
    if kind not in KINDS:
        raise HTTPException(422, f"kind is one of {', '.join(KINDS)}.")
    source = form.get("source")
    name = checked_name(file.filename or "")
    return Intake(
        kind=str(kind),
        path=_stored(file, directory / "file", name),
        name=name,
        source=checked_source(source if isinstance(source, str) else ""),
        mapping=_stored(mapping, directory, "mapping.yaml") if isinstance(mapping, UploadFile) else None,
        full=_flag(form, "full"),
        sender=sender,
    )


def checked_source(source: str) -> str | None:
    """Who sends a file, as a form says it; ``None`` where it says nothing.

    :raises HTTPException: 422 where it is no name
    """
    text = source.strip()
    if len(text) > 200 or not text.isprintable():
        raise HTTPException(422, "source names the one who sends the file.")
    return text or None


def _stored(file: UploadFile, directory: Path, name: str) -> Path:
    directory.mkdir(exist_ok=True)
    path = directory / name
    with path.open("xb") as target:
        while block := file.file.read(1 << 20):
            target.write(block)
    return path


def _flag(form: FormData, name: str) -> bool:
    return str(form.get(name, "")).lower() in ("true", "1", "on", "yes")


def _taken(done: TakenIn) -> LoadReportDocument:
    return LoadReportDocument.model_validate(
        {**load_document(done.load).model_dump(), "left_aside": list(done.left_aside)}
    )


@router.get("/{number}", responses=errors(401, 403, 404, 503), summary="The report of a load", openapi_extra=_SECURE)
def report(number: str, home: HomeDep, who: CuratorDep) -> LoadReportDocument:
    """What a load brought, and what it refused with the reasons. Rows may be private, so it is for curators."""
    load, rows = refused(home, number)
    record(home, who.name, "refused.read", load.load)
    listed = [
        RefusedDocument(
            line=row.line, faults=[{"field": f, "reason": r} for f, r in row.faults], row=row.row, cells=dict(row.cells)
        )
        for _, row in zip(range(_SHOWN), rows, strict=False)
    ]
    return LoadReportDocument.model_validate({**load_document(load).model_dump(), "rejects": listed})


@router.get(
    "/{number}/refused",
    responses={200: {"content": {"text/csv": {}}}, **errors(401, 403, 404, 503)},
    response_class=Response,
    summary="What a load refused, as a file to be corrected",
    openapi_extra=_SECURE,
)
def refused_file(
    number: str, home: HomeDep, who: CuratorDep, format: Annotated[Literal["csv", "xlsx"], Query()] = "csv"
) -> Response:
    """The refused rows under their headers, with a column of reasons; corrected, it can be sent again as it is."""
    return refused_response(home, number, format, who)


def refused_response(home: Home, number: str, format: Literal["csv", "xlsx"], who: Identity) -> Response:
    """The file of a load's refused rows."""
    load, rows = refused(home, number)
    record(home, who.name, "refused.read", load.load)
    listed = list(rows)
    name = f"{PurePath(load.file).stem or load.load}-refused-{load.load}.{format}"
    if format == "csv":
        return download(refused_csv(listed).encode("utf-8-sig"), CSV, name)
    target = BytesIO()
    refused_xlsx(listed, target)
    return download(target.getvalue(), XLSX, name)


def download(content: bytes, media: str, name: str) -> Response:
    """A file to be kept."""
    return Response(
        content, media_type=media, headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    )


@router.post(
    "/{number}/withdraw",
    status_code=202,
    responses=errors(401, 403, 404, 409, 503),
    summary="Take a load back",
    openapi_extra=_SECURE,
)
def withdraw(number: str, _: CuratorDep, writer: WriterDep) -> LoadDocument:
    """Its records say again what they said before it, after the build that this starts."""
    return load_document(writer.withdraw(number))
