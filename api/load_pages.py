"""The pages of a clerk: drop a file, see what was found, try it dry, load it, read the report, take it back."""

from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePath
from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from api.dependencies import ClerkDep, HomeDep, PagesDep, ServicesDep, WordsDep, WriterDep
from api.intake import Intake
from api.loads import checked_source, download, refused_response
from api.negotiation import XLSX
from api.pages import Pages
from api.reading import ViewsSource, Writer
from api.sessions import FormToken, check_form, visitor
from api.uploads import Upload, Uploads
from graph.statements.audit import record
from graph.statements.cases import KIND as CASE
from graph.statements.consents import KIND as CONSENT
from graph.statements.home import Home
from graph.statements.loads import Load, LoadError, loads
from graph.statements.outcomes import KIND as OUTCOME
from graph.statements.reports import headers_of, refused
from graph.views.errors import NotReady
from graph.views.neo4j_errors import GraphError
from loaders.column_choices import AS_PROPOSED, Corrections, abouts, choices
from loaders.inspection import inspect_file
from loaders.mapping import MappingError, shipped_mappings
from loaders.reading import KINDS
from loaders.spreadsheet_templates import write_template
from loaders.table_reading import FileRefused

router = APIRouter(prefix="/loads", include_in_schema=False)

_FIELDS = 2_000
"""Fields of the form on a file's page: two a column, and a few."""
AS_SAID = "="
"""The choice that leaves a column as it is proposed."""
_SHOWN = 200
"""Refused rows that a page shows; the files hold all."""


@router.get("")
def loads_page(request: Request, home: HomeDep, pages: PagesDep) -> Response:
    """What was loaded, and where a file is dropped."""
    who = visitor(request, home)
    return pages.render(
        request,
        "loads.html",
        form=True,
        loads=[load for load in reversed(loads(home)) if load.kind not in ("links", CASE, CONSENT, OUTCOME)],
        clerk=who is not None and who.may("curator"),
        kinds=KINDS,
        shapes=[mapping for mapping in shipped_mappings() if mapping.source is None],
    )


@router.get("/templates/{shape}.xlsx")
def template(shape: str, words: WordsDep) -> Response:
    """A spreadsheet to fill in."""
    mapping = next((one for one in shipped_mappings() if one.shape == shape), None)
    if mapping is None:
        raise HTTPException(404, "There is no table of that shape.")
    target = BytesIO()
    write_template(mapping, words.language, target)
    return download(target.getvalue(), XLSX, f"{shape}.xlsx")


@router.post("/files")
async def drop(request: Request, home: HomeDep, who: ClerkDep) -> Response:
    """Keep a dropped file, and go on to what was found in it."""
    async with request.form(max_files=1, max_fields=5) as form:
        check_form(request, str(form.get("form_token", "")))
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise HTTPException(422, "There is no file.")
        upload = await run_in_threadpool(Uploads(home).keep, file.filename, file.file, who)
    return RedirectResponse(f"/loads/files/{upload.id}", 303)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What the form on a file's page says. ``by_columns``: the table is read by the columns below, not by a shape."""

    kind: str = ""
    source: str = ""
    full: bool = False
    by_columns: bool | None = None
    said: Corrections = AS_PROPOSED


def _found(upload: Upload, said: Corrections) -> tuple[dict[str, Any] | None, str | None]:
    """What is in a file, or why it can't be told."""
    try:
        return inspect_file(upload.path, said), None
    except (FileRefused, ValueError) as error:
        return None, str(error)


def _file_page(
    request: Request, pages: Pages, upload: Upload, chosen: _Chosen, status: int = 200, **values: Any
) -> Response:
    found, problem = _found(upload, chosen.said)
    if not chosen.kind and found:
        chosen = replace(chosen, kind=found["kinds"][0])
    if chosen.by_columns is None:
        chosen = replace(chosen, by_columns=found is not None and not found["shapes"])
    return pages.render(
        request,
        "load_file.html",
        status,
        form=True,
        upload=upload,
        found=found,
        problem=problem,
        kinds=KINDS,
        chosen=chosen,
        abouts=abouts(),
        choices=choices(found["about"]) if found and found["columns"] else [],
        **({"tried": None, "refused_because": None} | values),
    )


