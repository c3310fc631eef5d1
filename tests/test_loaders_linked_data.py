"""Linked data: one graph in six syntaxes is the same records; what the alignments say is read, what is only like it is not; hostile graphs."""

import json
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders.linked_data.terms import terms
from loaders.reading import open_file
from loaders.table_reading import FileRefused
from ontology.model import BASE
from ontology.statement import ABOUT, Record, Reject, mention_id
from tests.said import items_of, records_of, rules_broken, said_of

PREFIXES = f"""@prefix org: <http://www.w3.org/ns/org#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix s: <https://schema.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix vivo: <http://vivoweb.org/ontology/core#> . @prefix kn: <{BASE}ontology#> . @prefix e: <https://vidu.example/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
ORGANISATION = """e:o1 a org:FormalOrganization , s:CollegeOrUniversity ; skos:prefLabel "Đại học Ví Dụ"@vi , "Example University"@en ;
  foaf:name "Example University"@en ; s:alternateName "EU"@en ; foaf:homepage <https://vidu.example> , <javascript:alert(1)> ;
  s:foundingDate "2012-05-09" ; org:subOrganizationOf e:o2 ; owl:sameAs <https://ror.org/02hpadn98> ; s:telephone "0200" ;
  s:identifier [ a s:PropertyValue ; s:propertyID "isni" ; s:value "0000 0003 9448 2436" ] .
e:o2 a foaf:Organization ; rdfs:label "Above" .
"""
ONE, ABOVE = "University Example University", "Organization Above"


def write(tmp_path: Path, content: str | bytes, prefixes: str = PREFIXES) -> Path:
    path = tmp_path / "graph"
    path.write_bytes(content if isinstance(content, bytes) else (prefixes + content).encode())
    return path


def read(tmp_path: Path, content: str) -> dict[str, Record]:
    return {record.key: record for record in records_of("rdf", write(tmp_path, content))}


def test_an_organisation(tmp_path: Path) -> None:
    records = read(tmp_path, ORGANISATION)
    assert said_of(records["https://vidu.example/o1"]) == {
        (ONE, "hasIdentifier", "iri/vidu.example https://vidu.example/o1"),
        (ONE, "name", "Example University@en"),
        (ONE, "name", "Đại học Ví Dụ@vi"),
        (ONE, "alternativeName", "EU@en"),
        (ONE, "homepage", "https://vidu.example"),
        (ONE, "founded", "2012"),
        (ONE, "unitOf", ABOVE),
        (ONE, "hasIdentifier", "ror 02hpadn98"),
        (ONE, "hasIdentifier", "isni 0000000394482436"),
        (ABOVE, "hasIdentifier", "iri/vidu.example https://vidu.example/o2"),
        (ABOVE, "name", "Above"),
    }
    assert said_of(records["https://vidu.example/o2"]) == {
        (ABOVE, "hasIdentifier", "iri/vidu.example https://vidu.example/o2"),
        (ABOVE, "name", "Above"),
    }
    assert records["https://vidu.example/o1"].statements[0].subject == mention_id(
        "test", "https://vidu.example/o1", ABOUT
    )


def test_what_is_said_conforms_to_the_shapes(tmp_path: Path) -> None:
    assert rules_broken(read(tmp_path, ORGANISATION).values()) == set()


SYNTAXES = [
    ox.RdfFormat.TURTLE,
    ox.RdfFormat.N_TRIPLES,
    ox.RdfFormat.N_QUADS,
    ox.RdfFormat.TRIG,
    ox.RdfFormat.RDF_XML,
    ox.RdfFormat.JSON_LD,
]


@pytest.mark.parametrize("syntax", SYNTAXES, ids=str)
def test_any_syntax_says_the_same(tmp_path: Path, syntax: ox.RdfFormat) -> None:
    content = ORGANISATION.replace(" , <javascript:alert(1)>", "")
    quads = sorted(ox.parse(input=(PREFIXES + content).encode(), format=ox.RdfFormat.TURTLE), key=str)
    triples = [quad.triple for quad in quads]
    named = [ox.Quad(*triple, ox.NamedNode("https://vidu.example/g")) for triple in triples]
    graphs = syntax in (ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG)
    raw = ox.serialize(named if graphs else triples, format=syntax)
    assert raw is not None
    found = {record.key: record.fingerprint() for record in records_of("rdf", write(tmp_path, raw))}
    assert found == {key: record.fingerprint() for key, record in read(tmp_path, content).items()}
    assert len(found) == 2


def test_memberships_of_org_and_positions_of_vivo(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        """e:m a org:Membership ; org:member e:p ; org:organization e:o .
        e:v a vivo:Position ; vivo:relates e:p , e:o , e:unknown .
        e:p a foaf:Person ; foaf:name "Ann" ; foaf:mbox <mailto:a@vidu.example> ; s:email "a@vidu.example" .
        e:o a foaf:Organization ; foaf:name "Body" .""",
    )
    ends = {
        ("Membership", "member", "Person Ann"),
        ("Membership", "organization", "Organization Body"),
        ("Person Ann", "name", "Ann"),
        ("Person Ann", "hasIdentifier", "iri/vidu.example https://vidu.example/p"),
        ("Organization Body", "name", "Body"),
        ("Organization Body", "hasIdentifier", "iri/vidu.example https://vidu.example/o"),
    }
    for key in ("m", "v"):
        own = ("Membership", "hasIdentifier", f"iri/vidu.example https://vidu.example/{key}")
        assert said_of(records[f"https://vidu.example/{key}"]) == ends | {own}
    # nothing of a person's addresses, for which no consent is on record
    assert said_of(records["https://vidu.example/p"]) == {s for s in ends if s[0] == "Person Ann"}


def test_a_plain_tie_between_person_and_body_is_a_membership(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        """<https://orcid.org/0000-0002-1825-0097> a s:Person ; s:name "Ann" ; s:worksFor [ a s:Organization ; s:name "Body" ] .""",
    )
    (record,) = records.values()
    assert said_of(record) == {
        ("Person Ann", "hasIdentifier", "orcid 0000-0002-1825-0097"),
        ("Person Ann", "name", "Ann"),
        ("Organization Body", "name", "Body"),
        ("Membership", "member", "Person Ann"),
        ("Membership", "organization", "Organization Body"),
    }


