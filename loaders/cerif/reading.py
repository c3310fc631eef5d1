"""A CERIF file or harvest as records: one an entity, whether it stands alone, in a CERIF container, or in answers of OAI-PMH."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from loaders.cerif.bodies import read_equipment, read_organisation, read_person
from loaders.cerif.entities import Entity
from loaders.cerif.outputs import read_output, read_patent
from loaders.cerif.tasks import read_funding, read_project
from loaders.hardened_xml import Found, child, elements, local_name, namespace, text_of
from loaders.stating import Unfit
from ontology.statement import Gone, Item, Reject, unique

SHAPE = "cerif"
NAMESPACE = "https://www.openaire.eu/cerif-profile/"
OAI = "http://www.openarchives.org/OAI/2.0/"

READERS: dict[str, Callable[[Entity], None]] = {
    "OrgUnit": read_organisation,
    "Person": read_person,
    "Project": read_project,
    "Funding": read_funding,
    "Patent": read_patent,
    "Publication": read_output,
    "Product": read_output,
    "Equipment": read_equipment,
}
_LEFT_ASIDE = ("Event", "Service")
"""Entities of CERIF for which the ontology has no class: they are no records here."""

_NAMES = frozenset({"record", *READERS, *_LEFT_ASIDE})


def recognises(root: str, path: Path) -> bool:
    """Whether an XML file is CERIF by its outermost element, or an answer of OAI-PMH that holds records of it."""
    if namespace(root).startswith(NAMESPACE):
        return True
    answers = elements(path, frozenset(["record"])) if root == f"{{{OAI}}}OAI-PMH" else ()
    return any(_entity(found.element) is not None for found in answers)


def sender(path: Path) -> str | None:
    """The repository that the records' identifiers name."""
    for found in elements(path, _NAMES):
        if local_name(found.element.tag) == "record":
            return _split(_identifier(found.element))[0] or None
        return None
    return None


def read(path: Path, source: str) -> Iterator[Item]:
    """The records, rejects and deletions of a file."""
    return read_found(elements(path, _NAMES), source)


def read_found(found: Iterable[Found], source: str) -> Iterator[Item]:
    """The items of elements that were found, each entity once.

    :param found: OAI-PMH records, or entities
    """
    seen: dict[str, int] = {}
    for line, element, _ in found:
        item = _item(line, element, source)
        if item is None:
            continue
        if not isinstance(item, Reject) and seen.setdefault(item.key, line) != line:
            item = Reject(line, "id", f"has the id of the entity of line {seen[item.key]}", item.key)
        yield item


def _item(line: int, element: Element, source: str) -> Item | None:
    identifier, entity = "", element
    if local_name(element.tag) == "record":
        identifier = _identifier(element)
        if (header := child(element, "header")) is not None and header.get("status") == "deleted":
            return Gone(_split(identifier)[1]) if identifier else Reject(line, "identifier", "is empty")
        found = _entity(element)
        if found is None:
            return Reject(line, "metadata", "holds no entity of CERIF", identifier)
        entity = found
    name = local_name(entity.tag)
    if name in _LEFT_ASIDE:
        return None
    repository, key = _split(identifier)
    key = key or (entity.get("id") or "").strip()
    if not key:
        return Reject(line, "id", "is empty: next month nobody would know the entity", name)
    made = Entity(entity, source, key, line, f"oai/{repository or source}")
    try:
        READERS[name](made)
    except Unfit as unfit:
        return Reject(line, unfit.field, unfit.reason, unfit.text)
    made.mentions.record.statements = list(unique(made.mentions.record.statements))
    return made.mentions.record


def _identifier(record: Element) -> str:
    return text_of(child(child(record, "header"), "identifier"))


def _entity(record: Element) -> Element | None:
    """The entity of CERIF in a record of OAI-PMH, or the element itself where it is one."""
    if namespace(record.tag).startswith(NAMESPACE):
        return record
    for one in child(record, "metadata") or ():
        if namespace(one.tag).startswith(NAMESPACE) and local_name(one.tag) in _NAMES:
            return one
    return None


def _split(identifier: str) -> tuple[str, str]:
    """Repository and local id of ``oai:repository:id``; another form is an id alone."""
    parts = identifier.split(":", 2)
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == "oai" and parts[2] else ("", identifier)
