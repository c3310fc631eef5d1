"""Project and Funding of CERIF as tasks with their hosts, partners, money and programmes."""

from xml.etree.ElementTree import Element

from loaders.cerif.entities import Entity
from loaders.hardened_xml import child, children, local_name, text_of
from loaders.partial_days import first_day, last_day
from loaders.stating import state_names
from ontology.schemes import schemes
from ontology.statement import ABOUT
from ontology.text import fold

_ROLE = "scheme/participation-role/1/"
_PROGRAMMES = ("FundingProgramme", "Call", "InternalFundingProgramme", "TenderProgramme")
"""Types of funding under which tasks are ordered; the others (award, grant, contract, gift) are money for one task."""


def read_project(entity: Entity) -> None:
    """Project: a task, who carries it out, and who pays."""
    task = entity.about("STTask")
    _describe_task(entity, task, entity.element)
    for text, language in entity.texts("Abstract"):
        entity.mentions.value(task, "description", text, language)
    for text, _ in entity.texts("Subject"):
        field = schemes().find("ford/2015", text.rpartition("#")[2].rpartition("/")[2])
        if field:
            entity.mentions.edge(task, "hasField", field)
    _consortium(entity, task)
    for member in child(entity.element, "Team") or ():
        role = "principal-investigator" if local_name(member.tag) == "PrincipalInvestigator" else "investigator"
        for person in children(member, "Person"):
            _participate(entity, task, "person", entity.person(person, text_of(child(member, "DisplayName"))), role)
    for funded in children(entity.element, "Funded"):
        _funded(entity, task, funded)


def referred_task(entity: Entity, element: Element) -> str:
    """The task that a result came from."""
    names = entity.texts("Title", element) or entity.texts("Acronym", element)
    task = entity.refer(element, "STTask", names[0][0] if names else "")
    _describe_task(entity, task, element)
    return task


def _describe_task(entity: Entity, task: str, element: Element) -> None:
    mentions = entity.mentions
    acronyms = entity.texts("Acronym", element)
    state_names(mentions, task, entity.texts("Title", element) or [(text, None) for text, _ in acronyms])
    for text, _ in acronyms:
        mentions.value(task, "acronym", text)
    for identifier in children(element, "Identifier"):
        if (identifier.get("type") or "").endswith("#ProjectReference"):
            mentions.value(task, "number", text_of(identifier))
            break
    mentions.value(task, "startDate", first_day(text_of(child(element, "StartDate"))))
    mentions.value(task, "endDate", last_day(text_of(child(element, "EndDate"))))


def _consortium(entity: Entity, task: str) -> None:
    hosted = False
    for taking_part in child(entity.element, "Consortium") or ():
        for element in children(taking_part, "OrgUnit"):
            body = entity.organisation(element)
            if local_name(taking_part.tag) == "Coordinator" and not hosted:
                hosted = True
                entity.mentions.edge(task, "hostedBy", body)
            else:
                _participate(entity, task, "organization", body, "partner")


def _participate(entity: Entity, task: str, prop: str, body: str, role: str) -> None:
    node = entity.mentions.mention(f"participation/{role}/{body}", "TaskParticipation")
    entity.mentions.edge(node, "task", task)
    entity.mentions.edge(node, prop, body)
    entity.mentions.edge(node, "role", f"{_ROLE}{role}")


def _funded(entity: Entity, task: str, funded: Element) -> None:
    """The programme that pays for the task, and the money, where its amount is in dong: the ontology keeps no money without one."""
    mentions = entity.mentions
    paid = child(child(funded, "As"), "Funding")
    if paid is None:
        return
    if _is_programme(paid):
        mentions.edge(task, "partOf", _programme(entity, paid))
        return
    for above in children(child(paid, "PartOf"), "Funding"):
        mentions.edge(task, "partOf", _programme(entity, above))
    amount = _dong(paid)
    if amount is None:
        return
    payer = next((entity.organisation(one) for one in children(child(funded, "By"), "OrgUnit")), None)
    funding = mentions.mention(f"funding/{paid.get('id') or payer}", "Funding")
    mentions.edge(funding, "task", task)
    mentions.value(funding, "amount", amount)
    if payer is not None:
        mentions.edge(funding, "funder", payer)
    state_names(mentions, funding, entity.texts("Name", paid))
    _period(entity, funding, paid, "validFrom", "validUntil")


def read_funding(entity: Entity) -> None:
    """Funding: a programme, or the programmes above the money of one task, which its project names."""
    element = entity.element
    if not _is_programme(element):
        for above in children(child(element, "PartOf"), "Funding"):
            _programme(entity, above)
        return
    programme = _programme(entity, element, ABOUT)
    for text, language in entity.texts("Description"):
        entity.mentions.value(programme, "description", text, language)
    _period(entity, programme, element, "startDate", "endDate")
    entity.mentions.value(programme, "budget", _dong(element))


def _is_programme(element: Element) -> bool:
    return any(text_of(one).rpartition("#")[2] in _PROGRAMMES for one in children(element, "Type"))


def _programme(entity: Entity, element: Element, role: str | None = None, depth: int = 0) -> str:
    names = entity.texts("Name", element) or [(text, None) for text, _ in entity.texts("Acronym", element)]
    named = element.get("id") or (fold(names[0][0]) if names else "")
    programme = entity.mentions.mention(role or f"Programme/{named}", "Programme")
    state_names(entity.mentions, programme, names)
    for text, _ in entity.texts("Acronym", element):
        entity.mentions.value(programme, "acronym", text)
    for above in children(child(element, "PartOf"), "Funding"):
        if depth < 10:
            entity.mentions.edge(programme, "partOf", _programme(entity, above, depth=depth + 1))
    return programme


def _period(entity: Entity, subject: str, element: Element, begin: str, end: str) -> None:
    duration = child(element, "Duration")
    if duration is not None:
        entity.mentions.value(subject, begin, first_day(duration.get("startDate")))
        entity.mentions.value(subject, end, last_day(duration.get("endDate")))


def _dong(element: Element) -> str | None:
    amount = child(element, "Amount")
    text = text_of(amount)
    return (
        text if amount is not None and amount.get("currency") == "VND" and text.isascii() and text.isdigit() else None
    )