def test_our_own_terms(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        f"""e:t a kn:STTask ; kn:name "Việc"@vi ; kn:hostedBy e:o ; kn:approvedOn "2026-01-02"^^xsd:date ; kn:budget 5000000 ;
          kn:level <{BASE}scheme/task-level/1/city> ; kn:hasField <{BASE}scheme/ford/2015/no-such-code> .
        e:f a kn:Funding ; kn:task e:t ; kn:startDate "2026-01-02"^^xsd:date .
        e:o a kn:University .""",
    )
    host = "University"
    assert said_of(records["https://vidu.example/t"]) == {
        ("STTask Việc", "hasIdentifier", "iri/vidu.example https://vidu.example/t"),
        ("STTask Việc", "name", "Việc@vi"),
        ("STTask Việc", "hostedBy", host),
        (host, "hasIdentifier", "iri/vidu.example https://vidu.example/o"),
        ("STTask Việc", "approvedOn", "2026-01-02"),
        ("STTask Việc", "budget", "5000000"),
        ("STTask Việc", "level", "scheme/task-level/1/city"),
    }
    assert ("Funding", "validFrom", "2026-01-02") in said_of(records["https://vidu.example/f"])


def test_what_is_only_like_a_term_of_ours_is_not_read_as_it(tmp_path: Path) -> None:
    meant = terms().classes
    for iri in (
        "https://schema.org/Place",
        "https://schema.org/Offer",
        "https://schema.org/TradeAction",
        "http://www.w3.org/ns/prov#Entity",
    ):
        assert iri not in meant
    assert (
        meant["https://schema.org/Person"] == "Person" and meant["http://vivoweb.org/ontology/core#Project"] == "STTask"
    )
    with pytest.raises(FileRefused, match="describes nothing"):
        items_of("rdf", write(tmp_path, 'e:x a s:Place ; s:name "Café" .'))


def test_next_month_the_order_and_the_names_of_blank_nodes_are_others(tmp_path: Path) -> None:
    text = """e:p a s:Person ; s:name "Ann" ; s:worksFor _:{} , _:{} . _:{} a s:Organization ; s:name "One" . _:{} a s:Organization ; s:name "Two" ."""
    (before,) = read(tmp_path, text.format("a", "b", "a", "b")).values()
    (after,) = read(tmp_path, text.format("y", "x", "x", "y")).values()
    assert before.fingerprint() == after.fingerprint()
    assert len({s.subject for s in before.statements if s.property == "name"}) == 3


def test_blank_nodes_that_go_round_in_circles(tmp_path: Path) -> None:
    (record,) = read(
        tmp_path,
        "e:o a org:Organization ; org:subOrganizationOf _:a . _:a a org:Organization ; org:subOrganizationOf _:a .",
    ).values()
    assert len(record.statements) < 50


