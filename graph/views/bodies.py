"""The organisations of a snapshot as strings are linked to them: names, places, sites, parents, and their identifiers."""

import duckdb

from graph.links.profiles import host_of
from graph.links.strings.bodies import ACRONYM, ALIAS, NAME, Body
from ontology.schemes import schemes

Identified = dict[tuple[str, str], str]
"""(Identifier scheme, value) → the organisation that has it."""


def read_bodies(con: duckdb.DuckDBPyConnection, resolved: str) -> list[Body]:
    """All organisations, by id.

    :param resolved: name of the resolved table
    """
    bodies = {entity: Body(entity) for (entity,) in _rows(con, f"SELECT entity FROM {_ORGANISATIONS.format(resolved)}")}
    said = _rows(
        con,
        f"""
        SELECT r.entity, r.property, r.value, r.object, r.language FROM {resolved} r JOIN {_ORGANISATIONS.format(resolved)} o
        ON o.entity = r.entity WHERE r.property IN ('{NAME}', '{ALIAS}', '{ACRONYM}', 'country', 'locality', 'locatedIn', 'homepage', 'unitOf')
        ORDER BY r.entity, r.property, r.value, r.object
        """,
    )
    for entity, prop, value, target, language in said:
        _take(bodies[entity], prop, value, target, language)
    return [bodies[entity] for entity in sorted(bodies)]


def read_identifiers(con: duckdb.DuckDBPyConnection, resolved: str) -> Identified:
    """The identifiers of all organisations."""
    return {
        (scheme, value): entity
        for entity, scheme, value in _rows(
            con,
            f"""
            SELECT h.entity, s.value, v.value FROM {resolved} h JOIN {_ORGANISATIONS.format(resolved)} o ON o.entity = h.entity
            JOIN {resolved} s ON s.entity = h.object AND s.property = 'identifierScheme'
            JOIN {resolved} v ON v.entity = h.object AND v.property = 'identifierValue'
            WHERE h.property = 'hasIdentifier' ORDER BY h.entity
            """,
        )
    }


_ORGANISATIONS = "(SELECT DISTINCT entity FROM {} WHERE property = 'type' AND value = 'Organization')"


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[str, ...]]:
    return con.execute(query).fetchall()


def _take(body: Body, prop: str, value: str | None, target: str | None, language: str | None) -> None:
    if prop in (NAME, ALIAS, ACRONYM) and value:
        body.names.append((prop, value, language))
    elif prop == "country":
        body.country = value
    elif prop == "locality" and value:
        body.places.append(value)
    elif prop == "locatedIn" and target:
        concept = schemes().concepts.get(target)
        body.places += sorted({*concept.labels.values()} if concept else ())
    elif prop == "homepage" and value and (host := host_of(value)):
        body.hosts.append(host)
    elif prop == "unitOf" and target:
        body.parents.append(target)
