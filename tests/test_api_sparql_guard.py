"""The guard: what is refused before any parser sees it, where it says that the fault is, and what it must let through."""

import time
from contextlib import suppress

import pytest

from api.sparql.guard import MAX_DEPTH, Place, Refused, check

REFUSED = [
    ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 403, 1, 12),
    ("SELECT * {\n  service SILENT <http://127.0.0.1/> {} }", 403, 2, 3),
    ("SELECT * { ?s ?p ?o . SeRvIcE ?g {} }", 403, 1, 23),
    # the engine's parser reads a keyword without looking at what stands before or behind it
    ("PREFIX : <http://127.0.0.1/> SELECT * { ?s ?p trueSERVICE:x { ?s ?p ?o } }", 403, 1, 47),
    ("PREFIX : <http://127.0.0.1/> SELECT * { ?s ?p 1SERVICE:x\n#\n{ ?s ?p ?o } }", 403, 1, 48),
    ("PREFIX : <http://127.0.0.1/> SELECT * { SERVICE:x { } }", 403, 1, 41),
    ("SELECT * { ?s ?p trueSERVICE <http://127.0.0.1/> { } }", 403, 1, 18),
    # what looks like an IRI and may be a comparison hides a comment, a string or a bracket
    ("PREFIX : <a:> SELECT * { ?s ?p ?o FILTER(?o<1)SERVICE:x#>\n{ } }", 400, 1, 44),
    ("SELECT * { ?s ?p ?o FILTER(?o<'b>c')SERVICE<http://127.0.0.1/>{ }#'\n}", 400, 1, 30),
    ("SELECT * { ?s ?p ?o FILTER(?o<#>'''\n1)SERVICE<http://127.0.0.1/>{ }#'''\n}", 400, 1, 30),
    ("SELECT (1<" + "(" * 5000 + "> AS ?x) {}", 400, 1, 10),
    ("LOAD <http://127.0.0.1/data.ttl>", 403, 1, 1),
    ("PREFIX a: <a:>\n# LOAD\nload SILENT <file:///etc/passwd> INTO GRAPH <a:g>", 403, 3, 1),
    ("INSERT DATA { <a:s> <a:p> 1 }", 400, 1, 1),
    ("BASE <http://a/> DELETE WHERE { ?s ?p ?o }", 400, 1, 18),
    ("WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", 400, 1, 1),
    ("clear all", 400, 1, 1),
    ("DROP GRAPH <a:g>", 400, 1, 1),
    ("SELECT * " + "{" * 5000 + "}" * 5000, 400, 1, 10 + MAX_DEPTH),
    ("SELECT (" + "(" * 20_000 + "1" + ")" * 20_000 + " AS ?x) {}", 400, 1, 8 + MAX_DEPTH),
    ("SELECT * { ?s " + "(" * 20_000 + "<a:p>" + ")" * 20_000 + " ?o }", 400, 1, 15 + MAX_DEPTH - 1),
    ("SELECT * { ?s <a:p> " + "[ <a:p> " * 5000, 400, 1, 21 + 8 * (MAX_DEPTH - 1)),
    ("SELECT * { ?s ?p " + "<< " * 5000, 400, 1, 18 + 3 * (MAX_DEPTH - 1)),
    ("SELECT * { ?s ?p ?o FILTER(" + "!" * 5000 + "?o) }", 400, 1, 28 + MAX_DEPTH),
    ("SELECT * { ?s " + "^" * 5000 + "<a:p> ?o }", 400, 1, 15 + MAX_DEPTH),
    ("SELECT * { ?s ?p 'SERVICE } SERVICE", 400, 1, 18),
]


@pytest.mark.parametrize(("query", "status", "line", "column"), REFUSED)
def test_refused_with_its_place(query: str, status: int, line: int, column: int) -> None:
    with pytest.raises(Refused) as refused:
        check(query)
    assert (refused.value.status, refused.value.place) == (status, Place(line, column))
    assert str(Place(line, column)) in str(refused.value)


PASSED = [
    "SELECT * { ?s ?p 'SERVICE <x> {' }",
    'SELECT * { ?s ?p """a " SERVICE \' { \\"" """ }',
    "SELECT * { ?s ?p ?o } # SERVICE <x> {",
    "SELECT * { ?s <http://a/SERVICE#LOAD> ?service . ?s <http://a/(b)#c'd> $SERVICE }",
    "PREFIX service: <http://a/> SELECT * { ?s service:a ?o . GRAPH service:b { ?s ?p ?o } }",
    "PREFIX load: <http://a/> SELECT * { ?s load:INSERT ?o }",
    "PREFIX a: <http://a/> SELECT * { ?s a:x\\#y\\'z ?o ; a:insert 'x'@en }",
    "SELECT * { ?s ?p ?o FILTER(?s<?o && ?o>3 || ?o <3) }",
    "SELECT * { VALUES (?x ?y) { (<http://a/#b> <http://c/(d)>) } }",
    "SELECT * { ?s ?p ?o FILTER(?o IN (<http://a/#b>, <urn:x#(y)>)) }",
    "SELECT * { ?s ?p '''it's''' , \"a#b\" }",
    "SELECT * " + "{" * MAX_DEPTH + "}" * MAX_DEPTH,
    "SELECT * { " + "{ ?s ?p ?o } " * 5000 + "}",
    "SELECT * { VALUES ?x { " + "-1 " * 5000 + "} }",
    "not SPARQL at all \x00 \ud7ff",
    "",
]


@pytest.mark.parametrize("query", PASSED)
def test_let_through(query: str) -> None:
    check(query)


@pytest.mark.parametrize(
    "piece", ["1 ", "'a' ", "<http://a/> ", "{ ", '"""', "'\\'", "<", "a:b ", "#\n", "SERVICE", "<<"]
)
def test_a_mebibyte_is_looked_at_in_little_time(piece: str) -> None:
    began = time.process_time()
    with suppress(Refused):
        check("SELECT * { " + piece * (1_048_576 // len(piece)))
    assert time.process_time() - began < 5
