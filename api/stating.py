"""From what a member sends to a case: the bodies that she names looked up, and what follows from them."""

from api.case_documents import CaseForm
from api.problems import Problem
from api.reading import Views
from api.tokens import Identity
from graph.answer.case_proposals import Proposals
from graph.statements.cases import Case, CaseKind, Rights, new_key
from graph.statements.home import today
from graph.views.naming import meant

_ENTITY = "Organization"


def stated_case(form: CaseForm, views: Views, who: Identity, before: Case | None = None) -> Case:
    """A case as somebody states it.

    :param before: the case that is stated anew
    :raises Problem: 422 where it can't be
    """
    if before is not None and before.kind != form.kind:
        raise Problem(422, "A technology stays a technology, and a need a need; open another case.", reason="kind")
    party, party_name = _body(views, form.party, before)
    broker = _on_record(views, form.intermediary)
    if form.rights.power and not (party or party_name):
        raise Problem(422, "Say whose right it is: party is left out.", reason="whose_right")
    rights = form.rights
    return Case(
        key=before.key if before else new_key(),
        owner=before.owner if before else who.name,
        kind=form.kind,
        title=form.title.strip(),
        text=form.text.strip(),
        language=form.language,
        fields=tuple(dict.fromkeys(form.fields)),
        patent_classes=tuple(dict.fromkeys(form.patent_classes)),
        level=form.level,
        keywords=tuple(dict.fromkeys(keyword.strip() for keyword in form.keywords if keyword.strip())),
        party=party,
        party_name=party_name,
        broker=broker,
        mandate=form.mandate,
        rights=Rights(
            power=rights.power,
            exclusive=rights.exclusive,
            sublicensable=rights.sublicensable,
            territory=tuple(dict.fromkeys(rights.territory)),
            fields=rights.within_classes,
            until=rights.until.isoformat() if rights.until else None,
        ),
        forms=tuple(dict.fromkeys(form.forms)),
        price=form.price,
        floor_price=form.floor_price,
        region=tuple(dict.fromkeys(form.region)),
        deadline=form.deadline.isoformat() if form.deadline else None,
        day=before.day if before else today(),
        illustrative=any(views.illustrative(body) for body in (party, broker) if body),
        published=before.published if before else False,
    )


def proposed_case(proposals: Proposals, text: str, kind: CaseKind, who: Identity) -> Case:
    """A new case with the best of what is proposed, for its owner to correct."""
    return Case(
        key=new_key(),
        owner=who.name,
        kind=kind,
        title=proposals.title,
        text=text,
        language="vi" if proposals.language == "vi" else "en",
        fields=tuple(one.value for one in proposals.fields[:1]),
        patent_classes=tuple(one.value for one in proposals.patent_classes[:1]),
        level=next((one.value.rsplit("/", 1)[-1] for one in proposals.levels), None),
        keywords=tuple(one.value for one in proposals.keywords),
        day=today(),
    )


def _body(views: Views, text: str | None, before: Case | None) -> tuple[str | None, str | None]:
    """A body that is on record, or the name of one that is not."""
    if not text:
        return None, None
    if before is not None and before.party_name == text.strip():
        return None, before.party_name
    found = meant(views, text.strip(), _ENTITY)
    return (found, None) if found else (None, text.strip())


def _on_record(views: Views, text: str | None) -> str | None:
    found = meant(views, text.strip(), _ENTITY) if text else None
    if text and found is None:
        raise Problem(
            422, "intermediary: nothing, or more than one, is called that; give its id.", reason="intermediary"
        )
    return found
