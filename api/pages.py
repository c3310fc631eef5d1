"""Pages: Jinja2 templates with what every page needs, everything escaped, an unknown name an error."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api import links
from api.bundle import Typeface
from api.catalogue import LANGUAGES, Words, catalogue, choose_language
from api.navigation import navigation
from api.problem_words import problem_said
from api.sessions import EXPIRED, FORM_COOKIE, LANGUAGE_COOKIE, form_token, keep, new_form, visitor
from graph.answer.wording import of_language, quoted
from graph.statements.home import Home
from graph.statements.watches import Watches
from ontology.model import ontology
from ontology.schemes import schemes
from ontology.text import has_diacritics

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
_YEAR = 365 * 24 * 3600
AGAIN = 2
"""Seconds after which a page that is being computed is asked for again."""
_STEP = 5
"""Seconds between two sentences on how long something has taken: each is read out to those who hear the page."""


def words_of(request: Request) -> Words:
    """The words in the language that a request asks for."""
    asked = request.query_params.get("lang")
    kept = request.cookies.get(LANGUAGE_COOKIE)
    return Words(choose_language(asked, kept, request.headers.get("accept-language")))


def _came_from(request: Request) -> str:
    """The page of ours that a form was sent from; the front page where the browser does not say."""
    before = urlsplit(request.headers.get("referer", ""))
    if before.netloc != request.url.netloc:
        return "/"
    # two strokes at the beginning would name another host
    return urlunsplit(("", "", "/" + before.path.lstrip("/"), before.query, ""))


def _in_language(request: Request, language: str) -> str:
    """The address of the same page in a language."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"{request.url.path}?{urlencode([*kept, ('lang', language)])}"


def _tongue(text: str, language: str) -> Markup:
    """The attribute that says in which language a name is, where that plainly is not the page's: nobody reads it out well otherwise."""
    if language == "en" and has_diacritics(text):
        return Markup(' lang="vi"')
    return Markup(' lang="en"') if language == "vi" and not of_language([text], "vi") else Markup("")


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        address=links.address,
        record_address=links.record_address,
        external=links.external,
        term=ontology().label,
        definition=ontology().definition,
        concept=schemes().label,
        problem_said=problem_said,
        quoted=quoted,
        tongue=_tongue,
    )
    return environment


class Pages:
    """Renders pages.

    :param home: where tokens are checked, so that a page knows who is signed in
    :param script: address of the script that starts the editors, where it was built
    :param drawing: address of the one that draws networks
    :param finding: address of the one that suggests while somebody types
    :param typeface: what the pages are set in, where it was built
    :param waiting: address of the one that puts a page in the place of the one that says that it is being computed
    """

    def __init__(
        self,
        home: Home,
        script: str | None = None,
        drawing: str | None = None,
        finding: str | None = None,
        typeface: Typeface | None = None,
        waiting: str | None = None,
    ) -> None:
        self._home = home
        self._environment = _environment()
        self._environment.globals.update(
            script=script, drawing=drawing, finding=finding, typeface=typeface, waiting=waiting
        )

    def render(
        self, request: Request, template: str, status: int = 200, form: bool = False, **values: Any
    ) -> HTMLResponse:
        """A page in the visitor's language; ``form`` says that it holds a form which changes something."""
        words = words_of(request)
        subject, token = None, form_token(request)
        if form and token is None:
            subject, token = new_form()
        identity = visitor(request, self._home)
        html = self._environment.get_template(template).render(
            t=words,
            language=words.language,
            languages=[(one, _in_language(request, one)) for one in LANGUAGES],
            identity=identity,
            unread=Watches(self._home).unread(identity.name) if identity else 0,
            navigation=navigation(values.get("here", request.url.path), identity),
            form_token=token,
            path=request.url.path,
            looked_back={name: request.query_params.get(name, "")[:40] for name in ("known_at", "snapshot")},
            **values,
        )
        response = HTMLResponse(html, status)
        response.headers["content-language"] = words.language
        response.headers["vary"] = "Accept, Accept-Language, Cookie"
        response.headers["cache-control"] = "no-cache, private"
        if subject:
            keep(response, request, FORM_COOKIE, subject)
        if request.query_params.get("lang") in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, words.language, _YEAR, httponly=True, samesite="lax", path="/")
        return response

    def error(self, request: Request, status: int, detail: str | None) -> HTMLResponse:
        """The page that says what went wrong, and what can be done."""
        words = f"error.{status}" if f"error.{status}" in catalogue() else "error.other"
        if detail == EXPIRED:
            return self.render(
                request, "error.html", status, code=status, key="error.form", detail=detail, again=_came_from(request)
            )
        return self.render(request, "error.html", status, code=status, key=words, detail=detail, again=None)

    def preparing(self, request: Request, what: Mapping[str, str] | None, since: float | None) -> HTMLResponse:
        """The page that stands in for one that takes a while, and becomes it by itself.

        :param what: what is being computed, in both languages; the snapshot of a past day where nothing is said
        :param since: seconds since that was begun
        """
        response = self.render(
            request,
            "preparing.html",
            202,
            again=AGAIN,
            what=what and what[words_of(request).language],
            seconds=int(since or 0) // _STEP * _STEP,
        )
        response.headers["cache-control"] = "no-store"
        response.headers["retry-after"] = str(AGAIN)
        return response