def test_refusals_one_by_one(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        f"""e:good a s:Organization ; s:name "A" . [] a s:Organization ; s:name "B" . <javascript:alert(1)> a s:Organization .
        e:bad a kn:STTask ; kn:approvedOn "31/02/2026" . <https://vidu.example/{"x" * 3000}> a s:Person . e:long a s:Person ; s:name "n" ;
        s:description "{"x" * 1_000_001}" .""",
    )
    items = items_of("rdf", path)
    assert [item.key for item in items if isinstance(item, Record)] == ["https://vidu.example/good"]
    rejects = sorted((item.field.rpartition("#")[2], item.row[:20]) for item in items if isinstance(item, Reject))
    assert rejects == [
        ("@id", "Organization"),
        ("@id", "https://vidu.example"),
        ("@id", "javascript:alert(1)"),
        ("approvedOn", "31/02/2026"),
        ("https://schema.org/description", "x" * 20),
    ]


def jsonld(context: object, **content: object) -> str:
    return json.dumps(
        {"@context": context, "@id": "https://vidu.example/o", "@type": "Organization", "name": "A", **content}
    )


@pytest.mark.parametrize(
    "context",
    [
        "https://schema.org",
        "http://schema.org/",
        {"@vocab": "http://schema.org/"},
        ["https://schema.org", {"x": "https://vidu.example/x"}],
        "https://w3id.org/ketnoi/ontology",
    ],
)
def test_contexts_that_are_bundled(tmp_path: Path, context: object) -> None:
    (record,) = records_of("rdf", write(tmp_path, jsonld(context).encode()))
    assert ("Organization A", "name", "A") in said_of(record)


@pytest.mark.parametrize(
    ("context", "content"),
    [
        ("http://127.0.0.1:9/context.jsonld", {}),
        ("file:///etc/passwd", {}),
        ("context.jsonld", {}),
        (["https://schema.org", "http://127.0.0.1:9/x"], {}),
        ({"@vocab": "https://schema.org/", "@import": "http://127.0.0.1:9/x"}, {}),
        (
            {
                "@vocab": "https://schema.org/",
                "member": {"@id": "https://schema.org/member", "@context": "http://127.0.0.1:9/x"},
            },
            {},
        ),
        ("https://schema.org", {"member": {"@context": "http://127.0.0.1:9/x", "name": "B"}}),
    ],
)
def test_other_contexts_are_refused_wherever_they_stand(
    tmp_path: Path, context: object, content: dict[str, object]
) -> None:
    with pytest.raises(FileRefused, match="context"):
        items_of("rdf", write(tmp_path, jsonld(context, **content).encode()))


def rdf_xml(inside: str, head: str = "") -> bytes:
    return f'{head}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="https://schema.org/">{inside}</rdf:RDF>'.encode()


HOSTILE = {
    "an entity bomb": rdf_xml("&b;", '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'),
    "an entity from a file": rdf_xml(
        "&a;", '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    ),
    "a document type elsewhere": rdf_xml("", '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/r.dtd">'),
    "depth in XML": rdf_xml("<s:a><s:b>" * 50_000),
    "depth in JSON": b'{"a":' * 100_000,
    "depth in JSON-LD": b'{"https://a.example/b":' * 200 + b"1" + b"}" * 200,
    "depth of braces": b"{" * 100_000,
    "a space in an IRI": b"<https://a.example/a b> a <https://schema.org/Person> .",
    "a relative IRI": b"<a> a <https://schema.org/Person> .",
    "another XML": b"<html/>",
    "no RDF": b"a,b,c\n1,2,3\n",
    "half a file": (PREFIXES + 'e:o a s:Person ; s:name "A').encode(),
    "bytes": b"\xff\xfe\x00\x01",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_files(tmp_path: Path, content: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(FileRefused):
        items_of("rdf", write(tmp_path, content))
    assert time.monotonic() - started < 5


def test_deep_turtle_ends(tmp_path: Path) -> None:
    depth = 20_000
    text = (
        "e:o a s:Organization ; s:parentOrganization "
        + "[ a s:Organization ; s:parentOrganization " * depth
        + "e:x"
        + "]" * depth
        + " ."
    )
    (record,) = read(tmp_path, text).values()
    assert len(record.statements) < 100


def test_hostile_texts_are_kept_word_for_word(tmp_path: Path) -> None:
    name = "Robby' WITH true MATCH (n) DETACH DELETE n // <img onerror=x> =1+1"
    (record,) = read(tmp_path, f'e:o a s:Organization ; s:name "{name}" .').values()
    assert [s.value for s in record.statements if s.property == "name"] == [name]


def test_the_source(tmp_path: Path) -> None:
    path = write(tmp_path, ORGANISATION)
    assert (open_file("rdf", path).source, open_file("rdf", path).one_issuer) == ("rdf/linked-data", False)
    assert open_file("rdf", path, "vivo.vidu.example").source == "vivo.vidu.example"
