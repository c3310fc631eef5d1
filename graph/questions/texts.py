"""The texts of queries: which parameters they use, and a SPARQL text with its values put in."""

import re
from collections.abc import Mapping

import pyoxigraph as ox

_MARKER = re.compile(r"^[ \t]*#@[ \t]+(?P<names>\S.*?)[ \t]*$", re.MULTILINE)
_NOT_CODE = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|//[^\n]*|/\*.*?\*/", re.DOTALL)
_CYPHER_NAME = re.compile(r"\$([A-Za-z_]\w*)")
_CODE_OR_NAME = re.compile(f"(?P<other>{_NOT_CODE.pattern})|{_CYPHER_NAME.pattern}", re.DOTALL)
GIVEN = "given"
"""The parameter that holds all others when a Cypher query is run."""


def cypher_names(text: str) -> set[str]:
    """The parameters that a Cypher query uses, outside strings and comments."""
    return set(_CYPHER_NAME.findall(_NOT_CODE.sub(" ", text)))


def by_one_parameter(text: str) -> str:
    """A Cypher query that takes its parameters from the map ``$given``.

    Neo4j keeps a plan for a text and the *types* of its parameters. A question of ten parameters that may be left out has a
    thousand combinations of types, each planned anew (over a second for a long query); a map is of one type.
    """
    return _CODE_OR_NAME.sub(lambda match: match["other"] or f"${GIVEN}.{match[2]}", text)


def sparql_names(text: str) -> set[str]:
    """The parameters that a SPARQL query's lines ``#@`` ask for."""
    return {name for match in _MARKER.finditer(text) for name in match["names"].split()}


def fill(text: str, values: Mapping[str, str]) -> str:
    """A SPARQL query with each line ``#@ a b`` replaced by the VALUES of a and b.

    :raises KeyError: where the query asks for a name that has no values
    """
    return _MARKER.sub(lambda match: " ".join(values[name] for name in match["names"].split()), text)


def projected(sparql: str) -> set[str]:
    """The variables that a query selects; it has to be SPARQL as it stands.

    :raises ValueError: where it is no SPARQL, or no SELECT
    """
    try:
        found = ox.Store().query(sparql)
    except SyntaxError as error:
        raise ValueError(f"the SPARQL is none: {error}") from None
    if not isinstance(found, ox.QuerySolutions):
        raise ValueError("the SPARQL is no SELECT")
    return {variable.value for variable in found.variables}
