"""The dossier of a route as a page to print, and as DOCX."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response

from api.case_access import visible_case
from api.dependencies import HomeDep, NewestDep, PagesDep, WordsDep
from api.dossier import Dossier, Parts, Writing, find_route
from api.dossier_docx import DOCX, dossier_docx
from api.loads import download
from api.sessions import visitor
from graph.answer.model import Route
from graph.answer.person_contacts import PersonContact, person_contacts
from graph.resolve.snapshots import directory
from graph.statements.audit import record
from graph.statements.cases import Case
from graph.statements.home import today

router = APIRouter(include_in_schema=False)

Id = Annotated[str, Query(max_length=300)]


class Asked:
    """The dossier that a request asks for.

    :raises HTTPException: 404 for a case that is not theirs, 422 where there is no such route, with the gate that shut it out
    """

    def __init__(
        self,
        request: Request,
        home: HomeDep,
        views: NewestDep,
        words: WordsDep,
        intermediary: Id,
        technology: Id = "",
        firm: Id = "",
        need: Id = "",
        case: Id = "",
    ) -> None:
        self._home, self._views, self._who = home, views, visitor(request, home)
        if case and self._who is None:
            raise HTTPException(403, "Only who is signed in may open a case.")
        self.case = visible_case(home, case, self._who) if case and self._who else None
        self.words = words
        of_need = self.case is not None and self.case.kind == "need"
        parts = Parts(
            technology or None, intermediary, (self.case.party or "") if of_need and self.case else firm, need or None
        )
        if not parts.firm or not (parts.technology or self.case):
            raise HTTPException(422, "A dossier is of a route: give technology or case, intermediary and firm.")
        route, answer = find_route(views, parts, self.case, words.language)
        if route is None:
            shut = next((one for one in answer.excluded if one.firm and one.firm.id == parts.firm), None)
            raise HTTPException(422, f"{words('dossier.no_route')} {shut.reason if shut else ''}".strip())
        self.route: Route = route
        if self._who is not None:
            record(home, self._who.name, "dossier.read", f"{route.technology.id}/{parts.intermediary}/{parts.firm}")
        self.dossier: Dossier = Writing(views, words, self.case, self._persons()).dossier(route, answer)

    def _persons(self) -> list[PersonContact]:
        """Those who made the technology and agreed to be called; members alone are told."""
        if self._who is None or self._of_case(self.case):
            return []
        persons = list(self._views.values(self.route.technology.id, "inventor"))
        found = person_contacts(self._home, directory(self._home, self._views.made_of.number), persons, today())
        for person in dict.fromkeys(one.person for one in found):
            record(self._home, self._who.name, "contact.seen", person)
        return found

    def _of_case(self, case: Case | None) -> bool:
        return case is not None and self.route.technology.id == case.id


AskedDep = Annotated[Asked, Depends(Asked)]


@router.get("/dossier")
def dossier_page(request: Request, asked: AskedDep, views: NewestDep, pages: PagesDep) -> Response:
    """One page, to be printed."""
    return pages.render(
        request,
        "dossier.html",
        snapshot=views.snapshot,
        dossier=asked.dossier,
        case=asked.case,
        file=f"/dossier.docx?{request.url.query}",
    )


@router.get("/dossier.docx")
def dossier_file(asked: AskedDep) -> Response:
    """The same as DOCX."""
    return download(dossier_docx(asked.dossier, asked.words), DOCX, "dossier.docx")
