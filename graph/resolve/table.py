"""Resolves what the records say into one table: unit, entity, property, object or value, language, sources.

Only public statements are read. A row's ``unit`` is what it is computed from and replaced with: the entity itself, or for a competing
claim the entity that it is about. ``sources`` are the ids of the records that say it. All views, exports and checks read this table.
"""

from collections.abc import Iterable

import duckdb

from graph.statements.home import VIETNAM
from ontology.model import PUBLIC, ROOT, ontology
from ontology.schemes import identifier_issuers
from ontology.statement import CURATOR_PREFIX, DIFFERENT_FROM, SAME_AS, TYPE

COLUMNS = "unit, entity, property, object, value, language, sources"


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names)) or "''"


def _rules(con: duckdb.DuckDBPyConnection) -> None:
    """The ontology as tables that the queries join with."""
    model = ontology()
    con.execute(
        "CREATE OR REPLACE TABLE property_rules (property VARCHAR, edge BOOLEAN, single BOOLEAN, per_language BOOLEAN, "
        "demotes_to VARCHAR, issuer VARCHAR, identifies BOOLEAN)"
    )
    rows = [
        (p.name, p.is_edge, p.single, p.per_language, p.demotes_to, p.issuer, p.identifies)
        for p in model.properties.values()
        if p.visibility == PUBLIC
    ]
    con.executemany(
        "INSERT INTO property_rules VALUES (?, ?, ?, ?, ?, ?, ?)",
        [*rows, (TYPE, False, False, False, None, None, False)],
    )
    con.execute("CREATE OR REPLACE TABLE superclasses (class VARCHAR, ancestor VARCHAR)")
    con.executemany(
        "INSERT INTO superclasses VALUES (?, ?)", [(c.name, name) for c in model.classes.values() for name in c.types]
    )


def _issued(con: duckdb.DuckDBPyConnection) -> None:
    """Identifiers that a register issues, by mention: a body has one of each such scheme, and the register knows which."""
    con.execute("CREATE OR REPLACE TABLE issuers (scheme VARCHAR, issuer VARCHAR)")
    con.executemany("INSERT INTO issuers VALUES (?, ?)", sorted(identifier_issuers().items()))
    con.execute(
        """
        CREATE OR REPLACE TABLE issued AS
        SELECT DISTINCT a.subject, i.scheme, i.issuer FROM all_statements a JOIN issuers i ON i.scheme = a.value
        WHERE a.property = 'identifierScheme'
        """
    )


def make_facts(con: duckdb.DuckDBPyConnection, table: str = "facts", where: str = "true") -> None:
    """Make a table of the public statements that count, over entities, one row a record.

    ``single`` says that the entity has one value of the property, or one in each ``slot``: a language, a scheme of identifiers.

    :param con: with ``said``, ``all_statements``, ``versions``, ``loads`` and ``entities``
    :param where: a condition on ``s`` (the statement) and ``m`` (mention and entity of its subject)
    """
    _rules(con)
    _issued(con)
    # as written, the long side is streamed and the short ones are hashed; estimates after several joins get that wrong
    con.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    con.execute(
        f"""
        CREATE OR REPLACE TABLE {table} AS
        SELECT coalesce(m.entity, s.subject) AS entity, s.property, coalesce(o.entity, s.object) AS object, s.value, s.language,
            s.record, s.load, r.single OR i.scheme IS NOT NULL AS single,
            CASE WHEN r.per_language THEN s.language ELSE i.scheme END AS slot,
            (starts_with(l.source, '{CURATOR_PREFIX}')::BIGINT << 61)
                | (coalesce(coalesce(i.issuer, r.issuer) = l.source, false)::BIGINT << 60) | (s.load::BIGINT << 36) | s.pos AS weight
        FROM said s JOIN versions v ON v.record = s.record AND v.visibility = '{PUBLIC}' JOIN loads l ON l.load = s.load
        JOIN property_rules r ON r.property = s.property
        LEFT JOIN issued i ON r.identifies AND i.subject = s.object
        LEFT JOIN entities m ON m.subject = s.subject LEFT JOIN entities o ON o.subject = s.object
        WHERE s.property NOT IN ('{SAME_AS}', '{DIFFERENT_FROM}') AND {where}
        """
    )
    con.execute("RESET disabled_optimizers")


