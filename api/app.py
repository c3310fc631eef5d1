"""The HTTP application, built from its parts."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from api import (
    analysis,
    audit_pages,
    cases,
    claim_pages,
    claims,
    data,
    desk,
    differing,
    documentation,
    dossier_pages,
    ecosystem,
    ecosystem_pages,
    entities,
    entity_pages,
    entity_parts,
    finding,
    finding_pages,
    front,
    health,
    judgements,
    load_pages,
    loads,
    map_pages,
    member_pages,
    networks,
    notices,
    outcomes,
    own_data,
    persons,
    problems,
    question_pages,
    questions,
    reconciling,
    registers,
    review_pages,
    reviewers,
    rights,
    rights_pages,
    route_pages,
    search_pages,
    sign_in_pages,
    snapshots,
    vocabulary,
    whatif,
)
from api.access_log import mask_secrets
from api.bundle import ADDRESS, DRAWING, FINDING, WAITING, Built, script, typeface
from api.cypher import serving as cypher
from api.dependencies import Services
from api.limits import RateLimit, SizeLimit
from api.noticing import Noticing
from api.pages import STATIC, Pages
from api.passwords import Tries
from api.patience import Patience
from api.reading import ViewsSource, Writer
from api.security import SafeHeaders
from api.settings import Settings
from api.sparql import serving as sparql
from api.workbench.serving import Workbench
from api.workers.pool import Limits
from graph.questions.named import NamedQuestion
from graph.questions.named import questions as shipped
from graph.statements.home import Home
from graph.views.neo4j_connection import EndpointSource

_ABOUT = (
    "Which intermediary can bring which technology to which firm, and how do we know? Every value names the records "
    "that it comes from. Reading what is public needs no token. Errors are problem documents (RFC 9457)."
)


def create_app(
    settings: Settings,
    views: ViewsSource,
    writer: Writer | None = None,
    asked: Mapping[str, NamedQuestion] | None = None,
    graph: EndpointSource | None = None,
    limits: Limits | None = None,
    noticing: Noticing | None = None,
) -> FastAPI:
    """The application.

    :param views: where requests get the views of the newest snapshot; closed with the application
    :param writer: what writes by forms; without one the installation only reads
    :param asked: the named questions by name; those that are shipped when left out
    :param graph: where the property graph is, for visitors' Cypher; without it such queries are answered 503
    :param limits: what a visitor's query may take, and how many run at once; as many as there are processors where nothing is said
    :param noticing: what tells members of what is new in the background; closed with the application
    """
    home = Home(settings.home)
    mask_secrets()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        for one in languages:
            await one.close()
        if noticing is not None:
            noticing.close()
        if writer is not None:
            writer.close()
        views.close()

    app = FastAPI(
        title="Ketnoi",
        version=version("ketnoi"),
        description=_ABOUT,
        license_info={"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.services = Services(
        settings,
        home,
        views,
        writer,
        Pages(home, script(), script(entry=DRAWING), script(entry=FINDING), typeface(), script(entry=WAITING)),
        Tries(),
        shipped() if asked is None else asked,
    )
    limits = limits or sparql.usual_limits()
    asks_sparql = sparql.Sparql(app.state.services, limits)
    asks_cypher = cypher.Cypher(app.state.services, graph, cypher.usual_limits(limits))
    languages = (asks_sparql, asks_cypher)
    for part in (*languages, Workbench(app.state.services, {"sparql": asks_sparql, "cypher": asks_cypher})):
        part.install(app)
    problems.install(app)
    for module in (
        front,
        route_pages,
        entities,
        entity_pages,
        vocabulary,
        entity_parts,
        data,
        search_pages,
        finding,
        finding_pages,
        questions,
        question_pages,
        ecosystem,
        ecosystem_pages,
        map_pages,
        networks,
        rights,
        rights_pages,
        differing,
        registers,
        reviewers,
        analysis,
        whatif,
        snapshots,
        reconciling,
        review_pages,
        judgements,
        sign_in_pages,
        member_pages,
        audit_pages,
        claims,
        claim_pages,
        outcomes,
        cases,
        desk,
        notices,
        dossier_pages,
        persons,
        own_data,
        loads,
        load_pages,
        health,
        documentation,
    ):
        app.include_router(module.router)
    app.mount(ADDRESS, Built(), name="built")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    documentation.describe(app)
    # the one added last sees a request first
    app.add_middleware(Patience)
    app.add_middleware(problems.Faults)
    app.add_middleware(SizeLimit)
    app.add_middleware(RateLimit, rate=settings.rate_limit)
    app.add_middleware(SafeHeaders)
    return app
