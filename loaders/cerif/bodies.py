"""OrgUnit, Person and Equipment of CERIF as organisations, persons with their stays, and facilities."""

from loaders.cerif.entities import ORGANISATION_TYPES, Entity
from loaders.hardened_xml import child, children, text_of
from loaders.partial_days import first_day, last_day
from loaders.stating import state_names, state_stay


def read_organisation(entity: Entity) -> None:
    """OrgUnit: an organisation of the class that its types say."""
    types = [text.rpartition("#")[2] for text, _ in entity.texts("Type")]
    classes = list(dict.fromkeys(ORGANISATION_TYPES.get(name, "Organization") for name in types)) or ["Organization"]
    subject = entity.about(sorted(classes, key=lambda name: name == "Organization")[0])
    entity.describe_organisation(subject, entity.element)
    entity.addresses(subject)


def read_person(entity: Entity) -> None:
    """Person: names, public identifiers, and where the person works.

    Electronic addresses are left out, since no consent is on record, and national numbers because nobody asks for them.
    """
    subject = entity.about("Person")
    entity.describe_person(subject, entity.element)
    for affiliation in children(entity.element, "Affiliation"):
        begin, end = first_day(affiliation.get("startDate")), last_day(affiliation.get("endDate"))
        title = text_of(child(affiliation, "Position")) or text_of(child(affiliation, "Role"))
        for organisation in children(affiliation, "OrgUnit"):
            state_stay(entity.mentions, subject, entity.organisation(organisation), begin, end, title)


def read_equipment(entity: Entity) -> None:
    """Equipment: a facility and the organisation that has it."""
    subject = entity.about("Facility")
    state_names(entity.mentions, subject, entity.texts("Name"))
    for text, _ in entity.texts("Acronym"):
        entity.mentions.value(subject, "acronym", text)
    for text, language in entity.texts("Description"):
        entity.mentions.value(subject, "description", text, language)
    entity.mentions.value(subject, "number", entity.text("Identifier"))
    owner = next((one for one in children(child(entity.element, "Owner"), "OrgUnit")), None)
    if owner is not None:
        entity.mentions.edge(subject, "organization", entity.organisation(owner))
