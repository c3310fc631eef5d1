"""Patent, Publication and Product of CERIF: technologies with their rights, and what tasks brought forth."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from loaders.cerif.entities import Entity
from loaders.cerif.tasks import referred_task
from loaders.hardened_xml import child, children, local_name, text_of
from loaders.partial_days import first_day, last_day
from loaders.stating import state_identifiers, state_names, state_stay
from ontology.schemes import schemes
from ontology.statement import ABOUT

_OFFICES = {"WO", "EP", "EA", "AP", "OA", "EM", "GC", "IB", "QZ", "XN", "XU"}
"""Codes of offices of several countries (WIPO ST.3), which are no countries."""


def read_patent(entity: Entity) -> None:
    """Patent: the technology with its inventors, the right over it, and who holds that."""
    mentions = entity.mentions
    technology = mentions.mention(ABOUT, "Technology")
    state_names(mentions, technology, entity.texts("Title"))
    for text, language in entity.texts("Abstract"):
        mentions.value(technology, "description", text, language)
    for concept in dict.fromkeys(_patent_classes(entity)):
        mentions.edge(technology, "hasPatentClass", concept)
    for person in _persons(entity, "Inventors"):
        mentions.edge(technology, "inventor", person)
    patent = entity.about("Patent", "patent")
    mentions.edge(patent, "protects", technology)
    mentions.value(patent, "number", entity.text("PatentNumber"))
    mentions.value(patent, "filedOn", first_day(entity.text("RegistrationDate")))
    granted = first_day(entity.text("ApprovalDate"))
    mentions.value(patent, "grantedOn", granted)
    country = entity.text("CountryCode") or ""
    if len(country) == 2 and country.isalpha() and country.isupper() and country not in _OFFICES:
        mentions.value(patent, "country", country)
    issuer = child(child(entity.element, "Issuer"), "OrgUnit")
    if issuer is not None:
        mentions.edge(patent, "issuedBy", entity.organisation(issuer))
    for holder in _holders(entity):
        holding = mentions.mention(f"holding/{holder}", "RightsHolding")
        mentions.edge(holding, "holder", holder)
        mentions.edge(holding, "over", technology)
        mentions.edge(holding, "power", "scheme/power/1/own")
        mentions.value(holding, "validFrom", granted)


def _patent_classes(entity: Entity) -> Iterator[str]:
    """The subclasses of the patent classification that are known; CPC and IPC agree down to them."""
    for text, _ in entity.texts("Subject"):
        code = text.rstrip("/").rpartition("/")[2]
        found = schemes().find("ipc/2024", code[:4]) if "/cpc/" in text or "/ipc/" in text else None
        if found:
            yield found


def _persons(entity: Entity, name: str) -> Iterator[str]:
    for one in child(entity.element, name) or ():
        for element in children(one, "Person"):
            yield entity.person(element, text_of(child(one, "DisplayName")) or None)


def _holders(entity: Entity) -> Iterator[str]:
    for one in child(entity.element, "Holders") or ():
        for element in one:
            if local_name(element.tag) == "OrgUnit":
                yield entity.organisation(element)
            elif local_name(element.tag) == "Person":
                yield entity.person(element)


def read_output(entity: Entity) -> None:
    """Publication or Product: a result, where a task brought it forth; and who made it, where they worked on that day.

    What no task brought forth is no research result, and says of its makers alone.
    """
    projects = [one for origin in children(entity.element, "OriginatesFrom") for one in children(origin, "Project")]
    if projects:
        result = entity.about("ResearchResult")
        state_names(entity.mentions, result, [*entity.texts("Title"), *entity.texts("Name")])
        for text, language in (*entity.texts("Abstract"), *entity.texts("Description")):
            entity.mentions.value(result, "description", text, language)
        state_identifiers(entity.mentions, result, [("doi", text) for text, _ in entity.texts("DOI")])
        entity.mentions.edge(result, "resultOf", referred_task(entity, projects[0]))
    day = entity.text("PublicationDate")
    for makers in ("Authors", "Creators"):
        for maker in child(entity.element, makers) or ():
            _maker(entity, maker, day)


def _maker(entity: Entity, maker: Element, day: str | None) -> None:
    begin, end = first_day(day), last_day(day)
    for element in children(maker, "Person"):
        person = entity.person(element, text_of(child(maker, "DisplayName")) or None)
        for affiliation in children(maker, "Affiliation"):
            for organisation in children(affiliation, "OrgUnit"):
                body = entity.organisation(organisation)
                if begin and end:  # an undated paper does not say when
                    state_stay(entity.mentions, person, body, begin, end)
