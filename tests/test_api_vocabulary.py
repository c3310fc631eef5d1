"""The ontology's pages: a picture of the classes, a page and files for each term, and the list of a scheme's concepts."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, Graph

from api.catalogue import LANGUAGES, Words
from api.ontology_picture import class_diagram, ties
from api.presenting import scheme_tree
from graph.statements.home import Home
from graph.views.entity import Member
from ontology.model import KN, ontology
from tests.test_api_app import Unpublished, served

BROWSER = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
SUFFIXES = {".ttl": "text/turtle", ".jsonld": "application/ld+json", ".rdf": "application/rdf+xml"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Of an installation that has published nothing: these pages need no views."""
    with served(Home(tmp_path_factory.mktemp("home")), Unpublished()) as found:
        yield found


def parsed(content: bytes, media: str) -> Graph:
    """A document by an engine other than the one that wrote it."""
    text = ox.serialize(ox.parse(content, format=ox.RdfFormat.from_media_type(media)), format=ox.RdfFormat.N_TRIPLES)
    return Graph().parse(data=text, format="nt")


def terms() -> list[str]:
    return [*ontology().classes, *ontology().properties]


def test_every_term_has_a_page_in_both_languages(client: httpx.Client) -> None:
    for name in terms():
        for language in LANGUAGES:
            page = client.get(f"/ontology/{name}", params={"lang": language}, headers=BROWSER)
            assert page.status_code == 200, name
            text = page.text.replace("&#39;", "'").replace("&amp;", "&").replace("&#34;", '"')
            assert ontology().label(name, language) in text, name
            assert ontology().definition(name, language) in text, name
            assert str(KN[name]) in text


def test_links_between_terms_lead_to_terms(client: httpx.Client) -> None:
    known = set(terms())
    for path in ("/ontology", "/ontology/TechnologyTransfer", "/ontology/broker"):
        page = client.get(path, headers=BROWSER).text
        files = {"alignments.ttl", "shapes.ttl"}
        linked = set(re.findall(r'href="/ontology/([\w.]+)"', page))
        assert len(linked) > 4
        assert {name for name in linked if name.split(".")[0] not in known} <= files
        anchors = set(re.findall(r'href="#([A-Za-z]+)"', page)) - {"main"}
        assert anchors <= set(re.findall(r'id="(\w+)"', page))


@pytest.mark.parametrize("media", SUFFIXES.values())
def test_the_whole_in_three_forms_says_the_same(client: httpx.Client, media: str) -> None:
    answer = client.get("/ontology", headers={"accept": media})
    assert answer.headers["content-type"].split(";")[0] == media
    suffix = next(suffix for suffix, form in SUFFIXES.items() if form == media)
    assert client.get(f"/ontology{suffix}").content == answer.content
    found = parsed(answer.content, media)
    assert len(found) == len(ontology().graph)
    assert set(found.subjects(RDF.type, OWL.Class)) == {KN[name] for name in ontology().classes}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_term_is_dereferenced_to_what_is_said_of_it(client: httpx.Client, suffix: str) -> None:
    media = SUFFIXES[suffix]
    answer = client.get("/ontology/RightsHolding", headers={"accept": media})
    assert answer.content == client.get(f"/ontology/RightsHolding{suffix}").content
    found = parsed(answer.content, media)
    assert {str(label) for label in found.objects(KN.RightsHolding, RDFS.label)} == {"Rights holding", "Nắm giữ quyền"}
    assert len(list(found.objects(KN.RightsHolding, RDFS.comment))) == 2
    # the list of its key comes along
    assert (None, RDF.first, KN.fieldOfUse) in found
    assert {subject for subject in found.subjects() if str(subject).startswith(str(KN))} == {KN.RightsHolding}


def test_a_terms_alignments_come_along(client: httpx.Client) -> None:
    turtle = Graph().parse(data=client.get("/ontology/Concept.ttl").content, format="turtle")
    skos = "http://www.w3.org/2004/02/skos/core#Concept"
    assert [str(term) for term in turtle.objects(KN.Concept, OWL.equivalentClass)] == [skos]
    page = client.get("/ontology/Concept", headers=BROWSER).text
    assert f'href="{skos}"' in page
    assert "skos:Concept" in page