def make_table(con: duckdb.DuckDBPyConnection, records: str | None = None, standing: str | None = None) -> None:
    """Make the table ``resolved`` with :data:`COLUMNS` from ``facts``.

    :param records: where only a part is made, the table of the records whose nodes are made
    :param standing: where only a part is made, the resolved table of what stays beside it
    """
    con.execute(
        f"""
        CREATE OR REPLACE TABLE counted AS
        SELECT f.entity, f.property, f.object, f.value, f.language, f.single, f.slot,
            list_sort(list_distinct(list(f.record))) AS sources, max(f.weight) AS weight
        FROM facts f WHERE f.property <> '{TYPE}' GROUP BY ALL;
        CREATE OR REPLACE TABLE contested AS
        SELECT entity, property, slot FROM counted WHERE single GROUP BY ALL HAVING count(*) > 1
        """
    )
    # one value wins: a curator's, else the issuer's, else the newest
    con.execute(
        """
        CREATE OR REPLACE TABLE losers AS
        SELECT c.*, r.demotes_to FROM counted c JOIN property_rules r ON r.property = c.property
        JOIN contested k ON k.entity = c.entity AND k.property = c.property
            AND k.slot IS NOT DISTINCT FROM c.slot
        QUALIFY row_number() OVER (PARTITION BY c.entity, c.property, c.slot ORDER BY c.weight DESC, c.value, c.object) > 1
        """
    )
    con.execute(
        f"""
        CREATE OR REPLACE TABLE resolved AS
        SELECT c.entity AS unit, c.entity, c.property, c.object, c.value, c.language, c.sources FROM counted c
        WHERE NOT EXISTS (SELECT 1 FROM losers l WHERE l.entity = c.entity AND l.property = c.property
            AND l.value IS NOT DISTINCT FROM c.value AND l.object IS NOT DISTINCT FROM c.object
            AND l.language IS NOT DISTINCT FROM c.language)
        UNION ALL
        SELECT d.entity, d.entity, d.demotes_to, d.object, d.value, d.language, list_sort(list_distinct(flatten(list(d.sources))))
        FROM losers d WHERE d.demotes_to IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM counted k WHERE k.entity = d.entity AND k.property = d.demotes_to AND k.value = d.value
                AND k.language IS NOT DISTINCT FROM d.language)
        GROUP BY ALL
        UNION ALL
        SELECT f.entity, f.entity, '{TYPE}', NULL, s.ancestor, NULL, list_sort(list_distinct(list(f.record)))
        FROM facts f JOIN superclasses s ON s.class = f.value WHERE f.property = '{TYPE}' GROUP BY f.entity, s.ancestor
        """
    )
    _add_claims(con)
    _add_records(con, records)
    _add_bare_concepts(con, standing)
    _drop_dangling(con, standing)


def _claim_id(about: str, prop: str, rest: str) -> str:
    return _id_of(f"'claim' || chr(31) || {about} || chr(31) || {prop} || chr(31) || {rest}")


def _id_of(text: str) -> str:
    """SQL that hashes a text into an id like those of mentions."""
    return f"substr(translate(to_base64(unhex(md5({text}))), '+/', 'Aa'), 1, 12)"


def _add_claims(con: duckdb.DuckDBPyConnection) -> None:
    """Competing claims: what lost against a single value, and different answers where a class names what sources compete on."""
    con.execute(
        f"""
        CREATE OR REPLACE TABLE claims AS
        SELECT {_claim_id("entity", "property", "coalesce(object, value) || chr(31) || coalesce(language, '')")} AS claim, entity AS about,
            property, object, value, sources
        FROM losers WHERE demotes_to IS NULL
        """
    )
    for cls in ontology().classes.values():
        if not cls.competes_on:
            continue
        *about, answer = cls.competes_on
        ends = ", ".join(
            f"max(coalesce(object, value)) FILTER (property = '{name}') AS {name}" for name in cls.competes_on
        )
        con.execute(
            f"""
            INSERT INTO claims
            WITH held AS (
                SELECT f.entity, l.source, {ends}, list_sort(list(DISTINCT f.record)) AS sources,
                    count(*) FILTER (property = 'validUntil') > 0 AS ended
                FROM facts f JOIN loads l ON l.load = f.load
                WHERE f.entity IN (SELECT entity FROM facts WHERE property = '{TYPE}' AND value = '{cls.name}')
                GROUP BY f.entity, l.source
            ), answers AS (
                SELECT {", ".join(about)}, source, string_agg(DISTINCT {answer}, ',' ORDER BY {answer}) AS given
                FROM held WHERE {answer} IS NOT NULL AND {about[0]} IS NOT NULL AND NOT ended GROUP BY ALL
            ), open AS (
                SELECT {", ".join(about)} FROM answers GROUP BY ALL HAVING count(DISTINCT given) > 1
            )
            SELECT {_claim_id(f"h.{about[0]}", f"'{answer}'", f"h.{answer}")}, h.{about[0]}, '{answer}', h.{answer}, NULL,
                list_sort(list_distinct(flatten(list(h.sources))))
            FROM held h JOIN open o ON {" AND ".join(f"h.{name} IS NOT DISTINCT FROM o.{name}" for name in about)}
            WHERE NOT h.ended AND h.{answer} IS NOT NULL GROUP BY h.{about[0]}, h.{answer}
            """
        )
    con.execute(
        f"""
        CREATE OR REPLACE TABLE claims AS
        SELECT claim, any_value(about) AS about, any_value(property) AS property, any_value(object) AS object,
            any_value(value) AS value, list_sort(list_distinct(flatten(list(sources)))) AS sources FROM claims GROUP BY claim;
        INSERT INTO resolved
        SELECT about, claim, '{TYPE}', NULL, unnest(['CompetingClaim', '{ROOT}']), NULL, sources FROM claims UNION ALL
        SELECT about, claim, 'claimAbout', about, NULL, NULL, sources FROM claims UNION ALL
        SELECT about, claim, 'claimProperty', NULL, property, NULL, sources FROM claims UNION ALL
        SELECT about, claim, 'claimValue', NULL, value, NULL, sources FROM claims WHERE value IS NOT NULL UNION ALL
        SELECT about, claim, 'claimObject', object, NULL, NULL, sources FROM claims WHERE object IS NOT NULL
        """
    )


