"""Bodies that strings are linked to: their names, places and parents, from what records say of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from graph.links.profiles import host_of
from ontology.schemes import schemes
from ontology.statement import ABOUT, Record, Statement, mention_id

NAME, ALIAS, ACRONYM = "name", "alternativeName", "acronym"


@dataclass(slots=True)
class Body:
    """An organisation.

    ``names`` are (property, text, language), ``places`` names of towns and regions, ``parents`` ids, ``former`` ids of its withdrawn
    records.
    """

    id: str
    names: list[tuple[str, str, str | None]] = field(default_factory=list)
    country: str | None = None
    places: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    withdrawn_for: str | None = None
    former: list[str] = field(default_factory=list)


def bodies_of(records: Iterable[Record], source: str, scheme: str) -> list[Body]:
    """The bodies that records are about, each by its identifier of a scheme; those without one are left out.

    :param source: of the records
    :param scheme: an identifier scheme, such as ``ror``
    """
    bodies: list[Body] = []
    for record in records:
        about = mention_id(source, record.key, ABOUT)
        identifiers = _identifiers(record.statements, scheme)
        if about in identifiers:
            body = Body(identifiers[about])
            for statement in record.statements:
                if statement.subject == about:
                    _take(body, statement, identifiers)
            bodies.append(body)
    return _without_withdrawn(bodies)


def _without_withdrawn(bodies: list[Body]) -> list[Body]:
    """Give the names of a withdrawn record to the one that replaces it, where that is known."""
    by_id = {body.id: body for body in bodies}
    kept: list[Body] = []
    for body in bodies:
        heir, seen = body, {body.id}
        while heir.withdrawn_for in by_id and heir.withdrawn_for not in seen:
            seen.add(heir.withdrawn_for)
            heir = by_id[heir.withdrawn_for]
        if heir is body:
            kept.append(body)
        else:
            heir.former.append(body.id)
            heir.names += [
                (ACRONYM if prop == ACRONYM else ALIAS, text, language) for prop, text, language in body.names
            ]
            heir.places += [place for place in body.places if place not in heir.places]
    return kept


def _identifiers(statements: list[Statement], scheme: str) -> dict[str, str]:
    """Mention → its identifier of the scheme."""
    values = {s.subject: s.value for s in statements if s.property == "identifierValue"}
    nodes = {
        s.subject: values.get(s.subject) for s in statements if s.property == "identifierScheme" and s.value == scheme
    }
    return {
        s.subject: value
        for s in statements
        if s.property == "hasIdentifier" and s.object and (value := nodes.get(s.object))
    }


def _take(body: Body, said: Statement, identifiers: dict[str, str]) -> None:
    if said.property in (NAME, ALIAS, ACRONYM) and said.value:
        body.names.append((said.property, said.value, said.language))
    elif said.property == "country":
        body.country = said.value
    elif said.property == "locality" and said.value:
        body.places.append(said.value)
    elif said.property == "locatedIn" and said.object:
        concept = schemes().concepts.get(said.object)
        body.places += sorted({*concept.labels.values()} if concept else ())
    elif said.property == "homepage" and said.value and (host := host_of(said.value)):
        body.hosts.append(host)
    elif said.property == "unitOf" and said.object in identifiers:
        body.parents.append(identifiers[said.object])
    elif said.property == "withdrawnFor" and said.object in identifiers:
        body.withdrawn_for = identifiers[said.object]