def test_what_there_is_not(client: httpx.Client) -> None:
    assert client.get("/ontology/NoSuchTerm", headers=BROWSER).status_code == 404
    assert client.get("/ontology/NoSuchTerm.ttl").status_code == 404
    assert client.get("/ontology/..%2Fmodel.py").status_code == 404
    assert client.get("/ontology/model.py").status_code == 404
    assert client.get("/ontology/ketnoi.ttl").status_code == 404
    assert client.get("/ontology/Technology", headers={"accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("name", ["alignments.ttl", "shapes.ttl"])
def test_files_beside_the_ontology(client: httpx.Client, name: str) -> None:
    answer = client.get(f"/ontology/{name}")
    assert answer.headers["content-type"].startswith("text/turtle")
    assert answer.content == (Path(__file__).parents[1] / "ontology" / name).read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_has_every_class_once_and_every_relation(language: str) -> None:
    words = Words(language)  # type: ignore[arg-type]
    root = ElementTree.fromstring(str(class_diagram(words)))
    boxes = list(root.iter("a"))
    assert Counter(link.attrib["href"] for link in boxes) == Counter(
        f"/ontology/{name}" for name in ontology().classes if name != "Entity"
    )
    assert {link.attrib["href"] for link in boxes if link.attrib["class"] == "event"} == {
        f"/ontology/{cls.name}" for cls in ontology().classes.values() if cls.event
    }
    titles = [title.text for title in root.iter("title")]
    assert len(titles) == len(ties()) > 40
    label = ontology().label
    assert f"{label('STTask', language)}: {label('hostedBy', language)} → {label('Organization', language)}" in titles
    # no box lies over another, and all lie inside
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    places = [tuple(float(rect.attrib[key]) for key in ("x", "y", "width", "height")) for rect in root.iter("rect")]
    for x, y, wide, high in places:
        assert 0 <= x <= x + wide <= width
        assert 0 <= y <= y + high <= height
    for at, (x, y, wide, high) in enumerate(places):
        for left, top, across, down in places[at + 1 :]:
            assert x + wide <= left or left + across <= x or y + high <= top or top + down <= y


def test_relations_are_of_one_class_or_required_of_it() -> None:
    found = {(tie.domain, tie.prop.name, tie.range) for tie in ties()}
    assert ("TechnologyTransfer", "transferor", "Organization") in found
    # said of any entity, and required of a participation
    assert ("TaskParticipation", "task", "STTask") in found
    assert not any("Entity" in (domain, range_) or range_ == "Concept" for domain, _, range_ in found)


def test_the_picture_needs_no_script_and_no_other_host(client: httpx.Client) -> None:
    page = client.get("/ontology", headers=BROWSER).text
    svg = page[page.index('<svg class="diagram"') : page.index("</svg>", page.index('<svg class="diagram"'))]
    assert "style=" not in svg
    assert "http" not in svg
    assert "<script" not in page


def test_a_scheme_is_a_tree() -> None:
    members = [
        Member("scheme/x/1/A", "A", "a", None),
        Member("scheme/x/1/A1", "A1", "a1", "scheme/x/1/A"),
        Member("scheme/x/1/B", "B", "b", None),
        Member("scheme/x/1/A11", "A11", "a11", "scheme/x/1/A1"),
        # broader than itself by way of another: left out, and no endless walk
        Member("scheme/x/1/C", "C", "c", "scheme/x/1/D"),
        Member("scheme/x/1/D", "D", "d", "scheme/x/1/C"),
    ]
    (a, b) = scheme_tree(members)
    assert (a.member.code, b.member.code) == ("A", "B")
    assert [branch.member.code for branch in a.below] == ["A1"]
    assert [branch.member.code for branch in a.below[0].below] == ["A11"]
    assert b.below == ()


@pytest.mark.neo4j
@pytest.mark.parametrize(
    ("scheme", "listed", "code"),
    [("vsic/2025", 22 + 87, "95"), ("ford/2015", 48, "2.11"), ("place/2024", 1 + 63 + 30, "005"), ("trl/1", 9, "9")],
)
def test_a_schemes_page_lists_its_concepts(sample_client: httpx.Client, scheme: str, listed: int, code: str) -> None:
    page = sample_client.get(f"/scheme/{scheme}", headers=BROWSER).text
    tree = page[page.index('<ul class="tree">') :]
    assert len(set(re.findall(rf'href="(/scheme/{scheme}/[^"]+)"', tree))) == listed
    assert f"<code>{code}</code>" in tree
    if scheme == "ford/2015":
        codes = re.findall(r"<code>([\d.]+)</code>", tree)
        assert codes.index("2.9") < codes.index("2.10") < codes.index("2.11") < codes.index("3")