def _corrections(form: FormData, upload: Upload) -> Corrections:
    """What the form says of the columns; a column's field is numbered by its place."""
    found, _ = _found(upload, AS_PROPOSED)
    headers = [column["header"] for column in found["columns"]] if found else []
    fields = {header: str(form.get(f"column.{at}", AS_SAID)) for at, header in enumerate(headers)}
    about = str(form.get("about", ""))
    key = tuple(headers[at] for at in range(len(headers)) if form.get(f"key.{at}"))
    return Corrections(
        about=about if about in abouts() else None,
        columns={header: value for header, value in fields.items() if value != AS_SAID},
        key=key if form.get("keyed") else None,
    )


@router.get("/files/{identifier}")
def file_page(request: Request, identifier: str, home: HomeDep, pages: PagesDep, who: ClerkDep) -> Response:
    """What was found in a dropped file."""
    return _file_page(request, pages, Uploads(home).find(identifier, who), _Chosen())


@router.post("/files/{identifier}")
async def take_file(
    request: Request, identifier: str, home: HomeDep, pages: PagesDep, writer: WriterDep, who: ClerkDep
) -> Response:
    """Correct the columns of a dropped file, try it, load it, or forget it."""
    async with request.form(max_fields=_FIELDS) as form:
        check_form(request, str(form.get("form_token", "")))
        upload = Uploads(home).find(identifier, who)
        return await run_in_threadpool(_take, request, form, upload, home, pages, writer)


def _take(request: Request, form: FormData, upload: Upload, home: Home, pages: Pages, writer: Writer) -> Response:
    action = form.get("action")
    if action == "forget":
        Uploads(home).forget(upload)
        return RedirectResponse("/loads", 303)
    chosen = _Chosen(
        kind=str(form.get("kind", "")),
        source=str(form.get("source", "")),
        full=bool(form.get("full")),
        by_columns=bool(form.get("by_columns")),
        said=_corrections(form, upload) if form.get("by_columns") else AS_PROPOSED,
    )
    if action not in ("try", "load"):
        return _file_page(request, pages, upload, chosen)
    try:
        done = writer.take_in(_intake(upload, chosen), dry_run=action == "try")
    except (FileRefused, MappingError) as error:
        return _file_page(request, pages, upload, chosen, 422, refused_because=str(error))
    if action == "try":
        return _file_page(request, pages, upload, chosen, tried=done)
    Uploads(home).forget(upload)
    return RedirectResponse(f"/loads/{done.load.load}", 303)


def _intake(upload: Upload, chosen: _Chosen) -> Intake:
    """What is to be taken in, with the mapping that the columns make.

    :raises HTTPException: 422 where kind or source are none
    :raises FileRefused: where the columns make no mapping
    """
    if chosen.kind not in KINDS:
        raise HTTPException(422, f"kind is one of {', '.join(KINDS)}.")
    mapping = None
    if chosen.by_columns:
        found, problem = _found(upload, chosen.said)
        if found is None or not found["mapping"]:
            raise FileRefused(problem or f"{upload.name} is no table that is read by columns")
        mapping = upload.write_mapping(found["mapping"])
    return Intake(
        chosen.kind, upload.path, upload.name, checked_source(chosen.source), mapping, chosen.full, upload.who
    )


@router.get("/{number}")
def report_page(
    request: Request, number: str, home: HomeDep, services: ServicesDep, pages: PagesDep, who: ClerkDep
) -> Response:
    """The report of a load."""
    load, rows = refused(home, number)
    record(home, who.name, "refused.read", load.load)
    shown = [row for _, row in zip(range(_SHOWN), rows, strict=False)]
    return pages.render(
        request,
        "load.html",
        form=True,
        load=load,
        file=PurePath(load.file).name,
        rows=shown,
        headers=headers_of(shown),
        seen=_seen(services.views, load),
    )


def _seen(source: ViewsSource, load: Load) -> bool:
    """Whether the newest snapshot knows of a load, or of its withdrawal."""
    try:
        counted = source.current().made_of.loads
    except (NotReady, GraphError):
        return False
    return (load.number in counted) != bool(load.withdrawn)


@router.get("/{number}/refused.{format}")
def refused_file(number: str, format: Literal["csv", "xlsx"], home: HomeDep, who: ClerkDep) -> Response:
    """The refused rows, to be corrected."""
    return refused_response(home, number, format, who)


@router.post("/{number}")
def withdraw(request: Request, number: str, writer: WriterDep, _: ClerkDep, form_token: FormToken = "") -> Response:
    """Take a load back."""
    check_form(request, form_token)
    try:
        load = writer.withdraw(number)
    except LoadError as error:
        raise HTTPException(409, str(error)) from None
    return RedirectResponse(f"/loads/{load.load}", 303)