def _add_records(con: duckdb.DuckDBPyConnection, only: str | None) -> None:
    """A node for each record that says something public, and for each source."""
    where = f"v.record IN (SELECT record FROM {only})" if only else "v.record IN (SELECT record FROM facts)"
    con.execute(
        f"""
        CREATE OR REPLACE TABLE told AS
        SELECT v.record, CASE WHEN starts_with(v.key, '#') THEN NULL ELSE v.key END AS key, v.line, l.source, l.file, l.licence,
            strftime(l.instant::TIMESTAMPTZ AT TIME ZONE '{VIETNAM}', '%Y-%m-%d') AS day,
            {_id_of("'source' || chr(31) || l.source")} AS source_id
        FROM versions v JOIN loads l ON l.load = v.load
        WHERE v.present AND v.visibility = '{PUBLIC}' AND l.kind <> 'links' AND {where}
        """
    )
    con.execute(
        f"""
        INSERT INTO resolved
        WITH named AS (SELECT 'record/' || record AS node, * FROM told)
        SELECT node, node, '{TYPE}', NULL, unnest(['SourceRecord', '{ROOT}']), NULL, [record] FROM named UNION ALL
        SELECT node, node, 'recordKey', NULL, key, NULL, [record] FROM named WHERE key IS NOT NULL UNION ALL
        SELECT node, node, 'file', NULL, file, NULL, [record] FROM named WHERE file <> '' UNION ALL
        SELECT node, node, 'line', NULL, line::VARCHAR, NULL, [record] FROM named UNION ALL
        SELECT node, node, 'retrievedOn', NULL, day, NULL, [record] FROM named UNION ALL
        SELECT node, node, 'fromSource', source_id, NULL, NULL, [record] FROM named
        """
    )
    con.execute(
        f"""
        CREATE OR REPLACE TABLE tellers AS
        SELECT {_id_of("'source' || chr(31) || l.source")} AS source_id, l.source, arg_max(l.licence, l.load) AS licence
        FROM loads l WHERE l.load IN (SELECT load FROM versions WHERE present AND visibility = '{PUBLIC}') AND l.kind <> 'links'
        GROUP BY l.source;
        INSERT INTO resolved
        SELECT 'source/' || source_id, source_id, '{TYPE}', NULL, unnest(['Source', '{ROOT}']), NULL, []::VARCHAR[] FROM tellers UNION ALL
        SELECT 'source/' || source_id, source_id, 'name', NULL, source, NULL, []::VARCHAR[] FROM tellers UNION ALL
        SELECT 'source/' || source_id, source_id, 'licence', NULL, licence, NULL, []::VARCHAR[] FROM tellers WHERE licence IS NOT NULL
        """
    )


def _add_bare_concepts(con: duckdb.DuckDBPyConnection, standing: str | None) -> None:
    """A node for each concept that is spoken of and no scheme describes, so that no edge dangles."""
    rows = f"(SELECT * FROM resolved UNION ALL SELECT {COLUMNS} FROM {standing})" if standing else "resolved"
    con.execute(
        f"""
        CREATE OR REPLACE TABLE bare AS
        SELECT object AS concept, list_sort(list_distinct(flatten(list(sources)))) AS sources FROM {rows}
        WHERE starts_with(object, 'scheme/') AND object NOT IN (SELECT entity FROM {rows} WHERE property = '{TYPE}')
        GROUP BY object
        """
    )
    con.execute(
        f"""
        INSERT INTO resolved
        SELECT 'bare/' || concept, concept, '{TYPE}', NULL, unnest(['Concept', '{ROOT}']), NULL, sources FROM bare UNION ALL
        SELECT 'bare/' || concept, concept, 'notation', NULL, regexp_extract(concept, '[^/]+$'), NULL, sources FROM bare
        """
    )


def _drop_dangling(con: duckdb.DuckDBPyConnection, standing: str | None) -> None:
    """An edge to what nobody may see, or to what was withdrawn, is no edge; a node without a class is no node."""
    more = f" UNION SELECT entity FROM {standing} WHERE property = '{TYPE}'" if standing else ""
    con.execute(f"CREATE OR REPLACE TABLE existing AS SELECT entity FROM resolved WHERE property = '{TYPE}'{more}")
    con.execute(
        "DELETE FROM resolved WHERE (object IS NOT NULL AND object NOT IN (SELECT entity FROM existing)) "
        "OR entity NOT IN (SELECT entity FROM existing)"
    )
